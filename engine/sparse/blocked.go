package sparse

import (
	"context"
	"sort"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// BlockColumns is how many columns a product takes at once where it goes block by block: as many numbers of the vector as
// stay in a third-level cache beside the matrix that streams by. A vector of 12 MB, gathered from all over, costs two to
// three times one of 4 MB (bench/NOTES.md).
var BlockColumns = 1 << 19

// BlockEntries is how many entries a row must have in a block, on average, that blocks pay: in short rows of changing lengths
// beginning and ending one costs more than the caches save (rows of 16 in two blocks took twice as long).
var BlockEntries = 10

// Blocks is into how many blocks of columns, of about equal width, a product goes that takes BlockColumns at once: one where
// rows are short, or most entries are of rows that lie in one block, as those of a band do. It depends on the matrix only.
func (a *CSR) Blocks() int {
	blocks := (a.Cols + BlockColumns - 1) / BlockColumns
	if blocks <= 1 || a.NNZ() < BlockEntries*a.Rows*blocks || 2*a.spread(blocks) < int64(a.NNZ()) {
		return 1
	}
	return blocks
}

// spread counts the entries of rows that reach over several of so many blocks.
func (a *CSR) spread(blocks int) (entries int64) {
	width := int32((a.Cols + blocks - 1) / blocks)
	for i := range a.Rows {
		if from, to := a.Ptr[i], a.Ptr[i+1]; from < to && a.Col[from]/width != a.Col[to-1]/width {
			entries += to - from
		}
	}
	return entries
}

// blockEnd is the first column after block b of blocks.
func (a *CSR) blockEnd(b, blocks int) int32 { return int32((b + 1) * a.Cols / blocks) }

// BlockEnds gives, for every block but the last, where each row's entries of that block end: row i's of block b at
// b·Rows + i. nil: there is one block.
func (a *CSR) BlockEnds(threads int) []int64 { return a.blockEnds(a.Blocks(), threads) }

func (a *CSR) blockEnds(blocks, threads int) []int64 {
	if blocks == 1 {
		return nil
	}
	ends := kernels.Large[int64]((blocks - 1) * a.Rows)
	cut := a.Cut()
	// The context never ends and no piece fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), threads, len(cut), func(p int) error {
		for i := cut[p][0]; i < cut[p][1]; i++ {
			cols, _ := a.Row(i)
			at := 0
			for b := range blocks - 1 {
				end := a.blockEnd(b, blocks)
				at += sort.Search(len(cols)-at, func(k int) bool { return cols[at+k] >= end })
				ends[b*a.Rows+i] = a.Ptr[i] + int64(at)
			}
		}
		return nil
	})
	return ends
}

// Blocked is a matrix stored block of columns after block of columns, each by rows: row i of block b holds the entries
// Ptr[b·Rows+i] ≤ k < Ptr[b·Rows+i+1].
type Blocked struct {
	Blocks, Rows int
	Ptr          []int64
	Col          []int32
	Val          []float64
}

// Blocked copies a by so many blocks, those of Blocks, into the arrays of keep where they are large enough; keep nil: into new ones.
func (a *CSR) Blocked(blocks int, keep *Blocked, threads int) *Blocked {
	if keep == nil {
		keep = &Blocked{}
	}
	m := keep
	m.Blocks, m.Rows = blocks, a.Rows
	m.Ptr, m.Col, m.Val = atLeast(m.Ptr, blocks*a.Rows+1), atLeast(m.Col, a.NNZ()), atLeast(m.Val, a.NNZ())
	ends := a.blockEnds(blocks, threads)
	from := func(b, i int) int64 {
		if b == 0 {
			return a.Ptr[i]
		}
		return ends[(b-1)*a.Rows+i]
	}
	to := func(b, i int) int64 {
		if b == blocks-1 {
			return a.Ptr[i+1]
		}
		return ends[b*a.Rows+i]
	}
	at := int64(0)
	for b := range blocks {
		for i := range a.Rows {
			m.Ptr[b*a.Rows+i] = at
			at += to(b, i) - from(b, i)
		}
	}
	m.Ptr[blocks*a.Rows] = at
	cut := a.Cut()
	_ = shard.Run(context.Background(), threads, blocks*len(cut), func(p int) error {
		b, r := p/len(cut), cut[p%len(cut)]
		for i := r[0]; i < r[1]; i++ {
			to, lo, hi := m.Ptr[b*a.Rows+i], from(b, i), to(b, i)
			copy(m.Col[to:], a.Col[lo:hi])
			copy(m.Val[to:], a.Val[lo:hi])
		}
		return nil
	})
	return m
}

// atLeast gives v the length n; what it held is lost.
func atLeast[T int32 | int64 | float64](v []T, n int) []T {
	if cap(v) < n {
		return kernels.Large[T](n + n/8)[:n]
	}
	return v[:n]
}

// MulBlock sets dst to rows lo … hi−1 of the product of block b alone with x.
func (m *Blocked) MulBlock(dst, x []float64, b, lo, hi int) {
	if lo < hi {
		first := b * m.Rows
		kernels.SpMV(dst, m.Ptr[first+lo:first+hi+1], m.Col, m.Val, x)
	}
}
