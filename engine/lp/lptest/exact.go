package lptest

import (
	"math"
	"math/big"

	"planwerk/engine/lp"
)

// This file judges answers in rational arithmetic, by code that shares nothing with the solver's own certificate.

func rat(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }

func infinite(v float64) bool { return math.Abs(v) >= lp.Infinite }

func value(r *big.Rat) float64 {
	v, _ := r.Float64()
	return v
}

// activity is row i times x, exactly.
func activity(p *lp.Problem, i int, x []float64) *big.Rat {
	sum := new(big.Rat)
	cols, vals := p.A.Row(i)
	for k, j := range cols {
		sum.Add(sum, new(big.Rat).Mul(rat(vals[k]), rat(x[j])))
	}
	return sum
}

// Violation is the largest amount by which x leaves a row or column bound, exactly, as a float64.
func Violation(p *lp.Problem, x []float64) float64 {
	worst := new(big.Rat)
	check := func(v *big.Rat, lo, hi float64) {
		if !infinite(lo) {
			if d := new(big.Rat).Sub(rat(lo), v); d.Cmp(worst) > 0 {
				worst = d
			}
		}
		if !infinite(hi) {
			if d := new(big.Rat).Sub(v, rat(hi)); d.Cmp(worst) > 0 {
				worst = d
			}
		}
	}
	for i := range p.Rows() {
		check(activity(p, i, x), p.RowLower[i], p.RowUpper[i])
	}
	for j, v := range x {
		check(rat(v), p.ColLower[j], p.ColUpper[j])
	}
	return value(worst)
}

// Objective is c·x + c0, exactly, of the objective as it was meant.
func Objective(p *lp.Problem, x []float64) float64 {
	sum := rat(p.C0)
	for j, c := range p.C {
		sum.Add(sum, new(big.Rat).Mul(rat(c), rat(x[j])))
	}
	if p.Maximise {
		sum.Neg(sum)
	}
	return value(sum)
}

// reduced is c − Aᵀy, exactly; c is left out when withCost is false.
func reduced(p *lp.Problem, y []float64, withCost bool) []*big.Rat {
	out := make([]*big.Rat, p.Cols())
	for j := range out {
		out[j] = new(big.Rat)
		if withCost {
			out[j] = rat(p.C[j])
		}
	}
	for i := range p.Rows() {
		cols, vals := p.A.Row(i)
		for k, j := range cols {
			out[j].Sub(out[j], new(big.Rat).Mul(rat(vals[k]), rat(y[i])))
		}
	}
	return out
}

// DualPoint gives the dual objective of y without the part of duals and reduced costs that points to infinite bounds,
// and the largest such part. y has the signs of the minimised program.
func DualPoint(p *lp.Problem, y []float64, withCost bool) (objective, violation float64) {
	sum, worst := new(big.Rat), 0.0
	if withCost {
		sum = rat(p.C0)
	}
	add := func(v *big.Rat, lo, hi float64) {
		side := lo
		if v.Sign() < 0 {
			side = hi
		}
		switch {
		case v.Sign() == 0:
		case infinite(side):
			worst = max(worst, math.Abs(value(v)))
		default:
			sum.Add(sum, new(big.Rat).Mul(v, rat(side)))
		}
	}
	for i, v := range y {
		add(rat(v), p.RowLower[i], p.RowUpper[i])
	}
	for j, v := range reduced(p, y, withCost) {
		add(v, p.ColLower[j], p.ColUpper[j])
	}
	return value(sum), worst
}

// RayMiss is the largest amount by which the direction x leaves the cone in which no row or column bound is ever met,
// and its cost.
func RayMiss(p *lp.Problem, x []float64) (miss, cost float64) {
	check := func(v, lo, hi float64) {
		if !infinite(lo) {
			miss = max(miss, -v)
		}
		if !infinite(hi) {
			miss = max(miss, v)
		}
	}
	for i := range p.Rows() {
		check(value(activity(p, i, x)), p.RowLower[i], p.RowUpper[i])
	}
	for j, v := range x {
		check(v, p.ColLower[j], p.ColUpper[j])
		cost += p.C[j] * v
	}
	return miss, cost
}
