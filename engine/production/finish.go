package production

import (
	"cmp"
	"context"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// closeProductions compares declared with computed values. Violations: output-value.
func (x *valuation) closeProductions(ctx context.Context, threads int) ([]ledger.Violation, error) {
	o := &x.l.Outputs
	n := x.l.Productions.N
	x.g.inputs.free(x.l.Space)
	spill.Free(x.l.Space, x.v.order)
	x.g, x.v = nil, nil
	x.Difference, x.Unassigned = wide(x.l, n), wide(x.l, n)
	pieces := shard.Ranges(n, shard.Pieces(n, grain))
	return shard.Concat(ctx, threads, len(pieces), func(piece int) ([]ledger.Violation, error) {
		v := list{table: ledger.TOutputs}
		for p := pieces[piece][0]; p < pieces[piece][1]; p++ {
			outputs := x.outputs.of(int32(p))
			complete := len(outputs) > 0
			for _, row := range outputs {
				complete = complete && o.Value[row] != ledger.NullInt
			}
			x.Difference[p] = kernels.NullInt128
			if complete {
				x.Difference[p] = x.Declared[p].Sub(x.Total[p])
			}
			if x.share[p] != shareValue && x.share[p] != shareAmount {
				x.Unassigned[p] = x.Total[p]
			}
			if x.share[p] == shareUnknown || complete && x.Difference[p].Sign() != 0 {
				for _, row := range outputs {
					v.add("output-value", int(row))
				}
			}
		}
		return v.found, nil
	})
}

// closeResources computes what is left of each resource's value, and the values that write-offs and commissionings drew.
func (x *valuation) closeResources(ctx context.Context, threads int) error {
	d, w, m := x.d, &x.l.WriteOffs, &x.l.MoPs
	x.outputs.free(x.l.Space)
	spill.Free(x.l.Space, x.share)
	x.WriteOffShare, x.MoPDrawn = wide(x.l, w.N), wide(x.l, m.N)
	err := eachPiece(ctx, threads, w.N, func(row int) {
		if draws(x.l, int32(row)) {
			x.WriteOffShare[row] = x.drawn(rankWriteOff, int32(row), w.Resource[row], w.Amount[row])
		}
	})
	if err != nil {
		return err
	}
	err = eachPiece(ctx, threads, m.N, func(row int) {
		if m.Resource[row] >= 0 {
			x.MoPDrawn[row] = x.drawn(rankMoP, int32(row), m.Resource[row], m.Amount[row])
		}
	})
	if err != nil {
		return err
	}
	d.free()
	x.RemainingValue = wide(x.l, x.l.Resources.N)
	return eachPiece(ctx, threads, x.l.Resources.N, func(r int) {
		x.RemainingValue[r] = x.Value[r]
		if v := x.Value[r]; !v.IsNull() && d.Remaining[r] != d.Moved[r] {
			x.RemainingValue[r] = v.Sub(upTo(v, d.Moved[r]-d.Remaining[r], d.Moved[r]))
		}
	})
}

// drawn is the value a draw took, 0 from an unvalued resource.
func (x *valuation) drawn(rank int, row, resource int32, asked int64) kernels.Int128 {
	v := x.Value[resource]
	if v.IsNull() {
		return kernels.Int128{}
	}
	before, amount := x.d.taken(rank, row, resource, asked)
	return part(v, before, amount, x.d.Moved[resource])
}

// eachPiece calls f for 0 … n in pieces.
func eachPiece(ctx context.Context, threads, n int, f func(i int)) error {
	pieces := shard.Ranges(n, shard.Pieces(n, grain))
	return shard.Run(ctx, threads, len(pieces), func(piece int) error {
		for i := pieces[piece][0]; i < pieces[piece][1]; i++ {
			f(i)
		}
		return nil
	})
}

// sortByTime puts ascending rows into the order of (time, row).
func sortByTime(time []int64, rows []uint32) {
	for i := 1; i < len(rows); i++ {
		if time[rows[i]] < time[rows[i-1]] {
			slices.SortFunc(rows, func(a, b uint32) int { return cmp.Or(cmp.Compare(time[a], time[b]), cmp.Compare(a, b)) })
			return
		}
	}
}

// sortViolations puts violations into an order that does not depend on the pieces they were found in.
func sortViolations(found []ledger.Violation) {
	slices.SortFunc(found, func(a, b ledger.Violation) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Row, b.Row))
	})
}
