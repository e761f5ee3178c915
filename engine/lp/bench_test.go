package lp_test

import (
	"fmt"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// Planning programs (lptest.Planning): a strict certificate at 1e-6.
func BenchmarkPlanning(b *testing.B) {
	for _, n := range []int{500, 2000, 10_000, 50_000} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("products=%d/threads=%d", n, threads), func(b *testing.B) {
				if testing.Short() && n > 2000 {
					b.Skip("long")
				}
				p := lptest.Planning(n, map[bool]int{true: 20, false: 50}[n < 5000], 1)
				for b.Loop() {
					s, err := lp.Solve(b.Context(), p, lp.Settings{Threads: threads, Method: lp.Plan})
					if err != nil || s.Status != lp.Optimal || s.Method != lp.Plan {
						b.Fatalf("%v, %+v", err, s)
					}
					b.ReportMetric(s.Certificate.ProvedGap, "gap")
					b.ReportMetric(float64(s.Certificate.Iterations), "iterations")
				}
			})
		}
	}
}

func BenchmarkNetlib(b *testing.B) {
	for _, name := range []string{"adlittle", "25fv47", "degen3", "stocfor2"} {
		b.Run("instance="+name, func(b *testing.B) {
			p := netlib(b, name)
			for b.Loop() {
				if s, err := lp.Solve(b.Context(), p, lp.Settings{}); err != nil || s.Status != lp.Optimal {
					b.Fatalf("%v, %+v", err, s)
				}
			}
		})
	}
}
