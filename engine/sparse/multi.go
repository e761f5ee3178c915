package sparse

import (
	"context"
	"fmt"

	"planwerk/engine/shard"
)

// MulMulti sets dst to A·X for several vectors at once. X holds width vectors interleaved: entry j of vector k is
// x[j·width + k]; so does dst. width is a multiple of 8. Each entry of dst is the sum over its row in the order of the
// entries, one product after another (not in the lanes of Mul), so the bits do not depend on threads or on width.
func (a *CSR) MulMulti(dst, x []float64, width, threads int) {
	if width <= 0 || width%8 != 0 || len(dst) != a.Rows*width || len(x) != a.Cols*width {
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
	for i := lo; i < hi; i++ {
		cols, vals := a.Row(i)
		out := dst[i*width : (i+1)*width]
		for k := 0; k < width; k += 8 {
			rowTimes8((*[8]float64)(out[k:]), cols, vals, x, width, k)
		}
	}
}

// rowTimes8 is one row times the vectors k … k+7.
func rowTimes8(out *[8]float64, cols []int32, vals, x []float64, width, k int) {
	vals = vals[:len(cols)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for q, c := range cols {
		v := vals[q]
		y := (*[8]float64)(x[int(c)*width+k:])
		s0 += float64(v * y[0])
		s1 += float64(v * y[1])
		s2 += float64(v * y[2])
		s3 += float64(v * y[3])
		s4 += float64(v * y[4])
		s5 += float64(v * y[5])
		s6 += float64(v * y[6])
		s7 += float64(v * y[7])
	}
	*out = [8]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}
