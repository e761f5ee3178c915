package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"planwerk/engine/average"
	"planwerk/engine/composition"
	"planwerk/engine/coupon"
	"planwerk/engine/ledger"
	"planwerk/engine/production"
	"planwerk/engine/revision"
	"planwerk/engine/spill"
	"planwerk/engine/trust"
	"planwerk/kernels"
)

// stage is a step of a batch, by name.
type stage struct {
	name string
	do   func(*run) error
}

// toRevision are the stages that give the tax rates; the whole batch goes on with afterRevision.
var toRevision = []stage{
	{"load", (*run).load},               // the export as exported
	{"build", (*run).build},             // as at k2, ids as codes, without bad rows      §0, §10
	{"elements", (*run).elements},       // v*, durabilities                              §1
	{"machines", (*run).machines},       // allocations, θ                                §2
	{"productions", (*run).productions}, // draws, V(p), values of resources              §3
	{"subsystems", (*run).subsystems},   // components of strong trust                    §5
	{"revision", (*run).revise},         // a, c, w, tax rate, debt                       §6
}

var afterRevision = []stage{
	{"averages", (*run).averages},     // socially necessary averages                     §4
	{"release", (*run).releaseGoods},  // memory of goods, for what follows
	{"coupons", (*run).coupons},       // coupons, claims, wallets, parity                §7
	{"settlement", (*run).settle},     // of subsystems that fell apart                   §5
	{"violations", (*run).violations}, // every rule broken, row by row                   §10
}

// Run computes a batch.
func Run(ctx context.Context, job Job) (*Result, error) {
	if job.After >= job.Until {
		return nil, errors.New("the period is empty: --after must be before --until")
	}
	ctx, cancel := context.WithCancelCause(spill.With(ctx, job.Space))
	defer cancel(nil)
	job.Space.Notify(cancel)
	r := &run{ctx: ctx, job: job, Result: &Result{Job: job}}
	err := r.stages(toRevision)
	if err == nil {
		err = r.stages(afterRevision)
	}
	if full := job.Space.Err(); full != nil {
		return nil, full
	}
	if err != nil {
		return nil, err
	}
	return r.Result, nil
}

// run is a batch under way.
type run struct {
	*Result
	ctx   context.Context
	job   Job
	raw   *ledger.Raw
	found []ledger.Violation // broken rules of rows that are still there
	gone  []ledger.Finding   // of rows that Build took out
}

func (r *run) stages(list []stage) error {
	for _, s := range list {
		if err := r.ctx.Err(); err != nil {
			return context.Cause(r.ctx)
		}
		r.progress(s.name, 0)
		wall, cpu := time.Now(), cpuTime()
		if err := s.do(r); err != nil {
			return err
		}
		r.Timings = append(r.Timings, Timing{s.name, time.Since(wall), cpuTime() - cpu})
		r.progress(s.name, 1)
	}
	return nil
}

func (r *run) progress(stage string, done int64) {
	if r.job.Progress != nil {
		r.job.Progress(stage, done, 1)
	}
}

func (r *run) note(v []ledger.Violation, err error) error {
	r.found = append(r.found, v...)
	return err
}

func (r *run) load() (err error) {
	r.raw, err = r.job.Load(r.ctx)
	return err
}

func (r *run) build() (err error) {
	r.Ledger, r.gone, err = ledger.Build(r.ctx, r.raw, r.job.After, r.job.Until, r.job.Threads)
	r.raw = nil
	if err == nil {
		r.Ledger.ReleaseNames()
	}
	runtime.GC()
	return err
}

func (r *run) elements() (err error) {
	var v []ledger.Violation
	r.Elements, v, err = composition.ComputeOn(r.ctx, r.Ledger, r.job.Threads, r.job.Device)
	if err == nil {
		r.Notices = append(r.Notices, r.Elements.Notices...)
	}
	return r.note(v, err)
}

func (r *run) machines() (err error) {
	var v []ledger.Violation
	r.ends = production.Ends(r.Ledger, r.job.Threads)
	r.Usage, v, err = composition.Use(r.ctx, r.Ledger, r.Elements, r.ends, r.job.Threads)
	return r.note(v, err)
}

func (r *run) productions() (err error) {
	var v []ledger.Violation
	r.Productions, v, err = production.Compute(r.ctx, r.Ledger, r.ends, r.Usage.Theta, r.job.Threads)
	if err != nil {
		return err
	}
	r.found = append(r.found, composition.Origins(r.Ledger, r.Elements, r.Productions.MoPDrawn)...)
	return r.note(v, nil)
}

func (r *run) subsystems() error {
	r.Subsystem = trust.Components(r.Ledger, r.job.Until)
	return r.note(trust.CheckThreads(r.ctx, r.Ledger, r.job.Threads))
}

func (r *run) averages() (err error) {
	r.Averages, err = average.ComputeOn(r.ctx, r.Ledger, r.Subsystem, r.Productions.RemainingAmount, r.Productions.RemainingValue, r.job.Threads, r.job.Device)
	return err
}

func (r *run) revise() (err error) {
	debts, err := r.debts()
	if err != nil {
		return err
	}
	var v []ledger.Violation
	r.Revision, v, err = revision.Compute(r.ctx, r.Ledger, revision.Input{
		Subsystem: r.Subsystem, ThetaPeriod: r.Usage.ThetaPeriod, DrawnShare: r.Productions.WriteOffShare,
		RemainingAt: r.Usage.RemainingAt, OverAt: r.Usage.OverAt, FirstOfMoP: r.Usage.First,
		Limit: r.job.WriteoffLimit, DebtIn: debts, Device: r.job.Device,
	}, r.job.Threads)
	if err == nil {
		r.Notices = append(r.Notices, r.Revision.Notices...)
	}
	return r.note(v, err)
}

// debts adds up the debts in by collective.
func (r *run) debts() (map[int32]kernels.Int128, error) {
	debts := map[int32]kernels.Int128{}
	for _, d := range r.job.DebtIn {
		code := r.Ledger.IDs[ledger.TCollectives].CodeOfText(d.Collective)
		if code < 0 {
			return nil, fmt.Errorf("debt in: collective %q is not in the ledger; is it the ledger of the earlier result?", d.Collective)
		}
		sum, ok := debts[code].AddChecked(d.Umin)
		if !ok {
			return nil, fmt.Errorf("debt in: the debts of collective %q do not fit 128 bits", d.Collective)
		}
		debts[code] = sum
	}
	return debts, nil
}

func (r *run) coupons() (err error) {
	in := coupon.Input{
		Subsystem: r.Subsystem, Subsystems: r.Revision.Subsystem, A: r.Revision.A, Numerator: r.Revision.Numerator,
		TaxNum: r.Revision.TaxNum, TaxDen: r.Revision.TaxDen, Floor: r.job.Rounding == Floor,
		ComponentsAt: func(t int64) []int32 { return trust.Components(r.Ledger, t) },
		Remaining:    r.Productions.RemainingValue, ProductionTotal: r.Productions.Total, ProductionEnd: r.ends,
		MoPRemaining: r.Usage.Remaining, MoPOwner: r.Usage.OwnerAtEnd,
	}
	if r.job.CheckRevisions {
		in.Mismatch = r.mismatch
	}
	var v []ledger.Violation
	r.Coupons, v, err = coupon.Compute(r.ctx, r.Ledger, in, r.job.Threads)
	return r.note(v, err)
}

func (r *run) settle() (err error) {
	before := trust.Components(r.Ledger, r.job.After)
	r.Settlement, err = trust.Settle(r.Ledger, before, r.Subsystem, r.Coupons.UnspentByCollective, r.Coupons.StockByCollective)
	return err
}
