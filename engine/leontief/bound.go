package leontief

import (
	"context"
	"math"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// Dominator is a vector u > 0 of which a multiple satisfies (I − |M|)u ≥ ½, rounding errors included. It proves that the
// spectral radius of |M| is below 1 and that ‖(I − M)⁻¹‖∞ ≤ 2·Norm.
type Dominator struct {
	U        []float64
	Norm     float64 // ‖u‖∞ of that multiple
	Products int     // with the matrix, to find it
}

// ErrorBound bounds ‖z − z*‖∞ for an answer with the given residual; +Inf without a dominator.
func (d *Dominator) ErrorBound(residual float64) float64 {
	if d == nil {
		return math.Inf(1)
	}
	if residual == 0 {
		return 0
	}
	return math.Nextafter(2*d.Norm*residual, math.Inf(1)) * (1 + 0x1p-50)
}

// dominatorSweeps is the most sweeps in search of a dominator; after them a Krylov method takes over.
const dominatorSweeps = 60

// FindDominator searches for a dominator; nil when none was found, as for every M whose |M| has a radius of 1 or more.
func FindDominator(ctx context.Context, m *sparse.CSR, threads int) (*Dominator, error) {
	s, err := NewSystem(m, threads)
	if err != nil {
		return nil, err
	}
	return s.Dominator(ctx)
}

// Dominator gives the system's dominator; nil when none was found. After an Update the one from before is tried first: it
// serves as long as (I − |M|)u is positive, since a multiple of it is a dominator then.
func (s *System) Dominator(ctx context.Context) (*Dominator, error) {
	if s.sought {
		return s.dominator, nil
	}
	t := s.on(ctx, s.threads)
	b, _, err := s.absolute(t)
	if err != nil {
		return nil, err
	}
	var d *Dominator
	if s.dominator != nil {
		d, err = s.proveAgain(t)
	}
	if d == nil && err == nil && s.dominator != nil && largeAndPositive(s, b) {
		d, err = s.solvedDominator(ctx, t, b, 1, s.dominator.U)
	}
	if d == nil && err == nil {
		d, err = s.seek(ctx, t, b)
	}
	if err == nil {
		s.dominator, s.sought = d, true
	}
	return d, err
}

// seek sweeps u ← 1 + |M|u until it dominates. Where that would take long it solves for u.
func (s *System) seek(ctx context.Context, t *team, b *sparse.CSR) (*Dominator, error) {
	d := &Dominator{U: ones(b.Rows)}
	next, margin := kernels.Large[float64](b.Rows), s.margins()
	last := math.Inf(1)
	for range dominatorSweeps {
		// u' = 1 + |M|u, so that (I − |M|)u = 1 − (u' − u)
		all, err := t.largest(func(lo, hi int) sums {
			b.MulRows(next, d.U, lo, hi)
			most, rise := math.Inf(-1), math.Inf(-1)
			for i := lo; i < hi; i++ {
				u, mu := d.U[i], next[i]
				k := int(b.Ptr[i+1] - b.Ptr[i])
				next[i] = mu + 1
				margin[i] = mu - u + float64(roundoff(k)*(mu+u))
				most = larger(most, margin[i])
				rise = larger(rise, next[i]-u)
			}
			return sums{most, rise}
		})
		d.Products++
		if err != nil {
			return nil, err
		}
		if all[0] <= -0.5 {
			d.Norm = kernels.NormInf(d.U)
			return d, nil
		}
		if !(all[1] < 1e100) || all[1] > 0.98*last && d.Products > 20 {
			break
		}
		if largeAndPositive(s, b) && all[1] > 4 {
			break // a product that all others use: many sweeps until its rise is small
		}
		last = all[1]
		d.U, next = next, d.U
	}
	return s.solvedDominator(ctx, t, b, d.Products, nil)
}

// largeAndPositive tells whether products with |M| are worth saving and what is kept of M serves for it.
func largeAndPositive(s *System, b *sparse.CSR) bool { return b == s.m && b.NNZ() >= largeFrom }

// solvedDominator solves (I − |M|)u = 1, from a start or none, and checks what comes out. The residual may be as large as a
// half in any entry.
func (s *System) solvedDominator(ctx context.Context, t *team, b *sparse.CSR, products int, start []float64) (*Dominator, error) {
	settings := Settings{Tolerance: 1e-10, Products: 4000, Threads: t.threads, Warm: start}
	if largeAndPositive(s, b) {
		settings.Tolerance = 0.1 / math.Sqrt(float64(b.Rows))
	}
	of := s
	if b != s.m {
		of = &System{m: b, threads: s.threads}
	}
	sol, err := of.Solve(ctx, ones(b.Rows), settings)
	if err != nil {
		return nil, err
	}
	return s.prove(t, b, &Dominator{U: sol.X, Products: products + sol.Products})
}

// margins is where the margins of a dominator go.
func (s *System) margins() []float64 {
	if s.margin == nil {
		s.margin = kernels.Large[float64](s.m.Rows)
	}
	return s.margin
}

// prove checks that (I − |M|)u is positive for d.U > 0 and sets the norm of the multiple with which it is ½ or more; nil
// when it is not.
func (s *System) prove(t *team, b *sparse.CSR, d *Dominator) (*Dominator, error) {
	next, margin := kernels.Large[float64](b.Rows), s.margins()
	all, err := t.largest(func(lo, hi int) sums {
		b.MulRows(next, d.U, lo, hi)
		most, least := math.Inf(-1), math.Inf(-1)
		for i := lo; i < hi; i++ {
			u, mu := d.U[i], next[i]
			margin[i] = mu - u + float64(roundoff(int(b.Ptr[i+1]-b.Ptr[i]))*(math.Abs(mu)+math.Abs(u)))
			most = larger(most, margin[i])
			least = larger(least, -u)
		}
		return sums{most, least}
	})
	d.Products++
	if err != nil || !(all[0] < 0 && all[1] < 0) {
		return nil, err
	}
	d.scaled(all[0])
	return d, nil
}

// scaled sets the norm of the multiple of U with which every row of (I − |M|)u is ½ or more, when −most is the least now.
func (d *Dominator) scaled(most float64) {
	d.Norm = math.Nextafter(kernels.NormInf(d.U)*(0.5/-most)*(1+0x1p-50), math.Inf(1))
}

// proveAgain is prove for the dominator from before an Update, which kept its margins; nil when it is none any more.
func (s *System) proveAgain(t *team) (*Dominator, error) {
	all, err := t.largest(func(lo, hi int) sums {
		most := math.Inf(-1)
		for _, v := range s.margin[lo:hi] {
			most = larger(most, v)
		}
		return sums{most}
	})
	if err != nil || !(all[0] < 0) {
		return nil, err
	}
	d := &Dominator{U: s.dominator.U}
	d.scaled(all[0])
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

// absolute is |M|, M itself where no entry is negative, and whether any is.
func (s *System) absolute(t *team) (b *sparse.CSR, signed bool, err error) {
	if signed, err = s.signed(t); err != nil || !signed {
		return s.m, signed, err
	}
	return Absolute(s.m), true, nil
}
