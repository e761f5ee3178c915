package lp

import (
	"math"
	"slices"

	"planwerk/kernels"
)

// proximal is the proximal point method on prices and levels, scaled: each outer step maximises
//
//	ψ(y) = Σ_i (y_i > 0 ? lo_i : hi_i) y_i − ‖y − y_k‖²/(2σ) + Σ_j min_{l ≤ z ≤ u} [(c − Aᵀy)_j z + (z − z_k)²/(2τ)]_j,
//
// concave, with z_j(y) = clip(z_k − τ(c − Aᵀy))_j and ∇ψ = b − A z(y) − (y − y_k)/σ.
type proximal struct {
	m          *planMethod
	s          *scaled
	c          []float64 // costs
	tau, sigma float64
	zk, yk     []float64
	res        residuals // of (zk, yk)

	y, z, aty, az []float64
	inside        []float64 // J: 1 for columns strictly between their bounds, 0 for others
	grad          []float64 // ∇ψ on free rows, 0 elsewhere
	free          []bool
	d, w          []float64
	lin           *newtonSystem
	coarse        *coarseSpace
	effects       map[int32][]effect // of ghosts' prices, found in this outer step
}

func newProximal(m *planMethod, pt planPoint) *proximal {
	n, rows := len(pt.z), len(pt.y)
	vec := kernels.Large[float64]
	q := &proximal{m: m, s: m.s, c: m.s.c, tau: planFirstTau, zk: vec(n), yk: slices.Clone(pt.y), res: pt.res, y: slices.Clone(pt.y),
		z: vec(n), aty: vec(n), az: vec(rows), inside: vec(n), grad: vec(rows), free: make([]bool, rows), d: vec(rows), w: vec(n)}
	copy(q.zk, pt.z)
	q.lin = newNewtonSystem(q)
	return q
}

// retreat goes back to the best point with a shorter step.
func (q *proximal) retreat(pt planPoint) {
	if pt.z == nil {
		return
	}
	copy(q.zk, pt.z)
	copy(q.yk, pt.y)
	copy(q.y, pt.y)
	q.res = pt.res
	q.tau = max(q.tau/8, 1)
}

const (
	innerLimit = 30
	innerStop  = 0.01
)

// outer maximises ψ roughly and moves (z_k, y_k) there.
func (q *proximal) outer() {
	q.sigma = planSigmaPerTau * q.tau
	q.effects = nil
	q.s.mulAt(q.aty, q.y)
	inner := 0
	for ; inner < innerLimit; inner++ {
		q.evaluate()
		norm := kernels.Norm2(q.grad)
		if norm <= innerStop*(distance(q.y, q.yk)/q.sigma+distance(q.z, q.zk)/q.tau) || norm == 0 {
			break
		}
		if q.m.ctx.Err() != nil {
			break
		}
		q.lin.direction(norm)
		q.m.newton++
		q.m.iters++
		if !q.move(norm) {
			break
		}
	}
	q.evaluate()
	copy(q.zk, q.z)
	copy(q.yk, q.y)
	q.res = q.m.errors(q.z, q.y, q.az, q.aty)
	grow := 2.0
	switch {
	case inner <= 3:
		grow = 4
	case inner == innerLimit: // too long a step to be solved for
		grow = 0.5
	}
	q.tau = min(q.tau*grow, planLargestTau)
}

func distance(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		d := v - b[i]
		sum += d * d
	}
	return math.Sqrt(sum)
}

// evaluate takes z(y), A z, the gradient, the free rows and J.
func (q *proximal) evaluate() {
	s := q.s
	s.each(s.cutCol, func(_, lo, hi int) {
		for j := lo; j < hi; j++ {
			v, in := q.zk[j]-q.tau*(q.c[j]-q.aty[j]), 1.0
			if v <= s.lo[j] {
				v, in = s.lo[j], 0
			} else if v >= s.hi[j] {
				v, in = s.hi[j], 0
			}
			q.z[j], q.inside[j] = v, in
		}
	})
	s.each(s.cutRow, func(_, lo, hi int) {
		s.a.MulRows(q.az, q.z, lo, hi)
		for i := lo; i < hi; i++ {
			q.grad[i], q.free[i] = q.rowGradient(i)
		}
	})
}

// rowGradient is ∂ψ/∂y_i and whether the row is free: at a kink (y_i = 0 between two different sides) the gradient is an
// interval, and the row stays where it is when that holds zero.
func (q *proximal) rowGradient(i int) (float64, bool) {
	s, y := q.s, q.y[i]
	rest := q.az[i] + (y-q.yk[i])/q.sigma
	lo, hi := s.rowLo[i]-rest, s.rowHi[i]-rest
	switch {
	case y > 0 || lo > 0:
		return lo, true
	case y < 0 || hi < 0:
		return hi, true
	}
	return 0, false
}

// project keeps a price on its side of zero: prices of rows with two different sides do not change their sign in a step.
func (q *proximal) project(i int, old, y float64) float64 {
	if q.s.rowLo[i] == q.s.rowHi[i] {
		return y
	}
	if old > 0 || (old == 0 && q.grad[i] > 0) {
		return max(y, 0)
	}
	return min(y, 0)
}

// move goes along d by an exact line search on ψ, which is piecewise quadratic along it; when prices reach zero early,
// by a projected search instead. It reports false when no step improves ψ.
func (q *proximal) move(norm float64) bool {
	q.s.mulAt(q.w, q.d)
	t := q.exactStep()
	if !(t > 0) {
		return false
	}
	reach := math.Inf(1)
	for i, d := range q.d {
		if y := q.y[i]; q.s.rowLo[i] != q.s.rowHi[i] && y*d < 0 {
			reach = min(reach, -y/d)
		}
	}
	if reach < min(t, 0.3) {
		return q.projectedMove(t)
	}
	crossed := false
	for i, d := range q.d {
		if d == 0 {
			continue
		}
		y := q.y[i] + t*d
		p := q.project(i, q.y[i], y)
		crossed = crossed || p != y
		q.y[i] = p
	}
	if crossed {
		q.s.mulAt(q.aty, q.y)
	} else {
		kernels.Axpy(t, q.w, q.aty)
	}
	return true
}

// exactStep finds t ≤ 2 with |ψ'(t)| ≤ 0.1 ψ'(0) by bracketing and regula falsi; each trial costs no product.
func (q *proximal) exactStep() float64 {
	s := q.s
	dy, dd := 0.0, 0.0
	for i, d := range q.d {
		if d == 0 {
			continue
		}
		b := s.rowLo[i]
		if q.y[i] < 0 || (q.y[i] == 0 && q.grad[i] < 0) {
			b = s.rowHi[i]
		}
		dy += d * (b - (q.y[i]-q.yk[i])/q.sigma)
		dd += d * d / q.sigma
	}
	slope := func(t float64) float64 {
		return dy - t*dd - s.total(s.cutCol, func(lo, hi int) float64 {
			sum := 0.0
			for j := lo; j < hi; j++ {
				if w := q.w[j]; w != 0 {
					v := q.zk[j] - q.tau*(q.c[j]-q.aty[j]-t*w)
					sum += w * min(max(v, s.lo[j]), s.hi[j])
				}
			}
			return sum
		})
	}
	at0 := slope(0)
	if !(at0 > 0) {
		return 0
	}
	enough := 0.1 * at0
	lo, hi, fLo := 0.0, 1.0, at0
	fHi := slope(hi)
	if fHi > enough {
		lo, fLo = hi, fHi
		hi = 2
		if fHi = slope(hi); fHi > -enough {
			return hi
		}
	}
	if math.Abs(fHi) <= enough {
		return hi
	}
	for range 25 {
		t := lo + (hi-lo)*fLo/(fLo-fHi)
		t = min(max(t, lo+0.05*(hi-lo)), hi-0.05*(hi-lo))
		f := slope(t)
		if math.Abs(f) <= enough {
			return t
		}
		if f > 0 {
			lo, fLo = t, f
		} else {
			hi, fHi = t, f
		}
	}
	return lo
}

// psi is ψ at y with Aᵀy given.
func (q *proximal) psi(y, aty []float64) float64 {
	s := q.s
	sum := 0.0
	for i, v := range y {
		if v > 0 {
			sum += v * s.rowLo[i]
		} else if v < 0 {
			sum += v * s.rowHi[i]
		}
		d := v - q.yk[i]
		sum -= d * d / (2 * q.sigma)
	}
	return sum + s.total(s.cutCol, func(lo, hi int) float64 {
		part := 0.0
		for j := lo; j < hi; j++ {
			r := q.c[j] - aty[j]
			z := min(max(q.zk[j]-q.tau*r, s.lo[j]), s.hi[j])
			part += r*z + (z-q.zk[j])*(z-q.zk[j])/(2*q.tau)
		}
		return part
	})
}

// projectedMove tries steps t, t/2, … along the projected path until ψ grows enough (Armijo).
func (q *proximal) projectedMove(t float64) bool {
	base := q.psi(q.y, q.aty)
	trial, aty := make([]float64, len(q.y)), make([]float64, len(q.aty))
	for range 12 {
		gain := 0.0
		for i, d := range q.d {
			trial[i] = q.y[i]
			if d != 0 {
				trial[i] = q.project(i, q.y[i], q.y[i]+t*d)
				gain += q.grad[i] * (trial[i] - q.y[i])
			}
		}
		q.s.mulAt(aty, trial)
		if v := q.psi(trial, aty); v >= base+1e-4*max(gain, 0) && v > base {
			copy(q.y, trial)
			copy(q.aty, aty)
			return true
		}
		t /= 2
	}
	return false
}

// errors measures a point with its products as §4.2 step 7 does, in the program's own units.
func (m *planMethod) errors(z, y, az, aty []float64) residuals {
	s := m.s
	value := 1 / (s.beta * s.gamma)
	var t measures
	for j := range z {
		t.objective += s.c[j] * z[j] * value
		r := s.c[j] - aty[j]
		kept, obj := boundValue(r, s.lo[j], s.hi[j])
		t.dualObj += obj * value
		miss := (r - kept) / (s.col[j] * s.gamma)
		t.dual += miss * miss
	}
	for i := range y {
		miss := (az[i] - min(max(az[i], s.rowLo[i]), s.rowHi[i])) / (s.row[i] * s.beta)
		t.primal += miss * miss
		_, obj := boundValue(y[i], s.rowLo[i], s.rowHi[i])
		t.dualObj += obj * value
	}
	t.primal, t.dual = math.Sqrt(t.primal), math.Sqrt(t.dual)
	return relative(t, s.normB, s.normC, m.p.C0)
}
