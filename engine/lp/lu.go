package lp

import "math"

// luFactor is L U of a basis, found column by column: each is solved with the L so far, over the entries that its
// pattern reaches (Gilbert, Peierls, SIAM J. Sci. Stat. Comput. 9 (1988) 862), and takes its pivot among the rows still
// free. Exchanges of columns are kept as products (product form of the inverse).
type luFactor struct {
	m        int
	lPtr     []int64 // L by columns, unit diagonal left out, rows by their own number
	lRow     []int32
	lVal     []float64
	uPtr     []int64 // U by columns, diagonal apart, entries by step
	uStep    []int32
	uVal     []float64
	diag     []float64
	pivotRow []int32 // of a step
	slot     []int32 // of a step: the column's place in the basis
	step     []int32 // of a row, −1: free
	rowCount []int32 // entries of a row among the columns to come: sparse rows are preferred as pivots
	etas     []exchange
	work     float64 // operations so far
	least    float64 // size of a pivot relative to the largest entry it could have been

	x     []float64 // by row, zero between calls
	seen  []bool
	reach []int32 // steps reached, in the order of their postorder
	free  []int32 // free rows reached
	stack []luVisit
	h     []float64 // by step
}

// exchange replaces the column in a slot: alpha = B⁻¹ times the new column, by slot.
type exchange struct {
	slot  int32
	pivot float64
	at    []int32
	alpha []float64
}

type luVisit struct {
	step int32
	next int64
}

// Least sizes of pivots relative to the largest entry that they could have been: for sparsity, and for accuracy.
const (
	luSparse   = 0.1
	luAccurate = 0.9
)

func newLU(m int) *luFactor {
	return &luFactor{m: m, step: make([]int32, m), rowCount: make([]int32, m), x: make([]float64, m), seen: make([]bool, m), h: make([]float64, m)}
}

// begin forgets the factor.
func (f *luFactor) begin(least float64) {
	f.least = least
	f.lPtr, f.uPtr = append(f.lPtr[:0], 0), append(f.uPtr[:0], 0)
	f.lRow, f.lVal, f.uStep, f.uVal = f.lRow[:0], f.lVal[:0], f.uStep[:0], f.uVal[:0]
	f.diag, f.pivotRow, f.slot, f.etas = f.diag[:0], f.pivotRow[:0], f.slot[:0], f.etas[:0]
	for i := range f.step {
		f.step[i], f.rowCount[i] = -1, 0
	}
}

// add takes a column into the factor, with the pivot in row want where that is large enough (−1: no wish). It reports
// false, and leaves the column out, when what is left of it is below least times its largest entry.
func (f *luFactor) add(rows []int32, vals []float64, slot, want int32, least float64) bool {
	size := 0.0
	f.reach, f.free = f.reach[:0], f.free[:0]
	for k, i := range rows {
		size = max(size, math.Abs(vals[k]))
		f.visit(i)
	}
	for k, i := range rows {
		f.x[i] = vals[k]
	}
	for k := len(f.reach) - 1; k >= 0; k-- {
		t := f.reach[k]
		if v := f.x[f.pivotRow[t]]; v != 0 {
			f.eliminate(t, v, f.x)
		}
	}
	pivot := f.choose(want)
	taken := pivot >= 0 && math.Abs(f.x[pivot]) > least*size
	if taken {
		f.keep(pivot, slot)
	}
	for _, t := range f.reach {
		f.x[f.pivotRow[t]], f.seen[f.pivotRow[t]] = 0, false
	}
	for _, i := range f.free {
		f.x[i], f.seen[i] = 0, false
	}
	return taken
}

// eliminate subtracts v times column t of L from x.
func (f *luFactor) eliminate(t int32, v float64, x []float64) {
	lo, hi := f.lPtr[t], f.lPtr[t+1]
	vals := f.lVal[lo:hi]
	for k, i := range f.lRow[lo:hi] {
		x[i] -= float64(vals[k] * v)
	}
	f.work += float64(hi - lo)
}

// visit lists all that a nonzero in row i leads to, in postorder.
func (f *luFactor) visit(i int32) {
	if f.seen[i] {
		return
	}
	f.seen[i] = true
	if f.step[i] < 0 {
		f.free = append(f.free, i)
		return
	}
	f.stack = append(f.stack[:0], luVisit{f.step[i], f.lPtr[f.step[i]]})
	for len(f.stack) > 0 {
		top := &f.stack[len(f.stack)-1]
		if top.next == f.lPtr[top.step+1] {
			f.reach = append(f.reach, top.step)
			f.stack = f.stack[:len(f.stack)-1]
			continue
		}
		r := f.lRow[top.next]
		top.next++
		if f.seen[r] {
			continue
		}
		f.seen[r] = true
		if t := f.step[r]; t >= 0 {
			f.stack = append(f.stack, luVisit{t, f.lPtr[t]})
		} else {
			f.free = append(f.free, r)
		}
	}
}

// choose gives the pivot row: the wanted one, or else the sparsest of those that are large enough, −1: none.
func (f *luFactor) choose(want int32) int32 {
	largest := 0.0
	for _, i := range f.free {
		largest = max(largest, math.Abs(f.x[i]))
	}
	if largest == 0 {
		return -1
	}
	if want >= 0 && f.step[want] < 0 && math.Abs(f.x[want]) >= f.least*f.least*largest {
		return want
	}
	best := int32(-1)
	for _, i := range f.free {
		v := math.Abs(f.x[i])
		if v < f.least*largest {
			continue
		}
		if best < 0 || f.rowCount[i] < f.rowCount[best] ||
			(f.rowCount[i] == f.rowCount[best] && (v > math.Abs(f.x[best]) || (v == math.Abs(f.x[best]) && i < best))) {
			best = i
		}
	}
	return best
}

// keep stores the column in x as the next step.
func (f *luFactor) keep(pivot, slot int32) {
	t := int32(len(f.diag))
	for _, s := range f.reach {
		if v := f.x[f.pivotRow[s]]; v != 0 {
			f.uStep, f.uVal = append(f.uStep, s), append(f.uVal, v)
		}
	}
	d := f.x[pivot]
	for _, i := range f.free {
		if v := f.x[i]; v != 0 && i != pivot {
			f.lRow, f.lVal = append(f.lRow, i), append(f.lVal, v/d)
		}
	}
	f.lPtr, f.uPtr = append(f.lPtr, int64(len(f.lRow))), append(f.uPtr, int64(len(f.uStep)))
	f.diag, f.pivotRow, f.slot = append(f.diag, d), append(f.pivotRow, pivot), append(f.slot, slot)
	f.step[pivot] = t
}

// ftran solves B w = r: r by row on entry and used up, w by slot.
func (f *luFactor) ftran(r, w []float64) {
	for t, i := range f.pivotRow {
		if v := r[i]; v != 0 {
			f.eliminate(int32(t), v, r)
		}
	}
	for t := len(f.diag) - 1; t >= 0; t-- {
		v := r[f.pivotRow[t]]
		if v != 0 {
			v /= f.diag[t]
			lo, hi := f.uPtr[t], f.uPtr[t+1]
			vals := f.uVal[lo:hi]
			for k, s := range f.uStep[lo:hi] {
				r[f.pivotRow[s]] -= float64(vals[k] * v)
			}
			f.work += float64(hi - lo)
		}
		w[f.slot[t]] = v
	}
	for k := range f.etas {
		e := &f.etas[k]
		v := w[e.slot]
		if v == 0 {
			continue
		}
		v /= e.pivot
		for q, s := range e.at {
			w[s] -= float64(e.alpha[q] * v)
		}
		w[e.slot] = v
		f.work += float64(len(e.at))
	}
	f.work += 2 * float64(f.m)
}

// btran solves Bᵀ y = g: g by slot on entry and used up, y by row.
func (f *luFactor) btran(g, y []float64) {
	for k := len(f.etas) - 1; k >= 0; k-- {
		e := &f.etas[k]
		v := g[e.slot]
		for q, s := range e.at {
			v -= float64(e.alpha[q] * g[s])
		}
		g[e.slot] = v / e.pivot
		f.work += float64(len(e.at))
	}
	for t := range f.diag {
		v := g[f.slot[t]]
		lo, hi := f.uPtr[t], f.uPtr[t+1]
		vals := f.uVal[lo:hi]
		for k, s := range f.uStep[lo:hi] {
			v -= float64(vals[k] * f.h[s])
		}
		f.h[t] = v / f.diag[t]
	}
	for t := len(f.diag) - 1; t >= 0; t-- {
		v := f.h[t]
		lo, hi := f.lPtr[t], f.lPtr[t+1]
		vals := f.lVal[lo:hi]
		for k, i := range f.lRow[lo:hi] {
			v -= float64(vals[k] * y[i])
		}
		y[f.pivotRow[t]] = v
	}
	f.work += float64(len(f.uVal) + len(f.lVal) + 2*f.m)
}

// exchange replaces the column in a slot by the one with B⁻¹a = alpha.
func (f *luFactor) exchange(slot int32, alpha []float64) {
	e := exchange{slot: slot, pivot: alpha[slot]}
	for s, v := range alpha {
		if v != 0 && int32(s) != slot {
			e.at, e.alpha = append(e.at, int32(s)), append(e.alpha, v)
		}
	}
	f.etas = append(f.etas, e)
}
