package lp

import (
	"math"
	"slices"

	"planwerk/engine/sparse"
)

const (
	coarseDrop      = 1e-4  // entries of A_Jᵀ Z below this do not count
	coarseDense     = 300   // ghosts up to which C is taken as dense
	coarseKeep      = 1e-4  // entries of C below this share of their diagonals are dropped
	coarseKeepGrow  = 3     // factor by which that grows until the factor is small enough
	coarseKeepMost  = 0.5   // where it stops growing
	coarseFillShare = 0.1   // entries of the factor, as a share of the program's, that are fine …
	coarseFillFree  = 4e6   // … and that are always fine
	coarseFlopsMost = 5e9   // arithmetic of one factorisation, at most
	columnsInPiece  = 2_000 // of A_Jᵀ Z
	ghostsInPiece   = 64
)

// coarseFactor forms C and factors it. Where the factor would be large, small entries of C are dropped, and what is
// dropped is added to the diagonal, so that C stays positive definite.
func coarseFactor(q *proximal, c *coarseSpace) *factor {
	b := c.residualEffects(q)
	m := c.form(q, b)
	limit := int64(max(coarseFillFree, coarseFillShare*float64(q.s.a.NNZ())))
	for keep := coarseKeep; keep < coarseKeepMost; keep *= coarseKeepGrow {
		kept := m
		if c.size > coarseDense {
			kept = m.dropped(keep)
		}
		sym := analyse(kept.neighbours(), limit)
		if sym == nil || sym.flops > coarseFlopsMost {
			continue
		}
		q.m.run.log.note("    coarse space of %d prices: %d effects, %d entries, %d kept, %d in the factor", c.size, c.zt.NNZ(), m.lower.NNZ(), kept.lower.NNZ(), sym.nnz)
		return kept.factor(sym, q.s.threads)
	}
	return nil
}

// scatter sums a sparse row.
type scatter struct {
	sum  []float64
	mark []bool
	list []int32
}

func (c *coarseSpace) scatter() *scatter {
	return &scatter{sum: make([]float64, c.size), mark: make([]bool, c.size)}
}

func (w *scatter) add(k int32, v float64) {
	if !w.mark[k] {
		w.mark[k] = true
		w.list = append(w.list, k)
	}
	w.sum[k] += v
}

// flush appends the sums above drop in size, by rising place, and begins anew.
func (w *scatter) flush(cols []int32, vals []float64, drop float64) ([]int32, []float64) {
	slices.Sort(w.list)
	for _, k := range w.list {
		if math.Abs(w.sum[k]) > drop {
			cols, vals = append(cols, k), append(vals, w.sum[k])
		}
		w.sum[k], w.mark[k] = 0, false
	}
	w.list = w.list[:0]
	return cols, vals
}

// rowsInPieces builds a matrix of n rows in pieces of a size, each row by row(w, i).
func (c *coarseSpace) rowsInPieces(n, size int, drop float64, row func(w *scatter, i int)) *sparse.CSR {
	pieces := cutEven(n, size)
	part := make([]sparse.CSR, len(pieces))
	withScratch(c.s, len(pieces), c.scatter, func(w *scatter, p int) {
		for i := pieces[p][0]; i < pieces[p][1]; i++ {
			row(w, i)
			part[p].Col, part[p].Val = w.flush(part[p].Col, part[p].Val, drop)
			part[p].Ptr = append(part[p].Ptr, int64(len(part[p].Col)))
		}
	})
	m := &sparse.CSR{Rows: n, Cols: c.size, Ptr: make([]int64, 1, n+1)}
	for _, q := range part {
		base := int64(len(m.Col))
		m.Col, m.Val = append(m.Col, q.Col...), append(m.Val, q.Val...)
		for _, end := range q.Ptr {
			m.Ptr = append(m.Ptr, base+end)
		}
	}
	return m
}

// residualEffects is A_Jᵀ Z: what the ghosts' effects leave of the reduced costs in J.
func (c *coarseSpace) residualEffects(q *proximal) *sparse.CSR {
	return c.rowsInPieces(q.s.at.Rows, columnsInPiece, coarseDrop, func(w *scatter, j int) {
		if q.inside[j] == 0 {
			return
		}
		rows, vals := q.s.at.Row(j)
		for e, i := range rows {
			if !q.free[i] {
				continue
			}
			ks, zs := c.z.Row(int(i))
			for f, k := range ks {
				w.add(k, vals[e]*zs[f])
			}
		}
	})
}

// coarseMatrix is C: its diagonal and its lower triangle, by rows.
type coarseMatrix struct {
	diag  []float64
	lower *sparse.CSR
}

// form makes C = τ BᵀB + diag(ZᵀZ)/σ of B = A_Jᵀ Z.
func (c *coarseSpace) form(q *proximal, b *sparse.CSR) *coarseMatrix {
	bt := b.Transpose()
	m := &coarseMatrix{diag: make([]float64, c.size)}
	m.lower = c.rowsInPieces(c.size, ghostsInPiece, 0, func(w *scatter, k int) {
		_, zs := c.zt.Row(k)
		for _, z := range zs {
			m.diag[k] += z * z / q.sigma
		}
		js, vs := bt.Row(k)
		for e, j := range js {
			v := q.tau * vs[e]
			ks, us := b.Row(int(j))
			for f, other := range ks {
				if int(other) >= k {
					if int(other) == k {
						m.diag[k] += v * us[f]
					}
					break
				}
				w.add(other, v*us[f])
			}
		}
	})
	return m
}

// dropped is the matrix without entries below a share of their diagonals.
func (m *coarseMatrix) dropped(share float64) *coarseMatrix {
	out := &coarseMatrix{slices.Clone(m.diag), &sparse.CSR{Rows: m.lower.Rows, Cols: m.lower.Cols, Ptr: []int64{0}}}
	for k := range m.lower.Rows {
		cols, vals := m.lower.Row(k)
		for e, other := range cols {
			if v := math.Abs(vals[e]); v < share*math.Sqrt(m.diag[k]*m.diag[other]) {
				out.diag[k] += v
				out.diag[other] += v
				continue
			}
			out.lower.Col, out.lower.Val = append(out.lower.Col, other), append(out.lower.Val, vals[e])
		}
		out.lower.Ptr = append(out.lower.Ptr, int64(len(out.lower.Col)))
	}
	return out
}

// neighbours is the graph of the matrix.
func (m *coarseMatrix) neighbours() [][]int32 {
	adj := make([][]int32, m.lower.Rows)
	for k := range adj {
		cols, _ := m.lower.Row(k)
		for _, other := range cols {
			adj[k], adj[other] = append(adj[k], other), append(adj[other], int32(k))
		}
	}
	return adj
}

func (m *coarseMatrix) factor(sym *symbolic, threads int) *factor {
	sign := make([]int8, sym.n)
	for k := range sign {
		sign[k] = 1
	}
	upper := m.lower.Transpose()
	f := newFactor(sym, sign, threads)
	f.factorise(func(col int32, add func(int32, float64)) {
		add(col, m.diag[col])
		for _, part := range []*sparse.CSR{m.lower, upper} {
			rows, vals := part.Row(int(col))
			for e, i := range rows {
				add(i, vals[e])
			}
		}
	})
	f.dense, f.panel, f.stack = nil, nil, nil
	return f
}
