package composition

import (
	"context"
	"math"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Usage is what MoPs gave, and where they stand at k2. Values in µmin.
type Usage struct {
	// Per allocation.
	Theta       []kernels.Int128 // θ between the ages at its effective start and end, 0 where the end is not later
	ThetaPeriod []kernels.Int128 // the same from max(effective start, k1) on, for the tax

	// Per MoP.
	Profiles    []*Profile       // nil where a durability in it is null
	WriteOff    []int32          // its first write-off, −1 for none
	Transferred []kernels.Int128 // T at k2 or at its write-off; 0 without a profile
	Remaining   []kernels.Int128 // v* − Transferred; 0 once written off or without a profile
	OwnerAtEnd  []int32          // the collective that owns it at k2

	// Per write-off. A row that names none or both of resource and MoP is neither First nor Double.
	First       []bool           // it ends its MoP
	Double      []bool           // its MoP has ended before
	RemainingAt []kernels.Int128 // of a First: v* − T(age), NullInt128 without a profile; else 0
	OverAt      []kernels.Int128 // of a First: what the MoP gave beyond its estimate; else 0

	Owners *Owners
}

// Use finds the effective spans of all allocations, what they transferred, and the state of all MoPs. productionEnd is
// each production's end in µs, NullInt while it is open. The violations are no-durability and mop-overlap, and
// not-owner of allocations, MoP transfers and write-offs of MoPs.
func Use(ctx context.Context, l *ledger.Ledger, v *Values, productionEnd []int64, threads int) (*Usage, []ledger.Violation, error) {
	profiles, err := v.profiles(ctx, l, threads)
	if err != nil {
		return nil, nil, err
	}
	n := l.MoPAllocations.N
	u := &Usage{Theta: spill.Make[kernels.Int128](l.Space, n), ThetaPeriod: spill.Make[kernels.Int128](l.Space, n), Profiles: profiles, Owners: NewOwners(l)}
	u.OwnerAtEnd = u.Owners.AtEnd()
	u.sortWriteOffs(l)
	violations := append(u.Owners.check(), u.account(l)...)
	user := &user{Usage: u, l: l, productionEnd: productionEnd}
	found, err := user.allocations(ctx, threads)
	if err != nil {
		return nil, nil, err
	}
	sortViolations(found)
	return u, append(violations, found...), nil
}

// age is the whole minutes from commissioning to t, 0 before.
func age(commissioned, t int64) int64 {
	if t <= commissioned {
		return 0
	}
	return int64((uint64(t) - uint64(commissioned)) / 60_000_000)
}

// sortWriteOffs finds each MoP's first write-off by (time, id).
func (u *Usage) sortWriteOffs(l *ledger.Ledger) {
	x := &l.WriteOffs
	u.First, u.Double, u.WriteOff = make([]bool, x.N), make([]bool, x.N), make([]int32, l.MoPs.N)
	for m := range u.WriteOff {
		u.WriteOff[m] = -1
	}
	for i := range x.N {
		if x.MoP[i] < 0 || x.Resource[i] >= 0 {
			continue
		}
		first := &u.WriteOff[x.MoP[i]]
		if *first >= 0 && x.Time[*first] <= x.Time[i] {
			u.Double[i] = true
			continue
		}
		if *first >= 0 {
			u.Double[*first] = true
		}
		*first = int32(i)
	}
	for _, row := range u.WriteOff {
		if row >= 0 {
			u.First[row] = true
		}
	}
}

// account fills the columns per MoP and per write-off.
func (u *Usage) account(l *ledger.Ledger) []ledger.Violation {
	x := &l.WriteOffs
	u.Transferred, u.Remaining = make([]kernels.Int128, l.MoPs.N), make([]kernels.Int128, l.MoPs.N)
	u.RemainingAt, u.OverAt = make([]kernels.Int128, x.N), make([]kernels.Int128, x.N)
	var violations []ledger.Violation
	violate := func(rule string, row int32) {
		violations = append(violations, ledger.Violation{Rule: rule, Table: ledger.TWriteOffs, Row: row})
	}
	for m, p := range u.Profiles {
		row := u.WriteOff[m]
		if row < 0 {
			if p != nil {
				k := age(l.MoPs.Commissioned[m], l.Until)
				u.Transferred[m], u.Remaining[m] = p.Transferred(k), p.Remaining(k)
			}
			continue
		}
		if x.Collective[row] != u.Owners.At(int32(m), x.Time[row]) {
			violate("not-owner", row)
		}
		if p == nil {
			u.RemainingAt[row] = kernels.NullInt128
			violate("no-durability", row)
			continue
		}
		k := age(l.MoPs.Commissioned[m], x.Time[row])
		u.Transferred[m], u.RemainingAt[row], u.OverAt[row] = p.Transferred(k), p.Remaining(k), p.Over(k)
	}
	sortViolations(violations)
	return violations
}

// user works through allocations, MoP after MoP.
type user struct {
	*Usage
	l             *ledger.Ledger
	productionEnd []int64
	first, rows   []int32 // allocations by MoP, then (start, id)
}

// grain is the number of allocations in a piece of work.
const grain = 1 << 14

func (u *user) allocations(ctx context.Context, threads int) ([]ledger.Violation, error) {
	x := &u.l.MoPAllocations
	scratch := u.l.Space.Sub()
	defer scratch.Close()
	u.first, u.rows = group(scratch, x.MoP[:x.N], u.l.MoPs.N)
	prefix := make([]int64, len(u.first))
	for m := range prefix {
		prefix[m] = int64(u.first[m]) + int64(m)
	}
	ranges := shard.Weighted(prefix, shard.Pieces(x.N, grain))
	return shard.Concat(ctx, threads, len(ranges), func(piece int) ([]ledger.Violation, error) {
		var found []ledger.Violation
		t := &transferrer{}
		for m := ranges[piece][0]; m < ranges[piece][1]; m++ {
			if u.first[m] < u.first[m+1] {
				found = u.mop(int32(m), t, found)
			}
		}
		return found, nil
	})
}

// mop takes the allocations of one MoP by (start, id): a later one begins where the earlier ones ended.
func (u *user) mop(m int32, t *transferrer, found []ledger.Violation) []ledger.Violation {
	x := &u.l.MoPAllocations
	rows := u.rows[u.first[m]:u.first[m+1]]
	sortByTime(rows, x.Start)
	profile := u.Profiles[m]
	t.begin(u.l.MoPs.Commissioned[m])
	last := u.l.Until
	if w := u.WriteOff[m]; w >= 0 {
		last = min(last, u.l.WriteOffs.Time[w])
	}
	owner := u.Owners.walk(m)
	busy := int64(math.MinInt64) // until here the MoP is used already
	for _, row := range rows {
		start, end, production := x.Start[row], last, x.Production[row]
		if e := x.End[row]; e != ledger.NullInt {
			end = min(end, e)
		}
		if e := u.productionEnd[production]; e != ledger.NullInt {
			end = min(end, e)
		}
		if owner.at(start) != u.l.Productions.Collective[production] {
			found = append(found, misused("not-owner", row))
		}
		if profile == nil {
			found = append(found, misused("no-durability", row))
		}
		if start < busy {
			if end > start {
				found = append(found, misused("mop-overlap", row))
			}
			start = busy
		}
		if end <= start {
			continue
		}
		busy = end
		if profile != nil {
			t.take(row, start, end, u.l.After)
		}
	}
	t.finish(profile, u.Theta, u.ThetaPeriod)
	return found
}

func misused(rule string, row int32) ledger.Violation {
	return ledger.Violation{Rule: rule, Table: ledger.TMoPAllocations, Row: row}
}

// transferrer takes θ of one MoP after the other, over spans that follow one another: first all ages at which one begins
// or ends, then what was given by then. Its memory is kept from MoP to MoP.
type transferrer struct {
	commissioned int64
	spans        []span
	ages         []int64 // in minutes; one that is asked for twice running is there once
	given        []kernels.Int128
}

// span is what one allocation takes: the places in ages of its start, of the start of its part in the period, and of its end.
type span struct{ row, from, since, upto int32 }

func (t *transferrer) begin(commissioned int64) {
	t.commissioned, t.spans, t.ages = commissioned, t.spans[:0], t.ages[:0]
}

func (t *transferrer) at(time int64) int32 {
	k, last := age(t.commissioned, time), len(t.ages)-1
	if last < 0 || t.ages[last] != k {
		t.ages = append(t.ages, k)
		last++
	}
	return int32(last)
}

// take notes the span of a row from start to end, and from max(start, after) on.
func (t *transferrer) take(row int32, start, end, after int64) {
	s := span{row: row, from: t.at(start)}
	s.since = s.from
	if after > start {
		s.since = t.at(min(after, end))
	}
	s.upto = t.at(end)
	t.spans = append(t.spans, s)
}

// finish sets θ of the rows that were taken, over all of their spans and over what lies in the period.
func (t *transferrer) finish(p *Profile, theta, period []kernels.Int128) {
	if len(t.spans) == 0 {
		return
	}
	t.given = slices.Grow(t.given[:0], len(t.ages))[:len(t.ages)]
	p.given.Each(t.given, t.ages)
	for _, s := range t.spans {
		upto := t.given[s.upto]
		theta[s.row], period[s.row] = upto.Sub(t.given[s.from]), upto.Sub(t.given[s.since])
	}
}
