package composition

import "planwerk/kernels"

// Profile is the depreciation profile of a product: V_d, the value in µmin of all its elements of durability d, for the
// durabilities that occur with a value, ascending in minutes. A class with d = 0 gives all at once when age begins.
type Profile struct {
	Durability []int64
	Value      []kernels.Int128

	given *kernels.Depreciation
}

// NewProfile takes ascending durabilities in minutes and their values in µmin, which together fit 127 bits.
func NewProfile(durability []int64, value []kernels.Int128) *Profile {
	return &Profile{Durability: durability, Value: value, given: kernels.NewDepreciation(durability, value)}
}

// Total is v*.
func (p *Profile) Total() kernels.Int128 { return p.given.Total() }

// Transferred is T(k), the value given up to an age of k minutes.
func (p *Profile) Transferred(k int64) kernels.Int128 { return p.given.At(k) }

// Remaining is v* − T(k).
func (p *Profile) Remaining(k int64) kernels.Int128 { return p.Total().Sub(p.Transferred(k)) }

// Over is what the product gave beyond its estimate up to an age of k minutes, at most v*.
func (p *Profile) Over(k int64) kernels.Int128 {
	var sum kernels.Int128
	most := p.Total()
	for i, d := range p.Durability {
		if d >= k {
			break
		}
		if d == 0 {
			continue
		}
		more, ok := kernels.MulDivFloor(p.Value[i], kernels.I128(k-d), kernels.I128(d))
		if !ok || more.Cmp(most) >= 0 {
			return most
		}
		if sum = sum.Add(more); sum.Cmp(most) >= 0 { // both below v*: the sum fits
			return most
		}
	}
	return sum
}
