package arrow

import (
	"bufio"
	"fmt"
	"io"
	"os"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// IntColumn is a required column of integers in a plain table.
type IntColumn struct {
	Name string
	Bits int // 32 or 64, how its file holds it
}

// IntVector holds a column's part of an IntBlock: the one of the two slices that has the column's width.
type IntVector struct {
	Narrow []int32
	Wide   []int64
}

// IntBlock is a run of rows of a plain table, from row First of the table on.
type IntBlock struct {
	First int64
	Rows  int
	Cols  []IntVector
}

// plainGroup is the number of rows of a row group or record batch of a plain table.
const plainGroup = 1 << 20

// WriteInts writes a plain table of integers as other programs would: a Parquet file with Apache's defaults
// (dictionaries while they are small) and zstd, or an uncompressed Arrow IPC file; path ends in .parquet or .arrow. fill
// sets all values of a block of up to 2²⁰ rows. Ledgers are written by Export.
func WriteInts(path string, columns []IntColumn, rows int64, fill func(*IntBlock)) (err error) {
	_, kind := splitExtension(path)
	fields := make([]aa.Field, len(columns))
	for i, c := range columns {
		fields[i] = aa.Field{Name: c.Name, Type: aa.PrimitiveTypes.Int64}
		if c.Bits == 32 {
			fields[i].Type = aa.PrimitiveTypes.Int32
		}
	}
	schema := aa.NewSchema(fields, nil)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close() // a second time where all went well
	// Long writes let the system hold the file in large pieces, which are mapped several times as fast as small ones.
	buffered := bufio.NewWriterSize(f, 16<<20)
	w, err := plainWriter(buffered, kind, schema)
	if err != nil {
		return err
	}
	block := newIntBlock(columns)
	for ; block.First < rows; block.First += int64(block.Rows) {
		block.size(int(min(plainGroup, rows-block.First)))
		fill(block)
		rec := block.record(schema)
		err := w.Write(rec)
		rec.Release()
		if err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func plainWriter(f io.Writer, kind FileKind, schema *aa.Schema) (interface {
	Write(aa.RecordBatch) error
	Close() error
}, error) {
	switch kind {
	case FileParquet:
		props := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithMaxRowGroupLength(plainGroup))
		return pqarrow.NewFileWriter(schema, f, props, pqarrow.DefaultWriterProps())
	case FileIPC:
		return ipc.NewFileWriter(f, ipc.WithSchema(schema))
	}
	return nil, fmt.Errorf("a plain table is written as .parquet or .arrow")
}

func newIntBlock(columns []IntColumn) *IntBlock {
	b := &IntBlock{Cols: make([]IntVector, len(columns))}
	for i, c := range columns {
		if c.Bits == 32 {
			b.Cols[i].Narrow = make([]int32, plainGroup)
		} else {
			b.Cols[i].Wide = make([]int64, plainGroup)
		}
	}
	return b
}

func (b *IntBlock) size(rows int) {
	b.Rows = rows
	for i := range b.Cols {
		if v := &b.Cols[i]; v.Narrow != nil {
			v.Narrow = v.Narrow[:rows]
		} else {
			v.Wide = v.Wide[:rows]
		}
	}
}

// record is the block as Apache's writers take it; it shares the block's memory.
func (b *IntBlock) record(schema *aa.Schema) aa.RecordBatch {
	arrays := make([]aa.Array, len(b.Cols))
	for i, v := range b.Cols {
		values := aa.Int64Traits.CastToBytes(v.Wide)
		if v.Narrow != nil {
			values = aa.Int32Traits.CastToBytes(v.Narrow)
		}
		data := array.NewData(schema.Field(i).Type, b.Rows, []*memory.Buffer{nil, memory.NewBufferBytes(values)}, nil, 0, 0)
		arrays[i] = array.MakeFromData(data)
	}
	return array.NewRecordBatch(schema, arrays, int64(b.Rows))
}
