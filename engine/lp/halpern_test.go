package lp

import (
	"math/rand/v2"
	"slices"
	"testing"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// plainSteps are the steps of the iteration as one would write them down, rows summed block of columns after block.
func plainSteps(s *scaled, x, y []float64, count int, tau, sigma float64) (xhat, yhat []float64) {
	x, y = slices.Clone(x), slices.Clone(y)
	x0, y0 := slices.Clone(x), slices.Clone(y)
	n, m := len(x), len(y)
	refl, aty, ax := make([]float64, n), make([]float64, n), make([]float64, m)
	xhat, yhat = make([]float64, n), make([]float64, m)
	for k := range count {
		a, b := float64(k+1)/float64(k+2), 1/float64(k+2)
		plainProduct(aty, s.at, y)
		kernels.HalpernPrimal(x, xhat, refl, x0, s.c, aty, s.lo, s.hi, tau, a, b)
		plainProduct(ax, s.a, refl)
		kernels.HalpernDual(y, yhat, y0, ax, s.rowLo, s.rowHi, sigma, 1/sigma, a, b)
	}
	return xhat, yhat
}

func plainProduct(dst []float64, a *sparse.CSR, x []float64) {
	blocks := a.Blocks()
	for i := range dst {
		all, values := a.Row(i)
		for b := range blocks {
			lo, _ := slices.BinarySearch(all, int32(b*a.Cols/blocks))
			hi, _ := slices.BinarySearch(all, int32((b+1)*a.Cols/blocks))
			if v := kernels.SparseDot(all[lo:hi], values[lo:hi], x); b == 0 {
				dst[i] = v
			} else {
				dst[i] += v
			}
		}
	}
}

// Steps by blocks give the definition's bits on any number of threads.
func TestStepsByBlocks(t *testing.T) {
	defer func(n, k int) { sparse.BlockColumns, sparse.BlockEntries = n, k }(sparse.BlockColumns, sparse.BlockEntries)
	sparse.BlockEntries = 0
	r := rand.New(rand.NewPCG(8, 3))
	const m, n = 700, 2100
	row, col, val := make([]int32, 9*n), make([]int32, 9*n), make([]float64, 9*n)
	for k := range val {
		row[k], col[k], val[k] = int32(r.IntN(m)), int32(k/9), 0.1*r.NormFloat64()
	}
	a, err := sparse.FromTriplets(m, n, row, col, val)
	if err != nil {
		t.Fatal(err)
	}
	random := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = r.Float64()
		}
		return v
	}
	p := &Problem{A: a, C: random(n), ColLower: make([]float64, n), ColUpper: random(n), RowLower: random(m), RowUpper: make([]float64, m)}
	for i := range p.RowUpper {
		p.RowUpper[i] = 1 + p.RowLower[i]
	}
	x, y := random(n), random(m)
	for j := range x {
		x[j] = min(x[j], p.ColUpper[j])
	}
	for _, block := range []int{5000, 800, 300} {
		sparse.BlockColumns = block
		for _, threads := range []int{1, 3} {
			s := newScaled(p, 1)
			s.threads = threads
			s.scaleSides(p)
			s.finish()
			want, wantY := plainSteps(s, x, y, 4, 0.3, 0.2)
			h := newHost(s)
			h.start(x, y)
			h.steps(0, 4, 0.3, 0.2)
			if !slices.Equal(h.xhat, want) || !slices.Equal(h.yhat, wantY) {
				t.Errorf("blocks of %d columns, %d threads: not the bits of the definition", block, threads)
			}
		}
	}
}
