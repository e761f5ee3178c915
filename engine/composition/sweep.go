package composition

import "math/bits"

// words is the width of a set of roots in 64-bit words, lanes the number of roots of one sweep, one bit each.
const (
	words = 4
	lanes = 64 * words
)

// rootSet is a set of the roots of one sweep.
type rootSet [words]uint64

// sweeper finds what is reachable from up to lanes roots at once, in a graph whose parts have larger numbers than their
// wholes. One is kept per thread, so that its memory is cleared by the sweeps themselves and never allocated again.
type sweeper struct {
	mask    []rootSet // per vertex: which roots reach it; zero between sweeps
	pending []uint64  // bit per vertex: reached, parts not yet told; zero between sweeps

	vertex []int32   // vertices reached, ascending …
	roots  []rootSet // … and which roots reach each of them
	x      []uint64  // scratch for tallies: a weight for each of them
	tally  tally
}

func newSweeper(n int) *sweeper {
	return &sweeper{mask: make([]rootSet, n), pending: make([]uint64, n/64+1)}
}

// sweep finds all pairs of a vertex and the set of roots that it is or is reachable from: bit i stands for roots[i]. It
// leaves them in s.vertex and s.roots and calls use whenever there are atMost of them, and at the end.
func (s *sweeper) sweep(g *graph, roots []int32, atMost int, use func()) {
	lo, hi := len(s.pending), 0
	for i, r := range roots {
		s.mask[r][i>>6] |= 1 << (i & 63)
		s.pending[r>>6] |= 1 << (r & 63)
		lo, hi = min(lo, int(r>>6)), max(hi, int(r>>6))
	}
	s.vertex, s.roots = s.vertex[:0], s.roots[:0]
	mask, pending := s.mask, s.pending
	for w := lo; w <= hi; w++ {
		for p := pending[w]; p != 0; p = pending[w] { // a part may lie in the same word
			v := int32(w<<6 | bits.TrailingZeros64(p))
			pending[w] = p & (p - 1)
			m := mask[v]
			mask[v] = rootSet{}
			s.vertex = append(s.vertex, v)
			s.roots = append(s.roots, m)
			for _, u := range g.part[g.first[v]:g.first[v+1]] {
				x := &mask[u]
				x[0] |= m[0]
				x[1] |= m[1]
				x[2] |= m[2]
				x[3] |= m[3]
				pending[u>>6] |= 1 << (u & 63)
				hi = max(hi, int(u>>6))
			}
			if len(s.vertex) == atMost {
				use()
				s.vertex, s.roots = s.vertex[:0], s.roots[:0]
			}
		}
	}
	use()
}
