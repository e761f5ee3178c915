package lp_test

import (
	"context"
	"math"
	"testing"

	"planwerk/engine/lp"
)

// TestUnboundedOrNot: a direction that falls for ever is no outcome where nothing is feasible; and a column that only one row
// holds, on the side that it does not want, leaves the program unbounded, presolved or not, with figures that are numbers.
func TestUnboundedOrNot(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name string
		p    *lp.Problem
		want lp.Status
	}{
		{"min −x;  y + z ≥ 3,  y + z ≤ 1,  x − y + z ≥ 0", dense(t, []float64{-1, 0, 0}, [][]float64{{0, 1, 1}, {0, 1, 1}, {1, -1, 1}},
			[]float64{3, -inf, 0}, []float64{inf, 1, inf}, []float64{0, 0, 0}, []float64{inf, inf, inf}), lp.Infeasible},
		{"min −x + y;  −3x + y + z ≤ −1;  x free, 0 ≤ y ≤ 4, z ≥ 0", dense(t, []float64{-1, 1, 0}, [][]float64{{-3, 1, 1}},
			[]float64{-inf}, []float64{-1}, []float64{-inf, 0, 0}, []float64{inf, 4, inf}), lp.Unbounded},
		{"min x;  x + y ≤ 3;  x free, 0 ≤ y ≤ 4", dense(t, []float64{1, 0}, [][]float64{{1, 1}}, []float64{-inf}, []float64{3}, []float64{-inf, 0}, []float64{inf, 4}), lp.Unbounded},
	} {
		for _, method := range []lp.Method{lp.Auto, lp.IPM, lp.PDHG} {
			for _, plain := range []bool{false, true} {
				s, err := lp.Solve(context.Background(), c.p, lp.Settings{Method: method, NoPresolve: plain})
				if err != nil {
					t.Fatal(err)
				}
				if s.Status != c.want || math.IsNaN(s.Certificate.Objective) || math.IsNaN(s.Certificate.Gap) {
					t.Errorf("%s by %s, not presolved %v: %+v", c.name, method, plain, s.Certificate)
				}
			}
		}
	}
}
