package composition

import (
	"context"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
)

// graph is a directed graph in compressed rows: the parts of t are part[first[t]:first[t+1]].
type graph struct {
	n     int
	first []int32
	part  []int32
}

func (g *graph) parts(t int32) []int32 { return g.part[g.first[t]:g.first[t+1]] }

// elementGraph has an edge from every element to each of its direct parts.
func elementGraph(l *ledger.Ledger) *graph {
	e := &l.ElementParts
	g := &graph{n: l.Elements.N, first: make([]int32, l.Elements.N+1), part: e.Part[:e.N]}
	sorted := true
	for i := range e.N {
		g.first[e.Element[i]+1]++
		sorted = sorted && (i == 0 || e.Element[i-1] <= e.Element[i])
	}
	for t := range g.n {
		g.first[t+1] += g.first[t]
	}
	if sorted {
		return g
	}
	g.part = make([]int32, e.N)
	next := make([]int32, g.n)
	copy(next, g.first)
	for i := range e.N {
		g.part[next[e.Element[i]]] = e.Part[i]
		next[e.Element[i]]++
	}
	return g
}

// arranged is a graph in an order that sums over it are quick in.
type arranged struct {
	order  []int32 // elements that reach no cycle, wholes before their parts, by height, and within a height by family
	graph  *graph  // of these elements, numbered by their places in the order
	cyclic []bool  // per element: on a cycle, or reaching one; nil when there is none
}

// arrange orders the elements by height, the highest first, and within a height so that neighbours reach much the same:
// sweeps of many roots at once live on that. Where the numbers of the elements do not say what is near, a flood does; and
// where neighbours in its order reach too little in common, families do, if they do better.
func (g *graph) arrange(ctx context.Context, threads int) (*arranged, error) {
	if order := g.asNumbered(); order != nil {
		numbered, err := g.numbered(ctx, order, threads)
		return &arranged{order: order, graph: numbered}, err
	}
	m, err := g.flood(ctx, threads)
	if err != nil {
		return nil, err
	}
	var ended, height, along []int32
	var top int32
	err = shard.Run(ctx, threads, 2, func(piece int) (err error) {
		if piece == 0 {
			ended, height, top = m.settle()
			return nil
		}
		along, err = m.unrolled(ctx, 1)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &arranged{}
	if len(ended) < g.n {
		out.cyclic = make([]bool, g.n)
		for t, h := range height {
			out.cyclic[m.name[t]] = h == none
		}
		along = slices.DeleteFunc(along, func(t int32) bool { return height[t] == none })
	}
	order := sortByHeight(along, height, top)
	if a := m.parts.reach(wholes(order, height)); a.scattered() {
		slices.Reverse(ended)
		families := sortByHeight(m.parts.families(ended), height, top)
		if b := m.parts.reach(wholes(families, height)); b.together < a.together {
			order = families
		}
	}
	if out.graph, err = m.parts.numbered(ctx, order, threads); err != nil {
		return nil, err
	}
	for i, t := range order {
		order[i] = m.name[t]
	}
	out.order = order
	return out, nil
}

// numbered is the graph of the elements of an order, numbered by their places in it. With an element the order has its parts.
func (g *graph) numbered(ctx context.Context, order []int32, threads int) (*graph, error) {
	place := inverse(order, g.n)
	out := &graph{n: len(order), first: make([]int32, len(order)+1)}
	for i, t := range order {
		out.first[i+1] = out.first[i] + g.first[t+1] - g.first[t]
	}
	out.part = make([]int32, out.first[out.n])
	ranges := shard.Ranges(out.n, shard.Pieces(out.n, 1<<15))
	err := shard.Run(ctx, threads, len(ranges), func(piece int) error {
		to := out.part[out.first[ranges[piece][0]]:]
		for _, t := range order[ranges[piece][0]:ranges[piece][1]] {
			for i, u := range g.parts(t) {
				to[i] = place[u]
			}
			to = to[len(g.parts(t)):]
		}
		return nil
	})
	return out, err
}

// settle gives the elements that reach no cycle, parts first, their heights (the longest way down to an element without
// parts; none for those that reach a cycle), and the largest. The last element to settle is the first to tell its wholes,
// so that it all happens nearby.
func (m *mesh) settle() (ended, height []int32, top int32) {
	n := int32(m.parts.n)
	state := make([]struct{ height, left int32 }, n) // left: parts that have not settled
	for t := range state {
		state[t].left = m.parts.first[t+1] - m.parts.first[t]
	}
	ended = make([]int32, 0, n)
	var stack []int32
	for leaf := range n {
		if m.parts.first[leaf] < m.parts.first[leaf+1] {
			continue
		}
		for stack = append(stack, leaf); len(stack) > 0; {
			t := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			ended = append(ended, t)
			h := state[t].height + 1
			top = max(top, h-1)
			for _, whole := range m.wholes.parts(t) {
				s := &state[whole]
				s.height = max(s.height, h)
				if s.left--; s.left == 0 {
					stack = append(stack, whole)
				}
			}
		}
	}
	height = make([]int32, n)
	for t, s := range state {
		height[t] = s.height
		if s.left > 0 {
			height[t] = none
		}
	}
	return ended, height, top
}

// asNumbered orders elements by height and then as they are numbered: where all parts have larger numbers than their wholes,
// or all have smaller ones, so that there are no cycles, and where families lie together. Otherwise it gives nil.
func (g *graph) asNumbered() []int32 {
	larger, smaller := true, true
	for t := range int32(g.n) {
		for _, u := range g.parts(t) {
			larger, smaller = larger && u > t, smaller && u < t
		}
		if !larger && !smaller {
			return nil
		}
	}
	order := make([]int32, g.n)
	for i := range order {
		order[i] = int32(i)
	}
	if larger {
		slices.Reverse(order)
	}
	height, top := g.heights(order)
	if larger {
		slices.Reverse(order)
	}
	order = sortByHeight(order, height, top)
	if g.reach(wholes(order, height)).scattered() {
		return nil
	}
	return order
}

// heights gives the longest way down from each element to one without parts, and the longest of all. Parts are given first.
func (g *graph) heights(ended []int32) (height []int32, top int32) {
	height = make([]int32, g.n)
	for _, t := range ended {
		h := int32(0)
		for _, u := range g.parts(t) {
			h = max(h, height[u]+1)
		}
		height[t], top = h, max(top, h)
	}
	return height, top
}

// wholes are the elements with parts of an order by height.
func wholes(order, height []int32) []int32 {
	n := len(order)
	for n > 0 && height[order[n-1]] == 0 {
		n--
	}
	return order[:n]
}

// sortByHeight sorts elements, the highest first, and leaves them in their order within a height.
func sortByHeight(elements, height []int32, top int32) []int32 {
	next := make([]int32, top+2) // next[top−h]: where the next element of height h goes
	for _, t := range elements {
		next[top-height[t]+1]++
	}
	for h := range top + 1 {
		next[h+1] += next[h]
	}
	order := make([]int32, len(elements))
	for _, t := range elements {
		h := top - height[t]
		order[next[h]] = t
		next[h]++
	}
	return order
}
