package kernels

import "math/bits"

// RootSet is a set of 256 roots, one bit each.
type RootSet [4]uint64

// SweepRoots goes once through a directed acyclic graph in which every part has a larger number than its wholes, telling
// each vertex's set of roots to its parts. The parts of v are part[first[v]:first[v+1]].
//
// mask[v] holds the roots known to reach v, bit v of pending says that v's parts are not told yet; last is at least the
// largest pending vertex and no vertex below 64·word is pending. Vertices come out in rising order into vertex, their
// sets into sets, and are cleared from mask and pending. It stops when vertex is full or nothing is pending:
//
//	for n < len(vertex) && some v is pending {
//		v := the smallest; vertex[n], sets[n] = v, mask[v]; n++; clear mask[v] and pending bit v
//		for each part u of v { mask[u] |= sets[n-1]; set pending bit u; last = max(last, u) }
//	}
//
// It returns n, and word and last to go on with; nothing is left when n < len(vertex). vertex is not empty, sets at least
// as long.
func SweepRoots(mask []RootSet, pending []uint64, first, part, vertex []int32, sets []RootSet, word, last int32) (n int, nextWord, nextLast int32) {
	sets = sets[:len(vertex)]
	if level >= AVX2 && len(part) > 0 && len(vertex) > 0 && len(mask) > 0 {
		_, _ = mask[last], pending[last>>6]
		n, w, l := sweepRootsAVX2(&mask[0][0], &pending[0], &first[0], &part[0], &vertex[0], len(vertex), &sets[0][0], int(word), int(last))
		return n, int32(w), int32(l)
	}
	return sweepRoots(mask, pending, first, part, vertex, sets, word, last)
}

func sweepRoots(mask []RootSet, pending []uint64, first, part, vertex []int32, sets []RootSet, word, last int32) (n int, nextWord, nextLast int32) {
	sets = sets[:len(vertex)]
	for ; word <= last>>6; word++ {
		for p := pending[word]; p != 0; p = pending[word] { // a part may lie in the same word
			v := word<<6 | int32(bits.TrailingZeros64(p))
			pending[word] = p & (p - 1)
			m := mask[v]
			mask[v] = RootSet{}
			vertex[n], sets[n] = v, m
			n++
			for _, u := range part[first[v]:first[v+1]] {
				x := &mask[u]
				x[0] |= m[0]
				x[1] |= m[1]
				x[2] |= m[2]
				x[3] |= m[3]
				pending[u>>6] |= 1 << (u & 63)
				last = max(last, u)
			}
			if n == len(vertex) {
				return n, word, last
			}
		}
	}
	return n, word, last
}
