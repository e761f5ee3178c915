package lp

import (
	"context"
	"math"
	"time"

	"planwerk/kernels"
)

// The homogeneous interior point method [AA]. The program, scaled, is brought to
//
//	minimise c·v   subject to   A v = b,   0 ≤ v (free ones excepted),   v + w = u where u is finite,
//
// with a slack for every inequality row, and embedded in the system
//
//	A v − bτ = 0,   v + w − uτ = 0,   Aᵀy + z − s − cτ = 0,   −c·v + b·y − u·s − κ = 0,   v,w,z,s,τ,κ ≥ 0,
//
// whose solutions give an optimum (τ > 0) or a ray that proves infeasibility or unboundedness (κ > 0). Each iteration
// factors A Θ Aᵀ once and takes Mehrotra's predictor and corrector, with Gondzio's centrality correctors after them.
type ipm struct {
	p   *Problem
	sc  *scaled
	k   *kkt
	std *standard

	v, z, w, s, y []float64 // w, s: zero where u is infinite
	tau, kappa    float64

	rp, rd, ru []float64 // residuals of the embedding
	rg, mu     float64
	centre     int // pairs of complementary values

	goal      float64
	iters     int
	best      ipmBest
	direction ipmDirection
	predictor ipmDirection
	px, py    []float64 // solution of the system for τ
	r1, r2    []float64
	tx        []float64
	xzTarget  []float64
	wsTarget  []float64
}

type ipmDirection struct {
	v, z, w, s, y []float64
	tau, kappa    float64
}

type ipmBest struct {
	error float64
	v, y  []float64
	tau   float64
	since int
}

const (
	ipmIterations = 250
	ipmPatience   = 30 // iterations without progress before giving up
	ipmStepBack   = 0.9995
	ipmRayMiss    = 1e-8 // largest violation of a ray that is worth a proof, relative to its value
)

func newIPM(p *Problem, sc *scaled, std *standard, k *kkt, goal float64) *ipm {
	n, m := len(std.c), len(std.b)
	vec := func(n int) []float64 { return make([]float64, n) }
	d := &ipm{p: p, sc: sc, std: std, k: k, goal: goal, v: vec(n), z: vec(n), w: vec(n), s: vec(n), y: vec(m), tau: 1, kappa: 1,
		rp: vec(m), rd: vec(n), ru: vec(n), px: vec(n), py: vec(m), r1: vec(n), r2: vec(m), tx: vec(n),
		xzTarget: vec(n), wsTarget: vec(n), best: ipmBest{error: math.Inf(1)}}
	for _, dir := range []*ipmDirection{&d.direction, &d.predictor} {
		*dir = ipmDirection{v: vec(n), z: vec(n), w: vec(n), s: vec(n), y: vec(m)}
	}
	d.centre = 1
	for j := range d.v {
		if std.free[j] {
			continue
		}
		d.v[j], d.z[j] = 1, 1
		d.centre++
		if std.bounded(j) {
			d.w[j], d.s[j] = 1, 1
			d.centre++
		}
	}
	return d
}

// solveIPM runs the interior point method when its factor is small enough; ran reports whether it was. An empty status
// means that it gave up, with its best point.
func solveIPM(ctx context.Context, p *Problem, set *Settings, run *runState) (out outcome, ran bool) {
	sc := newScaled(p, run.threads)
	for range ruizRounds {
		sc.applyInverseRoots(maxima(sc.a))
	}
	sc.scaleInterior(p)
	sc.at = sc.a.Transpose()
	sc.cutRow, sc.cutCol = sc.a.Cut(), sc.at.Cut()
	std := newStandard(sc)
	scale, flops := 1.0, flopsLimit
	if set.Method == IPM {
		scale = 10
	} else if set.TimeLimit > 0 {
		flops = min(flops, flopsPerSecond*set.TimeLimit.Seconds())
	}
	k := newKKT(sc, std, scale, flops)
	if k == nil {
		run.log.note("The interior point's factor would be too large")
		return outcome{}, false
	}
	run.log.table("homogeneous interior point")
	run.log.note("Factor: %d values, %.1e operations, %d columns kept apart", k.sym.nnz, k.sym.flops, len(k.kept))
	d := newIPM(p, sc, std, k, min(1e-8, set.Tolerance/100))
	return d.run(ctx, set, run), true
}

// run is the method: residuals, stopping, predictor, corrector, step.
func (d *ipm) run(ctx context.Context, set *Settings, run *runState) outcome {
	for {
		d.residuals()
		res := d.errors()
		run.log.iteration(d.iters, res, 0)
		if d.keep(res) {
			return d.finish(Optimal, "")
		}
		if status, ray := d.ray(); ray != nil {
			out := d.finish(status, "")
			out.ray = ray
			return out
		}
		if status, note := d.stopped(ctx, set, run); note != "" {
			return d.finish(status, note)
		}
		d.k.update(d)
		if !d.step() {
			d.best.since = ipmPatience
		}
		d.iters++
	}
}

// stopped gives the status of a limit, or no status but a note when the method makes no progress.
func (d *ipm) stopped(ctx context.Context, set *Settings, run *runState) (Status, string) {
	switch {
	case ctx.Err() != nil:
		return Interrupted, "interrupted"
	case set.Iterations > 0 && d.iters >= set.Iterations:
		return IterationLimit, "iteration limit"
	case !run.deadline.IsZero() && time.Now().After(run.deadline):
		return TimeLimit, "time limit"
	case d.iters >= ipmIterations || d.best.since >= ipmPatience:
		if d.best.error <= set.Tolerance/2 {
			return Optimal, "no further progress"
		}
		return "", "no further progress"
	}
	return "", ""
}

// residuals brings rp, rd, ru, rg and μ up to date.
func (d *ipm) residuals() {
	t := d.std
	t.mul(d.sc, d.rp, d.v)
	for i := range d.rp {
		d.rp[i] = t.b[i]*d.tau - d.rp[i]
	}
	t.mulT(d.sc, d.rd, d.y)
	mu := d.tau * d.kappa
	us := 0.0
	for j := range d.rd {
		d.rd[j] = t.c[j]*d.tau - d.rd[j] - d.z[j] + d.s[j]
		mu += d.v[j] * d.z[j]
		if t.free[j] {
			mu -= d.v[j] * d.z[j]
		}
		if t.bounded(j) {
			d.ru[j] = t.u[j]*d.tau - d.v[j] - d.w[j]
			mu += d.w[j] * d.s[j]
			us += t.u[j] * d.s[j]
		}
	}
	d.mu = mu / float64(d.centre)
	d.rg = d.kappa + kernels.Dot(t.c, d.v) - kernels.Dot(t.b, d.y) + us
}

// errors are the relative residuals and gap of the point (v, y)/τ: the larger of those in scaled and in given units.
func (d *ipm) errors() residuals {
	t := d.std
	us := 0.0
	for j := range d.v {
		if t.bounded(j) {
			us += t.u[j] * d.s[j]
		}
	}
	pobj, dobj := kernels.Dot(t.c, d.v)/d.tau, (kernels.Dot(t.b, d.y)-us)/d.tau
	value := 1 / (d.sc.beta * d.sc.gamma)
	shift := d.p.C0 + t.c0*value
	primal, dual := d.originalResiduals()
	return residuals{
		primal:    max(kernels.NormInf(d.rp)/(1+kernels.NormInf(t.b))/d.tau, kernels.NormInf(d.ru)/(1+t.maxU)/d.tau, primal),
		dual:      max(kernels.NormInf(d.rd)/(1+kernels.NormInf(t.c))/d.tau, dual),
		gap:       math.Abs(pobj-dobj) * value / (1 + math.Abs(pobj*value+shift)),
		objective: pobj*value + shift,
		bound:     dobj*value + shift,
	}
}

// originalResiduals are the residuals of rows and of columns' dual rows in the norms that certificates use.
func (d *ipm) originalResiduals() (primal, dual float64) {
	for i, r := range d.rp {
		r /= d.sc.row[i]
		primal += r * r
	}
	for j, r := range d.rd[:d.std.n] {
		r /= d.sc.col[j]
		dual += r * r
	}
	return math.Sqrt(primal) / (d.sc.beta * d.tau * (1 + d.sc.normB)), math.Sqrt(dual) / (d.sc.gamma * d.tau * (1 + d.sc.normC))
}

// keep remembers the point when it is the best, and reports whether it is good enough.
func (d *ipm) keep(res residuals) bool {
	d.best.since++
	e := res.worst()
	if e < 0.9*d.best.error || d.best.v == nil {
		d.best.since = 0
	}
	if e < d.best.error || d.best.v == nil {
		d.best.error, d.best.tau = e, d.tau
		d.best.v, d.best.y = append(d.best.v[:0], d.v...), append(d.best.y[:0], d.y...)
	}
	return e <= d.goal
}

// finish gives the best point in the caller's units.
func (d *ipm) finish(status Status, note string) outcome {
	x, y := d.std.point(d.best.v, d.best.y, d.best.tau)
	x, y = d.sc.toOriginal(x, y)
	return outcome{status: status, x: x, y: y, iters: d.iters, note: note}
}

// farkasMiss is by how much the duals miss Aᵀy + z − s = 0, the largest part, scaled.
func (d *ipm) farkasMiss() float64 {
	miss := 0.0
	for j, r := range d.rd {
		miss = max(miss, math.Abs(r-d.std.c[j]*d.tau))
	}
	return miss
}

// ray tests for a proof of infeasibility or unboundedness once τ has become small beside κ.
func (d *ipm) ray() (Status, []float64) {
	if d.tau > 1e-3*d.kappa {
		return "", nil
	}
	us := 0.0
	for j := range d.v {
		if d.std.bounded(j) {
			us += d.std.u[j] * d.s[j]
		}
	}
	if value := kernels.Dot(d.std.b, d.y) - us; value > 0 && d.farkasMiss() < value*ipmRayMiss {
		_, ray := d.sc.toOriginal(nil, d.y)
		if ray = unit(ray); provesInfeasible(d.p, ray, true) {
			return Infeasible, ray
		}
	}
	if kernels.Dot(d.std.c, d.v) < 0 {
		x, _ := d.std.point(d.v, d.y, 0)
		ray, _ := d.sc.toOriginal(x, nil)
		if ray = unit(ray); unboundedAlong(d.p, ray) {
			return Unbounded, ray
		}
	}
	return "", nil
}
