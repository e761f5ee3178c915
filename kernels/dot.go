package kernels

// Dot returns Σ x[i]·y[i] over len(x) values in the order fixed in doc.go:
//
//	for i := range x { lane[i%8] += float64(x[i]*y[i]) }
//	return ((lane0+lane4)+(lane2+lane6)) + ((lane1+lane5)+(lane3+lane7))
//
// y is at least as long as x.
func Dot(x, y []float64) float64 {
	y = y[:len(x)]
	if level >= AVX2 && len(x) > 0 {
		return dotAVX2(&x[0], &y[0], len(x))
	}
	return dot(x, y)
}

func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for len(x) >= 8 && len(y) >= 8 {
		s0 += float64(x[0] * y[0])
		s1 += float64(x[1] * y[1])
		s2 += float64(x[2] * y[2])
		s3 += float64(x[3] * y[3])
		s4 += float64(x[4] * y[4])
		s5 += float64(x[5] * y[5])
		s6 += float64(x[6] * y[6])
		s7 += float64(x[7] * y[7])
		x, y = x[8:], y[8:]
	}
	tail := [8]float64{s0, s1, s2, s3, s4, s5, s6, s7}
	for i, v := range x {
		tail[i&7] += float64(v * y[i])
	}
	return foldLanes(&tail)
}

// foldLanes adds eight lanes in the fixed tree.
func foldLanes(l *[8]float64) float64 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}
