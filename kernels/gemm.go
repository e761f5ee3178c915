package kernels

// GemmSub subtracts a product of dense matrices stored by rows, C (m × n) −= A (m × k) · B (k × n):
//
//	for i := range m { for j := range n {
//		s := 0.0
//		for t := range k { s += float64(a[i*lda+t]*b[t*ldb+j]) }
//		c[i*ldc+j] -= s
//	} }
//
// Every sum runs over t in rising order, so tiles of any width give the same bits. c overlaps neither a nor b.
func GemmSub(c []float64, ldc int, a []float64, lda int, b []float64, ldb int, m, n, k int) {
	if level >= AVX2 && m > 0 && n > 0 && k > 0 {
		gemmSubVector(c, ldc, a, lda, b, ldb, m, n, k)
		return
	}
	gemmSub(c, ldc, a, lda, b, ldb, m, n, k)
}

// gemmSubVector goes by strips of eight columns, so that a strip of b stays in the nearest cache while the rows of a pass.
func gemmSubVector(c []float64, ldc int, a []float64, lda int, b []float64, ldb int, m, n, k int) {
	_, _, _ = c[:(m-1)*ldc+n], a[:(m-1)*lda+k], b[:(k-1)*ldb+n]
	fours := m &^ 3
	for j := 0; j < n; j += 8 {
		left := n - j
		if fours > 0 {
			if left >= 8 {
				gemmSub4AVX2(&c[j], ldc, &a[0], lda, &b[j], ldb, fours, k)
			} else {
				gemmSub4RestAVX2(&c[j], ldc, &a[0], lda, &b[j], ldb, fours, k, left)
			}
		}
		if fours < m {
			if left >= 8 {
				gemmSub1AVX2(&c[fours*ldc+j], ldc, &a[fours*lda], lda, &b[j], ldb, m-fours, k)
			} else {
				gemmSub1RestAVX2(&c[fours*ldc+j], ldc, &a[fours*lda], lda, &b[j], ldb, m-fours, k, left)
			}
		}
	}
}

func gemmSub(c []float64, ldc int, a []float64, lda int, b []float64, ldb int, m, n, k int) {
	i := 0
	for ; i+4 <= m; i += 4 {
		gemmSub4(c[i*ldc:], ldc, a[i*lda:], lda, b, ldb, n, k)
	}
	for ; i < m; i++ {
		row := a[i*lda : i*lda+k]
		for j := range n {
			s := 0.0
			for t, v := range row {
				s += float64(v * b[t*ldb+j])
			}
			c[i*ldc+j] -= s
		}
	}
}

// gemmSub4 is gemmSub for four rows, two columns at a time.
func gemmSub4(c []float64, ldc int, a []float64, lda int, b []float64, ldb int, n, k int) {
	if k == 0 {
		return
	}
	a0, a1, a2, a3 := a[:k], a[lda:lda+k], a[2*lda:2*lda+k], a[3*lda:3*lda+k]
	j := 0
	for ; j+2 <= n; j += 2 {
		var s00, s01, s10, s11, s20, s21, s30, s31 float64
		at := j
		for t := range a0 {
			pair := b[at : at+2 : at+2]
			b0, b1 := pair[0], pair[1]
			at += ldb
			v := a0[t]
			s00 += float64(v * b0)
			s01 += float64(v * b1)
			v = a1[t]
			s10 += float64(v * b0)
			s11 += float64(v * b1)
			v = a2[t]
			s20 += float64(v * b0)
			s21 += float64(v * b1)
			v = a3[t]
			s30 += float64(v * b0)
			s31 += float64(v * b1)
		}
		c[j] -= s00
		c[j+1] -= s01
		c[ldc+j] -= s10
		c[ldc+j+1] -= s11
		c[2*ldc+j] -= s20
		c[2*ldc+j+1] -= s21
		c[3*ldc+j] -= s30
		c[3*ldc+j+1] -= s31
	}
	for ; j < n; j++ {
		var s0, s1, s2, s3 float64
		for t := range a0 {
			v := b[t*ldb+j]
			s0 += float64(a0[t] * v)
			s1 += float64(a1[t] * v)
			s2 += float64(a2[t] * v)
			s3 += float64(a3[t] * v)
		}
		c[j] -= s0
		c[ldc+j] -= s1
		c[2*ldc+j] -= s2
		c[3*ldc+j] -= s3
	}
}
