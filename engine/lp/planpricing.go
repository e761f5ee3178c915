package lp

import "math"

// pricing is the columns that a pivot looks at: those whose reduced cost is small beside what they make. The others would
// have to become much better first: once prices have changed by more than a tenth of that, a pivot looks at all columns,
// and the choice is made anew.
type pricing struct {
	cols  []int32
	part  subMatrix
	along []float64 // of the columns: a combination of rows
	all   bool      // for one pivot: all columns that have a part in pivots; then
	full  []float64 // holds the combination of every column
	y     []float64 // prices when the columns were chosen
	least float64   // smaller prices count as this
}

const (
	pricingMargin = 0.5  // share of what a technique makes, up to which its reduced cost is small
	pricingReach  = 0.3  // share of a price by which it may change
	pricingLeast  = 1e-3 // share of the mean price below which none is taken
)

// choose takes the columns that pivots look at; r.d is known for all.
func (r *reduced) choose(all bool) {
	w := &r.near
	w.cols, w.all = w.cols[:0], all
	for j, lo := range r.s.lo {
		if lo == r.s.hi[j] || r.follows(int32(j)) {
			continue
		}
		i := r.m.st.own[j]
		if all || i < 0 || math.Abs(r.d[j]) <= pricingMargin*math.Abs(r.m.ownScaled(int32(j))*r.y[i]) {
			w.cols = append(w.cols, int32(j))
		}
	}
	w.along = resize(w.along, len(w.cols))
	if all {
		return
	}
	w.part.takeColumns(r.s, w.cols, nil)
	w.y = append(w.y[:0], r.y...)
	w.least = pricingLeast * meanSize(w.y)
}

// reach reports whether prices change so little by a pivot, and by those since the columns were chosen, that the others
// keep the signs of their reduced costs.
func (r *reduced) reach(ratio float64) bool {
	w := &r.near
	for i, y := range w.y {
		if math.Abs(r.y[i]+ratio*r.u[i]-y) > pricingReach*max(math.Abs(y), w.least) {
			return false
		}
	}
	return true
}

// chooseAll makes the next pivot look at all columns; it takes the reduced costs of those that were not looked at.
func (r *reduced) chooseAll() {
	known := make([]bool, len(r.z))
	for _, j := range r.near.cols {
		known[j] = true
	}
	r.choose(true)
	r.alongNear(r.y)
	for k, j := range r.near.cols {
		if !known[j] {
			r.d[j] = r.fitted(j, r.s.c[j]-r.near.along[k])
		}
	}
}

// alongNear takes what a combination of rows is of the columns that pivots look at.
func (r *reduced) alongNear(u []float64) {
	w := &r.near
	if !w.all {
		r.s.each(w.part.cutAt, func(_, lo, hi int) { w.part.at.MulRows(w.along, u, lo, hi) })
		return
	}
	w.full = resize(w.full, len(r.z))
	r.s.mulAt(w.full, u)
	for k, j := range w.cols {
		w.along[k] = w.full[j]
	}
}
