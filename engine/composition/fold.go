package composition

// folded is a graph without its trees and chains, numbered in topological order: parts have larger numbers.
//
// A vertex with exactly one whole and at most one part melts into the whole: whatever reaches the one reaches the other.
// What is left of an element's parts then has
//
//   - none: v* is its own weight;
//   - one:  v* is its own weight and the v* of that part, for what melted is reached by no other way;
//   - more: it is a root, and its reachable set must be counted.
type folded struct {
	graph
	name   []int32 // number in the graph given → number here, −1 when melted
	weight []int64 // per number here: Σ v of what melted into it, its own with it
	count  []int64 // how many elements that is

	own      []int64 // the same two by number in the graph given, melted elements included
	ownCount []int64
	only     []int32 // by number in the graph given: the only part left, none or many
	roots    []int32 // numbers here of vertices with at least two parts
}

// Values of folded.only that are not an element.
const (
	none int32 = -1
	many int32 = -2
)

// folder walks over the elements, parts first, and keeps each list of parts free of melted ones and of repetitions.
type folder struct {
	graph
	own, count []int64
	wholes     []int32 // how many lists hold it
	left       []int32 // how many parts are left
	only       []int32
	melted     []bool
	stamp      []int32 // the whole whose list holds it at …
	slot       []int32 // … this place, while that list is made
}

// fold takes a graph whose parts have larger numbers, and the simple values; it overwrites part.
func fold(g *graph, value []int64) *folded {
	f := &folder{graph: *g, own: append([]int64(nil), value...), count: make([]int64, g.n), wholes: make([]int32, g.n),
		left: make([]int32, g.n), only: make([]int32, g.n), melted: make([]bool, g.n), stamp: make([]int32, g.n), slot: make([]int32, g.n)}
	for _, u := range g.part {
		f.wholes[u]++
	}
	for t := range f.count {
		f.count[t], f.stamp[t] = 1, none
	}
	for t := int32(g.n) - 1; t >= 0; t-- {
		f.shorten(t)
	}
	return f.compact()
}

// shorten makes the final list of parts of t.
func (f *folder) shorten(t int32) {
	list := f.parts(t)
	kept := list[:0]
	for _, u := range list {
		for u >= 0 {
			if f.stamp[u] == t { // there already: one of the two goes
				f.wholes[u]--
				if !f.melts(u) {
					break
				}
				kept[f.slot[u]] = none
			}
			if !f.melts(u) {
				f.stamp[u], f.slot[u] = t, int32(len(kept))
				kept = append(kept, u)
				break
			}
			f.melted[u], f.stamp[u] = true, none
			f.own[t] += f.own[u]
			f.count[t] += f.count[u]
			u = f.only[u]
		}
	}
	n := int32(0)
	f.only[t] = none
	for _, u := range kept {
		if u != none {
			list[n], f.only[t] = u, u
			n++
		}
	}
	if n > 1 {
		f.only[t] = many
	}
	f.left[t] = n
}

// melts says that u, once one list holds it, melts into the whole of that list.
func (f *folder) melts(u int32) bool { return f.wholes[u] == 1 && f.only[u] != many }

// compact numbers what has not melted.
func (f *folder) compact() *folded {
	out := &folded{name: make([]int32, f.n), own: f.own, ownCount: f.count, only: f.only}
	m := int32(0)
	for t := range f.melted {
		out.name[t] = none
		if !f.melted[t] {
			out.name[t] = m
			m++
		}
	}
	out.n = int(m)
	out.first = make([]int32, 1, m+1)
	out.weight, out.count = make([]int64, 0, m), make([]int64, 0, m)
	edges := int32(0)
	for t := range int32(f.n) {
		if f.melted[t] {
			continue
		}
		for _, u := range f.parts(t)[:f.left[t]] {
			f.part[edges] = out.name[u] // edges never overtakes the list it reads
			edges++
		}
		if f.left[t] > 1 {
			out.roots = append(out.roots, out.name[t])
		}
		out.first = append(out.first, edges)
		out.weight, out.count = append(out.weight, f.own[t]), append(out.count, f.count[t])
	}
	out.part = f.part[:edges:edges]
	return out
}
