package lp

import (
	"math"

	"planwerk/kernels"
)

// newtonSystem is (τ A_J A_Jᵀ + I/σ) d = ∇ψ on the free rows, solved by conjugate gradients preconditioned by the
// diagonal plus a coarse space of the few slow directions.
type newtonSystem struct {
	q *proximal
	subMatrix
	diag     []float64
	inv      []float64
	t        []float64
	r, p, ap []float64
	h        []float64
	lastCG   int // count of the last solve, and after the last rebuild of the coarse space
	baseCG   int
}

func newNewtonSystem(q *proximal) *newtonSystem {
	m, n := len(q.y), len(q.z)
	vec := func() []float64 { return make([]float64, m) }
	return &newtonSystem{q: q, diag: vec(), inv: vec(), t: make([]float64, n), r: vec(), p: vec(), ap: vec(), h: vec()}
}

const (
	cgLimit        = 400
	rebuildFactor  = 1.25
	rebuildOffset  = 15
	leastForcing   = 0.05
	forcingFactor  = 0.1
	forcingPower   = 0.3
	leastDiagonals = 1e-300
)

// compact copies the columns in J and the free rows, and takes the diagonal.
func (l *newtonSystem) compact() {
	q, s := l.q, l.q.s
	l.take(s, q.inside, q.free)
	s.each(l.cutA, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			_, vals := l.a.Row(i)
			sum := 0.0
			for _, v := range vals {
				sum += v * v
			}
			l.diag[i] = q.tau*sum + 1/q.sigma
			l.inv[i] = 1 / l.diag[i]
		}
	})
}

// multiply sets ap to the system's product with p, which is zero on rows that are not free.
func (l *newtonSystem) multiply() {
	s := l.q.s
	t := l.t[:l.at.Rows]
	s.each(l.cutAt, func(_, lo, hi int) { l.at.MulRows(t, l.p, lo, hi) })
	s.each(l.cutA, func(_, lo, hi int) {
		l.a.MulRows(l.ap, t, lo, hi)
		for i := lo; i < hi; i++ {
			l.ap[i] = l.q.tau*l.ap[i] + l.p[i]/l.q.sigma
		}
	})
}

// direction solves the system for q.d. The coarse space is rebuilt when the count of steps has grown since it was built.
func (l *newtonSystem) direction(norm float64) {
	q := l.q
	l.compact()
	if q.coarse == nil || float64(l.lastCG) > rebuildFactor*float64(l.baseCG)+rebuildOffset {
		q.coarse = newCoarseSpace(q, l)
		l.baseCG = -1
	}
	scale := kernels.Norm2(finiteSides(q.s))
	forcing := min(leastForcing, forcingFactor*math.Pow(norm/(1e-300+scale), forcingPower))
	l.lastCG = l.limited(q.d, forcing*norm, cgLimit)
	q.m.cg += l.lastCG
	if l.baseCG < 0 {
		l.baseCG = l.lastCG
	}
}

// finiteSides is the right-hand side whose size sets the accuracy of steps.
func finiteSides(s *scaled) []float64 {
	if s.sides == nil {
		s.sides = make([]float64, len(s.rowLo))
		for i := range s.sides {
			s.sides[i] = rowSize(s.rowLo[i], s.rowHi[i])
		}
	}
	return s.sides
}

// precondition sets h = P⁻¹ r.
func (l *newtonSystem) precondition() {
	for i, v := range l.r {
		l.h[i] = v * l.inv[i]
	}
	if c := l.q.coarse; c != nil {
		c.add(l.h, l.r, l.q.free, l.q.tau)
	}
}

// limited solves to |residual| ≤ goal by preconditioned conjugate gradients from zero, in at most limit steps, and gives
// their count.
func (l *newtonSystem) limited(d []float64, goal float64, limit int) int {
	clear(d)
	for i, free := range l.q.free {
		l.r[i] = 0
		if free {
			l.r[i] = l.q.grad[i]
		}
	}
	l.precondition()
	copy(l.p, l.h)
	rz := kernels.Dot(l.r, l.h)
	for k := 1; k <= limit; k++ {
		l.multiply()
		pap := kernels.Dot(l.p, l.ap)
		if !(pap > leastDiagonals) {
			return k
		}
		alpha := rz / pap
		kernels.Axpy(alpha, l.p, d)
		kernels.Axpy(-alpha, l.ap, l.r)
		if kernels.Norm2(l.r) <= goal {
			return k
		}
		l.precondition()
		next := kernels.Dot(l.r, l.h)
		beta := next / rz
		rz = next
		for i, v := range l.h {
			l.p[i] = v + beta*l.p[i]
		}
	}
	return limit
}
