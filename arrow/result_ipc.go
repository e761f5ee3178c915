package arrow

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// ipcTable reads a table of a result from an Arrow IPC file, one record batch after another.
type ipcTable struct {
	file    *ipc.FileReader
	memory  *groupAllocator
	source  *os.File
	size    int64
	blocks  []ipcBlock
	columns []ResultColumn
	index   []int
	number  int // next record batch
	record  arrow.RecordBatch
	at      int // rows of record handed out
}

func openIPCTable(f *os.File, size int64, columns []ResultColumn, exact bool) (resultReader, error) {
	t := &ipcTable{columns: columns, memory: &groupAllocator{}, source: f, size: size}
	var err error
	if t.blocks, err = readIPCFooter(f, size); err != nil {
		return nil, err
	}
	t.file, err = ipc.NewFileReader(f, ipc.WithAllocator(t.memory), ipc.WithBodySizeLimit(groupMemory), ipc.WithMetadataSizeLimit(maxIPCMetadata))
	if err != nil {
		return nil, err
	}
	fields := t.file.Schema().Fields()
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	t.index, err = matchColumns(columns, names, exact, func(at int, c *ResultColumn) error { return matchArrow(c, fields[at].Type) })
	return t, err
}

// readIPCFooter guards the footer of an IPC file.
func readIPCFooter(f *os.File, size int64) ([]ipcBlock, error) {
	if err := checkIPCFooter(f, size); err != nil {
		return nil, err
	}
	tail := make([]byte, 4)
	if _, err := f.ReadAt(tail, size-10); err != nil {
		return nil, err
	}
	footer := make([]byte, binary.LittleEndian.Uint32(tail))
	if _, err := f.ReadAt(footer, size-10-int64(len(footer))); err != nil {
		return nil, err
	}
	return guardFooter(footer)
}

func (t *ipcTable) close() {
	if t.record != nil {
		t.record.Release()
		t.record = nil
	}
}

// matchArrow accepts the type that arrowType gives c; ids may be stored either way.
func matchArrow(c *ResultColumn, have arrow.DataType) error {
	if c.Type == ColID {
		c.IntIDs = have.ID() == arrow.INT64
	}
	if want := arrowType(c); !arrow.TypeEqual(want, have) {
		return fmt.Errorf("stored as %v, want %v", have, want)
	}
	return nil
}

func (t *ipcTable) next(b *ResultBatch) error {
	for t.record == nil || t.at == int(t.record.NumRows()) {
		t.close()
		if t.number == t.file.NumRecords() {
			b.N = 0
			return nil
		}
		if err := t.nextRecord(); err != nil {
			return err
		}
	}
	n := min(int(t.record.NumRows())-t.at, fillRows)
	b.Reset(t.columns, n)
	for i, at := range t.index {
		if err := readArrow(&t.columns[i], &b.Columns[i], t.record.Column(at), t.at, n); err != nil {
			return &Error{Column: t.columns[i].Name, Err: err}
		}
	}
	t.at += n
	return nil
}

// nextRecord loads a record batch and checks the offsets of its texts, which Arrow does not.
func (t *ipcTable) nextRecord() error {
	t.memory.nextGroup()
	if t.number >= len(t.blocks) {
		return faultf("record batch %d is not in the footer", t.number)
	}
	if err := t.blocks[t.number].guard(t.source, t.size); err != nil {
		return err
	}
	record, err := t.file.RecordBatchAt(t.number)
	if err != nil {
		return err
	}
	t.record, t.at = record, 0
	t.number++
	for i, at := range t.index {
		if s, ok := record.Column(at).(*array.String); ok {
			if err := s.ValidateFull(); err != nil {
				return &Error{Column: t.columns[i].Name, Err: err}
			}
		}
		if have := record.Column(at).Len(); have != int(record.NumRows()) {
			return &Error{Column: t.columns[i].Name, What: fmt.Sprintf("%d cells for %d rows", have, record.NumRows())}
		}
	}
	return nil
}

// readArrow copies rows from … from+n−1 of an array.
func readArrow(c *ResultColumn, v *ResultVector, a arrow.Array, from, n int) error {
	if a.NullN() > 0 {
		if v.Null == nil {
			v.Null = make([]bool, n)
		}
		for i := range n {
			v.Null[i] = a.IsNull(from + i)
		}
	}
	switch a := a.(type) {
	case *array.Int64:
		copy(v.Ints, a.Int64Values()[from:from+n])
	case *array.Timestamp:
		for i, x := range a.TimestampValues()[from : from+n] {
			v.Ints[i] = int64(x)
		}
	case *array.Float64:
		copy(v.Floats, a.Float64Values()[from:from+n])
	case *array.Boolean:
		for i := range n {
			v.Flags[i] = 0
			if a.Value(from + i) {
				v.Flags[i] = 1
			}
		}
	case *array.Decimal128:
		return readDecimals(c, v, a, from, n)
	case *array.FixedSizeBinary:
		for i := range n {
			v.Text.Append(presentBytes(v, i, a.Value(from+i)))
		}
	case *array.String:
		for i := range n {
			if len(v.Null) > 0 && v.Null[i] {
				v.Text.Append(nil)
			} else {
				v.Text.AppendString(a.Value(from + i))
			}
		}
	default:
		return fmt.Errorf("no reader for %T", a)
	}
	return nil
}

func presentBytes(v *ResultVector, i int, b []byte) []byte {
	if len(v.Null) > 0 && v.Null[i] {
		return nil
	}
	return b
}

func readDecimals(c *ResultColumn, v *ResultVector, a *array.Decimal128, from, n int) error {
	for i := range n {
		d := a.Value(from + i)
		x := Int128{d.HighBits(), d.LowBits()}
		if c.Type != ColMicro {
			v.Wide[i] = x
			continue
		}
		if x.Hi != int64(x.Lo)>>63 && !(len(v.Null) > 0 && v.Null[i]) {
			return &Error{Row: int64(from+i) + 1, What: fmt.Sprintf("%v does not fit %d bits", x, int(math.Log2(math.MaxInt64)+1))}
		}
		v.Ints[i] = int64(x.Lo)
	}
	return nil
}
