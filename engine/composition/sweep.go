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

// newSweeper makes a sweeper for graphs of n vertices that lists at most atMost ≥ 1 of them at a time.
func newSweeper(n, atMost int) *sweeper {
	atMost = min(n+1, atMost)
	return &sweeper{mask: make([]rootSet, n), pending: make([]uint64, n/64+1),
		vertex: make([]int32, 0, atMost), roots: make([]rootSet, 0, atMost), x: make([]uint64, 0, atMost)}
}

// sweep finds all pairs of a vertex and the set of roots that it is or is reachable from: bit i stands for roots[i]. It
// leaves them in s.vertex and s.roots and calls use whenever these are full, and at the end.
func (s *sweeper) sweep(g *graph, roots []int32, use func()) {
	last := int32(0)
	first := int32(len(s.mask))
	for i, r := range roots {
		s.mask[r][i>>6] |= 1 << (i & 63)
		s.pending[r>>6] |= 1 << (r & 63)
		first, last = min(first, r), max(last, r)
	}
	mask, pending := s.mask, s.pending
	vertex, sets := s.vertex[:cap(s.vertex)], s.roots[:cap(s.vertex)]
	n := 0
	for w := first >> 6; w <= last>>6; w++ {
		for p := pending[w]; p != 0; p = pending[w] { // a part may lie in the same word
			v := w<<6 | int32(bits.TrailingZeros64(p))
			pending[w] = p & (p - 1)
			m := &mask[v]
			m0, m1, m2, m3 := m[0], m[1], m[2], m[3]
			*m = rootSet{}
			vertex[n], sets[n] = v, rootSet{m0, m1, m2, m3}
			n++
			for _, u := range g.part[g.first[v]:g.first[v+1]] {
				x := &mask[u]
				x[0] |= m0
				x[1] |= m1
				x[2] |= m2
				x[3] |= m3
				pending[u>>6] |= 1 << (u & 63)
				last = max(last, u)
			}
			if n == len(vertex) {
				s.vertex, s.roots, n = vertex, sets, 0
				use()
			}
		}
	}
	s.vertex, s.roots = vertex[:n], sets[:n]
	use()
}
