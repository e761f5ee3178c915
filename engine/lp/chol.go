package lp

import (
	"context"
	"math"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// factor is L D Lᵀ of a symmetric quasidefinite matrix (sign[i] > 0: pivot i is positive, < 0: negative), in the order
// and structure of sym. No pivoting: quasidefinite matrices need none (Vanderbei 1995).
type factor struct {
	sym     *symbolic
	threads int    // at most; no influence on the bits
	sign    []int8 // by old number
	val     []float64
	small   int // pivots that had the wrong sign or vanished, and were taken out

	local []int32   // row → place in the current front
	dense []float64 // the current front, by rows
	panel []float64 // D Lᵀ of the current panel
	stack []float64 // updates that wait for their parent
	work  []float64
}

const panelWidth = 48

// hugePivot takes a row out: its solution comes out as zero.
const hugePivot = 1e100

func newFactor(s *symbolic, sign []int8, threads int) *factor {
	return &factor{sym: s, threads: threads, sign: sign, val: make([]float64, s.nnz), local: make([]int32, s.n),
		dense: make([]float64, s.front*s.front), panel: make([]float64, panelWidth*s.front),
		stack: make([]float64, s.stack), work: make([]float64, s.n)}
}

// column gives the entries of a column (old numbers; the diagonal and any rows, of which those after it in the order are
// used) to add.
type columnSource func(col int32, add func(row int32, v float64))

// factorise computes the factor of the matrix whose columns the source gives.
func (f *factor) factorise(source columnSource) {
	s := f.sym
	f.small = 0
	top := int64(0)
	type update struct {
		node int32
		at   int64
	}
	var waiting []update
	for k := range s.rows {
		first, cols := s.first[k], int(s.first[k+1]-s.first[k])
		rows := s.rows[k]
		size := cols + len(rows)
		front := f.dense[:size*size]
		clear(front)
		for c := range cols {
			f.local[int(first)+c] = int32(c)
		}
		for r, row := range rows {
			f.local[row] = int32(cols + r)
		}
		for c := range cols {
			new := first + int32(c)
			source(s.perm[new], func(row int32, v float64) {
				if r := s.inv[row]; r >= new {
					front[int(f.local[r])*size+c] += v
				}
			})
		}
		for len(waiting) > 0 && s.parent[waiting[len(waiting)-1].node] == int32(k) {
			u := waiting[len(waiting)-1]
			waiting = waiting[:len(waiting)-1]
			f.extend(front, size, s.rows[u.node], f.stack[u.at:top])
			top = u.at
		}
		f.eliminate(front, size, cols, first)
		block := f.val[s.offset[k]:s.offset[k+1]]
		for r := range size {
			copy(block[r*cols:(r+1)*cols], front[r*size:r*size+min(cols, r+1)])
		}
		if below := len(rows); below > 0 {
			at := top
			for r := range below {
				copy(f.stack[top:top+int64(r)+1], front[(cols+r)*size+cols:])
				top += int64(below)
			}
			waiting = append(waiting, update{int32(k), at})
		}
	}
}

// extend adds a child's update to the front.
func (f *factor) extend(front []float64, size int, rows []int32, update []float64) {
	n := len(rows)
	for r, row := range rows {
		to := front[int(f.local[row])*size:]
		from := update[r*n : r*n+r+1]
		for c, v := range from {
			to[f.local[rows[c]]] += v
		}
	}
}

// eliminate factors the first cols columns of a front by panels, each followed by the update of what is right of it.
func (f *factor) eliminate(front []float64, size, cols int, first int32) {
	for k0 := 0; k0 < cols; k0 += panelWidth {
		k1 := min(k0+panelWidth, cols)
		for k := k0; k < k1; k++ {
			f.pivot(front, size, k0, k, f.sym.perm[int(first)+k])
		}
		f.strips(k1, size, (k1-k0)*(k1-k0)*(size-k1), func(r, end int) {
			for ; r < end; r++ {
				f.solveRow(front, size, k0, k1, r)
			}
		})
		f.strips(k1, size, (size-k1)*(size-k1)*(k1-k0), func(r, end int) {
			kernels.GemmSub(front[r*size+k1:], size, front[r*size+k0:], size, f.panel[k1:], size, end-r, end-k1, k1-k0)
		})
	}
}

// strips calls do for strips of rows from … to−1, in parallel when the work is worth it.
func (f *factor) strips(from, to, work int, do func(r, end int)) {
	const strip, parallelWork = 32, 1 << 21
	count := (to - from + strip - 1) / strip
	each := func(k int) { do(from+k*strip, min(from+(k+1)*strip, to)) }
	if f.threads <= 1 || work < parallelWork {
		for k := range count {
			each(k)
		}
		return
	}
	// The context never ends and no piece fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), f.threads, count, func(k int) error {
		each(count - 1 - k) // the longest first
		return nil
	})
}

// pivot finishes row k of the panel that begins at k0: its multipliers and its pivot.
func (f *factor) pivot(front []float64, size, k0, k int, old int32) {
	row := front[k*size : (k+1)*size]
	d := row[k]
	scale := math.Abs(d)
	for t := k0; t < k; t++ {
		l := front[t*size : (t+1)*size]
		v := row[t]
		for q := k0; q < t; q++ {
			v -= float64(f.panel[(q-k0)*size+k] * l[q])
		}
		f.panel[(t-k0)*size+k] = v
		row[t] = v / l[t]
		part := float64(v * row[t])
		d -= part
		scale = max(scale, math.Abs(part))
	}
	want := float64(f.sign[old])
	if !(d*want > 1e-15*scale) || d*want < 1e-300 {
		f.small++
		d = want * hugePivot
	}
	row[k] = d
}

// solveRow finds the multipliers of a row below the panel's triangle.
func (f *factor) solveRow(front []float64, size, k0, k1, r int) {
	row := front[r*size+k0 : r*size+k1]
	for t := range row {
		l := front[(k0+t)*size+k0 : (k0+t)*size+k0+t+1]
		v := row[t]
		for q, w := range l[:t] {
			v -= float64(f.panel[q*size+r] * w)
		}
		f.panel[t*size+r] = v
		row[t] = v / l[t]
	}
}

// solve replaces b by the solution; b has old numbers.
func (f *factor) solve(b []float64) {
	s := f.sym
	x := f.work
	for k, old := range s.perm {
		x[k] = b[old]
	}
	for k, rows := range s.rows {
		first, cols := int(s.first[k]), int(s.first[k+1]-s.first[k])
		block := f.val[s.offset[k]:s.offset[k+1]]
		own := x[first : first+cols]
		for c := range cols {
			own[c] -= kernels.Dot(block[c*cols:c*cols+c], own)
		}
		for r, row := range rows {
			x[row] -= kernels.Dot(block[(cols+r)*cols:(cols+r+1)*cols], own)
		}
	}
	for k := len(s.rows) - 1; k >= 0; k-- {
		first, cols := int(s.first[k]), int(s.first[k+1]-s.first[k])
		block := f.val[s.offset[k]:s.offset[k+1]]
		own := x[first : first+cols]
		for c := range own {
			own[c] /= block[c*cols+c]
		}
		for r, row := range s.rows[k] {
			kernels.Axpy(-x[row], block[(cols+r)*cols:(cols+r+1)*cols], own)
		}
		for c := cols - 1; c > 0; c-- {
			kernels.Axpy(-own[c], block[c*cols:c*cols+c], own)
		}
	}
	for k, old := range s.perm {
		b[old] = x[k]
	}
}
