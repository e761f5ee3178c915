package leontief

import (
	"math"

	"planwerk/kernels"
)

// bicgstab improves x until the residual it computes on the way is at most goal (Euclidean), preconditioned from the right
// so that this is the residual of the system itself (van der Vorst 1992; Saad, Iterative Methods, §7.4.2). It returns
// early when it breaks down; the caller starts it again from the true residual.
func (p *problem) bicgstab(x []float64, goal float64, pre preconditioner) error {
	k := newStab(p, pre)
	rho, err := k.start(x)
	if err != nil {
		return err
	}
	start, omega, beta := rho, 0.0, 0.0
	for p.products < p.settings.Products {
		shadowV, err := k.direct(omega, beta)
		if err != nil {
			return err
		}
		alpha := rho / shadowV
		if !usable(alpha) {
			return nil
		}
		// r = r − α v; hat2 = K⁻¹ r
		s, err := p.sum(func(lo, hi int) sums {
			kernels.Axpy(-alpha, k.v[lo:hi], k.r[lo:hi])
			pre.apply(k.hat2, k.r, lo, hi)
			return sums{kernels.Dot(k.r[lo:hi], k.r[lo:hi])}
		})
		if err != nil {
			return err
		}
		if s[0] <= goal*goal {
			return p.each(func(_, lo, hi int) { kernels.Axpy(alpha, k.hat[lo:hi], x[lo:hi]) })
		}
		if omega, err = k.stabilise(); err != nil {
			return err
		}
		ok := usable(omega)
		if !ok {
			omega = 0
		}
		s, err = k.update(x, alpha, omega)
		if err != nil || !ok || s[1] <= goal*goal || !(s[1] < 1e16*start) {
			return err
		}
		beta = s[0] / rho * (alpha / omega)
		if rho = s[0]; !usable(beta) {
			return nil
		}
	}
	return nil
}

// stab holds the vectors of BiCGSTAB, named as in the books but for p (dir), r̂₀ (shadow), K⁻¹p (hat) and K⁻¹s (hat2).
type stab struct {
	*problem
	pre                             preconditioner
	r, shadow, dir, v, t, hat, hat2 []float64
}

func newStab(p *problem, pre preconditioner) *stab {
	n := len(p.b)
	w := make([]float64, 7*n)
	take := func() (v []float64) { v, w = w[:n:n], w[n:]; return v }
	k := &stab{p, pre, take(), take(), take(), take(), take(), take(), take()}
	if _, plain := pre.(identity); plain {
		k.hat, k.hat2 = k.dir, k.r // K⁻¹ changes nothing
	}
	return k
}

// start sets the residual and its shadow and returns its square.
func (k *stab) start(x []float64) (float64, error) {
	k.products++
	s, err := k.sum(func(lo, hi int) sums {
		k.apply(k.r, x, lo, hi)
		for i := lo; i < hi; i++ {
			k.r[i] = k.b[i] - k.r[i]
		}
		copy(k.shadow[lo:hi], k.r[lo:hi])
		return sums{kernels.Dot(k.r[lo:hi], k.r[lo:hi])}
	})
	return s[0], err
}

// direct sets dir = r + β(dir − ω v), hat = K⁻¹ dir, v = (I − M)hat and returns shadow·v.
func (k *stab) direct(omega, beta float64) (float64, error) {
	err := k.each(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			k.dir[i] = k.r[i] + float64(beta*(k.dir[i]-float64(omega*k.v[i])))
		}
		k.pre.apply(k.hat, k.dir, lo, hi)
	})
	if err != nil {
		return 0, err
	}
	k.products++
	s, err := k.sum(func(lo, hi int) sums {
		k.apply(k.v, k.hat, lo, hi)
		return sums{kernels.Dot(k.shadow[lo:hi], k.v[lo:hi])}
	})
	return s[0], err
}

// stabilise sets t = (I − M)hat2 and returns ω = t·r / t·t.
func (k *stab) stabilise() (float64, error) {
	k.products++
	s, err := k.sum(func(lo, hi int) sums {
		k.apply(k.t, k.hat2, lo, hi)
		return sums{kernels.Dot(k.t[lo:hi], k.r[lo:hi]), kernels.Dot(k.t[lo:hi], k.t[lo:hi])}
	})
	return s[0] / s[1], err
}

// update moves x and r by a whole step and returns shadow·r and r·r.
func (k *stab) update(x []float64, alpha, omega float64) (sums, error) {
	return k.sum(func(lo, hi int) sums {
		kernels.Axpy(alpha, k.hat[lo:hi], x[lo:hi])
		kernels.Axpy(omega, k.hat2[lo:hi], x[lo:hi])
		kernels.Axpy(-omega, k.t[lo:hi], k.r[lo:hi])
		return sums{kernels.Dot(k.shadow[lo:hi], k.r[lo:hi]), kernels.Dot(k.r[lo:hi], k.r[lo:hi])}
	})
}

// usable reports whether a coefficient can be gone on with.
func usable(c float64) bool { return c != 0 && !math.IsNaN(c) && !math.IsInf(c, 0) }
