package kernels

import "math"

// MeanSides32 sets dst to a sum of three interleaved vectors with a weight for each side:
//
//	for i := range dst { dst[i] = (w[0][i%Sides]*a[i] + w[1][i%Sides]*b[i]) + w[2][i%Sides]*c[i] }
//
// All have the same length, a multiple of Sides.
func MeanSides32(dst, a, b, c []float32, w *[3][Sides]float32) {
	rows := sidesRows(len(dst))
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	if level == Scalar {
		meanSides32(dst, a, b, c, w)
		return
	}
	for i := 0; i < rows; i += rowsAtOnce {
		at := i * Sides
		meanSides32AVX2(&dst[at], &a[at], &b[at], &c[at], &w[0][0], min(rows-i, rowsAtOnce))
	}
}

func meanSides32(dst, a, b, c []float32, w *[3][Sides]float32) {
	for i := range dst {
		k := i % Sides
		dst[i] = (float32(w[0][k]*a[i]) + float32(w[1][k]*b[i])) + float32(w[2][k]*c[i])
	}
}

// CorrectSides32 brings the residuals of z = Mz + b up to date after interleaved corrections scale·d, md being M·d, and adds
// up their squares:
//
//	for i := range r {
//		k := i % Sides
//		r[i] = old[i] - scale[k]*float64(d[i]) + scale[k]*md[i]
//		c[i] = float32(r[i]*inverse[k])
//		squares[k] += r[i]*r[i]
//	}
//
// All have the same length, a multiple of Sides. old may be r.
func CorrectSides32(r []float64, c []float32, old, md []float64, d []float32, scale, inverse, squares *[Sides]float64) {
	rows := sidesRows(len(r))
	c, old, md, d = c[:len(r)], old[:len(r)], md[:len(r)], d[:len(r)]
	if level == Scalar {
		correctSides32(r, c, old, md, d, scale, inverse, squares)
		return
	}
	for i := 0; i < rows; i += rowsAtOnce {
		at := i * Sides
		correctSides32AVX2(&r[at], &c[at], &old[at], &md[at], &d[at], &scale[0], &inverse[0], &squares[0], min(rows-i, rowsAtOnce))
	}
}

func correctSides32(r []float64, c []float32, old, md []float64, d []float32, scale, inverse, squares *[Sides]float64) {
	for i := range r {
		k := i % Sides
		v := old[i] - float64(scale[k]*float64(d[i])) + float64(scale[k]*md[i])
		r[i], c[i] = v, float32(v*inverse[k])
		squares[k] += float64(v * v)
	}
}

// AddSides32 adds interleaved corrections scale·d to x, and raises over to the most by which one exceeds a share of the x it
// leads to:
//
//	for i := range x {
//		k := i % Sides
//		step := scale[k]*float64(d[i])
//		x[i] += step
//		if e := |step| - limit*x[i]; e > over[k] { over[k] = e }
//	}
//
// Both have the same length, a multiple of Sides.
func AddSides32(x []float64, d []float32, scale *[Sides]float64, limit float64, over *[Sides]float64) {
	rows := sidesRows(len(x))
	d = d[:len(x)]
	if level == Scalar {
		addSides32(x, d, scale, limit, over)
		return
	}
	for i := 0; i < rows; i += rowsAtOnce {
		at := i * Sides
		addSides32AVX2(&x[at], &d[at], &scale[0], limit, &over[0], min(rows-i, rowsAtOnce))
	}
}

func addSides32(x []float64, d []float32, scale *[Sides]float64, limit float64, over *[Sides]float64) {
	for i := range x {
		k := i % Sides
		step := scale[k] * float64(d[i])
		x[i] += float64(step)
		if e := math.Abs(step) - float64(limit*x[i]); e > over[k] {
			over[k] = e
		}
	}
}

// ErrorSides takes a share of the sizes of interleaved vectors, one share for each row, for an error, and adds up its
// squares and the most it makes of |r|:
//
//	for i := range x {
//		k := i % Sides
//		e := factor[i/Sides]*(|b[i]| + |x[i]| + |r[i]|)
//		sums[0][k] += e*e
//		if |r[i]|+e > sums[1][k] { sums[1][k] = |r[i]|+e }
//	}
//
// x, b and r have the same length, a multiple of Sides; factor has one entry for each Sides of theirs.
func ErrorSides(x, b, r, factor []float64, sums *[2][Sides]float64) {
	rows := sidesRows(len(x))
	b, r, factor = b[:len(x)], r[:len(x)], factor[:rows]
	if level == Scalar {
		errorSides(x, b, r, factor, sums)
		return
	}
	for i := 0; i < rows; i += rowsAtOnce {
		at := i * Sides
		errorSidesAVX2(&x[at], &b[at], &r[at], &factor[i], &sums[0][0], min(rows-i, rowsAtOnce))
	}
}

func errorSides(x, b, r, factor []float64, sums *[2][Sides]float64) {
	for i := range x {
		k, v := i%Sides, math.Abs(r[i])
		e := factor[i/Sides] * (math.Abs(b[i]) + math.Abs(x[i]) + v)
		sums[0][k] += float64(e * e)
		if most := v + float64(e); most > sums[1][k] {
			sums[1][k] = most
		}
	}
}
