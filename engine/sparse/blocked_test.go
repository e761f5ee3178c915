package sparse

import (
	"math/rand/v2"
	"testing"

	"planwerk/kernels"
)

// The blocks of a matrix hold all its entries, each in the block of its column, and give the products of these columns.
func TestBlocksHoldTheMatrix(t *testing.T) {
	defer func(n, k int) { BlockColumns, BlockEntries = n, k }(BlockColumns, BlockEntries)
	BlockEntries = 0
	r := rand.New(rand.NewPCG(5, 1))
	var kept *Blocked
	for trial := range 30 {
		BlockColumns = 1 + r.IntN(20)
		a, _ := random(r, 1+r.IntN(40), 1+r.IntN(60), trial*9)
		x := make([]float64, a.Cols)
		for j := range x {
			x[j] = r.NormFloat64()
		}
		blocks, ends := a.Blocks(), a.BlockEnds(1)
		kept = a.Blocked(blocks, kept, 1+trial%3)
		narrow := blocks == 1 && 2*a.spread((a.Cols+BlockColumns-1)/BlockColumns) < int64(a.NNZ())
		if (blocks-1)*BlockColumns >= a.Cols || blocks*BlockColumns < a.Cols && !narrow || kept.Blocks != blocks || len(ends) != (blocks-1)*a.Rows {
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

// TestBandsAreOneBlock: blocks are for rows that reach over several of them.
func TestBandsAreOneBlock(t *testing.T) {
	defer func(n, k int) { BlockColumns, BlockEntries = n, k }(BlockColumns, BlockEntries)
	BlockEntries = 0
	BlockColumns = 100
	for _, c := range []struct{ reach, entries, want int }{{3, 0, 1}, {40, 0, 1}, {150, 0, 10}, {1000, 0, 10}, {1000, 1, 1}} {
		BlockEntries = c.entries // 5 in ten blocks are fewer than 1
		var row, col []int32
		var val []float64
		for i := range 1000 {
			for k := range 5 {
				row, col, val = append(row, int32(i)), append(col, int32(min(i+k*c.reach/4, 999))), append(val, 1)
			}
		}
		a, err := FromTriplets(1000, 1000, row, col, val)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Blocks(); got != c.want {
			t.Errorf("rows that reach over %d of 1000 columns: %d blocks, want %d", c.reach, got, c.want)
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
