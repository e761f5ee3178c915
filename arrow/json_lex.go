package arrow

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// peek skips white space and gives the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	for r.pos < len(r.buf) {
		c := r.buf[r.pos]
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c
		}
		r.pos++
	}
	return 0
}

func (r *jsonReader) word(w string) *Error {
	if !bytes.HasPrefix(r.buf[r.pos:], []byte(w)) {
		return badJSON("an unknown word")
	}
	r.pos += len(w)
	return nil
}

// number gives the bytes of a number as JSON writes them.
func (r *jsonReader) number() ([]byte, *Error) {
	b, i := r.buf, r.pos
	run := func() bool {
		from := i
		for i < len(b) && b[i]-'0' <= 9 {
			i++
		}
		return i > from
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	zero := i < len(b) && b[i] == '0'
	from := i
	if !run() || zero && i > from+1 {
		return nil, badJSON("a value is missing or no number")
	}
	if i < len(b) && b[i] == '.' {
		i++
		if !run() {
			return nil, badJSON("digits are missing after a point")
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !run() {
			return nil, badJSON("digits are missing in an exponent")
		}
	}
	out := b[r.pos:i]
	r.pos = i
	return out, nil
}

// string reads a string; the result is valid until the next one.
func (r *jsonReader) string() ([]byte, *Error) {
	r.pos++
	start := r.pos
	for i := start; i < len(r.buf); i++ {
		switch c := r.buf[i]; {
		case c == '"':
			r.pos = i + 1
			return r.buf[start:i], nil
		case c == '\\':
			return r.escaped(start, i)
		case c < ' ':
			return nil, badJSON("a control character in a string")
		}
	}
	return nil, badJSON("a string is not closed")
}

// escaped reads on from the first backslash of a string.
func (r *jsonReader) escaped(start, i int) ([]byte, *Error) {
	r.text = append(r.text[:0], r.buf[start:i]...)
	for i < len(r.buf) {
		c := r.buf[i]
		switch {
		case c == '"':
			r.pos = i + 1
			return r.text, nil
		case c < ' ':
			return nil, badJSON("a control character in a string")
		case c != '\\':
			r.text = append(r.text, c)
			i++
			continue
		}
		n, err := r.escape(r.buf[i+1:])
		if err != nil {
			return nil, err
		}
		i += 1 + n
	}
	return nil, badJSON("a string is not closed")
}

// escape undoes what follows a backslash and returns its length.
func (r *jsonReader) escape(b []byte) (int, *Error) {
	if len(b) == 0 {
		return 0, badJSON("a string is not closed")
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if k := bytes.IndexByte([]byte(from), b[0]); k >= 0 {
		r.text = append(r.text, to[k])
		return 1, nil
	}
	u, ok := hex4(b)
	if !ok {
		return 0, badJSON("an unknown escape")
	}
	n, code := 5, rune(u)
	if utf16.IsSurrogate(code) {
		if len(b) < 11 || b[5] != '\\' {
			return 0, badJSON("half a surrogate pair")
		}
		low, ok := hex4(b[6:])
		if code = utf16.DecodeRune(code, rune(low)); !ok || code == utf8.RuneError {
			return 0, badJSON("half a surrogate pair")
		}
		n = 11
	}
	r.text = utf8.AppendRune(r.text, code)
	return n, nil
}

// hex4 reads the u and the four hexadecimal digits of an escape.
func hex4(b []byte) (v uint16, ok bool) {
	if len(b) < 5 || b[0] != 'u' {
		return 0, false
	}
	for _, c := range b[1:5] {
		switch {
		case c-'0' <= 9:
			v = v<<4 | uint16(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | uint16(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// skip passes over a value that nobody asked for.
func (r *jsonReader) skip(depth int) *Error {
	if depth == 0 {
		return &Error{What: fmt.Sprintf("values nested deeper than %d levels", jsonDepth)}
	}
	var err *Error
	switch c := r.peek(); c {
	case '"':
		_, err = r.string()
	case 'n':
		err = r.word("null")
	case 't':
		err = r.word("true")
	case 'f':
		err = r.word("false")
	case '[', '{':
		err = r.skipNested(c, depth)
	default:
		_, err = r.number()
	}
	return err
}

func (r *jsonReader) skipNested(open byte, depth int) *Error {
	end := open + 2 // ] and } follow [ and { at that distance
	r.pos++
	if r.peek() == end {
		r.pos++
		return nil
	}
	for {
		if open == '{' {
			if r.peek() != '"' {
				return badJSON("a name is missing")
			}
			if _, err := r.string(); err != nil {
				return err
			}
			if r.peek() != ':' {
				return badJSON("a colon is missing")
			}
			r.pos++
		}
		if err := r.skip(depth - 1); err != nil {
			return err
		}
		c := r.peek()
		r.pos++
		if c == end {
			return nil
		}
		if c != ',' {
			return badJSON("a comma is missing")
		}
	}
}
