package lp

import (
	"math"
)

// Certify computes the certificate of a point from the program as given: residuals, objectives and gap in twice the
// working precision, and a rigorous bound. Status, Iterations and Seconds are left empty. Y has the sign convention of
// solutions (of the maximised objective when p.Maximise is set). It panics when lengths do not fit.
func Certify(p *Problem, x, y []float64) Certificate {
	if len(x) != p.Cols() || len(y) != p.Rows() {
		panic("lp: the point has other lengths than the program")
	}
	sign := 1.0
	if p.Maximise {
		sign = -1
	}
	var c Certificate
	e := evaluate(p, x, y, sign)
	c.PrimalResidual = math.Sqrt(e.primal) / (1 + e.normB)
	c.DualResidual = math.Sqrt(e.dual) / (1 + e.normC)
	c.MaxShortfall, c.MaxViolation = e.shortfall, e.violation
	c.Objective, c.DualObjective = sign*e.objective.value(), sign*e.dualObjective.value()
	bound := rigorousBound(p, e.y, e.reduced, e.reducedErr, e.objective.value())
	c.Bound = sign * bound
	c.Gap = relativeGap(e.objective.value(), e.dualObjective.value())
	c.ProvedGap = relativeGap(e.objective.value(), bound)
	return c
}

// relativeGap is |P − D|/(1 + |P| + |D|).
func relativeGap(p, d float64) float64 {
	if math.IsInf(p, 0) || math.IsInf(d, 0) {
		return math.Inf(1)
	}
	return math.Abs(p-d) / (1 + math.Abs(p) + math.Abs(d))
}

// evaluation is what one pass over the matrix gives.
type evaluation struct {
	primal, dual             float64 // squared residual norms
	normB, normC             float64
	shortfall, violation     float64
	objective, dualObjective double
	y                        []float64 // duals without those of the wrong sign
	reduced                  []double  // c − Aᵀy
	reducedErr               []float64 // bounds of their errors
}

func evaluate(p *Problem, x, y []float64, sign float64) *evaluation {
	m, n := p.Rows(), p.Cols()
	e := &evaluation{y: make([]float64, m), reduced: make([]double, n), reducedErr: make([]float64, n)}
	e.objective, e.dualObjective = double{hi: p.C0}, double{hi: p.C0}
	count := make([]int32, n)
	for j := range n {
		e.reduced[j].hi, e.reducedErr[j] = p.C[j], math.Abs(p.C[j])
		e.objective = e.objective.addProduct(p.C[j], x[j])
		e.normC += p.C[j] * p.C[j]
		e.miss(x[j], double{}, openBound(p.ColLower[j]), openBound(p.ColUpper[j]))
	}
	for i := range m {
		lo, hi := openBound(p.RowLower[i]), openBound(p.RowUpper[i])
		e.y[i] = allowed(sign*y[i], lo, hi)
		wrong := sign*y[i] - e.y[i]
		e.dual += wrong * wrong
		cols, vals := p.A.Row(i)
		var act double
		for k, j := range cols {
			act = act.addProduct(vals[k], x[j])
			e.reduced[j] = e.reduced[j].addProduct(-vals[k], e.y[i])
			if vals[k] != 0 && e.y[i] != 0 { // a product that vanishes is an error too
				e.reducedErr[j] += max(math.Abs(vals[k]*e.y[i]), math.SmallestNonzeroFloat64)
			}
			count[j]++
		}
		e.miss(act.hi, double{lo: act.lo}, lo, hi)
		b := rowSize(lo, hi)
		e.normB += b * b
		if e.y[i] > 0 {
			e.dualObjective = e.dualObjective.addProduct(lo, e.y[i])
		} else if e.y[i] < 0 {
			e.dualObjective = e.dualObjective.addProduct(hi, e.y[i])
		}
	}
	for j := range n {
		if sum := e.reducedErr[j]; sum > 0 {
			e.reducedErr[j] = max(sum*errDouble(int(count[j])), math.SmallestNonzeroFloat64)
		}
		e.reducedCost(e.reduced[j].value(), openBound(p.ColLower[j]), openBound(p.ColUpper[j]))
	}
	e.normB, e.normC = math.Sqrt(e.normB), math.Sqrt(e.normC)
	return e
}

// rowSize is what a row adds to the norm of the right-hand sides: its larger finite side.
func rowSize(lo, hi float64) float64 {
	b := 0.0
	if !math.IsInf(lo, 0) {
		b = math.Abs(lo)
	}
	if !math.IsInf(hi, 0) {
		b = max(b, math.Abs(hi))
	}
	return b
}

// allowed projects a dual or reduced cost onto the signs for which its bound is finite.
func allowed(v, lo, hi float64) float64 {
	if (v > 0 && math.IsInf(lo, -1)) || (v < 0 && math.IsInf(hi, 1)) {
		return 0
	}
	return v
}

// miss counts by how much the value v + rest.lo lies outside its bounds.
func (e *evaluation) miss(v float64, rest double, lo, hi float64) {
	amount, bound := 0.0, 0.0
	if low := (lo - v) - rest.lo; low > 0 {
		amount, bound = low, lo
	}
	if high := (v - hi) + rest.lo; high > amount {
		amount, bound = high, hi
	}
	if math.IsNaN(v) {
		amount = math.Inf(1)
	}
	e.primal += amount * amount
	e.violation = max(e.violation, amount)
	if bound != 0 {
		amount /= math.Abs(bound)
	}
	e.shortfall = max(e.shortfall, amount)
}

// reducedCost counts a reduced cost: at a finite bound in the dual objective, else in the dual residual.
func (e *evaluation) reducedCost(r, lo, hi float64) {
	if allowed(r, lo, hi) != r {
		e.dual += r * r
		return
	}
	if r > 0 {
		e.dualObjective = e.dualObjective.addProduct(lo, r)
	} else if r < 0 {
		e.dualObjective = e.dualObjective.addProduct(hi, r)
	}
}
