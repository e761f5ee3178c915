package kernels

import "math"

// AddChecked returns a + b; ok is false when the sum does not fit, or is the null mark −2¹²⁷.
func (a Int128) AddChecked(b Int128) (sum Int128, ok bool) {
	sum = a.Add(b)
	return sum, (a.Hi^sum.Hi)&(b.Hi^sum.Hi) >= 0 && (sum.Hi != math.MinInt64 || sum.Lo != 0)
}

// SubChecked returns a − b; ok is false when the difference does not fit, or is the null mark −2¹²⁷.
func (a Int128) SubChecked(b Int128) (difference Int128, ok bool) {
	d := a.Sub(b)
	return d, (a.Hi^b.Hi)&(a.Hi^d.Hi) >= 0 && (d.Hi != math.MinInt64 || d.Lo != 0)
}
