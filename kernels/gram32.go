package kernels

// DifferenceGram32 adds the products of the differences of four vectors in single precision to sums, by lanes of Sides:
//
//	for i := range a {
//		p, q, r := float64(b[i]-a[i]), float64(c[i]-b[i]), float64(d[i]-c[i])
//		for n, v := range []float64{p*p, p*q, p*r, q*q, q*r, r*r} { sums[n][i%Sides] += v }
//	}
//
// All four have the same length.
func DifferenceGram32(sums *[6][Sides]float64, a, b, c, d []float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	done := 0
	if level >= AVX2 {
		for done+Sides <= len(a) {
			n := min((len(a)-done)/Sides, rowsAtOnce)
			for k := 0; k < Sides; k += 4 {
				differenceGram32AVX2(&sums[0][k], &a[done+k], &b[done+k], &c[done+k], &d[done+k], n)
			}
			done += n * Sides
		}
	}
	differenceGram32(sums, a[done:], b[done:], c[done:], d[done:])
}

func differenceGram32(sums *[6][Sides]float64, a, b, c, d []float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for i := range a {
		p, q, r := float64(b[i]-a[i]), float64(c[i]-b[i]), float64(d[i]-c[i])
		k := i % Sides
		sums[0][k] += float64(p * p)
		sums[1][k] += float64(p * q)
		sums[2][k] += float64(p * r)
		sums[3][k] += float64(q * q)
		sums[4][k] += float64(q * r)
		sums[5][k] += float64(r * r)
	}
}
