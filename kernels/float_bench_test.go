//go:build unix

package kernels

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// processorTime is what the process has used so far: on a shared machine it moves less than the time on the wall.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// atEachLevel runs a benchmark at every level of the machine; bytes and items are what one run goes over.
func atEachLevel(b *testing.B, name string, bytes, items int, run func()) {
	before := level
	defer SetLevel(before)
	for l := Scalar; l <= MachineLevel(); l++ {
		SetLevel(l)
		b.Run(fmt.Sprintf("%s/level=%s", name, l), func(b *testing.B) {
			b.SetBytes(int64(bytes))
			begun := processorTime(b)
			for range b.N {
				run()
			}
			b.ReportMetric(float64(processorTime(b)-begun)/float64(b.N)/float64(items), "cpu-ns/item")
		})
	}
}

// matrix makes rows of nnz entries on average, at random columns or near the diagonal.
func matrix(r *rand.Rand, rows, nnz int, banded, even bool) (ptr []int64, col []int32, val []float64) {
	ptr = append(ptr, 0)
	for i := range rows {
		n := nnz
		if !even {
			n = r.IntN(2*nnz + 1)
		}
		for range n {
			c := r.IntN(rows)
			if banded {
				c = min(max(i+r.IntN(65)-32, 0), rows-1)
			}
			col, val = append(col, int32(c)), append(val, r.NormFloat64())
		}
		ptr = append(ptr, int64(len(col)))
	}
	return ptr, col, val
}

func BenchmarkSpMV(b *testing.B) {
	for _, shape := range []struct {
		rows, nnz    int
		banded, even bool
	}{{1 << 20, 16, false, true}, {1 << 20, 16, true, true}, {1 << 12, 16, false, true}, {1 << 14, 3, false, false}, {1 << 13, 6, false, false}, {1 << 12, 12, false, false}, {1 << 8, 200, false, false}} {
		ptr, col, val := matrix(rand.New(rand.NewPCG(1, 2)), shape.rows, shape.nnz, shape.banded, shape.even)
		x, dst := randoms(rand.New(rand.NewPCG(3, 4)), shape.rows), make([]float64, shape.rows)
		name := fmt.Sprintf("rows=%d/nnz=%d/banded=%v/even=%v", shape.rows, shape.nnz, shape.banded, shape.even)
		atEachLevel(b, name, 12*len(col), len(col), func() { SpMV(dst, ptr, col, val, x) })
	}
}

func BenchmarkSparseDot(b *testing.B) {
	const rows = 1 << 12
	for _, nnz := range []int{4, 8, 12, 16, 24, 64} {
		ptr, col, val := matrix(rand.New(rand.NewPCG(1, 2)), rows, nnz, false, true)
		x, dst := randoms(rand.New(rand.NewPCG(3, 4)), rows), make([]float64, rows)
		atEachLevel(b, fmt.Sprintf("nnz=%d", nnz), 12*len(col), len(col), func() {
			for i := range dst {
				dst[i] = SparseDot(col[ptr[i]:ptr[i+1]], val[ptr[i]:ptr[i+1]], x)
			}
		})
	}
}

func BenchmarkSpMM(b *testing.B) {
	for _, rows := range []int{1 << 12, 1 << 18} {
		ptr, col, val := matrix(rand.New(rand.NewPCG(1, 2)), rows, 16, false, true)
		for _, width := range []int{4, 8, 16} {
			x, dst := randoms(rand.New(rand.NewPCG(3, 4)), rows*width), make([]float64, rows*width)
			atEachLevel(b, fmt.Sprintf("rows=%d/width=%d", rows, width), 12*len(col), len(col)*width, func() { SpMM(dst, ptr, col, val, x, width) })
		}
	}
}

func BenchmarkGemmSub(b *testing.B) {
	for _, n := range []int{60, 256, 1000} {
		r := rand.New(rand.NewPCG(1, 2))
		const m, k = 32, 48
		c, a, w := randoms(r, m*n), randoms(r, m*n), randoms(r, k*n)
		atEachLevel(b, fmt.Sprintf("m=%d/n=%d/k=%d", m, n, k), 8*m*n, m*n*k, func() { GemmSub(c, n, a, n, w, n, m, n, k) })
	}
}

// Vectors of 4 Ki values lie in the near caches, those of 4 Mi in none.
func BenchmarkVectors(b *testing.B) {
	for _, n := range []int{20, 1 << 12, 1 << 22} {
		r := rand.New(rand.NewPCG(1, 2))
		var v [8][]float64
		for i := range v {
			v[i] = randoms(r, n)
		}
		var sink float64
		named := func(op string) string { return fmt.Sprintf("op=%s/n=%d", op, n) }
		atEachLevel(b, named("Dot"), 16*n, n, func() { sink += Dot(v[0], v[1]) })
		atEachLevel(b, named("Sum"), 8*n, n, func() { sink += SumFloat64(v[0]) })
		atEachLevel(b, named("NormInf"), 8*n, n, func() { sink += NormInf(v[0]) })
		atEachLevel(b, named("Axpy"), 24*n, n, func() { Axpy(1e-9, v[0], v[1]) })
		atEachLevel(b, named("HalpernPrimal"), 88*n, n, func() {
			HalpernPrimal(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], 1e-3, 0.5, 0.5)
		})
		atEachLevel(b, named("HalpernDual"), 64*n, n, func() { HalpernDual(v[0], v[1], v[3], v[4], v[6], v[7], 1e-3, 1e3, 0.5, 0.5) })
	}
}
