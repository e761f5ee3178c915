package kernels

import "unsafe"

// SpMM multiplies rows of a compressed matrix by width interleaved vectors: entry j of vector k is x[j·width + k], so is
// dst. ptr, col and val are those of SpMV.
//
//	for i := range rows { for k := range width {
//		s := 0.0
//		for q := ptr[i]; q < ptr[i+1]; q++ { s += float64(val[q]*x[col[q]*width+k]) }
//		dst[i*width+k] = s
//	} }
//
// Each sum runs in the order of the entries, not in the lanes of SpMV: the vectors take the lanes. width is a positive
// multiple of 4, ptr has len(dst)/width+1 entries, columns lie in 0 … len(x)/width−1. dst does not overlap x.
func SpMM(dst []float64, ptr []int64, col []int32, val, x []float64, width int) {
	rows := len(dst) / width
	if width%4 != 0 || rows*width != len(dst) {
		panic("kernels: SpMM with a width that is no multiple of 4, or does not divide the result")
	}
	if rows == 0 {
		return
	}
	ptr = ptr[:rows+1]
	if level == Scalar || ptr[0] == ptr[rows] {
		spmm(dst, ptr, col, val, x, width)
		return
	}
	_, _ = col[ptr[0]:ptr[rows]], val[ptr[0]:ptr[rows]]
	for i := 0; i < rows; i += rowsAtOnce {
		n := min(rows-i, rowsAtOnce)
		spmmVector(dst[i*width:(i+n)*width], ptr[i:i+n+1], col, val, x, width)
	}
}

// spmmVector takes the vectors by 16, then by 8, then by 4.
func spmmVector(dst []float64, ptr []int64, col []int32, val, x []float64, width int) {
	rows := len(ptr) - 1
	from := unsafe.SliceData(x)
	for k := 0; k < width; {
		to, x := &dst[k], (*float64)(unsafe.Add(unsafe.Pointer(from), 8*k))
		switch left := width - k; {
		case left >= 16:
			spmm16AVX2(to, &ptr[0], rows, &col[0], &val[0], x, width)
			k += 16
		case left >= 8:
			spmm8AVX2(to, &ptr[0], rows, &col[0], &val[0], x, width)
			k += 8
		default:
			spmm4AVX2(to, &ptr[0], rows, &col[0], &val[0], x, width)
			k += 4
		}
	}
}

func spmm(dst []float64, ptr []int64, col []int32, val, x []float64, width int) {
	for i := range len(ptr) - 1 {
		cols, vals := col[ptr[i]:ptr[i+1]], val[ptr[i]:ptr[i+1]]
		out := dst[i*width : (i+1)*width]
		for len(out) > 0 {
			spmmRow((*[4]float64)(out), cols, vals, x[width-len(out):], width)
			out = out[4:]
		}
	}
}

// spmmRow is one row times four vectors.
func spmmRow(out *[4]float64, cols []int32, vals, x []float64, width int) {
	vals = vals[:len(cols)]
	var s0, s1, s2, s3 float64
	for q, c := range cols {
		v := vals[q]
		y := (*[4]float64)(x[int(c)*width:])
		s0 += float64(v * y[0])
		s1 += float64(v * y[1])
		s2 += float64(v * y[2])
		s3 += float64(v * y[3])
	}
	*out = [4]float64{s0, s1, s2, s3}
}
