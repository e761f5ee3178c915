package kernels

import (
	"math/rand/v2"
	"testing"
)

func TestGemmSubEqualsTheLoop(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, size := range [][3]int{{0, 3, 2}, {1, 1, 1}, {4, 2, 0}, {4, 2, 3}, {5, 3, 7}, {8, 8, 8}, {9, 17, 5}, {3, 1, 48}, {13, 6, 1}} {
		m, n, k := size[0], size[1], size[2]
		lda, ldb, ldc := k+2, n+3, n+1
		a, b, c := randoms(r, m*lda+1), randoms(r, k*ldb+1), randoms(r, m*ldc+1)
		want := append([]float64(nil), c...)
		for i := range m {
			for j := range n {
				s := 0.0
				for q := range k {
					s += float64(a[i*lda+q] * b[q*ldb+j])
				}
				want[i*ldc+j] -= s
			}
		}
		GemmSub(c, ldc, a, lda, b, ldb, m, n, k)
		for i := range c {
			if c[i] != want[i] {
				t.Fatalf("%d × %d × %d: value %d is %v, want %v", m, n, k, i, c[i], want[i])
			}
		}
	}
}
