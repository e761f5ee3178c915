package lp_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// lowerBounds are plans in which columns have lower bounds other than zero.
var lowerBounds = map[string]func(*testing.T, *rand.Rand, *lp.Problem) *lp.Problem{
	// Every product must be left over at the end: a column fixed at the opening stock takes it, another gives the stock.
	"closing stocks": func(t *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		ri, ci, v := triplets(p)
		n := p.Cols()
		for i := range 300 {
			ri, ci, v = append(ri, int32(i), int32(i)), append(ci, int32(n), int32(n+1)), append(v, -1, 1)
			n += 2
		}
		q := rebuilt(t, p, p.Rows(), n, ri, ci, v)
		q.C, q.ColLower, q.ColUpper = append(p.C, make([]float64, 600)...), p.ColLower, p.ColUpper
		for range 300 {
			stock := 3 * r.Float64()
			q.ColLower, q.ColUpper = append(q.ColLower, stock, 0), append(q.ColUpper, stock, stock)
		}
		return q
	},
	// A contract: some techniques run at least at half of what their capacity allows.
	"least levels": func(_ *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		for j, most := range p.ColUpper {
			if !math.IsInf(most, 1) && r.Float64() < 0.15 {
				p.ColLower[j] = most / 2
			}
		}
		return p
	},
	// Some techniques are fixed.
	"fixed levels": func(_ *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		for j, most := range p.ColUpper {
			if !math.IsInf(most, 1) && r.Float64() < 0.3 {
				p.ColLower[j], p.ColUpper[j] = most/3, most/3
			}
		}
		return p
	},
}

// Such plans take the plan method by themselves, with a strict certificate of the program as given.
func TestLowerBoundsTakeThePlanMethod(t *testing.T) {
	for name, change := range lowerBounds {
		p := change(t, rand.New(rand.NewPCG(8, 2)), scaleSide(lptest.Planning(300, 10, 23), 1.5))
		s, ref := solve(t, p, lp.Settings{}), solve(t, p, lp.Settings{Method: lp.IPM})
		a, b := s.Certificate, ref.Certificate
		if s.Status != lp.Optimal || s.Method != lp.Plan || math.Abs(a.Objective-b.Objective) > 3e-6*(1+math.Abs(b.Objective)) {
			t.Errorf("%s: %s by %s with %v, interior point %v", name, s.Status, s.Method, a.Objective, b.Objective)
		}
		if a.MaxShortfall > 1.01e-7 || a.ProvedGap > 1.01e-6 {
			t.Errorf("%s: shortfall %.1e, proved gap %.1e", name, a.MaxShortfall, a.ProvedGap)
		}
		lptest.CheckCertificate(t, name, p, s)
	}
}

// A concave value of what is delivered: thirty columns of one entry per demand, for what may be missing at a rising cost.
// They are many more than techniques and use nothing, and the program is a plan none the less.
func TestSegmentsTakeThePlanMethod(t *testing.T) {
	p := scaleSide(lptest.Planning(300, 10, 23), 1.5)
	ref := solve(t, p, lp.Settings{Method: lp.IPM})
	const segments = 30
	ri, ci, v := triplets(p)
	n := p.Cols()
	c, lo, hi := append([]float64(nil), p.C...), append([]float64(nil), p.ColLower...), append([]float64(nil), p.ColUpper...)
	for i := range 300 {
		for k := range segments {
			ri, ci, v = append(ri, int32(i)), append(ci, int32(n)), append(v, 1)
			c, lo, hi = append(c, ref.Y[i]*(0.6+0.8*float64(k)/segments)), append(lo, 0), append(hi, 0.02*math.Abs(p.RowLower[i]))
			n++
		}
	}
	q := rebuilt(t, p, p.Rows(), n, ri, ci, v)
	q.C, q.ColLower, q.ColUpper = c, lo, hi
	s, general := solve(t, q, lp.Settings{}), solve(t, q, lp.Settings{Method: lp.IPM})
	a, b := s.Certificate, general.Certificate
	if s.Status != lp.Optimal || s.Method != lp.Plan || math.Abs(a.Objective-b.Objective) > 3e-6*(1+math.Abs(b.Objective)) {
		t.Errorf("%s by %s with %v, interior point %v", s.Status, s.Method, a.Objective, b.Objective)
	}
	if a.MaxShortfall > 1.01e-7 || a.ProvedGap > 1.01e-6 {
		t.Errorf("shortfall %.1e, proved gap %.1e", a.MaxShortfall, a.ProvedGap)
	}
	if b.Objective > 0.99*ref.Certificate.Objective {
		t.Errorf("what may be missing saves nothing: %v of %v", b.Objective, ref.Certificate.Objective)
	}
}
