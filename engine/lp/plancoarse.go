package lp

import (
	"context"
	"math"
	"slices"

	"planwerk/engine/shard"
	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// coarseSpace is the part of the price space in which conjugate gradients are slow: the effects of the prices that no
// marginal technique pins down ("ghosts": free rows without an interior technique of their own, and binding side rows)
// on all other prices. With Z their effects and C = Zᵀ(τ A_J A_Jᵀ + I/σ)Z, the preconditioner adds Z C⁻¹ Zᵀ. Any Z is
// valid, and so is a C of an earlier step, scaled by τ; only the speed depends on them.
type coarseSpace struct {
	s      *scaled
	size   int
	tau    float64     // for which C was formed
	z, zt  *sparse.CSR // rows × ghosts, and its transpose
	cutZt  [][2]int
	chol   *factor
	effect []float64 // Zᵀ r
	lift   []float64 // Z times that
}

const (
	pushLimit     = 1e-3 // effects on a price below this are dropped
	pushSideLimit = 3e-4 // the same for effects that begin at a side row
	pushStepLimit = 200_000
	pushesAtOnce  = 16
)

// newCoarseSpace builds the space for the current J and free rows; nil when there is no ghost.
func newCoarseSpace(q *proximal) *coarseSpace {
	marginal, ghosts := marginals(q)
	if len(ghosts) == 0 {
		return nil
	}
	effects := q.effectsOf(marginal, ghosts)
	c := &coarseSpace{size: len(ghosts), s: q.s, tau: q.tau, effect: make([]float64, len(ghosts)), lift: make([]float64, len(q.y))}
	c.zt = &sparse.CSR{Rows: len(ghosts), Cols: len(q.y), Ptr: make([]int64, 1, len(ghosts)+1)}
	total := 0
	for _, list := range effects {
		total += len(list)
		c.zt.Ptr = append(c.zt.Ptr, int64(total))
	}
	c.zt.Col, c.zt.Val = make([]int32, 0, total), make([]float64, 0, total)
	for _, list := range effects {
		for _, e := range list {
			c.zt.Col, c.zt.Val = append(c.zt.Col, e.row), append(c.zt.Val, e.v)
		}
	}
	c.z = c.zt.Transpose()
	c.cutZt = c.zt.Cut()
	if c.chol = coarseFactor(q, c); c.chol == nil {
		return nil
	}
	return c
}

// effectsOf finds the ghosts' effects on all prices, as far as they are not known from this outer step.
func (q *proximal) effectsOf(marginal, ghosts []int32) [][]effect {
	if q.effects == nil {
		q.effects = map[int32][]effect{}
	}
	var missing []int32
	for _, g := range ghosts {
		if _, known := q.effects[g]; !known {
			missing = append(missing, g)
		}
	}
	found := make([][]effect, len(missing))
	if len(missing) > 0 {
		push := newLeontief(q, marginal)
		pieces := cutEven(len(missing), pushesAtOnce)
		withScratch(q.s, len(pieces), push.workspace, func(w *pushWork, p int) {
			for k := pieces[p][0]; k < pieces[p][1]; k++ {
				found[k] = w.run(missing[k])
			}
		})
	}
	for k, g := range missing {
		q.effects[g] = found[k]
	}
	effects := make([][]effect, len(ghosts))
	for k, g := range ghosts {
		effects[k] = q.effects[g]
	}
	return effects
}

// withScratch calls f for every piece, with scratch memory that no two threads share.
func withScratch[T any](s *scaled, pieces int, fresh func() T, f func(scratch T, piece int)) {
	// The context never ends and no piece fails, so there is no error to pass on.
	_, _ = shard.Fold(context.Background(), s.threads, pieces, fresh, func(w T, p int) error {
		f(w, p)
		return nil
	})
}

type effect struct {
	row int32
	v   float64
}

// pushWork finds the effect of one price on all others: when price i rises, the price of every product p whose marginal
// technique uses i rises by |a_ip|/a_pp of it, and so on; it falls where i is a side row with an upper bound, whose price
// is negative.
type pushWork struct {
	*leontief
	waiting, done []float64
	queued        []bool
	queue         []int32
	touched       []int32
}

func (u *leontief) workspace() *pushWork {
	n := len(u.side)
	return &pushWork{leontief: u, waiting: make([]float64, n), done: make([]float64, n), queued: make([]bool, n)}
}

// run pushes a unit of row g's price through the marginal techniques until what is left is below the limit.
func (w *pushWork) run(g int32) []effect {
	limit := pushLimit
	if w.side[g] {
		limit = pushSideLimit
	}
	w.queue, w.touched = append(w.queue[:0], g), append(w.touched[:0], g)
	w.waiting[g], w.queued[g] = 1, true
	for at := 0; at < len(w.queue) && at < pushStepLimit; at++ {
		i := w.queue[at]
		w.queued[i] = false
		r := w.waiting[i]
		w.waiting[i] = 0
		w.done[i] += r
		products, shares := w.a.Row(int(i))
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

// solve finds C⁻¹ Zᵀ r, for add.
func (c *coarseSpace) solve(r []float64, tau float64) {
	c.s.each(c.cutZt, func(_, lo, hi int) { c.zt.MulRows(c.effect, r, lo, hi) })
	c.chol.solve(c.effect)
	kernels.Axpy(c.tau/tau-1, c.effect, c.effect)
}

// add adds rows lo … hi−1 of Z C⁻¹ Zᵀ r to h, on the free rows.
func (c *coarseSpace) add(h []float64, free []bool, lo, hi int) {
	c.z.MulRows(c.lift, c.effect, lo, hi)
	for i := lo; i < hi; i++ {
		if free[i] {
			h[i] += c.lift[i]
		}
	}
}
