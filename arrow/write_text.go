package arrow

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// textKind is a format of one line per row.
type textKind uint8

const (
	textCSV  textKind = iota // RFC 4180, a header line, lines ended by LF, null as an empty field
	textJSON                 // one object per line, nulls left out
)

// compression of a text file. Each chunk is a gzip member or a zstd frame of its own; their concatenation is one file.
type compression uint8

const (
	compressNone compression = iota
	compressGzip
	compressZstd
)

// textFormat writes CSV and newline JSON.
//
// Decimals have six places (decimal(38, 0): none), floats are the shortest text that reads back the same, times RFC
// 3339 in UTC with the fraction in its shortest form (outside the years 0 … 9999 the integer of microseconds), flags
// true and false, hashes lower-case hex.
type textFormat struct {
	columns  []ResultColumn
	kind     textKind
	compress compression
	keys     [][]byte // JSON: `"name":`
	wrote    bool
}

func newTextFormat(columns []ResultColumn, kind textKind, c compression) *textFormat {
	f := &textFormat{columns: columns, kind: kind, compress: c}
	for i := range columns {
		f.keys = append(f.keys, append(appendJSONString(nil, []byte(columns[i].Name)), ':'))
	}
	return f
}

func (f *textFormat) begin(w io.Writer) error {
	if f.kind != textCSV {
		return nil
	}
	var head []byte
	for i := range f.columns {
		if i > 0 {
			head = append(head, ',')
		}
		head = appendCSVField(head, []byte(f.columns[i].Name))
	}
	c := &textChunk{format: f, plain: append(head, '\n')}
	if err := c.finish(); err != nil {
		return err
	}
	return f.join(w, c)
}

func (f *textFormat) join(w io.Writer, c chunkEncoder) error {
	f.wrote = true
	_, err := w.Write(c.(*textChunk).out)
	return err
}

// end makes an empty file a valid compressed one.
func (f *textFormat) end(w io.Writer) error {
	if f.wrote {
		return nil
	}
	c := &textChunk{format: f}
	if err := c.finish(); err != nil {
		return err
	}
	return f.join(w, c)
}

func (f *textFormat) newChunk() chunkEncoder { return &textChunk{format: f} }

// textChunk is the lines of some rows.
type textChunk struct {
	format *textFormat
	plain  []byte
	packed bytes.Buffer
	gzip   *gzip.Writer
	zstd   *zstd.Encoder
	out    []byte
}

func (c *textChunk) reset() error {
	c.plain = c.plain[:0]
	return nil
}

func (c *textChunk) add(b *ResultBatch) error {
	for row := range b.N {
		if c.format.kind == textCSV {
			c.plain = c.format.appendCSVRow(c.plain, b, row)
		} else {
			c.plain = c.format.appendJSONRow(c.plain, b, row)
		}
	}
	return nil
}

// finish compresses the lines: levels are the fastest ones, an export is read as often as it is written.
func (c *textChunk) finish() (err error) {
	switch c.format.compress {
	case compressNone:
		c.out = c.plain
	case compressGzip:
		c.packed.Reset()
		if c.gzip == nil {
			if c.gzip, err = gzip.NewWriterLevel(&c.packed, gzip.BestSpeed); err != nil {
				return err
			}
		} else {
			c.gzip.Reset(&c.packed)
		}
		if _, err = c.gzip.Write(c.plain); err == nil {
			err = c.gzip.Close()
		}
		c.out = c.packed.Bytes()
	case compressZstd:
		if c.zstd == nil {
			c.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
			if err != nil {
				return err
			}
		}
		c.out = c.zstd.EncodeAll(c.plain, c.out[:0])
	}
	return err
}

func (f *textFormat) appendCSVRow(dst []byte, b *ResultBatch, row int) []byte {
	start := len(dst)
	for i := range f.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		col, v := &f.columns[i], &b.Columns[i]
		s := col.slot()
		switch {
		case v.isNull(s, row):
		case s == slotText && col.Type != ColHash:
			dst = appendCSVField(dst, v.Text.At(row))
		default:
			dst = appendCell(dst, col, v, row)
		}
	}
	if len(dst) == start {
		dst = append(dst, `""`...) // a lone null: an empty line would be no row
	}
	return append(dst, '\n')
}

// appendCSVField quotes where RFC 4180 asks for it.
func appendCSVField(dst, text []byte) []byte {
	if !bytes.ContainsAny(text, "\",\r\n") {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for _, c := range text {
		if c == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}

func (f *textFormat) appendJSONRow(dst []byte, b *ResultBatch, row int) []byte {
	dst = append(dst, '{')
	first := true
	for i := range f.columns {
		col, v := &f.columns[i], &b.Columns[i]
		s := col.slot()
		if v.isNull(s, row) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, f.keys[i]...)
		switch {
		case s == slotText && col.Type != ColHash:
			dst = appendJSONString(dst, v.Text.At(row))
		case col.Type == ColHash || col.Type == ColTime || s == slotWide || col.Type == ColMicro:
			// Decimals as text: many readers would take a number for a float.
			dst = append(appendCell(append(dst, '"'), col, v, row), '"')
		case s == slotFloats && (math.IsNaN(v.Floats[row]) || math.IsInf(v.Floats[row], 0)):
			dst = append(dst, "null"...)
		default:
			dst = appendCell(dst, col, v, row)
		}
	}
	return append(dst, '}', '\n')
}

const jsonHex = "0123456789abcdef"

// appendJSONString quotes a UTF-8 text.
func appendJSONString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < 0x20 || c == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', jsonHex[c>>4], jsonHex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// appendCell prints a cell that is not null, without quotes.
func appendCell(dst []byte, c *ResultColumn, v *ResultVector, row int) []byte {
	switch c.Type {
	case ColDecimal6:
		return v.Wide[row].appendMillionths(dst)
	case ColDecimal0:
		return v.Wide[row].appendInteger(dst)
	case ColMicro:
		return Int128Of(v.Ints[row]).appendMillionths(dst)
	case ColFloat64:
		return strconv.AppendFloat(dst, v.Floats[row], 'g', -1, 64)
	case ColTime:
		return appendTime(dst, v.Ints[row])
	case ColFlag:
		return strconv.AppendBool(dst, v.Flags[row] != 0)
	case ColHash:
		return hex.AppendEncode(dst, v.Text.At(row))
	}
	if c.slot() == slotText {
		return append(dst, v.Text.At(row)...)
	}
	return strconv.AppendInt(dst, v.Ints[row], 10)
}

// Microseconds of the years 0 … 9999.
var (
	minTextTime = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	maxTextTime = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() - 1
)

func appendTime(dst []byte, us int64) []byte {
	if us < minTextTime || us > maxTextTime {
		return strconv.AppendInt(dst, us, 10)
	}
	return time.UnixMicro(us).UTC().AppendFormat(dst, time.RFC3339Nano)
}

// parseTextFormat splits names such as csv.gz.
func parseTextFormat(name string) (k textKind, c compression, err error) {
	switch name {
	case "csv", "csv.gz", "csv.zst":
	case "jsonl", "jsonl.gz", "jsonl.zst":
		k = textJSON
	default:
		return 0, 0, fmt.Errorf("unknown text format %q", name)
	}
	switch name[len(name)-3:] {
	case ".gz":
		c = compressGzip
	case "zst":
		c = compressZstd
	}
	return k, c, nil
}
