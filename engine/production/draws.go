package production

import (
	"context"
	"fmt"
	"math"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// Ranks of the tables that draw from resources, at equal times (MODEL.md §3).
const (
	rankConsumption = iota
	rankTransfer
	rankDispatch
	rankWriteOff
	rankMoP
	ranks
)

var rankTable = [ranks]ledger.TableID{ledger.TConsumptions, ledger.TTransfers, ledger.TDispatches, ledger.TWriteOffs, ledger.TMoPs}

// Draws holds the amounts drawn from resources, clipped to what was left. A draw is named by its number: the base of its
// table's rank plus its row.
type Draws struct {
	base  [ranks + 1]uint32
	space *spill.Space
	// before is what had been drawn from the same resource before this draw, in micro-units; nothing for a draw that
	// takes nothing. With the resource's amount it gives what was taken.
	before []int64

	Moved     []int64 // per resource: its amount; of a transferred one what was moved
	Remaining []int64 // per resource: what is left after all draws

	maker []int32 // per transfer: production whose output it moves on, −1 for none
	// Transfers that move a resource on, as a list by resource; −1 ends it. Broken transfers are not in it.
	firstTransfer []int32 // per resource
	nextTransfer  []int32 // per transfer
}

const nothing = -1

// Draw clips all draws. Violations: overdraw, time-order.
func Draw(ctx context.Context, l *ledger.Ledger, threads int) (*Draws, []ledger.Violation, error) {
	d, err := newDraws(l)
	if err != nil {
		return nil, nil, err
	}
	scratch := l.Space.Sub()
	defer scratch.Close()
	broken, err := brokenTransfers(ctx, scratch, l, threads)
	if err != nil {
		return nil, nil, err
	}
	byResource, err := group(ctx, scratch, threads, l.Resources.N, l.Consumptions.Resource, l.Transfers.Resource, l.Dispatches.Resource,
		drawingWriteOffs(scratch, l), l.MoPs.Resource)
	if err != nil {
		return nil, nil, err
	}
	pieces := shard.Ranges(l.Resources.N, shard.Pieces(l.Resources.N, grain))
	found, err := shard.Concat(ctx, threads, len(pieces), func(piece int) ([]ledger.Violation, error) {
		w := walker{l: l, d: d, byResource: byResource, broken: broken}
		for r := pieces[piece][0]; r < pieces[piece][1]; r++ {
			if l.Resources.Origin[r] != ledger.TTransfers || broken[l.Resources.Row[r]] {
				w.tree(int32(r))
			}
		}
		return w.found, nil
	})
	return d, found, err
}

func newDraws(l *ledger.Ledger) (*Draws, error) {
	d := &Draws{space: l.Space}
	total := uint64(0)
	for rank, n := range [ranks]int{l.Consumptions.N, l.Transfers.N, l.Dispatches.N, l.WriteOffs.N, l.MoPs.N} {
		d.base[rank] = uint32(total)
		total += uint64(n)
	}
	if total > math.MaxUint32 {
		return nil, fmt.Errorf("consumptions, transfers, dispatches, write_offs and mops together have %d rows; at most %d can be held", total, uint32(math.MaxUint32))
	}
	d.base[ranks] = uint32(total)
	d.before = filled[int64](l.Space, int(total), nothing)
	d.Moved, d.Remaining = spill.Make[int64](l.Space, l.Resources.N), spill.Make[int64](l.Space, l.Resources.N)
	if l.Transfers.N > 0 {
		d.maker, d.nextTransfer = filled[int32](l.Space, l.Transfers.N, -1), filled[int32](l.Space, l.Transfers.N, -1)
		d.firstTransfer = filled[int32](l.Space, l.Resources.N, -1)
	}
	return d, nil
}

// free gives back all but what Result goes on with: Moved and Remaining.
func (d *Draws) free() {
	spill.Free(d.space, d.before)
	spill.Free(d.space, d.maker)
	spill.Free(d.space, d.firstTransfer)
	spill.Free(d.space, d.nextTransfer)
	d.before, d.maker, d.firstTransfer, d.nextTransfer = nil, nil, nil, nil
}

func filled[T int32 | int64](space *spill.Space, n int, v T) []T {
	s := spill.Make[T](space, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// draws reports whether a write-off draws from a resource: it names one, and no MoP.
func draws(l *ledger.Ledger, writeOff int32) bool {
	return l.WriteOffs.Resource[writeOff] >= 0 && l.WriteOffs.MoP[writeOff] < 0
}

// drawingWriteOffs gives each write-off's resource, −1 for those that draw nothing.
func drawingWriteOffs(space *spill.Space, l *ledger.Ledger) []int32 {
	out := spill.Make[int32](space, l.WriteOffs.N)
	for row := range out {
		out[row] = -1
		if draws(l, int32(row)) {
			out[row] = l.WriteOffs.Resource[row]
		}
	}
	return out
}

// taken gives the amount of a draw and what had been drawn before it; asked is null for all that is left.
func (d *Draws) taken(rank int, row, resource int32, asked int64) (before, amount int64) {
	before = d.before[d.base[rank]+uint32(row)]
	if before == nothing {
		return 0, 0
	}
	amount = d.Moved[resource] - before
	if asked != ledger.NullInt {
		amount = min(amount, asked)
	}
	return before, amount
}

// makerOf gives the production whose output a resource is or was moved on from, −1 for none.
func (d *Draws) makerOf(l *ledger.Ledger, resource int32) int32 {
	switch row := l.Resources.Row[resource]; l.Resources.Origin[resource] {
	case ledger.TOutputs:
		return l.Outputs.Production[row]
	case ledger.TTransfers:
		return d.maker[row]
	}
	return -1
}
