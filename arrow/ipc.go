package arrow

import (
	"errors"
	"fmt"
	"io"
	"os"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// maxIPCMetadata bounds the metadata of one message; 10⁵ columns take about 10 MiB.
const maxIPCMetadata = 64 << 20

// ipcReader gives the record batches of an Arrow IPC file or stream. Apache's reader runs on the caller's goroutine, with
// every buffer it makes charged to the budget, and behind recover; it sees checked messages only (ipc_wire.go).
type ipcReader struct {
	schema *aa.Schema
	src    *ipcSource
	stream *ipc.Reader
	mem    *countedAllocator
}

// openIPC reads the schema.
func openIPC(f *os.File, b *Budget) (r *ipcReader, err error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	mem := &countedAllocator{allocator: allocator{b}}
	r = &ipcReader{mem: mem, src: &ipcSource{r: f, size: st.Size(), mem: mem}}
	defer func() {
		if err != nil {
			r.close()
			r = nil
		}
	}()
	defer catch(&err, "reading the schema")
	var head [6]byte
	if _, err := f.ReadAt(head[:], 0); err != nil && err != io.EOF {
		return r, readError(err)
	}
	if string(head[:]) == string(magicIPC) {
		if err := r.src.openIPCFile(); err != nil {
			return r, err
		}
	}
	if r.stream, err = ipc.NewReaderFromMessageReader(r.src, ipc.WithAllocator(mem)); err != nil {
		return r, r.fault(err)
	}
	if r.schema = r.stream.Schema(); r.schema == nil {
		return r, errors.New("no schema")
	}
	return r, nil
}

// fault prefers what this package found to what Apache's reader made of it.
func (r *ipcReader) fault(err error) error {
	switch {
	case r.mem.failure != nil:
		return r.mem.failure
	case r.src.fault != nil:
		return r.src.fault
	}
	return fmt.Errorf("damaged Arrow data: %w", err)
}

// read gives the next batch, valid until the next call; io.EOF after the last.
func (r *ipcReader) read() (rec aa.RecordBatch, err error) {
	defer catch(&err, "decoding")
	rec, err = r.stream.Read()
	if err == io.EOF && r.src.fault == nil && r.mem.failure == nil {
		return nil, err
	}
	if err != nil || r.mem.failure != nil || r.src.fault != nil {
		return nil, r.fault(err)
	}
	if rec == nil {
		return nil, errors.New("damaged Arrow data: a batch without content")
	}
	return rec, nil
}

// inPlace lets batches lie in the file, mapped into memory, as long as the reader is open, where they are not compressed.
// Whoever reads them does so under faultsAsPanics and catch.
func (r *ipcReader) inPlace(f *os.File) {
	if r.schema.IsNativeEndian() { // others are turned around where they lie
		r.src.mapped = mapFile(f, r.src.size)
	}
}

// close lets go of all memory, also of what Apache's reader forgot.
func (r *ipcReader) close() {
	defer r.mem.giveAll()
	defer r.src.close()
	defer func() { _ = recover() }() // of releasing what damaged metadata described
	if r.stream != nil {
		r.stream.Release()
	}
}

// ended reports whether the data were closed by their end mark rather than by the end of the file.
func (r *ipcReader) ended() bool { return r.src.blocks != nil || r.src.marked }

// countedAllocator is an allocator that remembers what it gave and why it refused.
type countedAllocator struct {
	allocator
	held    int64
	failure error
}

func (a *countedAllocator) Allocate(n int) []byte {
	defer a.note(int64(n))
	return a.allocator.Allocate(n)
}

// note counts n bytes unless the allocation behind it panicked, which it keeps.
func (a *countedAllocator) note(n int64) {
	if r := recover(); r != nil {
		if e, ok := r.(error); ok {
			a.failure = e
		}
		panic(r)
	}
	a.held += n
}

func (a *countedAllocator) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		a.held += int64(size - len(b))
		a.b.give(int64(len(b) - size))
		return b[:size]
	}
	n := a.Allocate(size)
	copy(n, b)
	a.Free(b)
	return n
}

func (a *countedAllocator) Free(b []byte) {
	a.held -= int64(len(b))
	a.allocator.Free(b)
}

func (a *countedAllocator) giveAll() {
	a.b.give(a.held)
	a.held = 0
}

// openIPC maps a file's columns and counts its rows from the metadata of its batches.
func (r *tableReader) openIPC(f *tableFile, file *os.File) error {
	src, err := openIPC(file, r.budget)
	if err != nil {
		return err
	}
	defer src.close()
	if f.ipc, err = r.mapIPC(f, src.schema); err != nil {
		return err
	}
	var ended bool
	if f.rows, ended, err = src.src.countRows(); err != nil {
		return err
	}
	if f.batches, _, err = src.src.batchRows(); err != nil {
		return err
	}
	if !ended {
		f.notices = append(f.notices, "the stream has no end mark and may be cut off")
	}
	return nil
}

// mapIPC finds the wanted columns among the fields of a schema.
func (r *tableReader) mapIPC(f *tableFile, schema *aa.Schema) (at []int, err error) {
	cols := r.table.Columns
	f.present = make([]bool, len(cols))
	at = make([]int, len(cols))
	names := map[string]int{}
	for i := range cols {
		names[cols[i].Name], at[i] = i, -1
	}
	seen := map[string]bool{}
	for i, field := range schema.Fields() {
		if seen[field.Name] {
			return nil, &Error{Column: field.Name, What: "is in the file twice"}
		}
		seen[field.Name] = true
		c, ok := names[field.Name]
		if !ok {
			f.unknown = append(f.unknown, field.Name)
			continue
		}
		if _, bad := mapArrow(cols[c], field.Type); bad != nil {
			return nil, &Error{Column: field.Name, Row: 1, What: bad.what, Hint: bad.hint}
		}
		at[c], f.present[c] = i, true
	}
	return at, missingColumn(cols, f.present)
}

// ipcChunk turns a batch, which begins at a row of its file, into our columns.
func (r *tableReader) ipcChunk(f *tableFile, row int64, rec aa.RecordBatch, caches []dictCache) (k *rowChunk, err error) {
	defer catch(&err, "decoding")
	k = &rowChunk{rows: int(rec.NumRows()), cols: make([]ColumnData, len(f.ipc))}
	for c, i := range f.ipc {
		if i < 0 {
			k.cols[c].Absent = true
			continue
		}
		col := &r.table.Columns[c]
		if err := r.budget.take(rec.NumRows()*cellBytes(col.Kind), "the table"); err != nil {
			return nil, err
		}
		arr := rec.Column(i)
		if int64(arr.Len()) != rec.NumRows() {
			return nil, &Error{Column: col.Name, What: fmt.Sprintf("%d values for %d rows", arr.Len(), rec.NumRows())}
		}
		if err := validated(arr); err != nil {
			return nil, damagedBatch(col.Name, arr, row, err)
		}
		bad, err := arrowCells(col, arr, &k.cols[c], &caches[c])
		if err != nil {
			return nil, inColumn(err, col.Name)
		}
		if len(bad) > 0 {
			return nil, &Error{Column: col.Name, Row: row + int64(bad[0].i) + 1, What: bad[0].err.what, Hint: bad[0].err.hint}
		}
		r.budget.give(rec.NumRows() * cellBytes(col.Kind))
		if err := r.budget.take(k.cols[c].size(), "the table"); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func inColumn(err error, column string) error {
	var e *Error
	if errors.As(err, &e) {
		e.Column = column
		return e
	}
	return &Error{Column: column, Err: err}
}
