package kernels

// HalpernPrimal is the primal half of one reflected Halpern step of the primal–dual hybrid gradient method
// (cuPDLPx, arXiv 2507.14051), given g = Aᵀy:
//
//	for j := range x {
//		t := x[j] - float64(tau*(c[j]-g[j]))
//		h := min(max(t, lo[j]), hi[j])
//		r := float64(2*h) - x[j]
//		xhat[j], refl[j] = h, r
//		x[j] = float64(a*r) + float64(b*anchor[j])
//	}
//
// All slices are as long as x. lo and hi may be infinite; no value is NaN.
func HalpernPrimal(x, xhat, refl, anchor, c, g, lo, hi []float64, tau, a, b float64) {
	n := len(x)
	xhat, refl, anchor, c, g, lo, hi = xhat[:n], refl[:n], anchor[:n], c[:n], g[:n], lo[:n], hi[:n]
	if n &^= 3; level >= AVX2 && n > 0 {
		halpernPrimalAVX2(&x[0], &xhat[0], &refl[0], &anchor[0], &c[0], &g[0], &lo[0], &hi[0], n, tau, a, b)
		x, xhat, refl, anchor, c, g, lo, hi = x[n:], xhat[n:], refl[n:], anchor[n:], c[n:], g[n:], lo[n:], hi[n:]
	}
	halpernPrimal(x, xhat, refl, anchor, c, g, lo, hi, tau, a, b)
}

func halpernPrimal(x, xhat, refl, anchor, c, g, lo, hi []float64, tau, a, b float64) {
	n := len(x)
	xhat, refl, anchor, c, g, lo, hi = xhat[:n], refl[:n], anchor[:n], c[:n], g[:n], lo[:n], hi[:n]
	for j := range x {
		xj := x[j]
		h := xj - float64(tau*(c[j]-g[j]))
		if h < lo[j] {
			h = lo[j]
		}
		if h > hi[j] {
			h = hi[j]
		}
		r := float64(2*h) - xj
		xhat[j], refl[j] = h, r
		x[j] = float64(a*r) + float64(b*anchor[j])
	}
}

// HalpernDual is the dual half of the same step, given g = A·refl and rows lo ≤ Ax ≤ hi:
//
//	for i := range y {
//		q := float64(y[i]*inv) - g[i]
//		h := float64(sigma*(q-min(max(q, -hi[i]), -lo[i])))
//		yhat[i] = h
//		y[i] = float64(a*(float64(2*h)-y[i])) + float64(b*anchor[i])
//	}
//
// inv is 1/sigma. All slices are as long as y.
func HalpernDual(y, yhat, anchor, g, lo, hi []float64, sigma, inv, a, b float64) {
	n := len(y)
	yhat, anchor, g, lo, hi = yhat[:n], anchor[:n], g[:n], lo[:n], hi[:n]
	if n &^= 3; level >= AVX2 && n > 0 {
		halpernDualAVX2(&y[0], &yhat[0], &anchor[0], &g[0], &lo[0], &hi[0], n, sigma, inv, a, b)
		y, yhat, anchor, g, lo, hi = y[n:], yhat[n:], anchor[n:], g[n:], lo[n:], hi[n:]
	}
	halpernDual(y, yhat, anchor, g, lo, hi, sigma, inv, a, b)
}

func halpernDual(y, yhat, anchor, g, lo, hi []float64, sigma, inv, a, b float64) {
	n := len(y)
	yhat, anchor, g, lo, hi = yhat[:n], anchor[:n], g[:n], lo[:n], hi[:n]
	for i := range y {
		yi := y[i]
		q := float64(yi*inv) - g[i]
		p := q
		if p < -hi[i] {
			p = -hi[i]
		}
		if p > -lo[i] {
			p = -lo[i]
		}
		h := float64(sigma * (q - p))
		yhat[i] = h
		y[i] = float64(a*(float64(2*h)-yi)) + float64(b*anchor[i])
	}
}
