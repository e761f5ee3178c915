package leontief

import (
	"context"

	"planwerk/engine/shard"
	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// team runs the loops over rows of one matrix: pieces that depend on the matrix only, sums in the order of the pieces.
type team struct {
	ctx     context.Context
	threads int
	pieces  [][2]int
	parts   []sums
}

// sums is what a loop may add up.
type sums [4]float64

func newTeam(ctx context.Context, m *sparse.CSR, threads int) *team {
	t := &team{ctx: ctx, threads: threads, pieces: m.Cut()}
	t.parts = make([]sums, len(t.pieces))
	return t
}

// each calls f for every piece of rows lo … hi−1. The only error is that of a context that has ended.
func (t *team) each(f func(piece, lo, hi int)) error {
	return shard.Run(t.ctx, t.threads, len(t.pieces), func(p int) error {
		f(p, t.pieces[p][0], t.pieces[p][1])
		return nil
	})
}

// sum is each, adding up what f gives.
func (t *team) sum(f func(lo, hi int) sums) (sums, error) {
	err := t.each(func(p, lo, hi int) { t.parts[p] = f(lo, hi) })
	return t.total(), err
}

// total adds the parts in the order of the pieces.
func (t *team) total() (all sums) {
	for _, part := range t.parts {
		for k, v := range part {
			all[k] += v
		}
	}
	return all
}

// largest is sum, taking the largest of what f gives; NaN wins.
func (t *team) largest(f func(lo, hi int) sums) (sums, error) {
	err := t.each(func(p, lo, hi int) { t.parts[p] = f(lo, hi) })
	var all sums
	for i, part := range t.parts {
		for k, v := range part {
			if i == 0 || !(v <= all[k]) && all[k] == all[k] {
				all[k] = v
			}
		}
	}
	return all, err
}

// dot is x·y.
func (t *team) dot(x, y []float64) (float64, error) {
	s, err := t.sum(func(lo, hi int) sums { return sums{kernels.Dot(x[lo:hi], y[lo:hi])} })
	return s[0], err
}

// copy is the built-in copy for vectors of the matrix's length.
func (t *team) copy(dst, src []float64) error {
	return t.each(func(_, lo, hi int) { copy(dst[lo:hi], src[lo:hi]) })
}
