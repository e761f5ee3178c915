package lp

import (
	"math"
	"slices"
)

// violations lists rows whose followed level leaves its bounds, and by how much the point misses its bounds, its balances
// and the signs of its reduced costs.
func (r *reduced) violations() (ghosts []int32, missX, missY float64) {
	s, n := r.s, int32(len(r.z))
	for i, st := range r.state {
		miss, k := 0.0, r.place[i]
		switch {
		case st == rowGhost:
			missX = max(missX, math.Abs(r.w[i]-r.az[i]))
		case st == rowSlack:
			miss = max(s.rowLo[i]-r.az[i], r.az[i]-s.rowHi[i])
		default:
			missX = max(missX, math.Abs(r.w[i]-r.az[i]))
			miss = max(s.lo[r.cols[k]]-r.z[r.cols[k]], r.z[r.cols[k]]-s.hi[r.cols[k]])
		}
		if missX = max(missX, miss); miss > r.tolX {
			ghosts = append(ghosts, int32(i))
		}
	}
	for _, k := range r.small.basic {
		if k >= 0 {
			lo, at, hi := r.bounds(r.small.vars[k])
			missX = max(missX, lo-at, at-hi)
		}
	}
	for v := range n + int32(len(r.y)) {
		if !r.follows(v) {
			lo, at, hi := r.bounds(v)
			missY = max(missY, wrongSign(r.cost(v), at, lo, hi))
		}
	}
	return ghosts, missX, missY
}

// wrongSign is the part of a reduced cost that would make moving from the value at worthwhile.
func wrongSign(rc, at, lo, hi float64) float64 {
	switch {
	case lo == hi:
		return 0
	case rc < 0 && at < hi:
		return -rc
	case rc > 0 && at > lo:
		return rc
	}
	return 0
}

// addGhosts makes rows ghosts. With basic set, what the row followed so far, its technique's level or its own activity,
// becomes basic.
func (r *reduced) addGhosts(ghosts []int32, basic bool) {
	n := int32(len(r.z))
	for _, i := range ghosts {
		r.state[i] = rowGhost
	}
	found := make([][]effect, len(ghosts))
	pieces := cutEven(len(ghosts), reducedAtOnce)
	withScratch(r.s, len(pieces), r.workspace, func(w *reducedPush, p int) {
		for k := pieces[p][0]; k < pieces[p][1]; k++ {
			found[k] = w.run(ghosts[k])
		}
	})
	for e, i := range ghosts {
		var row []effect
		for k, v := range r.small.vars {
			row = append(row, effect{int32(k), r.combined(found[e], v)})
		}
		r.small.addRow(found[e], row)
		if !basic {
			continue
		}
		enter := n + i
		if k := r.place[i]; k >= 0 {
			enter = r.cols[k]
		}
		r.small.border(r.join(enter))
	}
}

// combined is the entry of a variable in the combination of rows given by effects.
func (r *reduced) combined(list []effect, v int32) float64 {
	if i := v - int32(len(r.z)); i >= 0 {
		if k, found := slices.BinarySearchFunc(list, i, func(e effect, i int32) int { return int(e.row - i) }); found {
			return -list[k].v
		}
		return 0
	}
	rows, vals := r.s.at.Row(int(v))
	sum, k := 0.0, 0
	for e, i := range rows {
		for k < len(list) && list[k].row < i {
			k++
		}
		if k == len(list) {
			break
		}
		if list[k].row == i {
			sum += float64(vals[e] * list[k].v)
		}
	}
	return sum
}

// join takes a variable in and gives its place in the basis's list.
func (r *reduced) join(v int32) int32 {
	if i := v - int32(len(r.z)); i >= 0 {
		return r.small.addVar(v, []int32{i}, []float64{-1})
	}
	rows, vals := r.s.at.Row(int(v))
	return r.small.addVar(v, rows, vals)
}

// reducedPush finds the effect of a ghost's price on the prices that follow it: scratch memory of one thread.
type reducedPush struct {
	*reduced
	waiting, done  []float64
	queued         []bool
	queue, touched []int32
}

func (r *reduced) workspace() *reducedPush {
	n := len(r.state)
	return &reducedPush{reduced: r, waiting: make([]float64, n), done: make([]float64, n), queued: make([]bool, n)}
}

// run pushes a unit of row g's price through the techniques that rows follow until what is left is small.
func (w *reducedPush) run(g int32) []effect {
	w.queue, w.touched = append(w.queue[:0], g), append(w.touched[:0], g)
	w.waiting[g], w.queued[g] = 1, true
	for at := 0; at < len(w.queue) && at < pushStepLimit; at++ {
		i := w.queue[at]
		w.queued[i] = false
		v := w.waiting[i]
		w.waiting[i] = 0
		w.done[i] += v
		cols, vals := w.sub.a.Row(int(i))
		for e, k := range cols {
			p := w.of[k]
			if p == i || w.state[p] != rowFollow {
				continue
			}
			if w.waiting[p] == 0 && w.done[p] == 0 {
				w.touched = append(w.touched, p)
			}
			w.waiting[p] -= float64(vals[e] * v / w.diag[k])
			if !w.queued[p] && math.Abs(w.waiting[p]) >= w.drop {
				w.queued[p] = true
				w.queue = append(w.queue, p)
			}
		}
	}
	return w.collect()
}

// collect gives the effects by rising row, and clears the scratch memory.
func (w *reducedPush) collect() []effect {
	kept := w.touched[:0]
	for _, i := range w.touched {
		if w.done[i] != 0 {
			kept = append(kept, i)
		}
		w.waiting[i], w.queued[i] = 0, false
	}
	slices.Sort(kept)
	out := make([]effect, 0, len(kept))
	for _, i := range slices.Compact(kept) {
		out = append(out, effect{i, w.done[i]})
		w.done[i] = 0
	}
	return out
}
