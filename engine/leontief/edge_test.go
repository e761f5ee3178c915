package leontief

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestEdgeOfProductivity: an economy whose radius is 1, or 1 but for rounding, is refused by every method with the group at
// fault; one that is a little below is solved, with a finite bound of the error.
func TestEdgeOfProductivity(t *testing.T) {
	ulp := 0x1p-53
	for _, c := range []struct {
		name  string
		rows  [][]float64
		group []int32 // nil: productive
	}{
		{"exactly 1, in two products", [][]float64{{.5, 1, 0}, {.5, 0, 0}, {.2, 0, .3}}, []int32{0, 1}},
		{"exactly 1, in one", [][]float64{{.3, .1}, {0, 1}}, []int32{1}},
		{"1 but for one rounding", [][]float64{{1 - ulp, 0}, {.3, .2}}, []int32{0}},
		{"1 but for a few roundings", [][]float64{{1 - 1e-15, 0}, {.3, .2}}, []int32{0}},
		{"a ring of 1 but for a rounding", [][]float64{{0, 4, 0}, {0, 0, .5}, {.5 * (1 - ulp), 0, 0}}, []int32{0, 1, 2}},
		{"a little below", [][]float64{{1 - 1e-9, 0}, {.3, .2}}, nil},
		{"a ring a little below", [][]float64{{0, 4}, {.25 * (1 - 1e-9), 0}}, nil},
	} {
		for _, method := range []Method{Auto, Sweeps, BiCGSTAB, GMRES, Refined} {
			n := len(c.rows)
			table := &Table{A: matrix(c.rows), Labour: ones(n), Demand: ones(n)}
			r, err := Compute(context.Background(), table, Request{Settings: Settings{Method: method}})
			var not *NotProductive
			var limit *NotSolved
			if c.group == nil {
				if errors.As(err, &limit) && (method == Sweeps || method == Refined) {
					continue // too slow there, which is not to say that the economy is not productive
				}
				if err != nil || math.IsInf(r.Values.Bound, 0) || math.IsInf(r.Outputs.Bound, 0) {
					t.Errorf("%s, %s: %+v, %v", c.name, method, r, err)
				}
			} else if !errors.As(err, &not) || !slices.Equal(not.Group, c.group) || not.Upper < 1 {
				t.Errorf("%s, %s: %+v, %v", c.name, method, r, err)
			}
			if _, err := Compute(context.Background(), &Table{A: table.A}, Request{}); (err == nil) != (c.group == nil) {
				t.Errorf("%s, nothing to solve: %v", c.name, err)
			}
		}
		if _, err := Compute(context.Background(), &Table{A: matrix(c.rows)}, Request{Multipliers: true}); (err == nil) != (c.group == nil) {
			t.Errorf("%s, multipliers: %v", c.name, err)
		}
	}
}

// TestWideRanges: coefficients of any size that is allowed give bounds of the radius that hold, or an error, never NaN.
func TestWideRanges(t *testing.T) {
	for _, c := range []struct {
		rows   [][]float64
		radius float64
	}{
		{[][]float64{{0, 1e60}, {1e-61, 0}}, math.Sqrt(.1)},
		{[][]float64{{0, 1e-300}, {1e60, 0}}, 1e-120},
		{[][]float64{{0, 1e-300, 0}, {0, 0, 1e-300}, {1e60, 0, .5}}, .5},
		{[][]float64{{1e60, 1e60}, {1e60, 1e60}}, 2e60},
		{[][]float64{{1e-310, 1e-310}, {1e-310, 1e-310}}, 2e-310},
	} {
		r, err := SpectralRadius(context.Background(), matrix(c.rows), 1e-9, 4000, 1)
		if err != nil || !(r.Lower <= c.radius*(1+1e-12)) || !(r.Upper >= c.radius*(1-1e-12)) {
			t.Errorf("%v: radius between %v and %v, is %v (%v)", c.rows, r.Lower, r.Upper, c.radius, err)
		}
		n := len(c.rows)
		answer, err := Compute(context.Background(), &Table{A: matrix(c.rows), Labour: ones(n), Demand: ones(n)}, Request{})
		if err == nil {
			for _, x := range slices.Concat(answer.Values.X, answer.Outputs.X) {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%v: values %v, outputs %v", c.rows, answer.Values.X, answer.Outputs.X)
				}
			}
		} else if strings.Contains(err.Error(), "NaN") {
			t.Errorf("%v: %v", c.rows, err)
		}
	}
	for _, table := range []*Table{{A: matrix([][]float64{{1e61}})}, {A: matrix([][]float64{{.1}}), Labour: []float64{1e101}}} {
		if _, err := Compute(context.Background(), table, Request{}); err == nil || !strings.Contains(err.Error(), "can be computed with") {
			t.Errorf("%+v: %v", table, err)
		}
	}
}
