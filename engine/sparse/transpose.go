package sparse

import (
	"context"

	"planwerk/engine/shard"
)

// transposeParts is into how many ranges of columns a large matrix is cut for its transpose: each is filled by itself, at the
// price of reading all columns once more.
const transposeParts = 4

// Transpose is the transpose, by rows.
func (a *CSR) Transpose() *CSR { return a.TransposeOn(1) }

// TransposeOn is Transpose on up to threads threads.
func (a *CSR) TransposeOn(threads int) *CSR {
	t := &CSR{Rows: a.Cols, Cols: a.Rows, Ptr: make([]int64, a.Cols+1), Col: make([]int32, len(a.Col)), Val: make([]float64, len(a.Val))}
	for _, c := range a.Col {
		t.Ptr[c+1]++
	}
	for j := range a.Cols {
		t.Ptr[j+1] += t.Ptr[j]
	}
	parts := 1
	if len(a.Col) >= 1<<20 && shard.Threads(threads) > 1 {
		parts = transposeParts
	}
	cut := shard.Weighted(t.Ptr, parts)
	// The context never ends and no piece fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), threads, len(cut), func(p int) error {
		a.fillTransposed(t, cut[p][0], cut[p][1])
		return nil
	})
	return t
}

// fillTransposed writes rows lo … hi−1 of the transpose.
func (a *CSR) fillTransposed(t *CSR, lo, hi int) {
	next := make([]int64, hi-lo)
	copy(next, t.Ptr[lo:hi])
	first, size := int32(lo), uint32(hi-lo)
	for i := range a.Rows {
		from, to := a.Ptr[i], a.Ptr[i+1]
		vals := a.Val[from:to]
		for k, c := range a.Col[from:to] {
			if j := uint32(c - first); j < size {
				at := next[j]
				next[j] = at + 1
				t.Col[at], t.Val[at] = int32(i), vals[k]
			}
		}
	}
}
