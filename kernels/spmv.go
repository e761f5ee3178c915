package kernels

import "unsafe"

// SpMV multiplies rows of a compressed matrix by a vector. ptr has len(dst)+1 entries; row i holds the entries
// ptr[i] ≤ k < ptr[i+1] of col and val:
//
//	for i := range dst {
//		for k := ptr[i]; k < ptr[i+1]; k++ { lane[(k-ptr[i])%8] += float64(val[k]*x[col[k]]) }
//		dst[i] = ((lane0+lane4)+(lane2+lane6)) + ((lane1+lane5)+(lane3+lane7))
//	}
//
// Columns lie in 0 … len(x)−1. dst does not overlap x.
func SpMV(dst []float64, ptr []int64, col []int32, val, x []float64) {
	if len(dst) == 0 {
		return
	}
	ptr = ptr[:len(dst)+1]
	if level == Scalar {
		spmv(dst, ptr, col, val, x)
		return
	}
	for len(dst) > 0 { // pieces: assembly cannot be interrupted
		n := min(len(dst), rowsAtOnce)
		spmvVector(dst[:n], ptr[:n+1], col, val, x)
		dst, ptr = dst[n:], ptr[n:]
	}
}

// rowsAtOnce is how many rows a variant in assembly takes between two points where the collector may stop it.
const rowsAtOnce = 1 << 12

func spmvVector(dst []float64, ptr []int64, col []int32, val, x []float64) {
	first, end := ptr[0], ptr[len(dst)]
	if first == end {
		clear(dst)
		return
	}
	_, _ = col[first:end], val[first:end]
	if level >= AVX512 {
		spmvAVX512(&dst[0], &ptr[0], len(dst), &col[0], &val[0], unsafe.SliceData(x))
		return
	}
	if len(val) >= streamedEntries {
		spmvStreamAVX2(&dst[0], &ptr[0], len(dst), &col[0], &val[0], unsafe.SliceData(x))
		return
	}
	spmvAVX2(&dst[0], &ptr[0], len(dst), &col[0], &val[0], unsafe.SliceData(x))
}

// streamedEntries is the number of entries from which a matrix is taken to be in no cache: twice the third-level cache, at
// 12 bytes an entry.
var streamedEntries = 2 * lastCache() / 12

func spmv(dst []float64, ptr []int64, col []int32, val, x []float64) {
	at := ptr[0]
	for i := range dst {
		end := ptr[i+1]
		dst[i] = sparseDot(col[at:end], val[at:end], x)
		at = end
	}
}

// SparseDot returns Σ val[k]·x[col[k]], the product of one row of SpMV, in the same order.
func SparseDot(col []int32, val, x []float64) float64 {
	val = val[:len(col)]
	switch {
	case level == Scalar || len(col) < shortRow:
		return sparseDot(col, val, x)
	case level >= AVX512:
		return sparseDotAVX512(&col[0], &val[0], unsafe.SliceData(x), len(col))
	}
	return sparseDotAVX2(&col[0], &val[0], unsafe.SliceData(x), len(col))
}

// shortRow is the number of entries below which calling assembly costs more than it saves.
const shortRow = 24

func sparseDot(col []int32, val, x []float64) float64 {
	val = val[:len(col)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for len(col) >= 8 && len(val) >= 8 {
		s0 += float64(val[0] * x[col[0]])
		s1 += float64(val[1] * x[col[1]])
		s2 += float64(val[2] * x[col[2]])
		s3 += float64(val[3] * x[col[3]])
		s4 += float64(val[4] * x[col[4]])
		s5 += float64(val[5] * x[col[5]])
		s6 += float64(val[6] * x[col[6]])
		s7 += float64(val[7] * x[col[7]])
		col, val = col[8:], val[8:]
	}
	switch len(col) {
	case 7:
		s6 += float64(val[6] * x[col[6]])
		fallthrough
	case 6:
		s5 += float64(val[5] * x[col[5]])
		fallthrough
	case 5:
		s4 += float64(val[4] * x[col[4]])
		fallthrough
	case 4:
		s3 += float64(val[3] * x[col[3]])
		fallthrough
	case 3:
		s2 += float64(val[2] * x[col[2]])
		fallthrough
	case 2:
		s1 += float64(val[1] * x[col[1]])
		fallthrough
	case 1:
		s0 += float64(val[0] * x[col[0]])
	}
	return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
}
