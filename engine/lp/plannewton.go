package lp

import (
	"math"

	"planwerk/kernels"
)

// newtonSystem is (τ A_J A_Jᵀ + I/σ) d = ∇ψ on the free rows, solved by conjugate gradients preconditioned by the
// diagonal plus a coarse space of the few slow directions. It keeps a copy of the columns in J and of those that may come
// into it, and masks the latter: J changes at every step, and to copy it anew costs more than to pass over a few.
type newtonSystem struct {
	q        *proximal
	some     someColumns
	in       []float64 // of these columns: 1 in J, 0 else
	inv      []float64 // of the diagonal
	t        []float64
	r, p, ap []float64
	h        []float64
	lastCG   int // count of the last solve, and after the last rebuild of the coarse space
	baseCG   int
}

func newNewtonSystem(q *proximal) *newtonSystem {
	m := len(q.y)
	vec := func() []float64 { return kernels.Large[float64](m) }
	return &newtonSystem{q: q, inv: vec(), r: vec(), p: vec(), ap: vec(), h: vec()}
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

// prepare sees to it that the columns in J are at hand, and takes the inverse of the system's diagonal.
func (l *newtonSystem) prepare() {
	q := l.q
	if !l.mask() {
		l.some.choose(q.s, q.m.st, q.z, q.y, q.aty)
		l.some.part.take(q.s, l.some.cols, nil)
		l.mask()
	}
	l.diagonal()
}

// mask marks the columns in J, and reports whether they are all at hand.
func (l *newtonSystem) mask() bool {
	l.in = resize(l.in, len(l.some.cols))
	for e, j := range l.some.cols {
		l.in[e] = l.q.inside[j]
	}
	return len(l.in) > 0 && kernels.SumFloat64(l.in) == kernels.SumFloat64(l.q.inside)
}

// diagonal takes the inverse of the system's diagonal.
func (l *newtonSystem) diagonal() {
	q, part := l.q, &l.some.part
	q.s.each(part.cutA, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			cols, vals := part.a.Row(i)
			sum := 0.0
			for k, v := range vals {
				sum += v * v * l.in[cols[k]]
			}
			l.inv[i] = 1 / (q.tau*sum + 1/q.sigma)
		}
	})
}

// multiply sets ap to the system's product with p, which is zero on rows that are not free, and gives p·ap.
func (l *newtonSystem) multiply() float64 {
	q, part := l.q, &l.some.part
	l.t = resize(l.t, part.at.Rows)
	q.s.each(part.cutAt, func(_, lo, hi int) {
		part.at.MulRows(l.t, l.p, lo, hi)
		for j, in := range l.in[lo:hi] {
			l.t[lo+j] *= in
		}
	})
	return q.s.total(part.cutA, func(lo, hi int) float64 {
		part.a.MulRows(l.ap, l.t, lo, hi)
		for i := lo; i < hi; i++ {
			if l.ap[i] = q.tau*l.ap[i] + l.p[i]/q.sigma; !q.free[i] {
				l.ap[i] = 0
			}
		}
		return kernels.Dot(l.p[lo:hi], l.ap[lo:hi])
	})
}

// direction solves the system for q.d. The coarse space is rebuilt when the count of steps has grown since it was built.
func (l *newtonSystem) direction(norm float64) {
	q := l.q
	l.prepare()
	if q.coarse == nil || float64(l.lastCG) > rebuildFactor*float64(l.baseCG)+rebuildOffset {
		q.coarse = newCoarseSpace(q)
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

// precondition sets h = P⁻¹ r and gives r·h.
func (l *newtonSystem) precondition() float64 {
	q, s := l.q, l.q.s
	if q.coarse != nil {
		q.coarse.solve(l.r, q.tau)
	}
	return s.total(l.some.part.cutA, func(lo, hi int) float64 {
		for i := lo; i < hi; i++ {
			l.h[i] = l.r[i] * l.inv[i]
		}
		if q.coarse != nil {
			q.coarse.add(l.h, q.free, lo, hi)
		}
		return kernels.Dot(l.r[lo:hi], l.h[lo:hi])
	})
}

// limited solves to |residual| ≤ goal by preconditioned conjugate gradients from zero, in at most limit steps, and gives
// their count.
func (l *newtonSystem) limited(d []float64, goal float64, limit int) int {
	s := l.q.s
	clear(d)
	for i, free := range l.q.free {
		l.r[i] = 0
		if free {
			l.r[i] = l.q.grad[i]
		}
	}
	rz := l.precondition()
	copy(l.p, l.h)
	for k := 1; k <= limit; k++ {
		pap := l.multiply()
		if !(pap > leastDiagonals) {
			return k
		}
		alpha := rz / pap
		rr := s.total(l.some.part.cutA, func(lo, hi int) float64 {
			kernels.Axpy(alpha, l.p[lo:hi], d[lo:hi])
			kernels.Axpy(-alpha, l.ap[lo:hi], l.r[lo:hi])
			return kernels.Dot(l.r[lo:hi], l.r[lo:hi])
		})
		if math.Sqrt(rr) <= goal {
			return k
		}
		next := l.precondition()
		beta := next / rz
		rz = next
		s.each(l.some.part.cutA, func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				l.p[i] = l.h[i] + beta*l.p[i]
			}
		})
	}
	return limit
}
