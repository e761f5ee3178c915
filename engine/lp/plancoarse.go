package lp

import (
	"math"
	"slices"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// coarseSpace is the part of the price space in which conjugate gradients are slow: the effects of the prices that no
// marginal technique pins down ("ghosts": free rows without an interior technique of their own, and binding side rows)
// on all other prices. With Z their effects and C = Zᵀ(τ A_J A_Jᵀ + I/σ)Z, the preconditioner adds Z C⁻¹ Zᵀ. Any Z is
// valid; only the speed depends on it.
type coarseSpace struct {
	size   int
	z, zt  *sparse.CSR // rows × ghosts, and its transpose
	chol   *factor
	effect []float64 // Zᵀ r
	s      *scaled
}

const (
	pushLimit     = 3e-3 // effects on a price below this are dropped
	pushSideShare = 0.02 // of it for effects that begin at a side row
	coarseDrop    = 1e-4 // entries of A_Jᵀ Z below this do not count
	coarseLargest = 4000 // ghosts; the dense matrix of this size takes 128 MB
	pushStepLimit = 200_000
)

// newCoarseSpace builds the space for the current J and free rows; nil when there is no ghost.
func newCoarseSpace(q *proximal, l *newtonSystem) *coarseSpace {
	marginal, ghosts := marginals(q)
	if len(ghosts) == 0 || len(ghosts) > coarseLargest {
		return nil
	}
	push := newPusher(q, marginal)
	effects := make([][]effect, len(ghosts))
	pieces := cutEven(len(ghosts), 16)
	q.s.each(pieces, func(_, lo, hi int) {
		w := push.workspace()
		for g := lo; g < hi; g++ {
			effects[g] = w.run(ghosts[g])
		}
	})
	c := &coarseSpace{size: len(ghosts), s: q.s, effect: make([]float64, len(ghosts))}
	c.zt = &sparse.CSR{Rows: len(ghosts), Cols: len(q.y), Ptr: []int64{0}}
	for _, list := range effects {
		for _, e := range list {
			c.zt.Col, c.zt.Val = append(c.zt.Col, e.row), append(c.zt.Val, e.v)
		}
		c.zt.Ptr = append(c.zt.Ptr, int64(len(c.zt.Col)))
	}
	c.z = c.zt.Transpose()
	c.factorise(q, l)
	return c
}

// marginals gives every row's marginal technique (the interior one of its own farthest from its bounds, −1: none) and
// the ghosts.
func marginals(q *proximal) (marginal, ghosts []int32) {
	st, s := q.m.st, q.s
	marginal = make([]int32, len(q.y))
	far := make([]float64, len(q.y))
	for i := range marginal {
		marginal[i] = -1
	}
	for _, j := range q.inside {
		i := st.own[j]
		if i < 0 || !q.free[i] {
			continue
		}
		if room := min(q.z[j]-s.lo[j], s.hi[j]-q.z[j]); room > far[i] {
			far[i], marginal[i] = room, j
		}
	}
	for i := range marginal {
		if q.free[i] && marginal[i] < 0 {
			ghosts = append(ghosts, int32(i))
		}
	}
	return marginal, ghosts
}

type effect struct {
	row int32
	v   float64
}

// pusher finds the effect of one price on all others: when price i rises, the price of every product p whose marginal
// technique uses i rises by |a_ip|/a_pp of it, and so on; it falls where i is a side row with an upper bound, whose price
// is negative. By-products are left out, so that the effects shrink.
type pusher struct {
	rows int
	uses *sparse.CSR // row i: the products p whose marginal technique uses i, and |a_ip|/a_pp
	side []bool      // rows that are no product's
}

func newPusher(q *proximal, marginal []int32) *pusher {
	st, s := q.m.st, q.s
	u := &pusher{rows: len(q.y), side: make([]bool, len(q.y)), uses: &sparse.CSR{Rows: len(q.y), Cols: len(q.y)}}
	count := make([]int64, len(q.y)+1)
	visit := func(f func(i, p int32, share float64)) {
		for p, j := range marginal {
			if j < 0 {
				continue
			}
			rows, vals := s.at.Row(int(j))
			own := vals[slices.Index(rows, int32(p))]
			for k, i := range rows {
				if share := -vals[k] / own; int(i) != p && q.free[i] && share*st.orient[i]*st.orient[p] > 0 {
					f(i, int32(p), share)
				}
			}
		}
	}
	visit(func(i, _ int32, _ float64) { count[i+1]++ })
	for i := range q.y {
		count[i+1] += count[i]
		u.side[i] = st.makers[i] == 0
	}
	u.uses.Ptr = slices.Clone(count)
	u.uses.Col, u.uses.Val = make([]int32, count[len(q.y)]), make([]float64, count[len(q.y)])
	visit(func(i, p int32, share float64) {
		u.uses.Col[count[i]], u.uses.Val[count[i]] = p, share
		count[i]++
	})
	return u
}

type pushWork struct {
	*pusher
	waiting, done []float64
	queued        []bool
	queue         []int32
	touched       []int32
}

func (u *pusher) workspace() *pushWork {
	return &pushWork{pusher: u, waiting: make([]float64, u.rows), done: make([]float64, u.rows), queued: make([]bool, u.rows)}
}

// run pushes a unit of row g's price through the marginal techniques until what is left is below the limit.
func (w *pushWork) run(g int32) []effect {
	limit := pushLimit
	if w.side[g] {
		limit *= pushSideShare
	}
	w.queue, w.touched = append(w.queue[:0], g), append(w.touched[:0], g)
	w.waiting[g], w.queued[g] = 1, true
	for at := 0; at < len(w.queue) && at < pushStepLimit; at++ {
		i := w.queue[at]
		w.queued[i] = false
		r := w.waiting[i]
		w.waiting[i] = 0
		w.done[i] += r
		products, shares := w.uses.Row(int(i))
		for k, p := range products {
			if w.waiting[p] == 0 && w.done[p] == 0 {
				w.touched = append(w.touched, p)
			}
			w.waiting[p] += shares[k] * r
			if !w.queued[p] && math.Abs(w.waiting[p]) >= limit {
				w.queued[p] = true
				w.queue = append(w.queue, p)
			}
		}
	}
	slices.Sort(w.touched)
	w.touched = slices.Compact(w.touched)
	var out []effect
	for _, i := range w.touched {
		if w.done[i] != 0 {
			out = append(out, effect{i, w.done[i]})
		}
		w.waiting[i], w.done[i], w.queued[i] = 0, 0, false
	}
	return out
}

// factorise forms C column of J by column of J, and factors it.
func (c *coarseSpace) factorise(q *proximal, l *newtonSystem) {
	g := c.size
	dense := make([]float64, g*g)
	sums, mark := make([]float64, g), make([]bool, g)
	var list []int32
	addOuter := func(weight, drop float64) {
		kept := list[:0]
		for _, k := range list {
			mark[k] = false
			if math.Abs(sums[k]) > drop {
				kept = append(kept, k)
			} else {
				sums[k] = 0
			}
		}
		slices.Sort(kept)
		for a, k := range kept {
			row, v := dense[int(k)*g:], weight*sums[k]
			for _, b := range kept[:a+1] {
				row[b] += v * sums[b]
			}
		}
		for _, k := range kept {
			sums[k] = 0
		}
	}
	gather := func(i int32, v float64) {
		ks, zs := c.z.Row(int(i))
		for e, k := range ks {
			if !mark[k] {
				mark[k] = true
				list = append(list, k)
			}
			sums[k] += v * zs[e]
		}
	}
	for k := range l.at.Rows {
		list = list[:0]
		rows, vals := l.at.Row(k)
		for e, i := range rows {
			gather(i, vals[e])
		}
		addOuter(q.tau, coarseDrop)
	}
	for i := range c.z.Rows {
		list = list[:0]
		gather(int32(i), 1)
		addOuter(1/q.sigma, 10*coarseDrop)
	}
	c.chol = denseFactor(dense, g, q.s.threads)
}

// denseFactor is the factor of a dense symmetric positive definite matrix, given by the lower triangle of its rows.
func denseFactor(dense []float64, n, threads int) *factor {
	sym := &symbolic{n: n, first: []int32{0, int32(n)}, parent: []int32{-1}, rows: [][]int32{nil}, offset: []int64{0, int64(n) * int64(n)},
		nnz: int64(n) * int64(n), front: n}
	sign := make([]int8, n)
	for i := range n {
		sym.perm, sign[i] = append(sym.perm, int32(i)), 1
	}
	sym.inv = sym.perm
	f := newFactor(sym, sign, threads)
	f.factorise(func(col int32, add func(int32, float64)) {
		for i := int(col); i < n; i++ {
			add(int32(i), dense[i*n+int(col)])
		}
	})
	f.dense, f.panel = nil, nil
	return f
}

// add adds Z C⁻¹ Zᵀ r to h.
func (c *coarseSpace) add(h, r []float64) {
	for k := range c.effect {
		rows, vals := c.zt.Row(k)
		c.effect[k] = kernels.SparseDot(rows, vals, r)
	}
	c.chol.solve(c.effect)
	for i := range h {
		ks, zs := c.z.Row(i)
		if len(ks) > 0 {
			h[i] += kernels.SparseDot(ks, zs, c.effect)
		}
	}
}
