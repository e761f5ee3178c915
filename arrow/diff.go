package arrow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"slices"
	"strings"
)

// Difference is where two results first differ, A and B being what each has there. Tables are compared in bytewise
// order of their names, rows in canonical order, columns in the table's order. Formats of files and storage of ids do
// not count.
type Difference struct {
	Parameters []ParameterDifference // all that differ

	Table  string // the first table that differs; empty when none does
	Column string // empty when a whole table or row is missing, or the columns differ
	Row    int64  // from 0; −1 when the difference is not about a row
	KeyA   string // the first cell of that row: its id
	KeyB   string
	A, B   string // values as printed in CSV; "null"
}

// ParameterDifference is a parameter with two values; "" where a result does not have it.
type ParameterDifference struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

// String is the difference on a few lines.
func (d *Difference) String() string {
	var s strings.Builder
	for _, p := range d.Parameters {
		fmt.Fprintf(&s, "parameter %s: %q, %q\n", p.Name, p.A, p.B)
	}
	if d.Table == "" {
		return s.String()
	}
	fmt.Fprintf(&s, "table %s", d.Table)
	if d.Row >= 0 {
		fmt.Fprintf(&s, ", row %d", d.Row)
		if d.KeyA == d.KeyB {
			fmt.Fprintf(&s, " (%s)", d.KeyA)
		} else {
			fmt.Fprintf(&s, " (%s, %s)", d.KeyA, d.KeyB)
		}
	}
	if d.Column != "" {
		fmt.Fprintf(&s, ", column %s", d.Column)
	}
	fmt.Fprintf(&s, ": %s, %s\n", d.A, d.B)
	return s.String()
}

// Diff compares two results, their rows as they are in the files; nil when nothing differs. Files must be those of
// their manifests.
func Diff(ctx context.Context, a, b string) (*Difference, error) {
	ra, err := OpenResult(a)
	if err != nil {
		return nil, err
	}
	rb, err := OpenResult(b)
	if err != nil {
		return nil, err
	}
	d := &Difference{Row: -1, Parameters: diffParameters(ra.Manifest.Parameters, rb.Manifest.Parameters)}
	for _, name := range tableNames(ra.Manifest, rb.Manifest) {
		if err := d.compareTable(ctx, ra, rb, name); err != nil {
			return nil, err
		}
		if d.Table != "" {
			return d, nil
		}
	}
	if len(d.Parameters) > 0 {
		return d, nil
	}
	return nil, nil
}

func diffParameters(a, b []Parameter) (out []ParameterDifference) {
	values := map[string]*ParameterDifference{}
	at := func(name string) *ParameterDifference {
		if values[name] == nil {
			values[name] = &ParameterDifference{Name: name}
		}
		return values[name]
	}
	for _, p := range a {
		at(p.Name).A = p.Value
	}
	for _, p := range b {
		at(p.Name).B = p.Value
	}
	for _, p := range values {
		if p.A != p.B {
			out = append(out, *p)
		}
	}
	slices.SortFunc(out, func(x, y ParameterDifference) int { return strings.Compare(x.Name, y.Name) })
	return out
}

func tableNames(a, b *Manifest) []string {
	var names []string
	for _, t := range a.Tables {
		names = append(names, t.Name)
	}
	for _, t := range b.Tables {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// compareTable sets d.Table when the table differs.
func (d *Difference) compareTable(ctx context.Context, a, b *Result, name string) error {
	ta, inA := a.Table(name)
	tb, inB := b.Table(name)
	if !inA || !inB {
		d.Table, d.A, d.B = name, presence(inA), presence(inB)
		return nil
	}
	if ca, cb := describeColumns(ta), describeColumns(tb); ca != cb {
		d.Table, d.A, d.B = name, ca, cb
		return nil
	}
	fa, err := a.openVerified(ctx, a.file(name))
	if err != nil {
		return err
	}
	defer fa.Close()
	fb, err := b.openVerified(ctx, b.file(name))
	if err != nil {
		return err
	}
	defer fb.Close()
	if a.file(name).SHA256 == b.file(name).SHA256 {
		return nil // the same bytes, as just verified
	}
	return d.compareRows(ctx, a, b, ta, tb, fa, fb)
}

func presence(there bool) string {
	if there {
		return "present"
	}
	return "absent"
}

// describeColumns leaves out what storage changes.
func describeColumns(t *TableSummary) string {
	var s []string
	for _, c := range t.Columns {
		s = append(s, c.Name+" "+c.Type)
	}
	return strings.Join(s, ", ")
}

// rowBatch is a batch with where it stands.
type rowBatch struct {
	columns []ResultColumn
	batch   *ResultBatch
}

// errStop ends a scan that has seen enough.
var errStop = errors.New("stop")

// batches turns a scan into a sequence that ends with the scan's error, if it has one.
func (r *Result) batches(ctx context.Context, f *os.File, t *TableSummary) iter.Seq2[rowBatch, error] {
	return func(yield func(rowBatch, error) bool) {
		err := r.scan(ctx, f, t, func(_ int64, columns []ResultColumn, b *ResultBatch) error {
			if !yield(rowBatch{columns, b}, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(rowBatch{}, err)
		}
	}
}

func (d *Difference) compareRows(ctx context.Context, a, b *Result, ta, tb *TableSummary, fa, fb *os.File) error {
	nextA, stopA := iter.Pull2(a.batches(ctx, fa, ta))
	defer stopA()
	nextB, stopB := iter.Pull2(b.batches(ctx, fb, tb))
	defer stopB()
	ca, cb := rowCursor{next: nextA}, rowCursor{next: nextB}
	for row := int64(0); ; row++ {
		okA, err := ca.step()
		if err != nil {
			return err
		}
		okB, err := cb.step()
		if err != nil {
			return err
		}
		switch {
		case !okA && !okB:
			return nil
		case !okA || !okB:
			d.Table, d.Row, d.A, d.B = ta.Name, row, presence(okA), presence(okB)
			d.KeyA, d.KeyB = ca.key(okA), cb.key(okB)
			return nil
		}
		if c := ca.differs(&cb); c >= 0 {
			d.Table, d.Row, d.Column = ta.Name, row, ta.Columns[c].Name
			d.KeyA, d.KeyB, d.A, d.B = ca.key(true), cb.key(true), ca.text(c), cb.text(c)
			return nil
		}
	}
}

// rowCursor walks the rows of a table.
type rowCursor struct {
	next   func() (rowBatch, error, bool)
	now    rowBatch
	hasher *rowHasher // for the canonical encoding of cells
	row    int
	cell   []byte
}

// step goes to the next row; false after the last.
func (c *rowCursor) step() (bool, error) {
	c.row++
	for c.now.batch == nil || c.row >= c.now.batch.N {
		now, err, ok := c.next()
		if err != nil || !ok {
			return false, err
		}
		c.now, c.row = now, 0
		if c.hasher == nil {
			c.hasher = newRowHasher(now.columns, nil)
		}
	}
	return true, nil
}

// differs is the first column in which two rows differ, −1 when none does. Floats are compared by value.
func (c *rowCursor) differs(o *rowCursor) int {
	for i := range c.now.columns {
		va, vb := &c.now.batch.Columns[i], &o.now.batch.Columns[i]
		if c.hasher.slots[i] == slotFloats {
			na, nb := va.isNull(slotFloats, c.row), vb.isNull(slotFloats, o.row)
			x, y := va.Floats[c.row], vb.Floats[o.row]
			if na != nb || !na && x != y && !(math.IsNaN(x) && math.IsNaN(y)) {
				return i
			}
			continue
		}
		c.cell = c.hasher.appendCell(c.cell[:0], i, va, c.row)
		o.cell = o.hasher.appendCell(o.cell[:0], i, vb, o.row)
		if !bytes.Equal(c.cell, o.cell) {
			return i
		}
	}
	return -1
}

func (c *rowCursor) text(column int) string {
	return cellText(&c.now.columns[column], &c.now.batch.Columns[column], c.row)
}

func (c *rowCursor) key(there bool) string {
	if !there {
		return ""
	}
	return c.text(0)
}

// cellText prints a cell as CSV has it, null as "null".
func cellText(c *ResultColumn, v *ResultVector, row int) string {
	if v.isNull(c.slot(), row) {
		return "null"
	}
	return string(appendCell(nil, c, v, row))
}
