package leontief

import (
	"context"
	"math"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// Dominator is a vector u > 0 with (I − |M|)u ≥ ½, rounding errors included. It proves that the spectral radius of |M| is
// below 1 and that ‖(I − M)⁻¹‖∞ ≤ 2·Norm.
type Dominator struct {
	U        []float64
	Norm     float64 // ‖u‖∞
	Products int     // with the matrix, to find it
}

// ErrorBound bounds ‖z − z*‖∞ for an answer with the given residual; +Inf without a dominator.
func (d *Dominator) ErrorBound(residual float64) float64 {
	if d == nil {
		return math.Inf(1)
	}
	return math.Nextafter(2*d.Norm*residual, math.Inf(1)) * (1 + 0x1p-50)
}

// dominatorSweeps is the most sweeps in search of a dominator; after them a Krylov method takes over.
const dominatorSweeps = 60

// FindDominator searches for a dominator; nil when none was found, as for every M whose |M| has a radius of 1 or more.
func FindDominator(ctx context.Context, m *sparse.CSR, threads int) (*Dominator, error) {
	b := Absolute(m)
	t := newTeam(ctx, b, threads)
	d := &Dominator{U: ones(b.Rows)}
	next := make([]float64, b.Rows)
	last := math.Inf(1)
	for range dominatorSweeps {
		// u' = 1 + |M|u, so that (I − |M|)u = 1 − (u' − u)
		s, err := t.largest(func(lo, hi int) sums {
			b.MulRows(next, d.U, lo, hi)
			most, rise := math.Inf(-1), math.Inf(-1)
			for i := lo; i < hi; i++ {
				u, mu := d.U[i], next[i]
				k := int(b.Ptr[i+1] - b.Ptr[i])
				next[i] = mu + 1
				most = larger(most, mu-u+float64(roundoff(k)*(mu+u)))
				rise = larger(rise, next[i]-u)
			}
			return sums{most, rise}
		})
		d.Products++
		if err != nil {
			return nil, err
		}
		if s[0] <= -0.5 {
			d.Norm = kernels.NormInf(d.U)
			return d, nil
		}
		if !(s[1] < 1e100) || s[1] > 0.98*last && d.Products > 20 {
			break
		}
		last = s[1]
		d.U, next = next, d.U
	}
	return solvedDominator(ctx, b, t, d.Products)
}

// solvedDominator solves (I − |M|)u = 1 and checks what comes out.
func solvedDominator(ctx context.Context, b *sparse.CSR, t *team, products int) (*Dominator, error) {
	sol, err := Solve(ctx, b, ones(b.Rows), Settings{Tolerance: 1e-10, Products: 4000, Threads: t.threads})
	if err != nil {
		return nil, err
	}
	d := &Dominator{U: sol.X, Products: products + sol.Products + 1}
	s, err := t.largest(func(lo, hi int) sums {
		most, least := math.Inf(-1), math.Inf(-1)
		for i := lo; i < hi; i++ {
			cols, vals := b.Row(i)
			u, mu := d.U[i], kernels.SparseDot(cols, vals, d.U)
			most = larger(most, mu-u+float64(roundoff(len(cols))*(math.Abs(mu)+math.Abs(u))))
			least = larger(least, -u)
		}
		return sums{most, least}
	})
	if err != nil || !(s[0] <= -0.5 && s[1] < 0) {
		return nil, err
	}
	d.Norm = kernels.NormInf(d.U)
	return d, nil
}

// larger is the larger of two; NaN wins.
func larger(a, b float64) float64 {
	if !(b <= a) {
		return b
	}
	return a
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// Absolute is |M|: M itself when it has no negative entries, else a matrix that shares its pattern.
func Absolute(m *sparse.CSR) *sparse.CSR {
	for _, v := range m.Val {
		if v < 0 {
			a := *m
			a.Val = make([]float64, len(m.Val))
			for k, v := range m.Val {
				a.Val[k] = math.Abs(v)
			}
			return &a
		}
	}
	return m
}
