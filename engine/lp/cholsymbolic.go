package lp

import "slices"

// symbolic is the structure of an LDLᵀ factor of a symmetric matrix in a fill-reducing order, cut into supernodes:
// runs of columns with (nearly) the same structure, factored as dense fronts (multifrontal method).
type symbolic struct {
	n      int
	perm   []int32 // new → old
	inv    []int32 // old → new
	first  []int32 // first column of every supernode, and n
	parent []int32 // supernode that takes a supernode's update, or −1
	rows   [][]int32
	offset []int64 // of every supernode's block in the factor
	nnz    int64   // of the factor, as stored
	flops  float64 // of one factorisation
	front  int     // rows of the largest front
	stack  int64   // most values of updates that wait
}

// analyse orders the graph and finds the factor's structure. below[i] lists nothing: the graph is given by neighbours,
// and is used up. It gives nil when the factor would hold more than limit values.
func analyse(neighbours [][]int32, limit int64) *symbolic {
	n := len(neighbours)
	lists := make([][]int32, n)
	for i := range lists {
		lists[i] = slices.Clone(neighbours[i])
	}
	order := minimumDegree(graph{lists})
	s := &symbolic{n: n, perm: order, inv: invert(order)}
	tree, _ := s.eliminationTree(neighbours, -1)
	s.applyPostorder(tree)
	tree, counts := s.eliminationTree(neighbours, limit)
	if counts == nil {
		return nil
	}
	s.supernodes(tree, counts)
	s.structure(neighbours, tree)
	return s
}

func invert(perm []int32) []int32 {
	inv := make([]int32, len(perm))
	for k, i := range perm {
		inv[i] = int32(k)
	}
	return inv
}

// eliminationTree gives every column's parent and, when limit is not negative, the number of entries of every column of
// the factor, nil when their sum passes the limit.
func (s *symbolic) eliminationTree(neighbours [][]int32, limit int64) (tree []int32, counts []int32) {
	tree = make([]int32, s.n)
	top := make([]int32, s.n) // path-compressed ancestors
	for k := range tree {
		tree[k], top[k] = -1, -1
		for _, j := range neighbours[s.perm[k]] {
			for i := s.inv[j]; i < int32(k) && i >= 0; {
				up := top[i]
				top[i] = int32(k)
				if up < 0 {
					tree[i] = int32(k)
				}
				i = up
				if up == int32(k) {
					break
				}
			}
		}
	}
	if limit < 0 {
		return tree, nil
	}
	counts = make([]int32, s.n)
	seen := make([]int32, s.n)
	total := int64(0)
	for k := range tree { // row k of the factor: the paths from its entries up to k
		seen[k] = int32(k) + 1
		counts[k]++
		for _, j := range neighbours[s.perm[k]] {
			for i := s.inv[j]; i < int32(k) && seen[i] != int32(k)+1; i = tree[i] {
				seen[i] = int32(k) + 1
				counts[i]++
				total++
			}
		}
		if total > limit {
			return tree, nil
		}
	}
	return tree, counts
}

// applyPostorder renumbers columns so that every subtree of the elimination tree is a run.
func (s *symbolic) applyPostorder(tree []int32) {
	head, next := make([]int32, s.n), make([]int32, s.n)
	for i := range head {
		head[i] = -1
	}
	var roots []int32
	for i := s.n - 1; i >= 0; i-- {
		if p := tree[i]; p >= 0 {
			next[i], head[p] = head[p], int32(i)
		} else {
			roots = append(roots, int32(i))
		}
	}
	slices.Reverse(roots)
	perm := make([]int32, 0, s.n)
	var path []int32
	for _, r := range roots {
		path = append(path, r)
		for len(path) > 0 {
			i := path[len(path)-1]
			if c := head[i]; c >= 0 {
				head[i] = next[c]
				path = append(path, c)
				continue
			}
			path = path[:len(path)-1]
			perm = append(perm, s.perm[i])
		}
	}
	s.perm, s.inv = perm, invert(perm)
}

// supernodes cuts the columns into runs and joins small ones with their parent while few zeros are stored.
func (s *symbolic) supernodes(tree, counts []int32) {
	type node struct {
		first, cols, below int32 // columns, and rows below them
		zeros              int64
	}
	var done []node
	for k := range int32(s.n) {
		cur := node{k, 1, counts[k] - 1, 0}
		// A supernode just finished joins cur when cur is its parent and follows it.
		for len(done) > 0 {
			c := done[len(done)-1]
			last := c.first + c.cols - 1
			if tree[last] != cur.first {
				break
			}
			joined := c.cols + cur.cols
			extra := int64(c.cols) * int64(cur.cols+cur.below-c.below)
			zeros := c.zeros + cur.zeros + extra
			total := int64(joined) * int64(joined+cur.below)
			if !(extra == 0 || (joined <= 4 && zeros*2 <= total) || (joined <= 24 && zeros*5 <= total) || zeros*25 <= total) {
				break
			}
			cur = node{c.first, joined, cur.below, zeros}
			done = done[:len(done)-1]
		}
		done = append(done, cur)
	}
	for _, d := range done {
		s.first = append(s.first, d.first)
	}
	s.first = append(s.first, int32(s.n))
}

// structure finds the rows below every supernode, its parent, and what a factorisation costs.
func (s *symbolic) structure(neighbours [][]int32, _ []int32) {
	count := len(s.first) - 1
	s.rows, s.parent, s.offset = make([][]int32, count), make([]int32, count), make([]int64, count+1)
	owner := make([]int32, s.n)
	for k := range count {
		for c := s.first[k]; c < s.first[k+1]; c++ {
			owner[c] = int32(k)
		}
	}
	children := make([][]int32, count)
	seen := make([]int32, s.n)
	waiting := int64(0)
	for k := range count {
		var rows []int32
		last := s.first[k+1] - 1
		take := func(r int32) {
			if r > last && seen[r] != int32(k)+1 {
				seen[r] = int32(k) + 1
				rows = append(rows, r)
			}
		}
		for c := s.first[k]; c <= last; c++ {
			for _, j := range neighbours[s.perm[c]] {
				take(s.inv[j])
			}
		}
		for _, child := range children[k] {
			for _, r := range s.rows[child] {
				take(r)
			}
			u := int64(len(s.rows[child]))
			waiting -= u * u
		}
		slices.Sort(rows)
		s.rows[k], s.parent[k] = rows, -1
		if len(rows) > 0 {
			s.parent[k] = owner[rows[0]]
			children[s.parent[k]] = append(children[s.parent[k]], int32(k))
		}
		cols, below := int64(last-s.first[k]+1), int64(len(rows))
		waiting += below * below
		s.stack = max(s.stack, waiting)
		s.front = max(s.front, int(cols+below))
		s.offset[k+1] = s.offset[k] + cols*(cols+below)
		for c := range cols {
			h := float64(cols + below - c)
			s.flops += h * h
		}
	}
	s.nnz = s.offset[count]
}
