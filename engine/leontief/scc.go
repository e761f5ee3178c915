package leontief

import "planwerk/engine/sparse"

// Groups gives the strongly connected group of every product, in the graph with an edge from i to j where M[i][j] ≠ 0,
// and the number of groups (Tarjan 1972, without recursion). Groups are numbered so that edges lead to lower numbers or
// stay inside.
func Groups(m *sparse.CSR) (group []int32, count int32) {
	n := m.Rows
	group = make([]int32, n)
	t := &tarjan{m: m, group: group, low: make([]int32, n), order: make([]int32, n)}
	for v := range group {
		group[v] = -1
	}
	for v := range int32(n) {
		if t.order[v] == 0 {
			t.visit(v)
		}
	}
	return group, t.count
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
