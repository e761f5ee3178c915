package arrow

import (
	"bytes"
	"fmt"
	"io"
)

// Limits of one JSON row.
const (
	jsonDepth   = 64
	jsonColumns = 100_000 // names that a file may use
)

// jsonReader reads newline JSON: an object per line, its numbers exact.
type jsonReader struct {
	cols    []Column
	names   map[string]int // index into stamps; below len(cols) a wanted column
	stamps  []int64        // the row in which a name was last seen
	unknown []string
	text    []byte                                      // a string with its escapes undone
	visit   func(k int, raw []byte, isText bool) *Error // called for names that are not wanted, if set; k counts them

	buf []byte
	pos int
}

func newJSONReader(cols []Column) *jsonReader {
	r := &jsonReader{cols: cols, names: map[string]int{}, stamps: make([]int64, len(cols))}
	for i := range cols {
		r.names[cols[i].Name] = i
	}
	return r
}

// scanJSON reads a table's rows from newline JSON; seen tells which columns occur.
func scanJSON(text *textSource, cols []Column, w func(present []bool) *builder) (unknown []string, seen []bool, err error) {
	if err := text.start(); err != nil {
		return nil, nil, err
	}
	r := newJSONReader(cols)
	all := make([]bool, len(cols))
	for i := range all {
		all[i] = true
	}
	b := w(all)
	row := int64(0)
	for {
		line := text.line
		buf, err := text.nextLine()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if len(bytes.TrimSpace(buf)) == 0 {
			continue
		}
		row++
		if err := r.object(buf, row, b); err != nil {
			err.Row, err.Line = row, line
			return nil, nil, err
		}
		if err := b.row(); err != nil {
			return nil, nil, err
		}
	}
	seen = make([]bool, len(cols))
	for i := range cols {
		seen[i] = r.stamps[i] > 0
	}
	if row > 0 {
		if err := missingColumn(cols, seen); err != nil {
			return nil, nil, err
		}
	}
	return r.unknown, seen, b.flush()
}

func badJSON(what string) *Error {
	return &Error{What: "not JSON: " + what, Hint: `write one object per line, such as {"id":1}`}
}

// object reads one row.
func (r *jsonReader) object(buf []byte, row int64, b *builder) *Error {
	r.buf, r.pos = buf, 0
	if r.peek() != '{' {
		return badJSON("the line does not begin with {")
	}
	r.pos++
	if r.peek() == '}' {
		r.pos++
	} else {
		for {
			if err := r.member(row, b); err != nil {
				return err
			}
			c := r.peek()
			r.pos++
			if c == '}' {
				break
			}
			if c != ',' {
				return badJSON("a comma or } is missing")
			}
		}
	}
	if r.peek() != 0 || r.pos < len(r.buf) {
		return badJSON("something follows the object")
	}
	for c := range r.cols {
		if r.stamps[c] != row {
			b.null(c)
		}
	}
	return nil
}

// member reads "name": value.
func (r *jsonReader) member(row int64, b *builder) *Error {
	if r.peek() != '"' {
		return badJSON("a name is missing")
	}
	name, err := r.string()
	if err != nil {
		return err
	}
	k, ok := r.names[string(name)]
	if !ok {
		if len(r.names) >= jsonColumns {
			return &Error{What: fmt.Sprintf("more than %d different columns", jsonColumns)}
		}
		k = len(r.stamps)
		r.names[string(name)] = k
		r.stamps = append(r.stamps, 0)
		r.unknown = append(r.unknown, string(name))
	}
	if r.stamps[k] == row {
		return &Error{Column: string(name), What: "is in the object twice"}
	}
	r.stamps[k] = row
	if r.peek() != ':' {
		return badJSON("a colon is missing")
	}
	r.pos++
	if k >= len(r.cols) {
		return r.other(k - len(r.cols))
	}
	return r.cell(k, b)
}

// other passes over the value of a name that is not wanted, or shows it.
func (r *jsonReader) other(k int) *Error {
	if r.visit == nil {
		return r.skip(jsonDepth)
	}
	if r.peek() == '"' {
		text, err := r.string()
		if err != nil {
			return err
		}
		return r.visit(k, text, true)
	}
	start := r.pos
	if err := r.skip(jsonDepth); err != nil {
		return err
	}
	return r.visit(k, r.buf[start:r.pos], false)
}

// cell reads the value of a wanted column.
func (r *jsonReader) cell(k int, b *builder) *Error {
	col := &r.cols[k]
	var e *cellError
	switch c := r.peek(); {
	case c == '"':
		text, err := r.string()
		if err != nil {
			return err
		}
		e = b.cell(k, text)
	case c == 'n':
		if err := r.word("null"); err != nil {
			return err
		}
		b.null(k)
	case c == 't' || c == 'f':
		word := "true"
		if c == 'f' {
			word = "false"
		}
		if err := r.word(word); err != nil {
			return err
		}
		if col.Kind != KindFlag {
			return &Error{Column: col.Name, What: word + " is a flag, which this column does not hold"}
		}
		e = b.cell(k, []byte(word))
	case c == '{' || c == '[':
		return &Error{Column: col.Name, What: "is nested", Hint: "write one value"}
	default:
		number, err := r.number()
		if err != nil {
			return err
		}
		e = numberCell(col, number)
		if e == nil {
			e = b.cell(k, number)
		}
	}
	if e != nil {
		return &Error{Column: col.Name, What: e.what, Hint: e.hint}
	}
	return nil
}

// numberCell refuses numbers where a column does not hold them.
func numberCell(col *Column, number []byte) *cellError {
	switch {
	case col.Kind == KindText:
		return &cellError{string(number) + " is a number, the column holds texts", "put it in quotes"}
	case col.Kind == KindID && !allDigits(number):
		return &cellError{quote(number) + " is no id", "an id is an integer from 0 to 2⁶³−1 or a text"}
	case col.Kind == KindID && number[0] == '-':
		return &cellError{string(number) + " is negative", "an id is an integer from 0 to 2⁶³−1 or a text"}
	case col.Kind == KindID:
		if _, e := parseInt(number); e != nil {
			return &cellError{quote(number) + " is beyond 2⁶³−1", "write ids of that size as texts"}
		}
	}
	return nil
}
