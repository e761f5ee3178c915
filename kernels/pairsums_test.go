package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPairSums holds the sums to their definition, over values of all sizes and many settlements.
func TestPairSums(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for size := range 65 {
		codes := 1 + r.IntN(50)
		n := r.IntN(5 * pairBlock)
		if size == narrowValues {
			n = 1100 * pairBlock // settles: 2⁴⁰ · 4096 · 1100 > 2⁶²
		}
		code, x, y := make([]int32, n), make([]int64, n), make([]int64, n)
		for i := range code {
			code[i] = int32(r.IntN(codes+1)) - 1
			x[i], y[i] = drawn(r, size), drawn(r, max(0, size-r.IntN(2)))
		}
		s, other := NewPairSums(codes), NewPairSums(codes)
		cut := r.IntN(n + 1)
		s.Add(code[:cut], x, y)
		other.Add(code[cut:], x[cut:], y[cut:])
		s.AddSums(other)
		wantX, wantY := make([]Int128, codes), make([]Int128, codes)
		GroupSum(wantX, code, x)
		GroupSum(wantY, code, y)
		for c := range codes {
			if gotX, gotY := s.At(c); gotX != wantX[c] || gotY != wantY[c] {
				t.Fatalf("values of %d bits, code %d: %v, %v, want %v, %v", size, c, gotX, gotY, wantX[c], wantY[c])
			}
		}
	}
}

// drawn is a value of at most so many bits, often an extreme one.
func drawn(r *rand.Rand, size int) int64 {
	most := int64(math.MaxInt64)
	if size < 63 {
		most = 1<<size - 1
	}
	switch r.IntN(4) {
	case 0:
		return most
	case 1:
		return -most - 1
	}
	return r.Int64() & most
}

func TestPairSumsBeyondCodes(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a code beyond the sums was taken")
		}
	}()
	NewPairSums(3).Add([]int32{0, 3}, []int64{1, 1}, []int64{1, 1})
}

func BenchmarkPairSums(b *testing.B) {
	const n, codes = 1 << 22, 100_000
	r := rand.New(rand.NewPCG(1, 1))
	code, x, y := make([]int32, n), make([]int64, n), make([]int64, n)
	for i := range code {
		code[i] = int32(math.Exp(r.Float64()*math.Log(codes))) - 1
		x[i], y[i] = r.Int64N(1e9), r.Int64N(1e9)
	}
	b.Run("pairs", func(b *testing.B) {
		s := NewPairSums(codes)
		for b.Loop() {
			s.Add(code, x, y)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
	})
	b.Run("definition", func(b *testing.B) {
		sx, sy := make([]Int128, codes), make([]Int128, codes)
		for b.Loop() {
			GroupSum(sx, code, x)
			GroupSum(sy, code, y)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
	})
}
