package lp_test

import (
	"context"
	"math"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
	"planwerk/engine/sparse"
)

// dense makes a program of dense rows.
func dense(t *testing.T, c []float64, rows [][]float64, rowLo, rowHi, lo, hi []float64) *lp.Problem {
	t.Helper()
	var ri, ci []int32
	var v []float64
	for i, row := range rows {
		for j, a := range row {
			ri, ci, v = append(ri, int32(i)), append(ci, int32(j)), append(v, a)
		}
	}
	a, err := sparse.FromTriplets(len(rows), len(c), ri, ci, v)
	if err != nil {
		t.Fatal(err)
	}
	return &lp.Problem{C: c, A: a, RowLower: rowLo, RowUpper: rowHi, ColLower: lo, ColUpper: hi}
}

// TestFarBoundsHideNothing: bounds beyond all others, however far, change neither the optimum nor its accuracy.
func TestFarBoundsHideNothing(t *testing.T) {
	inf := math.Inf(1)
	for _, far := range []float64{1e6, 1e9, 1e13, 1e18, 9e19, inf} {
		// min 2x + 3y;  x − 0.5y ≥ 5,  −0.2x + y ≥ 10,  −far ≤ x + y ≤ far;  0 ≤ x, y ≤ far: 530/9 at (100/9, 110/9).
		p := dense(t, []float64{2, 3}, [][]float64{{1, -0.5}, {-0.2, 1}, {1, 1}}, []float64{5, 10, -far}, []float64{inf, far, far}, []float64{0, 0}, []float64{inf, far})
		for _, method := range []lp.Method{lp.Auto, lp.IPM, lp.PDHG} {
			s, err := lp.Solve(context.Background(), p, lp.Settings{Method: method, Tolerance: 1e-8, Finish: lp.FinishNone})
			if err != nil {
				t.Fatal(err)
			}
			if s.Status != lp.Optimal || math.Abs(s.Certificate.Objective-530./9) > 1e-5 || s.Certificate.MaxViolation > 1e-5 {
				t.Errorf("bounds of %g by %s: %s, objective %v, violation %v", far, method, s.Status, s.Certificate.Objective, s.Certificate.MaxViolation)
			}
			lptest.CheckCertificate(t, "far bounds", p, s)
		}
	}
	// Where only the far bound ends the way it is kept: max x, x ≤ 1e15.
	p := dense(t, []float64{-1, 1}, [][]float64{{1, -1}}, []float64{-inf}, []float64{1e15}, []float64{0, 0}, []float64{inf, 5})
	s, err := lp.Solve(context.Background(), p, lp.Settings{})
	if err != nil || s.Status != lp.Optimal || math.Abs(s.X[0]/1e15-1) > 1e-6 {
		t.Errorf("a far bound that holds: %v, %v", s, err)
	}
}

// TestStalledRunsEnd: a tolerance below rounding ends with the best point, by itself.
func TestStalledRunsEnd(t *testing.T) {
	inf := math.Inf(1)
	p := dense(t, []float64{2, 3}, [][]float64{{1, -1. / 3}, {-0.2, 1}}, []float64{5, 10}, []float64{inf, inf}, []float64{0, 0}, []float64{inf, inf})
	s, err := lp.Solve(context.Background(), p, lp.Settings{Tolerance: 1e-300, Method: lp.PDHG, Finish: lp.FinishNone})
	if err != nil || s.Status != lp.IterationLimit || s.Certificate.Gap > 1e-9 || s.Certificate.Iterations > 3_000_000 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestBoundWithoutRows: where multipliers prove nothing, the columns' own bounds may.
func TestBoundWithoutRows(t *testing.T) {
	inf := math.Inf(1)
	p := dense(t, []float64{-1, 0}, [][]float64{{1, -1}}, []float64{-inf}, []float64{0}, []float64{0, 0}, []float64{3, inf})
	for _, y := range []float64{0, -1e-3, -2} {
		if c := lp.Certify(p, []float64{3, 3}, []float64{y}); c.Bound > -3 || c.Bound < -3.0000001 {
			t.Errorf("y = %v: bound %v of an objective of -3", y, c.Bound)
		}
	}
	// A column without entries and costs takes nothing from the bound of the others.
	p = dense(t, []float64{1, 0}, [][]float64{{1, 0}}, []float64{2}, []float64{inf}, []float64{0, 0}, []float64{inf, inf})
	if c := lp.Certify(p, []float64{2, 0}, []float64{1}); !(c.Bound > 1.999999) {
		t.Errorf("bound %v of an objective of 2", c.Bound)
	}
}
