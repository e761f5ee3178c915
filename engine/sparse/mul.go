package sparse

import (
	"context"
	"fmt"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// grain is the work of one piece of a parallel product, in entries: large enough that starting it costs nothing.
const grain = 1 << 15

// Cut cuts the rows into ranges of about grain entries each; it depends on the matrix only.
func (a *CSR) Cut() [][2]int {
	return shard.Weighted(a.Ptr, shard.Pieces(a.NNZ()+4*a.Rows, grain))
}

// MulRows sets dst[lo:hi] to rows lo … hi−1 of A·x.
func (a *CSR) MulRows(dst, x []float64, lo, hi int) {
	if lo < hi {
		kernels.SpMV(dst[lo:hi], a.Ptr[lo:hi+1], a.Col, a.Val, x)
	}
}

// Mul sets dst to A·x, on up to threads threads; each row is summed in the order of kernels.SpMV, so the bits do not
// depend on threads. It panics when the lengths do not fit.
func (a *CSR) Mul(dst, x []float64, threads int) {
	if len(dst) != a.Rows || len(x) != a.Cols {
		panic(fmt.Sprintf("sparse: product of %d × %d with %d into %d", a.Rows, a.Cols, len(x), len(dst)))
	}
	cut := [][2]int{{0, a.Rows}}
	if threads != 1 {
		cut = a.Cut()
	}
	if len(cut) < 2 {
		a.MulRows(dst, x, 0, a.Rows)
		return
	}
	// The context never ends and no piece fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), threads, len(cut), func(p int) error {
		a.MulRows(dst, x, cut[p][0], cut[p][1])
		return nil
	})
}
