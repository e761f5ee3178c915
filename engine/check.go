package engine

import (
	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// mismatch reports whether a recorded revision's rate differs from that of a batch over its own period, as at its own
// until, with the same write-off limit and no debt in.
func (r *run) mismatch(rev int32) (bool, error) {
	recorded := &r.Ledger.Revisions
	period := [2]int64{recorded.After[rev], recorded.Until[rev]}
	again, ok := r.checked[period]
	if !ok {
		job := r.job
		job.After, job.Until, job.DebtIn, job.Progress = period[0], period[1], nil, nil
		space := r.job.Space.Sub()
		defer space.Close()
		sub := &run{ctx: spill.With(r.ctx, space), job: job, Result: &Result{Job: job}}
		if err := sub.stages(toRevision); err != nil {
			return false, err
		}
		again = sub.rates()
		if r.checked == nil {
			r.checked = map[[2]int64]map[string]rate{}
		}
		r.checked[period] = again
	}
	got, ok := again[r.Ledger.IDs[ledger.TCollectives].Text(recorded.Subsystem[rev])]
	return !ok || !got.equal(recorded.Num[rev], recorded.Den[rev]), nil
}

// rate is a tax rate n/m in lowest terms; m null where it has none.
type rate struct{ num, den kernels.Int128 }

// equal reports num/den = n/m for any m > 0.
func (q rate) equal(n, m kernels.Int128) bool {
	if q.den.IsNull() {
		return false
	}
	x, y := n.Big(), q.num.Big()
	return x.Mul(x, q.den.Big()).Cmp(y.Mul(y, m.Big())) == 0
}

// rates gives the tax rate that holds for each collective, by its id.
func (r *run) rates() map[string]rate {
	bySubsystem := map[int32]rate{}
	for i, s := range r.Revision.Subsystem {
		bySubsystem[s] = rate{r.Revision.TaxNum[i], r.Revision.TaxDen[i]}
	}
	ids, rates := r.Ledger.IDs[ledger.TCollectives], map[string]rate{}
	for c, s := range r.Subsystem {
		rates[ids.Text(int32(c))] = bySubsystem[s]
	}
	return rates
}
