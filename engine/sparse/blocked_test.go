package sparse

import (
	"math/rand/v2"
	"testing"

	"planwerk/kernels"
)

// The blocks of a matrix hold all its entries, each in the block of its column, and give the products of these columns.
func TestBlocksHoldTheMatrix(t *testing.T) {
	defer func(n int) { BlockColumns = n }(BlockColumns)
	r := rand.New(rand.NewPCG(5, 1))
	var kept *Blocked
	for trial := range 30 {
		BlockColumns = 1 + r.IntN(20)
		a, _ := random(r, 1+r.IntN(40), 1+r.IntN(60), trial*9)
		x := make([]float64, a.Cols)
		for j := range x {
			x[j] = r.NormFloat64()
		}
		kept = a.Blocked(kept, 1+trial%3)
		blocks, ends := a.Blocks(), a.BlockEnds(1)
		if (blocks-1)*BlockColumns >= a.Cols || blocks*BlockColumns < a.Cols || kept.Blocks != blocks || len(ends) != (blocks-1)*a.Rows {
			t.Fatalf("%d columns by %d: %d blocks, %d stored, %d ends", a.Cols, BlockColumns, blocks, kept.Blocks, len(ends))
		}
		got := make([]float64, a.Rows)
		for b := range blocks {
			kept.MulBlock(got, x, b, 0, a.Rows)
			for i := range a.Rows {
				if want := blockDot(a, x, i, b, blocks); got[i] != want {
					t.Errorf("row %d of block %d of %d is %v, want %v", i, b, blocks, got[i], want)
				}
			}
		}
		for b := range blocks - 1 {
			for i := range a.Rows {
				at := ends[b*a.Rows+i]
				if end := a.blockEnd(b, blocks); at > a.Ptr[i] && a.Col[at-1] >= end || at < a.Ptr[i+1] && a.Col[at] < end {
					t.Errorf("row %d: block %d of %d ends at %d", i, b, blocks, at)
				}
			}
		}
	}
}

// blockDot is row i's product with the columns of block b.
func blockDot(a *CSR, x []float64, i, b, blocks int) float64 {
	var cols []int32
	var vals []float64
	all, values := a.Row(i)
	for k, j := range all {
		if int(j) >= b*a.Cols/blocks && int(j) < (b+1)*a.Cols/blocks {
			cols, vals = append(cols, j), append(vals, values[k])
		}
	}
	return kernels.SparseDot(cols, vals, x)
}
