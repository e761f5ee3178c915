package kernels

import (
	"fmt"
	"math/bits"
)

// PairSums adds up two columns by code, exactly.
//
//	for i, c := range code { if c >= 0 { X[c] = X[c].AddInt64(x[i]); Y[c] = Y[c].AddInt64(y[i]) } }
//
// Sums are modulo 2¹²⁸. While values stay below 2⁴⁰ in magnitude (a million units, in millionths), sums are kept in 64
// bits, both of a code side by side, and settled into 128 bits before they could overflow: half the memory and half the
// additions.
type PairSums struct {
	narrow []pair     // of code c at c+1; at 0, of code −1, nothing of meaning
	wide   []widePair // nil while no sum needed it
	load   uint64     // no narrow sum is beyond ±load
}

type pair struct{ x, y int64 }

type widePair struct{ x, y Int128 }

const (
	pairBlock    = 4096
	narrowValues = 40 // bits of values that are summed in 64 bits
)

// NewPairSums makes sums of codes 0 … codes−1, all 0; codes is below 2³¹.
func NewPairSums(codes int) *PairSums {
	return &PairSums{narrow: make([]pair, codes+1)}
}

// Add adds x[i] and y[i] to the sums of code[i]; code −1 stands for none. x and y are at least as long as code; any other
// code that there are no sums of panics.
func (s *PairSums) Add(code []int32, x, y []int64) {
	for len(code) > 0 {
		n := min(pairBlock, len(code))
		s.block(code[:n], x[:n], y[:n])
		code, x, y = code[n:], x[n:], y[n:]
	}
}

func (s *PairSums) block(code []int32, x, y []int64) {
	if s.load >= 1<<62 {
		s.settle()
	}
	at, need := 0, uint64(0)
	for level >= AVX2 && at < len(code)&^3 {
		done, more := pairSumsAVX2(&s.narrow[0].x, len(s.narrow), &code[at], &x[at], &y[at], (len(code)-at)&^3)
		need |= more
		if at += done; at < len(code)&^3 { // a code that is not one: the definition says which
			need |= addPairs(s.narrow, code[at:at+4], x[at:], y[at:])
			at += 4
		}
	}
	need |= addPairs(s.narrow, code[at:], x[at:], y[at:])
	if k := bits.Len64(need); k <= narrowValues {
		s.load += pairBlock << k
		return
	}
	takePairs(s.narrow, code, x, y)
	s.widen()
	for i, c := range code {
		if c >= 0 {
			w := &s.wide[c]
			w.x, w.y = w.x.AddInt64(x[i]), w.y.AddInt64(y[i])
		}
	}
}

// addPairs returns a mask of the bits that the values need beside their sign. Sums wrap, so takePairs undoes it always.
func addPairs(sums []pair, code []int32, x, y []int64) (need uint64) {
	x, y = x[:len(code)], y[:len(code)]
	var all int64
	for i, c := range code {
		if uint64(int64(c)+1) >= uint64(len(sums)) {
			panic(fmt.Sprintf("kernels: code %d of %d", c, len(sums)-1))
		}
		v, w, p := x[i], y[i], &sums[int64(c)+1]
		p.x += v
		p.y += w
		all |= v ^ v>>63 | w ^ w>>63
	}
	return uint64(all)
}

func takePairs(sums []pair, code []int32, x, y []int64) {
	for i, c := range code {
		sums[int64(c)+1].x -= x[i]
		sums[int64(c)+1].y -= y[i]
	}
}

func (s *PairSums) widen() {
	if s.wide == nil {
		s.wide = make([]widePair, len(s.narrow)-1)
	}
}

// settle moves the narrow sums into the wide ones.
func (s *PairSums) settle() {
	s.widen()
	for c := range s.wide {
		p, w := &s.narrow[c+1], &s.wide[c]
		w.x, w.y = w.x.AddInt64(p.x), w.y.AddInt64(p.y)
		*p = pair{}
	}
	s.load = 0
}

// At returns both sums of a code.
func (s *PairSums) At(code int) (x, y Int128) {
	p := s.narrow[code+1]
	if s.wide == nil {
		return I128(p.x), I128(p.y)
	}
	w := &s.wide[code]
	return w.x.AddInt64(p.x), w.y.AddInt64(p.y)
}

// AddSums adds the sums of o, which has as many codes.
func (s *PairSums) AddSums(o *PairSums) {
	s.widen()
	for c := range s.wide {
		x, y := o.At(c)
		w := &s.wide[c]
		w.x, w.y = w.x.Add(x), w.y.Add(y)
	}
}
