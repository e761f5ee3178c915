package production

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Result holds amounts and values of resources and productions, by row of their tables. Values in µmin, amounts in
// micro-units.
type Result struct {
	End []int64 // per production, as given to Compute

	// Per resource.
	Moved           []int64          // its amount: of a transferred one what was moved, not what was asked for
	RemainingAmount []int64          // after all draws
	Value           []kernels.Int128 // NullInt128: unvalued
	RemainingValue  []kernels.Int128 // value − all drawn shares; NullInt128: unvalued

	// Per production, what counts in V(p).
	Workloads   []kernels.Int128
	Consumed    []kernels.Int128
	Transferred []kernels.Int128 // θ of its allocations
	Total       []kernels.Int128 // V(p), the sum of the three
	Declared    []kernels.Int128 // Σ declared values of outputs; NullInt128 when none is declared
	Difference  []kernels.Int128 // declared − V(p); NullInt128 without outputs or when not all are declared
	Unassigned  []kernels.Int128 // V(p) when no output is valued, else 0

	// What was drawn in value; 0 where nothing was, or from an unvalued resource.
	WriteOffShare []kernels.Int128 // per write-off
	MoPDrawn      []kernels.Int128 // per MoP, by its commissioning
}

// Compute settles draws and values all productions (MODEL.md §3). ends is what Ends gives, theta the value each
// allocation transferred in µmin. Nothing depends on the number of threads.
//
// Violations, sorted by rule, table and row: overdraw, time-order, output-time, after-output, output-value,
// production-cycle, not-owner (consumptions, transfers, dispatches, write-offs of resources, commissionings), not-c2i,
// collective-mismatch, separation. An error names the row whose value cannot be held.
func Compute(ctx context.Context, l *ledger.Ledger, ends []int64, theta []kernels.Int128, threads int) (*Result, []ledger.Violation, error) {
	d, found, err := Draw(ctx, l, threads)
	if err != nil {
		return nil, nil, err
	}
	x := &valuation{l: l, d: d, Result: newResult(l, ends, d)}
	stages := []func() ([]ledger.Violation, error){
		func() ([]ledger.Violation, error) { return checkRows(ctx, l, ends, threads) },
		func() ([]ledger.Violation, error) { return sumWorkloads(ctx, l, ends, x.Workloads, threads) },
		func() ([]ledger.Violation, error) {
			return sumTransferred(ctx, l, ends, theta, x.Transferred, threads)
		},
		func() ([]ledger.Violation, error) { return x.order(ctx, threads) },
		func() ([]ledger.Violation, error) { return nil, x.prepare(ctx, threads) },
		func() ([]ledger.Violation, error) { return nil, x.run(ctx, threads) },
		func() ([]ledger.Violation, error) { return x.closeProductions(ctx, threads) },
		func() ([]ledger.Violation, error) { return nil, x.closeResources(ctx, threads) },
	}
	for _, stage := range stages {
		more, err := stage()
		if err != nil {
			return nil, nil, err
		}
		found = append(found, more...)
	}
	sortViolations(found)
	return x.Result, found, nil
}

// order finds who consumed what from whom and puts the productions into levels.
func (x *valuation) order(ctx context.Context, threads int) ([]ledger.Violation, error) {
	counted, found, err := countConsumptions(ctx, x.l, x.End, x.d, threads)
	if err != nil {
		return nil, err
	}
	if x.g, err = newGraph(ctx, x.l, x.d, counted, threads); err != nil {
		return nil, err
	}
	spill.Free(x.l.Space, counted)
	if x.v, err = findLevels(ctx, x.l.Space, x.g); err != nil {
		return nil, err
	}
	found = append(found, x.g.reportCycles(x.l, x.v)...)
	spill.Free(x.l.Space, x.g.makers) // values need the order only
	x.g.makers = nil
	x.makeResult()
	x.outputs, err = group(ctx, x.l.Space, threads, x.l.Productions.N, x.l.Outputs.Production)
	return found, err
}

// newResult has the sums that come first; makeResult makes room for what valuing needs, and the last two stages for what
// they compute, so that not all of it is there at one time.
func newResult(l *ledger.Ledger, ends []int64, d *Draws) *Result {
	n := l.Productions.N
	return &Result{End: ends, Moved: d.Moved, RemainingAmount: d.Remaining, Workloads: wide(l, n), Transferred: wide(l, n)}
}

func (x *valuation) makeResult() {
	n := x.l.Productions.N
	x.Value = wide(x.l, x.l.Resources.N)
	x.Consumed, x.Total, x.Declared = wide(x.l, n), wide(x.l, n), wide(x.l, n)
}

func wide(l *ledger.Ledger, n int) []kernels.Int128 { return spill.Make[kernels.Int128](l.Space, n) }
