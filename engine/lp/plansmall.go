package lp

import (
	"math"
	"slices"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// smallBasis is a basis of a program whose rows are combinations of the rows of a large one. Rows and variables join as
// they are needed; its inverse is kept whole.
type smallBasis struct {
	vars   []int32         // of the large program
	index  map[int32]int32 // their places
	byRow  [][]effect      // per row of the large program: rows here and its weights in them
	flat   sparse.CSR      // the same, when it was last needed
	cut    [][2]int        // of its rows
	cols   [][]effect      // per variable: rows here, rising, and entries
	at     []int32         // per variable: its place in the basis, −1: not basic
	basic  []int32         // per place in the basis: the variable, −1: none, which stands for 0
	level  []float64       // per place: the change of its value
	inv    [][]float64
	column []float64 // of an entering variable in the present basis
}

const (
	smallPivot = 1e-3 // entries below this are no pivots
	smallCrash = 5e-2 // nor those below this in the first basis
	smallTie   = 1e-9 // ratios as near as this are equal
)

func newSmallBasis(largeRows int) *smallBasis {
	return &smallBasis{index: map[int32]int32{}, byRow: make([][]effect, largeRows)}
}

func (b *smallBasis) rows() int { return len(b.basic) }

func (b *smallBasis) isBasic(v int32) bool {
	k, known := b.index[v]
	return known && b.at[k] >= 0
}

// addVar takes a variable in, with its entries in the large program, and gives its place.
func (b *smallBasis) addVar(v int32, rows []int32, vals []float64) int32 {
	if k, known := b.index[v]; known {
		return k
	}
	sum := make([]float64, b.rows())
	for e, i := range rows {
		for _, z := range b.byRow[i] {
			sum[z.row] += float64(vals[e] * z.v)
		}
	}
	var col []effect
	for g, a := range sum {
		if a != 0 {
			col = append(col, effect{int32(g), a})
		}
	}
	k := int32(len(b.vars))
	b.index[v] = k
	b.vars, b.cols, b.at = append(b.vars, v), append(b.cols, col), append(b.at, -1)
	return k
}

// addRow adds the combination of rows that weights give; entries are the variables' own in it, by their places. What is
// basic in it stands for 0 so far.
func (b *smallBasis) addRow(weights, entries []effect) {
	g := int32(b.rows())
	for _, e := range weights {
		b.byRow[e.row] = append(b.byRow[e.row], effect{g, e.v})
	}
	for _, e := range entries {
		if e.v != 0 {
			b.cols[e.row] = append(b.cols[e.row], effect{g, e.v})
		}
	}
	row := make([]float64, g+1, g+g/4+16)
	row[g] = 1
	for r, k := range b.basic {
		b.inv[r] = append(b.inv[r], 0)
		if k < 0 {
			continue
		}
		if n := len(b.cols[k]); n > 0 && b.cols[k][n-1].row == g {
			kernels.Axpy(-b.cols[k][n-1].v, b.inv[r], row)
		}
	}
	b.inv, b.basic, b.level, b.column = append(b.inv, row), append(b.basic, -1), append(b.level, 0), append(b.column, 0)
}

// border makes variable k basic in the last row, where that is possible.
func (b *smallBasis) border(k int32) {
	if b.at[k] >= 0 {
		return
	}
	if b.enter(k); math.Abs(b.column[b.rows()-1]) > smallPivot {
		b.exchange(b.rows()-1, k)
	}
}

// crash makes variables basic one after the other, as far as they are independent.
func (b *smallBasis) crash(list []int32) {
	for _, k := range list {
		if !slices.Contains(b.basic, -1) {
			return
		}
		b.enter(k)
		best := -1
		for r, a := range b.column {
			if b.basic[r] < 0 && math.Abs(a) > smallCrash && (best < 0 || math.Abs(a) > math.Abs(b.column[best])) {
				best = r
			}
		}
		if best >= 0 {
			b.exchange(best, k)
		}
	}
}

// enter takes the column of a variable in the present basis.
func (b *smallBasis) enter(k int32) {
	rows, vals := make([]int32, len(b.cols[k])), make([]float64, len(b.cols[k]))
	for e, c := range b.cols[k] {
		rows[e], vals[e] = c.row, c.v
	}
	for r, row := range b.inv {
		b.column[r] = kernels.SparseDot(rows, vals, row)
	}
}

// exchange makes variable k, whose column was taken, basic in place r.
func (b *smallBasis) exchange(r int, k int32) {
	row := b.inv[r]
	scale := 1 / b.column[r]
	for g := range row {
		row[g] *= scale
	}
	for q, a := range b.column {
		if q != r && a != 0 {
			kernels.Axpy(-a, row, b.inv[q])
		}
	}
	if old := b.basic[r]; old >= 0 {
		b.at[old] = -1
	}
	b.basic[r], b.at[k] = k, int32(r)
}

// takeLevels takes the changes of the basic variables that make up for what every row of the large program lacks.
func (b *smallBasis) takeLevels(missing []float64) {
	rest := make([]float64, b.rows())
	for i, list := range b.byRow {
		if v := missing[i]; v != 0 {
			for _, e := range list {
				rest[e.row] += float64(e.v * v)
			}
		}
	}
	for r, row := range b.inv {
		b.level[r] = kernels.Dot(row, rest)
	}
}

// spread sets u to the combination of the large program's rows that weights of the rows here give.
func (b *smallBasis) spread(s *scaled, u, weights []float64) {
	if b.flat.Cols != b.rows() {
		b.flatten()
	}
	s.each(b.cut, func(_, lo, hi int) { b.flat.MulRows(u, weights, lo, hi) })
}

// flatten copies byRow to one matrix.
func (b *smallBasis) flatten() {
	f := &b.flat
	f.Rows, f.Cols = len(b.byRow), b.rows()
	f.Ptr = resize(f.Ptr, f.Rows+1)
	f.Ptr[0] = 0
	for i, list := range b.byRow {
		f.Ptr[i+1] = f.Ptr[i] + int64(len(list))
	}
	f.Col, f.Val = resize(f.Col, int(f.Ptr[f.Rows])), resize(f.Val, int(f.Ptr[f.Rows]))
	for i, list := range b.byRow {
		at := f.Ptr[i]
		for k, e := range list {
			f.Col[at+int64(k)], f.Val[at+int64(k)] = e.row, e.v
		}
	}
	b.cut = f.Cut()
}
