package reference

import (
	"fmt"
	"math/big"
	"slices"
)

// money holds coupons, claims and what was spent: §7.
type money struct {
	coupons  map[*row]*big.Int // of this period, by workload
	recorded map[*row]*big.Int // under valid recorded revisions, by workload
	claims   map[*row]*big.Int // worth of the valid claims
}

// share gives the coupons of workloads whose sum is a, of which v is paid out; floor uses the rate 1 − n/m = left/m instead.
func share(workloads []*row, v, left, m *big.Int, floor bool) ([]*big.Int, error) {
	var q []*big.Int
	for _, r := range workloads {
		q = append(q, r.num("minutes"))
	}
	parts := cascade(v, q, total(q))
	for i := range q {
		if floor {
			parts[i] = mulDiv(q[i], left, m)
		}
		if err := inRange(parts[i]); err != nil {
			return nil, fmt.Errorf("workloads, workload %s: its coupon: %w", workloads[i].key(), err)
		}
	}
	return parts, nil
}

// workloadsWhere lists, in canonical order, the workloads for which ok holds.
func (b *book) workloadsWhere(ok func(*row) bool) []*row {
	var rows []*row
	for _, r := range b.rows["workloads"] {
		if ok(r) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, byTime("time"))
	return rows
}

func (b *book) issue(revisions map[string]*revision, valid []*recorded, p Params) (*money, error) {
	cash := &money{coupons: map[*row]*big.Int{}, recorded: map[*row]*big.Int{}, claims: map[*row]*big.Int{}}
	floor := p.Rounding == "floor"
	for _, v := range revisions {
		if v.a.Sign() == 0 {
			continue
		}
		rows := b.workloadsWhere(func(r *row) bool {
			return r.at("time") > p.After && b.subsystem[r.id("collective")] == v.subsystem
		})
		left := new(big.Int).Sub(v.a, v.numerator)
		parts, err := share(rows, left, left, v.a, floor)
		if err != nil {
			return nil, err
		}
		for i, r := range rows {
			cash.coupons[r] = parts[i]
		}
	}
	for _, v := range valid {
		rows := b.workloadsWhere(v.covers)
		a := new(big.Int)
		for _, r := range rows {
			a.Add(a, r.num("minutes"))
		}
		left := new(big.Int).Sub(v.m, v.n)
		parts, err := share(rows, mulDiv(a, left, v.m), left, v.m, floor)
		if err != nil {
			return nil, err
		}
		for i, r := range rows {
			cash.recorded[r] = parts[i]
		}
	}
	b.claim(cash, valid)
	return cash, nil
}

// claim finds the valid claims and reports the others.
func (b *book) claim(cash *money, valid []*recorded) {
	workload := map[string]*row{}
	for _, r := range b.rows["workloads"] {
		workload[r.id("workload")] = r
	}
	claims := slices.Clone(b.rows["coupon_claims"])
	slices.SortFunc(claims, byTime("time"))
	taken := map[*row]bool{}
	for _, r := range claims {
		w := workload[r.id("workload")]
		good := slices.ContainsFunc(valid, func(v *recorded) bool {
			return v.row.id("revision") == r.id("revision") && v.covers(w)
		})
		if !good || w.id("wallet") != r.id("wallet") || taken[w] {
			b.report("bad-claim", r)
			continue
		}
		taken[w] = true // valid revisions do not overlap, so a workload has one at most
		cash.claims[r] = cash.recorded[w]
	}
}

// claimCollective is the collective of the workload that a claim names.
func (b *book) claimCollective(claim *row) string {
	for _, r := range b.rows["workloads"] {
		if r.id("workload") == claim.id("workload") {
			return r.id("collective")
		}
	}
	panic("reference: claim without workload")
}

// pair is what has a balance.
type pair struct{ wallet, subsystem string }

type wallet struct{ coupons, claimed, appropriated *big.Int }

func (b *book) wallets(cash *money) map[pair]*wallet {
	all := map[pair]*wallet{}
	of := func(w, collective string) *wallet {
		key := pair{w, b.subsystem[collective]}
		if all[key] == nil {
			all[key] = &wallet{new(big.Int), new(big.Int), new(big.Int)}
		}
		return all[key]
	}
	for _, r := range b.rows["workloads"] {
		w := of(r.id("wallet"), r.id("collective"))
		if coupon := cash.coupons[r]; coupon != nil {
			w.coupons.Add(w.coupons, coupon)
		}
	}
	for r, worth := range cash.claims {
		w := of(r.id("wallet"), b.claimCollective(r))
		w.claimed.Add(w.claimed, worth)
	}
	for _, r := range b.rows["appropriations"] {
		w := of(r.id("wallet"), r.id("collective"))
		w.appropriated.Add(w.appropriated, r.num("value"))
	}
	return all
}

// checkOverspend reports each appropriation after which a balance is below zero.
func (b *book) checkOverspend(cash *money) {
	rows := slices.Clone(b.rows["appropriations"])
	for r := range cash.claims {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(x, y *row) int {
		if x.at("time") != y.at("time") {
			return cmpInt(x.at("time"), y.at("time"))
		}
		if x.table != y.table {
			return x.table.rank - y.table.rank // claims stand before appropriations
		}
		return compareIDs(x.key(), y.key())
	})
	balance := map[pair]*big.Int{}
	for _, r := range rows {
		spends := r.table.name == "appropriations"
		collective := r.id("collective")
		if !spends {
			collective = b.claimCollective(r)
		}
		key := pair{r.id("wallet"), b.subsystem[collective]}
		if balance[key] == nil {
			balance[key] = new(big.Int)
		}
		if !spends {
			balance[key].Add(balance[key], cash.claims[r])
			continue
		}
		balance[key].Sub(balance[key], r.num("value"))
		if balance[key].Sign() < 0 {
			b.report("overspend", r)
		}
	}
}
