package composition

import (
	"context"
	"slices"
	"sync/atomic"

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

// walked is what one depth-first walk finds.
type walked struct {
	order  []int32 // elements that reach no cycle, wholes before their parts; see byHeight
	cyclic []bool  // per element: on a cycle, or reaching one; nil when there is none
}

const (
	white uint8 = iota // not seen
	grey               // on the stack
	black              // done, reaches no cycle
	bad                // reaches a cycle, on the stack or done
)

// walk goes through the graph depth first, from elements that are part of nothing, then from what is left, unless the
// numbers alone are an order already.
//
// An edge into a grey element closes a cycle. An element is bad when a part is grey or bad. Elements that end black
// have only parts that ended black before them, so they reach no cycle; the reverse of the order in which they end is
// topological.
func (g *graph) walk(ctx context.Context, threads int) (*walked, error) {
	if order := g.asNumbered(); order != nil {
		return &walked{order: order}, nil
	}
	whole := make([]bool, g.n)
	for i := range whole {
		whole[i] = true
	}
	for _, u := range g.part {
		whole[u] = false
	}
	w := newWalker(g)
	for pass := range 2 {
		for t := range g.n {
			if t&(1<<16-1) == 0 && ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if w.color[t] == white && (pass == 1 || whole[t]) {
				if err := w.from(ctx, int32(t)); err != nil {
					return nil, err
				}
			}
		}
	}
	order, err := g.byHeight(ctx, w.ended, threads)
	if err != nil {
		return nil, err
	}
	out := &walked{order: order}
	if len(w.ended) < g.n {
		out.cyclic = make([]bool, g.n)
		for t, c := range w.color {
			out.cyclic[t] = c == bad
		}
	}
	return out, nil
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
	if g.scattered(wholes(order, height)) {
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

// byHeight orders elements, given parts first, by height, the highest first, and within a height by family: in the order of
// the walk reversed, or, where that scatters them, as families finds them, on another thread and in vain where it does
// not. What is reached from neighbours in that order is of like size and overlaps: sweeps of many roots at once live on
// that.
func (g *graph) byHeight(ctx context.Context, ended []int32, threads int) (order []int32, err error) {
	height, top := g.heights(ended)
	var together []int32
	var clustered atomic.Bool
	err = shard.Run(ctx, threads, 2, func(piece int) error {
		if piece == 1 {
			together = g.families(ended, &clustered)
			return nil
		}
		order = slices.Clone(ended)
		slices.Reverse(order)
		order = sortByHeight(order, height, top)
		clustered.Store(!g.scattered(wholes(order, height)))
		return nil
	})
	if err == nil && !clustered.Load() {
		order = sortByHeight(together, height, top)
	}
	return order, err
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

type walker struct {
	g     *graph
	color []uint8
	left  []span // per element: its parts not yet looked at
	stack []int32
	ended []int32
	steps int
}

// span is a piece of graph.part.
type span struct{ from, end int32 }

func newWalker(g *graph) *walker {
	w := &walker{g: g, color: make([]uint8, g.n), left: make([]span, g.n), ended: make([]int32, 0, g.n)}
	for t := range w.left {
		w.left[t] = span{g.first[t], g.first[t+1]}
	}
	return w
}

// from walks over everything reachable from t that is still white.
func (w *walker) from(ctx context.Context, t int32) error {
	w.color[t] = grey
	w.stack = append(w.stack[:0], t)
	for len(w.stack) > 0 {
		if w.steps++; w.steps&(1<<20-1) == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		top := len(w.stack) - 1
		t := w.stack[top]
		if left := &w.left[t]; left.from < left.end {
			u := w.g.part[left.from]
			left.from++
			switch w.color[u] {
			case white:
				w.color[u] = grey
				w.stack = append(w.stack, u)
			case grey, bad: // a bad part may be on the stack still or done; t reaches a cycle either way
				w.color[t] = bad
			}
			continue
		}
		w.stack = w.stack[:top]
		switch {
		case w.color[t] == grey:
			w.color[t] = black
			w.ended = append(w.ended, t)
		case top > 0:
			w.color[w.stack[top-1]] = bad
		}
	}
	return nil
}
