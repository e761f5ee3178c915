package kernels

import "math"

// NormInf returns max |x[i]|, 0 for an empty slice. A NaN among the values is returned.
//
//	for i := range x { if !(|x[i]| <= m) { m = |x[i]| } }
func NormInf(x []float64) float64 {
	if level >= AVX2 && len(x) > 0 {
		return normInfAVX2(&x[0], len(x))
	}
	return normInf(x)
}

func normInf(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		if v = math.Abs(v); !(v <= m) {
			m = v
			if v != v {
				return v
			}
		}
	}
	return m
}

// Norm2 returns √Dot(x, x). It does not guard against overflow of the squares.
func Norm2(x []float64) float64 { return math.Sqrt(Dot(x, x)) }
