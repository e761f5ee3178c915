package planproblem

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"planwerk/arrow"
	"planwerk/engine/ledger"
	"planwerk/engine/plan"
)

// Options of Read. The zero value reads with all cores.
type Options struct {
	Threads  int   // worker goroutines; 0: one per core
	Memory   int64 // bytes that the tables and their reading may hold; 0: arrow.DefaultMemory
	NoVerify bool  // do not hash the files
	Progress func(table string, rowsDone, rowsTotal int64)
}

// Inputs says what was read.
type Inputs struct {
	Files   []arrow.InputFile // by table, then by path
	Rows    int64
	Notices []string
}

// Id spaces: ids of a space name the same thing in all tables.
const (
	products   = "product"
	techniques = "technique"
	resources  = "resource"
)

// columnDef is a column of a plan table.
type columnDef struct {
	name     string
	kind     arrow.Kind
	optional bool
	space    string // of ids
}

func id(name, space string) columnDef { return columnDef{name, arrow.KindID, false, space} }
func number(name string) columnDef    { return columnDef{name, arrow.KindFloat, false, ""} }
func whole(name string) columnDef     { return columnDef{name, arrow.KindMinutes, false, ""} }
func text(name string) columnDef      { return columnDef{name, arrow.KindText, false, ""} }
func opt(c columnDef) columnDef       { c.optional = true; return c }

// tableDef is a table of a plan problem and how its rows are taken over.
type tableDef struct {
	name    string
	columns []columnDef
	read    func(*reader, *table) error
}

// schema has every table of a plan problem, those that others refer to first.
var schema = []tableDef{
	{"products", []columnDef{id("product", products), opt(text("region")), opt(text("unit"))}, (*reader).products},
	{"techniques", []columnDef{id("technique", techniques), number("labour"), opt(number("minimum")), opt(number("maximum"))}, (*reader).techniques},
	{"resources", []columnDef{id("resource", resources), number("available"), opt(number("price"))}, (*reader).resources},
	{"flows", []columnDef{id("technique", techniques), id("product", products), number("quantity")}, (*reader).flows},
	{"uses", []columnDef{id("technique", techniques), id("resource", resources), number("quantity")}, (*reader).uses},
	{"targets", []columnDef{id("product", products), number("quantity"), opt(number("weight")), text("kind")}, (*reader).targets},
	{"stocks", []columnDef{id("product", products), number("quantity")}, (*reader).stocks},
	{"recycling", []columnDef{id("product", products), id("recovered", products), number("share"), opt(whole("lag"))}, (*reader).recycling},
	{"transport", []columnDef{id("product", products), text("from"), text("to"), number("labour"), opt(number("loss"))}, (*reader).transport},
	{"storage", []columnDef{id("product", products), number("labour"), opt(number("loss"))}, (*reader).storage},
	{"investments", []columnDef{id("technique", techniques), id("resource", resources), number("quantity"), opt(whole("lag")), opt(whole("life"))}, (*reader).investments},
	{"growth", []columnDef{whole("period"), number("factor")}, (*reader).growth},
}

// reader reads one problem.
type reader struct {
	spaces  map[string]*space
	p       *plan.Problem
	inputs  *Inputs
	origins map[string][]int // per table: the file row of each row of the problem, where rows of the two differ
	read    map[string]*table
}

// space is an id space: its texts, and the rows they name, found once each.
type space struct {
	domain *ledger.Domain
	rows   map[ledger.Key][]int32
	find   func(text string) []int32
}

// Read reads the plan problem in a directory and checks it.
func Read(ctx context.Context, dir string, opt Options) (*plan.Problem, *Inputs, error) {
	d, err := arrow.OpenDirectory(dir, func(name string) bool {
		return slices.ContainsFunc(schema, func(t tableDef) bool { return t.name == name })
	})
	if err != nil {
		return nil, nil, err
	}
	ao := arrow.Options{Threads: opt.Threads, Budget: arrow.NewBudget(opt.Memory), NoVerify: opt.NoVerify, Progress: opt.Progress}
	r := &reader{p: &plan.Problem{}, inputs: &Inputs{}, origins: map[string][]int{}, read: map[string]*table{}}
	r.makeSpaces()
	for _, def := range schema {
		files := d.Tables[def.name]
		if len(files) == 0 {
			if def.name == "products" {
				return nil, nil, &arrow.Error{File: dir, Table: def.name, What: "the table is not there", Hint: "a plan problem has at least products, techniques, flows and targets"}
			}
			if slices.Contains([]string{"techniques", "flows", "targets"}, def.name) {
				r.inputs.Notices = append(r.inputs.Notices, fmt.Sprintf("table %s is not there and counts as empty", def.name))
			}
			continue
		}
		t, err := r.table(ctx, def.name, def.columns, files, ao)
		if err == nil {
			err = t.required()
		}
		if err == nil {
			err = def.read(r, t)
		}
		if err == nil && slices.Contains([]string{"products", "techniques", "resources"}, def.name) {
			err = r.placed(r.p.Validate()) // doubled ids, before others refer to them
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if len(d.Ignored) > 0 {
		r.inputs.Notices = append(r.inputs.Notices, "no tables of a plan problem, ignored: "+strings.Join(d.Ignored, ", "))
	}
	if err := r.p.Validate(); err != nil {
		return nil, nil, r.placed(err)
	}
	return r.p, r.inputs, nil
}

func (r *reader) makeSpaces() {
	unknown := func(string) []int32 { return nil } // rows are registered when their table is read
	r.spaces = map[string]*space{}
	for _, name := range []string{products, techniques, resources} {
		r.spaces[name] = &space{domain: ledger.NewDomain(name), rows: map[ledger.Key][]int32{}, find: unknown}
	}
	r.spaces[products].find = r.p.Find
}

// table is a table as read.
type table struct {
	name  string
	def   []columnDef
	files []arrow.File
	*arrow.TableData
}

// table reads one table and lists its files.
func (r *reader) table(ctx context.Context, name string, def []columnDef, files []arrow.File, opt arrow.Options) (*table, error) {
	if !opt.NoVerify {
		list := make([]*arrow.File, len(files))
		for i := range files {
			list[i] = &files[i]
		}
		if err := arrow.Verify(ctx, list, opt); err != nil {
			return nil, err
		}
	}
	at := arrow.Table{Name: name, Files: files}
	for _, c := range def {
		col := arrow.Column{Name: c.name, Kind: c.kind, Optional: c.optional}
		if c.kind == arrow.KindID {
			col.Interner = r.spaces[c.space].domain
		}
		at.Columns = append(at.Columns, col)
	}
	data, err := arrow.ReadTable(ctx, &at, opt)
	if err != nil {
		return nil, err
	}
	for i, f := range at.Files {
		in := arrow.InputFile{Path: f.Name, Table: name, Rows: data.FileRows[i], Bytes: f.Bytes}
		if !opt.NoVerify {
			in.SHA256 = f.SHA256
		}
		r.inputs.Files = append(r.inputs.Files, in)
	}
	r.inputs.Rows += int64(data.Rows)
	r.inputs.Notices = append(r.inputs.Notices, data.Notices...)
	if data.Rows == 0 {
		r.inputs.Notices = append(r.inputs.Notices, fmt.Sprintf("table %s has no rows", name))
	}
	t := &table{name, def, at.Files, data}
	r.read[name] = t
	return t, nil
}

// fault is an error in a row of a table, counted from 0; below 0 it is about the table.
func (t *table) fault(row, col int, format string, args ...any) error {
	e := &arrow.Error{Table: t.name, What: fmt.Sprintf(format, args...)}
	if col >= 0 {
		e.Column = t.def[col].name
	}
	if len(t.files) > 0 {
		e.File = t.files[0].Name
	}
	if row >= 0 {
		at := int64(row)
		for i, n := range t.FileRows {
			if at < n {
				e.File, e.Row = t.files[i].Name, at+1
				break
			}
			at -= n
		}
	}
	return e
}

// placed gives a fault of the problem the file and row it comes from.
func (r *reader) placed(err error) error {
	var d *plan.DataError
	if !errors.As(err, &d) {
		return err
	}
	t := r.read[d.Table]
	if t == nil {
		return &arrow.Error{Table: d.Table, Column: d.Column, What: d.What}
	}
	row := d.Row
	if o := r.origins[d.Table]; row >= 0 && row < len(o) {
		row = o[row]
	}
	col := slices.IndexFunc(t.def, func(c columnDef) bool { return c.name == d.Column })
	return t.fault(row, col, "%s", d.What)
}

// number is a cell; missing stands for null.
func (t *table) number(row, col int, missing float64) float64 {
	c := &t.Cols[col]
	if c.Absent || math.IsNaN(c.Floats[row]) {
		return missing
	}
	return c.Floats[row]
}

// whole is a cell; missing stands for null.
func (t *table) whole(row, col, missing int) (int, error) {
	c := &t.Cols[col]
	if c.Absent || c.Ints[row] == arrow.NullInt {
		return missing, nil
	}
	if v := c.Ints[row]; v < -math.MaxInt32 || v > math.MaxInt32 {
		return 0, t.fault(row, col, "%d periods", v)
	}
	return int(c.Ints[row]), nil
}

func (t *table) text(row, col int) string {
	c := &t.Cols[col]
	if c.Absent {
		return ""
	}
	return string(c.Text.Data[c.Text.Offsets[row]:c.Text.Offsets[row+1]])
}

// required finds the first null of the columns that must not have any.
func (t *table) required() error {
	for col, def := range t.def {
		if def.optional {
			continue
		}
		c := &t.Cols[col]
		for row := range t.Rows {
			null := false
			switch def.kind {
			case arrow.KindFloat:
				null = math.IsNaN(c.Floats[row])
			case arrow.KindText:
				null = t.text(row, col) == ""
			default:
				null = c.Ints[row] == arrow.NullInt
			}
			if null {
				return t.fault(row, col, "is empty; every row needs it")
			}
		}
	}
	return nil
}

// all gives the rows that an id names; none is a fault.
func (r *reader) all(t *table, row, col int) ([]int32, error) {
	s := r.spaces[t.def[col].space]
	key := t.Cols[col].Ints[row]
	found, known := s.rows[key]
	if !known {
		found = s.find(s.domain.Text(key))
		s.rows[key] = found
	}
	if len(found) == 0 {
		return nil, t.fault(row, col, "there is no %s %q", t.def[col].space, s.domain.Text(key))
	}
	return found, nil
}

// one gives the row that an id names; a good of several regions must be named with its region.
func (r *reader) one(t *table, row, col int) (int32, error) {
	found, err := r.all(t, row, col)
	if err != nil {
		return 0, err
	}
	if len(found) > 1 {
		a := r.p.Products[found[0]]
		return 0, t.fault(row, col, "%s is made in %d regions; name one, such as %s@%s", a.ID, len(found), a.ID, a.Region)
	}
	return found[0], nil
}
