package leontief

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"planwerk/engine/sparse"
)

// economy draws a random productive matrix: k inputs per product, shares summing to at most 0.7 by column.
func economy(n, k int, seed uint64) *sparse.CSR {
	r := rand.New(rand.NewPCG(seed, 4))
	var row, col []int32
	var val []float64
	for j := range n {
		share := (0.2 + 0.5*r.Float64()) / float64(k)
		for range k {
			i := r.IntN(n)
			if r.IntN(10) < 7 {
				i = min(max(j-50+r.IntN(101), 0), n-1)
			}
			row, col, val = append(row, int32(i)), append(col, int32(j)), append(val, share*2*r.Float64())
		}
	}
	m, err := sparse.FromTriplets(n, n, row, col, val)
	if err != nil {
		panic(err)
	}
	return m
}

func vector(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 5))
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Exp(r.NormFloat64())
	}
	return v
}

// exact solves (I − M)z = b by Gaussian elimination with pivoting.
func exact(m *sparse.CSR, b []float64) []float64 {
	n := m.Rows
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
		a[i][i], a[i][n] = 1, b[i]
		cols, vals := m.Row(i)
		for k, c := range cols {
			a[i][c] -= vals[k]
		}
	}
	for k := range n {
		p := k
		for i := k; i < n; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[p][k]) {
				p = i
			}
		}
		a[k], a[p] = a[p], a[k]
		for i := k + 1; i < n; i++ {
			if f := a[i][k] / a[k][k]; f != 0 {
				for j := k; j <= n; j++ {
					a[i][j] -= f * a[k][j]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = a[i][n]
		for j := i + 1; j < n; j++ {
			x[i] -= a[i][j] * x[j]
		}
		x[i] /= a[i][i]
	}
	return x
}

func methods() (list []Settings) {
	list = append(list, Settings{Method: Sweeps})
	for _, m := range []Method{BiCGSTAB, GMRES} {
		for _, p := range []Preconditioner{None, Diagonal, ILU0} {
			list = append(list, Settings{Method: m, Preconditioner: p})
		}
	}
	return list
}

func TestMethodsAgreeWithElimination(t *testing.T) {
	for _, n := range []int{1, 2, 7, 60, 150} {
		for seed := range uint64(4) {
			m, b := economy(n, 1+int(seed)*3, seed), vector(n, seed)
			want := exact(m, b)
			d, err := FindDominator(context.Background(), m, 1)
			if err != nil || d == nil {
				t.Fatalf("no dominator: %v", err)
			}
			for _, s := range methods() {
				name := fmt.Sprintf("n=%d seed=%d %s/%s", n, seed, s.Method, s.Preconditioner)
				sol, err := Solve(context.Background(), m, b, s)
				if err != nil || !sol.Converged {
					t.Fatalf("%s: %v %+v", name, err, sol)
				}
				bound, off := d.ErrorBound(sol.Residual), 0.0
				for i := range want {
					off = max(off, math.Abs(sol.X[i]-want[i]))
				}
				if off > bound+1e-13*want[0] || bound > 1e-10 {
					t.Errorf("%s: off by %g, bound %g", name, off, bound)
				}
			}
		}
	}
}

func TestSeveralSidesAtOnce(t *testing.T) {
	for _, method := range []Method{Auto, BiCGSTAB} {
		for _, sides := range []int{0, 1, 2, 3, 8, 9, 16, 19} {
			severalSides(t, method, sides)
		}
	}
}

func severalSides(t *testing.T, method Method, sides int) {
	m := economy(400, 8, 3)
	var b [][]float64
	for k := range sides {
		b = append(b, vector(m.Rows, uint64(k)))
	}
	if sides > 2 {
		clear(b[1]) // nothing demanded
		b[2] = make([]float64, m.Rows)
		b[2][5] = 1
	}
	got, err := SolveMany(context.Background(), m, b, Settings{Method: method})
	if err != nil || len(got) != sides {
		t.Fatalf("%d sides: %d solutions, %v", sides, len(got), err)
	}
	for k, sol := range got {
		if method == Auto && sides >= refinedSides && k > 2 && k < 16 && sol.Method != Refined || method == BiCGSTAB && sol.Method != BiCGSTAB {
			t.Errorf("side %d of %d was solved by %s", k, sides, sol.Method)
		}
		want, err := Solve(context.Background(), m, b[k], Settings{})
		if err != nil || !sol.Converged {
			t.Fatalf("side %d of %d: %v %+v", k, sides, err, sol.Relative)
		}
		for i := range want.X {
			if math.Abs(sol.X[i]-want.X[i]) > 1e-11*(1+want.X[i]) {
				t.Fatalf("side %d of %d by %s, product %d: %v, want %v", k, sides, method, i, sol.X[i], want.X[i])
			}
		}
	}
}

func TestSameBitsOnAnyThreads(t *testing.T) {
	m, b := economy(30000, 12, 9), vector(30000, 9)
	for _, s := range methods() {
		s.Tolerance, s.Threads = 1e-9, 1
		one, err := Solve(context.Background(), m, b, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, threads := range []int{2, 5} {
			s.Threads = threads
			got, err := Solve(context.Background(), m, b, s)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.X {
				if math.Float64bits(got.X[i]) != math.Float64bits(one.X[i]) {
					t.Fatalf("%s/%s: product %d differs on %d threads", s.Method, s.Preconditioner, i, threads)
				}
			}
		}
	}
}

func TestWarmStartCostsLess(t *testing.T) {
	m, b := economy(5000, 12, 2), vector(5000, 2)
	cold, err := Solve(context.Background(), m, b, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Solve(context.Background(), m, b, Settings{Warm: cold.X})
	if err != nil || again.Products != 1 {
		t.Errorf("from the answer itself: %d products, %v", again.Products, err)
	}
	for i := range b {
		if i%100 == 0 {
			b[i] *= 1.01
		}
	}
	warm, err := Solve(context.Background(), m, b, Settings{Warm: cold.X})
	if err != nil || warm.Products > cold.Products {
		t.Errorf("%d products warm, %d cold, %v", warm.Products, cold.Products, err)
	}
}

// TestWarmStartThatIsNone: a start of anything gives the same answer, as near.
func TestWarmStartThatIsNone(t *testing.T) {
	m, b := economy(500, 12, 2), vector(500, 2)
	cold, err := Solve(context.Background(), m, b, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), -math.MaxFloat64, 1e308, 1e200, -1e30, 1e9} {
		for _, method := range []Method{Auto, Sweeps, BiCGSTAB, GMRES, Refined} {
			warm, err := Solve(context.Background(), m, b, Settings{Method: method, Warm: slices.Repeat([]float64{v}, len(b))})
			if err != nil || !warm.Converged || !(warm.Relative <= 1e-12) {
				t.Errorf("%s from %v: converged %t, relative residual %.3g, %v", method, v, warm.Converged, warm.Relative, err)
				continue
			}
			for i, x := range cold.X {
				if !(math.Abs(warm.X[i]-x) <= 1e-9*x) {
					t.Fatalf("%s from %v: %v at %d, want %v", method, v, warm.X[i], i, x)
				}
			}
		}
	}
}

// TestNearTheEdge: a ring whose radius is 0.9999.
func TestNearTheEdge(t *testing.T) {
	n := 300
	m := &sparse.CSR{Rows: n, Cols: n, Ptr: make([]int64, n+1)}
	for i := range n {
		m.Col, m.Val = append(m.Col, int32((i+1)%n)), append(m.Val, 0.9999)
		m.Ptr[i+1] = int64(i + 1)
	}
	b := vector(n, 8)
	r, err := Compute(context.Background(), &Table{A: m, Labour: b, Demand: b}, Request{})
	if err != nil {
		t.Fatal(err)
	}
	want := exact(m, b)
	for i := range want {
		if off := math.Abs(r.Outputs.X[i] - want[i]); off > r.Outputs.Bound+1e-11*want[i] || r.Outputs.Bound > 1e-4*want[i] {
			t.Fatalf("product %d: %v, want %v; error bound %g", i, r.Outputs.X[i], want[i], r.Outputs.Bound)
		}
	}
	if r.Radius.Upper >= 1 || r.Radius.Lower > 0.9999+1e-15 {
		t.Errorf("radius between %v and %v", r.Radius.Lower, r.Radius.Upper)
	}
}

func TestEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := economy(100, 3, 1)
	if _, err := Solve(ctx, m, vector(100, 1), Settings{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := Compute(ctx, &Table{A: m, Labour: vector(100, 1)}, Request{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	m := economy(3, 1, 1)
	for _, s := range []Settings{{Method: "lu"}, {Preconditioner: "magic"}, {Warm: []float64{1}}} {
		if _, err := Solve(context.Background(), m, ones(3), s); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}
