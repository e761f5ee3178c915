package kernels

import "unsafe"

// Sides is how many vectors SweepSides32 and ProductSides32 take, interleaved: entry j of vector k is x[j·Sides + k]. In
// single precision they fill one cache line.
const Sides = 16

// SweepSides32 is Sweep32 for interleaved vectors:
//
//	for i := range rows { for k := range Sides {
//		s := float32(0)
//		for q := ptr[i]; q < ptr[i+1]; q++ { s += float32(val[q]*x[col[q]*Sides+k]) }
//		dst[i*Sides+k] = s + c[i*Sides+k]
//	} }
//
// Each sum runs in the order of the entries: the vectors take the lanes. len(dst) is a multiple of Sides, ptr has
// len(dst)/Sides+1 entries, columns lie in 0 … len(x)/Sides−1. dst does not overlap x.
func SweepSides32(dst []float32, ptr []int64, col []int32, val, x, c []float32) {
	rows := sidesRows(len(dst))
	if rows == 0 {
		return
	}
	ptr, c = ptr[:rows+1], c[:len(dst)]
	first, end := ptr[0], ptr[rows]
	if level == Scalar || first == end {
		sweepSides32(dst, ptr, col, val, x, c)
		return
	}
	_, _ = col[first:end], val[first:end]
	for i := 0; i < rows; i += rowsAtOnce {
		n := min(rows-i, rowsAtOnce)
		sweepSides32AVX2(&dst[i*Sides], &ptr[i], n, &col[0], &val[0], unsafe.SliceData(x), &c[i*Sides], len(col)-1)
	}
}

func sidesRows(n int) int {
	if n%Sides != 0 {
		panic("kernels: a result that is no multiple of the number of sides")
	}
	return n / Sides
}

func sweepSides32(dst []float32, ptr []int64, col []int32, val, x, c []float32) {
	for i := range len(ptr) - 1 {
		var s [Sides]float32
		for q := ptr[i]; q < ptr[i+1]; q++ {
			v, y := val[q], (*[Sides]float32)(x[int(col[q])*Sides:])
			for k := range s {
				s[k] += float32(v * y[k])
			}
		}
		out, add := (*[Sides]float32)(dst[i*Sides:]), (*[Sides]float32)(c[i*Sides:])
		for k := range s {
			out[k] = s[k] + add[k]
		}
	}
}

// ProductSides32 multiplies interleaved vectors in single precision by a matrix in double precision, in double precision:
//
//	for i := range rows { for k := range Sides {
//		s := 0.0
//		for q := ptr[i]; q < ptr[i+1]; q++ { s += float64(val[q]*float64(x[col[q]*Sides+k])) }
//		dst[i*Sides+k] = s
//	} }
//
// Lengths are those of SweepSides32. dst does not overlap x.
func ProductSides32(dst []float64, ptr []int64, col []int32, val []float64, x []float32) {
	rows := sidesRows(len(dst))
	if rows == 0 {
		return
	}
	ptr = ptr[:rows+1]
	first, end := ptr[0], ptr[rows]
	if level == Scalar || first == end {
		productSides32(dst, ptr, col, val, x)
		return
	}
	_, _ = col[first:end], val[first:end]
	for i := 0; i < rows; i += rowsAtOnce {
		n := min(rows-i, rowsAtOnce)
		productSides32AVX2(&dst[i*Sides], &ptr[i], n, &col[0], &val[0], unsafe.SliceData(x), len(col)-1)
	}
}

func productSides32(dst []float64, ptr []int64, col []int32, val []float64, x []float32) {
	for i := range len(ptr) - 1 {
		var s [Sides]float64
		for q := ptr[i]; q < ptr[i+1]; q++ {
			v, y := val[q], (*[Sides]float32)(x[int(col[q])*Sides:])
			for k := range s {
				s[k] += float64(v * float64(y[k]))
			}
		}
		*(*[Sides]float64)(dst[i*Sides:]) = s
	}
}
