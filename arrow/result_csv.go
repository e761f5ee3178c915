package arrow

import (
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strconv"
)

// csvTable reads a table of a result from CSV. Ids are texts.
type csvTable struct {
	text    *textSource
	csv     csvReader
	columns []ResultColumn
	index   []int
	width   int // fields of the header
}

func openCSVTable(f *os.File, size int64, columns []ResultColumn, exact bool) (resultReader, error) {
	text, err := openText(io.NewSectionReader(f, 0, size), size)
	if err != nil {
		return nil, err
	}
	t := &csvTable{text: text, csv: csvReader{text: text}, columns: columns}
	if err := t.header(exact); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *csvTable) header(exact bool) error {
	if err := t.text.start(); err != nil {
		return err
	}
	fields, err := t.csv.next()
	if err != nil {
		return &Error{Line: 1, What: "no header line", Err: err}
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	t.width = len(names)
	t.index, err = matchColumns(t.columns, names, exact, func(_ int, c *ResultColumn) error {
		c.IntIDs = false
		return nil
	})
	return err
}

func (t *csvTable) close() { t.text.close() }

func (t *csvTable) next(b *ResultBatch) error {
	b.Reset(t.columns, fillRows)
	for row := range fillRows {
		fields, err := t.csv.next()
		if errors.Is(err, io.EOF) {
			b.shorten(t.columns, row)
			return nil
		}
		if err != nil {
			return err
		}
		if len(fields) != t.width {
			return t.csv.fault(strconv.Itoa(len(fields))+" fields, the header has "+strconv.Itoa(t.width), "")
		}
		for i, at := range t.index {
			if problem := parseCell(&t.columns[i], &b.Columns[i], row, fields[at]); problem != nil {
				return &Error{Column: t.columns[i].Name, Line: t.csv.line, What: problem.what, Hint: problem.hint}
			}
		}
	}
	return nil
}

// shorten keeps the first n rows; texts have just been appended for those.
func (b *ResultBatch) shorten(columns []ResultColumn, n int) {
	b.N = n
	for i := range columns {
		v := &b.Columns[i]
		switch columns[i].slot() {
		case slotInts:
			v.Ints = v.Ints[:n]
		case slotWide:
			v.Wide = v.Wide[:n]
		case slotFloats:
			v.Floats = v.Floats[:n]
		case slotFlags:
			v.Flags = v.Flags[:n]
		}
		if v.Null != nil {
			v.Null = v.Null[:n]
		}
	}
}

// parseCell is the inverse of appendCell, the empty field being null.
func parseCell(c *ResultColumn, v *ResultVector, row int, field []byte) *cellError {
	s := c.slot()
	if len(field) == 0 && s != slotText {
		if !c.Nullable {
			return &cellError{"empty, in a column without nulls", ""}
		}
		v.Null[row] = true
	}
	switch s {
	case slotText:
		if c.Type != ColHash {
			v.Text.Append(field)
			return nil
		}
		raw, err := hex.AppendDecode(nil, field)
		if err != nil {
			return &cellError{quote(field) + " is not a hash in hex", ""}
		}
		v.Text.Append(raw)
	case slotWide:
		return v.parseWide(c, row, field)
	case slotFloats:
		return v.parseFloat(row, field)
	case slotFlags:
		v.Flags[row] = 0
		if len(field) > 0 {
			var bad *cellError
			v.Flags[row], bad = parseFlag(field)
			return bad
		}
	case slotInts:
		return v.parseInt(c, row, field)
	}
	return nil
}

func (v *ResultVector) parseWide(c *ResultColumn, row int, field []byte) *cellError {
	v.Wide[row] = Int128{}
	if len(field) == 0 {
		return nil
	}
	places := 0
	if c.Type == ColDecimal6 {
		places = decimalPlaces
	}
	a, ok := parseDecimal(field, places)
	if !ok {
		return &cellError{quote(field) + " is not a " + c.Type.String(), ""}
	}
	v.Wide[row] = a
	return nil
}

func (v *ResultVector) parseFloat(row int, field []byte) *cellError {
	v.Floats[row] = 0
	if len(field) == 0 {
		return nil
	}
	x, err := strconv.ParseFloat(string(field), 64)
	if err != nil {
		return &cellError{quote(field) + " is not a number", ""}
	}
	v.Floats[row] = x
	return nil
}

func (v *ResultVector) parseInt(c *ResultColumn, row int, field []byte) *cellError {
	v.Ints[row] = 0
	switch {
	case len(field) == 0:
		return nil
	case c.Type == ColTime && field[0] != '-' && len(field) >= 20 && field[4] == '-':
		us, bad := parseTime(field)
		v.Ints[row] = us
		return bad
	case c.Type == ColMicro:
		a, ok := parseDecimal(field, decimalPlaces)
		if !ok || a.Hi != int64(a.Lo)>>63 {
			return &cellError{quote(field) + " is not a " + c.Type.String(), ""}
		}
		v.Ints[row] = int64(a.Lo)
		return nil
	}
	x, err := strconv.ParseInt(string(field), 10, 64)
	if err != nil {
		return &cellError{quote(field) + " is not an " + c.Type.String(), ""}
	}
	v.Ints[row] = x
	return nil
}
