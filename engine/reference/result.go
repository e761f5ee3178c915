package reference

import (
	"math/big"
	"slices"
	"strconv"
)

// Table is one result table; its cells are texts as a CSV result prints them, "" for null.
type Table struct {
	Columns []string
	Rows    [][]string
}

// add appends a row: texts as they are, numbers in millionths with six places, nil as null.
func (t *Table) add(cells ...any) {
	var out []string
	for _, c := range cells {
		switch v := c.(type) {
		case string:
			out = append(out, v)
		case *big.Int:
			if v == nil {
				out = append(out, "")
				continue
			}
			out = append(out, fixedDecimal(v))
		default:
			panic("reference: a cell is neither text nor number")
		}
	}
	t.Rows = append(t.Rows, out)
}

// sorted puts the rows in canonical order by their first n columns, which are ids.
func (t Table) sorted(n int) Table {
	slices.SortFunc(t.Rows, func(a, b []string) int {
		for i := range n {
			if c := compareIDs(a[i], b[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	return t
}

func (b *book) elementTable() Table {
	tab := Table{Columns: []string{"element", "value", "durability", "aggregate_value", "subelements"}}
	for _, e := range b.elements {
		durability, below := "", ""
		if e.durability != nil {
			durability = e.durability.String()
		}
		if !e.circular {
			below = strconv.Itoa(len(e.below))
		}
		tab.add(e.id, e.value, durability, e.aggregate, below)
	}
	return tab.sorted(1)
}

func (b *book) transferTable() Table {
	tab := Table{Columns: []string{"allocation", "production", "mop", "value"}}
	for r, u := range b.uses {
		tab.add(r.id("allocation"), r.id("production"), r.id("mop"), u.value)
	}
	return tab.sorted(3)
}

func (b *book) productionTable() Table {
	tab := Table{Columns: []string{"production", "workloads", "consumed", "transferred", "value", "declared", "difference",
		"unassigned"}}
	for _, p := range b.production {
		declared, _ := p.declared()
		unassigned := b.input(p)
		if len(p.outputs) > 0 && !p.circular && b.weights(p) != nil {
			unassigned = new(big.Int)
		}
		tab.add(p.id, b.work(p), b.consumed(p), b.transferred(p), b.input(p), declared, b.difference(p), unassigned)
	}
	return tab.sorted(1)
}

func (b *book) resourceTable() Table {
	tab := Table{Columns: []string{"resource", "product_type", "collective", "amount", "value", "remaining_amount",
		"remaining_value"}}
	for _, s := range b.resources {
		value, remaining := b.value(s), b.remainingValue(s)
		if b.unvalued(s) {
			value, remaining = nil, nil
		}
		tab.add(s.id, s.product, s.owner, s.amount, value, s.remainingAmount(), remaining)
	}
	return tab.sorted(1)
}

func (b *book) mopTable() Table {
	tab := Table{Columns: []string{"mop", "element", "value", "transferred", "written_off", "remaining"}}
	for _, m := range b.mops {
		a := b.account(m)
		tab.add(m.id, m.element.id, a.value, a.transferred, a.writtenOff, a.remaining)
	}
	return tab.sorted(1)
}

// averageTable gives the socially necessary averages: §4.
func (b *book) averageTable() Table {
	tab := Table{Columns: []string{"subsystem", "product_type", "total_value", "total_amount", "average"}}
	type good struct{ subsystem, product string }
	value, amount := map[good]*big.Int{}, map[good]*big.Int{}
	for _, s := range b.resources {
		if b.kind[s.owner] != "c2i" || b.unvalued(s) {
			continue
		}
		g := good{b.subsystem[s.owner], s.product}
		if value[g] == nil {
			value[g], amount[g] = new(big.Int), new(big.Int)
		}
		value[g].Add(value[g], b.remainingValue(s))
		amount[g].Add(amount[g], s.remainingAmount())
	}
	for g, v := range value {
		if amount[g].Sign() > 0 {
			tab.add(g.subsystem, g.product, v, amount[g], quotient(v, amount[g]))
		}
	}
	return tab.sorted(2)
}

// quotient is v/a in millionths, half to even, for v ≥ 0 and a > 0.
func quotient(v, a *big.Int) *big.Int {
	q, rest := new(big.Int).DivMod(new(big.Int).Mul(v, big.NewInt(1e6)), a, new(big.Int))
	switch rest.Lsh(rest, 1).Cmp(a) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		q.Add(q, new(big.Int).And(q, big.NewInt(1)))
	}
	return q
}

func (b *book) revisionTable(revisions map[string]*revision, p Params) Table {
	tab := Table{Columns: []string{"subsystem", "after", "until", "a", "c", "w", "debt_in", "debt_out", "tax_numerator",
		"tax_denominator", "tax_rate"}}
	after, until := timeText(big.NewInt(p.After)), timeText(big.NewInt(p.Until))
	for _, v := range revisions {
		n, m, rate := "", "", ""
		if exact := v.rate(); exact != nil {
			n, m = exact.Num().String(), exact.Denom().String()
			nearest, _ := exact.Float64()
			rate = strconv.FormatFloat(nearest, 'g', -1, 64)
		}
		tab.add(v.subsystem, after, until, v.a, v.c, v.w, v.debtIn, v.debtOut, n, m, rate)
	}
	return tab.sorted(1)
}

func (b *book) couponTable(cash *money) Table {
	tab := Table{Columns: []string{"workload", "wallet", "subsystem", "minutes", "coupon"}}
	for r, coupon := range cash.coupons {
		tab.add(r.id("workload"), r.id("wallet"), b.subsystem[r.id("collective")], r.num("minutes"), coupon)
	}
	return tab.sorted(3)
}

func (b *book) walletTable(cash *money) Table {
	tab := Table{Columns: []string{"wallet", "subsystem", "coupons", "claimed", "appropriated", "balance"}}
	for key, w := range b.wallets(cash) {
		balance := new(big.Int).Sub(w.claimed, w.appropriated)
		tab.add(key.wallet, key.subsystem, w.coupons, w.claimed, w.appropriated, balance)
	}
	return tab.sorted(2)
}

func (b *book) subsystemTable() Table {
	tab := Table{Columns: []string{"collective", "subsystem"}}
	for collective, subsystem := range b.subsystem {
		tab.add(collective, subsystem)
	}
	return tab.sorted(2)
}
