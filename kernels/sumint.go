package kernels

import "math/bits"

// SumInt64 returns Σ x[i] exactly; len(x) is below 2⁶³.
//
//	for i := range x { s = s.AddInt64(x[i]) }
func SumInt64(x []int64) Int128 {
	var s Int128
	for level >= AVX2 && len(x) >= 8 {
		n := min(len(x)&^7, sumAtOnce)
		lower, upper := sumIntAVX2(&x[0], n)
		s = s.Add(joinHalves(lower, upper, n))
		x = x[n:]
	}
	return s.Add(sumInt(x))
}

// sumAtOnce bounds the sums of halves to 56 bits, and the time between two points where the collector may stop a thread.
const sumAtOnce = 1 << 20

// joinHalves is the sum of count values from the sums of their lower halves and of their upper halves, each of these
// 2³¹ too large.
func joinHalves(lower, upper uint64, count int) Int128 {
	lo, carry := bits.Add64(upper<<32, lower, 0)
	s := Int128{Hi: int64(upper>>32 + carry), Lo: lo}
	return s.Sub(Int128{Hi: int64(count) >> 1, Lo: uint64(count) << 63})
}

func sumInt(x []int64) Int128 {
	var hi, lo, carry uint64
	for _, v := range x {
		lo, carry = bits.Add64(lo, uint64(v), 0)
		hi += uint64(v>>63) + carry
	}
	return Int128{int64(hi), lo}
}

// SumMarked returns the sum of the marked values exactly; bit i of mark stands for value i, bits behind the last do not
// count.
//
//	for i := range x { if mark[i/64]>>(i%64)&1 != 0 { s = s.AddInt64(x[i]) } }
//
// mark has at least ⌈len(x)/64⌉ words.
func SumMarked(x []int64, mark []uint64) Int128 {
	mark = mark[:(len(x)+63)/64]
	var s Int128
	for level >= AVX2 && len(x) >= 64 {
		words := min(len(x)/64, sumAtOnce/64)
		count := 0
		for _, m := range mark[:words] {
			count += bits.OnesCount64(m)
		}
		var lower, upper uint64
		if level >= AVX512 {
			lower, upper = sumMarkedAVX512(&x[0], &mark[0], words)
		} else {
			lower, upper = sumMarkedAVX2(&x[0], &mark[0], words)
		}
		s = s.Add(joinHalves(lower, upper, count))
		x, mark = x[64*words:], mark[words:]
	}
	return s.Add(sumMarked(x, mark))
}

func sumMarked(x []int64, mark []uint64) Int128 {
	var hi, lo, carry uint64
	for i, v := range x {
		v &= -int64(mark[i>>6] >> (i & 63) & 1)
		lo, carry = bits.Add64(lo, uint64(v), 0)
		hi += uint64(v>>63) + carry
	}
	return Int128{int64(hi), lo}
}

// GroupSum adds each value to the sum of its code; a negative code stands for none. Sums are modulo 2¹²⁸.
//
//	for i, c := range code { if c >= 0 { dst[c] = dst[c].AddInt64(x[i]) } }
//
// x is at least as long as code; codes lie below len(dst). Two values in one register may have the same code, so assembly
// does not add: it asks the memory for the sums of the values to come, where dst is more than a near cache holds.
func GroupSum(dst []Int128, code []int32, x []int64) {
	x = x[:len(code)]
	if level < AVX2 || len(dst) < farSums {
		groupSum(dst, code, x)
		return
	}
	ahead := code[:min(sumsAhead, len(code))]
	for at := 0; at < len(code); at += sumsAhead {
		now := ahead
		ahead = code[min(at+sumsAhead, len(code)):min(at+2*sumsAhead, len(code))]
		if at == 0 {
			fetchSumsAVX2(&dst[0].Hi, &now[0], len(now))
		}
		if len(ahead) > 0 {
			fetchSumsAVX2(&dst[0].Hi, &ahead[0], len(ahead))
		}
		groupSum(dst, now, x[at:])
	}
}

// Sums are asked for from farSums of them on, four megabytes, and sumsAhead of them at once.
const (
	farSums   = 1 << 18
	sumsAhead = 32
)

func groupSum(dst []Int128, code []int32, x []int64) {
	x = x[:len(code)]
	for i, c := range code {
		if c < 0 {
			continue
		}
		d, v := &dst[c], x[i]
		lo, carry := bits.Add64(d.Lo, uint64(v), 0)
		d.Lo = lo
		d.Hi += v>>63 + int64(carry)
	}
}

// PrefixSum sets dst[i] to x[0] + … + x[i] modulo 2⁶⁴ and returns the last, 0 for none.
//
//	for i := range x { s += x[i]; dst[i] = s }
//
// dst is at least as long as x and may be x. There is no variant in assembly: one addition a value is already faster than
// memory.
func PrefixSum(dst, x []int64) int64 {
	dst = dst[:len(x)]
	s := int64(0)
	for i, v := range x {
		s += v
		dst[i] = s
	}
	return s
}
