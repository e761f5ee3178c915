package arrow

import (
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// ipcTable reads a table of a result from Arrow IPC, one record batch after another.
type ipcTable struct {
	source  *ipcReader
	columns []ResultColumn
	index   []int
	record  arrow.RecordBatch
	at      int // rows of record handed out
}

func openIPCTable(f *os.File, columns []ResultColumn, exact bool) (resultReader, error) {
	source, err := openIPC(f, NewBudget(groupMemory))
	if err != nil {
		return nil, err
	}
	t := &ipcTable{source: source, columns: columns}
	fields := source.schema.Fields()
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	t.index, err = matchColumns(columns, names, exact, func(at int, c *ResultColumn) error { return matchArrow(c, fields[at].Type) })
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *ipcTable) close() { t.source.close() }

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
		err := t.nextRecord()
		if err == io.EOF {
			b.N = 0
			return nil
		}
		if err != nil {
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

// nextRecord loads a record batch and checks the offsets of its texts, which Apache's reader does not.
func (t *ipcTable) nextRecord() error {
	t.record = nil
	record, err := t.source.read()
	if err == io.EOF && !t.source.ended() {
		return &Error{What: "the data end without their end mark", Hint: "write the file again"}
	}
	if err != nil {
		return err
	}
	t.record, t.at = record, 0
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
			return &Error{Row: int64(from+i) + 1, What: fmt.Sprintf("%v has more than 18 digits", x)}
		}
		v.Ints[i] = int64(x.Lo)
	}
	return nil
}
