package engine

import (
	"fmt"
	"time"

	"planwerk/arrow"
	"planwerk/engine/average"
	"planwerk/engine/composition"
	"planwerk/engine/coupon"
	"planwerk/engine/ledger"
	"planwerk/engine/production"
	"planwerk/engine/revision"
	"planwerk/engine/trust"
	"planwerk/kernels"
)

// Result is everything a batch computed. Slices are by code, as in Ledger, unless their package says otherwise.
type Result struct {
	Job         Job
	Ledger      *ledger.Ledger
	Elements    *composition.Values
	Usage       *composition.Usage
	Productions *production.Result
	Subsystem   []int32 // per collective, the component at k2: its smallest collective's code
	Averages    *average.Averages
	Revision    *revision.Result
	Coupons     *coupon.Result
	Settlement  *trust.Settlement
	Violations  []Violation
	Notices     []string
	Timings     []Timing

	ends    []int64
	checked map[[2]int64]map[string]rate // rates recomputed under CheckRevisions, by period
}

// Timing is what a stage of a batch cost.
type Timing struct {
	Stage     string
	Wall, CPU time.Duration
}

// ModelVersion is the version of MODEL.md the numbers follow.
const ModelVersion = "1"

// Parameters are what changes the results beside the ledger; they are part of the result root.
func (r *Result) Parameters() []arrow.Parameter {
	j := &r.Job
	limit := "off"
	if j.WriteoffLimit != nil {
		limit = fmt.Sprintf("%d/%d", j.WriteoffLimit.Num, j.WriteoffLimit.Den)
	}
	list := []arrow.Parameter{
		{Name: "model_version", Value: ModelVersion},
		{Name: "after", Value: string(ledger.AppendTime(nil, j.After))},
		{Name: "until", Value: string(ledger.AppendTime(nil, j.Until))},
		{Name: "rounding", Value: j.Rounding.String()},
		{Name: "writeoff_limit", Value: limit},
		{Name: "check_revisions", Value: fmt.Sprint(j.CheckRevisions)},
		{Name: "all_violations", Value: fmt.Sprint(j.AllViolations)},
	}
	for _, d := range sortedDebts(j.DebtIn) {
		list = append(list, arrow.Parameter{Name: "debt_in/" + d.Collective, Value: d.Umin.String()})
	}
	return list
}

// Tables are the result tables, rows in canonical order. They read from the result as they are written.
func (r *Result) Tables() []arrow.ResultTable {
	return []arrow.ResultTable{
		r.elementValues(), r.valueTransfers(), r.productionValues(), r.resourceValues(), r.mopValues(), r.averageTable(),
		r.revisionTable(), r.couponTable(), r.walletTable(), r.subsystemTable(), r.settlementTable(), r.parityTable(), r.violationTable(),
	}
}

// ids is the dictionary of a table's primary ids.
func (r *Result) ids(t ledger.TableID) *ledger.IDs { return r.Ledger.IDs[t] }

func (r *Result) elementValues() arrow.ResultTable {
	v, l := r.Elements, r.Ledger
	return table("element_values", l.Elements.N,
		rowID("element", r.ids(ledger.TElements)),
		micro("value", l.Elements.Value),
		integer("durability", v.Durability),
		nullableWide("aggregate_value", v.Aggregate),
		integer("subelements", v.Subelements))
}

func (r *Result) valueTransfers() arrow.ResultTable {
	a := &r.Ledger.MoPAllocations
	return table("value_transfers", a.N,
		rowID("allocation", r.ids(ledger.TMoPAllocations)),
		id("production", r.ids(ledger.TProductions), a.Production),
		id("mop", r.ids(ledger.TMoPs), a.MoP),
		wide("value", r.Usage.Theta))
}

func (r *Result) productionValues() arrow.ResultTable {
	p := r.Productions
	return table("production_values", r.Ledger.Productions.N,
		rowID("production", r.ids(ledger.TProductions)),
		wide("workloads", p.Workloads), wide("consumed", p.Consumed), wide("transferred", p.Transferred), wide("value", p.Total),
		nullableWide("declared", p.Declared), nullableWide("difference", p.Difference), wide("unassigned", p.Unassigned))
}

func (r *Result) resourceValues() arrow.ResultTable {
	p, res := r.Productions, &r.Ledger.Resources
	return table("resource_values", res.N,
		rowID("resource", r.Ledger.ResourceIDs),
		nullableID("product_type", r.ids(ledger.TProductTypes), res.Type),
		id("collective", r.ids(ledger.TCollectives), res.Collective),
		micro("amount", p.Moved), nullableWide("value", p.Value),
		micro("remaining_amount", p.RemainingAmount), nullableWide("remaining_value", p.RemainingValue))
}

func (r *Result) mopValues() arrow.ResultTable {
	m, u := &r.Ledger.MoPs, r.Usage
	off := make([]kernels.Int128, m.N)
	value := make([]kernels.Int128, m.N)
	for i := range off {
		if w := u.WriteOff[i]; w >= 0 {
			off[i] = r.Revision.WriteOffValue[w]
		}
		if v := r.Elements.Aggregate[m.Element[i]]; !v.IsNull() {
			value[i] = v
		}
	}
	return table("mop_values", m.N,
		rowID("mop", r.ids(ledger.TMoPs)), id("element", r.ids(ledger.TElements), m.Element),
		wide("value", value), wide("transferred", u.Transferred), wide("written_off", off), wide("remaining", u.Remaining))
}

func (r *Result) averageTable() arrow.ResultTable {
	a := r.Averages
	return table("averages", len(a.Subsystem),
		id("subsystem", r.ids(ledger.TCollectives), a.Subsystem), id("product_type", r.ids(ledger.TProductTypes), a.ProductType),
		wide("total_value", a.Value), wide("total_amount", a.Amount), wide("average", a.Average))
}

func (r *Result) revisionTable() arrow.ResultTable {
	v := r.Revision
	return table("revisions", len(v.Subsystem),
		id("subsystem", r.ids(ledger.TCollectives), v.Subsystem),
		constTime("after", r.Job.After), constTime("until", r.Job.Until),
		wide("a", v.A), wide("c", v.C), wide("w", v.W), wide("debt_in", v.DebtIn), wide("debt_out", v.DebtOut),
		whole("tax_numerator", v.TaxNum), whole("tax_denominator", v.TaxDen),
		ratio("tax_rate", v.TaxNum, v.TaxDen))
}

func (r *Result) couponTable() arrow.ResultTable {
	c, w := r.Coupons, &r.Ledger.Workloads
	at := c.WorkloadRow
	return table("coupons", len(c.Coupon),
		idAt("workload", r.ids(ledger.TWorkloads), at),
		idAt("wallet", r.Ledger.WalletIDs, func(i int) int32 { return w.Wallet[at(i)] }),
		idAt("subsystem", r.ids(ledger.TCollectives), func(i int) int32 { return r.Subsystem[w.Collective[at(i)]] }),
		microAt("minutes", func(i int) int64 { return w.Minutes[at(i)] }),
		micro("coupon", c.Coupon))
}

func (r *Result) walletTable() arrow.ResultTable {
	w := &r.Coupons.Wallets
	return table("wallets", len(w.Wallet),
		id("wallet", r.Ledger.WalletIDs, w.Wallet), id("subsystem", r.ids(ledger.TCollectives), w.Subsystem),
		wide("coupons", w.Coupons), wide("claimed", w.Claimed), wide("appropriated", w.Appropriated), wide("balance", w.Balance))
}

func (r *Result) subsystemTable() arrow.ResultTable {
	c := r.ids(ledger.TCollectives)
	return table("subsystems", len(r.Subsystem), rowID("collective", c), id("subsystem", c, r.Subsystem))
}

func (r *Result) settlementTable() arrow.ResultTable {
	s, c := r.Settlement, r.ids(ledger.TCollectives)
	return table("settlements", len(s.Before), id("before", c, s.Before), id("part", c, s.Part),
		wide("unspent", s.Unspent), wide("stock", s.Stock), wide("balance", s.Balance), wide("target", s.Target), wide("move", s.Move))
}

func (r *Result) parityTable() arrow.ResultTable {
	p := &r.Coupons.Parity
	return table("parity", len(r.Revision.Subsystem), id("subsystem", r.ids(ledger.TCollectives), r.Revision.Subsystem),
		wide("issued", p.Issued), wide("unclaimed", p.Unclaimed), wide("claimed", p.Claimed), wide("appropriated", p.Appropriated),
		wide("unspent", p.Unspent), wide("exclusive_stock", p.ExclusiveStock), wide("work_in_progress", p.WorkInProgress),
		wide("mop_remaining", p.MoPRemaining), wide("difference", p.Difference))
}

func (r *Result) violationTable() arrow.ResultTable {
	v := r.Violations
	return table("violations", len(v),
		text("rule", func(i int) string { return v[i].Rule }), text("table", func(i int) string { return v[i].Table }),
		text("id", func(i int) string { return v[i].ID }), text("detail", func(i int) string { return v[i].Detail }))
}
