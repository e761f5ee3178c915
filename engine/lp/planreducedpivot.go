package lp

import (
	"math"

	"planwerk/kernels"
)

// step brings the basic levels that are known to leave their bounds back by dual pivots: the reduced costs of all
// techniques keep the sign that fits their bound, so the prices' value grows with each.
func (r *reduced) step() bool {
	b, n := r.small, int32(len(r.z))
	missing := make([]float64, len(r.w))
	for i, st := range r.state {
		if st != rowSlack {
			missing[i] = r.w[i] - r.az[i]
		}
	}
	b.takeLevels(missing)
	r.fitCosts()
	pivots, failed := 0, 0
	clear(r.barred)
	for most := pivotsAtOnce + b.rows()/4; pivots < most && r.m.stopped() == ""; pivots++ {
		place, toward := r.leaving()
		if place < 0 {
			break
		}
		if !r.pivot(place, toward) {
			r.barred[int32(-1-place)] = true // it stays beyond its bound until the next exact evaluation
			failed++
		}
	}
	r.m.run.log.note("    %d pivots, costs shifted by %.1e", pivots, r.shift)
	for place, k := range b.basic {
		if k < 0 {
			continue
		}
		if v := b.vars[k]; v >= n {
			r.w[v-n] += b.level[place]
		} else {
			r.z[v] += b.level[place]
		}
	}
	return failed < pivots || pivots == 0
}

const (
	pivotTries = 8   // variables tried for a leaving one
	pivotTrust = 0.5 // by how much the two ways to an entry may differ
)

// pivotsAtOnce and a quarter of the basis's rows are made between two exact evaluations.
const pivotsAtOnce = 50

// fitCosts moves the ghosts' prices so that basic variables neither gain nor lose, and shifts what other reduced costs
// have of the wrong sign.
func (r *reduced) fitCosts() {
	b, n := r.small, int32(len(r.z))
	price := make([]float64, b.rows())
	for place, k := range b.basic {
		if k >= 0 {
			kernels.Axpy(r.cost(b.vars[k]), b.inv[place], price)
		}
	}
	b.spread(r.s, r.u, price)
	r.s.mulAt(r.d[:n], r.u)
	r.shift = 0
	for j := range r.d[:n] {
		r.d[j] = r.fitted(int32(j), r.rc[j]-r.d[j])
	}
	for i := range r.y {
		r.y[i] += r.u[i]
		r.d[n+int32(i)] = r.fitted(n+int32(i), r.y[i])
	}
	r.near.all = true // to be chosen anew
}

func (r *reduced) fitted(v int32, d float64) float64 {
	lo, at, hi := r.bounds(v)
	if wrong := wrongSign(d, at, lo, hi); wrong > 0 {
		if !r.follows(v) {
			r.shift = max(r.shift, wrong)
		}
		return 0
	}
	return d
}

// follows reports whether a variable has no part in pivots: a technique that a row follows, or the activity of a row
// whose balance is free.
func (r *reduced) follows(v int32) bool {
	if n := int32(len(r.z)); v >= n {
		return r.state[v-n] == rowSlack
	}
	k := r.where[v]
	return k >= 0 && r.state[r.of[k]] == rowFollow
}

// leaving chooses the basic variable farthest beyond its bounds, by the length of its row, and the direction in which it
// has to go.
func (r *reduced) leaving() (place int, toward float64) {
	b := r.small
	place = -1
	worst := 0.0
	for q, v := range b.level {
		lo, hi := r.changeBounds(q)
		miss, to := lo-v, 1.0
		if v-hi > miss {
			miss, to = v-hi, -1
		}
		if miss <= r.tolX || r.barred[int32(-1-q)] {
			continue
		}
		if weight := miss * miss / kernels.Dot(b.inv[q], b.inv[q]); weight > worst {
			place, toward, worst = q, to, weight
		}
	}
	return place, toward
}

// changeBounds are the bounds of the change of the basic variable in a place.
func (r *reduced) changeBounds(place int) (lo, hi float64) {
	k := r.small.basic[place]
	if k < 0 {
		return 0, 0
	}
	lo, at, hi := r.bounds(r.small.vars[k])
	return lo - at, hi - at
}

// pivot brings a basic variable to the bound it is beyond, and in another that makes up for it.
func (r *reduced) pivot(place int, toward float64) bool {
	b, n := r.small, int32(len(r.z))
	if r.near.all {
		r.choose(false)
	}
	b.spread(r.s, r.u, b.inv[place])
	r.exactRow()
	r.alongNear(r.u)
	best, entry := r.entering(toward)
	if best < 0 || !r.reach(r.d[best]/entry) {
		r.chooseAll()
		r.alongNear(r.u)
		best, entry = r.entering(toward)
	}
	var k int32
	for range pivotTries {
		if best < 0 {
			return false
		}
		k = r.join(best)
		if b.enter(k); math.Abs(b.column[place]-entry) <= pivotTrust*math.Abs(entry) {
			break
		}
		// The row is exact, the column is not: where they differ much, the entry is no pivot.
		r.barred[best] = true
		best, entry = r.entering(toward)
	}
	if best < 0 || math.Abs(b.column[place]) < smallPivot {
		return false
	}
	lo, hi := r.changeBounds(place)
	bound := lo
	if toward < 0 {
		bound = hi
	}
	ratio := r.d[best] / entry
	for k, j := range r.near.cols {
		r.d[j] -= ratio * r.near.along[k]
	}
	for i, a := range r.u {
		r.y[i] += ratio * a
		r.d[n+int32(i)] += ratio * a
	}
	step := (b.level[place] - bound) / b.column[place]
	kernels.Axpy(-step, b.column, b.level)
	if old := b.basic[place]; old >= 0 {
		r.leave(b.vars[old], toward)
		r.d[b.vars[old]] = -ratio
	}
	b.exchange(place, k)
	b.level[place], r.d[best] = step, 0
	return true
}

// leave sets a variable to its bound.
func (r *reduced) leave(v int32, toward float64) {
	lo, _, hi := r.bounds(v)
	bound := lo
	if toward < 0 {
		bound = hi
	}
	if n := int32(len(r.z)); v >= n {
		r.w[v-n] = bound
	} else {
		r.z[v] = bound
	}
}

// entering chooses among all variables that are not basic, of those whose change moves the leaving one the right way: the
// largest entry of those whose reduced cost has reached zero, or nearly, when the first one has.
func (r *reduced) entering(toward float64) (best int32, entry float64) {
	best = -1
	n, slack, least := int32(len(r.z)), enteringSlack*r.tolY, math.Inf(1)
	r.ways = r.ways[:0]
	try := func(v int32, a float64) {
		if math.Abs(a) < smallPivot || math.Abs(r.d[v]) > least*math.Abs(a) {
			return
		}
		lo, at, hi := r.bounds(v)
		if lo == hi || (toward*a < 0 && at >= hi) || (toward*a > 0 && at <= lo) || r.follows(v) || r.small.isBasic(v) || r.barred[v] {
			return
		}
		r.ways = append(r.ways, effect{v, a})
		least = min(least, (math.Abs(r.d[v])+slack)/math.Abs(a))
	}
	for k, j := range r.near.cols {
		try(j, r.near.along[k])
	}
	for i, u := range r.u {
		try(n+int32(i), -u)
	}
	for _, e := range r.ways {
		if math.Abs(r.d[e.row]) <= least*math.Abs(e.v) && math.Abs(e.v) > math.Abs(entry) {
			best, entry = e.row, e.v
		}
	}
	return best, entry
}

// exactRow sweeps a combination of rows until it is nothing of the techniques that rows follow.
func (r *reduced) exactRow() {
	for range exactSweeps {
		for k, i := range r.of {
			if r.state[i] == rowFollow {
				rows, vals := r.sub.at.Row(k)
				r.u[i] -= kernels.SparseDot(rows, vals, r.u) / r.diag[k]
			}
		}
	}
}

const (
	enteringSlack = 1e3 // tolerances by which a reduced cost may pass zero for the sake of a larger entry
	exactSweeps   = 1
)
