package lp_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// After a change of targets the plan before leads to an exact vertex, with few pivots and without first-order iterations.
func TestWarmStartReachesTheVertex(t *testing.T) {
	p := lptest.Planning(700, 8, 6)
	before := solve(t, p, lp.Settings{Method: lp.Plan})
	targets := slices.Clone(p.RowLower)
	for name, change := range map[string]func(*rand.Rand, float64) float64{
		"every target by up to 1 %": func(r *rand.Rand, v float64) float64 { return v * (0.99 + 0.02*r.Float64()) },
		"one target in a hundred doubled": func(r *rand.Rand, v float64) float64 {
			if r.Float64() < 0.01 {
				return 2 * v
			}
			return v
		},
	} {
		r := rand.New(rand.NewPCG(5, 5))
		for i, v := range targets {
			if v > 0 {
				p.RowLower[i] = change(r, v)
			}
		}
		want := solve(t, p, lp.Settings{Method: lp.IPM})
		s := solve(t, p, lp.Settings{Method: lp.Plan, Warm: &lp.Start{X: before.X, Y: before.Y}})
		c := s.Certificate
		if s.Status != lp.Optimal || s.Method != lp.Plan || math.Abs(c.Objective-want.Certificate.Objective) > 1e-6*(1+math.Abs(c.Objective)) {
			t.Errorf("%s: %s by %s with %v, interior point %v", name, s.Status, s.Method, c.Objective, want.Certificate.Objective)
		}
		if c.Iterations > 60 || c.ProvedGap > 1.01e-6 || c.MaxShortfall > 1.01e-7 {
			t.Errorf("%s: %d iterations, proved gap %.1e, shortfall %.1e", name, c.Iterations, c.ProvedGap, c.MaxShortfall)
		}
		for _, threads := range []int{1, 3} {
			again := solve(t, p, lp.Settings{Method: lp.Plan, Threads: threads, Warm: &lp.Start{X: before.X, Y: before.Y}})
			if again.Certificate.Digest != c.Digest {
				t.Errorf("%s: %d threads give other bits", name, threads)
			}
		}
	}
}

// A start that says nothing, or the wrong thing, costs time and not the answer.
func TestPoorStarts(t *testing.T) {
	p := lptest.Planning(400, 6, 8)
	want := solve(t, p, lp.Settings{Method: lp.Plan}).Certificate.Objective
	r := rand.New(rand.NewPCG(1, 9))
	random := &lp.Start{X: make([]float64, p.Cols()), Y: make([]float64, p.Rows())}
	for _, v := range [][]float64{random.X, random.Y} {
		for i := range v {
			v[i] = 10 * r.Float64()
		}
	}
	nothing := &lp.Start{X: make([]float64, p.Cols()), Y: make([]float64, p.Rows())}
	for name, start := range map[string]*lp.Start{"random": random, "nothing": nothing} {
		s := solve(t, p, lp.Settings{Method: lp.Plan, Warm: start})
		if s.Status != lp.Optimal || math.Abs(s.Certificate.Objective-want) > 3e-6*(1+want) {
			t.Errorf("%s: %s with %v, want %v", name, s.Status, s.Certificate.Objective, want)
		}
	}
}
