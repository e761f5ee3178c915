package leontief

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"planwerk/kernels"
)

// nearlyOne are two products with a radius of 1 − 2e-9 or so, in units 10¹² apart: what rounding does to them leaves residuals
// of any size.
func nearlyOne() *Table {
	a := matrix([][]float64{{0, 1e12}, {1e-12 * (1 - 4e-9), 0}})
	return &Table{A: a, Labour: ones(2), Demand: []float64{1, -.5}}
}

// TestNoAnswerWithoutAProof: numbers whose residual only rounding explains are no answer unless a bound proves a digit of them.
func TestNoAnswerWithoutAProof(t *testing.T) {
	for _, method := range []Method{Auto, Sweeps, BiCGSTAB, GMRES, Refined} {
		for _, multipliers := range []bool{false, true} {
			r, err := Compute(context.Background(), nearlyOne(), Request{Settings: Settings{Method: method}, Multipliers: multipliers})
			if limit := (*NotSolved)(nil); errors.As(err, &limit) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			det := 1 - 1e12*(1e-12*(1-4e-9))
			want := []float64{(1 + 1e-12*(1-4e-9)) / det, (1e12 + 1) / det}
			for i, v := range r.Values.X {
				if off := math.Abs(v - want[i]); !(off <= r.Values.Bound+1e-6*want[i]) && !(r.Values.Relative <= SmallRelative) {
					t.Errorf("%s: value %d is %v, want %v, bound %v, relative residual %v", method, i, v, want[i], r.Values.Bound, r.Values.Relative)
				}
			}
		}
	}
	d := &Dominator{U: ones(1), Norm: 1}
	loose := &Solution{X: []float64{1}, Converged: true, Residual: 1, Relative: .1}
	for _, c := range []struct {
		relative, residual float64
		d                  *Dominator
		sign               int
		stands             bool
	}{{.1, .1, d, 1, true}, {.1, 1, d, 1, false}, {.1, .1, nil, -1, false}, {1e-13, .1, nil, -1, true}, {1e-13, .1, nil, 1, false}, {1e-13, 1, d, 1, true}, {0, 0, nil, 1, true}} {
		loose.Relative, loose.Residual = c.relative, c.residual
		_, err := (&System{sign: c.sign}).bounded(loose, c.d, "values", Settings{})
		if limit := (*NotSolved)(nil); (err == nil) != c.stands || err != nil && !(errors.As(err, &limit) && limit.Unproved) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestGroupAtFault: where bounds are slow to come together, it is not the group with the largest lower bound that is at fault
// but the one whose radius may be 1 or more.
func TestGroupAtFault(t *testing.T) {
	const n = 400 // a path: its vector is found slowly
	var row, col []int32
	var val []float64
	add := func(i, j int, v float64) {
		row, col, val = append(row, int32(i)), append(col, int32(j)), append(val, v)
	}
	for i := 1; i < n; i++ {
		add(i, i-1, .50002)
		add(i-1, i, .50002)
	}
	add(n, n, 1-1e-6) // productive
	add(n, 0, .5)
	a, err := NewMatrix(n+1, n+1, row, col, val)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compute(context.Background(), &Table{A: a, Labour: ones(n + 1), Demand: ones(n + 1)}, Request{RadiusProducts: 20})
	not := (*NotProductive)(nil)
	if !errors.As(err, &not) || len(not.Group) != n || slices.Contains(not.Group, n) || not.Upper < 1 {
		t.Errorf("%v", err)
	}
}

// TestBreakdownIsNotBadInput: a factorisation that breaks down is a matter of mathematics.
func TestBreakdownIsNotBadInput(t *testing.T) {
	table := &Table{A: matrix([][]float64{{0, 1}, {1, 0}}), Labour: ones(2)}
	settings := Settings{Method: BiCGSTAB, Preconditioner: ILU0}
	_, err := Compute(context.Background(), table, Request{Settings: settings})
	if not := (*NotProductive)(nil); !errors.As(err, &not) {
		t.Errorf("a radius of 1: %v", err)
	}
	table.A = matrix([][]float64{{0, -1}, {-1, 0}})
	_, err = Compute(context.Background(), table, Request{Settings: settings})
	if limit := (*NotSolved)(nil); !errors.As(err, &limit) {
		t.Errorf("signed: %v", err)
	}
}

// TestUnitsFarApart: products in units far apart are solved; an iterate is judged by its own rounding errors, not by those of a
// larger one that came after it.
func TestUnitsFarApart(t *testing.T) {
	for _, apart := range []float64{1e4, 1e7, 1e8} {
		for _, gap := range []float64{1e-2, 1e-3, 1e-4} {
			a, b := apart, (1-gap)/apart
			r, err := Compute(context.Background(), &Table{A: matrix([][]float64{{0, a}, {b, 0}}), Labour: ones(2), Demand: ones(2)}, Request{})
			if err != nil {
				t.Errorf("%v apart, %v below 1: %v", apart, gap, err)
				continue
			}
			det := math.FMA(-a, b, 1)
			for i, want := range []float64{(1 + a) / det, (1 + b) / det} {
				if off := math.Abs(r.Outputs.X[i] - want); !(off <= r.Outputs.Bound*(1+1e-9)) || !(r.Outputs.Bound < .1*kernels.NormInf(r.Outputs.X)) {
					t.Errorf("%v apart, %v below 1: output %d is %v, want %v, bound %v", apart, gap, i, r.Outputs.X[i], want, r.Outputs.Bound)
				}
			}
		}
	}
}

// TestVanishingSides: a right-hand side whose squares are nothing in floating point has no answer of zeros.
func TestVanishingSides(t *testing.T) {
	a := matrix([][]float64{{.5, .2}, {.1, .3}})
	if _, err := Compute(context.Background(), &Table{A: a, Labour: []float64{1e-200, 1e-180}}, Request{}); err == nil {
		t.Error("labour of 1e-180: no error")
	}
	r, err := Compute(context.Background(), &Table{A: a, Labour: []float64{1e-200, 1e-90}, Demand: []float64{0, 0}}, Request{})
	if err != nil || !(r.Values.X[1] > 1e-90) || r.Outputs.X[0] != 0 || r.Outputs.Bound != 0 {
		t.Errorf("%v, %v", r, err)
	}
}

// TestUnitsTooFarApart: a residual that is small beside one huge entry says nothing of the others, and there is no bound.
func TestUnitsTooFarApart(t *testing.T) {
	for _, method := range []Method{Auto, GMRES} {
		_, err := Compute(context.Background(), &Table{A: matrix([][]float64{{0, 1e60}, {1e-61, 0}}), Labour: []float64{1e-100, 1e100}, Demand: []float64{-1e100, 1e-100}}, Request{Settings: Settings{Method: method}})
		if limit := (*NotSolved)(nil); !errors.As(err, &limit) {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestRadiusText(t *testing.T) {
	for v, want := range map[float64]string{.5: "0.5", 1 - 0x1p-40: "0.99999999999909051", 1: "1", 1 + 0x1p-40: "1.0000000000009095", 1.25: "1.25"} {
		if got := RadiusText(v); got != want {
			t.Errorf("%v: %s", v, got)
		}
	}
}
