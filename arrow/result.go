package arrow

import (
	"fmt"
	"unicode/utf8"
)

// ColumnType says how the cells of a column are held in a ResultVector and stored in files.
type ColumnType uint8

const (
	ColID       ColumnType = iota // canonical text of an id; Ints where IntIDs, else Text
	ColText                       // utf8 in Text; the empty text is null
	ColDecimal6                   // decimal(38, 6) from millionths in Wide: values, minutes, amounts
	ColDecimal0                   // decimal(38, 0) in Wide
	ColInt64                      // Ints
	ColFloat64                    // Floats; left out of digests
	ColTime                       // µs since the Unix epoch, UTC, in Ints
	ColFlag                       // 0 or 1 in Flags
	ColHash                       // an id of 32 raw bytes in Text; its canonical text is lower-case hex
	ColMicro                      // decimal(18, 6) from millionths in Ints
	numColumnTypes
)

var columnTypeNames = [numColumnTypes]string{"id", "text", "decimal(38,6)", "decimal(38,0)", "int64", "float64",
	"timestamp", "flag", "hash", "decimal(18,6)"}

func (t ColumnType) String() string {
	if t < numColumnTypes {
		return columnTypeNames[t]
	}
	return fmt.Sprintf("ColumnType(%d)", uint8(t))
}

// ResultColumn is one column of a table.
type ResultColumn struct {
	Name     string
	Type     ColumnType
	Nullable bool
	IntIDs   bool // ColID: every id of the domain is an integer in canonical form, stored as int64; else utf8
}

// slot names the slice of a ResultVector that holds a column.
type slot uint8

const (
	slotInts slot = iota
	slotWide
	slotFloats
	slotFlags
	slotText
)

func (c *ResultColumn) slot() slot {
	switch c.Type {
	case ColDecimal6, ColDecimal0:
		return slotWide
	case ColFloat64:
		return slotFloats
	case ColFlag:
		return slotFlags
	case ColText, ColHash:
		return slotText
	case ColID:
		if !c.IntIDs {
			return slotText
		}
	}
	return slotInts
}

// ResultTable is a table to be written: rows 0 … Rows−1 in canonical order, produced on demand.
//
// Fill writes rows from … to−1 into b: b.N is to − from, every column's slice has that length (Null too, all false,
// where the column is nullable), and Text is empty, to be appended to once per row. Fill may also put slices of its own
// in place of those, if they stay unchanged until the writer returns. It may be called concurrently, in any order, for
// ranges that do not overlap.
type ResultTable struct {
	Name    string
	Columns []ResultColumn
	Rows    int64
	Fill    func(from, to int64, b *ResultBatch) error
}

// ResultBatch holds N rows by column.
type ResultBatch struct {
	N       int
	Columns []ResultVector
}

// ResultVector holds one column of a batch; which slice is in use depends on the column's type.
type ResultVector struct {
	Ints   []int64
	Wide   []Int128
	Floats []float64
	Flags  []uint8
	Text   TextVector
	Null   []bool // no nulls when empty
}

// TextVector holds texts back to back: text i is Data[Offsets[i]:Offsets[i+1]].
type TextVector struct {
	Data    []byte
	Offsets []int32 // one more than texts; empty when there are none
}

// Append adds one text; an empty one for null.
func (t *TextVector) Append(text []byte) {
	if len(t.Offsets) == 0 {
		t.Offsets = append(t.Offsets, 0)
	}
	t.Data = append(t.Data, text...)
	t.Offsets = append(t.Offsets, int32(len(t.Data)))
}

// AppendString is Append of a string.
func (t *TextVector) AppendString(text string) {
	if len(t.Offsets) == 0 {
		t.Offsets = append(t.Offsets, 0)
	}
	t.Data = append(t.Data, text...)
	t.Offsets = append(t.Offsets, int32(len(t.Data)))
}

// Len is the number of texts.
func (t *TextVector) Len() int { return max(0, len(t.Offsets)-1) }

// At is the text of a row; it must not be changed.
func (t *TextVector) At(i int) []byte { return t.Data[t.Offsets[i]:t.Offsets[i+1]] }

// Reset empties t and keeps its memory.
func (t *TextVector) Reset() { t.Data, t.Offsets = t.Data[:0], append(t.Offsets[:0], 0) }

// isNull reports a null cell. The empty text is null in columns of texts and ids (FORMAT.md).
func (v *ResultVector) isNull(s slot, row int) bool {
	if len(v.Null) > 0 && v.Null[row] {
		return true
	}
	return s == slotText && v.Text.Offsets[row] == v.Text.Offsets[row+1]
}

// Reset makes b ready for n rows of the columns: slices of length n, nothing null, no texts.
func (b *ResultBatch) Reset(columns []ResultColumn, n int) {
	b.N = n
	if len(b.Columns) != len(columns) {
		b.Columns = make([]ResultVector, len(columns))
	}
	for i := range columns {
		v := &b.Columns[i]
		switch columns[i].slot() {
		case slotInts:
			v.Ints = resized(v.Ints, n)
		case slotWide:
			v.Wide = resized(v.Wide, n)
		case slotFloats:
			v.Floats = resized(v.Floats, n)
		case slotFlags:
			v.Flags = resized(v.Flags, n)
		case slotText:
			v.Text.Offsets = resized(v.Text.Offsets, n+1)
			v.Text.Reset()
		}
		if columns[i].Nullable {
			v.Null = resized(v.Null, n)
			clear(v.Null)
		} else {
			v.Null = nil
		}
	}
}

func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// CellError is a cell that cannot be written or was not expected.
type CellError struct {
	Table, Column string
	Row           int64 // from 0; −1 when the whole column is meant
	Problem       string
}

func (e *CellError) Error() string {
	if e.Row < 0 {
		return fmt.Sprintf("table %s, column %s: %s", e.Table, e.Column, e.Problem)
	}
	return fmt.Sprintf("table %s, column %s, row %d: %s", e.Table, e.Column, e.Row, e.Problem)
}

// check refuses a batch that no file could hold, so that every format refuses the same rows. first is the number of
// the batch's first row.
func (b *ResultBatch) check(table string, columns []ResultColumn, first int64) error {
	if len(b.Columns) != len(columns) {
		return fmt.Errorf("table %s: a batch of %d columns, want %d", table, len(b.Columns), len(columns))
	}
	for i := range columns {
		row, problem := b.Columns[i].check(&columns[i], b.N)
		if problem == "" {
			continue
		}
		e := &CellError{Table: table, Column: columns[i].Name, Row: -1, Problem: problem}
		if row >= 0 {
			e.Row = first + int64(row)
		}
		return e
	}
	return nil
}

// check returns the first row with a problem, −1 if the column as a whole has one.
func (v *ResultVector) check(c *ResultColumn, n int) (row int, problem string) {
	s := c.slot()
	have := [...]int{len(v.Ints), len(v.Wide), len(v.Floats), len(v.Flags), v.Text.Len()}[s]
	if have != n || len(v.Null) > 0 && len(v.Null) != n {
		return -1, fmt.Sprintf("%d cells and %d null marks for %d rows", have, len(v.Null), n)
	}
	if !c.Nullable {
		for i, null := range v.Null {
			if null {
				return i, "null in a column that holds none"
			}
		}
	}
	switch {
	case s == slotWide:
		for i := range v.Wide {
			if !v.Wide[i].fits38() && !v.isNull(s, i) {
				return i, fmt.Sprintf("%v has more than 38 digits", v.Wide[i])
			}
		}
	case s == slotFlags:
		for i, f := range v.Flags {
			if f > 1 && !v.isNull(s, i) {
				return i, fmt.Sprintf("flag %d is neither 0 nor 1", f)
			}
		}
	case s == slotText:
		return v.checkText(c)
	case c.Type == ColID:
		for i, id := range v.Ints {
			if id < 0 && !v.isNull(s, i) {
				return i, fmt.Sprintf("%d is not an id: ids are not negative", id)
			}
		}
	case c.Type == ColMicro:
		for i, x := range v.Ints {
			if (x <= -1e18 || x >= 1e18) && !v.isNull(s, i) {
				return i, fmt.Sprintf("%d millionths have more than 18 digits", x)
			}
		}
	}
	return 0, ""
}

func (v *ResultVector) checkText(c *ResultColumn) (row int, problem string) {
	for i := range v.Text.Len() {
		from, to := v.Text.Offsets[i], v.Text.Offsets[i+1]
		if from < 0 || to < from || int(to) > len(v.Text.Data) {
			return i, fmt.Sprintf("text from byte %d to %d of %d", from, to, len(v.Text.Data))
		}
		if len(v.Null) > 0 && v.Null[i] {
			if from != to {
				return i, "a null with a text"
			}
			continue
		}
		switch {
		case from == to && c.Type != ColText && !c.Nullable:
			return i, "an empty id in a column without nulls"
		case c.Type == ColHash && to-from != 32 && from != to:
			return i, fmt.Sprintf("a hash of %d bytes, want 32", to-from)
		case c.Type != ColHash && !utf8.Valid(v.Text.Data[from:to]):
			return i, fmt.Sprintf("%q is not UTF-8", v.Text.Data[from:to])
		}
	}
	return 0, ""
}
