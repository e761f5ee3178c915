package kernels

// SumFloat64 returns Σ x[i] in the order fixed in doc.go:
//
//	for i := range x { lane[i%8] += x[i] }
//	return ((lane0+lane4)+(lane2+lane6)) + ((lane1+lane5)+(lane3+lane7))
func SumFloat64(x []float64) float64 {
	if level >= AVX2 && len(x) > 0 {
		return sumAVX2(&x[0], len(x))
	}
	return sum(x)
}

func sum(x []float64) float64 {
	var lane [8]float64
	for len(x) >= 8 {
		for i := range lane {
			lane[i] += x[i]
		}
		x = x[8:]
	}
	for i, v := range x {
		lane[i&7] += v
	}
	return foldLanes(&lane)
}
