package kernels

// Axpy adds a multiple of x to y:
//
//	for i := range x { y[i] = float64(a*x[i]) + y[i] }
//
// y is at least as long as x. x and y may be the same slice; otherwise they do not overlap.
func Axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	if n := len(x) &^ 3; level >= AVX2 && n > 0 {
		axpyAVX2(a, &x[0], &y[0], n)
		x, y = x[n:], y[n:]
	}
	axpy(a, x, y)
}

func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float64(a*v) + y[i]
	}
}
