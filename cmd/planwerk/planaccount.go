package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"

	"planwerk/datasets"
	"planwerk/engine/plan"
	"planwerk/ledgeradapter/planproblem"
)

// planAccount is what summary.json holds and --json prints: the certificate of the last stage, and what was planned.
type planAccount struct {
	planproblem.Certificates
	Out         string            `json:"out,omitempty"`
	ResultRoot  string            `json:"result_root,omitempty"`
	Purpose     string            `json:"plan_objective"`
	PriceUnit   string            `json:"shadow_price_unit"` // per unit of the product or resource
	Labour      planproblem.Real  `json:"labour_minutes"`
	Fulfilment  *float64          `json:"fulfilment,omitempty"` // common factor of all targets
	Products    int               `json:"products"`
	Techniques  int               `json:"techniques"`
	Flows       int               `json:"flows"`
	Resources   int               `json:"resources"`
	Targets     int               `json:"targets"`
	Short       int               `json:"targets_short"` // by more than a millionth
	Active      int               `json:"techniques_in_use"`
	Explanation *plan.Explanation `json:"explanation,omitempty"`
	Notices     []string          `json:"notices"`
	WallSeconds float64           `json:"wall_seconds"`
	Threads     int               `json:"threads"`
	Level       string            `json:"level"`
	GPU         string            `json:"gpu,omitempty"` // what one had to do with it
}

// account reads the account off a plan.
func (pl *planning) account(sh *shell, root string) *planAccount {
	p, a := pl.problem, pl.answer
	out := &planAccount{Certificates: planproblem.CertificatesOf(p, a), Out: pl.flags.out, ResultRoot: root, Purpose: pl.flags.objective,
		PriceUnit: a.Last().Unit, Labour: planproblem.Real(a.Labour), Products: len(p.Products), Techniques: len(p.Techniques), Flows: len(p.Flows),
		Resources: len(p.Resources), Targets: len(p.Targets), Explanation: a.Explanation, Notices: append([]string{}, pl.notices...),
		WallSeconds: time.Since(pl.begun).Seconds(), Threads: sh.threads, Level: sh.levelName(), GPU: sh.gpuUse()}
	if a.Explanation != nil {
		out.Out, out.Labour = "", planproblem.Real(math.NaN())
		return out
	}
	if pl.flags.objective == string(plan.Fulfilment) {
		out.Fulfilment = &a.Factor
	}
	for i, s := range a.Shortfall {
		if s > 1e-6*a.Target[i] {
			out.Short++
		}
	}
	for _, at := range a.At {
		if at != plan.Lower {
			out.Active++
		}
	}
	return out
}

// printPlan writes the account of a plan to stdout.
func (sh *shell) printPlan(pl *planning) error {
	if sh.json {
		return sh.printJSON(pl.account(sh, pl.rootHash))
	}
	if pl.answer.Explanation != nil {
		fmt.Fprintf(sh.out, "There is no plan: %s.\n", pl.answer.Status)
		for _, w := range pl.answer.Explanation.Words {
			fmt.Fprintln(sh.out, w)
		}
		return nil
	}
	pl.printOutcome(sh.out)
	pl.printTables(sh.out)
	if pl.flags.demo != "" {
		e, _, err := datasets.FindPlan(pl.flags.demo)
		if err != nil {
			return err
		}
		fmt.Fprintln(sh.out, "\nIn words:")
		for _, line := range e.Explained {
			fmt.Fprintln(sh.out, " ", line)
		}
	}
	if pl.flags.out != "" {
		fmt.Fprintf(sh.out, "\nResult: %s\nRoot:   %s\nCheck:  planwerk verify %s\n", pl.flags.out, pl.rootHash, pl.flags.out)
	}
	return nil
}

// printOutcome says how good the plan is.
func (pl *planning) printOutcome(out io.Writer) {
	p, a := pl.problem, pl.answer
	if pl.flags.demo != "" {
		if e, _, err := datasets.FindPlan(pl.flags.demo); err == nil {
			fmt.Fprintf(out, "Example %s: %s.\n", e.Name, e.Short)
		}
	}
	fmt.Fprintf(out, "%s products, %s techniques, %s resources, %s targets; objective %s: %s\n", humanCount(int64(len(p.Products))),
		humanCount(int64(len(p.Techniques))), humanCount(int64(len(p.Resources))), humanCount(int64(len(p.Targets))), pl.flags.objective, a.Status)
	for _, s := range a.Stages {
		c := &s.Certificate
		fmt.Fprintf(out, "%s: %.8g %s", s.Kind, c.Objective, s.Unit)
		if !math.IsInf(c.Bound, 0) {
			fmt.Fprint(out, ", ", proved(c.Objective, c.Bound, pl.flags.solver.Tolerance))
		}
		fmt.Fprintf(out, "; largest violation of a balance or bound %.2g\n", c.MaxViolation)
	}
	if a.Last().Unit != "minutes" {
		fmt.Fprintf(out, "Labour: %.8g minutes\n", a.Labour)
	}
}

// proved says how far an objective may be from the best: in percent, but as a number where both are nothing up to the
// tolerance, and by the bound alone where that says next to nothing.
func proved(objective, bound, tolerance float64) string {
	gap, size := math.Abs(objective-bound), max(math.Abs(objective), math.Abs(bound))
	switch {
	case size <= tolerance && gap > 0.01*size:
		return fmt.Sprintf("proved best possible up to %.2g", notSubnormal(gap))
	case gap > 0.5*size:
		return fmt.Sprintf("the best possible being proved no better than %.6g", notSubnormal(bound))
	}
	return fmt.Sprintf("proved best possible up to %.2g %%", 100*gap/max(1e-300, size))
}

// mostRowsPrinted bounds each table of an account.
const mostRowsPrinted = 12

// printTables writes the weightiest rows of the plan.
func (pl *planning) printTables(out io.Writer) {
	p, a := pl.problem, pl.answer
	unit := a.Last().Unit
	rows := order(len(p.Techniques), func(j int) float64 { return p.Techniques[j].Labour*a.Levels[j] + 1e-9*a.Levels[j] },
		func(j int) bool { return a.At[j] != plan.Lower || a.Levels[j] > 1e-7 })
	print(out, humanCount(int64(len(rows)))+" techniques in use", "technique\tlevel\tlabour, minutes", rows, func(j int) string {
		return fmt.Sprintf("%s\t%.6g\t%.6g", p.Techniques[j].ID, tidy(a.Levels[j]), tidy(p.Techniques[j].Labour*a.Levels[j]))
	})
	rows = order(len(p.Products), func(i int) float64 { return a.ProductPrice[i] * a.Target[i] }, func(i int) bool { return true })
	print(out, fmt.Sprintf("Products (shadow price in %s per unit)", unit), "product\tmade\tused\ttarget\tfulfilled\tshadow price", rows, func(i int) string {
		return fmt.Sprintf("%s\t%.6g\t%.6g\t%.6g\t%.6g\t%.6g", p.Name(int32(i)), tidy(a.Made[i]), tidy(a.Used[i]), a.Target[i], tidy(a.Delivered[i]), tidy(a.ProductPrice[i]))
	})
	rows = order(len(p.Resources), func(r int) float64 { return a.ResourcePrice[r] * p.Resources[r].Available }, func(int) bool { return true })
	print(out, fmt.Sprintf("Resources (shadow price: %s that another unit would save or add)", unit), "resource\tused\tavailable\tshadow price", rows, func(r int) string {
		return fmt.Sprintf("%s\t%.6g\t%.6g\t%.6g", p.Resources[r].ID, tidy(a.ResourceUsed[r]), p.Resources[r].Available, tidy(a.ResourcePrice[r]))
	})
}

// tidy shows what is nothing up to the solver's accuracy as nothing.
func tidy(v float64) float64 {
	if math.Abs(v) < 1e-7 {
		return 0
	}
	return v
}

// order lists the rows to show, those with the greatest value first, equal ones as they come.
func order(n int, value func(int) float64, show func(int) bool) []int {
	var rows []int
	for i := range n {
		if show(i) {
			rows = append(rows, i)
		}
	}
	if len(rows) > mostRowsPrinted {
		slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(value(b), value(a)) })
	}
	return rows
}

// print writes a title and the first rows.
func print(out io.Writer, title, head string, rows []int, row func(int) string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s:\n", title)
	w := tabwriter.NewWriter(out, 2, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  "+head)
	for k, i := range rows {
		if k == mostRowsPrinted {
			break
		}
		fmt.Fprintln(w, "  "+row(i))
	}
	w.Flush()
	if more := len(rows) - mostRowsPrinted; more > 0 {
		fmt.Fprintf(out, "  … and %s more\n", humanCount(int64(more)))
	}
}
