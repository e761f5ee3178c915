// Package iotable reads input–output tables into leontief.Table: dense CSV with codes in the first line and column, triplets
// `row,col,value`, plain or gzip; flows or coefficients; one table of flows, or use and make tables with industry technology
// (FORMAT.md §3). Errors name file, line and column. What a table does that a textbook's would not (no output, negative
// entries, stock changes) is allowed with a notice.
package iotable

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"planwerk/engine/leontief"
)

// Source says where a table lies and what its columns mean.
type Source struct {
	FS fs.FS // nil: paths are the machine's

	Flows        string // n × n flows, or coefficients
	Coefficients bool   // Flows are A already
	Use, Make    string // instead of Flows: commodity × industry, industry × commodity

	Vectors       string   // a CSV file with a line per product
	ID            string   // its column of codes; default the first
	Output        string   // gross output: what columns of flows are divided by
	Labour        string   // labour of a sector as a whole, divided by its output
	LabourPerUnit bool     // Labour is per unit already
	Demand        []string // final demand, added up
	Price         string   // price of the output as a whole; default Output, as in tables of money

	// With Use and Make, Labour is of industries, Output of commodities; outputs default to the sums of the make table.
	IndustryOutput string
}

// Input is a file that was read.
type Input struct {
	Path   string
	Rows   int64 // lines after the header
	Bytes  int64 // as stored
	SHA256 string
}

// Read reads a table. The inputs are listed in the order they were read.
func Read(s Source) (*leontief.Table, []Input, error) {
	r := &reader{Source: s, t: &leontief.Table{}}
	if err := s.Check(); err != nil {
		return nil, nil, err
	}
	if s.Vectors != "" {
		v, err := r.readVectors()
		if err != nil {
			return nil, nil, err
		}
		r.v = v
	}
	read := r.readFlows
	if s.Use != "" {
		read = r.readUseMake
	}
	if err := read(); err != nil {
		return nil, nil, err
	}
	r.t.NoteNegatives()
	if err := r.t.Check(); err != nil {
		return nil, nil, err
	}
	return r.t, r.inputs, nil
}

// reader is one table under way.
type reader struct {
	Source
	t      *leontief.Table
	v      *vectors
	inputs []Input
}

// Check finds what is wrong with a source before anything is read.
func (r Source) Check() error {
	switch {
	case (r.Flows == "") == (r.Use == ""):
		return fmt.Errorf("name either a table of flows, or a use and a make table")
	case (r.Use == "") != (r.Make == ""):
		return fmt.Errorf("use and make tables go together: name both")
	case r.Use != "" && r.Coefficients:
		return fmt.Errorf("use and make tables hold flows, not coefficients")
	case r.Vectors == "" && (r.Output != "" || r.Labour != "" || len(r.Demand) > 0 || r.Price != ""):
		return fmt.Errorf("columns are named but no file of vectors to find them in")
	case r.Flows != "" && !r.Coefficients && r.Output == "":
		return fmt.Errorf("flows need a column of outputs to divide by; or say that they are coefficients already")
	case r.Labour != "" && !r.LabourPerUnit && r.Use == "" && r.Output == "":
		return fmt.Errorf("labour of sectors needs a column of outputs to divide by; or say that it is per unit already")
	case r.IndustryOutput != "" && r.Use == "":
		return fmt.Errorf("outputs of industries are for use and make tables")
	}
	return nil
}

// readFlows reads a square table.
func (r *reader) readFlows() error {
	var known *index
	if r.v != nil {
		known = r.v.codes
	}
	e, err := r.readMatrix(r.Flows, known)
	if err != nil {
		return err
	}
	if err := e.square(r.Flows); err != nil {
		return err
	}
	t := r.t
	t.Codes = e.rows.texts()
	if t.A, err = r.matrix(e, r.Flows); err != nil {
		return err
	}
	if r.v == nil {
		return nil
	}
	at, err := r.v.place(e.rows, r.Flows)
	if err != nil {
		return err
	}
	if extra := r.v.codes.n - e.rows.n; extra > 0 {
		t.Notice("%s: %d lines whose codes are not in %s are ignored", r.Vectors, extra, r.Flows)
	}
	if err := r.takeVectors(at); err != nil {
		return err
	}
	if !r.Coefficients {
		if err := t.DivideColumns(t.A, t.Output); err != nil {
			return fmt.Errorf("%s: %w", r.Vectors, err)
		}
	}
	if t.Labour != nil && !r.LabourPerUnit {
		for i, x := range t.Output {
			if t.Labour[i] = over(t.Labour[i], x); x < 0 {
				return fmt.Errorf("%s: the output of %s is %v; an output cannot be negative", r.Vectors, t.Code(i), x)
			}
		}
	}
	return nil
}

// over is a/b, 0 where nothing is made.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// takeVectors reads the columns named; at gives the line of each product, nil when they are in order.
func (r *reader) takeVectors(at []int32) (err error) {
	t := r.t
	take := func(to *[]float64, column string) {
		if err == nil && column != "" {
			*to, err = r.v.column(column, at)
		}
	}
	take(&t.Output, r.Output)
	if r.Use == "" {
		take(&t.Labour, r.Labour)
	}
	for _, column := range r.Demand {
		var d []float64
		take(&d, column)
		if err != nil {
			return err
		}
		if t.Demand == nil {
			t.Demand = d
			continue
		}
		for i, y := range d {
			t.Demand[i] += y
		}
	}
	t.Price = slices.Clone(t.Output)
	take(&t.Price, r.Price)
	if err != nil {
		return err
	}
	r.noteNegative("final demand", t.Demand, "stocks that fall, as a rule")
	r.noteNegative("labour", t.Labour, "a mistake in the source, as a rule")
	t.Notices = append(t.Notices, r.v.notices...)
	return nil
}

func (r *reader) noteNegative(what string, v []float64, why string) {
	count, first := 0, 0
	for i, x := range v {
		if x < 0 {
			if count++; count == 1 {
				first = i
			}
		}
	}
	if count > 0 {
		r.t.Notice("%d products have negative %s (the first, %s: %.6g): %s", count, what, r.t.Code(first), v[first], why)
	}
}

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
	g, q := sums(v)
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
	return t.IndustryTechnology(u, v, g, t.Output, labour, use.cols.text)
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
