package revision

import (
	"context"
	"fmt"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// grain is the number of rows in a piece of work.
const grain = 1 << 16

// partial holds one thread's sums. Int64 inputs, fewer than 2³¹ of them, fit 128 bits; θ is checked.
type partial struct {
	a, c []kernels.Int128 // per subsystem row
}

// sum fills A, C and W.
func (r *Result) sum(ctx context.Context, l *ledger.Ledger, in *Input, row []int32, threads int) error {
	workloads := shard.Ranges(l.Workloads.N, shard.Pieces(l.Workloads.N, grain))
	if in.Device != nil {
		workloads = nil
		if err := r.workloadsOn(ctx, in.Device, l, row); err != nil {
			return err
		}
	}
	allocations := shard.Ranges(l.MoPAllocations.N, shard.Pieces(l.MoPAllocations.N, grain))
	fresh := func() *partial {
		return &partial{make([]kernels.Int128, len(r.Subsystem)), make([]kernels.Int128, len(r.Subsystem))}
	}
	parts, err := shard.Fold(ctx, threads, len(workloads)+len(allocations), fresh, func(p *partial, piece int) error {
		if piece < len(workloads) {
			p.workloads(l, row, workloads[piece])
			return nil
		}
		return p.allocations(l, in, row, allocations[piece-len(workloads)])
	})
	if err != nil {
		return err
	}
	for _, p := range parts {
		for i := range r.Subsystem {
			r.A[i] = r.A[i].Add(p.a[i])
			var ok bool
			if r.C[i], ok = r.C[i].AddChecked(p.c[i]); !ok {
				return fmt.Errorf("revisions: subsystem %s: column c: the sum does not fit 128 bits", collectiveID(l, r.Subsystem[i]))
			}
		}
	}
	return r.sumWriteOffs(l, row)
}

// workloadsOn is workloads, all of them, on another machine.
func (r *Result) workloadsOn(ctx context.Context, m device.Machine, l *ledger.Ledger, row []int32) error {
	w := &l.Workloads
	sum := func(of []kernels.Int128, common bool) error {
		sums, err := device.SumRows(ctx, m, w.N, len(of), func(from, to int, group []int32, minutes []int64) {
			copy(minutes, w.Minutes[from:to])
			for i := from; i < to; i++ {
				group[i-from] = -1
				if l.InPeriod(w.Time[i]) && (!common || w.Common[i] != 0) {
					group[i-from] = row[w.Collective[i]]
				}
			}
		})
		copy(of, sums)
		return err
	}
	if err := sum(r.A, false); err != nil {
		return err
	}
	return sum(r.C, true)
}

func (p *partial) workloads(l *ledger.Ledger, row []int32, span [2]int) {
	w := &l.Workloads
	for i := span[0]; i < span[1]; i++ {
		if !l.InPeriod(w.Time[i]) {
			continue
		}
		s, minutes := row[w.Collective[i]], kernels.I128(w.Minutes[i])
		p.a[s] = p.a[s].Add(minutes)
		if w.Common[i] != 0 {
			p.c[s] = p.c[s].Add(minutes)
		}
	}
}

func (p *partial) allocations(l *ledger.Ledger, in *Input, row []int32, span [2]int) error {
	x := &l.MoPAllocations
	for i := span[0]; i < span[1]; i++ {
		if x.Common[i] == 0 || x.Repurposed[i] == 0 || l.MoPs.Common[x.MoP[i]] != 0 {
			continue
		}
		s := row[l.Productions.Collective[x.Production[i]]]
		sum, ok := p.c[s].AddChecked(in.ThetaPeriod[i])
		if !ok {
			return fmt.Errorf("revisions: subsystem %s: column c: the sum does not fit 128 bits", collectiveID(l, in.Subsystem[l.Productions.Collective[x.Production[i]]]))
		}
		p.c[s] = sum
	}
	return nil
}

// sumWriteOffs adds the write-offs of the period of exclusive resources and MoPs.
func (r *Result) sumWriteOffs(l *ledger.Ledger, row []int32) error {
	x := &l.WriteOffs
	for i := range x.N {
		if !l.InPeriod(x.Time[i]) || x.Resource[i] >= 0 && l.Resources.Common[x.Resource[i]] != 0 || x.MoP[i] >= 0 && l.MoPs.Common[x.MoP[i]] != 0 {
			continue
		}
		s := row[x.Collective[i]]
		sum, ok := r.W[s].AddChecked(r.WriteOffValue[i])
		if !ok {
			return fmt.Errorf("revisions: subsystem %s: column w: the sum does not fit 128 bits", collectiveID(l, r.Subsystem[s]))
		}
		r.W[s] = sum
	}
	return nil
}
