package lp

import (
	"math"

	"planwerk/kernels"
)

const (
	// rayDominates is by how much the value of a ray must exceed its violation to count without further proof.
	rayDominates = 1e9
	// rayCandidate is when a ray is worth a rigorous check, rayClean when bounds that rows imply may take part in it.
	rayCandidate = 1e3
	rayClean     = 1e6
)

// rays tests the movement from the anchor as a proof of infeasibility or unboundedness; the ray is in the caller's
// units. Costs take no part in the test of the dual ray, nor bounds in that of the primal one, so the objective cannot
// leak into it.
func (d *pdhg) rays(m measures) (Status, []float64) {
	if d.feasOnly {
		return "", nil
	}
	if m.farkas > 0 && m.farkas > rayCandidate*m.farkasMiss {
		_, dy := d.b.rays()
		_, ray := d.s.toOriginal(nil, dy)
		clean := m.farkas > rayClean*m.farkasMiss
		if ray = unit(ray); provesInfeasible(d.p, ray, clean) {
			return Infeasible, ray
		}
	}
	if m.rayCost < 0 && -m.rayCost > rayDominates*m.rayMiss {
		dx, _ := d.b.rays()
		ray, _ := d.s.toOriginal(dx, nil)
		if ray = unit(ray); unboundedAlong(d.p, ray) {
			return Unbounded, ray
		}
	}
	return "", nil
}

// unit scales a vector to largest entry one.
func unit(v []float64) []float64 {
	if size := kernels.NormInf(v); size > 0 && finite(size) {
		for i := range v {
			v[i] /= size
		}
	}
	return v
}

// provesInfeasible reports whether the row multipliers y prove that no x is feasible: with costs zero the rigorous
// bound of the dual point y is above zero, although any feasible x would give zero. With implied set, infinite bounds
// are replaced by those that the rows imply. Where columns stay without bounds no rounded y is a proof; then a value
// that exceeds the violation rayDominates times is taken for one.
func provesInfeasible(p *Problem, y []float64, implied bool) bool {
	zero := *p
	zero.C, zero.C0, zero.Maximise = make([]float64, p.Cols()), 0, false
	e := evaluate(&zero, make([]float64, p.Cols()), y, 1)
	// An infinite target keeps the row c·x ≤ target, which says nothing here, out of the bound.
	if rigorousBound(&zero, e.y, e.reduced, e.reducedErr, math.Inf(1)) > 0 {
		return true
	}
	if v := e.dualObjective.value(); v > 0 && v >= rayDominates*math.Sqrt(e.dual) {
		return true
	}
	if !implied {
		return false
	}
	zero.ColLower, zero.ColUpper = impliedBounds(&zero, math.Inf(1))
	return rigorousBound(&zero, e.y, e.reduced, e.reducedErr, math.Inf(1)) > 0
}

// unboundedAlong reports whether the objective falls along the direction x while no row or bound is left, up to
// rounding: every violation is below 1e-9 of the ray's cost.
func unboundedAlong(p *Problem, x []float64) bool {
	cost := 0.0
	for j, v := range x {
		cost += p.C[j] * v
	}
	if !(cost < 0) {
		return false
	}
	slack := -cost * 1e-9 / (1 + kernels.NormInf(p.C))
	for j, v := range x {
		if (v < -slack && openBound(p.ColLower[j]) > math.Inf(-1)) || (v > slack && openBound(p.ColUpper[j]) < math.Inf(1)) {
			return false
		}
	}
	for i := range p.Rows() {
		cols, vals := p.A.Row(i)
		act, size := double{}, 0.0
		for k, j := range cols {
			act = act.addProduct(vals[k], x[j])
			size = max(size, math.Abs(vals[k]))
		}
		v := act.value()
		if (v < -slack*max(1, size) && openBound(p.RowLower[i]) > math.Inf(-1)) || (v > slack*max(1, size) && openBound(p.RowUpper[i]) < math.Inf(1)) {
			return false
		}
	}
	return true
}
