package leontief

import (
	"math"

	"planwerk/engine/sparse"
)

// Groups gives the strongly connected group of every product, in the graph with an edge from i to j where M[i][j] ≠ 0,
// and the number of groups (Tarjan 1972, without recursion). Groups are numbered so that edges lead to lower numbers or
// stay inside. In a large matrix the group of the most used product is found first, by reaching it from both sides: as a rule
// it is most of the economy, and a set of bits stays in the cache where a search in depth waits for memory at every entry.
func Groups(m *sparse.CSR) (group []int32, count int32) {
	n := m.Rows
	group = make([]int32, n)
	t := &tarjan{m: m, group: group, low: make([]int32, n), order: make([]int32, n)}
	for v := range group {
		group[v] = -1
	}
	if m.NNZ() >= largeFrom {
		t.core()
	}
	for v := range int32(n) {
		if t.order[v] == 0 {
			t.visit(v)
		}
	}
	return group, t.count
}

// core settles what the longest row's product leads to: its group, and before it, with lower numbers, the rest.
func (t *tarjan) core() {
	m, pivot := t.m, int32(0)
	for i := range int32(m.Rows) {
		if m.Ptr[i+1]-m.Ptr[i] > m.Ptr[pivot+1]-m.Ptr[pivot] {
			pivot = i
		}
	}
	from := reachedFrom(m, pivot)
	both := reaching(m, pivot, from)
	if both == nil {
		return
	}
	for v := range int32(m.Rows) {
		if both.has(v) {
			t.order[v], t.group[v] = math.MaxInt32, math.MaxInt32
		}
	}
	for v := range int32(m.Rows) {
		if from.has(v) && t.order[v] == 0 {
			t.visit(v) // leads to nothing of the group, or it would be of it
		}
	}
	for v, own := range t.group {
		if own == math.MaxInt32 {
			t.group[v] = t.count
		}
	}
	t.count++
}

// set is a set of vertices.
type set []uint64

func newSet(n int) set         { return make(set, (n+63)/64) }
func (s set) has(v int32) bool { return s[v>>6]>>(v&63)&1 != 0 }
func (s set) add(v int32)      { s[v>>6] |= 1 << (v & 63) }

// coreSweeps is how often the matrix is gone over in the order of its rows, which memory likes best.
const coreSweeps = 12

// reachedFrom is what paths from a vertex lead to, with the vertex.
func reachedFrom(m *sparse.CSR, v int32) set {
	reached, done := newSet(m.Rows), newSet(m.Rows)
	reached.add(v)
	queue, count := []int32(nil), 1
	follow := func(v int32) {
		done.add(v)
		for k := m.Ptr[v]; k < m.Ptr[v+1]; k++ {
			if w := m.Col[k]; !reached.has(w) && m.Val[k] != 0 {
				reached.add(w)
				queue = append(queue, w)
				count++
			}
		}
	}
	follow(v)
	for sweep := 0; sweep < coreSweeps && len(queue) > 0 && count < m.Rows; sweep++ {
		queue = queue[:0]
		for v := range int32(m.Rows) {
			if reached.has(v) && !done.has(v) {
				if follow(v); count == m.Rows {
					break
				}
			}
		}
	}
	for len(queue) > 0 && count < m.Rows { // long paths
		v := queue[len(queue)-1]
		if queue = queue[:len(queue)-1]; !done.has(v) {
			follow(v)
		}
	}
	return reached
}

// reaching is what leads to a vertex, within a set that holds every such path; nil when that takes too many sweeps to find, as
// in an economy that is a long chain.
func reaching(m *sparse.CSR, v int32, within set) set {
	s := newSet(m.Rows)
	s.add(v)
	leads := func(i int32) bool {
		for k := m.Ptr[i]; k < m.Ptr[i+1]; k++ {
			if s.has(m.Col[k]) && m.Val[k] != 0 {
				return true
			}
		}
		return false
	}
	for sweep := range coreSweeps {
		grown := false
		for k := range int32(m.Rows) {
			if sweep%2 == 1 { // up, then down: a path in order of the numbers takes one sweep
				k = int32(m.Rows) - 1 - k
			}
			if within.has(k) && !s.has(k) && leads(k) {
				s.add(k)
				grown = true
			}
		}
		if !grown {
			return s
		}
	}
	return nil
}

type tarjan struct {
	m       *sparse.CSR
	group   []int32
	order   []int32 // of discovery, from 1; 0 before it
	low     []int32 // the lowest order reached
	open    []int32 // vertices whose group is not settled
	path    []frame
	visited int32
	count   int32
}

// frame is a vertex on the path of the search and the entry it goes on with.
type frame struct {
	v  int32
	at int64
}

func (t *tarjan) enter(v int32) {
	t.visited++
	t.order[v], t.low[v] = t.visited, t.visited
	t.open = append(t.open, v)
	t.path = append(t.path, frame{v, t.m.Ptr[v]})
}

func (t *tarjan) visit(root int32) {
	t.enter(root)
	for len(t.path) > 0 {
		f := &t.path[len(t.path)-1]
		if v := f.v; f.at < t.m.Ptr[v+1] {
			w, val := t.m.Col[f.at], t.m.Val[f.at]
			f.at++
			switch {
			case val == 0:
			case t.order[w] == 0:
				t.enter(w)
			case t.group[w] < 0:
				t.low[v] = min(t.low[v], t.order[w])
			}
			continue
		}
		t.leave()
	}
}

// leave ends a vertex; the first one of its group settles the group.
func (t *tarjan) leave() {
	v := t.path[len(t.path)-1].v
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		up := t.path[len(t.path)-1].v
		t.low[up] = min(t.low[up], t.low[v])
	}
	if t.low[v] != t.order[v] {
		return
	}
	for {
		w := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.group[w] = t.count
		if w == v {
			break
		}
	}
	t.count++
}
