package arrow

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// Int128 is a signed 128-bit integer in two's complement, Hi·2⁶⁴ + Lo. Its layout is that of kernels.Int128, so that
// slices of the one convert to slices of the other without a copy.
type Int128 struct {
	Hi int64
	Lo uint64
}

// Int128Of widens an int64.
func Int128Of(v int64) Int128 { return Int128{Hi: v >> 63, Lo: uint64(v)} }

// Places of the decimals of a result: values, minutes and amounts are decimal(38, 6), held in millionths.
const decimalPlaces = 6

// decimalLimit is 10³⁸: a decimal(38, s) holds unscaled integers of a smaller magnitude.
var decimalLimit = Int128{Hi: 5421010862427522170, Lo: 687399551400673280}

// neg returns −a modulo 2¹²⁸.
func (a Int128) neg() Int128 {
	lo, borrow := bits.Sub64(0, a.Lo, 0)
	hi, _ := bits.Sub64(0, uint64(a.Hi), borrow)
	return Int128{int64(hi), lo}
}

// less reports a < b.
func (a Int128) less(b Int128) bool { return a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo }

// fits38 reports whether |a| < 10³⁸, what a decimal(38, s) can hold.
func (a Int128) fits38() bool {
	if a.Hi == a.Hi>>63 { // below 2⁶⁴ in magnitude
		return true
	}
	return a.less(decimalLimit) && decimalLimit.neg().less(a)
}

// putBigEndian stores a as 16 bytes, big-endian two's complement.
func (a Int128) putBigEndian(b []byte) {
	binary.BigEndian.PutUint64(b[0:8], uint64(a.Hi))
	binary.BigEndian.PutUint64(b[8:16], a.Lo)
}

// bigEndian128 reads a two's complement integer of 1 to 16 bytes.
func bigEndian128(b []byte) Int128 {
	var a Int128
	if len(b) > 0 && b[0]&0x80 != 0 {
		a = Int128{-1, math.MaxUint64}
	}
	for _, c := range b {
		a.Hi = a.Hi<<8 | int64(a.Lo>>56)
		a.Lo = a.Lo<<8 | uint64(c)
	}
	return a
}

const tenTo19 = 10_000_000_000_000_000_000

// appendInteger prints a in decimal.
func (a Int128) appendInteger(dst []byte) []byte {
	if a.Hi == int64(a.Lo)>>63 {
		return strconv.AppendInt(dst, int64(a.Lo), 10)
	}
	if a.Hi < 0 {
		dst, a = append(dst, '-'), a.neg()
	}
	// The magnitude is at most 2¹²⁷ < 10³⁹: two divisions by 10¹⁹ leave at most one digit above.
	hi := uint64(a.Hi)
	q1, r1 := bits.Div64(hi%tenTo19, a.Lo, tenTo19)
	q2 := hi / tenTo19 // above q1, in units of 2⁶⁴
	top, mid := bits.Div64(q2, q1, tenTo19)
	if top > 0 {
		dst = strconv.AppendUint(dst, top, 10)
		dst = appendPadded(dst, mid, 19)
	} else if mid > 0 {
		dst = strconv.AppendUint(dst, mid, 10)
	} else {
		return strconv.AppendUint(dst, r1, 10)
	}
	return appendPadded(dst, r1, 19)
}

// appendPadded prints v with leading zeros up to width digits.
func appendPadded(dst []byte, v uint64, width int) []byte {
	var buf [20]byte
	i := len(buf)
	for v > 0 {
		i--
		buf[i] = byte('0' + v%10)
		v /= 10
	}
	for len(buf)-i < width {
		i--
		buf[i] = '0'
	}
	return append(dst, buf[i:]...)
}

// appendMillionths prints a/10⁶ with exactly six places.
func (a Int128) appendMillionths(dst []byte) []byte {
	if a.Hi == 0 && a.Lo <= math.MaxInt64 {
		dst = strconv.AppendUint(dst, a.Lo/1_000_000, 10)
		dst = append(dst, '.')
		return appendPadded(dst, a.Lo%1_000_000, decimalPlaces)
	}
	if a.Hi < 0 {
		dst, a = append(dst, '-'), a.neg()
	}
	hi := uint64(a.Hi)
	lo, frac := bits.Div64(hi%1_000_000, a.Lo, 1_000_000)
	dst = Int128{int64(hi / 1_000_000), lo}.appendInteger(dst)
	dst = append(dst, '.')
	return appendPadded(dst, frac, decimalPlaces)
}

// String prints a as an integer.
func (a Int128) String() string { return string(a.appendInteger(nil)) }

// parseDecimal reads an integer, or a decimal with at most `places` digits after the point, as its unscaled integer.
// ok is false for anything else, also when the result does not fit 128 bits.
func parseDecimal(text []byte, places int) (a Int128, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	digits, point := 0, -1
	for i, c := range text {
		if c == '.' && point < 0 && places > 0 {
			point = i
			continue
		}
		if c < '0' || c > '9' {
			return Int128{}, false
		}
		if a, ok = a.timesTenPlus(uint64(c - '0')); !ok {
			return Int128{}, false
		}
		digits++
	}
	after := 0
	if point >= 0 {
		after = len(text) - point - 1
	}
	if digits == after || after > places || point >= 0 && after == 0 {
		return Int128{}, false
	}
	for ; after < places; after++ {
		if a, ok = a.timesTenPlus(0); !ok {
			return Int128{}, false
		}
	}
	if negative {
		a = a.neg()
	}
	return a, true
}

// timesTenPlus returns 10·a + d for a ≥ 0; ok is false beyond 2¹²⁷ − 1.
func (a Int128) timesTenPlus(d uint64) (Int128, bool) {
	h, lo := bits.Mul64(a.Lo, 10)
	lo, carry := bits.Add64(lo, d, 0)
	over, hi := bits.Mul64(uint64(a.Hi), 10)
	hi, c2 := bits.Add64(hi, h, carry)
	if over != 0 || c2 != 0 || hi > math.MaxInt64 {
		return Int128{}, false
	}
	return Int128{int64(hi), lo}, true
}
