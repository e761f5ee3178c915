package lp_test

import (
	"math"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// The general finish factors a basis; that of plans does not. Both must end at the same optimum.
func TestExactPlanIsTheVertex(t *testing.T) {
	for seed := range uint64(4) {
		p := lptest.Planning(400, 8, seed)
		rough := solve(t, p, lp.Settings{Method: lp.Plan})
		s := solve(t, p, lp.Settings{Method: lp.Plan, Finish: lp.FinishVertex})
		want := solve(t, p, lp.Settings{Method: lp.IPM, Finish: lp.FinishVertex})
		c := s.Certificate
		if s.Status != lp.Optimal || s.Method != lp.Plan || apart(c.Objective, want.Certificate.Objective) > 1e-13 {
			t.Errorf("seed %d: %s by %s with %v, want %v", seed, s.Status, s.Method, c.Objective, want.Certificate.Objective)
		}
		if max(c.Gap, c.ProvedGap, c.PrimalResidual, c.DualResidual, c.MaxShortfall) > 1e-12 {
			t.Errorf("seed %d: gap %v, proved %v, residuals %v and %v, shortfall %v", seed, c.Gap, c.ProvedGap, c.PrimalResidual, c.DualResidual, c.MaxShortfall)
		}
		if n := between(p, s.X); n > p.Rows() || n >= between(p, rough.X) {
			t.Errorf("seed %d: %d levels between their bounds, %d before, %d rows", seed, n, between(p, rough.X), p.Rows())
		}
		for j := range s.X {
			if math.Abs(s.X[j]-want.X[j]) > 1e-9*(1+math.Abs(want.X[j])) {
				t.Errorf("seed %d: level %d is %v, at the vertex %v", seed, j, s.X[j], want.X[j])
				break
			}
		}
		lptest.CheckCertificate(t, "exact plan", p, s)
	}
}

func TestTightTolerancesOfPlansAreMetExactly(t *testing.T) {
	p := lptest.Planning(600, 10, 21)
	for _, threads := range []int{1, 3} {
		s := solve(t, p, lp.Settings{Method: lp.Plan, Tolerance: 1e-11, Threads: threads})
		if c := s.Certificate; s.Status != lp.Optimal || max(c.Gap, c.PrimalResidual, c.DualResidual) > 1e-12 {
			t.Errorf("%d threads: %s, gap %v, residuals %v and %v", threads, s.Status, c.Gap, c.PrimalResidual, c.DualResidual)
		}
	}
}

// Where the optimum is no single point, the exact finish gives one of them, and the certificate shows it.
func TestExactPlanWithEqualTechniques(t *testing.T) {
	p := lptest.Planning(400, 6, 2)
	ri, ci, v := triplets(p)
	for k := range len(v) {
		if ci[k] < 40 {
			ri, ci, v = append(ri, ri[k]), append(ci, ci[k]+int32(p.Cols())), append(v, v[k])
		}
	}
	q := rebuilt(t, p, p.Rows(), p.Cols()+40, ri, ci, v)
	q.C = append(append([]float64(nil), p.C...), p.C[:40]...)
	q.ColLower = append(append([]float64(nil), p.ColLower...), p.ColLower[:40]...)
	q.ColUpper = append(append([]float64(nil), p.ColUpper...), p.ColUpper[:40]...)
	s := solve(t, q, lp.Settings{Method: lp.Plan, Finish: lp.FinishVertex})
	if c := s.Certificate; s.Status != lp.Optimal || max(c.Gap, c.PrimalResidual, c.DualResidual) > 1e-11 {
		t.Errorf("%s, gap %v, residuals %v and %v", s.Status, c.Gap, c.PrimalResidual, c.DualResidual)
	}
}
