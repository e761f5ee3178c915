package lp_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// planVariants are plans that are not of the generator's plain shape.
var planVariants = map[string]func(*testing.T, *rand.Rand, *lp.Problem) *lp.Problem{
	"plain":             func(_ *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem { return p },
	"no binding limits": func(_ *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem { return scaleSide(p, 10) },
	"tight limits":      func(_ *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem { return scaleSide(p, 0.97) },
	"exact demand": func(_ *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		for i := range p.RowLower {
			if p.RowLower[i] > 0 && r.Float64() < 0.3 {
				p.RowUpper[i] = p.RowLower[i]
			}
		}
		return p
	},
	"two-sided demand": func(_ *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		for i := range p.RowLower {
			if p.RowLower[i] > 0 && r.Float64() < 0.3 {
				p.RowUpper[i] = 1.1 * p.RowLower[i]
			}
		}
		return p
	},
	"least levels": func(_ *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		for j := range p.ColLower {
			if r.Float64() < 0.1 {
				p.ColLower[j] = min(0.5*r.Float64(), p.ColUpper[j])
			}
		}
		return p
	},
	"by-products": func(t *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		ri, ci, v := triplets(p)
		for j := range p.Cols() {
			if r.Float64() < 0.2 {
				if i := r.IntN(300); i != j/3 {
					ri, ci, v = append(ri, int32(i)), append(ci, int32(j)), append(v, 0.6*r.Float64())
				}
			}
		}
		return rebuilt(t, p, p.Rows(), p.Cols(), ri, ci, v)
	},
	"techniques twice": func(t *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem {
		ri, ci, v := triplets(p)
		for k := range len(v) {
			ri, ci, v = append(ri, ri[k]), append(ci, ci[k]+int32(p.Cols())), append(v, v[k])
		}
		q := rebuilt(t, p, p.Rows(), 2*p.Cols(), ri, ci, v)
		q.C, q.ColLower, q.ColUpper = append(p.C, p.C...), append(p.ColLower, p.ColLower...), append(p.ColUpper, p.ColUpper...)
		return q
	},
	"greatest common factor": func(t *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem {
		// max t: every demand times t is met, 0 ≤ t ≤ 3.
		ri, ci, v := triplets(p)
		n := p.Cols()
		for i := range p.RowLower {
			if p.RowLower[i] > 0 {
				ri, ci, v = append(ri, int32(i)), append(ci, int32(n)), append(v, -p.RowLower[i])
				p.RowLower[i] = 0
			}
		}
		q := rebuilt(t, p, p.Rows(), n+1, ri, ci, v)
		q.C = make([]float64, n+1)
		q.C[n] = -1
		q.ColLower, q.ColUpper = append(p.ColLower, 0), append(p.ColUpper, 3)
		return q
	},
}

func scaleSide(p *lp.Problem, f float64) *lp.Problem {
	for i := range p.RowUpper {
		if !math.IsInf(p.RowUpper[i], 1) {
			p.RowUpper[i] *= f
		}
	}
	return p
}

// The combined method agrees with the interior point method, and its certificate is strict where it answers itself.
func TestPlanVariants(t *testing.T) {
	for name, change := range planVariants {
		r := rand.New(rand.NewPCG(3, 3))
		p := change(t, r, lptest.Planning(300, 10, 21))
		plan := solve(t, p, lp.Settings{Method: lp.Plan})
		ref := solve(t, p, lp.Settings{Method: lp.IPM})
		a, b := plan.Certificate, ref.Certificate
		t.Logf("%-22s %s in %d iterations, gap %.1e, shortfall %.1e, %.2f s", name, plan.Method, a.Iterations, a.ProvedGap, a.MaxShortfall, a.Seconds)
		if plan.Status != ref.Status || (plan.Status == lp.Optimal && math.Abs(a.Objective-b.Objective) > 3e-6*(1+math.Abs(b.Objective))) {
			t.Errorf("%s: %s with %v, interior point %s with %v", name, plan.Status, a.Objective, ref.Status, b.Objective)
		}
		if plan.Method == lp.Plan && plan.Status == lp.Optimal && (a.MaxShortfall > 1.01e-7 || a.ProvedGap > 1.01e-6) {
			t.Errorf("%s: shortfall %v, proved gap %v", name, a.MaxShortfall, a.ProvedGap)
		}
		lptest.CheckCertificate(t, name, p, plan)
	}
}
