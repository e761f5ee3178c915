package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// lanes adds the given terms by the order of doc.go, written as plainly as possible.
func lanes(terms []float64) float64 {
	var l [8]float64
	for i, t := range terms {
		l[i%8] += t
	}
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

func randoms(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64() * math.Exp(20*r.Float64()-10)
	}
	return x
}

func TestSumsFollowTheLaneOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		x, y := randoms(r, n), randoms(r, n+1)
		terms := make([]float64, n)
		for i := range terms {
			terms[i] = x[i] * y[i]
		}
		if got, want := Dot(x, y), lanes(terms); got != want {
			t.Errorf("Dot of %d values = %v, want %v", n, got, want)
		}
		if got, want := SumFloat64(x), lanes(x); got != want {
			t.Errorf("SumFloat64 of %d values = %v, want %v", n, got, want)
		}
	}
}

func TestSpMVFollowsTheLaneOrder(t *testing.T) {
	checkSpMV(t)
	defer func(entries int) { streamedEntries = entries }(streamedEntries)
	streamedEntries = 0
	checkSpMV(t)
}

func checkSpMV(t *testing.T) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	x := randoms(r, 100)
	ptr, col, val := []int64{0}, []int32(nil), []float64(nil)
	var want []float64
	for n := range 40 {
		terms := make([]float64, n)
		for k := range terms {
			c, v := r.IntN(len(x)), r.NormFloat64()
			col, val = append(col, int32(c)), append(val, v)
			terms[k] = v * x[c]
		}
		ptr, want = append(ptr, int64(len(col))), append(want, lanes(terms))
	}
	got := make([]float64, len(want))
	SpMV(got, ptr, col, val, x)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row of %d entries = %v, want %v", i, got[i], want[i])
		}
	}
	SpMV(got[5:9], ptr[5:], col, val, x)
	if got[7] != want[7] {
		t.Errorf("a part of the rows gives other values")
	}
	SpMV(nil, nil, nil, nil, nil)
}

func TestAxpyAndNorms(t *testing.T) {
	x, y := []float64{1, -2, 3}, []float64{10, 20, 30, 40}
	Axpy(2, x, y)
	for i, want := range []float64{12, 16, 36, 40} {
		if y[i] != want {
			t.Errorf("y[%d] = %v, want %v", i, y[i], want)
		}
	}
	if got := NormInf(x); got != 3 {
		t.Errorf("NormInf = %v", got)
	}
	if got := NormInf([]float64{1, math.NaN(), 2}); got == got {
		t.Errorf("NormInf hides a NaN: %v", got)
	}
	if got := Norm2([]float64{3, 4}); got != 5 {
		t.Errorf("Norm2 = %v", got)
	}
	if NormInf(nil) != 0 || Norm2(nil) != 0 {
		t.Error("norms of nothing are not zero")
	}
}

func TestHalpernStepsEqualTheFormula(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	inf := math.Inf(1)
	for n := range 20 {
		x, anchor, c, g := randoms(r, n), randoms(r, n), randoms(r, n), randoms(r, n)
		lo, hi := make([]float64, n), make([]float64, n)
		for j := range lo {
			lo[j], hi[j] = -inf, inf
			if j%3 > 0 {
				lo[j] = r.NormFloat64()
			}
			if j%2 > 0 {
				hi[j] = math.Max(lo[j], 0) + r.Float64()
			}
		}
		old := append([]float64(nil), x...)
		xhat, refl := make([]float64, n), make([]float64, n)
		HalpernPrimal(x, xhat, refl, anchor, c, g, lo, hi, 0.3, 0.75, 0.25)
		for j := range x {
			h := math.Min(math.Max(old[j]-float64(0.3*(c[j]-g[j])), lo[j]), hi[j])
			if xhat[j] != h || refl[j] != 2*h-old[j] || x[j] != float64(0.75*refl[j])+float64(0.25*anchor[j]) {
				t.Fatalf("primal step of length %d differs at %d", n, j)
			}
		}
		copy(x, old)
		HalpernDual(x, xhat, anchor, g, lo, hi, 0.5, 2, 0.75, 0.25)
		for j := range x {
			q := 2*old[j] - g[j]
			h := 0.5 * (q - math.Min(math.Max(q, -hi[j]), -lo[j]))
			if xhat[j] != h || x[j] != float64(0.75*(2*h-old[j]))+float64(0.25*anchor[j]) {
				t.Fatalf("dual step of length %d differs at %d", n, j)
			}
		}
	}
}
