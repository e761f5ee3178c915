package sparse

import (
	"context"
	"fmt"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// MulMulti sets dst to A·X for several vectors at once. X holds width vectors interleaved: entry j of vector k is
// x[j·width + k]; so does dst. width is a multiple of 4. Each entry of dst is the sum over its row in the order of the
// entries, one product after another (not in the lanes of Mul), so the bits do not depend on threads or on width.
func (a *CSR) MulMulti(dst, x []float64, width, threads int) {
	if width <= 0 || width%4 != 0 || len(dst) != a.Rows*width || len(x) != a.Cols*width {
		panic(fmt.Sprintf("sparse: product of %d × %d with %d in %d, interleaved by %d", a.Rows, a.Cols, len(x), len(dst), width))
	}
	cut := a.Cut()
	// The context never ends and no piece fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), threads, len(cut), func(p int) error {
		a.MulMultiRows(dst, x, width, cut[p][0], cut[p][1])
		return nil
	})
}

// MulMultiRows is MulMulti for rows lo … hi−1.
func (a *CSR) MulMultiRows(dst, x []float64, width, lo, hi int) {
	if lo < hi {
		kernels.SpMM(dst[lo*width:hi*width], a.Ptr[lo:hi+1], a.Col, a.Val, x, width)
	}
}
