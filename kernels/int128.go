package kernels

import (
	"math"
	"math/big"
	"math/bits"
)

// Int128 is a signed 128-bit integer in two's complement: Hi·2⁶⁴ + Lo. It holds derived values and sums
// (MODEL.md §0): 10⁹ rows of the largest int64 sum to less than 2⁹³.
type Int128 struct {
	Hi int64
	Lo uint64
}

// NullInt128 marks "no value" in a nullable column of derived values; no computation reaches −2¹²⁷.
var NullInt128 = Int128{Hi: math.MinInt64}

// I128 widens an int64.
func I128(v int64) Int128 { return Int128{Hi: v >> 63, Lo: uint64(v)} }

// IsNull reports whether a is the null mark.
func (a Int128) IsNull() bool { return a == NullInt128 }

// Add returns a + b, modulo 2¹²⁸.
func (a Int128) Add(b Int128) Int128 {
	lo, carry := bits.Add64(a.Lo, b.Lo, 0)
	hi, _ := bits.Add64(uint64(a.Hi), uint64(b.Hi), carry)
	return Int128{int64(hi), lo}
}

// AddInt64 returns a + v.
func (a Int128) AddInt64(v int64) Int128 { return a.Add(I128(v)) }

// Sub returns a − b, modulo 2¹²⁸.
func (a Int128) Sub(b Int128) Int128 {
	lo, borrow := bits.Sub64(a.Lo, b.Lo, 0)
	hi, _ := bits.Sub64(uint64(a.Hi), uint64(b.Hi), borrow)
	return Int128{int64(hi), lo}
}

// Neg returns −a.
func (a Int128) Neg() Int128 { return Int128{}.Sub(a) }

// Sign returns −1, 0 or 1.
func (a Int128) Sign() int {
	switch {
	case a.Hi < 0:
		return -1
	case a.Hi == 0 && a.Lo == 0:
		return 0
	}
	return 1
}

// Cmp returns −1, 0 or 1 as a is less than, equal to or greater than b.
func (a Int128) Cmp(b Int128) int {
	switch {
	case a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// IsInt64 reports whether a fits an int64.
func (a Int128) IsInt64() bool { return a.Hi == int64(a.Lo)>>63 }

// Int64 returns the low 64 bits as an int64; exact when IsInt64.
func (a Int128) Int64() int64 { return int64(a.Lo) }

// Float64 returns the nearest float64 (to within one rounding of the high word).
func (a Int128) Float64() float64 {
	f, _ := new(big.Float).SetInt(a.Big()).Float64()
	return f
}

// Big returns a as a big integer.
func (a Int128) Big() *big.Int {
	v := big.NewInt(a.Hi)
	return v.Lsh(v, 64).Add(v, new(big.Int).SetUint64(a.Lo))
}

// FromBig narrows v; ok is false when v does not fit.
func FromBig(v *big.Int) (a Int128, ok bool) {
	hi := new(big.Int).Rsh(v, 64)
	if !hi.IsInt64() {
		return Int128{}, false
	}
	lo := new(big.Int).And(v, new(big.Int).SetUint64(math.MaxUint64))
	return Int128{hi.Int64(), lo.Uint64()}, true
}

// String prints a in decimal.
func (a Int128) String() string { return a.Big().String() }

// MulInt64 returns x·y exactly.
func MulInt64(x, y int64) Int128 {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	h := int64(hi)
	if x < 0 {
		h -= y
	}
	if y < 0 {
		h -= x
	}
	return Int128{h, lo}
}

// MulDivFloor returns ⌊v·q/d⌋ (floor toward −∞) with the product in 256 bits; d must be positive. ok is false when the
// quotient does not fit 128 bits.
func MulDivFloor(v, q, d Int128) (r Int128, ok bool) {
	if d.Hi == 0 && v.Hi == 0 && q.Hi == 0 {
		hi, lo := bits.Mul64(v.Lo, q.Lo)
		if hi < d.Lo {
			quo, _ := bits.Div64(hi, lo, d.Lo)
			return Int128{0, quo}, true
		}
		h, rem := hi/d.Lo, hi%d.Lo
		quo, _ := bits.Div64(rem, lo, d.Lo)
		return Int128{int64(h), quo}, h <= math.MaxInt64
	}
	p := new(big.Int).Mul(v.Big(), q.Big())
	quo, rem := new(big.Int).QuoRem(p, d.Big(), new(big.Int))
	if rem.Sign() < 0 {
		quo.Sub(quo, big.NewInt(1))
	}
	return FromBig(quo)
}
