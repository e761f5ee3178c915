package iotable

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strconv"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/klauspost/compress/gzip"
)

// input is a CSV file being read line by line. Fields alias its buffer until the next line.
type input struct {
	path   string
	file   io.Closer
	raw    *counter
	unpack io.Reader
	lines  *bufio.Reader
	line   int64 // number of the line under way, from 1
	rows   int64
	long   []byte   // a line longer than the buffer
	cells  [][]byte // of the line under way
	text   []byte   // of quoted cells that had to be rewritten
}

// counter counts and hashes what is read from the file.
type counter struct {
	r   io.Reader
	n   int64
	sum hash.Hash
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}

const (
	lineBuffer  = 1 << 20
	longestLine = 1 << 28 // bytes
)

func (r *reader) open(path string) (*input, error) {
	var f fs.File
	var err error
	if r.FS != nil {
		f, err = r.FS.Open(path)
	} else {
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, err
	}
	if about, err := f.Stat(); err == nil && about.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a directory; name a file", path)
	}
	in := &input{path: path, file: f, raw: &counter{r: f, sum: sha256.New()}}
	plain := bufio.NewReaderSize(in.raw, lineBuffer)
	in.unpack = plain
	if magic, _ := plain.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if in.unpack, err = gzip.NewReader(plain); err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		in.lines = bufio.NewReaderSize(in.unpack, lineBuffer)
	} else {
		in.lines = plain
	}
	if mark, _ := in.lines.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		in.lines.Discard(3)
	}
	if is := in.foreign(); is != "" {
		f.Close()
		return nil, fmt.Errorf("%s: it is %s; want CSV in UTF-8, plain or gzip", path, is)
	}
	return in, nil
}

// foreign tells files that are no CSV, by their first bytes.
func (in *input) foreign() string {
	head, _ := in.lines.Peek(6)
	for _, f := range []struct{ magic, is string }{{"\xff\xfe", "UTF-16 text"}, {"\xfe\xff", "UTF-16 text"}, {"PK\x03\x04", "a ZIP archive or a workbook"},
		{"\x28\xb5\x2f\xfd", "compressed with zstd"}, {"BZh", "compressed with bzip2"}, {"\xfd7zXZ", "compressed with xz"}, {"\x1f\x8b", "compressed twice"},
		{"PAR1", "a Parquet file"}, {"ARROW1", "an Arrow file"}} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.is
		}
	}
	return ""
}

// header reads the first line. It tells the commonest ways in which a CSV file is another than this reader's.
func (in *input) header() ([][]byte, error) {
	head, err := in.fields()
	switch {
	case err != nil:
		return nil, err
	case head == nil:
		return nil, fmt.Errorf("%s: the file is empty", in.path)
	}
	for _, cell := range head {
		if bytes.IndexByte(cell, '\r') >= 0 {
			return nil, in.errorf("lines end with a carriage return alone; save it with line feeds")
		}
	}
	for _, mark := range []byte(";\t|") {
		if len(head) == 1 && bytes.IndexByte(head[0], mark) >= 0 {
			return nil, in.errorf("fields are separated by %q; want commas, and points in numbers", mark)
		}
	}
	return head, nil
}

// longestCode is the most bytes of a code.
const longestCode = 4096

// checkCode says what is wrong with a code, "" for nothing.
func checkCode(code []byte) string {
	switch {
	case len(code) == 0:
		return "has no code"
	case len(code) > longestCode:
		return fmt.Sprintf("has a code of %d bytes; up to %d", len(code), longestCode)
	case !utf8.Valid(code):
		return fmt.Sprintf("has the code %q, which is not UTF-8; save the file as UTF-8", code)
	case bytes.ContainsFunc(code, unicode.IsControl):
		return fmt.Sprintf("has the code %q with a control character", code)
	}
	return ""
}

func (in *input) close() { in.file.Close() }

// finish lists the file. It has been read to its end.
func (r *reader) finish(in *input) error {
	r.inputs = append(r.inputs, Input{Path: in.path, Rows: in.rows, Bytes: in.raw.n, SHA256: hex.EncodeToString(in.raw.sum.Sum(nil))})
	return nil
}

func (in *input) errorf(format string, args ...any) error {
	return fmt.Errorf("%s, line %d: %s", in.path, in.line, fmt.Sprintf(format, args...))
}

// fields gives the cells of the next line that is not empty; nil at the end of the file.
func (in *input) fields() ([][]byte, error) {
	for {
		line, err := in.readLine()
		if err != nil || line == nil {
			return nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if in.line > 1 {
			in.rows++
		}
		if bytes.IndexByte(line, '"') >= 0 {
			return in.quoted(line)
		}
		in.cells = in.cells[:0]
		for {
			k := bytes.IndexByte(line, ',')
			if k < 0 {
				in.cells = append(in.cells, bytes.TrimSpace(line))
				return in.cells, nil
			}
			in.cells = append(in.cells, bytes.TrimSpace(line[:k]))
			line = line[k+1:]
		}
	}
}

func (in *input) readLine() ([]byte, error) {
	line, err := in.lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		in.long = append(in.long[:0], line...)
		for errors.Is(err, bufio.ErrBufferFull) {
			if len(in.long) > longestLine {
				return nil, fmt.Errorf("%s, line %d: longer than %d bytes", in.path, in.line+1, longestLine)
			}
			line, err = in.lines.ReadSlice('\n')
			in.long = append(in.long, line...)
		}
		line = in.long
	}
	in.line++
	if err == io.EOF {
		if len(line) == 0 {
			return nil, nil
		}
		err = nil
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, in.errorf("the file is cut off in the middle of its compressed data; copy it again")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return nil, in.errorf("the compressed data is damaged (%v); copy the file again", err)
	case err != nil:
		return nil, fmt.Errorf("%s, line %d: %w", in.path, in.line, err)
	}
	return line, nil
}

// quoted splits a line with quotes (RFC 4180); a quoted cell does not go over several lines.
func (in *input) quoted(line []byte) ([][]byte, error) {
	in.cells, in.text = in.cells[:0], in.text[:0]
	in.text = append(make([]byte, 0, len(line)), in.text...) // cells point into it: it must not move
	for {
		if len(line) == 0 || line[0] != '"' {
			k := bytes.IndexByte(line, ',')
			if k < 0 {
				in.cells = append(in.cells, bytes.TrimSpace(line))
				return in.cells, nil
			}
			in.cells = append(in.cells, bytes.TrimSpace(line[:k]))
			line = line[k+1:]
			continue
		}
		from := len(in.text)
		line = line[1:]
		for {
			k := bytes.IndexByte(line, '"')
			if k < 0 {
				return nil, in.errorf("a quote is not closed")
			}
			in.text = append(in.text, line[:k]...)
			line = line[k+1:]
			if len(line) == 0 || line[0] != '"' {
				break
			}
			in.text, line = append(in.text, '"'), line[1:]
		}
		in.cells = append(in.cells, in.text[from:len(in.text):len(in.text)])
		if len(line) == 0 {
			return in.cells, nil
		}
		if line[0] != ',' {
			return nil, in.errorf("text after a closing quote")
		}
		line = line[1:]
	}
}

var powers = [23]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// shortNumber reads what fits a mantissa of 2⁵³ and a power of ten up to 22: one division or multiplication of two exact
// numbers, so rounded once (Clinger 1990). ok is false for everything else.
func shortNumber(b []byte) (v float64, ok bool) {
	negative := b[0] == '-'
	if negative || b[0] == '+' {
		b = b[1:]
	}
	mantissa, digits, scale, point := uint64(0), 0, 0, false
	for k, c := range b {
		switch {
		case c >= '0' && c <= '9':
			if mantissa = 10*mantissa + uint64(c-'0'); mantissa > 1<<53 {
				return 0, false
			}
			if digits++; point {
				scale--
			}
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && digits > 0:
			exp, err := strconv.Atoi(string(b[k+1:]))
			if err != nil || exp < -40 || exp > 40 {
				return 0, false
			}
			return scaled(mantissa, scale+exp, negative)
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	return scaled(mantissa, scale, negative)
}

func scaled(mantissa uint64, scale int, negative bool) (float64, bool) {
	v := float64(mantissa)
	switch {
	case scale >= 0 && scale <= 22:
		v *= powers[scale]
	case scale < 0 && scale >= -22:
		v /= powers[-scale]
	default:
		return 0, false
	}
	if negative {
		v = -v
	}
	return v, true
}

// parseFloat is strconv.ParseFloat without a copy of the text, for decimal numbers only. Its error may hold that text.
func parseFloat(b []byte) (float64, error) {
	for _, c := range b {
		if (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E' {
			return 0, strconv.ErrSyntax
		}
	}
	return strconv.ParseFloat(unsafe.String(&b[0], len(b)), 64)
}
