package composition

import "math/bits"

// lanes is the number of roots of one sweep, one bit each.
const lanes = 64

// sweeper finds what is reachable from up to 64 roots at once, in a graph whose parts have larger numbers than their
// wholes. One is kept per thread, so that its memory is cleared by the sweeps themselves and never allocated again.
type sweeper struct {
	mask    []uint64 // per vertex: which roots reach it; zero between sweeps
	pending []uint64 // bit per vertex: reached, parts not yet told; zero between sweeps

	vertex []int32  // the vertices the last sweep reached, ascending
	roots  []uint64 // which roots reach each of them
	x      []uint64 // scratch for tallies: a weight for each of them
	tally  tally
}

func newSweeper(n int) *sweeper {
	return &sweeper{mask: make([]uint64, n), pending: make([]uint64, n/64+1)}
}

// sweep sets s.vertex and s.roots: bit i of s.roots[j] says that vertex s.vertex[j] is roots[i] or reachable from it.
func (s *sweeper) sweep(g *graph, roots []int32) {
	lo, hi := len(s.pending), 0
	for i, r := range roots {
		s.mask[r] |= 1 << i
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
			mask[v] = 0
			s.vertex = append(s.vertex, v)
			s.roots = append(s.roots, m)
			for _, u := range g.part[g.first[v]:g.first[v+1]] {
				mask[u] |= m
				pending[u>>6] |= 1 << (u & 63)
				hi = max(hi, int(u>>6))
			}
		}
	}
}
