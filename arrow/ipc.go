package arrow

import (
	"errors"
	"fmt"
	"io"
	"os"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// maxIPCMetadata bounds the metadata of one message; 10⁵ columns take about 10 MiB.
const maxIPCMetadata = 64 << 20

// ipcReader gives the record batches of an Arrow IPC file or stream. Apache's reader runs on the caller's goroutine, with
// every buffer it makes charged to the budget, and behind recover.
type ipcReader struct {
	schema  *aa.Schema
	file    *ipc.FileReader
	stream  *ipc.Reader
	next    int
	endless *endWatch // of a stream
	mem     *countedAllocator
}

// openIPC reads the schema, and of a file the dictionaries.
func openIPC(f *os.File, b *Budget) (r *ipcReader, err error) {
	r = &ipcReader{mem: &countedAllocator{allocator: allocator{b}}}
	defer func() {
		if err != nil {
			r.close()
			r = nil
		}
	}()
	defer catch(&err, "reading the schema")
	st, err := f.Stat()
	if err != nil {
		return r, err
	}
	var head [6]byte
	if _, err := f.ReadAt(head[:], 0); err != nil && err != io.EOF {
		return r, readError(err)
	}
	limits := []ipc.Option{ipc.WithAllocator(r.mem), ipc.WithMetadataSizeLimit(min(maxIPCMetadata, st.Size())), ipc.WithBodySizeLimit(st.Size())}
	if string(head[:]) == string(magicIPC) {
		if err := checkIPCFooter(f, st.Size()); err != nil {
			return r, err
		}
		if r.file, err = ipc.NewFileReader(f, limits...); err != nil {
			return r, damagedIPC(err)
		}
		r.schema = r.file.Schema()
	} else {
		r.endless = &endWatch{r: io.NewSectionReader(f, 0, st.Size())}
		if r.stream, err = ipc.NewReaderFromMessageReader(ipc.NewMessageReader(r.endless, limits...), limits...); err != nil {
			return r, damagedIPC(err)
		}
		r.schema = r.stream.Schema()
	}
	if r.schema == nil {
		return r, errors.New("no schema")
	}
	return r, nil
}

// checkIPCFooter bounds the footer before Apache's reader takes memory for it.
func checkIPCFooter(f *os.File, size int64) error {
	var tail [10]byte
	if size < 18 {
		return &Error{What: "not an Arrow file, or cut off", Hint: "write the file again"}
	}
	if _, err := f.ReadAt(tail[:], size-10); err != nil {
		return readError(err)
	}
	if string(tail[4:]) != string(magicIPC) {
		return &Error{What: "not an Arrow file, or cut off", Hint: "write the file again"}
	}
	if n := int64(tail[0]) | int64(tail[1])<<8 | int64(tail[2])<<16 | int64(tail[3])<<24; n > maxIPCMetadata || n > size {
		return fmt.Errorf("a footer of %s", byteCount(n))
	}
	return nil
}

// damagedIPC keeps a budgetError that Apache's reader recovered from, and else names the fault.
func damagedIPC(err error) error {
	var be *budgetError
	if errors.As(err, &be) {
		return be
	}
	return fmt.Errorf("damaged Arrow data: %w", err)
}

// read gives the next batch, valid until the next call; io.EOF after the last.
func (r *ipcReader) read() (rec aa.RecordBatch, err error) {
	defer catch(&err, "decoding")
	if r.file != nil {
		if r.next >= r.file.NumRecords() {
			return nil, io.EOF
		}
		r.next++
		rec, err = r.file.RecordBatch(r.next - 1)
	} else {
		rec, err = r.stream.Read()
	}
	if err == io.EOF {
		return nil, err
	}
	if r.mem.failure != nil {
		return nil, r.mem.failure
	}
	if err != nil {
		return nil, damagedIPC(err)
	}
	if rec == nil {
		return nil, errors.New("damaged Arrow data: a batch without content")
	}
	return rec, nil
}

// close lets go of all memory, also of what Apache's reader forgot.
func (r *ipcReader) close() {
	defer func() { _ = recover() }() // releasing what damaged metadata described
	defer r.mem.giveAll()
	if r.file != nil {
		r.file.Close()
	}
	if r.stream != nil {
		r.stream.Release()
	}
}

// ended reports whether a stream was closed by its end mark rather than by the end of the file.
func (r *ipcReader) ended() bool { return r.endless == nil || r.endless.marked() }

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

// endWatch passes reads through and keeps the last bytes read.
type endWatch struct {
	r    io.Reader
	last [8]byte
}

func (w *endWatch) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if n >= 8 {
		copy(w.last[:], p[n-8:n])
	} else if n > 0 {
		copy(w.last[:], w.last[n:])
		copy(w.last[8-n:], p[:n])
	}
	return n, err
}

// marked reports the end mark of a stream: no length, after a continuation marker or in the old way.
func (w *endWatch) marked() bool {
	l := w.last
	return l[4]|l[5]|l[6]|l[7] == 0
}

// readIPC reads a file's batches into chunks.
func (r *tableReader) readIPC(f *tableFile, file *os.File) error {
	src, err := openIPC(file, r.budget)
	if err != nil {
		return err
	}
	defer src.close()
	at, err := r.mapIPC(f, src.schema)
	if err != nil {
		return err
	}
	for {
		rec, err := src.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if rec.NumRows() == 0 {
			continue
		}
		chunk, err := r.ipcChunk(f, at, rec)
		if err != nil {
			return err
		}
		if err := r.keep(f, chunk); err != nil {
			return err
		}
	}
	if !src.ended() {
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

// ipcChunk turns a batch into our columns.
func (r *tableReader) ipcChunk(f *tableFile, at []int, rec aa.RecordBatch) (k *rowChunk, err error) {
	defer catch(&err, "decoding")
	k = &rowChunk{rows: int(rec.NumRows()), cols: make([]ColumnData, len(at))}
	for c, i := range at {
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
		if err := array.ValidateFull(arr); err != nil {
			return nil, &Error{Column: col.Name, What: fmt.Sprintf("damaged in the batch from row %d on", f.rows+1), Err: err}
		}
		bad, err := arrowCells(*col, arr, &k.cols[c])
		if err != nil {
			return nil, inColumn(err, col.Name)
		}
		if len(bad) > 0 {
			return nil, &Error{Column: col.Name, Row: f.rows + int64(bad[0].i) + 1, What: bad[0].err.what, Hint: bad[0].err.hint}
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
