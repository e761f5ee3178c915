package engine

import (
	"cmp"
	"slices"
	"strings"

	"planwerk/engine/ledger"
	"planwerk/engine/spill"
)

// Violation is one row of the table violations.
type Violation struct {
	Rule, Table, ID, Detail string
}

// violations puts what Build and the computations found in canonical order.
func (r *run) violations() error {
	r.report()
	slices.SortFunc(r.Violations, func(a, b Violation) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Table, b.Table), compareIDs(a.ID, b.ID), strings.Compare(a.Detail, b.Detail))
	})
	r.Ledger.ReleaseLabour()
	return nil
}

// releaseGoods writes down the violations found so far, which print rows, and gives back the memory of goods.
func (r *run) releaseGoods() error {
	r.report()
	r.Ledger.ReleaseGoods()
	spill.Free(r.Ledger.Space, r.Usage.ThetaPeriod)
	r.Usage.ThetaPeriod, r.Usage.Owners = nil, nil
	return nil
}

// report writes down what was found: once per rule and row, of the period unless all are asked for.
func (r *run) report() {
	l, all := r.Ledger, r.job.AllViolations
	for _, f := range r.gone {
		if all || f.Time == ledger.NullInt || l.InPeriod(f.Time) {
			r.Violations = append(r.Violations, Violation{f.Rule, ledger.Schema[f.Table].Name, f.ID, f.Detail})
		}
	}
	slices.SortFunc(r.found, func(a, b ledger.Violation) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Extra, b.Extra))
	})
	r.found = slices.CompactFunc(r.found, func(a, b ledger.Violation) bool {
		return a.Table == b.Table && a.Row == b.Row && a.Rule == b.Rule
	})
	for _, v := range leftOut(r.found) {
		if t, timed := l.RowTime(v.Table, v.Row); timed && !all && !l.InPeriod(t) {
			continue
		}
		detail := l.Detail(v.Table, v.Row)
		if v.Extra != "" {
			detail += " " + v.Extra
		}
		r.Violations = append(r.Violations, Violation{v.Rule, ledger.Schema[v.Table].Name, l.RowID(v.Table, v.Row), detail})
	}
	r.gone, r.found = nil, nil
}

// leftOut drops, of rows that are left out altogether (a bad or double write-off), what other rules say of them. list is
// sorted by table and row.
func leftOut(list []ledger.Violation) []ledger.Violation {
	out := list[:0:0]
	for from := 0; from < len(list); {
		to, only := from, -1
		for ; to < len(list) && list[to].Table == list[from].Table && list[to].Row == list[from].Row; to++ {
			if list[to].Rule == "bad-write-off" || list[to].Rule == "double-write-off" {
				only = to
			}
		}
		if only >= 0 {
			out = append(out, list[only])
		} else {
			out = append(out, list[from:to]...)
		}
		from = to
	}
	return out
}

// compareIDs orders ids by length, then bytewise.
func compareIDs(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
