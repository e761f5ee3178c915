package leontief

import (
	"context"
	"math"
	"testing"

	"planwerk/kernels"
)

// TestRefinedAgreesWithBiCGSTAB: both within the bound that comes with the answer, for one side and for many, at every level
// and number of threads with the same bits.
func TestRefinedAgreesWithBiCGSTAB(t *testing.T) {
	ctx := context.Background()
	m := economy(15000, 20, 3)
	if m.NNZ() < refinedFrom {
		t.Fatalf("%d entries: Auto would not take Refined", m.NNZ())
	}
	d, err := FindDominator(ctx, m, 2)
	if err != nil || d == nil {
		t.Fatal("no dominator", err)
	}
	sides := make([][]float64, 18)
	for k := range sides {
		sides[k] = vector(m.Rows, uint64(k))
	}
	clear(sides[2])
	sides[5][7] = -1 // its answer has an entry that may be negative, and no bound from the cycles
	var first []*Solution
	before, _ := kernels.LevelInUse()
	defer kernels.SetLevel(before)
	for level := kernels.Scalar; level <= kernels.MachineLevel(); level++ {
		kernels.SetLevel(level)
		for _, threads := range []int{1, 3} {
			list, err := SolveMany(ctx, m, sides, Settings{Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = list
			}
			for k := range list {
				if !list[k].Converged || k != 2 && list[k].Relative > 1e-13 {
					t.Fatalf("side %d: %+v", k, list[k].Relative)
				}
				for i, v := range list[k].X {
					if math.Float64bits(v) != math.Float64bits(first[k].X[i]) {
						t.Fatalf("side %d, entry %d at level %s on %d threads: other bits", k, i, level, threads)
					}
				}
			}
		}
	}
	kernels.SetLevel(before)
	for _, k := range []int{0, 2, 5, 15, 16, 17} {
		one, err := Solve(ctx, m, sides[k], Settings{})
		if err != nil || !one.Converged || k != 2 && one.Method != Refined {
			t.Fatalf("side %d: %v %+v", k, err, one.Method)
		}
		old, err := Solve(ctx, m, sides[k], Settings{Method: BiCGSTAB})
		if err != nil {
			t.Fatal(err)
		}
		within := d.ErrorBound(old.Residual)
		for i, v := range old.X {
			if off := math.Abs(v - one.X[i]); off > within+d.ErrorBound(one.Residual) {
				t.Fatalf("side %d, entry %d alone: off by %g", k, i, off)
			}
			if off := math.Abs(v - first[k].X[i]); off > within+d.ErrorBound(first[k].Residual) {
				t.Fatalf("side %d, entry %d among others: off by %g", k, i, off)
			}
		}
	}
}

// TestRefinedGivesWay: near the edge of being productive cycles are slow, and Auto goes on with BiCGSTAB.
func TestRefinedGivesWay(t *testing.T) {
	m := economy(15000, 20, 4)
	for i := range m.Rows { // rows sum to 0.999
		_, vals := m.Row(i)
		sum := kernels.SumFloat64(vals)
		for k := range vals {
			vals[k] *= 0.999 / sum
		}
	}
	sol, err := Solve(context.Background(), m, vector(m.Rows, 1), Settings{Tolerance: 1e-11})
	if err != nil || !sol.Converged || sol.Method == Refined {
		t.Fatalf("%v %v after %d products: %g", err, sol.Method, sol.Products, sol.Relative)
	}
}

// TestWholeAgain: what a computation after a change takes over gives the answers of one that begins anew.
func TestWholeAgain(t *testing.T) {
	ctx := context.Background()
	a := economy(15000, 20, 5)
	table := &Table{A: a, Labour: vector(a.Rows, 1), Demand: vector(a.Rows, 2)}
	cold, err := Compute(ctx, table, Request{})
	if err != nil {
		t.Fatal(err)
	}
	var row, col []int32
	var val []float64
	for i := 0; i < a.Rows; i += 100 {
		cols, vals := a.Row(i)
		for k := range min(3, len(cols)) {
			row, col, val = append(row, int32(i)), append(col, cols[k]), append(val, vals[k]*1.1)
		}
	}
	if err := cold.Update([]int32{0}, []int32{int32(a.Rows)}, []float64{1}); err == nil {
		t.Error("a place outside the matrix was set")
	}
	if err := cold.Update(row, col, val); err != nil {
		t.Fatal(err)
	}
	table.Demand = vector(a.Rows, 3)
	warm, err := Compute(ctx, table, Request{Earlier: cold})
	if err != nil {
		t.Fatal(err)
	}
	fresh := *table
	fresh.A = a.Clone()
	want, err := Compute(ctx, &fresh, Request{})
	if err != nil {
		t.Fatal(err)
	}
	if warm.Radius.Upper < want.Radius.Lower || warm.Radius.Lower > want.Radius.Upper || warm.Radius.Products >= want.Radius.Products {
		t.Errorf("radius %+v, anew %+v", warm.Radius.Products, want.Radius.Products)
	}
	for _, p := range [][2]*Answer{{warm.Values, want.Values}, {warm.Outputs, want.Outputs}} {
		for i, v := range p[1].X {
			if off := math.Abs(v - p[0].X[i]); off > p[0].Bound+p[1].Bound || !(p[0].Bound < 1e-6) {
				t.Fatalf("entry %d: off by %g, bounds %g and %g", i, off, p[0].Bound, p[1].Bound)
			}
		}
		if p[0].Dominator.Products >= 3+p[1].Dominator.Products {
			t.Errorf("the dominator took %d products, anew %d", p[0].Dominator.Products, p[1].Dominator.Products)
		}
	}
}
