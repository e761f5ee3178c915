package arrow

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// tableReader reads the files of one table.
type tableReader struct {
	ctx     context.Context
	table   *Table
	opt     Options
	budget  *Budget
	files   []tableFile
	out     *TableData
	done    atomic.Int64
	unknown map[string]bool
}

// tableFile is one file while its table is read.
type tableFile struct {
	*File
	parquet *parquetFile
	chunks  []*rowChunk // of files whose rows are not known before they are read
	rows    int64
	present []bool
	unknown []string
	notices []string
	first   int64        // row of the table at which its rows begin
	texts   [][]TextData // of Parquet: by row group, by column
}

// ReadTable reads a table whole. Rows come in the order of the files and their rows. Errors are of type *Error and
// name the first fault in the order of files, row groups and columns, whatever the number of threads; a cancelled
// context gives its error.
func ReadTable(ctx context.Context, t *Table, opt Options) (*TableData, error) {
	if opt.Budget == nil {
		opt.Budget = NewBudget(0)
	}
	r := &tableReader{ctx: ctx, table: t, opt: opt, budget: opt.Budget, files: make([]tableFile, len(t.Files)), out: &TableData{}, unknown: map[string]bool{}}
	for i := range t.Files {
		r.files[i] = tableFile{File: &t.Files[i]}
	}
	if err := r.run(len(r.files), func(i int) error { return r.open(&r.files[i]) }); err != nil {
		return nil, err
	}
	if err := r.place(); err != nil {
		return nil, err
	}
	if err := r.decodeParquet(); err != nil {
		return nil, err
	}
	if err := r.joinTexts(); err != nil {
		return nil, err
	}
	r.notices()
	return r.out, nil
}

// run does n tasks on the threads there are. The error is that of the first task in order that failed.
func (r *tableReader) run(n int, task func(i int) error) error {
	return runTasks(r.ctx, workerCount(r.opt, n), n, func(int) func(i int) error { return task }, nil)
}

// workerCount is the number of goroutines for n tasks.
func workerCount(opt Options, n int) int {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	return min(opt.Threads, n)
}

// runTasks does tasks 0 … n−1 on workers, each with what worker makes for it; leave is called when a worker ends. A
// panic of a task is its error. After a failure only tasks before it are still begun, so that the error returned is
// that of the first failing task in order.
func runTasks(ctx context.Context, workers, n int, worker func(w int) func(i int) error, leave func(w int)) error {
	var next atomic.Int64
	var mu sync.Mutex
	var failure error
	failed := int64(math.MaxInt64)
	fail := func(i int64, err error) {
		mu.Lock()
		defer mu.Unlock()
		if i < failed {
			failed, failure = i, err
		}
	}
	stop := func(i int64) bool {
		mu.Lock()
		defer mu.Unlock()
		return i > failed
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			if leave != nil {
				defer leave(w)
			}
			task := worker(w)
			for {
				i := next.Add(1) - 1
				if i >= int64(n) || stop(i) {
					return
				}
				if err := ctx.Err(); err != nil {
					fail(-1, err)
					return
				}
				if err := guarded(func() error { return task(int(i)) }); err != nil {
					fail(i, err)
				}
			}
		})
	}
	wg.Wait()
	return failure
}

func guarded(f func() error) (err error) {
	defer catch(&err, "reading")
	return f()
}

// open reads a Parquet file's metadata, or any other file whole into chunks.
func (r *tableReader) open(f *tableFile) (err error) {
	defer func() { err = inFile(err, f.Name, r.table.Name) }()
	file, err := f.openSame()
	if err != nil {
		return err
	}
	defer file.Close()
	kind := f.Kind
	if kind == FileUnknown {
		if kind, err = sniff(file); err != nil {
			return err
		}
	}
	switch kind {
	case FileParquet:
		err = r.openParquet(f, file)
	case FileCSV, FileJSON:
		err = r.readText(f, file, kind)
	case FileIPC:
		err = r.readIPC(f, file)
	}
	if err != nil {
		return err
	}
	if f.File.Rows >= 0 && f.File.Rows != f.rows {
		return &Error{What: fmt.Sprintf("%d rows, the manifest says %d", f.rows, f.File.Rows), Hint: "make the export again"}
	}
	return nil
}

func (r *tableReader) openParquet(f *tableFile, file *os.File) (err error) {
	if f.parquet, err = openParquet(file, r.budget); err != nil {
		return err
	}
	f.rows = f.parquet.rows
	if f.unknown, err = f.parquet.mapColumns(r.table.Columns); err != nil {
		return err
	}
	for _, c := range f.parquet.cols {
		f.present = append(f.present, c.index >= 0)
	}
	return nil
}

func (r *tableReader) readText(f *tableFile, file *os.File, kind FileKind) error {
	text, err := openText(file, f.Bytes)
	if err != nil {
		return err
	}
	defer text.close()
	if kind == FileJSON {
		var seen []bool
		f.unknown, seen, err = scanJSON(text, r.table.Columns, func(present []bool) *builder { return r.builder(f, present) })
		f.present = seen
		return err
	}
	f.unknown, err = scanCSV(text, r.table.Columns, func(present []bool) *builder { return r.builder(f, present) })
	return err
}

// builder gathers a file's rows in its chunks.
func (r *tableReader) builder(f *tableFile, present []bool) *builder {
	f.present = present
	return newBuilder(r.table.Columns, present, r.budget, func(k *rowChunk) error { return r.keep(f, k) })
}

// keep appends a chunk, which is charged to the budget, to its file.
func (r *tableReader) keep(f *tableFile, k *rowChunk) error {
	f.chunks = append(f.chunks, k)
	f.rows += int64(k.rows)
	r.progress(int64(k.rows), -1)
	return r.ctx.Err()
}

func (r *tableReader) progress(rows, total int64) {
	n := r.done.Add(rows)
	if r.opt.Progress != nil {
		r.opt.Progress(r.table.Name, n, total)
	}
}

// cellBytes is what one cell of a kind takes; texts are counted apart.
func cellBytes(k Kind) int64 {
	switch k {
	case KindFlag:
		return 1
	case KindWide:
		return 16
	}
	return 8
}

// heldBytes is what one cell of the finished column takes. Key columns are expected to need four bytes.
func (c *Column) heldBytes() int64 {
	if c.Keys != nil {
		return 4
	}
	return cellBytes(c.Kind)
}

// place makes the table's columns and moves the chunks there are into them, column by column, so that no more than
// one column is held twice.
func (r *tableReader) place() error {
	total := int64(0)
	for i := range r.files {
		r.files[i].first = total
		total += r.files[i].rows
		r.out.FileRows = append(r.out.FileRows, r.files[i].rows)
		if total < 0 || total > math.MaxInt {
			return &Error{Table: r.table.Name, What: "more rows than can be counted"}
		}
	}
	r.out.Rows = int(total)
	r.out.Cols = make([]ColumnData, len(r.table.Columns))
	for c := range r.table.Columns {
		d := &r.out.Cols[c]
		d.Absent = !slices.ContainsFunc(r.files, func(f tableFile) bool { return f.present[c] })
		if d.Absent {
			continue
		}
		col := &r.table.Columns[c]
		if total > math.MaxInt64/32 {
			return inFile(&budgetError{-1, r.budget.limit, "the table"}, "", r.table.Name)
		}
		if err := r.budget.take(total*col.heldBytes(), fmt.Sprintf("the table (%d rows)", total)); err != nil {
			return inFile(err, "", r.table.Name)
		}
		if col.Keys != nil {
			d.Keys = col.Keys(int(total))
		} else {
			d.make(col.Kind, int(total))
		}
		for i := range r.files {
			r.moveChunks(&r.files[i], c, d)
		}
	}
	return nil
}

// make allocates a column; texts are joined later.
func (d *ColumnData) make(kind Kind, rows int) {
	switch kind {
	case KindFlag:
		d.Flags = make([]uint8, rows)
	case KindWide:
		d.Wides = make([]Int128, rows)
	case KindFloat:
		d.Floats = make([]float64, rows)
	case KindText:
	default:
		d.Ints = make([]int64, rows)
	}
}

// moveChunks copies a file's cells of a column and lets go of the chunks' own.
func (r *tableReader) moveChunks(f *tableFile, c int, d *ColumnData) {
	if !f.present[c] {
		d.fillNull(r.table.Columns[c].Kind, int(f.first), int(f.first+f.rows))
		return
	}
	row := f.first
	for _, k := range f.chunks {
		from := &k.cols[c]
		if r.table.Columns[c].Kind != KindText {
			if d.Keys != nil {
				d.Keys.Set(int(row), from.Ints)
			}
			if d.Ints != nil {
				copy(d.Ints[row:], from.Ints)
			}
			if d.Flags != nil {
				copy(d.Flags[row:], from.Flags)
			}
			if d.Wides != nil {
				copy(d.Wides[row:], from.Wides)
			}
			if d.Floats != nil {
				copy(d.Floats[row:], from.Floats)
			}
			r.budget.give(from.size())
			*from = ColumnData{}
		}
		row += int64(k.rows)
	}
}

// fillNull sets rows from … to−1 to null; a column of texts needs nothing.
func (d *ColumnData) fillNull(kind Kind, from, to int) {
	if d.Keys != nil {
		nulls := make([]int64, min(decodeBlock, to-from))
		for i := range nulls {
			nulls[i] = NullInt
		}
		for ; from < to; from += len(nulls) {
			d.Keys.Set(from, nulls[:min(len(nulls), to-from)])
		}
		return
	}
	for i := from; i < to; i++ {
		switch kind {
		case KindFlag:
			d.Flags[i] = FlagNull
		case KindWide:
			d.Wides[i] = NullInt128
		case KindFloat:
			d.Floats[i] = math.NaN()
		case KindText:
			return
		default:
			d.Ints[i] = NullInt
		}
	}
}

// chunkTask is one column of one row group.
type chunkTask struct {
	file   *tableFile
	group  int
	column int
	first  int64 // row of the table
}

// decodeParquet decodes all column chunks straight into the table's columns, on all threads.
func (r *tableReader) decodeParquet() error {
	var tasks []chunkTask
	for i := range r.files {
		f := &r.files[i]
		if f.parquet == nil {
			continue
		}
		first := f.first
		f.texts = make([][]TextData, len(f.parquet.groups))
		for g, n := range f.parquet.groups {
			f.texts[g] = make([]TextData, len(r.table.Columns))
			for c := range r.table.Columns {
				if f.present[c] {
					tasks = append(tasks, chunkTask{f, g, c, first})
				}
			}
			first += n
		}
	}
	workers := workerCount(r.opt, len(tasks))
	states := make([]parquetWorker, workers)
	perRow := int64(max(1, len(r.table.Columns)))
	var cells atomic.Int64
	return runTasks(r.ctx, workers, len(tasks), func(w int) func(i int) error {
		return func(i int) error {
			t := &tasks[i]
			if err := states[w].decode(r, t); err != nil {
				return inFile(t.file.parquet.chunkError(err, t.group, t.file.parquet.cols[t.column]), t.file.Name, r.table.Name)
			}
			if r.opt.Progress != nil {
				n := cells.Add(t.file.parquet.groups[t.group])
				r.opt.Progress(r.table.Name, r.done.Load()+n/perRow, int64(r.out.Rows))
			}
			return nil
		}
	}, func(w int) { states[w].close() })
}

// parquetWorker keeps the file that it read last open, and its buffers.
type parquetWorker struct {
	from    *tableFile
	file    *os.File
	decoder *chunkDecoder
}

func (w *parquetWorker) close() {
	if w.file != nil {
		w.file.Close()
	}
	if w.decoder != nil {
		w.decoder.close()
	}
	*w = parquetWorker{}
}

func (w *parquetWorker) decode(r *tableReader, t *chunkTask) error {
	if w.from != t.file {
		w.close()
		file, err := t.file.openSame()
		if err != nil {
			return err
		}
		w.from, w.file = t.file, file
		w.decoder = newChunkDecoder(file, r.budget)
	}
	p := t.file.parquet
	from, to := t.first, t.first+p.groups[t.group]
	out := &r.out.Cols[t.column]
	var target chunkTarget
	switch r.table.Columns[t.column].Kind {
	case KindFlag:
		target.flags = out.Flags[from:to]
	case KindWide:
		target.wides = out.Wides[from:to]
	case KindFloat:
		target.floats = out.Floats[from:to]
	case KindText:
		target.text = &t.file.texts[t.group][t.column]
		target.text.Offsets = append(target.text.Offsets, 0)
	default:
		if target.keys, target.first = out.Keys, int(from); out.Keys == nil {
			target.ints = out.Ints[from:to]
		}
	}
	return p.readChunk(w.decoder, t.group, p.cols[t.column], target)
}

// joinTexts puts the texts of all files and row groups together, in order.
func (r *tableReader) joinTexts() error {
	for c := range r.table.Columns {
		d := &r.out.Cols[c]
		if r.table.Columns[c].Kind != KindText || d.Absent {
			continue
		}
		parts, size := r.textParts(c)
		if err := r.budget.take(size, "the table"); err != nil {
			return inFile(err, "", r.table.Name)
		}
		d.Text.Data = make([]byte, 0, size)
		d.Text.Offsets = make([]int64, 1, r.out.Rows+1)
		for _, p := range parts {
			base := int64(len(d.Text.Data))
			if p.text == nil {
				for range p.rows {
					d.Text.Offsets = append(d.Text.Offsets, base)
				}
				continue
			}
			d.Text.Data = append(d.Text.Data, p.text.Data...)
			for _, o := range p.text.Offsets[1:] {
				d.Text.Offsets = append(d.Text.Offsets, base+o)
			}
			r.budget.give(p.charged)
			*p.text = TextData{}
		}
	}
	return nil
}

// textPart is some rows' texts; nil where the file does not have the column.
type textPart struct {
	rows    int64
	text    *TextData
	charged int64 // to the budget, for the text apart
}

func (r *tableReader) textParts(c int) (parts []textPart, size int64) {
	add := func(rows int64, t *TextData, charged int64) {
		parts = append(parts, textPart{rows, t, charged})
		size += int64(len(t.Data))
	}
	for i := range r.files {
		f := &r.files[i]
		switch {
		case !f.present[c]:
			parts = append(parts, textPart{f.rows, nil, 0})
		case f.parquet != nil:
			for g := range f.texts {
				t := &f.texts[g][c]
				add(f.parquet.groups[g], t, int64(len(t.Data))+8*f.parquet.groups[g])
			}
		default:
			for _, k := range f.chunks {
				add(int64(k.rows), &k.cols[c].Text, k.cols[c].size())
			}
		}
	}
	return parts, size
}

// notices gathers what files had to say, once.
func (r *tableReader) notices() {
	var names []string
	for i := range r.files {
		for _, u := range r.files[i].unknown {
			if !r.unknown[u] {
				r.unknown[u] = true
				names = append(names, quoteName(u))
			}
		}
		for _, n := range r.files[i].notices {
			r.out.Notices = append(r.out.Notices, fmt.Sprintf("%s: %s", quoteName(r.files[i].Name), n))
		}
		if p := r.files[i].parquet; p != nil {
			r.budget.give(p.held)
		}
	}
	if len(names) > 0 {
		const most = 20
		more := ""
		if len(names) > most {
			more = fmt.Sprintf(" and %d more", len(names)-most)
			names = names[:most]
		}
		plural := ""
		if len(names) > 1 {
			plural = "s"
		}
		r.out.Notices = append(r.out.Notices, fmt.Sprintf("table %s: unknown column%s ignored: %s%s", quoteName(r.table.Name), plural, strings.Join(names, ", "), more))
	}
}

var (
	errChanged    = errors.New("the file changed while it was read")
	errNotRegular = errors.New("it is no regular file")
)

// fileIdentity tells whether a file is still the one that was looked at.
type fileIdentity struct{ info os.FileInfo }

// openSame opens the file and refuses it when it is another one than was hashed.
func (f *File) openSame() (*os.File, error) {
	st, err := os.Stat(f.Path) // before opening, which would wait for a pipe's other end
	if err == nil && !st.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, cannotOpen(err)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, cannotOpen(err)
	}
	st, err = file.Stat()
	if was := f.identity.info; err == nil && was != nil &&
		(!os.SameFile(was, st) || was.Size() != st.Size() || !was.ModTime().Equal(st.ModTime())) {
		err = errChanged
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	if f.identity.info == nil {
		f.identity.info, f.Bytes = st, st.Size()
	}
	return file, nil
}

// cannotOpen drops the path, which the message names already.
func cannotOpen(err error) error {
	return &Error{What: "cannot open", Err: baseError(err)}
}
