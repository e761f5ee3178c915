package synth

import "math/bits"

// stream keeps the random numbers of different questions apart.
type stream uint8

const (
	rndMinutes stream = iota
	rndAmount
	rndType
	rndShop
	rndRoot
	rndPart
	rndValue
	rndDurability
	rndConsume
	rndTransfer
	rndDispatch
	rndWriteOff
	rndAllocate
	rndSpend
	rndOrder
	rndCitizen
	rndWallet
	rndWork
	rndClaim
	rndPlant
	rndShuffle
	rndText
	rndID
	numStreams
)

// golden is 2^64 divided by the golden ratio, the step of SplitMix64 (Steele, Lea, Flood 2014).
const golden = 0x9e3779b97f4a7c15

// mix is the finaliser of SplitMix64: a bijection of 64 bits in which each input bit moves about half of the output bits.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// rnd is the i-th random number of a stream.
func (w *world) rnd(s stream, i int64) uint64 { return mix(w.keys[s] + uint64(i)*golden) }

// rnd2 is the random number of a pair.
func (w *world) rnd2(s stream, i, j int64) uint64 { return mix(w.rnd(s, i) + uint64(j)*golden) }

// below maps a random number to 0 … n−1; 0 for n ≤ 0.
func below(h uint64, n int64) int64 {
	if n <= 0 {
		return 0
	}
	hi, _ := bits.Mul64(h, uint64(n))
	return int64(hi)
}

// skewed maps a random number to 0 … n−1 so that small numbers are popular: the density at x falls like x^(−2/3).
func skewed(h uint64, n int64) int64 {
	u := h >> 32
	u = u * u >> 32 * u >> 32 // u³ of a uniform u in [0, 2³²)
	return int64(u * uint64(n) >> 32)
}

// mulDiv is ⌊v·q/d⌋ for v, q ≥ 0 and d > 0; the quotient must fit in 64 bits.
func mulDiv(v, q, d int64) int64 {
	hi, lo := bits.Mul64(uint64(v), uint64(q))
	r, _ := bits.Div64(hi, lo, uint64(d))
	return int64(r)
}

// permutation is a bijection of 0 … n−1 that looks random: a Feistel network on the next power of two, its halves as equal
// as may be, walked until it falls below n (cycle walking, Black and Rogaway 2002).
type permutation struct {
	n           uint64
	low         uint // bits of the lower half
	lowM, highM uint64
	keys        [4]uint64
}

func newPermutation(n int64, key uint64) permutation {
	width := uint(bits.Len64(uint64(max(n, 1) - 1)))
	p := permutation{n: uint64(n), low: width - width/2}
	p.lowM, p.highM = 1<<p.low-1, 1<<(width/2)-1
	for i := range p.keys {
		p.keys[i] = mix(key + uint64(i+1)*golden)
	}
	return p
}

// at is the image of i; each tweak is another permutation.
func (p *permutation) at(i int64, tweak uint64) int64 {
	x := uint64(i)
	for {
		l, h := x&p.lowM, x>>p.low
		l ^= mix(h+p.keys[0]+tweak) & p.lowM
		h ^= mix(l+p.keys[1]+tweak) & p.highM
		l ^= mix(h+p.keys[2]+tweak) & p.lowM
		h ^= mix(l+p.keys[3]+tweak) & p.highM
		if x = h<<p.low | l; x < p.n {
			return int64(x)
		}
	}
}
