package lp

import "math"

// double is an unevaluated sum hi + lo of two float64 with |lo| ≤ ulp(hi)/2: about 106 bits.
type double struct{ hi, lo float64 }

// twoSum returns a + b and its rounding error, exactly (Knuth).
func twoSum(a, b float64) (float64, float64) {
	s := a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// add returns d + v.
func (d double) add(v float64) double {
	s, e := twoSum(d.hi, v)
	e += d.lo
	hi := s + e
	return double{hi, e - (hi - s)}
}

// addProduct returns d + a·b; the product is exact, by a fused multiply-add.
func (d double) addProduct(a, b float64) double {
	p := a * b
	e := math.FMA(a, b, -p)
	s, r := twoSum(d.hi, p)
	r += d.lo + e
	hi := s + r
	return double{hi, r - (hi - s)}
}

// plus returns d + b.
func (d double) plus(b double) double { return d.add(b.lo).add(b.hi) }

// value rounds to one float64.
func (d double) value() float64 { return d.hi + d.lo }

// errDouble bounds the rounding error of adding n terms as doubles, relative to the sum of their sizes: each of addProduct
// and add errs by less than 4·2⁻¹⁰⁴ of the larger operand (Joldes, Muller, Popescu, ACM TOMS 44, 2017), with slack.
func errDouble(n int) float64 { return float64(n+4) * 0x1p-98 }

// below and above step one place outwards, so that a rounded value becomes a bound.
func below(v float64) float64 { return math.Nextafter(v, math.Inf(-1)) }
func above(v float64) float64 { return math.Nextafter(v, math.Inf(1)) }
