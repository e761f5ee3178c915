package lp

import (
	"cmp"
	"slices"
)

// luOrder is an order of columns for luFactor: columns with one row left, then those that own a row alone, each with
// its pivot row; what is left after them by a fill-reducing order.
type luOrder struct {
	cols []int32 // places in the list given
	want []int32 // pivot rows, −1: free choice
}

// luCliqueLimit bounds the entries of the graph of columns that share a row.
const luCliqueLimit = 4e7

// orderColumns orders columns of m rows; column(k) gives the rows of the k-th.
func orderColumns(m, count int, column func(k int) []int32) luOrder {
	p := newPeeler(m, count, column)
	p.columns()
	p.rows()
	p.nucleus()
	return p.order
}

// peeler takes rows and columns out that need no elimination.
type peeler struct {
	column   func(k int) []int32
	order    luOrder
	inRow    [][]int32 // columns of a row
	rowLeft  []int32   // columns of a row that are left
	colLeft  []int32
	rowGone  []bool
	colGone  []bool
	colCount int
}

func newPeeler(m, count int, column func(k int) []int32) *peeler {
	p := &peeler{column: column, inRow: make([][]int32, m), rowLeft: make([]int32, m), colLeft: make([]int32, count),
		rowGone: make([]bool, m), colGone: make([]bool, count), colCount: count}
	for k := range count {
		for _, i := range column(k) {
			p.rowLeft[i]++
			p.colLeft[k]++
		}
	}
	for i, n := range p.rowLeft {
		p.inRow[i] = make([]int32, 0, n)
	}
	for k := range count {
		for _, i := range column(k) {
			p.inRow[i] = append(p.inRow[i], int32(k))
		}
	}
	return p
}

func (p *peeler) take(k, row int32) {
	p.order.cols, p.order.want = append(p.order.cols, k), append(p.order.want, row)
	p.colGone[k] = true
	for _, i := range p.column(int(k)) {
		p.rowLeft[i]--
	}
	if row >= 0 {
		p.rowGone[row] = true
	}
}

// columns takes columns with one row left, again and again.
func (p *peeler) columns() {
	var queue []int32
	for k, n := range p.colLeft {
		if n == 1 {
			queue = append(queue, int32(k))
		}
	}
	for len(queue) > 0 {
		k := queue[0]
		queue = queue[1:]
		if p.colGone[k] || p.colLeft[k] != 1 {
			continue
		}
		row := int32(-1)
		for _, i := range p.column(int(k)) {
			if !p.rowGone[i] {
				row = i
			}
		}
		p.take(k, row)
		for _, other := range p.inRow[row] {
			if p.colLeft[other]--; p.colLeft[other] == 1 && !p.colGone[other] {
				queue = append(queue, other)
			}
		}
	}
}

// rows takes columns that are alone in a row, again and again.
func (p *peeler) rows() {
	var queue []int32
	for i, n := range p.rowLeft {
		if n == 1 && !p.rowGone[i] {
			queue = append(queue, int32(i))
		}
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if p.rowGone[i] || p.rowLeft[i] != 1 {
			continue
		}
		for _, k := range p.inRow[i] {
			if !p.colGone[k] {
				p.take(k, i)
				for _, r := range p.column(int(k)) {
					if p.rowLeft[r] == 1 && !p.rowGone[r] {
						queue = append(queue, r)
					}
				}
				break
			}
		}
	}
}

// nucleus orders the rest by minimum degree on the graph of columns that share a row.
func (p *peeler) nucleus() {
	var left []int32
	place := make([]int32, p.colCount)
	for k := range p.colCount {
		if !p.colGone[k] {
			place[k] = int32(len(left))
			left = append(left, int32(k))
		}
	}
	entries := 0.0
	for i, n := range p.rowLeft {
		if !p.rowGone[i] {
			entries += float64(n) * float64(n)
		}
	}
	if entries > luCliqueLimit {
		slices.SortStableFunc(left, func(a, b int32) int { return cmp.Compare(p.colLeft[a], p.colLeft[b]) })
		for _, k := range left {
			p.order.cols, p.order.want = append(p.order.cols, k), append(p.order.want, -1)
		}
		return
	}
	adj := make([][]int32, len(left))
	seen := make([]int32, len(left))
	for c, k := range left {
		seen[c] = int32(c) + 1
		for _, i := range p.column(int(k)) {
			if p.rowGone[i] {
				continue
			}
			for _, other := range p.inRow[i] {
				if o := place[other]; !p.colGone[other] && seen[o] != int32(c)+1 {
					seen[o] = int32(c) + 1
					adj[c] = append(adj[c], o)
				}
			}
		}
	}
	for _, c := range minimumDegree(graph{adj}) {
		p.order.cols, p.order.want = append(p.order.cols, left[c]), append(p.order.want, -1)
	}
}
