package composition

import (
	"context"

	"planwerk/engine/shard"
)

// slabLevels is how many levels of a flood make a slab.
const slabLevels = 3

// unrolled orders the numbers of a mesh along the graph. A flood has many fronts, which lie mixed in its levels: a ring has
// two, a tree of families as many as branches. So the levels are cut into slabs, a slab falls into the pieces that its own
// edges hold together, and the piece from which a later one was met is above it: depth first through that forest, each
// front comes out as one stretch.
func (m *mesh) unrolled(ctx context.Context, threads int) ([]int32, error) {
	slabs := shard.Pieces(len(m.level), slabLevels)
	piece := make([]int32, m.parts.n) // the smallest number in the piece
	err := shard.Run(ctx, threads, slabs, func(slab int) error {
		lo, hi := m.level[slab*slabLevels], int32(m.parts.n)
		if next := (slab + 1) * slabLevels; next < len(m.level) {
			hi = m.level[next]
		}
		m.join(piece, lo, hi)
		return nil
	})
	if err != nil {
		return nil, err
	}
	above := make([]int32, m.parts.n)
	for t := range above {
		above[t] = none
		if piece[t] == int32(t) {
			if u := m.smallest(int32(t)); u < int32(t) {
				above[t] = piece[u]
			}
		}
	}
	all := make([]int32, m.parts.n)
	for t := range all {
		all[t] = int32(t)
	}
	return depthFirst(all, piece, above), nil
}

// join finds the pieces into which the numbers lo … hi−1 fall, by the edges between them that do not lead to hubs.
func (m *mesh) join(piece []int32, lo, hi int32) {
	for t := lo; t < hi; t++ {
		piece[t] = t
	}
	find := func(t int32) int32 {
		for piece[t] != t {
			piece[t] = piece[piece[t]]
			t = piece[t]
		}
		return t
	}
	for t := lo; t < hi; t++ {
		parts := m.parts.parts(t)
		if len(parts) > hubEdges {
			continue
		}
		for _, u := range parts {
			if u < lo || u >= hi || m.wholes.first[u+1]-m.wholes.first[u] > hubEdges {
				continue
			}
			if a, b := find(t), find(u); a < b {
				piece[b] = a
			} else {
				piece[a] = b
			}
		}
	}
	for t := lo; t < hi; t++ {
		piece[t] = piece[piece[t]] // never larger than t, so already the smallest of its piece
	}
}

// smallest is the smallest number of a part or whole of t, or t.
func (m *mesh) smallest(t int32) int32 {
	least := t
	for _, u := range m.parts.parts(t) {
		least = min(least, u)
	}
	for _, u := range m.wholes.parts(t) {
		least = min(least, u)
	}
	return least
}

// depthFirst orders elements by group, groups depth first through the forest in which above[g] is above group g, none
// above a root. Within a group elements stay in their order. A group is named by an element.
func depthFirst(elements, group, above []int32) []int32 {
	n := len(above)
	first := make([]int32, n+1) // by group: how many elements, then where they begin
	for _, t := range elements {
		first[group[t]]++
	}
	child, next := make([]int32, n), make([]int32, n)
	for t := range child {
		child[t] = none
	}
	var roots []int32
	for t := int32(n) - 1; t >= 0; t-- {
		switch w := above[t]; {
		case w != none:
			next[t], child[w] = child[w], t
		case first[t] > 0:
			roots = append(roots, t)
		}
	}
	at := int32(0)
	for stack := roots; len(stack) > 0; {
		t := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		first[t], at = at, at+first[t]
		for u := child[t]; u != none; u = next[u] {
			stack = append(stack, u)
		}
	}
	out := make([]int32, len(elements))
	for _, t := range elements {
		g := group[t]
		out[first[g]] = t
		first[g]++
	}
	return out
}
