package kernels

import (
	"fmt"
	"math"
	"math/bits"
	"sort"
)

// Depreciation is what a product has given by each age: the values of its parts by durability, each given evenly over it
// and rounded down [S §4.3, eq. 7].
type Depreciation struct {
	durability []int64 // ascending
	value      []Int128
	upto       []Int128 // upto[c]: value[0] + … + value[c−1]

	class []depreciationClass // none where some number is too large for it
}

// depreciationClass is one durability d, at least 1 and below 2³², and its value whole·d + rest.
type depreciationClass struct {
	whole, rest, d uint64
	slope          float64 // rest/d
}

// NewDepreciation takes ascending durabilities of at least 0 and their values of at least 0, which together fit 127 bits. It
// panics where there are not as many.
func NewDepreciation(durability []int64, value []Int128) *Depreciation {
	if len(durability) != len(value) {
		panic(fmt.Sprintf("kernels: %d durabilities and %d values", len(durability), len(value)))
	}
	p := &Depreciation{durability: durability, value: value, upto: make([]Int128, len(value)+1)}
	for c, v := range value {
		p.upto[c+1] = p.upto[c].Add(v)
	}
	if total := p.Total(); !total.IsInt64() || len(value) == 0 || durability[len(value)-1] > math.MaxUint32 {
		return p
	}
	p.class = make([]depreciationClass, len(value))
	for c, v := range value {
		d := uint64(max(durability[c], 1)) // all is given at an age of 1, whether d is 0 or 1
		p.class[c] = depreciationClass{whole: v.Lo / d, rest: v.Lo % d, d: d, slope: float64(v.Lo%d) / float64(d)}
	}
	return p
}

// Total is what the product gives over its life.
func (p *Depreciation) Total() Int128 { return p.upto[len(p.value)] }

// At is what it has given by age k:
//
//	if k <= 0 { return 0 }
//	for c, d := range durability { if k >= d { s += value[c] } else { s += ⌊value[c]·k/d⌋ } }
func (p *Depreciation) At(k int64) Int128 {
	if k <= 0 {
		return Int128{}
	}
	c := p.outlived(k)
	sum := p.upto[c]
	for ; c < len(p.value); c++ { // k < d, so each share is less than the value and fits
		sum = sum.Add(share(p.value[c], k, p.durability[c]))
	}
	return sum
}

// outlived is the number of classes with d ≤ k.
func (p *Depreciation) outlived(k int64) int {
	if len(p.durability) > depreciationClasses {
		return sort.Search(len(p.durability), func(i int) bool { return p.durability[i] > k })
	}
	i := 0
	for i < len(p.durability) && p.durability[i] <= k {
		i++
	}
	return i
}

// share is ⌊v·k/d⌋ for v ≥ 0 and 0 < k < d.
func share(v Int128, k, d int64) Int128 {
	if v.Hi == 0 {
		hi, lo := bits.Mul64(v.Lo, uint64(k))
		if hi == 0 {
			return Int128{Lo: lo / uint64(d)}
		}
		q, _ := bits.Div64(hi, lo, uint64(d)) // hi < d, since k < d
		return Int128{Lo: q}
	}
	q, _ := MulDivFloor(v, I128(k), I128(d)) // less than v
	return q
}

// Up to depreciationClasses classes all of them are summed; where there are more, those that all of depreciationAges ages
// have outlived are found and left out.
const (
	depreciationClasses = 16
	depreciationAges    = 16
)

// Each is At for many ages:
//
//	for i := range k { dst[i] = p.At(k[i]) }
//
// dst is at least as long as k. A division by d becomes a product with 1/d in float64, which is off by less than 1 and
// put right by the remainder.
func (p *Depreciation) Each(dst []Int128, k []int64) {
	dst = dst[:len(k)]
	if level < AVX2 || p.class == nil {
		for i, age := range k {
			dst[i] = p.At(age)
		}
		return
	}
	most := len(k)
	if len(p.class) > depreciationClasses {
		most = depreciationAges
	}
	for len(k) > 0 {
		n := min(most, len(k))
		p.each(dst[:n], k[:n])
		dst, k = dst[n:], k[n:]
	}
}

// each is Each in AVX2.
func (p *Depreciation) each(dst []Int128, k []int64) {
	from := 0
	if len(p.class) > depreciationClasses {
		least := k[0]
		for _, age := range k {
			least = min(least, age)
		}
		if from = p.outlived(least); least <= 0 {
			from = 0
		}
		if from == len(p.class) {
			for i := range dst {
				dst[i] = p.Total()
			}
			return
		}
	}
	class, base := p.class[from:], p.upto[from].Lo
	if fours := len(k) / 4; fours > 0 {
		depreciationAVX2(&dst[0].Hi, &k[0], fours, &class[0].whole, len(class), base)
	}
	if rest := len(k) & 3; rest > 0 {
		var age [4]int64
		var given [4]Int128
		copy(age[:], k[len(k)-rest:])
		depreciationAVX2(&given[0].Hi, &age[0], 1, &class[0].whole, len(class), base)
		copy(dst[len(k)-rest:], given[:])
	}
}
