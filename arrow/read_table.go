package arrow

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
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
	ipc     []int       // of an IPC file: for each column of the table the field; −1: none
	batches []int64     // and the row at which each batch begins, where they can be had one without the other
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
	if err := r.decodeIPC(); err != nil {
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
		err = r.openIPC(f, file)
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
		if !r.onDisk(col.Kind) {
			if err := r.budget.take(total*col.heldBytes(), fmt.Sprintf("the table (%d rows)", total)); err != nil {
				return inFile(err, "", r.table.Name)
			}
		}
		if col.Keys != nil {
			d.Keys = col.Keys(int(total))
		} else {
			d.make(col.Kind, int(total), r.opt.Room)
		}
		for i := range r.files {
			r.moveChunks(&r.files[i], c, d)
		}
	}
	return nil
}

// onDisk reports whether the room for a column takes nothing of the budget.
func (r *tableReader) onDisk(kind Kind) bool {
	switch kind {
	case KindText, KindWide, KindFloat:
		return false
	}
	return r.opt.Room != nil && r.opt.Room.OnDisk()
}

// make allocates a column, in room where there is one; texts are joined later.
func (d *ColumnData) make(kind Kind, rows int, room Room) {
	switch kind {
	case KindFlag:
		if room != nil {
			d.Flags = room.Flags(rows)
			return
		}
		d.Flags = make([]uint8, rows)
	case KindWide:
		d.Wides = make([]Int128, rows)
	case KindFloat:
		d.Floats = make([]float64, rows)
	case KindText:
	default:
		if room != nil {
			d.Ints = room.Ints(rows)
			return
		}
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
		r.move(k, c, row)
		row += int64(k.rows)
	}
}

// move copies a chunk's cells of a column to the table's rows from row on and lets go of the chunk's. Texts stay, to be
// joined later.
func (r *tableReader) move(k *rowChunk, c int, row int64) {
	from, d := &k.cols[c], &r.out.Cols[c]
	switch {
	case r.table.Columns[c].Kind == KindText:
		return
	case d.Keys != nil:
		from.setKeys(d.Keys, int(row))
	case d.Ints != nil:
		copy(d.Ints[row:], from.Ints)
	case d.Flags != nil:
		copy(d.Flags[row:], from.Flags)
	case d.Wides != nil:
		copy(d.Wides[row:], from.Wides)
	case d.Floats != nil:
		copy(d.Floats[row:], from.Floats)
	}
	r.budget.give(from.size())
	*from = ColumnData{}
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
