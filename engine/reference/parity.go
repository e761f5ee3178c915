package reference

import (
	"math/big"
	"slices"
)

// sums adds up values by name.
type sums map[string]*big.Int

func (s sums) add(name string, v *big.Int) {
	s[name] = new(big.Int).Add(s.of(name), v)
}

func (s sums) of(name string) *big.Int {
	if s[name] == nil {
		return new(big.Int)
	}
	return s[name]
}

// positions are the amounts of which parity is made, by collective.
type positions struct{ issued, claimed, appropriated, stock, progress, mops sums }

func (b *book) positions(cash *money) positions {
	p := positions{sums{}, sums{}, sums{}, sums{}, sums{}, sums{}}
	for _, coupons := range []map[*row]*big.Int{cash.coupons, cash.recorded} {
		for r, v := range coupons {
			p.issued.add(r.id("collective"), v)
		}
	}
	for r, v := range cash.claims {
		p.claimed.add(b.claimCollective(r), v)
	}
	for _, r := range b.rows["appropriations"] {
		p.appropriated.add(r.id("collective"), r.num("value"))
	}
	for _, s := range b.resources {
		if !s.common {
			p.stock.add(s.owner, b.remainingValue(s))
		}
	}
	for _, q := range b.production {
		if !q.ended && !q.row.flag("common") {
			p.progress.add(q.row.id("collective"), b.input(q))
		}
	}
	for _, m := range b.mops {
		if !m.row.flag("common") {
			p.mops.add(m.owner(b.until), b.account(m).remaining)
		}
	}
	return p
}

// by gathers what is counted by collective under other names.
func (s sums) by(names map[string]string) sums {
	t := sums{}
	for collective, v := range s {
		t.add(names[collective], v)
	}
	return t
}

func (b *book) parityTable(at positions) Table {
	tab := Table{Columns: []string{"subsystem", "issued", "unclaimed", "claimed", "appropriated", "unspent",
		"exclusive_stock", "work_in_progress", "mop_remaining", "difference"}}
	sub := b.subsystem
	issued, claimed, appropriated := at.issued.by(sub), at.claimed.by(sub), at.appropriated.by(sub)
	stock, progress, mops := at.stock.by(sub), at.progress.by(sub), at.mops.by(sub)
	for name := range b.members(sub) {
		unclaimed := new(big.Int).Sub(issued.of(name), claimed.of(name))
		unspent := new(big.Int).Sub(claimed.of(name), appropriated.of(name))
		difference := new(big.Int).Add(unclaimed, unspent)
		for _, s := range []sums{stock, progress, mops} {
			difference.Sub(difference, s.of(name))
		}
		tab.add(name, issued.of(name), unclaimed, claimed.of(name), appropriated.of(name), unspent, stock.of(name),
			progress.of(name), mops.of(name), difference)
	}
	return tab.sorted(1)
}

// settlementTable compares the subsystems at the start and the end of the period.
func (b *book) settlementTable(after int64, at positions) Table {
	tab := Table{Columns: []string{"before", "part", "unspent", "stock", "balance", "target", "move"}}
	for before, members := range b.members(b.components(after)) {
		part := map[string]string{} // of the collectives of this component; named after its smallest
		first := map[string]string{}
		var names []string
		for _, c := range members {
			if first[b.subsystem[c]] == "" {
				first[b.subsystem[c]] = c
				names = append(names, c)
			}
			part[c] = first[b.subsystem[c]]
		}
		if len(names) < 2 {
			continue
		}
		slices.SortFunc(names, compareIDs)
		b.settleParts(&tab, before, names, part, at)
	}
	return tab.sorted(2)
}

func (b *book) settleParts(tab *Table, before string, names []string, part map[string]string, at positions) {
	claimed, appropriated, stock := at.claimed.by(part), at.appropriated.by(part), at.stock.by(part)
	var unspent, balance, weights []*big.Int
	for _, name := range names {
		u := new(big.Int).Sub(claimed.of(name), appropriated.of(name))
		unspent = append(unspent, u)
		balance = append(balance, new(big.Int).Sub(u, stock.of(name)))
		weights = append(weights, stock.of(name))
	}
	if total(weights).Sign() == 0 {
		for i := range weights {
			weights[i] = big.NewInt(1)
		}
	}
	target := cascade(total(balance), weights, total(weights))
	for i, name := range names {
		move := new(big.Int).Sub(balance[i], target[i])
		tab.add(before, name, unspent[i], stock.of(name), balance[i], target[i], move)
	}
}
