//go:build unix

package kernels

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Ages over the life of products of some to many durabilities, in minutes of up to thirty years.
func BenchmarkDepreciation(b *testing.B) {
	for _, classes := range []int{4, 12, 60, 1000} {
		r := rand.New(rand.NewPCG(1, 2))
		durability, value := make([]int64, classes), make([]Int128, classes)
		for c := range value {
			durability[c], value[c] = 1+r.Int64N(30*365*24*60), I128(r.Int64N(1<<40))
		}
		slices.Sort(durability)
		p := NewDepreciation(durability, value)
		const n = 1 << 12
		k, dst := make([]int64, n), make([]Int128, n)
		for i := range k {
			k[i] = r.Int64N(30 * 365 * 24 * 60)
		}
		for _, order := range []string{"random", "rising"} {
			atEachLevel(b, fmt.Sprintf("op=Depreciation/classes=%d/ages=%s", classes, order), 24*n, n, func() { p.Each(dst, k) })
			slices.Sort(k)
		}
	}
}
