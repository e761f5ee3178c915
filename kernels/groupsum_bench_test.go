//go:build unix

package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Sums of many groups, with values as they come and by way of buckets.
func BenchmarkGroupSum(b *testing.B) {
	const n = 1 << 24
	for _, groups := range []int{1 << 16, 100_000, 1 << 20, 1 << 22, 1 << 24} {
		code, x := Large[int32](n), Large[int64](n)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range code {
			code[i], x[i] = int32(r.IntN(groups)), int64(r.Uint64())
		}
		dst := Large[Int128](groups)
		atEachLevel(b, fmt.Sprintf("op=GroupSum/groups=%d", groups), 12*n, n, func() { GroupSum(dst, code, x) })
		s := &RadixSums{}
		atEachLevel(b, fmt.Sprintf("op=RadixSums/groups=%d", groups), 12*n, n, func() { s.Add(dst, code, x) })
	}
}
