package leontief

import (
	"math"

	"planwerk/kernels"
)

// bicgstab improves x until the residual it computes on the way is at most goal (Euclidean), preconditioned from the right
// so that this is the residual of the system itself (van der Vorst 1992; Saad, Iterative Methods, §7.4.2). It returns
// early when it breaks down; the caller starts it again from the true residual.
func (p *problem) bicgstab(x []float64, goal float64, pre preconditioner) error {
	n := len(x)
	w := make([]float64, 7*n)
	take := func() (v []float64) { v, w = w[:n:n], w[n:]; return v }
	r, shadow, dir, v, t, hat, hat2 := take(), take(), take(), take(), take(), take(), take()
	if _, plain := pre.(identity); plain {
		hat, hat2 = dir, r // K⁻¹ changes nothing
	}
	norms, err := p.sum(func(lo, hi int) sums {
		p.apply(r, x, lo, hi)
		for i := lo; i < hi; i++ {
			r[i] = p.b[i] - r[i]
		}
		copy(shadow[lo:hi], r[lo:hi])
		return sums{kernels.Dot(r[lo:hi], r[lo:hi])}
	})
	p.products++
	if err != nil {
		return err
	}
	rho, alpha, omega, beta := norms[0], 0.0, 0.0, 0.0
	start := rho
	for p.products < p.settings.Products {
		// dir = r + β(dir − ω v); hat = K⁻¹ dir
		err := p.each(func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				dir[i] = r[i] + float64(beta*(dir[i]-float64(omega*v[i])))
			}
			pre.apply(hat, dir, lo, hi)
		})
		if err != nil {
			return err
		}
		s, err := p.sum(func(lo, hi int) sums {
			p.apply(v, hat, lo, hi)
			return sums{kernels.Dot(shadow[lo:hi], v[lo:hi])}
		})
		p.products++
		if err != nil {
			return err
		}
		if alpha = rho / s[0]; !usable(alpha) {
			return nil
		}
		// r = r − α v; hat2 = K⁻¹ r
		s, err = p.sum(func(lo, hi int) sums {
			kernels.Axpy(-alpha, v[lo:hi], r[lo:hi])
			pre.apply(hat2, r, lo, hi)
			return sums{kernels.Dot(r[lo:hi], r[lo:hi])}
		})
		if err != nil {
			return err
		}
		if s[0] <= goal*goal {
			return p.each(func(_, lo, hi int) { kernels.Axpy(alpha, hat[lo:hi], x[lo:hi]) })
		}
		s, err = p.sum(func(lo, hi int) sums {
			p.apply(t, hat2, lo, hi)
			return sums{kernels.Dot(t[lo:hi], r[lo:hi]), kernels.Dot(t[lo:hi], t[lo:hi])}
		})
		p.products++
		if err != nil {
			return err
		}
		omega = s[0] / s[1]
		ok := usable(omega)
		if !ok {
			omega = 0
		}
		s, err = p.sum(func(lo, hi int) sums {
			kernels.Axpy(alpha, hat[lo:hi], x[lo:hi])
			kernels.Axpy(omega, hat2[lo:hi], x[lo:hi])
			kernels.Axpy(-omega, t[lo:hi], r[lo:hi])
			return sums{kernels.Dot(shadow[lo:hi], r[lo:hi]), kernels.Dot(r[lo:hi], r[lo:hi])}
		})
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

// usable reports whether a coefficient can be gone on with.
func usable(c float64) bool { return c != 0 && !math.IsNaN(c) && !math.IsInf(c, 0) }
