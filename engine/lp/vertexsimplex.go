package lp

import (
	"math"
	"slices"
)

// Steps of the simplex method may pass a bound by a tenth of the violation that is allowed in the end, and by a hundredth
// more with each step, so that none is without progress (EXPAND, Gill et al. 1989).
const (
	simplexBegins = 0.1
	simplexGrowth = 0.01
)

// run takes the point to a vertex. It reports false when it does not get there.
func (v *vertex) run() bool {
	v.feasible, v.tol = vertexFeasible, vertexFeasible
	v.settle()
	v.crash()
	v.refactor()
	if v.stopped() {
		return false
	}
	v.solvePrimal(1)
	v.startDuals()
	if !v.pushPrimal() {
		return false
	}
	if !v.pushDual() {
		return false
	}
	v.refactor()
	if !v.simplex() {
		return false
	}
	v.sharpen()
	v.refactor()
	v.solvePrimal(3)
	return v.lu.work <= v.budget // else the last factor is not whole
}

// sharpen goes on with smaller violations allowed, and goes back where that does not end.
func (v *vertex) sharpen() {
	head, x := slices.Clone(v.head), slices.Clone(v.x)
	v.feasible, v.clean = vertexSharp, false
	if v.simplex() {
		return
	}
	for j := range v.place {
		v.place[j] = -1
	}
	copy(v.x, x)
	for s, j := range head {
		v.enter(j, int32(s))
	}
}

// startDuals makes reduced costs consistent with the basis: those of basic variables stay, the others follow.
func (v *vertex) startDuals() {
	kept := make([]float64, v.m)
	cost := append([]float64(nil), v.c...)
	for s, j := range v.head {
		kept[s] = v.z[j]
		cost[j] -= v.z[j]
	}
	v.solveDual(cost, 1)
	for s, j := range v.head {
		v.z[j] = kept[s]
	}
	for j, between := range v.super {
		if between {
			v.z[j] = 0
		}
	}
}

// point is the vertex and its duals, in the program's own units.
func (v *vertex) point() (x, y []float64) {
	y = v.solveDual(v.c, 3)
	return v.sc.toOriginal(v.x[:v.n], y)
}

// simplex is the primal simplex method with bounds. It reports whether it ends at an optimal basis.
func (v *vertex) simplex() bool {
	cost := make([]float64, len(v.c))
	for !v.stopped() {
		if len(v.lu.etas) == 0 && !v.clean {
			v.reset()
		}
		v.phaseOne = v.infeasibilities(cost)
		if !v.phaseOne {
			copy(cost, v.c)
		}
		v.solveDual(cost, 1)
		j := v.price()
		if j < 0 {
			if !v.clean {
				v.refactor()
				v.reset()
				continue
			}
			return !v.phaseOne
		}
		if !v.step(j) {
			return false
		}
	}
	return false
}

// reset puts variables outside of the basis at their bounds again, and takes the basic ones anew.
func (v *vertex) reset() {
	for j, at := range v.place {
		if at < 0 && !v.unbounded(int32(j)) {
			v.x[j] = v.nearest(int32(j))
			v.super[j] = false
		}
	}
	v.solvePrimal(2)
	v.tol, v.clean = simplexBegins*v.feasible, true
}

// infeasibilities sets cost to the slope of the sum of what basic variables are beyond their bounds, and reports whether
// there are such.
func (v *vertex) infeasibilities(cost []float64) bool {
	clear(cost)
	found := false
	for _, j := range v.head {
		switch {
		case v.x[j] < v.lo[j]-v.feasible:
			cost[j], found = -1, true
		case v.x[j] > v.hi[j]+v.feasible:
			cost[j], found = 1, true
		}
	}
	return found
}

// price chooses the variable to enter: the largest reduced cost of the wrong sign for the size of its column, −1: none.
func (v *vertex) price() int32 {
	best, most := int32(-1), 0.0
	for j, d := range v.z {
		if v.place[j] >= 0 || v.lo[j] == v.hi[j] || math.Abs(d) <= v.feasible {
			continue
		}
		if !v.unbounded(int32(j)) && ((d > 0 && v.x[j] == v.lo[j]) || (d < 0 && v.x[j] == v.hi[j])) {
			continue
		}
		if gain := d * d / v.size[j]; gain > most {
			best, most = int32(j), gain
		}
	}
	return best
}

// step lets j move until a basic variable or its own other bound ends it. It reports false when nothing does.
func (v *vertex) step(j int32) bool {
	direction := -math.Copysign(1, v.z[j])
	v.column(j)
	slot, step := v.blocking(v.hi[j]-v.lo[j], direction)
	v.tol += simplexGrowth * v.feasible
	if slot < 0 {
		if math.IsInf(step, 1) {
			return false
		}
		v.shift(j, step*direction)
		v.x[j] = v.nearest(j)
		v.clean = false
		return true
	}
	step = max(step, simplexGrowth*v.feasible/math.Abs(v.alpha[slot]))
	v.shift(j, step*direction)
	v.x[v.head[slot]] = v.nearest(v.head[slot])
	v.exchange(j, slot)
	return true
}
