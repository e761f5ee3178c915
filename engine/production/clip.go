package production

import (
	"cmp"
	"slices"

	"planwerk/engine/ledger"
)

// walker takes trees of transfers from their roots downwards, clipping the draws of each resource. Every tree belongs to
// one walker, so what it writes is its own.
type walker struct {
	l          *ledger.Ledger
	d          *Draws
	byResource *grouping
	broken     []bool

	maker int32 // production that made the root of the tree at hand, −1 for none
	stack []int32
	queue []timed
	found []ledger.Violation
}

// timed is a draw with its time.
type timed struct {
	time   int64
	number uint32
}

// tree settles a root and everything transferred from it.
func (w *walker) tree(root int32) {
	rs := &w.l.Resources
	w.maker = -1
	switch {
	case rs.Origin[root] == ledger.TOutputs:
		w.maker = w.l.Outputs.Production[rs.Row[root]]
		w.d.Moved[root] = rs.Amount[root]
	case rs.Origin[root] != ledger.TTransfers: // what a broken transfer creates keeps amount 0
		w.d.Moved[root] = rs.Amount[root]
	}
	w.stack = append(w.stack[:0], root)
	for len(w.stack) > 0 {
		r := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		w.resource(r)
	}
}

// resource lets the draws of one resource take in canonical order.
func (w *walker) resource(r int32) {
	d, left := w.d, w.d.Moved[r]
	amount := left
	for _, draw := range w.sorted(r) {
		rank, row := d.place(draw.number)
		if draw.time < w.l.Resources.Time[r] || rank == rankTransfer && w.broken[row] {
			w.report("time-order", rank, row)
			continue
		}
		asked := w.asked(rank, row)
		take := asked
		if asked == ledger.NullInt || asked > left {
			take = left
			if asked != ledger.NullInt {
				w.report("overdraw", rank, row)
			}
		}
		if take > 0 {
			d.before[draw.number] = amount - left
			left -= take
		}
		if rank == rankTransfer {
			w.move(r, row, take)
		}
	}
	d.Remaining[r] = left
}

// move hands an amount on to what a transfer creates, which comes next in the tree.
func (w *walker) move(from, transfer int32, amount int64) {
	d, created := w.d, w.l.Transfers.NewResource[transfer]
	d.Moved[created] = amount
	d.maker[transfer] = w.maker
	d.nextTransfer[transfer] = d.firstTransfer[from]
	d.firstTransfer[from] = transfer
	w.stack = append(w.stack, created)
}

// sorted gives the draws of a resource in canonical order: (time, rank, id), and numbers are in order of (rank, id).
func (w *walker) sorted(r int32) []timed {
	w.queue = w.queue[:0]
	inOrder, last := true, int64(ledger.NullInt)
	for _, number := range w.byResource.of(r) {
		t := w.time(w.d.place(number))
		inOrder = inOrder && t >= last
		last = t
		w.queue = append(w.queue, timed{t, number})
	}
	if !inOrder {
		slices.SortFunc(w.queue, func(a, b timed) int {
			return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.number, b.number))
		})
	}
	return w.queue
}

// place gives the rank and row of a draw.
func (d *Draws) place(number uint32) (rank int, row int32) {
	for number >= d.base[rank+1] {
		rank++
	}
	return rank, int32(number - d.base[rank])
}

func (w *walker) time(rank int, row int32) int64 {
	switch rank {
	case rankConsumption:
		return w.l.Consumptions.Time[row]
	case rankTransfer:
		return w.l.Transfers.Time[row]
	case rankDispatch:
		return w.l.Dispatches.Time[row]
	case rankWriteOff:
		return w.l.WriteOffs.Time[row]
	}
	return w.l.MoPs.Commissioned[row]
}

// asked gives the amount a draw asks for, null for all that is left.
func (w *walker) asked(rank int, row int32) int64 {
	switch rank {
	case rankConsumption:
		return w.l.Consumptions.Amount[row]
	case rankTransfer:
		return w.l.Transfers.Amount[row]
	case rankDispatch:
		return w.l.Dispatches.Amount[row]
	case rankWriteOff:
		return w.l.WriteOffs.Amount[row]
	}
	return w.l.MoPs.Amount[row]
}

func (w *walker) report(rule string, rank int, row int32) {
	w.found = append(w.found, ledger.Violation{Rule: rule, Table: rankTable[rank], Row: row})
}
