package production

import (
	"math/bits"

	"planwerk/kernels"
)

// part is the cascade share of a draw: ⌊v·(before+amount)/total⌋ − ⌊v·before/total⌋ (MODEL.md §0), for v ≥ 0 and
// 0 ≤ before ≤ before + amount ≤ total. It is 0 where nothing is drawn.
func part(v kernels.Int128, before, amount, total int64) kernels.Int128 {
	if amount == 0 || v == (kernels.Int128{}) {
		return kernels.Int128{}
	}
	return upTo(v, before+amount, total).Sub(upTo(v, before, total))
}

// upTo returns ⌊v·q/total⌋ for v ≥ 0 and 0 ≤ q ≤ total, total > 0.
func upTo(v kernels.Int128, q, total int64) kernels.Int128 {
	switch q {
	case 0:
		return kernels.Int128{}
	case total:
		return v
	}
	d := uint64(total)
	hi, lo := bits.Mul64(v.Lo, uint64(q))
	if v.Hi == 0 {
		quo, _ := bits.Div64(hi, lo, d) // hi < d because q < total
		return kernels.Int128{Lo: quo}
	}
	top, mid := bits.Mul64(uint64(v.Hi), uint64(q))
	mid, carry := bits.Add64(mid, hi, 0)
	top += carry
	// v·q < v·total: the quotient has two digits of 64 bits.
	high, rest := bits.Div64(top, mid, d)
	low, _ := bits.Div64(rest, lo, d)
	return kernels.Int128{Hi: int64(high), Lo: low}
}
