package lp_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
	"planwerk/engine/sparse"
)

// triplets of a program's matrix, to build changed ones from.
func triplets(p *lp.Problem) (ri, ci []int32, v []float64) {
	for i := range p.Rows() {
		cols, vals := p.A.Row(i)
		for k, j := range cols {
			ri, ci, v = append(ri, int32(i)), append(ci, j), append(v, vals[k])
		}
	}
	return ri, ci, v
}

func rebuilt(t *testing.T, p *lp.Problem, rows, cols int, ri, ci []int32, v []float64) *lp.Problem {
	t.Helper()
	a, err := sparse.FromTriplets(rows, cols, ri, ci, v)
	if err != nil {
		t.Fatal(err)
	}
	q := *p
	q.A, q.RowNames, q.ColNames = a, nil, nil
	return &q
}

func permuted(v []float64, perm []int) []float64 {
	out := make([]float64, len(v))
	for i, at := range perm {
		out[at] = v[i]
	}
	return out
}

// changes are ways to state the same program differently: the optimal value stays.
var changes = map[string]func(*testing.T, *rand.Rand, *lp.Problem) *lp.Problem{
	"rows and columns permuted": func(t *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		rows, cols := r.Perm(p.Rows()), r.Perm(p.Cols())
		ri, ci, v := triplets(p)
		for k := range v {
			ri[k], ci[k] = int32(rows[ri[k]]), int32(cols[ci[k]])
		}
		q := rebuilt(t, p, p.Rows(), p.Cols(), ri, ci, v)
		q.C, q.ColLower, q.ColUpper = permuted(p.C, cols), permuted(p.ColLower, cols), permuted(p.ColUpper, cols)
		q.RowLower, q.RowUpper = permuted(p.RowLower, rows), permuted(p.RowUpper, rows)
		return q
	},
	"rows and columns scaled": func(t *testing.T, r *rand.Rand, p *lp.Problem) *lp.Problem {
		row, col := make([]float64, p.Rows()), make([]float64, p.Cols())
		for i := range row {
			row[i] = math.Exp(2 * r.NormFloat64())
		}
		for j := range col {
			col[j] = math.Exp(2 * r.NormFloat64())
		}
		ri, ci, v := triplets(p)
		for k := range v {
			v[k] *= row[ri[k]] * col[ci[k]]
		}
		q := rebuilt(t, p, p.Rows(), p.Cols(), ri, ci, v)
		times := func(a, b []float64, up float64) []float64 {
			out := make([]float64, len(a))
			for i := range a {
				if out[i] = a[i]; math.Abs(a[i]) < lp.Infinite {
					out[i] *= math.Pow(b[i], up)
				}
			}
			return out
		}
		q.C = times(p.C, col, 1)
		q.ColLower, q.ColUpper = times(p.ColLower, col, -1), times(p.ColUpper, col, -1)
		q.RowLower, q.RowUpper = times(p.RowLower, row, 1), times(p.RowUpper, row, 1)
		return q
	},
	"every row twice": func(t *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem {
		ri, ci, v := triplets(p)
		for k := range len(v) {
			ri, ci, v = append(ri, ri[k]+int32(p.Rows())), append(ci, ci[k]), append(v, -2*v[k])
		}
		q := rebuilt(t, p, 2*p.Rows(), p.Cols(), ri, ci, v)
		q.RowLower, q.RowUpper = append([]float64(nil), p.RowLower...), append([]float64(nil), p.RowUpper...)
		for i := range p.Rows() {
			lo, hi := -2*p.RowUpper[i], -2*p.RowLower[i]
			q.RowLower, q.RowUpper = append(q.RowLower, lo), append(q.RowUpper, hi)
		}
		return q
	},
	"every column twice": func(t *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem {
		ri, ci, v := triplets(p)
		for k := range len(v) {
			ri, ci, v = append(ri, ri[k]), append(ci, ci[k]+int32(p.Cols())), append(v, v[k])
		}
		q := rebuilt(t, p, p.Rows(), 2*p.Cols(), ri, ci, v)
		q.C = append(append([]float64(nil), p.C...), p.C...)
		zero := make([]float64, p.Cols())
		q.ColLower = append(append([]float64(nil), p.ColLower...), zero...)
		q.ColUpper = append(append([]float64(nil), p.ColUpper...), zero...)
		return q
	},
	"bounds as rows": func(t *testing.T, _ *rand.Rand, p *lp.Problem) *lp.Problem {
		ri, ci, v := triplets(p)
		q := *p
		q.RowLower, q.RowUpper = append([]float64(nil), p.RowLower...), append([]float64(nil), p.RowUpper...)
		m := p.Rows()
		for j := range p.Cols() {
			ri, ci, v = append(ri, int32(m)), append(ci, int32(j)), append(v, 1)
			q.RowLower, q.RowUpper = append(q.RowLower, p.ColLower[j]), append(q.RowUpper, p.ColUpper[j])
			m++
		}
		r := rebuilt(t, &q, m, p.Cols(), ri, ci, v)
		r.ColLower, r.ColUpper = make([]float64, p.Cols()), make([]float64, p.Cols())
		for j := range r.ColLower {
			r.ColLower[j], r.ColUpper[j] = math.Inf(-1), math.Inf(1)
		}
		return r
	},
}

func TestTheSameProgramStatedDifferently(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	optimum := optima(t)
	programs := map[string]*lp.Problem{"planning": lptest.Planning(60, 5, 9)}
	for _, name := range []string{"adlittle", "sc50b", "recipe", "lotfi", "boeing1", "capri", "israel"} {
		programs[name] = netlib(t, name)
	}
	for name, p := range programs {
		want, known := optimum[name]
		if !known {
			want = solve(t, p, lp.Settings{Finish: lp.FinishVertex}).Certificate.Objective
		}
		for change, f := range changes {
			q := f(t, r, p)
			for _, bare := range []bool{false, true} {
				s := solve(t, q, lp.Settings{NoPresolve: bare, Finish: lp.FinishVertex})
				if s.Status != lp.Optimal || math.Abs(s.Certificate.Objective-want) > 1e-9*max(1, math.Abs(want)) {
					t.Errorf("%s, %s, nopresolve=%v: %s with %v, want %v", name, change, bare, s.Status, s.Certificate.Objective, want)
				}
				if !bare && known {
					lptest.CheckCertificate(t, name+", "+change, q, s)
				}
			}
		}
	}
}

func TestNetlib(t *testing.T) {
	for name, want := range optima(t) {
		p := netlib(t, name)
		s := solve(t, p, lp.Settings{})
		c := s.Certificate
		if s.Status != lp.Optimal || math.Abs(c.Objective-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("%s: %s with %v, want %v", name, s.Status, c.Objective, want)
		}
		if c.Gap > 1e-6 || c.PrimalResidual > 1e-6 || c.DualResidual > 1e-6 {
			t.Errorf("%s: gap %.1e, residuals %.1e and %.1e", name, c.Gap, c.PrimalResidual, c.DualResidual)
		}
		if c.Bound > want+1e-7*(1+math.Abs(want)) {
			t.Errorf("%s: the proved bound %v is above the optimum %v", name, c.Bound, want)
		}
	}
}

// randomProgram makes a small program with all kinds of rows, bounds and special structure for presolve to find.
func randomProgram(r *rand.Rand) *lp.Problem {
	m, n := 1+r.IntN(6), 1+r.IntN(7)
	var ri, ci []int32
	var v []float64
	inside := make([]float64, n) // a feasible point
	for j := range inside {
		inside[j] = float64(r.IntN(7) - 3)
	}
	act := make([]float64, m)
	for i := range m {
		for j := range n {
			if r.Float64() < 0.45 {
				a := float64(r.IntN(9) - 4)
				ri, ci, v = append(ri, int32(i)), append(ci, int32(j)), append(v, a)
				act[i] += a * inside[j]
			}
		}
	}
	a, err := sparse.FromTriplets(m, n, ri, ci, v)
	if err != nil {
		panic(err)
	}
	p := &lp.Problem{Name: "random", A: a, C: make([]float64, n)}
	side := func(at float64) (float64, float64) {
		lo, hi := at-float64(r.IntN(3)), at+float64(r.IntN(3))
		switch r.IntN(5) {
		case 0:
			lo = math.Inf(-1)
		case 1:
			hi = math.Inf(1)
		case 2:
			lo, hi = at, at
		}
		return lo, hi
	}
	for j := range n {
		p.C[j] = float64(r.IntN(7) - 3)
		lo, hi := side(inside[j])
		p.ColLower, p.ColUpper = append(p.ColLower, lo), append(p.ColUpper, hi)
	}
	for i := range m {
		lo, hi := side(act[i])
		if r.Float64() < 0.1 {
			lo, hi = lo+5, hi+5 // perhaps infeasible
		}
		p.RowLower, p.RowUpper = append(p.RowLower, lo), append(p.RowUpper, hi)
	}
	return p
}

// Presolve and its way back are right when the answer is that of the program as it stands, duals included.
func TestRandomProgramsWithAndWithoutPresolve(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 13))
	count := map[lp.Status]int{}
	for trial := range 3000 {
		p := randomProgram(r)
		with, bare := solve(t, p, lp.Settings{Method: lp.IPM, Iterations: 5000}), solve(t, p, lp.Settings{Method: lp.IPM, NoPresolve: true, Iterations: 5000})
		count[with.Status]++
		if with.Status != bare.Status && !bothEmpty(with.Status, bare.Status) {
			t.Errorf("trial %d: %s with presolve, %s without: %+v", trial, with.Status, bare.Status, p)
			continue
		}
		if with.Status != lp.Optimal {
			continue
		}
		if math.Abs(with.Certificate.Objective-bare.Certificate.Objective) > 1e-5*(1+math.Abs(bare.Certificate.Objective)) {
			t.Errorf("trial %d: %v with presolve, %v without: %+v", trial, with.Certificate.Objective, bare.Certificate.Objective, p)
		}
		lptest.CheckCertificate(t, "random", p, with)
		if c := with.Certificate; c.Gap > 1e-5 || c.DualResidual > 1e-6 {
			t.Errorf("trial %d: gap %v, dual residual %v after presolve: %+v", trial, c.Gap, c.DualResidual, p)
		}
	}
	if count[lp.Optimal] < 500 || count[lp.Infeasible] < 50 || count[lp.Unbounded] < 50 {
		t.Errorf("the trials ended one-sidedly: %v", count)
	}
}

// bothEmpty: a program without feasible points whose dual has none either may be called infeasible or unbounded.
func bothEmpty(a, b lp.Status) bool {
	return (a == lp.Infeasible && b == lp.Unbounded) || (a == lp.Unbounded && b == lp.Infeasible)
}
