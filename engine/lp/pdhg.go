package lp

import (
	"context"
	"math"
	"time"
)

// pdhg is the restarted reflected Halpern primal–dual hybrid gradient method ([cuPDLPx]) on one program.
type pdhg struct {
	p          *Problem // in the units of the caller
	s          *scaled
	b          backend
	tolerance  float64
	limit      int // iterations; 0: none
	before     int // iterations made before, for the log
	deadline   time.Time
	every      int     // iterations between checks
	fixed      bool    // weight fixed, restart at every check: the plan method's first phase
	feasOnly   bool    // polishing: stop by one residual, leave the others alone
	dualSide   bool    // of polishing
	log        *logger // nil: silent
	steps      stepSizes
	restarts   restarts
	sinceStart int // iterations since the anchor
	best       bestPoint
	mark       float64 // the best error when it last fell by a hundredth, and the iterations made then
	markAt     int
}

// bestPoint keeps the best (x̂, ŷ) seen, scaled.
type bestPoint struct {
	x, y  []float64
	error float64
	res   residuals
}

const defaultCheckEvery = 120

// patience is how many iterations without any progress end a run that nothing else may end: one whose numbers lie so far
// apart, or whose tolerance is so small, that rounding stands in the way.
const patience = 1_000_000

func newPDHG(p *Problem, s *scaled, tol float64) *pdhg {
	return newPDHGOn(newBackend(s), p, s, tol)
}

func newPDHGOn(b backend, p *Problem, s *scaled, tol float64) *pdhg {
	return &pdhg{p: p, s: s, b: b, tolerance: tol, every: defaultCheckEvery,
		steps: newSteps(s.norm(), 1), restarts: restarts{first: math.Inf(1), last: math.Inf(1)},
		best: bestPoint{error: math.Inf(1)}}
}

// outcome is what a method hands to solve.go, in the units of the program it was given.
type outcome struct {
	status Status
	x, y   []float64
	ray    []float64
	iters  int
	note   string // why a method gave up, for the log
	vertex bool   // the point is a vertex of the program as it stands
}

// run iterates from (x, y), scaled, until a stopping rule holds: "steps, check, restart", nothing else.
func (d *pdhg) run(ctx context.Context, x, y []float64) outcome {
	d.b.start(x, y)
	for {
		count := d.every
		if d.limit > 0 {
			count = min(count, d.limit-d.restarts.total)
		}
		if count > 0 {
			d.b.steps(d.sinceStart, count, d.steps.tau(), d.steps.sigma())
			d.sinceStart, d.restarts.total = d.sinceStart+count, d.restarts.total+count
		}
		m := d.b.measure(d.steps.eta, d.steps.weight)
		res := relative(m, d.s.normB, d.s.normC, d.p.C0)
		d.keep(res)
		d.log.iteration(d.before+d.restarts.total, res, m.worst)
		if d.done(res) {
			return d.finish(Optimal)
		}
		if status, ray := d.rays(m); ray != nil {
			out := d.finish(status)
			out.ray = ray
			return out
		}
		if status := d.stopped(ctx); status != "" {
			return d.finish(status)
		}
		d.maybeRestart(m, res)
	}
}

func (d *pdhg) done(res residuals) bool {
	switch {
	case d.fixed:
		return false
	case d.feasOnly && d.dualSide:
		return res.dual <= d.tolerance
	case d.feasOnly:
		return res.primal <= d.tolerance
	}
	return res.within(d.tolerance)
}

// stopped gives the status of a limit that is reached, or "".
func (d *pdhg) stopped(ctx context.Context) Status {
	switch {
	case ctx.Err() != nil:
		return Interrupted
	case d.limit > 0 && d.restarts.total >= d.limit:
		return IterationLimit
	case !d.deadline.IsZero() && time.Now().After(d.deadline):
		return TimeLimit
	case d.stalled():
		return IterationLimit
	}
	return ""
}

// stalled reports that the best error has not fallen for long.
func (d *pdhg) stalled() bool {
	if d.best.error < 0.99*d.mark || d.mark == 0 {
		d.mark, d.markAt = d.best.error, d.restarts.total
	}
	return d.restarts.total-d.markAt >= patience
}

// keep remembers the point when it is the best so far.
func (d *pdhg) keep(res residuals) {
	e := res.worst()
	if d.feasOnly {
		e = res.primal
		if d.dualSide {
			e = res.dual
		}
	}
	if e < d.best.error || d.best.x == nil {
		x, y := d.b.point()
		d.best = bestPoint{x, y, e, res}
	}
}

func (d *pdhg) finish(status Status) outcome {
	x, y := d.s.toOriginal(d.best.x, d.best.y)
	return outcome{status: status, x: x, y: y, iters: d.restarts.total}
}

func (d *pdhg) maybeRestart(m measures, res residuals) {
	if m.fixedPoint < 0 {
		// The step rule needs η‖Ã‖ < 1; a negative value proves that the norm was underestimated.
		d.steps.eta /= 1.05
		m.fixedPoint = 0
	}
	if d.fixed {
		d.b.restart()
		d.sinceStart = 0
		return
	}
	if !d.restarts.due(math.Sqrt(m.fixedPoint), d.sinceStart) {
		return
	}
	if !d.feasOnly {
		d.steps.weight = d.restarts.weight(d.steps.weight, m.moveX, m.moveY, res.primal, res.dual)
	}
	d.b.restart()
	d.restarts.restarted()
	d.sinceStart = 0
}

// solvePDHG runs the first-order method on p.
func solvePDHG(ctx context.Context, p *Problem, set *Settings, run *runState) outcome {
	s := scaleFirstOrder(p, run.threads)
	s.other = run.other
	d := newPDHG(p, s, set.Tolerance)
	defer d.b.close()
	d.limit, d.deadline, d.log = set.Iterations, run.deadline, run.log
	x, y := make([]float64, p.Cols()), make([]float64, p.Rows())
	if run.warm != nil {
		x, y = s.toScaled(run.warm.X, run.warm.Y)
	}
	return d.runPolished(ctx, x, y)
}
