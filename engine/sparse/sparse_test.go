package sparse

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func random(r *rand.Rand, rows, cols, nnz int) (*CSR, map[[2]int32]float64) {
	var ri, ci []int32
	var v []float64
	want := map[[2]int32]float64{}
	for range nnz {
		i, j, x := int32(r.IntN(rows)), int32(r.IntN(cols)), float64(r.IntN(9)-4)
		ri, ci, v = append(ri, i), append(ci, j), append(v, x)
		want[[2]int32{i, j}] += x
	}
	a, err := FromTriplets(rows, cols, ri, ci, v)
	if err != nil {
		panic(err)
	}
	return a, want
}

func TestFromTripletsAddsAndDropsZeros(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for trial := range 50 {
		a, want := random(r, 1+r.IntN(8), 1+r.IntN(8), trial*2)
		if err := a.Check(); err != nil {
			t.Fatal(err)
		}
		found := 0
		for i := range a.Rows {
			cols, vals := a.Row(i)
			for k, c := range cols {
				if found++; vals[k] != want[[2]int32{int32(i), c}] || vals[k] == 0 {
					t.Errorf("(%d, %d) = %v, want %v", i, c, vals[k], want[[2]int32{int32(i), c}])
				}
			}
		}
		for at, v := range want {
			if v != 0 {
				found--
			}
			_ = at
		}
		if found != 0 {
			t.Errorf("%d entries too many", found)
		}
	}
}

func TestTransposeTwiceIsTheMatrix(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	a, want := random(r, 17, 9, 60)
	b := a.Transpose()
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	for i := range b.Rows {
		cols, vals := b.Row(i)
		for k, c := range cols {
			if vals[k] != want[[2]int32{c, int32(i)}] {
				t.Errorf("transposed (%d, %d) = %v", i, c, vals[k])
			}
		}
	}
	c := b.Transpose()
	for k := range a.Val {
		if a.Val[k] != c.Val[k] || a.Col[k] != c.Col[k] {
			t.Fatal("transposing twice changes the matrix")
		}
	}
}

func TestMulSameBitsOnAnyThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	a, _ := random(r, 20000, 3000, 200000)
	x := make([]float64, a.Cols)
	for j := range x {
		x[j] = r.NormFloat64()
	}
	one := make([]float64, a.Rows)
	a.Mul(one, x, 1)
	for _, threads := range []int{2, 3, 7} {
		y := make([]float64, a.Rows)
		a.Mul(y, x, threads)
		for i := range y {
			if math.Float64bits(y[i]) != math.Float64bits(one[i]) {
				t.Fatalf("row %d differs on %d threads", i, threads)
			}
		}
	}
}

func TestScale(t *testing.T) {
	a, _ := FromTriplets(2, 2, []int32{0, 1, 1}, []int32{0, 0, 1}, []float64{1, 2, 3})
	a.Scale([]float64{10, 100}, []float64{1, 2})
	if a.Val[0] != 10 || a.Val[1] != 200 || a.Val[2] != 600 {
		t.Errorf("scaled values are %v", a.Val)
	}
}

func TestErrorsNameTheEntry(t *testing.T) {
	_, err := FromTriplets(2, 2, []int32{0, 2}, []int32{0, 0}, []float64{1, 1})
	if err == nil || !strings.Contains(err.Error(), "entry 1 at (2, 0)") {
		t.Errorf("error is %v", err)
	}
	_, err = FromTriplets(2, 2, []int32{0}, []int32{0}, []float64{math.NaN()})
	if err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("error is %v", err)
	}
	bad := &CSR{Rows: 1, Cols: 2, Ptr: []int64{0, 2}, Col: []int32{1, 0}, Val: []float64{1, 1}}
	if err := bad.Check(); err == nil || !strings.Contains(err.Error(), "row 0 has column 0 after column 1") {
		t.Errorf("error is %v", err)
	}
}
