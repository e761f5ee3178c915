package composition

import (
	"math/bits"
	"sort"

	"planwerk/kernels"
)

// Profile is the depreciation profile of a product: V_d, the value in µmin of all its elements of durability d, for the
// durabilities that occur with a value, ascending in minutes. A class with d = 0 gives all at once when age begins.
type Profile struct {
	Durability []int64
	Value      []kernels.Int128

	upto []kernels.Int128 // upto[i]: Value[0] + … + Value[i−1]
}

// NewProfile takes ascending durabilities in minutes and their values in µmin, which together fit 127 bits.
func NewProfile(durability []int64, value []kernels.Int128) *Profile {
	p := &Profile{Durability: durability, Value: value, upto: make([]kernels.Int128, len(value)+1)}
	for i, v := range value {
		p.upto[i+1] = p.upto[i].Add(v)
	}
	return p
}

// Total is v*.
func (p *Profile) Total() kernels.Int128 { return p.upto[len(p.Value)] }

// Transferred is T(k), the value given up to an age of k minutes.
func (p *Profile) Transferred(k int64) kernels.Int128 {
	if k <= 0 {
		return kernels.Int128{}
	}
	i := p.outlived(k)
	sum := p.upto[i]
	for ; i < len(p.Value); i++ { // k < d, so each share is less than V_d and fits
		sum = sum.Add(share(p.Value[i], k, p.Durability[i]))
	}
	return sum
}

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

// outlived is the number of classes with d ≤ k.
func (p *Profile) outlived(k int64) int {
	if len(p.Durability) > 16 {
		return sort.Search(len(p.Durability), func(i int) bool { return p.Durability[i] > k })
	}
	i := 0
	for i < len(p.Durability) && p.Durability[i] <= k {
		i++
	}
	return i
}

// share is ⌊v·k/d⌋ for v ≥ 0 and 0 < k < d.
func share(v kernels.Int128, k, d int64) kernels.Int128 {
	if v.Hi == 0 {
		hi, lo := bits.Mul64(v.Lo, uint64(k))
		if hi == 0 {
			return kernels.Int128{Lo: lo / uint64(d)}
		}
		q, _ := bits.Div64(hi, lo, uint64(d)) // hi < d, since k < d
		return kernels.Int128{Lo: q}
	}
	q, _ := kernels.MulDivFloor(v, kernels.I128(k), kernels.I128(d)) // less than v
	return q
}
