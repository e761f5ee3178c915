package production

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// How the outputs of a production share V(p).
const (
	shareNone    uint8 = iota // it has no outputs
	shareValue                // by declared value
	shareAmount               // by amount
	shareCycle                // not at all: it lies on a cycle
	shareUnknown              // not at all: by neither value nor amount
)

// valuation lets values flow through the graph.
type valuation struct {
	l       *ledger.Ledger
	d       *Draws
	g       *graph
	v       *levels
	outputs *grouping // by production, each in canonical order
	share   []uint8   // per production
	*Result
}

// prepare chooses how outputs share, sums declared values, and marks what is unvalued, down the trees of transfers.
func (x *valuation) prepare(ctx context.Context, threads int) error {
	n := x.l.Productions.N
	x.share = spill.Make[uint8](x.l.Space, n)
	pieces := shard.Ranges(n, shard.Pieces(n, grain))
	return shard.Run(ctx, threads, len(pieces), func(piece int) error {
		var stack []int32
		for p := pieces[piece][0]; p < pieces[piece][1]; p++ {
			outputs := x.outputs.of(int32(p))
			sortByTime(x.l.Outputs.Time, outputs)
			x.share[p], x.Declared[p] = sharing(&x.l.Outputs, outputs)
			unknown := x.share[p] == shareUnknown
			if !unknown && !x.v.onCycle(int32(p)) || len(outputs) == 0 {
				continue
			}
			if !unknown {
				x.share[p] = shareCycle
			}
			for _, o := range outputs {
				r := x.l.Outputs.Resource[o]
				x.Value[r] = kernels.NullInt128
				stack = x.passOn(r, stack)
			}
		}
		return nil
	})
}

// sharing decides how outputs share and sums what they declare, null when none does.
func sharing(o *ledger.Outputs, outputs []uint32) (uint8, kernels.Int128) {
	declared, oneType := kernels.NullInt128, true
	for _, row := range outputs {
		oneType = oneType && o.ProductType[row] == o.ProductType[outputs[0]]
		if o.Value[row] == ledger.NullInt {
			continue
		}
		if declared.IsNull() {
			declared = kernels.Int128{}
		}
		declared = declared.AddInt64(o.Value[row])
	}
	switch {
	case len(outputs) == 0:
		return shareNone, declared
	case !declared.IsNull() && declared.Sign() > 0:
		return shareValue, declared
	case oneType:
		return shareAmount, declared
	}
	return shareUnknown, declared
}

// run computes V(p) level by level. Small levels are done in place: a chain has as many levels as productions.
func (x *valuation) run(ctx context.Context, threads int) error {
	const small, pieceSize = 2048, 1024
	for level := 0; level+1 < len(x.v.start); level++ {
		if level%block == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		order := x.v.order[x.v.start[level]:x.v.start[level+1]]
		if len(order) <= small || shard.Threads(threads) == 1 {
			if err := x.evaluateAll(ctx, order); err != nil {
				return err
			}
			continue
		}
		pieces := shard.Ranges(len(order), shard.Pieces(len(order), pieceSize))
		err := shard.Run(ctx, threads, len(pieces), func(piece int) error {
			return x.evaluateAll(ctx, order[pieces[piece][0]:pieces[piece][1]])
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *valuation) evaluateAll(ctx context.Context, productions []int32) error {
	var stack []int32
	return blocks(ctx, len(productions), func(from, to int) {
		for _, p := range productions[from:to] {
			stack = x.evaluate(p, stack)
		}
	})
}

// evaluate gives a production its value and hands it to its outputs and what was transferred from them.
func (x *valuation) evaluate(p int32, stack []int32) []int32 {
	var consumed kernels.Int128
	c := &x.l.Consumptions
	for _, row := range x.g.inputs.of(p) {
		r := c.Resource[row]
		if v := x.Value[r]; !v.IsNull() {
			before, amount := x.d.taken(rankConsumption, int32(row), r, c.Amount[row])
			consumed = consumed.Add(part(v, before, amount, x.d.Moved[r]))
		}
	}
	total := x.Workloads[p].Add(consumed).Add(x.Transferred[p])
	x.Consumed[p], x.Total[p] = consumed, total
	if x.share[p] != shareValue && x.share[p] != shareAmount {
		return stack
	}
	weight := x.l.Outputs.Amount
	if x.share[p] == shareValue {
		weight = x.l.Outputs.Value
	}
	outputs := x.outputs.of(p)
	var sum, upto, given kernels.Int128
	for _, o := range outputs {
		sum = sum.AddInt64(weighs(weight[o]))
	}
	for _, o := range outputs {
		upto = upto.AddInt64(weighs(weight[o]))
		next, _ := kernels.MulDivFloor(total, upto, sum) // fits: upto ≤ sum
		r := x.l.Outputs.Resource[o]
		x.Value[r] = next.Sub(given)
		given = next
		stack = x.passOn(r, stack)
	}
	return stack
}

// weighs gives the weight of an output; a null among declared values weighs 0.
func weighs(w int64) int64 {
	if w == ledger.NullInt {
		return 0
	}
	return w
}

// passOn carries the value of a resource to everything transferred from it; the stack is only room to work in.
func (x *valuation) passOn(r int32, stack []int32) []int32 {
	if x.d.firstTransfer == nil || x.d.firstTransfer[r] < 0 {
		return stack
	}
	stack = append(stack[:0], r)
	for len(stack) > 0 {
		from := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		v := x.Value[from]
		for t := x.d.firstTransfer[from]; t >= 0; t = x.d.nextTransfer[t] {
			created := x.l.Transfers.NewResource[t]
			x.Value[created] = v
			if !v.IsNull() {
				before, amount := x.d.taken(rankTransfer, t, from, x.l.Transfers.Amount[t])
				x.Value[created] = part(v, before, amount, x.d.Moved[from])
			}
			if x.d.firstTransfer[created] >= 0 {
				stack = append(stack, created)
			}
		}
	}
	return stack
}
