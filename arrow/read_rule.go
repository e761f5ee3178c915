package arrow

import (
	"fmt"
	"math"
	"math/bits"
)

// intRule turns integers as stored into integers as held: a decimal's unscaled integer into millionths, a time of any
// unit into microseconds. It refuses what does not fit, and −2⁶³, which stands for null.
type intRule struct {
	mul, div int64 // held = stored·mul/div; one of them is 1
	id       bool  // non-negative
	unsigned bool  // stored as uint64: a negative int64 is above 2⁶³−1
	minutes  bool
}

var keepRule = intRule{mul: 1, div: 1}

// decimalRule holds decimals of a scale as millionths.
func decimalRule(scale int) (intRule, *cellError) {
	if scale < 0 || scale > decimalPlaces {
		return intRule{}, &cellError{fmt.Sprintf("a decimal with scale %d", scale), "at most six places can be held exactly: write it as decimal(p, 6)"}
	}
	r := keepRule
	for range decimalPlaces - scale {
		r.mul *= 10
	}
	return r, nil
}

// apply works in place and returns the index of the first value it refuses, −1 if there is none.
func (r intRule) apply(v []int64) int {
	switch {
	case r.id || r.unsigned && r.mul == 1:
		var all int64
		for _, x := range v {
			all |= x
		}
		if all < 0 {
			return firstNegative(v)
		}
	case r.div > 1:
		for i, x := range v {
			q := x / r.div
			if q*r.div != x || r.unsigned && x < 0 {
				return i
			}
			v[i] = q
		}
	default:
		most := math.MaxInt64 / r.mul
		least := -most
		if r.unsigned {
			least = 0
		}
		lo, hi := int64(0), int64(0)
		for _, x := range v {
			lo, hi = min(lo, x), max(hi, x)
		}
		if lo < least || hi > most {
			for i, x := range v {
				if x < least || x > most {
					return i
				}
			}
		}
		if r.mul != 1 {
			for i, x := range v {
				v[i] = x * r.mul
			}
		}
	}
	return -1
}

func firstNegative(v []int64) int {
	for i, x := range v {
		if x < 0 {
			return i
		}
	}
	return -1
}

// refusal says why apply refused a value.
func (r intRule) refusal(v int64) *cellError {
	text := fmt.Sprint(v)
	if r.unsigned {
		text = fmt.Sprint(uint64(v))
	}
	switch {
	case r.id && !r.unsigned:
		return &cellError{text + " is negative", "an id is an integer from 0 to 2⁶³−1 or a text"}
	case r.id:
		return &cellError{text + " is beyond 2⁶³−1", "write ids of that size as texts"}
	case r.div > 1:
		return &cellError{text + " nanoseconds are no whole number of microseconds", "round times to microseconds"}
	}
	return outOfRange(text)
}

func outOfRange(text string) *cellError {
	return &cellError{text + " is out of range", "at most ±(2⁶³−1) of the smallest unit can be held"}
}

// scale128 turns an unscaled integer into an int64 by the rule.
func (r intRule) scale128(a Int128) (int64, bool) {
	if a.Hi != int64(a.Lo)>>63 {
		return 0, false
	}
	v := int64(a.Lo)
	hi, lo := bits.Mul64(uint64(abs64(v)), uint64(r.mul))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	return v * r.mul, true
}

// abs64 is |v|; −2⁶³ gives the bits of 2⁶³.
func abs64(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
