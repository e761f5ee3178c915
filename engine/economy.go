package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"planwerk/engine/leontief"
	"planwerk/engine/production"
)

// Economy computes a batch up to its production cycles and makes an input–output table of those that end in the period:
// A and l per product type (leontief.FromLedger).
func Economy(ctx context.Context, job Job) (*leontief.Table, error) {
	if job.After >= job.Until {
		return nil, errors.New("the period is empty: --after must be before --until")
	}
	r := &run{ctx: ctx, job: job, Result: &Result{Job: job}}
	last := slices.IndexFunc(toRevision, func(s stage) bool { return s.name == "productions" })
	if err := r.stages(toRevision[:last+1]); err != nil {
		return nil, err
	}
	draws, _, err := production.Draw(ctx, r.Ledger, job.Threads)
	if err != nil {
		return nil, err
	}
	p := r.Productions
	t, err := leontief.FromLedger(ctx, &leontief.Cycles{Ledger: r.Ledger, End: r.ends, Drawn: func(row int) int64 { return draws.Consumed(r.Ledger, row) },
		Workloads: p.Workloads, Transferred: p.Transferred, Value: p.Value})
	broken := r.broken()
	if none := (*leontief.NoEconomy)(nil); errors.As(err, &none) && broken != "" {
		none.Why += "; " + broken
	}
	if err != nil {
		return nil, err
	}
	if t.Notices = append(t.Notices, r.Notices...); broken != "" {
		t.Notices = append(t.Notices, broken)
	}
	return t, nil
}

// broken says how many rows of the period break the ledger's rules, "" for none: most of them count for nothing, and coefficients
// made without them are others.
func (r *run) broken() string {
	r.report()
	if len(r.Violations) == 0 {
		return ""
	}
	v := r.Violations[0]
	return fmt.Sprintf("%d rows of the period break rules of the ledger and count as batch counts them, for nothing as a rule (the first: %s in table %s, %s); planwerk violations lists them",
		len(r.Violations), v.Rule, v.Table, v.ID)
}
