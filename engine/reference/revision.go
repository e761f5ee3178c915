package reference

import (
	"math/big"
	"slices"
)

// revision is the final revision of one subsystem: §6.
type revision struct {
	subsystem       string
	a, c, w         *big.Int
	debtIn, debtOut *big.Int
	numerator       *big.Int // unreduced; over a
}

// rate is the reduced tax rate, nil if a is 0.
func (v *revision) rate() *big.Rat {
	if v.a.Sign() == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(v.numerator, v.a)
}

// revise computes the revisions of ]after, until] by subsystem.
func (b *book) revise(after int64, limit *big.Rat, debtIn map[string]*big.Int) map[string]*revision {
	all := map[string]*revision{}
	for _, name := range b.subsystem {
		if all[name] == nil {
			all[name] = &revision{subsystem: name, a: new(big.Int), c: new(big.Int), w: new(big.Int), debtIn: new(big.Int)}
		}
	}
	of := func(collective string) *revision { return all[b.subsystem[collective]] }
	for _, r := range b.rows["workloads"] {
		if r.at("time") > after {
			v := of(r.id("collective"))
			v.a.Add(v.a, r.num("minutes"))
			if r.flag("common") {
				v.c.Add(v.c, r.num("minutes"))
			}
		}
	}
	for _, r := range b.rows["mop_allocations"] {
		m, u := b.mops[r.id("mop")], b.uses[r]
		if r.flag("common") && r.flag("repurposed") && !m.row.flag("common") {
			v := of(b.production[r.id("production")].row.id("collective"))
			v.c.Add(v.c, m.theta(max(u.start, after), u.end))
		}
	}
	for _, r := range b.rows["write_offs"] {
		if r.at("time") > after && !b.leftOut[r] && !b.isCommon(r) {
			v := of(r.id("collective"))
			v.w.Add(v.w, b.writtenOff[r])
		}
	}
	for collective, debt := range debtIn {
		v := of(collective)
		v.debtIn.Add(v.debtIn, debt)
	}
	for _, v := range all {
		v.settle(limit)
	}
	return all
}

// isCommon says whether a write-off concerns a common resource or MoP.
func (b *book) isCommon(writeOff *row) bool {
	if writeOff.has("resource") {
		return b.resources[writeOff.id("resource")].common
	}
	return b.mops[writeOff.id("mop")].row.flag("common")
}

// settle decides what counts now and what is carried on as debt.
func (v *revision) settle(limit *big.Rat) {
	due := new(big.Int).Add(v.w, v.debtIn) // w'
	if v.a.Sign() == 0 {
		v.numerator = new(big.Int)
		v.debtOut = new(big.Int).Add(v.c, due)
		return
	}
	counts := due
	if limit != nil {
		counts = least(due, mulDiv(limit.Num(), v.a, limit.Denom()))
	}
	v.numerator = least(v.a, new(big.Int).Add(v.c, counts))
	v.debtOut = total([]*big.Int{v.c, due, new(big.Int).Neg(v.numerator)})
}

// recorded is a valid row of the table revisions.
type recorded struct {
	row          *row
	after, until int64
	members      map[string]bool // the collectives of its subsystem at its until
	n, m         *big.Int
}

// covers says whether a workload lies in the segment and the subsystem.
func (v *recorded) covers(workload *row) bool {
	t := workload.at("time")
	return v.after < t && t <= v.until && v.members[workload.id("collective")]
}

// overlaps says whether two segments share a moment and a collective.
func (v *recorded) overlaps(o *recorded) bool {
	if max(v.after, o.after) >= min(v.until, o.until) {
		return false
	}
	for c := range v.members {
		if o.members[c] {
			return true
		}
	}
	return false
}

// acceptRevisions finds the valid recorded revisions, by (until, id), and reports the others.
func (b *book) acceptRevisions(e Export, p Params) ([]*recorded, error) {
	var valid []*recorded
	rows := slices.Clone(b.rows["revisions"])
	slices.SortFunc(rows, byTime("until"))
	for _, r := range rows {
		v := &recorded{row: r, after: r.at("after"), until: r.at("until"), members: map[string]bool{},
			n: r.num("tax_numerator"), m: r.num("tax_denominator")}
		then := b.components(v.until)
		for c, name := range then {
			v.members[c] = name == then[r.id("subsystem")]
		}
		for c, in := range v.members {
			if !in {
				delete(v.members, c)
			}
		}
		bad := v.after >= v.until || v.m.Sign() <= 0 || v.n.CmpAbs(v.m) > 0
		if bad || slices.ContainsFunc(valid, v.overlaps) {
			b.report("bad-revision", r)
			continue
		}
		if p.CheckRevisions {
			same, err := v.recompute(e, p)
			if err != nil {
				return nil, err
			}
			if !same {
				b.report("revision-mismatch", r)
				continue
			}
		}
		valid = append(valid, v)
	}
	return valid, nil
}

// recompute says whether a batch as at the revision's until gives its rate.
func (v *recorded) recompute(e Export, p Params) (bool, error) {
	l, err := open(e, v.until)
	if err != nil {
		return false, err
	}
	b := derive(l)
	own := b.revise(v.after, p.WriteoffLimit, nil)[b.subsystem[v.row.id("subsystem")]]
	rate := own.rate()
	return rate != nil && rate.Cmp(new(big.Rat).SetFrac(v.n, v.m)) == 0, nil
}
