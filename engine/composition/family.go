package composition

import (
	"sync/atomic"

	"planwerk/kernels"
)

// Elements are scattered when as many neighbours as one sweep has roots reach, together, more than so many times what one
// of them reaches on average, and more than so many vertices for each of them.
const (
	scatteredTimes  = 6
	scatteredForOne = 16
	sampled         = 8 // stretches of neighbours looked at …
	alone           = 4 // … and single elements in each
)

// scattered says whether neighbours in an order of elements that have parts reach, in a sample, much that is not common.
func (g *graph) scattered(order []int32) bool {
	const stretch = kernels.RowLanes
	if len(order) < sampled*stretch {
		return false
	}
	r := &reacher{graph: g, seen: make([]int32, g.n)}
	at := func(i int) []int32 { return order[(len(order)-stretch)/(sampled-1)*i:][:stretch] }
	single := 0
	for i := range sampled {
		for j := range alone {
			single += r.count(at(i)[j*stretch/alone:][:1])
		}
	}
	for i, together := 0, 0; i < sampled; i++ {
		together += r.count(at(i))
		if together > sampled*stretch*scatteredForOne && together*alone > scatteredTimes*single {
			return true
		}
	}
	return false
}

// reacher counts what a few elements reach.
type reacher struct {
	*graph
	seen  []int32 // per element: the last count that met it
	now   int32
	queue []int32
}

func (r *reacher) count(from []int32) int {
	r.now++
	r.queue = r.queue[:0]
	r.meet(from)
	for i := 0; i < len(r.queue); i++ {
		r.meet(r.parts(r.queue[i]))
	}
	return len(r.queue)
}

func (r *reacher) meet(elements []int32) {
	for _, t := range elements {
		if r.seen[t] != r.now {
			r.seen[t] = r.now
			r.queue = append(r.queue, t)
		}
	}
}

// families orders elements, given parts first, so that those which reach much the same lie together.
//
// Every element gets a random number. The label of an element is, of all it reaches and itself, the element with the
// smallest number (a minimum hash: two elements have the same label with the probability that a random one of all they
// reach is reached by both). An element's label has a smaller number than those of its parts, so labels make a forest in
// which the label of most wholes of what a label stands for is above it. Depth first through that forest, families within
// families come out as neighbours, in time linear in the edges. It gives up, with nil, once nobody wants it.
func (g *graph) families(ended []int32, unwanted *atomic.Bool) []int32 {
	f := &forest{graph: g, label: make([]int32, g.n), above: make([]int32, g.n), votes: make([]int32, g.n)}
	for i := range f.above {
		f.label[i], f.above[i] = none, none
	}
	for i, t := range ended {
		if i&(1<<14-1) == 0 && unwanted.Load() {
			return nil
		}
		label, number := t, scatter(t)
		for _, u := range g.parts(t) {
			if x := scatter(f.label[u]); x < number {
				label, number = f.label[u], x
			}
		}
		f.label[t] = label
	}
	for i, t := range ended {
		if i&(1<<14-1) == 0 && unwanted.Load() {
			return nil
		}
		for _, u := range g.parts(t) {
			if f.label[u] != f.label[t] {
				f.vote(f.label[u], f.label[t])
			}
		}
	}
	return f.order(ended)
}

// scatter gives distinct elements distinct numbers that look random.
func scatter(t int32) uint32 {
	x := uint32(t)
	x = (x ^ x>>16) * 0x7feb352d
	x = (x ^ x>>15) * 0x846ca68b
	return x ^ x>>16
}

type forest struct {
	*graph
	label []int32 // per element, none where it was not given
	above []int32 // per label: the candidate for the label above it …
	votes []int32 // … and how many more votes it has than all others since it came up
}

// vote counts as in the majority vote of Boyer and Moore.
func (f *forest) vote(below, above int32) {
	switch {
	case f.votes[below] == 0:
		f.above[below], f.votes[below] = above, 1
	case f.above[below] == above:
		f.votes[below]++
	default:
		f.votes[below]--
	}
}

// order gives the elements by label, and these depth first, wholes first within a label.
func (f *forest) order(ended []int32) []int32 {
	child, next := make([]int32, f.n), make([]int32, f.n)
	for t := range child {
		child[t] = none
	}
	first := make([]int32, f.n+1) // first by label, how many elements have it; then where they begin
	var roots []int32
	for t := int32(f.n) - 1; t >= 0; t-- {
		if f.label[t] == none {
			continue
		}
		first[f.label[t]]++
		if w := f.above[t]; w != none {
			next[t], child[w] = child[w], t
		} else {
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
	out := make([]int32, len(ended))
	for i := len(ended) - 1; i >= 0; i-- {
		l := f.label[ended[i]]
		out[first[l]] = ended[i]
		first[l]++
	}
	return out
}
