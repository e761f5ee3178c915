// Package iotable reads input–output tables into leontief.Table: dense CSV with codes in the first line and column, triplets
// `row,col,value`, plain or gzip; flows or coefficients; one table of flows, or use and make tables with industry technology
// (FORMAT.md §3). Errors name file, line and column. What a table does that a textbook's would not (no output, negative
// entries, stock changes) is allowed with a notice.
package iotable

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"

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
		return nil, nil, fmt.Errorf("%s: %w; count in other units", s.tables(), err)
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

// tables names the files that coefficients come from.
func (r Source) tables() string {
	name := cmp.Or(r.Flows, r.Use)
	if r.Vectors != "" {
		name += " and " + r.Vectors
	}
	return name
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
	case r.Vectors == "" && (r.Output != "" || r.Labour != "" || len(r.Demand) > 0 || r.Price != "" || r.ID != "" || r.IndustryOutput != ""):
		return fmt.Errorf("columns are named but no file of vectors to find them in")
	case r.Flows != "" && !r.Coefficients && r.Output == "":
		return fmt.Errorf("flows need a column of outputs to divide by; or say that they are coefficients already")
	case r.Labour != "" && !r.LabourPerUnit && r.Use == "" && r.Output == "":
		return fmt.Errorf("labour of sectors needs a column of outputs to divide by; or say that it is per unit already")
	case r.IndustryOutput != "" && r.Use == "":
		return fmt.Errorf("outputs of industries are for use and make tables")
	}
	for k, column := range r.Demand {
		if column == "" {
			return fmt.Errorf("a column of demand has no name")
		}
		if slices.Contains(r.Demand[:k], column) {
			return fmt.Errorf("column %q of demand is named twice: it would be added twice", column)
		}
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
		r.noteIdle()
		for i, x := range t.Output {
			if t.Labour[i] = over(t.Labour[i], x); x < 0 {
				return fmt.Errorf("%s: the output of %s is %v; an output cannot be negative", r.Vectors, t.Code(i), x)
			}
		}
	}
	return nil
}

// noteIdle says whose labour is lost with the output that it would be divided by.
func (r *reader) noteIdle() {
	count, first := 0, 0
	for i, x := range r.t.Output {
		if x == 0 && r.t.Labour[i] != 0 {
			if count++; count == 1 {
				first = i
			}
		}
	}
	if count > 0 {
		r.t.Notice("%s: %d products have labour and no output: their labour is left out (the first, %s: %.6g)", r.Vectors, count, r.t.Code(first), r.t.Labour[first])
	}
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
	noteNegative(t, "products", "final demand", t.Demand, t.Code, "stocks that fall, as a rule")
	noteNegative(t, "products", "labour", t.Labour, t.Code, "a mistake in the source, as a rule")
	t.Notices = append(t.Notices, r.v.notices...)
	return nil
}

func noteNegative(t *leontief.Table, whose, what string, v []float64, code func(int) string, why string) {
	count, first := 0, 0
	for i, x := range v {
		if x < 0 {
			if count++; count == 1 {
				first = i
			}
		}
	}
	if count > 0 {
		t.Notice("%d %s have negative %s (the first, %s: %.6g): %s", count, whose, what, code(first), v[first], why)
	}
}
