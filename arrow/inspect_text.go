package arrow

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// csv reads a CSV file whole; its cells are texts.
func (in *inspector) csv() error {
	text, err := openText(in.file, in.size)
	if err != nil {
		return err
	}
	defer text.close()
	if err := text.start(); err != nil {
		return err
	}
	r := &csvReader{text: text}
	header, err := r.next()
	if err == io.EOF {
		return &Error{What: "no header line", Hint: "the first line names the columns"}
	}
	if err != nil {
		return err
	}
	if _, _, err := mapHeader(header, nil); err != nil {
		return err
	}
	if err := in.expect(len(header)); err != nil {
		return err
	}
	for _, name := range header {
		if !utf8.Valid(name) {
			return &Error{What: quote(name) + " is not UTF-8", Hint: "write texts in UTF-8"}
		}
		in.column(string(name), "text").text = true
	}
	for {
		fields, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		in.out.Rows++
		if len(fields) != len(in.stats) {
			return &Error{Row: in.out.Rows, Line: r.line, What: fmt.Sprintf("%d fields, the header has %d", len(fields), len(in.stats))}
		}
		for i, f := range fields {
			if e := in.stats[i].textCell(f); e != nil {
				return &Error{Column: in.stats[i].name, Row: in.out.Rows, Line: r.line, What: e.what, Hint: e.hint}
			}
		}
		if in.out.Rows%4096 == 0 && in.ctx.Err() != nil {
			return in.ctx.Err()
		}
	}
}

// textCell takes a cell of a text file; the empty one is null.
func (s *columnStats) textCell(cell []byte) *cellError {
	if len(cell) == 0 {
		s.nullCells(1)
		return nil
	}
	if !isASCII(cell) && !utf8.Valid(cell) {
		return &cellError{quote(cell) + " is not UTF-8", "write texts in UTF-8"}
	}
	s.mixed.add(cell)
	s.bytes(cell)
	return nil
}

// json reads a newline JSON file whole. A column is a name of the objects; nested values count as texts.
func (in *inspector) json() error {
	text, err := openText(in.file, in.size)
	if err != nil {
		return err
	}
	defer text.close()
	if err := text.start(); err != nil {
		return err
	}
	r := newJSONReader(nil)
	in.block = 1 << 10 // how many columns there will be is not known
	r.visit = func(k int, raw []byte, isText bool) *Error {
		for len(in.stats) <= k {
			if err := in.opt.Budget.take(columnBytes+int64(in.block), "the columns"); err != nil {
				return &Error{Err: err}
			}
			in.column(r.unknown[len(in.stats)], "text").text = true
		}
		s := in.stats[k]
		if !isText && string(raw) == "null" {
			return nil
		}
		s.nullCells(in.out.Rows - 1 - s.values)
		if !isText && len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
			s.mixed.others++
			s.typ = "nested"
			s.bytes(raw)
			return nil
		}
		if e := s.textCell(raw); e != nil {
			return &Error{Column: s.name, What: e.what, Hint: e.hint}
		}
		return nil
	}
	for {
		line := text.line
		buf, err := text.nextLine()
		if err == io.EOF {
			for _, s := range in.stats {
				s.nullCells(in.out.Rows - s.values)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(buf)) == 0 {
			continue
		}
		in.out.Rows++
		if err := r.object(buf, in.out.Rows, nil); err != nil {
			err.Row, err.Line = in.out.Rows, line
			return err
		}
		if in.ctx.Err() != nil {
			return in.ctx.Err()
		}
	}
}
