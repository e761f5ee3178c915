package lp

import (
	"context"
	"math"
	"time"
)

// The combined method for plans. A plan is a Leontief substitution system [V] with side constraints: every technique has
// one main product, the rest are inputs. The method scales by the flow of values, lets PDHG find the active set, finishes
// with a proximal point method on the prices whose subproblems semismooth Newton solves ([SNIPAL]), and repairs the
// answer to a strict certificate.
type planMethod struct {
	ctx  context.Context
	p    *Problem
	st   *planStructure
	s    *scaled
	set  *Settings
	run  *runState
	goal float64 // gap of the repaired point

	best     planPoint // by KKT error
	last     planPoint // where the last stretch of PDHG ended
	finished *planPoint
	iters    int
	wait     int // restarts before the first phase leaves columns out
	newton   int
	cg       int

	levelLoss float64 // by how much repairing levels widened the gap the last time, of huge programs
}

// planLimit marks the caller's limit on iterations, as against the end of a phase.
const planLimit Status = "plan limit"

// planPoint is a point in scaled units with its errors in the program's own.
type planPoint struct {
	z, y []float64
	res  residuals
}

const (
	planEnterBelow   = 1e-3  // KKT error from which Newton is tried
	planRepairBelow  = 3e-5  // KKT error from which a repair is tried
	planStrictMiss   = 1e-7  // largest shortfall of a strict certificate, relative to the row's bound
	planCheckEvery   = 100   // PDHG iterations between restarts
	planRounds       = 4     // times PDHG takes over when Newton fails
	planMinRows      = 300   // smaller programs go to the interior point method
	planSmallRows    = 4_000 // up to here few PDHG iterations do
	planFewSteps     = 600
	planManySteps    = 2000
	planExtraSteps   = 1000
	planHugeFirst    = 1000  // of huge programs, after which they go on
	planHugeEvery    = 500   // with longer stretches between restarts,
	planHugeTimes    = 12    // at most so many, and a repair is tried after each,
	planHugeRepair   = 3000  // without an earlier plan from so many iterations on
	planWarmFew      = 100   // PDHG iterations of small programs from an earlier plan's point,
	planWarmMany     = 200   // and of larger ones …
	planWarmBelow    = 2e-2  // … when its error is below this
	planPriceMargin  = 1e-12 // by which final prices are lowered
	planOuterLimit   = 40
	planFirstTau     = 40
	planLargestTau   = 2e4
	planSigmaPerTau  = 10
	planGapOfGoal    = 0.999
	planStallsBefore = 6  // outer steps without progress
	planWorsening    = 10 // growth of the KKT error at which an outer step is rejected
)

// planHugeRows is from where on a Newton step costs so many PDHG iterations that these go on instead.
var planHugeRows = 150_000

// solvePlan runs the combined method. An empty status means that it does not work on this program.
func solvePlan(ctx context.Context, p *Problem, st *planStructure, set *Settings, run *runState) outcome {
	m := &planMethod{ctx: ctx, p: p, st: st, set: set, run: run, goal: planGapOfGoal * set.Tolerance, wait: narrowAfter}
	m.best.res = residuals{primal: math.Inf(1)}
	if m.s = valueFlowScaling(p, st, run.warm, run.threads); m.s == nil {
		run.log.note("The plan's prices do not settle; other methods take over")
		return outcome{}
	}
	run.log.table("the plan method: value-flow scaling, PDHG, proximal semismooth Newton")
	run.log.note("%d products with %d techniques, %d side rows", st.products, st.techniques, p.Rows()-st.products)
	z, y := make([]float64, p.Cols()), make([]float64, p.Rows())
	steps := planFewSteps
	if p.Rows() > planSmallRows {
		steps = planManySteps
	}
	if run.warm != nil {
		z, y = m.s.toScaled(run.warm.X, run.warm.Y)
		st.mainByValue(m.s, y)
		if m.best = m.pointOf(z, y); m.best.res.worst() <= planWarmBelow {
			if steps, m.wait = planWarmFew, 0; p.Rows() > planSmallRows {
				steps = planWarmMany
			}
		}
	}
	if run.warm != nil && m.best.res.worst() <= planWarmBelow && m.solveReduced(m.best) {
		return m.finish(Optimal)
	}
	failed := math.Inf(1) // error of the point that Newton was last tried from
	for round := range planRounds {
		begun := m.best.res.worst()
		var status Status
		var ray []float64
		if round == 0 && p.Rows() > planHugeRows {
			status, ray = m.firstOrderLong(z, y, min(steps, planHugeFirst))
		} else {
			status, ray = m.firstOrder(z, y, steps, planCheckEvery)
		}
		if status != IterationLimit {
			out := m.finish(status)
			out.ray = ray
			return out
		}
		if e := m.best.res.worst(); e <= planEnterBelow && e < failed {
			failed = e
			st.mainByValue(m.s, m.best.y)
			if out, done := m.newtonPhase(m.best); done {
				return out
			}
		}
		if round > 0 && m.best.res.worst() == begun {
			break // another round would be the same again
		}
		z, y, steps = m.best.z, m.best.y, planExtraSteps
	}
	return m.giveUp()
}

// giveUp hands over to another method unless the best point is good enough as it is.
func (m *planMethod) giveUp() outcome {
	if m.best.res.within(m.set.Tolerance) {
		return m.finish(Optimal)
	}
	m.run.log.note("The plan method ends at %.1e; other methods take over", m.best.res.worst())
	m.run.warm = m.start()
	return outcome{}
}

// start is the best point as a start for another method.
func (m *planMethod) start() *Start {
	if m.best.z == nil {
		return m.run.warm
	}
	x, y := m.s.toOriginal(m.best.z, m.best.y)
	return &Start{X: x, Y: y}
}

// firstOrder runs PDHG with weight 1 and regular restarts, and keeps its best point. It gives IterationLimit when all
// steps were made.
func (m *planMethod) firstOrder(z, y []float64, steps, every int) (Status, []float64) {
	m.s.other = m.run.other
	d := newPDHGOn(newNarrowHost(m.s, m.st, m.wait), m.p, m.s, m.set.Tolerance)
	defer d.b.close()
	d.fixed, d.every, d.limit, d.deadline, d.log, d.before = true, every, steps, m.run.deadline, m.run.log, m.iters
	if left := m.set.Iterations - m.iters; m.set.Iterations > 0 {
		d.limit = max(1, min(steps, left))
	}
	out := d.run(m.ctx, z, y)
	m.iters += out.iters
	m.last = planPoint{d.best.x, d.best.y, d.best.res}
	if d.best.error < m.best.res.worst() {
		m.best = planPoint{d.best.x, d.best.y, d.best.res}
	}
	if m.set.Iterations > 0 && m.iters >= m.set.Iterations && out.status == IterationLimit {
		return planLimit, nil
	}
	return out.status, out.ray
}

// firstOrderLong is firstOrder for huge programs. Newton steps are then stopped early by the few techniques out of very
// many that meet a bound, so PDHG goes on until its points can be repaired to a strict certificate. Restarts that are
// further apart suit the slow directions that are left then.
func (m *planMethod) firstOrderLong(z, y []float64, first int) (Status, []float64) {
	status, ray := m.firstOrder(z, y, first, planCheckEvery)
	m.wait = 0
	for k := 0; k < planHugeTimes && status == IterationLimit; k++ {
		status, ray = m.firstOrder(m.last.z, m.last.y, planHugeEvery, planHugeEvery)
		if (m.iters >= planHugeRepair || m.run.warm != nil) && m.last.res.worst() <= planRepairBelow && m.tryRepair(m.last) {
			return Optimal, nil
		}
	}
	return status, ray
}

// finish brings the repaired point back, or else the best one.
func (m *planMethod) finish(status Status) outcome {
	if status == planLimit {
		status = IterationLimit
	}
	pt := m.best
	if m.finished != nil {
		pt = *m.finished
	} else if status != Optimal && pt.z != nil && pt.res.worst() <= planEnterBelow {
		pt = m.repair(pt) // cheap, and makes a plan that can be carried out of what there is
	}
	x, y := m.s.toOriginal(pt.z, pt.y)
	if m.finished != nil {
		// What a technique costs then exceeds what it brings by more than rounding, so that the bound needs no other
		// proof.
		for i := range y {
			y[i] *= 1 - planPriceMargin
		}
	}
	return outcome{status: status, x: x, y: y, iters: m.iters}
}

func (m *planMethod) stopped() Status {
	switch {
	case m.ctx.Err() != nil:
		return Interrupted
	case m.set.Iterations > 0 && m.iters >= m.set.Iterations:
		return planLimit
	case !m.run.deadline.IsZero() && time.Now().After(m.run.deadline):
		return TimeLimit
	}
	return ""
}

// pointOf measures a point, scaled.
func (m *planMethod) pointOf(z, y []float64) planPoint {
	az, aty := make([]float64, len(y)), make([]float64, len(z))
	m.s.mulA(az, z)
	m.s.mulAt(aty, y)
	return planPoint{z, y, m.errors(z, y, az, aty)}
}

// newtonPhase runs the proximal point method from a point and tries to repair its points to a strict certificate. It
// reports whether the solve is over.
func (m *planMethod) newtonPhase(pt planPoint) (outcome, bool) {
	if pt.res.worst() > planEnterBelow {
		return outcome{}, false
	}
	q := newProximal(m, pt)
	stalls, last := 0, pt.res.worst()
	for range planOuterLimit {
		if last <= planRepairBelow && m.tryRepair(planPoint{q.zk, q.yk, q.res}) {
			return m.finish(Optimal), true
		}
		if status := m.stopped(); status != "" {
			return m.finish(status), true
		}
		q.outer()
		m.run.log.iteration(m.iters, q.res, 0)
		e := q.res.worst()
		if e < m.best.res.worst() {
			m.best = planPoint{append([]float64(nil), q.zk...), append([]float64(nil), q.yk...), q.res}
		}
		if e > 0.9*last {
			stalls++
		} else {
			stalls = 0
		}
		if stalls >= planStallsBefore {
			return outcome{}, false
		}
		if !(e <= planWorsening*m.best.res.worst()) {
			q.retreat(m.best)
		}
		last = min(e, last)
	}
	return outcome{}, false
}
