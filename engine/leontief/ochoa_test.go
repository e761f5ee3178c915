package leontief

import (
	"context"
	"fmt"
	"testing"

	"planwerk/engine/sparse"
)

// TestOchoa reproduces the three sectors of Ochoa (Values, prices, and wage–profit curves in the US economy, CJE 1989) to all
// printed digits, with and without the wear of fixed capital.
func TestOchoa(t *testing.T) {
	a := [3][3]float64{{.265, .968, .00681}, {.0121, .391, .0169}, {.0408, .808, .165}}
	wear := [3][3]float64{{0, 0, 0}, {.00568, .0267, .0028}, {.00265, .0147, .00246}}
	for k, want := range []string{"0.4398417 7.739431 0.8979541", "0.5192079 8.309406 0.9407729"} {
		var row, col []int32
		var val []float64
		for i := range 3 {
			for j := range 3 {
				row, col, val = append(row, int32(i)), append(col, int32(j)), append(val, a[i][j]+float64(k)*wear[i][j])
			}
		}
		m, err := sparse.FromTriplets(3, 3, row, col, val)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Compute(context.Background(), &Table{A: m, Labour: []float64{.193, 3.562, .616}}, Request{})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%.7f %.6f %.7f", r.Values.X[0], r.Values.X[1], r.Values.X[2]); got != want {
			t.Errorf("values %s, want %s", got, want)
		}
	}
}
