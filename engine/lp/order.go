package lp

import "math"

// graph is an undirected graph without loops: node i is next to the nodes adj[i].
type graph struct {
	adj [][]int32
}

// minimumDegree gives an order of elimination with little fill: the approximate minimum degree method on a quotient
// graph, with element absorption, mass elimination and indistinguishable nodes merged [AMD]. Nodes with very many
// neighbours come last. The order depends on the graph only. The graph's lists are used up.
func minimumDegree(g graph) []int32 {
	n := len(g.adj)
	a := &amd{n: n, vars: g.adj, elems: make([][]int32, n), weight: make([]int32, n), degree: make([]int32, n),
		state: make([]byte, n), mark: make([]int64, n), stamp: 1, head: make([]int32, n+1), next: make([]int32, n),
		prev: make([]int32, n), merged: make([][]int32, n), hashHead: map[uint32][]int32{}}
	a.begin()
	for a.left > 0 {
		a.eliminate(a.leastDegree())
	}
	a.order = append(a.order, a.dense...)
	return a.order
}

// States of a node in the quotient graph.
const (
	variable byte = iota
	element       // eliminated; its list holds the variables of the clique it made
	gone          // merged into another node or absorbed
)

type amd struct {
	n, left  int
	vars     [][]int32 // of a variable: neighbours not covered by elements; of an element: its members
	elems    [][]int32 // of a variable: the elements it is a member of
	weight   []int32   // nodes that a variable stands for; negative while it is in the current clique
	degree   []int32   // approximate, in nodes; of an element: the weight of its members
	state    []byte
	mark     []int64 // of an element: stamp + weight of its members outside the current clique
	stamp    int64
	head     []int32 // lists of variables by degree
	next     []int32
	prev     []int32
	least    int32
	merged   [][]int32 // nodes that a variable stands for, besides itself
	hashHead map[uint32][]int32
	order    []int32
	dense    []int32
}

// begin puts dense nodes aside and the others in the degree lists.
func (a *amd) begin() {
	limit := int(max(16, 10*math.Sqrt(float64(a.n))))
	for d := range a.head {
		a.head[d] = -1
	}
	for i := range a.n {
		a.weight[i] = 1
		if len(a.vars[i]) > limit {
			a.state[i] = gone
			a.weight[i] = 0
			a.dense = append(a.dense, int32(i))
		}
	}
	for i := range a.n {
		if a.state[i] == gone {
			continue
		}
		kept := a.vars[i][:0]
		for _, j := range a.vars[i] {
			if a.state[j] != gone {
				kept = append(kept, j)
			}
		}
		a.vars[i] = kept
		a.degree[i] = int32(len(kept))
		a.insert(int32(i))
		a.left++
	}
}

func (a *amd) insert(i int32) {
	d := a.degree[i]
	a.next[i], a.prev[i] = a.head[d], -1
	if a.head[d] >= 0 {
		a.prev[a.head[d]] = i
	}
	a.head[d] = i
	a.least = min(a.least, d)
}

func (a *amd) remove(i int32) {
	if a.next[i] >= 0 {
		a.prev[a.next[i]] = a.prev[i]
	}
	if a.prev[i] >= 0 {
		a.next[a.prev[i]] = a.next[i]
	} else {
		a.head[a.degree[i]] = a.next[i]
	}
}

func (a *amd) leastDegree() int32 {
	for a.head[a.least] < 0 {
		a.least++
	}
	p := a.head[a.least]
	a.remove(p)
	return p
}

// eliminate makes variable p an element and brings its clique up to date.
func (a *amd) eliminate(p int32) {
	own := a.weight[p]
	clique, size := a.clique(p)
	a.measureElements(clique)
	kept := clique[:0]
	for _, i := range clique {
		if a.refresh(i, p) {
			kept = append(kept, i)
		} else { // mass elimination: nothing but p's clique is next to i
			w := -a.weight[i]
			own, size = own+w, size-w
			a.weight[i] = 0
		}
	}
	a.mergeAlike(kept)
	members := kept[:0]
	a.left -= int(own)
	for _, i := range kept {
		if a.state[i] != variable {
			continue
		}
		a.weight[i] = -a.weight[i]
		d := min(int64(a.degree[i])+int64(size-a.weight[i]), int64(a.left)-int64(a.weight[i]))
		a.degree[i] = int32(max(d, 0))
		a.insert(i)
		members = append(members, i)
	}
	a.weight[p] = 0
	a.state[p], a.vars[p], a.elems[p], a.degree[p] = element, members, nil, size
	if len(members) == 0 {
		a.state[p] = gone
	}
	a.emit(p)
}

// emit lists p and all it stands for.
func (a *amd) emit(p int32) {
	a.order = append(a.order, p)
	for _, j := range a.merged[p] {
		a.emit(j)
	}
	a.merged[p] = nil
}

// clique gathers the variables next to p, directly or by its elements, which it absorbs. Their weights turn negative.
func (a *amd) clique(p int32) (list []int32, size int32) {
	a.weight[p] = -a.weight[p]
	take := func(i int32) {
		if w := a.weight[i]; w > 0 && a.state[i] == variable {
			a.weight[i] = -w
			size += w
			a.remove(i)
			list = append(list, i)
		}
	}
	for _, i := range a.vars[p] {
		take(i)
	}
	for _, e := range a.elems[p] {
		if a.state[e] != element {
			continue
		}
		for _, i := range a.vars[e] {
			take(i)
		}
		a.state[e], a.vars[e] = gone, nil
	}
	return list, size
}

// measureElements finds for every element next to the clique the weight of its members outside it.
func (a *amd) measureElements(clique []int32) {
	a.stamp += int64(a.n) + 1
	for _, i := range clique {
		w := int64(-a.weight[i])
		for _, e := range a.elems[i] {
			if a.state[e] != element {
				continue
			}
			if a.mark[e] < a.stamp {
				a.mark[e] = a.stamp + int64(a.degree[e])
			}
			a.mark[e] -= w
		}
	}
}

// refresh cleans the lists of clique member i, adds element p to them and takes the new degree outside the clique. It
// reports false when i has no neighbour outside: it can be eliminated with p.
func (a *amd) refresh(i, p int32) bool {
	outside := int64(0)
	elems := a.elems[i][:0]
	for _, e := range a.elems[i] {
		if a.state[e] != element {
			continue
		}
		if rest := a.mark[e] - a.stamp; rest > 0 {
			outside += rest
			elems = append(elems, e)
		} else { // all its members are in the clique
			a.state[e], a.vars[e] = gone, nil
		}
	}
	vars := a.vars[i][:0]
	for _, j := range a.vars[i] {
		if w := a.weight[j]; w > 0 && a.state[j] == variable {
			outside += int64(w)
			vars = append(vars, j)
		}
	}
	if len(elems) == 0 && len(vars) == 0 {
		a.state[i], a.vars[i], a.elems[i] = gone, nil, nil
		a.merged[p] = append(a.merged[p], i)
		return false
	}
	a.elems[i], a.vars[i] = append(elems, p), vars
	a.degree[i] = int32(min(int64(a.degree[i]), outside))
	return true
}

// mergeAlike joins clique members with the same elements and neighbours.
func (a *amd) mergeAlike(clique []int32) {
	clear(a.hashHead)
	for _, i := range clique {
		h := uint32(0)
		for _, e := range a.elems[i] {
			h += uint32(e) * 2654435761
		}
		for _, j := range a.vars[i] {
			h += uint32(j) * 2654435761
		}
		found := false
		for _, j := range a.hashHead[h] {
			if a.alike(i, j) {
				a.weight[j] += a.weight[i] // both negative
				a.weight[i] = 0
				a.state[i], a.vars[i], a.elems[i] = gone, nil, nil
				a.merged[j] = append(a.merged[j], i)
				found = true
				break
			}
		}
		if !found {
			a.hashHead[h] = append(a.hashHead[h], i)
		}
	}
}

func (a *amd) alike(i, j int32) bool {
	if len(a.elems[i]) != len(a.elems[j]) || len(a.vars[i]) != len(a.vars[j]) {
		return false
	}
	// Marks of another kind than measureElements': above every stamp in use.
	a.stamp += int64(a.n) + 1
	for _, e := range a.elems[j] {
		a.mark[e] = a.stamp
	}
	for _, v := range a.vars[j] {
		a.mark[v] = a.stamp
	}
	same := true
	for _, e := range a.elems[i] {
		same = same && a.mark[e] == a.stamp
	}
	for _, v := range a.vars[i] {
		same = same && a.mark[v] == a.stamp
	}
	return same
}
