package leontief

import (
	"math"

	"planwerk/kernels"
)

// gmres improves x by restarted GMRES, preconditioned from the right, until the residual it computes on the way is at
// most goal (Saad and Schultz 1986; Saad, Iterative Methods, §9.3.2). One cycle; the caller starts the next.
func (p *problem) gmres(x []float64, goal float64, pre preconditioner) error {
	n, most := len(x), p.settings.Restart
	g := &arnoldi{problem: p, pre: pre, basis: [][]float64{make([]float64, n)}, hat: make([]float64, n)}
	r := g.basis[0]
	s, err := p.sum(func(lo, hi int) sums {
		p.apply(r, x, lo, hi)
		for i := lo; i < hi; i++ {
			r[i] = p.b[i] - r[i]
		}
		return sums{kernels.Dot(r[lo:hi], r[lo:hi])}
	})
	p.products++
	norm := math.Sqrt(s[0])
	if err != nil || norm <= goal || !usable(norm) {
		return err
	}
	if err := g.scale(r, 1/norm); err != nil {
		return err
	}
	g.rhs = []float64{norm}
	for k := 0; k < most && p.products < p.settings.Products; k++ {
		ended, err := g.extend(k)
		if err != nil {
			return err
		}
		if ended || math.Abs(g.rhs[k+1]) <= goal {
			break
		}
	}
	return g.update(x)
}

// arnoldi is the basis of a Krylov space and its Hessenberg matrix, reduced to triangular form by rotations as it grows.
type arnoldi struct {
	*problem
	pre      preconditioner
	basis    [][]float64
	hat      []float64
	h        [][]float64 // h[k]: column k, k+1 entries, after the rotations
	cos, sin []float64
	rhs      []float64 // ‖r‖e₁ after the rotations; its last entry is the norm of the residual
}

func (g *arnoldi) scale(v []float64, f float64) error {
	return g.each(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			v[i] *= f
		}
	})
}

// extend adds one vector: v = (I − M)K⁻¹·basis[k], made orthogonal by modified Gram–Schmidt. ended: the space is exhausted.
func (g *arnoldi) extend(k int) (ended bool, err error) {
	v := make([]float64, len(g.hat))
	if err := g.each(func(_, lo, hi int) { g.pre.apply(g.hat, g.basis[k], lo, hi) }); err != nil {
		return false, err
	}
	s, err := g.sum(func(lo, hi int) sums {
		g.apply(v, g.hat, lo, hi)
		return sums{kernels.Dot(v[lo:hi], g.basis[0][lo:hi])}
	})
	g.products++
	if err != nil {
		return false, err
	}
	h := make([]float64, k+2)
	for j := range k + 1 {
		h[j] = s[0]
		next := v // the last step gives the square of the norm
		if j < k {
			next = g.basis[j+1]
		}
		s, err = g.sum(func(lo, hi int) sums {
			kernels.Axpy(-h[j], g.basis[j][lo:hi], v[lo:hi])
			return sums{kernels.Dot(v[lo:hi], next[lo:hi])}
		})
		if err != nil {
			return false, err
		}
	}
	h[k+1] = math.Sqrt(s[0])
	if ended = !usable(h[k+1]); !ended {
		if err := g.scale(v, 1/h[k+1]); err != nil {
			return false, err
		}
		g.basis = append(g.basis, v)
	}
	g.rotate(h)
	return ended, nil
}

// rotate applies the rotations so far to a new column and adds the one that clears its last entry.
func (g *arnoldi) rotate(h []float64) {
	k := len(h) - 2
	for j := range k {
		a, b := h[j], h[j+1]
		h[j] = float64(g.cos[j]*a) + float64(g.sin[j]*b)
		h[j+1] = float64(g.cos[j]*b) - float64(g.sin[j]*a)
	}
	size := math.Hypot(h[k], h[k+1])
	c, s := 1.0, 0.0
	if size > 0 {
		c, s = h[k]/size, h[k+1]/size
	}
	h[k] = size
	g.cos, g.sin, g.h = append(g.cos, c), append(g.sin, s), append(g.h, h[:k+1])
	last := g.rhs[k]
	g.rhs[k] = float64(c * last)
	g.rhs = append(g.rhs, float64(-s*last))
}

// update adds K⁻¹ Σ yⱼ·basis[j] to x, with y the least-squares solution.
func (g *arnoldi) update(x []float64) error {
	k := len(g.h)
	y := make([]float64, k)
	for j := k - 1; j >= 0; j-- {
		sum := g.rhs[j]
		for q := j + 1; q < k; q++ {
			sum -= float64(g.h[q][j] * y[q])
		}
		if y[j] = sum / g.h[j][j]; !usable(y[j]) {
			y[j] = 0
		}
	}
	v := make([]float64, len(x))
	return g.each(func(_, lo, hi int) {
		for j, f := range y {
			kernels.Axpy(f, g.basis[j][lo:hi], v[lo:hi])
		}
		g.pre.apply(g.hat, v, lo, hi)
		kernels.Axpy(1, g.hat[lo:hi], x[lo:hi])
	})
}
