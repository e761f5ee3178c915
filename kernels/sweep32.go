package kernels

import "unsafe"

// Sweep32 adds the product of a compressed matrix and a vector to another vector, all in single precision. ptr, col and
// val are those of SpMV:
//
//	for i := range dst {
//		for k := ptr[i]; k < ptr[i+1]; k++ { lane[(k-ptr[i])%8] += float32(val[k]*x[col[k]]) }
//		dst[i] = (((lane0+lane4)+(lane2+lane6)) + ((lane1+lane5)+(lane3+lane7))) + c[i]
//	}
//
// Columns lie in 0 … len(x)−1. dst does not overlap x.
func Sweep32(dst []float32, ptr []int64, col []int32, val, x, c []float32) {
	if len(dst) == 0 {
		return
	}
	ptr, c = ptr[:len(dst)+1], c[:len(dst)]
	first, end := ptr[0], ptr[len(dst)]
	if level == Scalar || first == end {
		sweep32(dst, ptr, col, val, x, c)
		return
	}
	_, _ = col[first:end], val[first:end]
	for len(dst) > 0 { // pieces: assembly cannot be interrupted
		n := min(len(dst), rowsAtOnce)
		sweep32AVX2(&dst[0], &ptr[0], n, &col[0], &val[0], unsafe.SliceData(x), &c[0])
		dst, ptr, c = dst[n:], ptr[n:], c[n:]
	}
}

func sweep32(dst []float32, ptr []int64, col []int32, val, x, c []float32) {
	for i := range dst {
		dst[i] = sparseDot32(col[ptr[i]:ptr[i+1]], val[ptr[i]:ptr[i+1]], x) + c[i]
	}
}

func sparseDot32(col []int32, val, x []float32) float32 {
	var s [8]float32
	val = val[:len(col)]
	for len(col) >= 8 && len(val) >= 8 {
		for l := range s {
			s[l] += float32(val[l] * x[col[l]])
		}
		col, val = col[8:], val[8:]
	}
	for l, c := range col {
		s[l] += float32(val[l] * x[c])
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}
