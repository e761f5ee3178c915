package lptest

import (
	"math"
	"testing"

	"planwerk/engine/lp"
)

// Check compares a solution with the answer of a case, and its certificate with exact arithmetic.
func Check(t *testing.T, c Case, s *lp.Solution) {
	t.Helper()
	if s.Status != c.Status || s.Certificate.Status != c.Status {
		t.Errorf("%s (%s): status %s, certificate %s, want %s", c.Name, c.Algebra, s.Status, s.Certificate.Status, c.Status)
		return
	}
	switch c.Status {
	case lp.Optimal:
		checkOptimal(t, c, s)
	case lp.Infeasible:
		checkInfeasible(t, c, s)
	case lp.Unbounded:
		if s.Ray == nil {
			t.Errorf("%s: no ray", c.Name)
			return
		}
		if miss, cost := RayMiss(c.Problem, s.Ray); !(cost < 0) || miss > 1e-8*-cost {
			t.Errorf("%s: the ray costs %v and leaves the cone by %v", c.Name, cost, miss)
		}
	}
}

func checkOptimal(t *testing.T, c Case, s *lp.Solution) {
	t.Helper()
	const tol = 1e-5
	near(t, c.Name+": objective", s.Certificate.Objective, c.Objective, tol)
	for j, want := range c.X {
		near(t, c.Name+": x", s.X[j], want, 2e-4)
	}
	for i, want := range c.Y {
		near(t, c.Name+": y", s.Y[i], want, 2e-4)
	}
	CheckCertificate(t, c.Name, c.Problem, s)
	sign := 1.0
	if c.Problem.Maximise {
		sign = -1
	}
	if b := s.Certificate.Bound; sign*b > sign*c.Objective+1e-9*(1+math.Abs(c.Objective)) {
		t.Errorf("%s: the bound %v is beyond the optimum %v", c.Name, b, c.Objective)
	}
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*(1+math.Abs(want))) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// CheckCertificate recomputes objective, violation, dual objective and residual exactly and compares.
func CheckCertificate(t *testing.T, name string, p *lp.Problem, s *lp.Solution) {
	t.Helper()
	cert := s.Certificate
	near(t, name+": certificate's objective", cert.Objective, Objective(p, s.X), 1e-13)
	near(t, name+": certificate's violation", cert.MaxViolation, Violation(p, s.X), 1e-13)
	y, sign := s.Y, 1.0
	if p.Maximise {
		y, sign = make([]float64, len(s.Y)), -1
		for i, v := range s.Y {
			y[i] = -v
		}
	}
	dual, miss := DualPoint(p, y, true)
	near(t, name+": certificate's dual objective", cert.DualObjective, sign*dual, 1e-12)
	norm := 0.0
	for _, c := range p.C {
		norm += c * c
	}
	if most := cert.DualResidual * (1 + math.Sqrt(norm)); miss > most*(1+1e-9)+1e-30 {
		t.Errorf("%s: a reduced cost misses by %v, the certificate says %v in all", name, miss, most)
	}
	if len(cert.Digest) != 64 {
		t.Errorf("%s: digest %q", name, cert.Digest)
	}
}

// checkInfeasible verifies the multipliers: with costs zero their value is above zero, what points to infinite bounds
// being nothing beside it.
func checkInfeasible(t *testing.T, c Case, s *lp.Solution) {
	t.Helper()
	p := c.Problem
	for j := range p.ColLower {
		if p.ColLower[j] > p.ColUpper[j] {
			return
		}
	}
	if s.Ray == nil {
		t.Errorf("%s: no proof of infeasibility", c.Name)
		return
	}
	if v, miss := DualPoint(p, s.Ray, false); !(v > 0) || miss > 1e-5*v {
		t.Errorf("%s: the multipliers %v are worth %v and miss by %v", c.Name, s.Ray, v, miss)
	}
}
