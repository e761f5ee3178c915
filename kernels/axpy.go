package kernels

// Axpy adds a multiple of x to y:
//
//	for i := range x { y[i] = float64(a*x[i]) + y[i] }
//
// y is at least as long as x. x and y may be the same slice; otherwise they do not overlap.
func Axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float64(a*v) + y[i]
	}
}
