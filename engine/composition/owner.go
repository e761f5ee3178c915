package composition

import (
	"cmp"
	"slices"
	"sort"

	"planwerk/engine/ledger"
	"planwerk/engine/spill"
)

// Owners knows who owns each MoP when: the receiver of its last transfer with time ≤ t by (time, id), before that the
// collective that commissioned it.
type Owners struct {
	l     *ledger.Ledger
	first []int32 // first[m]:first[m+1] are the transfers of MoP m …
	row   []int32 // … by (time, id)
}

// NewOwners sorts the MoP transfers.
func NewOwners(l *ledger.Ledger) *Owners {
	o := &Owners{l: l}
	x := &l.MoPTransfers
	o.first, o.row = group(l.Space, x.MoP[:x.N], l.MoPs.N)
	for m := range l.MoPs.N {
		sortByTime(o.row[o.first[m]:o.first[m+1]], x.Time)
	}
	return o
}

// At is the owner of a MoP at time t.
func (o *Owners) At(mop int32, t int64) int32 {
	x := &o.l.MoPTransfers
	rows := o.row[o.first[mop]:o.first[mop+1]]
	n := sort.Search(len(rows), func(i int) bool { return x.Time[rows[i]] > t })
	if n == 0 {
		return o.l.MoPs.Collective[mop]
	}
	return x.To[rows[n-1]]
}

// walk follows the owners of one MoP through times that do not go back.
func (o *Owners) walk(mop int32) ownerWalk {
	return ownerWalk{transfers: &o.l.MoPTransfers, rows: o.row[o.first[mop]:o.first[mop+1]], owner: o.l.MoPs.Collective[mop]}
}

type ownerWalk struct {
	transfers *ledger.MoPTransfers
	rows      []int32 // still to come
	owner     int32
}

func (w *ownerWalk) at(t int64) int32 {
	for len(w.rows) > 0 && w.transfers.Time[w.rows[0]] <= t {
		w.owner, w.rows = w.transfers.To[w.rows[0]], w.rows[1:]
	}
	return w.owner
}

// AtEnd gives the owner of each MoP at k2.
func (o *Owners) AtEnd() []int32 {
	out := make([]int32, o.l.MoPs.N)
	for m := range out {
		out[m] = o.At(int32(m), o.l.Until)
	}
	return out
}

// check lists MoP transfers by another than the owner before them, in the order of rows.
func (o *Owners) check() []ledger.Violation {
	var out []ledger.Violation
	for m, owner := range o.l.MoPs.Collective {
		for _, row := range o.row[o.first[m]:o.first[m+1]] {
			if o.l.MoPTransfers.From[row] != owner {
				out = append(out, ledger.Violation{Rule: "not-owner", Table: ledger.TMoPTransfers, Row: row})
			}
			owner = o.l.MoPTransfers.To[row]
		}
	}
	sortViolations(out)
	return out
}

// group lists the rows of each key 0 … keys−1, ascending: those of key k are row[first[k]:first[k+1]].
func group(space *spill.Space, key []int32, keys int) (first, row []int32) {
	first, row = spill.Make[int32](space, keys+1), spill.Make[int32](space, len(key))
	for _, k := range key {
		first[k+1]++
	}
	for k := range keys {
		first[k+1] += first[k]
	}
	for i, k := range key {
		row[first[k]] = int32(i)
		first[k]++
	}
	copy(first[1:], first[:keys])
	first[0] = 0
	return first, row
}

// sortByTime sorts ascending rows by (time, row); mostly they are in order already.
func sortByTime(rows []int32, time []int64) {
	for i := 1; i < len(rows); i++ {
		if time[rows[i]] < time[rows[i-1]] {
			slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(time[a], time[b]) })
			return
		}
	}
}

// sortViolations sorts by (table, row, rule), so that the list does not depend on how the work was cut.
func sortViolations(v []ledger.Violation) {
	slices.SortFunc(v, func(a, b ledger.Violation) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Rule, b.Rule))
	})
}
