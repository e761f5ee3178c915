package main

import (
	"fmt"
	"math"

	"planwerk/engine/leontief"
	"planwerk/kernels"
)

// whole refuses a summary that leaves out a system of which there is a table or a right-hand side: nothing of it would be checked.
func (c *economyCheck) whole() error {
	for _, s := range []struct {
		table string
		given []float64
		said  bool
	}{{"labour_values", c.table.Labour, c.summary.Values != nil}, {"gross_outputs", c.table.Demand, c.summary.Outputs != nil}} {
		if _, has := c.result.Table(s.table); (has || s.given != nil) && !s.said {
			return fmt.Errorf("summary.json says nothing of %s, so they cannot be checked; compute the result again", s.table)
		}
	}
	return nil
}

// solves says whether a relative residual is one that the solver stops at: the tolerance, or what rounding leaves. What a
// summary says of a residual does not make a solution of anything.
func (c *economyCheck) solves(relative float64, d *leontief.Dominator) bool {
	rounding := 1e-12
	if d != nil && d.Norm > 1 {
		rounding *= d.Norm
	}
	return relative <= max(10*c.tolerance, min(rounding, 1e-6))
}

// multipliers checks the answer for a right-hand side of ones.
func (c *economyCheck) multipliers(m *leontief.Matrix, one, x []float64) error {
	most, relative, rounding, err := leontief.Residual(c.ctx, m, one, x, c.threads)
	if err != nil {
		return err
	}
	d, err := leontief.FindDominator(c.ctx, m, c.threads)
	if err != nil {
		return err
	}
	if !c.solves(relative, d) && !(rounding && d.ErrorBound(most) < kernels.NormInf(x)) {
		return fmt.Errorf("table multipliers does not solve its equations: relative residual %.3g at a tolerance of %.3g", relative, c.tolerance)
	}
	return nil
}

// radius checks that the bounds the summary gives of the spectral radius can be true.
func (c *economyCheck) radius() error {
	const products, slack = 24, 1e-9
	now, err := leontief.SpectralRadius(c.ctx, c.table.A, slack, products, c.threads)
	if err != nil {
		return err
	}
	lower, upper := float64(c.summary.RadiusLower), float64(c.summary.RadiusUpper)
	if math.IsNaN(upper) { // null: no bound
		upper = math.Inf(1)
	}
	if !(lower <= upper*(1+slack) && lower <= now.Upper*(1+slack) && now.Lower <= upper*(1+slack)) {
		return fmt.Errorf("summary.json says that the spectral radius lies between %.12g and %.12g, the input gives %.12g to %.12g", lower, upper, now.Lower, now.Upper)
	}
	if n, nnz := c.table.N(), c.table.A.NNZ(); c.summary.Products != n || c.summary.Nonzeros != nnz {
		return fmt.Errorf("summary.json says %d products and %d coefficients, the input has %d and %d", c.summary.Products, c.summary.Nonzeros, n, nnz)
	}
	return nil
}

// prices compares values and prices again.
func (c *economyCheck) prices(values []float64) error {
	const table = "price_comparison"
	var now *leontief.Comparison
	if values != nil && c.table.Output != nil && c.table.Price != nil {
		now, _ = leontief.Compare(values, c.table.Output, c.table.Price) // nil: too few can be compared, as the command warned
	}
	said := c.summary.Comparison
	if _, has := c.result.Table(table); has != (now != nil) || has != (said != nil) {
		return fmt.Errorf("values are compared with prices: by the input %t, in table %s %t, in summary.json %t", now != nil, table, has, said != nil)
	}
	if now == nil {
		return nil
	}
	ratio := make([]float64, len(now.Value))
	for k, v := range now.Value {
		ratio[k] = v / now.Price[k]
	}
	for _, column := range []struct {
		name string
		now  []float64
	}{{"value", now.Value}, {"price", now.Price}, {"ratio", ratio}} {
		x, rows, err := c.cells(table, column.name)
		if err != nil {
			return err
		}
		if rows != int64(len(now.Sectors)) {
			return fmt.Errorf("table %s has %d rows, %d products can be compared", table, rows, len(now.Sectors))
		}
		for k, i := range now.Sectors {
			if !agree(x[i], column.now[k], 0) {
				return fmt.Errorf("table %s: %s of product %s is %.12g, values and prices give %.12g", table, column.name, c.table.Code(int(i)), x[i], column.now[k])
			}
		}
	}
	if again := newComparisonAccount(now); !again.agrees(said) {
		return fmt.Errorf("summary.json says other figures of values and prices than they give: %+v, not %+v", *again, *said)
	}
	return nil
}

func newComparisonAccount(c *leontief.Comparison) *comparisonAccount {
	return &comparisonAccount{len(c.Sectors), c.Left, jsonReal(c.RLog), jsonReal(c.R2Log), jsonReal(c.R), jsonReal(c.R2),
		jsonReal(c.MAD), jsonReal(c.MAWD), jsonReal(c.CV), jsonReal(c.Angle), jsonReal(c.Distance)}
}

// agrees compares figures; null is no finite number.
func (a *comparisonAccount) agrees(b *comparisonAccount) bool {
	same := a.Sectors == b.Sectors && a.LeftOut == b.LeftOut
	for _, f := range [][2]jsonReal{{a.RLog, b.RLog}, {a.R2Log, b.R2Log}, {a.R, b.R}, {a.R2, b.R2}, {a.MAD, b.MAD}, {a.MAWD, b.MAWD},
		{a.CV, b.CV}, {a.Angle, b.Angle}, {a.Dist, b.Dist}} {
		same = same && agree(float64(f[0]), float64(f[1]), 1)
	}
	return same
}
