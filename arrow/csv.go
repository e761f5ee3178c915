package arrow

import (
	"bytes"
	"fmt"
	"io"
)

// csvReader takes CSV apart as RFC 4180 has it: fields separated by commas, quoted fields in which quotes are doubled,
// lines ended by LF or CR LF. Fields are valid until the next record.
type csvReader struct {
	text   *textSource
	fields [][]byte
	plain  []byte // quoted fields with their doubled quotes undone
	line   int64  // where the record began
}

// next reads a record that is not an empty line; io.EOF after the last.
func (r *csvReader) next() ([][]byte, error) {
	for {
		r.line = r.text.line
		done, err := r.record()
		if err != nil {
			return nil, err
		}
		if done && len(r.fields) > 0 {
			return r.fields, nil
		}
	}
}

// record reads one record, or an empty line as no fields.
func (r *csvReader) record() (bool, error) {
	t := r.text
	searched := 0
	for {
		rest := t.rest()
		end := bytes.IndexByte(rest[searched:], '\n')
		last := end < 0
		if last {
			searched = len(rest)
			if !t.eof {
				if err := t.fill(); err != io.EOF {
					if err != nil {
						return false, err
					}
					continue
				}
			}
			rest = t.rest()
			if len(rest) == 0 {
				return false, io.EOF
			}
			end = len(rest)
		} else {
			end += searched
		}
		line := rest[:end]
		if bytes.IndexByte(line, '"') >= 0 {
			return r.quotedRecord()
		}
		t.pos += min(end+1, len(rest))
		t.line++
		return true, r.split(line)
	}
}

// split cuts a line without quotes.
func (r *csvReader) split(line []byte) error {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	r.fields = r.fields[:0]
	if len(line) == 0 {
		return nil
	}
	start := 0
	for i, c := range line {
		switch c {
		case ',':
			r.fields = append(r.fields, line[start:i])
			start = i + 1
		case '\r':
			return r.fault("a carriage return inside a field", "put the field in quotes, or end lines with LF")
		}
	}
	r.fields = append(r.fields, line[start:])
	return nil
}

func (r *csvReader) fault(what, hint string) error {
	return &Error{Line: r.line, What: what, Hint: hint}
}

// quotedRecord reads a record with quotes, which may span lines: when the window ends within it, the window grows and
// the record is begun again.
func (r *csvReader) quotedRecord() (bool, error) {
	t := r.text
	for {
		used, lines, err := r.scanQuoted(t.rest(), t.eof)
		if err != nil {
			return false, err
		}
		if used >= 0 {
			t.pos += used
			t.line += int64(lines)
			return true, nil
		}
		if err := t.fill(); err == io.EOF {
			if t.eof && t.end == t.pos {
				return false, io.EOF
			}
		} else if err != nil {
			return false, err
		}
	}
}

// scanQuoted cuts one record from the front of buf; used is −1 when buf ends before the record does and more may come.
func (r *csvReader) scanQuoted(buf []byte, eof bool) (used, lines int, err error) {
	r.fields, r.plain = r.fields[:0], r.plain[:0]
	if cap(r.plain) < len(buf) { // fields point into plain, so it must not move
		r.plain = make([]byte, 0, len(buf))
	}
	i := 0
	for {
		if i < len(buf) && buf[i] == '"' {
			start := len(r.plain)
			n, newlines, ok := r.unquote(buf[i:], eof)
			if !ok {
				if eof {
					return 0, 0, r.fault("a quoted field is not closed", "close it with a quote")
				}
				return -1, 0, nil
			}
			i, lines = i+n, lines+newlines
			r.fields = append(r.fields, r.plain[start:len(r.plain):len(r.plain)])
		} else {
			n := bytes.IndexAny(buf[i:], ",\n\"")
			if n < 0 && !eof {
				return -1, 0, nil
			}
			if n < 0 {
				n = len(buf) - i
			} else if buf[i+n] == '"' {
				return 0, 0, r.fault("a quote inside a field that is not quoted", "put the field in quotes and double those within")
			}
			field := buf[i : i+n]
			i += n
			if i == len(buf) || buf[i] == '\n' {
				field = bytes.TrimSuffix(field, []byte{'\r'})
			}
			if bytes.IndexByte(field, '\r') >= 0 {
				return 0, 0, r.fault("a carriage return inside a field", "put the field in quotes, or end lines with LF")
			}
			r.fields = append(r.fields, field)
		}
		if bytes.HasPrefix(buf[i:], []byte("\r\n")) {
			i++
		}
		switch {
		case i == len(buf):
			return i, lines + 1, nil
		case buf[i] == '\n':
			return i + 1, lines + 1, nil
		case buf[i] != ',':
			return 0, 0, r.fault("text after the closing quote of a field", "separate fields by commas; double quotes within a field")
		}
		i++
	}
}

// unquote undoes a quoted field at the front of buf into r.plain and returns what it took.
func (r *csvReader) unquote(buf []byte, eof bool) (n, newlines int, ok bool) {
	i := 1
	for {
		q := bytes.IndexByte(buf[i:], '"')
		if q < 0 || i+q+1 == len(buf) && !eof { // the quote might be the first of two
			return 0, 0, false
		}
		r.plain = append(r.plain, buf[i:i+q]...)
		newlines += bytes.Count(buf[i:i+q], []byte{'\n'})
		i += q + 1
		if i == len(buf) || buf[i] != '"' {
			return i, newlines, true
		}
		r.plain = append(r.plain, '"')
		i++
	}
}

// scanCSV reads a table's rows from a CSV text; unknown lists columns that nobody asked for.
func scanCSV(text *textSource, cols []Column, w func(present []bool) *builder) (unknown []string, err error) {
	if err := text.start(); err != nil {
		return nil, err
	}
	r := &csvReader{text: text}
	header, err := r.next()
	if err == io.EOF {
		return nil, &Error{What: "no header line", Hint: "the first line names the columns"}
	}
	if err != nil {
		return nil, err
	}
	at, unknown, err := mapHeader(header, cols)
	if err != nil {
		return nil, err
	}
	present := make([]bool, len(cols))
	for _, c := range at {
		if c >= 0 {
			present[c] = true
		}
	}
	if err := missingColumn(cols, present); err != nil {
		return nil, withHeader(err, header)
	}
	b := w(present)
	for row := int64(1); ; row++ {
		fields, err := r.next()
		if err == io.EOF {
			return unknown, b.flush()
		}
		if err != nil {
			return nil, err
		}
		if len(fields) != len(at) {
			return nil, &Error{Row: row, Line: r.line, What: fmt.Sprintf("%d fields, the header has %d", len(fields), len(at))}
		}
		for i, c := range at {
			if c < 0 {
				continue
			}
			if len(fields[i]) == 0 {
				b.null(c)
			} else if e := b.cell(c, fields[i]); e != nil {
				return nil, &Error{Column: cols[c].Name, Row: row, Line: r.line, What: e.what, Hint: e.hint}
			}
		}
		if err := b.row(); err != nil {
			return nil, err
		}
	}
}

// mapHeader finds for each field of the header the column wanted, −1 for none.
func mapHeader(header [][]byte, cols []Column) (at []int, unknown []string, err error) {
	names := map[string]int{}
	for i := range cols {
		names[cols[i].Name] = i
	}
	seen := map[string]bool{}
	for _, f := range header {
		name := string(f)
		if seen[name] {
			return nil, nil, &Error{Column: name, What: "is in the header twice"}
		}
		seen[name] = true
		c, ok := names[name]
		if !ok {
			c = -1
			unknown = append(unknown, name)
		}
		at = append(at, c)
	}
	return at, unknown, nil
}

// withHeader says of a missing column what the header has in its place: spreadsheets write semicolons and tabs, people
// write capitals and spaces.
func withHeader(err error, header [][]byte) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	if len(header) == 1 && bytes.ContainsAny(header[0], ";\t|") {
		e.Hint = fmt.Sprintf("the header is one field, %q; separate columns by commas", header[0])
	}
	for _, f := range header {
		if bytes.EqualFold(bytes.TrimSpace(f), []byte(e.Column)) {
			e.Hint = fmt.Sprintf("the header has %q; write %s, in lower case and without spaces", f, e.Column)
		}
	}
	return e
}

// missingColumn is the error of the first required column that is not there.
func missingColumn(cols []Column, present []bool) error {
	for i := range cols {
		if !present[i] && !cols[i].Optional {
			return &Error{Column: cols[i].Name, What: "is missing", Hint: "the table needs it"}
		}
	}
	return nil
}
