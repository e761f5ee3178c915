package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"planwerk/arrow"
	"planwerk/engine/leontief"
	"planwerk/kernels"
)

// isEconomy tells a result of leontief from others.
func isEconomy(man *arrow.Manifest) bool {
	return slices.Contains(man.Parameters, arrow.Parameter{Name: "computation", Value: "leontief"})
}

// verifiedEconomy is the outcome of verify for a result of leontief under --json: residuals in the maximum norm, rounding
// errors added, and the bounds of the error they prove.
type verifiedEconomy struct {
	verified
	ValuesResidual  jsonReal `json:"labour_values_residual"`
	ValuesError     jsonReal `json:"labour_values_error_bound"`
	OutputsResidual jsonReal `json:"gross_outputs_residual"`
	OutputsError    jsonReal `json:"gross_outputs_error_bound"`
}

// verifyEconomy reads the table a result was computed from again and puts the result's own vectors into λ = λA + l and
// x = Ax + y: the residuals, the bounds of their errors and total labour must be no worse than the summary says.
func (sh *shell) verifyEconomy(ctx context.Context, dir string, man *arrow.Manifest, source string) error {
	f, err := leontiefFlagsOf(man, source)
	if err != nil {
		return inputf("%s/%s: %w", dir, arrow.ManifestFile, err)
	}
	e := &economy{}
	if err := e.read(ctx, sh, f); err != nil {
		return err
	}
	c := &economyCheck{ctx: ctx, dir: dir, table: e.table, threads: sh.threads, tolerance: f.tolerance}
	if err := c.open(); err != nil {
		return err
	}
	out := verifiedEconomy{verified: verified{Dir: dir, Files: len(man.Outputs), Recomputed: true, ResultRoot: man.ResultRoot}}
	if err := c.all(&out); err != nil {
		if changed := compareInputs("table", man.Inputs, e.inputs); changed != nil {
			sh.log.Warn(changed.Error())
		}
		return inputf("%s: %w", dir, err)
	}
	sh.meter.close()
	if sh.json {
		return sh.printJSON(out)
	}
	fmt.Fprintf(sh.out, "%d files are as the manifest lists them.\n", out.Files)
	if c.summary.Values != nil {
		fmt.Fprintf(sh.out, "labour values: residual %.2g, error at most %.2g, recomputed from %d input files.\n", float64(out.ValuesResidual), float64(out.ValuesError), len(e.inputs))
	}
	if c.summary.Outputs != nil {
		fmt.Fprintf(sh.out, "gross outputs: residual %.2g, error at most %.2g, recomputed from %d input files.\n", float64(out.OutputsResidual), float64(out.OutputsError), len(e.inputs))
	}
	_, err = fmt.Fprintf(sh.out, "Root: %s\n", man.ResultRoot)
	return err
}

// economyCheck is one result under check.
type economyCheck struct {
	ctx       context.Context
	dir       string
	table     *leontief.Table
	threads   int
	tolerance float64
	result    *arrow.Result
	summary   economyAccount
	at        map[string]int // product by code
}

func (c *economyCheck) open() error {
	text, err := os.ReadFile(filepath.Join(c.dir, "summary.json"))
	if err != nil {
		return inputf("%w", err)
	}
	if err := json.Unmarshal(text, &c.summary); err != nil {
		return inputf("%s/summary.json: %w", c.dir, err)
	}
	c.at = make(map[string]int, c.table.N())
	for i := range c.table.N() {
		c.at[c.table.Code(i)] = i
	}
	c.result, err = arrow.OpenResult(c.dir)
	return err
}

// all checks every table there is.
func (c *economyCheck) all(out *verifiedEconomy) (err error) {
	if err := c.whole(); err != nil {
		return err
	}
	byColumn := c.table.A.TransposeOn(c.threads)
	values, outputs := []float64(nil), []float64(nil)
	if c.summary.Values != nil {
		if values, err = c.system(byColumn, c.table.Labour, "labour_values", "direct", "value", c.summary.Values, &out.ValuesResidual, &out.ValuesError); err != nil {
			return err
		}
	}
	if c.summary.Outputs != nil {
		if outputs, err = c.system(c.table.A, c.table.Demand, "gross_outputs", "demand", "output", c.summary.Outputs, &out.OutputsResidual, &out.OutputsError); err != nil {
			return err
		}
	}
	if values != nil && outputs != nil {
		for _, total := range []struct {
			name      string
			said, now float64
		}{{"by values", float64(c.summary.ByValues), kernels.Dot(values, c.table.Demand)}, {"by outputs", float64(c.summary.ByOutputs), kernels.Dot(c.table.Labour, outputs)}} {
			if !agree(total.said, total.now, 0) {
				return fmt.Errorf("summary.json says that total labour %s is %.12g, the tables give %.12g", total.name, total.said, total.now)
			}
		}
	}
	if _, has := c.result.Table("multipliers"); has {
		m, err := c.column("multipliers", "multiplier")
		if err != nil {
			return err
		}
		one := slices.Repeat([]float64{1}, c.table.N())
		if err := c.multipliers(byColumn, one, m); err != nil {
			return err
		}
	}
	if err := c.prices(values); err != nil {
		return err
	}
	return c.radius()
}

// system checks one table of a right-hand side and an answer, and returns the answer.
func (c *economyCheck) system(m *leontief.Matrix, b []float64, table, given, answer string, said *systemAccount, residual, bound *jsonReal) ([]float64, error) {
	if b == nil {
		return nil, fmt.Errorf("table %s: the input has no column for %s", table, given)
	}
	rhs, err := c.column(table, given)
	if err != nil {
		return nil, err
	}
	for i, v := range rhs {
		if !agree(v, b[i], 0) {
			return nil, fmt.Errorf("table %s: %s of product %s is %.12g, the input gives %.12g", table, given, c.table.Code(i), v, b[i])
		}
	}
	x, err := c.column(table, answer)
	if err != nil {
		return nil, err
	}
	most, relative, rounding, err := leontief.Residual(c.ctx, m, b, x, c.threads)
	if err != nil {
		return nil, err
	}
	d, err := leontief.FindDominator(c.ctx, m, c.threads)
	if err != nil {
		return nil, err
	}
	off := d.ErrorBound(most)
	*residual, *bound = jsonReal(most), jsonReal(off)
	if !noWorse(most, float64(said.Residual)) {
		return nil, fmt.Errorf("table %s does not solve its equations: residual %.3g, summary.json says %.3g", table, most, float64(said.Residual))
	}
	if !c.solves(relative, d) && !(rounding && off < kernels.NormInf(x)) {
		return nil, fmt.Errorf("table %s does not solve its equations: relative residual %.3g at a tolerance of %.3g", table, relative, c.tolerance)
	}
	if !noWorse(off, float64(said.ErrorBound)) && !math.IsNaN(float64(said.ErrorBound)) {
		return nil, fmt.Errorf("table %s: the error is at most %.3g, summary.json says %.3g", table, off, float64(said.ErrorBound))
	}
	return x, nil
}

// UnmarshalJSON reads what MarshalJSON writes: null is no finite number.
func (r *jsonReal) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*r = jsonReal(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(r))
}

// noWorse compares a recomputed figure with the one that was said; machines that fuse multiplication and addition round
// differently.
func noWorse(now, said float64) bool { return now <= said*(1+1e-6) }

// column reads a column of a result table by product. Every product must be there.
func (c *economyCheck) column(table, name string) ([]float64, error) {
	x, rows, err := c.cells(table, name)
	if err == nil && rows != int64(len(x)) {
		err = fmt.Errorf("table %s has %d rows, the input %d products", table, rows, len(x))
	}
	return x, err
}

// cells reads a column by product, NaN where it has none, and counts its rows.
func (c *economyCheck) cells(table, name string) (x []float64, rows int64, err error) {
	x = slices.Repeat([]float64{math.NaN()}, c.table.N())
	if _, has := c.result.Table(table); !has {
		return nil, 0, fmt.Errorf("it has no table %s, which summary.json speaks of", table)
	}
	err = c.result.Scan(c.ctx, table, func(_ int64, columns []arrow.ResultColumn, b *arrow.ResultBatch) error {
		id := slices.IndexFunc(columns, func(c arrow.ResultColumn) bool { return c.Name == "product" })
		value := slices.IndexFunc(columns, func(c arrow.ResultColumn) bool { return c.Name == name })
		if id < 0 || value < 0 || columns[value].Type != arrow.ColFloat64 {
			return fmt.Errorf("table %s has no columns product and %s", table, name)
		}
		for i := range b.N {
			code := cellCSV(&columns[id], &b.Columns[id], i)
			k, known := c.at[code]
			if !known {
				return fmt.Errorf("table %s has a product %s that the input has not", table, code)
			}
			x[k] = b.Columns[value].Floats[i]
		}
		rows += int64(b.N)
		return nil
	})
	return x, rows, err
}

// leontiefFlagsOf reads the flags of a result back from its manifest. Its files are listed in the order they were read.
func leontiefFlagsOf(man *arrow.Manifest, source string) (*leontiefFlags, error) {
	f := &leontiefFlags{}
	var err error
	for _, p := range man.Parameters {
		s := &f.source
		switch p.Name {
		case "dataset":
			f.dataset = p.Value
		case "coefficients":
			s.Coefficients, err = strconv.ParseBool(p.Value)
		case "labour_per_unit":
			s.LabourPerUnit, err = strconv.ParseBool(p.Value)
		case "id":
			s.ID = p.Value
		case "output_column":
			s.Output = p.Value
		case "industry_output_column":
			s.IndustryOutput = p.Value
		case "labour_column":
			s.Labour = p.Value
		case "demand_columns":
			s.Demand = strings.Split(p.Value, "\n")
		case "price_column":
			s.Price = p.Value
		case "after":
			err = f.ledger.after.Set(p.Value)
		case "until":
			err = f.ledger.until.Set(p.Value)
		case "tolerance":
			f.tolerance, err = strconv.ParseFloat(p.Value, 64)
		case "computation", "method", "preconditioner", "products", "model_version":
		default:
			err = fmt.Errorf("this program does not know it")
		}
		if err != nil {
			return nil, fmt.Errorf("parameter %s = %q: %w", p.Name, p.Value, err)
		}
	}
	if source == "" {
		source = man.Ledger
	}
	return f, f.nameFiles(man.Inputs, source)
}

// nameFiles says which input is which.
func (f *leontiefFlags) nameFiles(inputs []arrow.InputFile, ledger string) error {
	s := &f.source
	switch {
	case f.ledger.after.set || f.ledger.until.set:
		f.ledger.ledger, f.ledger.rounding = ledger, "cascade"
		return nil
	case f.dataset != "":
		return f.fromDataset()
	}
	vectors := s.Coefficients || s.Output != "" || s.Labour != "" || len(s.Demand) > 0 || s.Price != ""
	if vectors && len(inputs) == 2 || len(inputs) == 3 {
		s.Vectors, inputs = inputs[0].Path, inputs[1:]
	}
	switch len(inputs) {
	case 1:
		s.Flows = inputs[0].Path
	case 2:
		s.Use, s.Make = inputs[0].Path, inputs[1].Path
	default:
		return fmt.Errorf("it lists %d input files", len(inputs))
	}
	return nil
}
