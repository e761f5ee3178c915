package lp_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

func solve(t *testing.T, p *lp.Problem, set lp.Settings) *lp.Solution {
	t.Helper()
	s, err := lp.Solve(context.Background(), p, set)
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	return s
}

func TestCases(t *testing.T) {
	for _, c := range lptest.Cases() {
		for _, method := range []lp.Method{lp.Auto, lp.IPM, lp.PDHG, lp.Plan} {
			for _, bare := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/nopresolve=%v", c.Name, method, bare), func(t *testing.T) {
					lptest.Check(t, c, solve(t, c.Problem, lp.Settings{Method: method, NoPresolve: bare, Iterations: 100_000}))
				})
			}
		}
	}
}

func TestInputIsLeftAlone(t *testing.T) {
	p := lptest.Planning(60, 4, 3)
	before, _ := lp.Solve(context.Background(), p, lp.Settings{})
	again, _ := lp.Solve(context.Background(), p, lp.Settings{})
	if before.Certificate.Digest != again.Certificate.Digest {
		t.Error("the second solve of the same program differs")
	}
}

func TestLimits(t *testing.T) {
	p := lptest.Planning(400, 5, 1)
	for _, method := range []lp.Method{lp.PDHG, lp.IPM, lp.Plan} {
		s := solve(t, p, lp.Settings{Method: method, Iterations: 3})
		if s.Status != lp.IterationLimit || s.Certificate.Iterations > 3 {
			t.Errorf("%s: status %s after %d iterations of 3", method, s.Status, s.Certificate.Iterations)
		}
		lptest.CheckCertificate(t, string(method), p, s)
		s = solve(t, p, lp.Settings{Method: method, TimeLimit: time.Nanosecond})
		if s.Status != lp.TimeLimit || len(s.X) != p.Cols() || len(s.Y) != p.Rows() {
			t.Errorf("%s: status %s at a time limit", method, s.Status)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s, err := lp.Solve(ctx, p, lp.Settings{Method: method})
		if err != nil || s.Status != lp.Interrupted || len(s.X) != p.Cols() {
			t.Errorf("%s: status %s, error %v when interrupted", method, s.Status, err)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	p := lptest.Cases()[0].Problem
	for _, set := range []lp.Settings{
		{Tolerance: -1}, {Tolerance: 2}, {Tolerance: math.NaN()}, {Iterations: -1}, {TimeLimit: -1}, {Method: "simplex2"},
		{Warm: &lp.Start{X: []float64{1}, Y: []float64{1, 2, 3}}}, {Warm: &lp.Start{X: []float64{1, math.NaN()}, Y: []float64{1, 2, 3}}},
	} {
		if _, err := lp.Solve(context.Background(), p, set); err == nil {
			t.Errorf("settings %+v are accepted", set)
		}
	}
}

func TestInvalidProblems(t *testing.T) {
	for name, damage := range map[string]func(*lp.Problem){
		"no matrix":       func(p *lp.Problem) { p.A = nil },
		"short costs":     func(p *lp.Problem) { p.C = p.C[:1] },
		"NaN cost":        func(p *lp.Problem) { p.C[0] = math.NaN() },
		"NaN bound":       func(p *lp.Problem) { p.RowLower[0] = math.NaN() },
		"lower +infinite": func(p *lp.Problem) { p.ColLower[0] = 1e20 },
		"upper −infinite": func(p *lp.Problem) { p.RowUpper[1] = math.Inf(-1) },
		"names":           func(p *lp.Problem) { p.ColNames = []string{"x"} },
		"constant":        func(p *lp.Problem) { p.C0 = math.Inf(1) },
		"column order":    func(p *lp.Problem) { p.A.Col[0], p.A.Col[1] = 5, 0 },
	} {
		p := lptest.Cases()[0].Problem
		damage(p)
		if _, err := lp.Solve(context.Background(), p, lp.Settings{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestLog(t *testing.T) {
	var lines []string
	solve(t, lptest.Planning(100, 3, 1), lp.Settings{Log: func(l string) { lines = append(lines, l) }})
	text := fmt.Sprint(lines)
	for _, want := range []string{"planwerk lp", "103 rows; 300 cols", "Coefficient ranges", "Presolve", "iteration", "Objective", "Proved bound"} {
		if !contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
}

func contains(text, part string) bool {
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func TestWarmStartSavesIterations(t *testing.T) {
	p := lptest.Planning(800, 6, 2)
	cold := solve(t, p, lp.Settings{Method: lp.Plan})
	for i := range p.RowLower {
		if i%10 == 0 {
			p.RowLower[i] *= 1.01
		}
	}
	again := solve(t, p, lp.Settings{Method: lp.Plan})
	warm := solve(t, p, lp.Settings{Method: lp.Plan, Warm: &lp.Start{X: cold.X, Y: cold.Y}})
	if warm.Status != lp.Optimal || warm.Certificate.Iterations*3 > again.Certificate.Iterations {
		t.Errorf("a warm start takes %d iterations (%s), a cold one %d", warm.Certificate.Iterations, warm.Status, again.Certificate.Iterations)
	}
}

func TestSameBitsOnAnyThreads(t *testing.T) {
	small, large := lptest.Planning(900, 12, 5), lptest.Planning(3500, 12, 5) // small programs run on one thread
	for _, set := range []lp.Settings{{Method: lp.Plan}, {Method: lp.PDHG, Iterations: 400}, {Method: lp.IPM, Iterations: 2}} {
		p := large
		if set.Method == lp.IPM {
			p = small
		}
		want := ""
		for _, threads := range []int{1, 2, 3, 7} {
			set.Threads = threads
			s := solve(t, p, set)
			if threads == 1 {
				want = s.Certificate.Digest
			} else if s.Certificate.Digest != want {
				t.Errorf("%s: %d threads give other bits than one", set.Method, threads)
			}
		}
	}
}

func TestInfeasiblePlanIsProved(t *testing.T) {
	p := lptest.Planning(320, 6, 4)
	for i := 320; i < p.Rows(); i++ {
		p.RowUpper[i] *= 0.5
	}
	for _, method := range []lp.Method{lp.Plan, lp.PDHG, lp.IPM} {
		lptest.Check(t, lptest.Case{Name: string(method), Problem: p, Status: lp.Infeasible}, solve(t, p, lp.Settings{Method: method, Iterations: 50_000}))
	}
}
