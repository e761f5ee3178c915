package lp

import (
	"math"

	"planwerk/kernels"
)

// step takes predictor, corrector and centrality correctors, and moves. It reports false when no step is possible.
func (d *ipm) step() bool {
	t := d.std
	for j := range d.r1 {
		d.r1[j] = t.c[j]
		if t.bounded(j) {
			d.r1[j] -= d.s[j] / d.w[j] * t.u[j]
		}
	}
	copy(d.r2, t.b)
	d.k.solve(d.px, d.py, d.r1, d.r2)

	for j := range d.v {
		d.xzTarget[j], d.wsTarget[j] = -d.v[j]*d.z[j], -d.w[j]*d.s[j]
	}
	d.solveDirection(&d.predictor, 1, -d.tau*d.kappa)
	alpha := d.longest(&d.predictor)
	gamma := (1 - alpha) * (1 - alpha) * min(0.3, 1-alpha)
	gamma = max(gamma, 1e-6)
	a := &d.predictor
	for j := range d.v {
		d.xzTarget[j] = gamma*d.mu - d.v[j]*d.z[j] - a.v[j]*a.z[j]
		d.wsTarget[j] = gamma*d.mu - d.w[j]*d.s[j] - a.w[j]*a.s[j]
	}
	d.solveDirection(&d.direction, 1-gamma, gamma*d.mu-d.tau*d.kappa-a.tau*a.kappa)
	alpha = d.longest(&d.direction)
	if alpha < 0.1 { // the second-order term leads astray: take the plain centred direction
		gamma = 0.5
		for j := range d.v {
			d.xzTarget[j], d.wsTarget[j] = gamma*d.mu-d.v[j]*d.z[j], gamma*d.mu-d.w[j]*d.s[j]
		}
		d.solveDirection(&d.predictor, 1-gamma, gamma*d.mu-d.tau*d.kappa)
		if again := d.longest(&d.predictor); again > alpha {
			d.direction, d.predictor = d.predictor, d.direction
			alpha = again
		}
	} else {
		alpha = d.correctCentrality(alpha, gamma)
	}
	alpha *= ipmStepBack
	if !(alpha > 1e-10) {
		return false
	}
	d.move(alpha)
	return true
}

// solveDirection solves the Newton system that reduces the residuals by eta and moves the products v z, w s, τκ by the
// targets. With Θ⁻¹ = z/v + s/w, eliminating dz, dw, ds leaves −Θ⁻¹dv + Aᵀdy = r₁ + (c − (s/w)u) dτ, A dv = r₂ + b dτ.
func (d *ipm) solveDirection(dir *ipmDirection, eta, tkTarget float64) {
	t := d.std
	uTerm, uu := 0.0, 0.0
	for j := range d.r1 {
		r := eta * d.rd[j]
		if !t.free[j] {
			r -= d.xzTarget[j] / d.v[j]
		}
		if t.bounded(j) {
			q := (d.wsTarget[j] - d.s[j]*eta*d.ru[j]) / d.w[j]
			r += q
			uTerm += t.u[j] * q
			uu += d.s[j] / d.w[j] * t.u[j] * t.u[j]
		}
		d.r1[j] = r
	}
	for i := range d.r2 {
		d.r2[i] = eta * d.rp[i]
	}
	d.k.solve(dir.v, dir.y, d.r1, d.r2)
	for j := range d.tx {
		d.tx[j] = t.c[j]
		if t.bounded(j) {
			d.tx[j] += d.s[j] / d.w[j] * t.u[j]
		}
	}
	num := -eta*d.rg - tkTarget/d.tau - uTerm - kernels.Dot(d.tx, dir.v) + kernels.Dot(t.b, dir.y)
	den := kernels.Dot(d.tx, d.px) - kernels.Dot(t.b, d.py) - uu - d.kappa/d.tau
	dir.tau = num / den
	kernels.Axpy(dir.tau, d.px, dir.v)
	kernels.Axpy(dir.tau, d.py, dir.y)
	dir.kappa = (tkTarget - d.kappa*dir.tau) / d.tau
	for j := range d.v {
		dir.z[j] = 0
		if !t.free[j] {
			dir.z[j] = (d.xzTarget[j] - d.z[j]*dir.v[j]) / d.v[j]
		}
		if t.bounded(j) {
			dir.w[j] = eta*d.ru[j] + t.u[j]*dir.tau - dir.v[j]
			dir.s[j] = (d.wsTarget[j] - d.s[j]*dir.w[j]) / d.w[j]
		}
	}
}

// longest is the longest step ≤ 1 that keeps all that must be positive so.
func (d *ipm) longest(dir *ipmDirection) float64 {
	alpha := 1.0
	check := func(v, dv float64) {
		if alpha*dv < -v {
			alpha = -v / dv
		} else if dv != dv {
			alpha = 0
		}
	}
	for j := range d.v {
		if d.std.free[j] {
			continue
		}
		check(d.v[j], dir.v[j])
		check(d.z[j], dir.z[j])
		if d.std.bounded(j) {
			check(d.w[j], dir.w[j])
			check(d.s[j], dir.s[j])
		}
	}
	check(d.tau, dir.tau)
	check(d.kappa, dir.kappa)
	return alpha
}

// correctCentrality tries up to two correctors that aim products far from their target at a longer step (Gondzio 1996),
// and gives the step length of the direction kept.
func (d *ipm) correctCentrality(alpha, gamma float64) float64 {
	if d.k.sym.flops < 2e7 && alpha > 0.9 {
		return alpha
	}
	const betaMin, betaMax = 0.1, 10
	for range 2 {
		if alpha > 0.95 {
			break
		}
		reach := min(1, alpha+0.3)
		goal := gamma * d.mu
		aim := func(v, dv, z, dz float64) float64 {
			p := (v + reach*dv) * (z + reach*dz)
			switch {
			case p < betaMin*goal:
				return betaMin*goal - p
			case p > betaMax*goal:
				return max(betaMax*goal-p, -betaMax*goal)
			}
			return 0
		}
		c := &d.direction
		for j := range d.v {
			// Targets so far are recovered from the direction: v dz + z dv is what it aims at.
			d.xzTarget[j] = d.v[j]*c.z[j] + d.z[j]*c.v[j] + aim(d.v[j], c.v[j], d.z[j], c.z[j])
			d.wsTarget[j] = d.w[j]*c.s[j] + d.s[j]*c.w[j] + aim(d.w[j], c.w[j], d.s[j], c.s[j])
		}
		tk := d.tau*c.kappa + d.kappa*c.tau + aim(d.tau, c.tau, d.kappa, c.kappa)
		d.solveDirection(&d.predictor, 1-gamma, tk)
		again := d.longest(&d.predictor)
		if again < alpha*1.01+0.01 {
			break
		}
		d.direction, d.predictor = d.predictor, d.direction
		alpha = again
	}
	return alpha
}

// move goes along the direction, and rescales the embedding when its values leave the comfortable range.
func (d *ipm) move(alpha float64) {
	c := &d.direction
	for _, pair := range [][2][]float64{{c.v, d.v}, {c.z, d.z}, {c.w, d.w}, {c.s, d.s}, {c.y, d.y}} {
		kernels.Axpy(alpha, pair[0], pair[1])
	}
	d.tau += alpha * c.tau
	d.kappa += alpha * c.kappa
	if size := max(d.tau, d.kappa); size < 1e-4 || size > 1e4 {
		f := 1 / size
		for _, v := range [][]float64{d.v, d.z, d.w, d.s, d.y} {
			for i := range v {
				v[i] *= f
			}
		}
		d.tau, d.kappa = d.tau*f, d.kappa*f
	}
	for j := range d.v { // exact zeros would stop all later steps
		if !d.std.free[j] {
			d.v[j], d.z[j] = max(d.v[j], 1e-200), max(d.z[j], 1e-200)
			if math.IsNaN(d.v[j]) || math.IsNaN(d.z[j]) {
				d.best.since = ipmPatience
			}
		}
	}
}
