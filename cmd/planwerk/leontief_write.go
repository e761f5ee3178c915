package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/leontief"
)

// economyAccount is the outcome of the command: summary.json, and what --json prints. Infinite numbers are null.
type economyAccount struct {
	Out         string             `json:"out,omitempty"`
	ResultRoot  string             `json:"result_root,omitempty"`
	Source      string             `json:"source"`
	Products    int                `json:"products"`
	Nonzeros    int                `json:"nonzeros"`
	RadiusLower jsonReal           `json:"radius_lower"`
	RadiusUpper jsonReal           `json:"radius_upper"`
	Groups      int                `json:"groups"` // strongly connected, that use what they make
	Values      *systemAccount     `json:"labour_values,omitempty"`
	Outputs     *systemAccount     `json:"gross_outputs,omitempty"`
	ByValues    jsonReal           `json:"total_labour_by_values"`
	ByOutputs   jsonReal           `json:"total_labour_by_outputs"`
	Apart       jsonReal           `json:"total_labour_relative_difference"`
	Comparison  *comparisonAccount `json:"prices,omitempty"`
	Notices     []string           `json:"notices"`
	Reading     float64            `json:"reading_seconds"`
	Seconds     float64            `json:"seconds"`
	Threads     int                `json:"threads"`
	Level       string             `json:"level"`
	GPU         string             `json:"gpu,omitempty"` // what one had to do with it
	MemoryBytes int64              `json:"memory_bytes"`

	against string // what values are compared with
	signed  bool   // some coefficients are negative
}

// systemAccount is one linear system.
type systemAccount struct {
	Method         string   `json:"method"`
	Preconditioner string   `json:"preconditioner"`
	Products       int      `json:"products_with_the_matrix"`
	Residual       jsonReal `json:"residual"`          // maximum norm, rounding errors added
	Relative       jsonReal `json:"relative_residual"` // Euclidean
	ErrorBound     jsonReal `json:"error_bound"`       // no entry is further off
	Dominator      jsonReal `json:"dominator_norm"`    // ‖u‖∞ with (I − |M|)u ≥ ½
	Seconds        float64  `json:"seconds"`
}

// comparisonAccount is how values and prices compare.
type comparisonAccount struct {
	Sectors int      `json:"sectors"`
	LeftOut int      `json:"left_out"`
	RLog    jsonReal `json:"r_log"`
	R2Log   jsonReal `json:"r2_log"`
	R       jsonReal `json:"r"`
	R2      jsonReal `json:"r2"`
	MAD     jsonReal `json:"mad"`
	MAWD    jsonReal `json:"mawd"`
	CV      jsonReal `json:"cv"`
	Angle   jsonReal `json:"angle_degrees"`
	Dist    jsonReal `json:"distance"`
}

func newEconomyAccount(sh *shell, e *economy, f *leontiefFlags) *economyAccount {
	r := e.result
	a := &economyAccount{Source: f.title(), Products: e.table.N(), Nonzeros: e.table.A.NNZ(), RadiusLower: jsonReal(r.Radius.Lower), RadiusUpper: jsonReal(r.Radius.Upper),
		Groups: r.Radius.Groups, Values: newSystemAccount(r.Values), Outputs: newSystemAccount(r.Outputs), ByValues: jsonReal(r.ByValues), ByOutputs: jsonReal(r.ByOutputs),
		Apart: jsonReal(r.Apart), Notices: append([]string{}, e.notices...), Reading: e.reading.Seconds(), Threads: sh.threads, Level: sh.levelName(), GPU: sh.gpuUse()}
	if a.against = "prices"; e.ledger != "" {
		a.against = "what the books say that the period's output is worth"
	}
	a.signed = leontief.Absolute(e.table.A) != e.table.A
	if c := e.comparison; c != nil {
		a.Comparison = newComparisonAccount(c)
	}
	return a
}

func newSystemAccount(s *leontief.Answer) *systemAccount {
	if s == nil {
		return nil
	}
	a := &systemAccount{Method: string(s.Method), Preconditioner: string(s.Preconditioner), Products: s.Products, Residual: jsonReal(s.Residual),
		Relative: jsonReal(s.Relative), ErrorBound: jsonReal(s.Bound), Seconds: s.Seconds}
	if s.Dominator != nil {
		a.Dominator = jsonReal(s.Dominator.Norm)
	}
	return a
}

// reportEconomy writes the result, if it is to be kept, and prints what came out.
func (sh *shell) reportEconomy(ctx context.Context, e *economy, f *leontiefFlags) error {
	a := newEconomyAccount(sh, e, f)
	if f.ledger.out != "" {
		if err := sh.writeEconomy(ctx, e, a, f); err != nil {
			return err
		}
	}
	a.Seconds, a.MemoryBytes = time.Since(e.begun).Seconds(), memoryInUse()
	sh.meter.close()
	if sh.json {
		return sh.printJSON(a)
	}
	var text bytes.Buffer
	a.print(&text)
	_, err := sh.out.Write(text.Bytes())
	return err
}

func (sh *shell) writeEconomy(ctx context.Context, e *economy, a *economyAccount, f *leontiefFlags) (err error) {
	man := arrow.Manifest{Engine: "planwerk " + version(), ModelVersion: engine.ModelVersion, Ledger: e.ledger, Inputs: e.inputs, Run: sh.runOf(e.begun)}
	summary := func(root string) any {
		a.ResultRoot, a.Seconds, a.MemoryBytes = root, time.Since(e.begun).Seconds(), memoryInUse()
		return a
	}
	options := arrow.WriteOptions{Format: f.ledger.format, Threads: sh.threads, Force: f.ledger.force,
		Progress: func(table string, done, total int64) { sh.meter.report("writing "+table, "rows", done, total) }}
	if e.comparison != nil {
		if options.Extra, err = scatter(e.comparison, e.ledger != ""); err != nil {
			return err
		}
	}
	return sh.disk.writing(func() error {
		a.ResultRoot, err = arrow.WriteResult(ctx, f.ledger.out, e.tables(), f.parameters(), man, summary, options)
		a.Out = f.ledger.out
		return err
	})
}

// parameters are what changes the numbers beside the inputs.
func (f *leontiefFlags) parameters() (list []arrow.Parameter) {
	add := func(name, value string) {
		if value != "" {
			list = append(list, arrow.Parameter{Name: name, Value: value})
		}
	}
	s := &f.source
	add("computation", "leontief")
	add("dataset", f.dataset)
	add("coefficients", strconv.FormatBool(s.Coefficients))
	add("labour_per_unit", strconv.FormatBool(s.LabourPerUnit))
	add("id", s.ID)
	add("output_column", s.Output)
	add("industry_output_column", s.IndustryOutput)
	add("labour_column", s.Labour)
	add("demand_columns", strings.Join(s.Demand, "\n"))
	add("price_column", s.Price)
	add("after", f.ledger.after.text)
	add("until", f.ledger.until.text)
	add("method", f.method)
	add("preconditioner", f.preconditioner)
	add("tolerance", strconv.FormatFloat(f.tolerance, 'g', -1, 64))
	add("products", strconv.Itoa(f.products))
	return list
}

// tables are the result tables, rows in canonical order of the products.
func (e *economy) tables() (list []arrow.ResultTable) {
	order, ints := e.order()
	table := func(name string, rows []int32, columns map[string]func(i int) float64, names ...string) {
		list = append(list, floatTable(name, rows, e.table.Code, ints, columns, names))
	}
	of := func(v []float64) func(int) float64 { return func(i int) float64 { return v[i] } }
	if v := e.result.Values; v != nil {
		table("labour_values", order, map[string]func(int) float64{"direct": of(e.table.Labour), "value": of(v.X)}, "direct", "value")
	}
	if x := e.result.Outputs; x != nil {
		table("gross_outputs", order, map[string]func(int) float64{"demand": of(e.table.Demand), "output": of(x.X)}, "demand", "output")
	}
	if m := e.result.Multipliers; m != nil {
		table("multipliers", order, map[string]func(int) float64{"multiplier": of(m)}, "multiplier")
	}
	if c := e.comparison; c != nil {
		place := make(map[int32]int, len(c.Sectors))
		for k, i := range c.Sectors {
			place[i] = k
		}
		rows := slices.DeleteFunc(slices.Clone(order), func(i int32) bool { _, in := place[i]; return !in })
		table("price_comparison", rows, map[string]func(int) float64{
			"value": func(i int) float64 { return c.Value[place[int32(i)]] },
			"price": func(i int) float64 { return c.Price[place[int32(i)]] },
			"ratio": func(i int) float64 { return c.Value[place[int32(i)]] / c.Price[place[int32(i)]] },
		}, "value", "price", "ratio")
	}
	return list
}

// order sorts the products canonically: by number where all codes are integers, else bytewise.
func (e *economy) order() (order []int32, ints bool) {
	n := e.table.N()
	order, ints = make([]int32, n), true
	numbers := make([]int64, n)
	for i := range order {
		order[i] = int32(i)
		if e.table.Codes != nil {
			k, err := strconv.ParseInt(e.table.Codes[i], 10, 64)
			numbers[i] = k
			ints = ints && err == nil && k >= 0 && strconv.FormatInt(k, 10) == e.table.Codes[i]
		}
	}
	switch {
	case e.table.Codes == nil:
	case ints:
		slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(numbers[a], numbers[b]) })
	default:
		slices.SortFunc(order, func(a, b int32) int { return strings.Compare(e.table.Codes[a], e.table.Codes[b]) })
	}
	return order, ints
}

// floatTable is a table of numbers by product.
func floatTable(name string, rows []int32, code func(int) string, ints bool, columns map[string]func(int) float64, names []string) arrow.ResultTable {
	t := arrow.ResultTable{Name: name, Rows: int64(len(rows)), Columns: []arrow.ResultColumn{{Name: "product", Type: arrow.ColID, IntIDs: ints}}}
	for _, c := range names {
		t.Columns = append(t.Columns, arrow.ResultColumn{Name: c, Type: arrow.ColFloat64})
	}
	t.Fill = func(from, to int64, b *arrow.ResultBatch) error {
		for k, i := range rows[from:to] {
			if ints {
				id, err := strconv.ParseInt(code(int(i)), 10, 64)
				if err != nil {
					return err
				}
				b.Columns[0].Ints[k] = id
			} else {
				b.Columns[0].Text.AppendString(code(int(i)))
			}
			for c, column := range names {
				b.Columns[c+1].Floats[k] = columns[column](int(i))
			}
		}
		return nil
	}
	return t
}

// productive says what the bounds of the spectral radius, of which what follows tells, prove.
func (a *economyAccount) productive() string {
	bounded := float64(a.RadiusUpper) < 1
	for _, s := range []*systemAccount{a.Values, a.Outputs} {
		bounded = bounded || s != nil && float64(s.Dominator) > 0
	}
	if bounded || !a.signed {
		return "Productive: spectral radius"
	}
	return "Not proved to be productive, with negative coefficients: the spectral radius of their sizes is"
}

// print writes the account for people.
func (a *economyAccount) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s products, %s coefficients\n", a.Source, humanCount(int64(a.Products)), humanCount(int64(a.Nonzeros)))
	fmt.Fprintf(w, "%s between %s and %s\n\n", a.productive(), leontief.RadiusText(float64(a.RadiusLower)), leontief.RadiusText(float64(a.RadiusUpper)))
	t := &grid{head: []string{"system", "method", "preconditioner", "matrix products", "residual", "error at most", "seconds"}}
	for _, s := range []struct {
		name string
		of   *systemAccount
	}{{"labour values", a.Values}, {"gross outputs", a.Outputs}} {
		if s.of != nil {
			t.rows = append(t.rows, []string{s.name, s.of.Method, s.of.Preconditioner, strconv.Itoa(s.of.Products), fmt.Sprintf("%.2g", float64(s.of.Residual)),
				fmt.Sprintf("%.2g", float64(s.of.ErrorBound)), fmt.Sprintf("%.3f", s.of.Seconds)})
		}
	}
	t.print(w)
	if a.Values != nil && a.Outputs != nil {
		fmt.Fprintf(w, "\nTotal labour: %.12g by values, %.12g by outputs, %.1e apart\n", float64(a.ByValues), float64(a.ByOutputs), float64(a.Apart))
	}
	if c := a.Comparison; c != nil {
		fmt.Fprintf(w, "\nValues against %s, %d sectors (%d left out):\n", a.against, c.Sectors, c.LeftOut)
		g := &grid{}
		for _, m := range []struct {
			name  string
			value jsonReal
		}{{"r, logarithms", c.RLog}, {"R², logarithms", c.R2Log}, {"r", c.R}, {"R²", c.R2}, {"mean absolute deviation", c.MAD},
			{"the same, weighted", c.MAWD}, {"coefficient of variation", c.CV}, {"angle, degrees", c.Angle}, {"distance", c.Dist}} {
			g.rows = append(g.rows, []string{m.name, fmt.Sprintf("%.4f", float64(m.value))})
		}
		g.print(w)
	}
	if a.Out != "" {
		fmt.Fprintf(w, "\nResult: %s\nRoot:   %s\nCheck:  planwerk verify %s\n", a.Out, a.ResultRoot, a.Out)
	}
}
