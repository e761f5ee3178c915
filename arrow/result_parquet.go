package arrow

import (
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetTable reads a table of a result from Parquet, one row group after another.
type parquetTable struct {
	file    *file.Reader
	memory  *groupAllocator
	columns []ResultColumn
	index   []int // of the file's columns
	readers []parquetColumnReader
	group   int   // next row group
	left    int64 // rows of the present one
}

// parquetColumnReader reads one column of the present row group; its slices are scratch.
type parquetColumnReader struct {
	chunk  file.ColumnChunkReader
	levels []int16 // nil in a column without nulls
	flags  []bool
	fixed  []parquet.FixedLenByteArray
	bytes  []parquet.ByteArray
}

func openParquetTable(f *os.File, columns []ResultColumn, exact bool) (resultReader, error) {
	p := &parquetTable{columns: columns, memory: &groupAllocator{}, readers: make([]parquetColumnReader, len(columns))}
	var err error
	if p.file, err = file.NewParquetReader(f, file.WithReadProps(parquet.NewReaderProperties(p.memory))); err != nil {
		return nil, err
	}
	sc := p.file.MetaData().Schema
	names := make([]string, sc.NumColumns())
	for i := range names {
		names[i] = sc.Column(i).Path()
	}
	p.index, err = matchColumns(columns, names, exact, func(at int, c *ResultColumn) error { return matchParquet(c, sc.Column(at)) })
	if err != nil {
		return nil, err
	}
	for i, at := range p.index {
		if sc.Column(at).MaxDefinitionLevel() > 0 {
			p.readers[i].levels = make([]int16, fillRows)
		}
	}
	return p, nil
}

func (p *parquetTable) close() {}

// matchParquet accepts the type that parquetField gives c; ids may be stored either way.
func matchParquet(c *ResultColumn, col *schema.Column) error {
	if c.Type == ColID {
		c.IntIDs = col.PhysicalType() == parquet.Types.Int64
	}
	node, err := parquetField(c)
	if err != nil {
		return err
	}
	want := node.(*schema.PrimitiveNode)
	same := col.PhysicalType() == want.PhysicalType() && col.MaxRepetitionLevel() == 0 && col.MaxDefinitionLevel() <= 1
	if want.PhysicalType() == parquet.Types.FixedLenByteArray {
		same = same && col.TypeLength() == want.TypeLength()
	}
	if _, none := want.LogicalType().(schema.NoLogicalType); none {
		same = same && !col.LogicalType().IsValid() || same && col.LogicalType().IsNone()
	} else {
		same = same && want.LogicalType().Equals(col.LogicalType())
	}
	if !same {
		return fmt.Errorf("stored as %v (%v), which is not how a %v is stored", col.PhysicalType(), col.LogicalType(), c.Type)
	}
	return nil
}

func (p *parquetTable) next(b *ResultBatch) error {
	for p.left == 0 {
		if p.group == p.file.NumRowGroups() {
			b.N = 0
			return nil
		}
		if err := p.nextGroup(); err != nil {
			return err
		}
	}
	n := int(min(p.left, fillRows))
	b.Reset(p.columns, n)
	for i := range p.columns {
		if err := p.readers[i].read(&p.columns[i], &b.Columns[i], n); err != nil {
			return &Error{Column: p.columns[i].Name, What: fmt.Sprintf("row group %d", p.group-1), Err: err}
		}
	}
	p.left -= int64(n)
	return nil
}

func (p *parquetTable) nextGroup() (err error) {
	p.memory.nextGroup()
	rg := p.file.RowGroup(p.group)
	if p.left = rg.NumRows(); p.left < 0 {
		return faultf("row group %d has %d rows", p.group, p.left)
	}
	for i, at := range p.index {
		if p.readers[i].chunk, err = rg.Column(at); err != nil {
			return &Error{Column: p.columns[i].Name, Err: err}
		}
	}
	p.group++
	return nil
}

// read reads exactly n rows into v.
func (r *parquetColumnReader) read(c *ResultColumn, v *ResultVector, n int) error {
	for row, dense := 0, 0; row < n; {
		var levels []int16
		if r.levels != nil {
			levels = r.levels[row:n]
		}
		rows, values, err := r.readSome(c, v, dense, n-row, levels)
		if err == nil {
			err = r.chunk.Err()
		}
		if err != nil {
			return err
		}
		if rows <= 0 || rows > n-row || values > rows {
			return fmt.Errorf("ends %d rows early", n-row)
		}
		if c.slot() == slotText {
			r.appendTexts(c, v, rows, levels)
		}
		row, dense = row+rows, dense+values
	}
	if r.levels == nil {
		return nil
	}
	return r.spread(c, v, n)
}

// readSome reads at most n rows, their values to position dense and on.
func (r *parquetColumnReader) readSome(c *ResultColumn, v *ResultVector, dense, n int, levels []int16) (rows, values int, err error) {
	var total int64
	switch chunk := r.chunk.(type) {
	case *file.Int64ColumnChunkReader:
		total, values, err = chunk.ReadBatch(int64(n), v.Ints[dense:], levels, nil)
	case *file.Float64ColumnChunkReader:
		total, values, err = chunk.ReadBatch(int64(n), v.Floats[dense:], levels, nil)
	case *file.BooleanColumnChunkReader:
		r.flags = resized(r.flags, n)
		total, values, err = chunk.ReadBatch(int64(n), r.flags, levels, nil)
		for i, f := range r.flags[:values] {
			v.Flags[dense+i] = 0
			if f {
				v.Flags[dense+i] = 1
			}
		}
	case *file.FixedLenByteArrayColumnChunkReader:
		r.fixed = resized(r.fixed, n)
		total, values, err = chunk.ReadBatch(int64(n), r.fixed, levels, nil)
		if c.slot() == slotWide {
			for i, b := range r.fixed[:values] {
				v.Wide[dense+i] = bigEndian128(b)
			}
		}
	case *file.ByteArrayColumnChunkReader:
		r.bytes = resized(r.bytes, n)
		total, values, err = chunk.ReadBatch(int64(n), r.bytes, levels, nil)
	default:
		err = fmt.Errorf("no reader for %T", chunk)
	}
	return int(total), values, err
}

// appendTexts copies what readSome read, whose bytes lie in a page that may be gone at its next call.
func (r *parquetColumnReader) appendTexts(c *ResultColumn, v *ResultVector, rows int, levels []int16) {
	k := 0
	for i := range rows {
		switch {
		case levels != nil && levels[i] == 0:
			v.Text.Append(nil)
			continue
		case c.Type == ColHash:
			v.Text.Append(r.fixed[k])
		default:
			v.Text.Append(r.bytes[k])
		}
		k++
	}
}

// spread moves dense values to their rows and marks the nulls.
func (r *parquetColumnReader) spread(c *ResultColumn, v *ResultVector, n int) error {
	if v.Null == nil {
		v.Null = make([]bool, n)
	}
	dense := 0
	for i := range n {
		v.Null[i] = r.levels[i] == 0
		if !v.Null[i] {
			dense++
		}
	}
	switch c.slot() {
	case slotInts:
		spreadValues(v.Ints, v.Null, dense)
	case slotWide:
		spreadValues(v.Wide, v.Null, dense)
	case slotFloats:
		spreadValues(v.Floats, v.Null, dense)
	case slotFlags:
		spreadValues(v.Flags, v.Null, dense)
	}
	return nil
}

// spreadValues works backwards in place: a value never moves to an earlier row.
func spreadValues[T any](values []T, null []bool, dense int) {
	var zero T
	for i := len(null) - 1; i >= 0; i-- {
		if null[i] {
			values[i] = zero
		} else {
			dense--
			values[i] = values[dense]
		}
	}
}
