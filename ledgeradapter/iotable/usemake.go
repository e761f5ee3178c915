package iotable

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"planwerk/engine/leontief"
)

// readUseMake reads a use and a make table and derives commodity × commodity coefficients by industry technology.
func (r *reader) readUseMake() error {
	use, err := r.readMatrix(r.Use, nil)
	if err != nil {
		return err
	}
	made, err := r.readMatrix(r.Make, nil)
	if err != nil {
		return err
	}
	use.widen(made)
	if err := made.arrange(use.cols, use.rows, r.Make, r.Use); err != nil {
		return err
	}
	t := r.t
	t.Codes = use.rows.texts()
	u, err := r.matrix(use, r.Use)
	if err != nil {
		return err
	}
	v, err := r.matrix(made, r.Make)
	if err != nil {
		return err
	}
	r.noteNegativeMakes(v, use)
	g, q := sums(v)
	byMake := g
	var labour []float64
	if r.v != nil {
		at, err := r.v.place(use.rows, r.Use)
		if err != nil {
			return err
		}
		if err := r.takeVectors(at); err != nil {
			return err
		}
		if labour, g, err = r.industryVectors(use, g); err != nil {
			return err
		}
	}
	r.noteOther(r.Output, "products", t.Output, q, use.rows)
	r.noteOther(r.IndustryOutput, "industries", g, byMake, use.cols)
	if t.Output == nil {
		t.Output = q
	}
	if t.Price == nil {
		t.Price = slices.Clone(t.Output)
	}
	if r.LabourPerUnit && labour != nil {
		for i := range labour {
			labour[i] *= g[i]
		}
	}
	if err := t.IndustryTechnology(u, v, g, t.Output, labour, use.cols.text); err != nil {
		return fmt.Errorf("%s: %w", r.outputsFrom(), err)
	}
	return nil
}

// outputsFrom names the file that outputs come from.
func (r *reader) outputsFrom() string {
	if r.Output == "" && r.IndustryOutput == "" {
		return r.Make
	}
	return r.Make + " and " + r.Vectors
}

// noteNegativeMakes says that industries make less than nothing.
func (r *reader) noteNegativeMakes(v *leontief.Matrix, use *entries) {
	count, first := 0, ""
	for i := range v.Rows {
		cols, vals := v.Row(i)
		for k, x := range vals {
			if x < 0 {
				if count++; count == 1 {
					first = fmt.Sprintf("industry %s, %s: %.6g", use.cols.text(i), use.rows.text(int(cols[k])), x)
				}
			}
		}
	}
	if count > 0 {
		r.t.Notice("%s: %d entries are negative and kept as they are (the first, %s)", r.Make, count, first)
	}
}

// noteOther says where a column of outputs is another than the make table's sums, by more than a hundredth: shares of industries
// in products, or of inputs in industries, then do not add up to what they would.
func (r *reader) noteOther(column, what string, given, sums []float64, codes *index) {
	if column == "" {
		return
	}
	count, first := 0, 0
	for i, x := range given {
		if math.Abs(x-sums[i]) > 0.01*max(math.Abs(x), math.Abs(sums[i])) {
			if count++; count == 1 {
				first = i
			}
		}
	}
	if count > 0 {
		r.t.Notice("%d %s have another output in column %s of %s than %s adds up to (the first, %s: %.6g, not %.6g); the column is taken", count, what, column, r.Vectors, r.Make, codes.text(first), given[first], sums[first])
	}
}

// industryVectors takes the columns that belong to industries, by their codes. Real files list commodities, and lack the few
// industries that go by other codes: those have no labour, and the output that the make table gives them, with a notice.
func (r *reader) industryVectors(use *entries, g []float64) (labour, output []float64, err error) {
	if r.Labour == "" && r.IndustryOutput == "" {
		return nil, g, nil
	}
	at := make([]int32, use.cols.n)
	var missing []string
	for k := range at {
		if at[k] = r.v.codes.find([]byte(use.cols.text(k))); at[k] < 0 {
			missing = append(missing, use.cols.text(k))
		}
	}
	if 2*len(missing) > len(at) {
		return nil, nil, fmt.Errorf("%s: %d of the %d industries of %s have no line (the first, %s)", r.Vectors, len(missing), len(at), r.Use, missing[0])
	}
	if len(missing) > 0 {
		r.t.Notice("%s: %d industries have no line: they count with no labour, and with the output that the make table gives (%s)", r.Vectors, len(missing), strings.Join(missing[:min(len(missing), 8)], ", "))
	}
	take := func(column string, otherwise []float64) []float64 {
		values := r.v.columns[column]
		out := make([]float64, len(at))
		for i, k := range at {
			switch {
			case k >= 0:
				out[i] = values[k]
			case otherwise != nil:
				out[i] = otherwise[i]
			}
		}
		return out
	}
	if r.Labour != "" {
		labour = take(r.Labour, nil)
		noteNegative(r.t, "industries", "labour", labour, use.cols.text, "a mistake in the source, as a rule")
	}
	if r.IndustryOutput != "" {
		g = take(r.IndustryOutput, g)
	}
	return labour, g, nil
}

// sums gives the sums of rows and of columns.
func sums(m *leontief.Matrix) (rows, cols []float64) {
	rows, cols = make([]float64, m.Rows), make([]float64, m.Cols)
	for i := range rows {
		c, v := m.Row(i)
		for k, j := range c {
			rows[i] += v[k]
			cols[j] += v[k]
		}
	}
	return rows, cols
}
