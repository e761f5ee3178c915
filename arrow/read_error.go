package arrow

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a fault in data that were read: where it is, what it is, and what to do. Its message is one line.
type Error struct {
	File   string // relative to the directory read
	Table  string
	Column string
	Row    int64 // 1-based data row of the file; 0 when it is not about a row
	Line   int64 // 1-based line of a CSV or JSON file; 0 otherwise
	What   string
	Hint   string
	Err    error // what lies below, if anything
}

// Error gives the message: file, table, column, row, fault, and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	sep := func(s string) {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(s)
	}
	if e.File != "" {
		sep(quoteName(e.File))
	}
	if e.Table != "" {
		sep("table " + quoteName(e.Table))
	}
	if e.Column != "" {
		sep("column " + quoteName(e.Column))
	}
	if e.Row > 0 {
		sep(fmt.Sprintf("row %d", e.Row))
	}
	if e.Line > 0 {
		sep(fmt.Sprintf("line %d", e.Line))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(oneLine(e.What))
	if e.Err != nil {
		if e.What != "" {
			b.WriteString(": ")
		}
		b.WriteString(oneLine(e.Err.Error()))
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// oneLine keeps a message on one line and of bounded length, whatever bytes it quotes.
func oneLine(s string) string {
	const most = 400
	if len(s) > most {
		s = s[:most] + "…"
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// quoteName prints a name plainly when it is plain, quoted otherwise.
func quoteName(s string) string {
	for _, r := range s {
		if r <= ' ' || r == 0x7f || r == '"' || r == 0xFFFD || r == ',' || r == ':' {
			return quote([]byte(s))
		}
	}
	return oneLine(s)
}

// quote prints a cell for a message, shortened.
func quote(cell []byte) string {
	const most = 60
	if len(cell) > most {
		return fmt.Sprintf("%q…", cell[:most])
	}
	return fmt.Sprintf("%q", cell)
}

// cellError is a fault of one cell before its place is known.
type cellError struct{ what, hint string }

func (e *cellError) Error() string { return e.what }

// inFile completes an error with file and table, keeping what it knows already.
func inFile(err error, file, table string) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		if e.File == "" {
			e.File = file
		}
		if e.Table == "" {
			e.Table = table
		}
		return err
	}
	return &Error{File: file, Table: table, Err: err}
}

// faultf makes an Error without a place.
func faultf(format string, args ...any) *Error { return &Error{What: fmt.Sprintf(format, args...)} }

// catch turns a panic of code that reads foreign bytes into an error.
func catch(err *error, doing string) {
	r := recover()
	if r == nil {
		return
	}
	if b, ok := r.(*budgetError); ok {
		*err = b
		return
	}
	if e, ok := r.(*Error); ok {
		*err = e
		return
	}
	if r == errIPCMetadata {
		*err = errIPCMetadata
		return
	}
	if _, ok := r.(mappedFault); ok {
		*err = errChanged
		return
	}
	*err = &Error{What: fmt.Sprintf("damaged while %s: %v", doing, r), Hint: "write the file again"}
}
