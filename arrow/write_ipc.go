package arrow

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// ipcFormat writes each chunk as a record batch, uncompressed, to an IPC file (.arrow) or a stream (.arrows).
type ipcFormat struct {
	columns []ResultColumn
	schema  *arrow.Schema
	stream  bool
	writer  interface {
		Write(arrow.RecordBatch) error
		Close() error
	}
}

func newIPCFormat(columns []ResultColumn, stream bool) *ipcFormat {
	fields := make([]arrow.Field, len(columns))
	for i := range columns {
		fields[i] = arrow.Field{Name: columns[i].Name, Type: arrowType(&columns[i]), Nullable: columns[i].Nullable}
	}
	return &ipcFormat{columns: columns, schema: arrow.NewSchema(fields, nil), stream: stream}
}

func arrowType(c *ResultColumn) arrow.DataType {
	switch c.Type {
	case ColDecimal6:
		return &arrow.Decimal128Type{Precision: 38, Scale: decimalPlaces}
	case ColDecimal0:
		return &arrow.Decimal128Type{Precision: 38, Scale: 0}
	case ColMicro:
		return &arrow.Decimal128Type{Precision: 18, Scale: decimalPlaces}
	case ColTime:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case ColHash:
		return &arrow.FixedSizeBinaryType{ByteWidth: 32}
	case ColFloat64:
		return arrow.PrimitiveTypes.Float64
	case ColFlag:
		return arrow.FixedWidthTypes.Boolean
	}
	if c.slot() == slotText {
		return arrow.BinaryTypes.String
	}
	return arrow.PrimitiveTypes.Int64
}

func (f *ipcFormat) begin(w io.Writer) (err error) {
	if f.stream {
		f.writer = ipc.NewWriter(w, ipc.WithSchema(f.schema))
		return nil
	}
	f.writer, err = ipc.NewFileWriter(w, ipc.WithSchema(f.schema))
	return err
}

func (f *ipcFormat) join(_ io.Writer, c chunkEncoder) error {
	return f.writer.Write(c.(*ipcChunk).record)
}

func (f *ipcFormat) end(io.Writer) error { return f.writer.Close() }

func (f *ipcFormat) newChunk() chunkEncoder {
	return &ipcChunk{format: f, columns: make([]ipcColumn, len(f.columns))}
}

// ipcChunk is a record batch under construction.
type ipcChunk struct {
	format  *ipcFormat
	columns []ipcColumn
	rows    int
	record  arrow.RecordBatch
}

// ipcColumn holds the buffers of one column.
type ipcColumn struct {
	values  []byte
	offsets []byte // of texts
	valid   []byte // bitmap, made at the first null
	bits    int    // booleans in values
	nulls   int
}

func (c *ipcChunk) reset() error {
	c.rows = 0
	for i := range c.columns {
		col := &c.columns[i]
		col.values, col.offsets, col.valid, col.bits, col.nulls = col.values[:0], col.offsets[:0], col.valid[:0], 0, 0
	}
	return nil
}

func (c *ipcChunk) add(b *ResultBatch) error {
	for i := range c.columns {
		col, v, def := &c.columns[i], &b.Columns[i], &c.format.columns[i]
		if def.Nullable {
			col.addValidity(def.slot(), v, c.rows, b.N)
		}
		if err := col.add(def, v, b.N); err != nil {
			return fmt.Errorf("column %s: %w", def.Name, err)
		}
	}
	c.rows += b.N
	return nil
}

// addValidity appends to the bitmap of rows that are not null.
func (c *ipcColumn) addValidity(s slot, v *ResultVector, rows, n int) {
	for i := range n {
		at := rows + i
		if at&7 == 0 {
			c.valid = append(c.valid, 0)
		}
		if v.isNull(s, i) {
			c.nulls++
		} else {
			c.valid[at>>3] |= 1 << (at & 7)
		}
	}
}

// add appends the values, zero where null so that the bytes depend on the rows alone.
func (c *ipcColumn) add(def *ResultColumn, v *ResultVector, n int) error {
	s := def.slot()
	null := func(i int) bool { return len(v.Null) > 0 && v.Null[i] }
	switch s {
	case slotInts:
		for i, x := range v.Ints {
			if null(i) {
				x = 0
			}
			c.values = binary.LittleEndian.AppendUint64(c.values, uint64(x))
			if def.Type == ColMicro {
				c.values = binary.LittleEndian.AppendUint64(c.values, uint64(x>>63))
			}
		}
	case slotWide:
		for i, a := range v.Wide {
			if null(i) {
				a = Int128{}
			}
			c.values = binary.LittleEndian.AppendUint64(c.values, a.Lo)
			c.values = binary.LittleEndian.AppendUint64(c.values, uint64(a.Hi))
		}
	case slotFloats:
		for i, x := range v.Floats {
			if null(i) {
				x = 0
			}
			c.values = binary.LittleEndian.AppendUint64(c.values, math.Float64bits(x))
		}
	case slotFlags:
		for i, x := range v.Flags {
			if c.bits&7 == 0 {
				c.values = append(c.values, 0)
			}
			if x != 0 && !null(i) {
				c.values[c.bits>>3] |= 1 << (c.bits & 7)
			}
			c.bits++
		}
	case slotText:
		return c.addTexts(def, &v.Text, n)
	}
	return nil
}

func (c *ipcColumn) addTexts(def *ResultColumn, t *TextVector, n int) error {
	if def.Type == ColHash {
		for i := range n {
			if text := t.At(i); len(text) == 0 {
				c.values = append(c.values, make([]byte, 32)...)
			} else {
				c.values = append(c.values, text...)
			}
		}
		return nil
	}
	if len(c.offsets) == 0 {
		c.offsets = append(c.offsets, 0, 0, 0, 0)
	}
	for i := range n {
		c.values = append(c.values, t.At(i)...)
		if len(c.values) > math.MaxInt32 {
			return fmt.Errorf("texts of more than 2 GiB in %d rows", chunkRows)
		}
		c.offsets = binary.LittleEndian.AppendUint32(c.offsets, uint32(len(c.values)))
	}
	return nil
}

func (c *ipcChunk) finish() error {
	arrays := make([]arrow.Array, len(c.columns))
	for i := range c.columns {
		col := &c.columns[i]
		var valid *memory.Buffer
		if col.nulls > 0 {
			valid = memory.NewBufferBytes(col.valid)
		}
		buffers := []*memory.Buffer{valid, memory.NewBufferBytes(col.values)}
		if def := &c.format.columns[i]; def.slot() == slotText && def.Type != ColHash {
			buffers = []*memory.Buffer{valid, memory.NewBufferBytes(col.offsets), buffers[1]}
		}
		data := array.NewData(c.format.schema.Field(i).Type, c.rows, buffers, nil, col.nulls, 0)
		arrays[i] = array.MakeFromData(data)
	}
	c.record = array.NewRecordBatch(c.format.schema, arrays, int64(c.rows))
	return nil
}
