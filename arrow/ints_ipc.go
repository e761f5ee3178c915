package arrow

import (
	"fmt"
	"io"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// ipc scans record batch by record batch, a batch to a worker where it can be had without those before it: in a file
// without dictionaries.
func (s *intScan) ipc() error {
	r, err := openIPC(s.file, s.opt.Budget)
	if err != nil {
		return err
	}
	defer r.close()
	fields, err := s.ipcFields(r.schema)
	if err != nil {
		return err
	}
	first, loose, err := r.src.batchRows()
	if err != nil {
		return err
	}
	if !loose {
		r.inPlace(s.file)
		return guarded(func() error { return s.ipcStream(r, fields) })
	}
	workers := make([]*ipcReader, min(s.opt.Threads, len(first)))
	return runTasks(s.ctx, len(workers), len(first), func(w int) func(i int) error {
		return func(i int) (err error) {
			if workers[w] == nil {
				if workers[w], err = openIPC(s.file, s.opt.Budget); err != nil {
					return err
				}
				workers[w].inPlace(s.file)
			}
			workers[w].src.pos = int64(i) + 1
			return s.ipcBatch(workers[w], fields, first[i], w)
		}
	}, func(w int) {
		if workers[w] != nil {
			workers[w].close()
		}
	})
}

// ipcStream takes one batch after another.
func (s *intScan) ipcStream(r *ipcReader, fields []int) error {
	defer faultsAsPanics()()
	for row := int64(0); ; {
		rec, err := r.read()
		if err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		if err := s.visitBatch(rec, fields, row, 0); err != nil {
			return err
		}
		row += rec.NumRows()
	}
}

// ipcBatch takes the batch at which r stands.
func (s *intScan) ipcBatch(r *ipcReader, fields []int, first int64, worker int) error {
	defer faultsAsPanics()()
	rec, err := r.read()
	if err != nil {
		return err
	}
	return s.visitBatch(rec, fields, first, worker)
}

// ipcFields finds the wanted columns.
func (s *intScan) ipcFields(schema *aa.Schema) ([]int, error) {
	out := make([]int, len(s.columns))
	for i, c := range s.columns {
		at := schema.FieldIndices(c.Name)
		if len(at) != 1 {
			return nil, &Error{Column: c.Name, What: fmt.Sprintf("is in the file %d times", len(at))}
		}
		if t := schema.Field(at[0]).Type; !aa.IsInteger(t.ID()) || t.ID() == aa.UINT64 {
			return nil, &Error{Column: c.Name, What: fmt.Sprintf("has type %s", t), Hint: "write it as int64 or int32"}
		}
		out[i] = at[0]
	}
	return out, nil
}

func (s *intScan) visitBatch(rec aa.RecordBatch, fields []int, first int64, worker int) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	b := IntBlock{First: first, Rows: int(rec.NumRows()), Cols: make([]IntVector, len(fields))}
	for i, f := range fields {
		v, bad, err := s.ipcInts(rec.Column(f), b.Rows, s.columns[i].Bits)
		if bad != nil {
			return &Error{Column: s.columns[i].Name, Row: first + int64(bad.row) + 1, What: bad.what, Hint: bad.hint}
		}
		if err != nil {
			return &Error{Column: s.columns[i].Name, What: fmt.Sprintf("damaged in the batch from row %d on", first+1), Err: err}
		}
		b.Cols[i] = v
	}
	return s.visit(worker, &b)
}

// ipcInts takes an array's values in place where they have the width that is wanted.
func (s *intScan) ipcInts(arr aa.Array, rows, bits int) (v IntVector, bad *rowError, err error) {
	if arr.Len() != rows {
		return v, nil, fmt.Errorf("%d values for %d rows", arr.Len(), rows)
	}
	if err := validated(arr); err != nil {
		return v, nil, err
	}
	if arr.NullN() > 0 {
		for i := range rows {
			if arr.IsNull(i) {
				return v, &rowError{i, emptyCell()}, nil
			}
		}
	}
	switch a := arr.(type) {
	case *array.Int64:
		if v.Wide = a.Values(); bits == 64 {
			return v, nil, nil
		}
	case *array.Int32:
		if bits == 32 {
			v.Narrow = a.Values()
			return v, nil, nil
		}
	}
	if v.Wide == nil {
		v.Wide, _ = arrowInts(arr)
	}
	if bits == 64 {
		return v, nil, nil
	}
	v.Narrow = make([]int32, rows)
	if i := narrowInts(v.Narrow, v.Wide); i >= 0 {
		return v, &rowError{i, beyond32(v.Wide[i])}, nil
	}
	v.Wide = nil
	return v, nil, nil
}
