package lp

import (
	"context"
	"math"
	"slices"
)

// Feasibility polishing ([PDLP] 2501.07018): once the gap is small, the primal residual is driven down with costs zero
// from (x, 0), the dual one with finite bounds zero from (0, y). Each converges much faster than the whole, and moves
// little, so that the gap stays small.

const (
	polishFrom  = 50   // polish when the whole program's errors are within this multiple of the tolerance
	polishShare = 0.25 // of the iterations so far, for each try
)

// runPolished alternates runs of the method with polishing, until one of them gives a point within the tolerance.
func (d *pdhg) runPolished(ctx context.Context, x, y []float64) outcome {
	goal, limit, deadline := d.tolerance, d.limit, d.deadline
	budget := 4000
	for {
		d.limit = d.restarts.total + budget
		if limit > 0 {
			d.limit = min(d.limit, limit)
		}
		out := d.run(ctx, x, y)
		d.deadline = deadline
		if out.status != IterationLimit || (limit > 0 && d.restarts.total >= limit) || d.stalled() {
			return out
		}
		if d.best.res.gap <= goal && d.best.error <= polishFrom*goal {
			if polished, ok := d.polish(ctx, goal, limit); ok {
				return polished
			}
			if limit > 0 && d.restarts.total >= limit {
				return d.finish(IterationLimit)
			}
		}
		x, y = d.b.point() // go on from the newest point; the best one is kept aside
		d.sinceStart, budget = 0, budget*3/2
		d.restarts.first, d.restarts.last = math.Inf(1), math.Inf(1)
	}
}

// polish tries to bring both residuals below the goal, and reports whether the joined point is within it.
func (d *pdhg) polish(ctx context.Context, goal float64, limit int) (outcome, bool) {
	tries := int(polishShare * float64(d.restarts.total))
	if limit > 0 {
		tries = min(tries, (limit-d.restarts.total)/2)
	}
	if tries < d.every {
		return outcome{}, false
	}
	x := d.polishSide(ctx, tries, goal, false)
	y := d.polishSide(ctx, tries, goal, true)
	h := newHost(d.s)
	h.start(x, y)
	res := relative(h.measure(d.steps.eta, d.steps.weight), d.s.normB, d.s.normC, d.p.C0)
	d.log.note("polished: primal %.2e  dual %.2e  gap %.2e", res.primal, res.dual, res.gap)
	if e := res.worst(); e < d.best.error {
		d.best = bestPoint{x, y, e, res}
	}
	return d.finish(Optimal), res.within(goal)
}

// polishSide solves the feasibility program of one side from the best point, and gives that side's point, scaled.
func (d *pdhg) polishSide(ctx context.Context, tries int, goal float64, dual bool) []float64 {
	s := *d.s
	x, y := d.best.x, make([]float64, len(d.best.y))
	if dual {
		s.lo, s.hi, s.rowLo, s.rowHi = flat(s.lo), flat(s.hi), flat(s.rowLo), flat(s.rowHi)
		x, y = make([]float64, len(d.best.x)), d.best.y
	} else {
		s.c = make([]float64, len(s.c))
	}
	side := newPDHG(d.p, &s, goal/2)
	defer side.b.close()
	side.feasOnly, side.dualSide = true, dual
	side.limit, side.deadline, side.steps.weight = tries, d.deadline, d.steps.weight
	side.run(ctx, x, y)
	d.restarts.total += side.restarts.total
	if dual {
		return side.best.y
	}
	return side.best.x
}

// flat makes finite bounds zero.
func flat(b []float64) []float64 {
	out := slices.Clone(b)
	for i, v := range out {
		if !math.IsInf(v, 0) {
			out[i] = 0
		}
	}
	return out
}
