package composition

import (
	"slices"

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

// sample is what some stretches of neighbours in an order reach, and some single elements in them.
type sample struct{ together, single int }

// scattered says whether much of what neighbours reach is not common.
func (s sample) scattered() bool {
	return s.together > sampled*kernels.RowLanes*scatteredForOne && s.together*alone > scatteredTimes*s.single
}

// reach takes a sample of an order of elements that have parts; of a short one the empty sample.
func (g *graph) reach(order []int32) (s sample) {
	const stretch = kernels.RowLanes
	if len(order) < sampled*stretch {
		return s
	}
	r := newReacher(g)
	for i := range sampled {
		at := order[(len(order)-stretch)/(sampled-1)*i:][:stretch]
		for j := range alone {
			s.single += r.count(at[j*stretch/alone:][:1])
		}
		s.together += r.count(at)
	}
	return s
}

// reacher counts what a few elements reach.
type reacher struct {
	*graph
	seen  []uint64 // bit per element
	queue []int32
}

func newReacher(g *graph) *reacher { return &reacher{graph: g, seen: make([]uint64, g.n/64+1)} }

// count leaves what it counts in queue.
func (r *reacher) count(from []int32) int {
	for _, t := range r.queue {
		r.seen[t>>6] = 0
	}
	r.queue = r.queue[:0]
	r.meet(from)
	for i := 0; i < len(r.queue); i++ {
		r.meet(r.parts(r.queue[i]))
	}
	return len(r.queue)
}

func (r *reacher) meet(elements []int32) {
	for _, t := range elements {
		if bit := uint64(1) << (t & 63); r.seen[t>>6]&bit == 0 {
			r.seen[t>>6] |= bit
			r.queue = append(r.queue, t)
		}
	}
}

// families orders elements, given wholes first, so that those which reach much the same lie together.
//
// Every element gets a random number. The label of an element is, of all it reaches and itself, the element with the
// smallest number (a minimum hash: two elements have the same label with the probability that a random one of all they
// reach is reached by both). An element's label has a smaller number than those of its parts, so labels make a forest in
// which the label of most wholes of what a label stands for is above it. Depth first through that forest, families
// within families come out as neighbours, in time linear in the edges.
func (g *graph) families(elements []int32) []int32 {
	f := &forest{label: make([]int32, g.n), above: make([]int32, g.n), votes: make([]int32, g.n)}
	for i := range f.above {
		f.above[i] = none
	}
	for _, t := range slices.Backward(elements) {
		label, number := t, scatter(t)
		for _, u := range g.parts(t) {
			if x := scatter(f.label[u]); x < number {
				label, number = f.label[u], x
			}
		}
		f.label[t] = label
	}
	for _, t := range slices.Backward(elements) {
		for _, u := range g.parts(t) {
			if f.label[u] != f.label[t] {
				f.vote(f.label[u], f.label[t])
			}
		}
	}
	return depthFirst(elements, f.label, f.above)
}

// scatter gives distinct elements distinct numbers that look random.
func scatter(t int32) uint32 {
	x := uint32(t)
	x = (x ^ x>>16) * 0x7feb352d
	x = (x ^ x>>15) * 0x846ca68b
	return x ^ x>>16
}

type forest struct {
	label []int32 // per element
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
