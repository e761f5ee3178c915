package lp_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// between counts the values strictly between their bounds: at a vertex of a program whose columns all have a bound no
// more than there are rows.
func between(p *lp.Problem, x []float64) (n int) {
	for j, v := range x {
		if v > p.ColLower[j] && v < p.ColUpper[j] {
			n++
		}
	}
	return n
}

func apart(a, b float64) float64 { return math.Abs(a-b) / max(1, math.Abs(b)) }

// The optima are known to eleven digits.
func TestVerticesOfNetlib(t *testing.T) {
	for name, want := range optima(t) {
		p := netlib(t, name)
		s := solve(t, p, lp.Settings{})
		c := s.Certificate
		if s.Status != lp.Optimal || apart(c.Objective, want) > 1e-10 {
			t.Errorf("%s: %s with %.12g, want %.11g", name, s.Status, c.Objective, want)
		}
		if worst := max(c.PrimalResidual, c.DualResidual, c.Gap); worst > 1e-9 {
			t.Errorf("%s: residuals %.1e and %.1e, gap %.1e", name, c.PrimalResidual, c.DualResidual, c.Gap)
		}
		if n := between(p, s.X); n > p.Rows() || !s.Vertex {
			t.Errorf("%s: %d values between their bounds, %d rows, vertex %t", name, n, p.Rows(), s.Vertex)
		}
		if rough := solve(t, p, lp.Settings{Finish: lp.FinishNone, Iterations: 3}); rough.Vertex {
			t.Errorf("%s: a vertex after three iterations", name)
		}
		lptest.CheckCertificate(t, name, p, s)
	}
}

func TestFinishChangesNoStatus(t *testing.T) {
	for _, c := range lptest.Cases() {
		for _, method := range []lp.Method{lp.Auto, lp.IPM, lp.PDHG, lp.Plan} {
			for _, finish := range []lp.Finish{lp.FinishNone, lp.FinishVertex} {
				t.Run(fmt.Sprintf("%s/%s/%s", c.Name, method, finish), func(t *testing.T) {
					lptest.Check(t, c, solve(t, c.Problem, lp.Settings{Method: method, Finish: finish, Iterations: 100_000}))
				})
			}
		}
	}
}

func TestVerticesOfRandomPrograms(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 17))
	vertices := 0
	for trial := range 2000 {
		p := randomProgram(r)
		set := lp.Settings{Method: lp.IPM, NoPresolve: trial%2 == 0, Iterations: 5000, Finish: lp.FinishNone}
		rough := solve(t, p, set)
		set.Finish = lp.FinishVertex
		s := solve(t, p, set)
		if s.Status != rough.Status {
			t.Errorf("trial %d: %s, and %s at a vertex: %+v", trial, rough.Status, s.Status, p)
		}
		if s.Status != lp.Optimal {
			continue
		}
		c := s.Certificate
		if apart(c.Objective, rough.Certificate.Objective) > 1e-6 || max(c.Gap, c.PrimalResidual, c.DualResidual) > 1e-12 {
			t.Errorf("trial %d: %v, and %v at a vertex with gap %v, residuals %v and %v: %+v", trial, rough.Certificate.Objective, c.Objective,
				c.Gap, c.PrimalResidual, c.DualResidual, p)
		}
		if between(p, s.X) <= p.Rows() {
			vertices++
		} else if bounded(p) {
			t.Errorf("trial %d: %d values between their bounds, %d rows: %+v", trial, between(p, s.X), p.Rows(), p)
		}
	}
	if vertices < 500 {
		t.Errorf("%d vertices", vertices)
	}
}

// bounded reports whether every column has a bound; only then must there be a vertex.
func bounded(p *lp.Problem) bool {
	for j := range p.ColLower {
		if math.IsInf(p.ColLower[j], -1) && math.IsInf(p.ColUpper[j], 1) {
			return false
		}
	}
	return true
}

// A vertex can also be reached from the rough points of the first-order method.
func TestVertexFromAFirstOrderPoint(t *testing.T) {
	optimum := optima(t)
	for _, name := range []string{"adlittle", "sc50b", "share2b", "stocfor2", "israel", "scsd1"} {
		p := netlib(t, name)
		s := solve(t, p, lp.Settings{Method: lp.PDHG, Tolerance: 1e-3, Iterations: 20_000, Finish: lp.FinishVertex})
		if c := s.Certificate; s.Status != lp.Optimal || apart(c.Objective, optimum[name]) > 1e-10 || between(p, s.X) > p.Rows() {
			t.Errorf("%s: %s with %.12g, want %.11g; %d values between their bounds, %d rows", name, s.Status, c.Objective, optimum[name],
				between(p, s.X), p.Rows())
		}
	}
}
