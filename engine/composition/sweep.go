package composition

import "planwerk/kernels"

// words is the width of a set of roots in 64-bit words, lanes the number of roots of one sweep, one bit each.
const (
	words = 4
	lanes = 64 * words
)

// rootSet is a set of the roots of one sweep.
type rootSet = kernels.RootSet

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
	vertex, sets := s.vertex[:cap(s.vertex)], s.roots[:cap(s.vertex)]
	for n, word := len(vertex), first>>6; n == len(vertex); {
		n, word, last = kernels.SweepRoots(s.mask, s.pending, g.first, g.part, vertex, sets, word, last)
		s.vertex, s.roots = vertex[:n], sets[:n]
		use()
	}
}
