package lp

import (
	"context"
	"math"

	"planwerk/kernels"
)

// The exact finish of a plan. The proximal point method goes on from a point until its active set — the columns strictly
// between their bounds, J, and the rows that bind, R — is that of an optimum. The levels and prices that belong to it,
//
//	A_RJ z_J = b_R − A_RN z_N   and   A_RJᵀ y_R = c_J,
//
// are then found by refinement: residuals in twice the precision, corrections z_J += A_RJᵀ w and y_R += w from
// (A_RJ A_RJᵀ + ε) w = residual, which conjugate gradients solve with the coarse space of the Newton steps. No
// factorisation, no fill. Where J has more columns than R rows, which needs an optimum that is not unique, the point is
// exact but no vertex.

const (
	exactFrom      = 1e-8  // tolerance below which the exact finish is the way there …
	exactStart     = 1e-6  // … from a point of this tolerance
	exactGoal      = 1e-12 // largest residual and gap of a point that counts as exact
	exactTryBelow  = 1e-7  // KKT error from which an active set is tried
	exactRounds    = 12
	exactCG        = 1e-3  // residual of a correction, relative
	exactRegular   = 1e-10 // ε
	exactFirstTau  = 640   // of the proximal steps: the point to begin from is good
	exactSmallGain = 0.5   // a round that leaves more of the residual is the last
)

// solvePlanTo runs the plan method. A tolerance that asks for more than the method's own steps give cheaply is met by the
// exact finish, from a point of the usual accuracy.
func solvePlanTo(ctx context.Context, p *Problem, st *planStructure, set *Settings, run *runState) outcome {
	if set.Tolerance >= exactFrom || set.Finish == FinishNone {
		return solvePlan(ctx, p, st, set, run)
	}
	rough := *set
	rough.Tolerance = exactStart
	out := solvePlan(ctx, p, st, &rough, run)
	if out.status != Optimal {
		return out
	}
	if next, ok := toExactPlan(ctx, p, set, run, out, Plan); ok && accepted(p, &next, set.Tolerance) {
		return next
	}
	again := *run
	again.warm = &Start{X: out.x, Y: out.y}
	return solvePlan(ctx, p, st, set, &again)
}

// exactPlan takes a plan's nearly optimal point to the exact optimum. It reports false when it does not get there.
func (m *planMethod) exactPlan(x, y []float64) (outcome, bool) {
	z, ys := m.s.toScaled(x, y)
	q := newProximal(m, m.pointOf(z, ys))
	q.tau = exactFirstTau
	best, stalls := q.res.worst(), 0
	for range planOuterLimit {
		if m.stopped() != "" {
			return outcome{}, false
		}
		q.outer()
		e := q.res.worst()
		m.run.log.iteration(m.iters, q.res, 0)
		if e <= exactTryBelow {
			if pt, ok := q.activePoint(); ok {
				x, y = m.s.toOriginal(pt.z, pt.y)
				return outcome{x: x, y: y, iters: m.iters}, true
			}
		}
		if stalls++; e < best {
			best, stalls = e, 0
		}
		if stalls >= planStallsBefore {
			break
		}
	}
	return outcome{}, false
}

// activePoint solves for the point of the current active set, and reports whether that is optimal.
func (q *proximal) activePoint() (planPoint, bool) {
	tau, sigma := q.tau, q.sigma
	defer func() { q.tau, q.sigma = tau, sigma }()
	q.sigma = 1 / (exactRegular * q.tau)
	q.lin.prepare()
	if q.coarse == nil {
		q.coarse = newCoarseSpace(q)
	}
	pt := planPoint{z: append([]float64(nil), q.z...), y: append([]float64(nil), q.y...)}
	for i, free := range q.free {
		if !free {
			pt.y[i] = 0
		}
	}
	q.exactLevels(pt)
	q.exactPrices(pt)
	for j, v := range pt.z {
		pt.z[j] = min(max(v, q.s.lo[j]), q.s.hi[j])
	}
	for i, v := range pt.y {
		pt.y[i] = allowed(v, q.s.rowLo[i], q.s.rowHi[i])
	}
	q.m.repairPrices(pt.y)
	pt = q.m.pointOf(pt.z, pt.y)
	q.m.run.log.note("    active set of %d columns: error %.1e  (%d Newton, %d CG steps)", int(kernels.SumFloat64(q.inside)), pt.res.worst(), q.m.newton, q.m.cg)
	return pt, pt.res.within(exactGoal)
}

// exactLevels refines the levels in J until all rows in R bind.
func (q *proximal) exactLevels(pt planPoint) {
	s := q.s
	side := make([]float64, len(q.free))
	for i := range side {
		if side[i] = s.rowLo[i]; q.y[i] < 0 || (q.y[i] == 0 && q.az[i] > s.rowHi[i]) {
			side[i] = s.rowHi[i]
		}
	}
	q.refine(func() {
		s.each(s.cutRow, func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				if q.grad[i] = 0; q.free[i] {
					cols, vals := s.a.Row(i)
					d := double{hi: side[i]}
					for k, j := range cols {
						d = d.addProduct(-vals[k], pt.z[j])
					}
					q.grad[i] = d.value()
				}
			}
		})
	}, func(shift []float64) {
		kernels.Axpy(q.tau, shift, pt.z)
	})
}

// exactPrices refines the prices of R until no column in J gains or loses.
func (q *proximal) exactPrices(pt planPoint) {
	s := q.s
	miss := make([]float64, len(q.inside))
	q.refine(func() {
		s.each(s.cutCol, func(_, lo, hi int) {
			for k := lo; k < hi; k++ {
				if miss[k] = 0; q.inside[k] == 0 {
					continue
				}
				rows, vals := s.at.Row(k)
				d := double{hi: s.c[k]}
				for e, i := range rows {
					d = d.addProduct(-vals[e], pt.y[i])
				}
				miss[k] = d.value()
			}
		})
		s.each(s.cutRow, func(_, lo, hi int) {
			s.a.MulRows(q.grad, miss, lo, hi)
			for i := lo; i < hi; i++ {
				if q.grad[i] *= q.tau; !q.free[i] {
					q.grad[i] = 0
				}
			}
		})
	}, func([]float64) { kernels.Axpy(1, q.d, pt.y) })
}

// refine repeats: residual, correction q.d with (τ A_RJ A_RJᵀ + I/σ) q.d = q.grad, correct, which is given A_RJᵀ q.d; until
// the residual hardly falls any more.
func (q *proximal) refine(residual func(), correct func(shift []float64)) {
	l, last := q.lin, math.Inf(1)
	shift := make([]float64, len(q.inside))
	for range exactRounds {
		residual()
		norm := kernels.Norm2(q.grad)
		if norm == 0 || !(norm <= exactSmallGain*last) || q.m.stopped() != "" {
			return
		}
		last = norm
		q.m.cg += l.limited(q.d, exactCG*norm, cgLimit)
		q.s.mulAt(shift, q.d)
		for k, in := range q.inside {
			shift[k] *= in
		}
		correct(shift)
	}
}
