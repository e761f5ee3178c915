//go:build unix

package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkIntegers(b *testing.B) {
	for _, n := range []int{1 << 12, 1 << 22} {
		r := rand.New(rand.NewPCG(1, 2))
		x, t, dst := make([]int64, n), make([]int64, n), make([]int64, n)
		flags, mark, code, wide := make([]uint8, n), make([]uint64, n/64), make([]int32, n), make([]Int128, n)
		for i := range x {
			x[i], t[i], flags[i], code[i] = int64(r.Uint64()), r.Int64N(1<<50), uint8(r.IntN(8)), int32(r.IntN(100_000))
			wide[i] = I128(x[i])
		}
		groups := make([]Int128, 100_000)
		var sink Int128
		named := func(op string) string { return fmt.Sprintf("op=%s/n=%d", op, n) }
		atEachLevel(b, named("SumInt64"), 8*n, n, func() { sink = SumInt64(x) })
		atEachLevel(b, named("MarkWindow"), 8*n, n, func() { MarkWindow(mark, t, 1<<48, 1<<49) })
		atEachLevel(b, named("MarkFlags"), n, n, func() { MarkFlags(mark, flags, 3, 1) })
		atEachLevel(b, named("SumMarked"), 8*n, n, func() { sink = SumMarked(x, mark) })
		atEachLevel(b, named("SumUnderFlagsAndWindow"), 17*n, n, func() {
			MarkWindow(mark, t, 1<<48, 1<<49)
			MarkFlags(mark, flags, 3, 1)
			sink = SumMarked(x, mark)
		})
		atEachLevel(b, named("Narrow"), 24*n, n, func() { Narrow(dst, wide) })
		atEachLevel(b, named("GroupSum"), 12*n, n, func() { GroupSum(groups, code, x) })
		atEachLevel(b, named("PrefixSum"), 16*n, n, func() { PrefixSum(dst, x) })
		_ = sink
	}
}
