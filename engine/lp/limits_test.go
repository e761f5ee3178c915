package lp_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// hard are programs that take each method many times longer than the limits below.
func hard(t *testing.T) map[lp.Method]*lp.Problem {
	return map[lp.Method]*lp.Problem{
		lp.Auto: lptest.Planning(3000, 40, 3),
		lp.Plan: lptest.Planning(800, 20, 3),
		lp.PDHG: netlib(t, "25fv47"),
		lp.IPM:  netlib(t, "degen3"),
	}
}

// endedEarly checks a solution that a limit ended: the best point so far, its certificate, and nothing claimed of it.
func endedEarly(t *testing.T, name string, p *lp.Problem, s *lp.Solution, want lp.Status) {
	t.Helper()
	if s.Status != want || s.Certificate.Status != want {
		t.Fatalf("%s: status %s, want %s", name, s.Status, want)
	}
	for j, v := range s.X {
		if v < p.ColLower[j] || v > p.ColUpper[j] || math.IsNaN(v) {
			t.Fatalf("%s: column %d is %v, outside of its bounds", name, j, v)
		}
	}
	c, again := s.Certificate, lp.Certify(p, s.X, s.Y)
	if c.Objective != again.Objective || c.PrimalResidual != again.PrimalResidual || c.DualResidual != again.DualResidual || c.Bound != again.Bound {
		t.Errorf("%s: the certificate is not that of the point", name)
	}
	if c.Bound > c.Objective+c.MaxViolation*1e9 || s.Ray != nil {
		t.Errorf("%s: bound %v, objective %v, ray of %d", name, c.Bound, c.Objective, len(s.Ray))
	}
	lptest.CheckCertificate(t, name, p, s)
}

func TestTimeLimitOnHardPrograms(t *testing.T) {
	for method, p := range hard(t) {
		for _, finish := range []lp.Finish{lp.FinishAuto, lp.FinishVertex} {
			begun := time.Now()
			s := solve(t, p, lp.Settings{Method: method, TimeLimit: 5 * time.Millisecond, Tolerance: 1e-9, Finish: finish})
			endedEarly(t, fmt.Sprintf("%s, %s", method, finish), p, s, lp.TimeLimit)
			if took := time.Since(begun); took > time.Minute { // the machine may be busy; without the limit it is minutes more
				t.Errorf("%s: %v after a limit of 5 ms", method, took)
			}
		}
	}
}

// A limit on iterations is deterministic, and more iterations give no worse a point.
func TestIterationLimitOnHardPrograms(t *testing.T) {
	for method, p := range hard(t) {
		last := math.Inf(1)
		for _, limit := range []int{2, 12, 160} {
			if method == lp.IPM && limit > 12 {
				continue
			}
			set := lp.Settings{Method: method, Iterations: limit, Tolerance: 1e-9, Finish: lp.FinishVertex, Threads: 1}
			s := solve(t, p, set)
			name := fmt.Sprintf("%s, %d iterations", method, limit)
			endedEarly(t, name, p, s, lp.IterationLimit)
			if s.Certificate.Iterations > limit {
				t.Errorf("%s: %d were made", name, s.Certificate.Iterations)
			}
			set.Threads = 3
			if again := solve(t, p, set); again.Certificate.Digest != s.Certificate.Digest {
				t.Errorf("%s: other bits on three threads", name)
			}
			worst := max(s.Certificate.PrimalResidual, s.Certificate.DualResidual, s.Certificate.Gap)
			if worst > 1.001*last {
				t.Errorf("%s: error %v, %v with fewer", name, worst, last)
			}
			last = worst
		}
	}
}
