package lp

import (
	"cmp"
	"math"
	"slices"

	"planwerk/kernels"
)

// reduced is a plan whose optimal techniques are known but for few. Every product with a technique strictly between its
// bounds follows it: its price makes that technique neither gain nor lose, the technique's level makes the product's
// balance. What is left is a small program in the prices that no technique pins down ("ghosts") and the levels that no
// balance does, with the rest following by sweeps as in a Leontief system. It is solved by pivots; products whose
// technique would leave its bounds become ghosts, and techniques that would gain are taken in, until neither happens:
// the point is then an optimal vertex of the whole program. Nothing is factored but the small basis.
type reduced struct {
	m        *planMethod
	s        *scaled
	z, y     []float64
	w        []float64 // per row: the activity that it is to have
	az       []float64
	rc       []float64 // reduced costs
	state    []rowState
	place    []int32 // per row: the column of sub that makes it, −1: none
	cols     []int32 // sub's columns
	of       []int32 // per column of sub: the row it makes
	diag     []float64
	sub      subMatrix
	xs       []float64 // levels of sub's columns
	base     []float64 // per row: what the other columns make
	where    []int32   // per column: its place in sub, −1: none
	small    *smallBasis
	d        []float64      // reduced costs while pivots are made: of columns, then of rows' activities
	u        []float64      // a combination of rows
	near     pricing        // the columns that pivots look at
	ways     []effect       // variables that may enter, and their entries
	shift    float64        // largest reduced cost of the wrong sign that is left aside
	drop     float64        // effects below this are dropped
	barred   map[int32]bool // variables, and −1 − places, that are left out until the next exact evaluation
	tolX     float64
	tolY     float64
	accuracy float64 // of the sweeps
}

// rowState says what a row's price and balance follow.
type rowState uint8

const (
	rowSlack  rowState = iota // price 0, the balance is free between its bounds
	rowFollow                 // its technique
	rowGhost                  // the small program
)

const (
	followSweeps    = 100
	followAccuracy  = 1e-11 // least of the sweeps, relative to a level or price
	followFirst     = 1e-7  // and largest
	followShare     = 1e-2  // of what is missed that the sweeps are accurate to
	followEnough    = 1e-6  // accuracy without which the method gives up
	reducedRounds   = 40    // of the small program
	reducedPatience = 10    // rounds without one that misses less than all before
	reducedTol      = 1e-9  // by which levels and reduced costs may miss, relative to the plan's scale
	interiorShare   = 1e-7  // of a product's output: levels nearer to a bound stand at it
	reducedGhosts   = 2_500 // beyond these the small program is no longer small
	reducedEffects  = 5e-4  // effects of a ghost's price below this are dropped,
	reducedFine     = 1e-4  // of programs with more rows than
	reducedLarge    = 20_000
	reducedAtMost   = 100 // rows, and as many as there are, join in a round: more, and the start was not near
	reducedAtOnce   = 8
	reducedTau      = 1000 // a level stands at a bound if a proximal step of this length leads there
)

// solveReduced looks for the optimal vertex from a point near it, and keeps it when it is one.
func (m *planMethod) solveReduced(pt planPoint) bool {
	r := newReduced(m, pt)
	if r == nil || !r.setUp() {
		return false
	}
	r.tolX, r.tolY = reducedTol*meanSize(r.z), reducedTol*meanSize(r.y)
	least, waited := math.Inf(1), 0
	for round := range reducedRounds {
		if m.stopped() != "" || (round > 0 && !r.follow()) { // setUp left everything followed
			return false
		}
		ghosts, missX, missY := r.violations()
		m.run.log.note("    round %d: %d free prices; levels miss by %.1e, prices by %.1e; %d rows join", round, r.small.rows(), missX/r.tolX, missY/r.tolY, len(ghosts))
		r.accuracy = min(max(followShare*missX/r.tolX*reducedTol, followAccuracy), followFirst)
		if missX <= r.tolX {
			return m.tryRepair(m.pointOf(r.z, r.y))
		}
		if waited++; missX < least {
			least, waited = missX, 0
		}
		if waited > reducedPatience {
			return false
		}
		if r.small.rows()+len(ghosts) > reducedGhosts || len(ghosts) > reducedAtMost+r.small.rows() || !finite(missX) {
			return false
		}
		r.addGhosts(ghosts, true)
		m.iters++
		if !r.step() {
			return false
		}
	}
	return false
}

func meanSize(v []float64) float64 {
	sum := 0.0
	for _, a := range v {
		sum += math.Abs(a)
	}
	return sum / float64(max(len(v), 1))
}

// newReduced finds which rows follow a technique.
func newReduced(m *planMethod, pt planPoint) *reduced {
	rows, cols := len(pt.y), len(pt.z)
	r := &reduced{m: m, s: m.s, z: append([]float64(nil), pt.z...), y: append([]float64(nil), pt.y...), w: make([]float64, rows),
		az: make([]float64, rows), rc: make([]float64, cols), state: make([]rowState, rows), place: make([]int32, rows),
		base: make([]float64, rows), where: make([]int32, cols),
		d: make([]float64, cols+rows), u: make([]float64, rows)}
	s := r.s
	s.mulAt(r.rc, r.y)
	for j, v := range r.z {
		r.z[j] = min(max(v-reducedTau*(s.c[j]-r.rc[j]), s.lo[j]), s.hi[j])
	}
	marginal := marginalsOf(s, m.st, r.z)
	for i := range r.state {
		r.place[i] = -1
		if r.y[i] == 0 && s.rowLo[i] != s.rowHi[i] {
			continue
		}
		if r.w[i] = s.rowLo[i]; r.y[i] < 0 {
			r.w[i] = s.rowHi[i]
		}
		if math.IsInf(r.w[i], 0) {
			return nil
		}
		if r.state[i] = rowGhost; marginal[i] >= 0 {
			r.state[i] = rowFollow
		}
	}
	return r.takeMarginals(marginal)
}

// takeMarginals copies the techniques that rows follow.
func (r *reduced) takeMarginals(marginal []int32) *reduced {
	for j := range r.where {
		r.where[j] = -1
	}
	for i, j := range marginal {
		if r.state[i] == rowFollow {
			r.where[j] = int32(i)
		}
	}
	for j, i := range r.where {
		if i >= 0 {
			r.where[j], r.place[i] = int32(len(r.cols)), int32(len(r.cols))
			r.cols, r.of, r.diag = append(r.cols, int32(j)), append(r.of, i), append(r.diag, r.m.ownScaled(int32(j)))
		}
	}
	if r.drop = reducedEffects; len(r.state) > reducedLarge {
		r.drop = reducedFine
	}
	r.accuracy = followFirst
	r.sub.take(r.s, r.cols, nil)
	r.xs = make([]float64, len(r.cols))
	r.small, r.barred = newSmallBasis(len(r.state)), map[int32]bool{}
	return r
}

// setUp makes the small program: the ghosts there are, and the levels strictly between bounds that no row's balance
// follows.
func (r *reduced) setUp() bool {
	var ghosts []int32
	for i, st := range r.state {
		if st == rowGhost {
			ghosts = append(ghosts, int32(i))
		}
	}
	if len(ghosts) > reducedGhosts {
		return false
	}
	r.measure()
	if !r.follow() {
		return false
	}
	r.addGhosts(ghosts, false)
	n := int32(len(r.z))
	var inner []int32
	for v := range n + int32(len(r.y)) {
		switch lo, at, hi := r.bounds(v); {
		case r.follows(v):
		case min(at-lo, hi-at) > interiorShare*(1+math.Abs(at)):
			inner = append(inner, v)
		}
	}
	slices.SortStableFunc(inner, func(a, b int32) int { return cmp.Compare(r.room(b), r.room(a)) })
	for k, v := range inner {
		inner[k] = r.join(v)
	}
	r.small.crash(inner)
	return true
}

// bounds are those of a variable: a column, or, after the columns, a row's activity.
func (r *reduced) bounds(v int32) (lo, at, hi float64) {
	if n := int32(len(r.z)); v >= n {
		return r.s.rowLo[v-n], r.w[v-n], r.s.rowHi[v-n]
	}
	return r.s.lo[v], r.z[v], r.s.hi[v]
}

func (r *reduced) room(v int32) float64 {
	lo, at, hi := r.bounds(v)
	return min(at-lo, hi-at)
}

// cost is a variable's reduced cost.
func (r *reduced) cost(v int32) float64 {
	if n := int32(len(r.z)); v >= n {
		return r.y[v-n]
	}
	return r.rc[v]
}

// measure takes A z, reduced costs, and the activities of rows whose balance is free.
func (r *reduced) measure() {
	s := r.s
	s.mulA(r.az, r.z)
	s.mulAt(r.rc, r.y)
	for j := range r.rc {
		r.rc[j] = s.c[j] - r.rc[j]
	}
	for i, st := range r.state {
		if st == rowSlack {
			r.w[i] = r.az[i]
		}
	}
}

// follow brings levels and prices of all rows that follow a technique to where the others have them. It reports false
// when the sweeps do not settle.
func (r *reduced) follow() bool {
	s := r.s
	for k, j := range r.cols {
		if r.xs[k] = 0; r.state[r.of[k]] == rowFollow {
			r.xs[k], r.z[j] = r.z[j], 0
		}
	}
	s.mulA(r.base, r.z)
	ok := r.followLevels() && r.followPrices()
	for k, j := range r.cols {
		if r.state[r.of[k]] == rowFollow {
			r.z[j] = r.xs[k]
		}
	}
	r.measure()
	return ok
}

// followLevels sweeps over the balances.
func (r *reduced) followLevels() bool {
	last := 0.0
	for range followSweeps {
		last = 0
		for i, st := range r.state {
			if st != rowFollow {
				continue
			}
			k := r.place[i]
			cols, vals := r.sub.a.Row(i)
			miss := r.w[i] - r.base[i] - kernels.SparseDot(cols, vals, r.xs)
			step := miss / r.diag[k]
			r.xs[k] += step
			last = max(last, math.Abs(step)/(1+math.Abs(r.xs[k])))
		}
		if last <= r.accuracy || !finite(last) {
			break
		}
	}
	return last <= followEnough
}

// followPrices sweeps over the techniques.
func (r *reduced) followPrices() bool {
	last := 0.0
	for range followSweeps {
		last = 0
		for k, j := range r.cols {
			i := r.of[k]
			if r.state[i] != rowFollow {
				continue
			}
			rows, vals := r.sub.at.Row(k)
			step := (r.s.c[j] - kernels.SparseDot(rows, vals, r.y)) / r.diag[k]
			r.y[i] += step
			last = max(last, math.Abs(step)/(1+math.Abs(r.y[i])))
		}
		if last <= r.accuracy || !finite(last) {
			break
		}
	}
	return last <= followEnough
}
