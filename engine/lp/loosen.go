package lp

import (
	"context"
	"math"
)

// Sides far beyond all others, a resource of which there is 1e18, say what somebody meant by "enough". No plan comes near
// them, yet in norms and scalings they outweigh everything: an error of 200 beside 1e18 looks like none.

// farness says which sides are far: those from side on that are ratio times the largest of the others.
type farness struct{ side, ratio float64 }

var (
	farAway   = farness{1e12, 1e6} // left out at first
	suspected = farness{1e4, 1e3}  // left out when an answer turns out to hide something behind its norms
)

// loosened is p without its far sides; nil: it has none. Only sides that leave room for zero are taken away.
func loosened(p *Problem, d farness) *Problem {
	usual, far := 1.0, false
	for _, bounds := range [][]float64{p.RowLower, p.RowUpper, p.ColLower, p.ColUpper} {
		for _, v := range bounds {
			switch v = math.Abs(v); {
			case v < d.side:
				usual = max(usual, v)
			case v < Infinite:
				far = true
			}
		}
	}
	if !far {
		return nil
	}
	limit := max(d.side, d.ratio*usual)
	q := *p
	q.RowLower, q.RowUpper, q.ColLower, q.ColUpper = open(p.RowLower), open(p.RowUpper), open(p.ColLower), open(p.ColUpper)
	taken := 0
	for _, sides := range [][2][]float64{{q.RowLower, q.RowUpper}, {q.ColLower, q.ColUpper}} {
		for i := range sides[0] {
			lo, hi := sides[0][i], sides[1][i]
			if hi >= limit && lo <= hi/d.ratio && !math.IsInf(hi, 1) {
				sides[1][i] = math.Inf(1)
				taken++
			}
			if lo <= -limit && hi >= lo/d.ratio && !math.IsInf(lo, -1) {
				sides[0][i] = math.Inf(-1)
				taken++
			}
		}
	}
	if taken == 0 {
		return nil
	}
	return &q
}

// solveLoosened solves p to the end, a vertex included. Where p has far sides it is first solved without them: an optimum
// that keeps them is one of p, and what is infeasible without them is so with them.
func solveLoosened(ctx context.Context, p *Problem, set *Settings, run *runState) (outcome, Method, error) {
	if out, method, ok, err := solveWithout(ctx, p, set, run, farAway); ok || err != nil {
		return out, method, err
	}
	out, method, err := solvePlaced(ctx, p, set, run)
	if err != nil {
		return out, method, err
	}
	out = finishVertex(ctx, p, set, run, out, method)
	stuck := out.status == IterationLimit && set.Iterations == 0
	if stuck || out.status == Optimal && !visible(p, out.x, set.Tolerance) {
		if next, by, ok, err := solveWithout(ctx, p, set, run, suspected); ok || err != nil {
			return next, by, err
		}
	}
	return out, method, nil
}

// solveWithout solves p without its far sides, and reports whether there are any and the outcome is one of p.
func solveWithout(ctx context.Context, p *Problem, set *Settings, run *runState, d farness) (outcome, Method, bool, error) {
	q := loosened(p, d)
	if q == nil {
		return outcome{}, "", false, nil
	}
	run.log.note("Bounds far beyond all others are left out at first")
	own := *run
	out, method, err := solvePlaced(ctx, q, set, &own)
	if err != nil {
		return out, method, false, err
	}
	out = finishVertex(ctx, q, set, &own, out, method)
	if out.status != Unbounded && (out.status != Optimal || keeps(p, q, out.x)) {
		return out, method, true, nil
	}
	run.log.note("They matter; the program as given is solved")
	return out, method, false, nil
}

// keeps reports whether a point is within the sides of p that q is without, up to rounding.
func keeps(p, q *Problem, x []float64) bool {
	const most = 1e-9 // of the side
	kept := func(v, lo, hi, qlo, qhi float64) bool {
		return (lo == qlo || v >= openBound(lo)-most*math.Abs(lo)) && (hi == qhi || v <= openBound(hi)+most*math.Abs(hi))
	}
	for j, v := range x {
		if !kept(v, p.ColLower[j], p.ColUpper[j], q.ColLower[j], q.ColUpper[j]) {
			return false
		}
	}
	for i := range p.Rows() {
		sum := 0.0
		cols, vals := p.A.Row(i)
		for k, j := range cols {
			sum += vals[k] * x[j]
		}
		if !kept(sum, p.RowLower[i], p.RowUpper[i], q.RowLower[i], q.RowUpper[i]) {
			return false
		}
	}
	return true
}
