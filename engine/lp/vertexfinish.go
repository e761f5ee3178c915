package lp

import (
	"context"
	"time"
)

// Finish says whether a point within the tolerance is taken on to a vertex, accurate to rounding.
type Finish string

const (
	FinishAuto   Finish = "auto"   // for general programs, where it costs little
	FinishNone   Finish = "none"   // never
	FinishVertex Finish = "vertex" // always tried
)

const (
	// vertexRows is the number of rows up to which FinishAuto goes to a vertex, vertexWork how many operations it may take
	// (some seconds), vertexMostWork how many FinishVertex may (some minutes).
	vertexRows     = 20_000
	vertexWork     = 5e9
	vertexMostWork = 1e11
)

// finishVertex takes an optimal point to a vertex when that is wanted; the point stays when the way there fails, or when
// the vertex is not the better one.
func finishVertex(ctx context.Context, p *Problem, set *Settings, run *runState, out outcome, method Method) outcome {
	if out.status == Optimal && !out.vertex && set.wantsVertex(p, method) {
		if next, ok := toVertex(ctx, p, set, run, out, method); ok {
			return next
		}
	}
	return out
}

// wantsVertex reports whether a point that a method gave is to be taken to a vertex.
func (s *Settings) wantsVertex(p *Problem, method Method) bool {
	switch {
	case p.Rows() == 0 || p.A.NNZ() == 0 || s.Finish == FinishNone:
		return false
	case s.Finish == FinishVertex:
		return true
	}
	return method != Plan && p.Rows() <= vertexRows
}

// rescue tries to reach an optimal vertex from a point that misses the tolerance.
func rescue(ctx context.Context, p *Problem, set *Settings, run *runState, out outcome) (outcome, bool) {
	if out.x == nil || !set.wantsVertex(p, IPM) {
		return out, false
	}
	next, ok := toVertex(ctx, p, set, run, out, IPM)
	next.status = Optimal
	return next, ok && accepted(p, &next, set.Tolerance)
}

// toVertex reports whether there is a vertex on from a point, no worse than the point itself.
func toVertex(ctx context.Context, p *Problem, set *Settings, run *runState, out outcome, method Method) (outcome, bool) {
	begun := time.Now()
	if next, ok := toExactPlan(ctx, p, set, run, out, method); ok {
		run.log.note("Exact plan: error %.1e, before %.1e, %.2f s", errorOf(p, &next), errorOf(p, &out), time.Since(begun).Seconds())
		return next, true
	}
	v := newVertex(p, out.x, out.y)
	v.ctx, v.deadline, v.budget = ctx, run.deadline, vertexWork
	if set.Finish == FinishVertex {
		v.budget = vertexMostWork
	}
	if !v.run() {
		run.log.note("Vertex: not reached in %d exchanges, %.2f s", v.pivots, time.Since(begun).Seconds())
		return out, false
	}
	next := out
	next.vertex = true
	next.x, next.y = v.point()
	clip(p, next.x)
	before, after := errorOf(p, &out), errorOf(p, &next)
	if !(after <= max(before, 1e-12)) {
		run.log.note("Vertex: worse than the point it came from (%.1e, %.1e)", after, before)
		return out, false
	}
	run.log.note("Vertex: %d exchanges, error %.1e, before %.1e, %.2f s", v.pivots, after, before, time.Since(begun).Seconds())
	return next, true
}

// toExactPlan finishes a point of the plan method by the program's structure.
func toExactPlan(ctx context.Context, p *Problem, set *Settings, run *runState, out outcome, method Method) (outcome, bool) {
	if method != Plan {
		return out, false
	}
	m := &planMethod{ctx: ctx, p: p, st: detectPlan(p, run.threads), set: set, run: run, iters: out.iters}
	if m.st == nil {
		return out, false
	}
	if m.s = valueFlowScaling(p, m.st, nil, run.threads); m.s == nil {
		return out, false
	}
	next, ok := m.exactPlan(out.x, out.y)
	next.status, next.vertex = out.status, true
	return next, ok && errorOf(p, &next) <= errorOf(p, &out)
}

// errorOf is the worst of a point's residuals and gap.
func errorOf(p *Problem, out *outcome) float64 {
	c := Certify(p, out.x, out.y)
	return residuals{primal: c.PrimalResidual, dual: c.DualResidual, gap: c.Gap}.worst()
}
