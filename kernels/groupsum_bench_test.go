//go:build unix

package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkGroupSum(b *testing.B) {
	const n = 1 << 24
	for _, groups := range []int{100_000, 1 << 20, 1 << 22, 1 << 24} {
		code, x := Large[int32](n), Large[int64](n)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range code {
			code[i], x[i] = int32(r.IntN(groups)), int64(r.Uint64())
		}
		dst := Large[Int128](groups)
		atEachLevel(b, fmt.Sprintf("op=GroupSum/groups=%d", groups), 12*n, n, func() { GroupSum(dst, code, x) })
	}
}
