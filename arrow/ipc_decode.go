package arrow

import (
	"io"
	"os"

	aa "github.com/apache/arrow-go/v18/arrow"
)

// batchTask is a batch of an IPC file, or all of them where they must be read one after the other.
type batchTask struct {
	file  int
	batch int // −1: all
}

// decodeIPC reads the batches of all IPC files into the table's columns: a batch to a thread where it can be had without
// those before it, else a file to a thread.
func (r *tableReader) decodeIPC() error {
	var tasks []batchTask
	for i := range r.files {
		switch f := &r.files[i]; {
		case f.ipc == nil:
		case f.batches == nil:
			tasks = append(tasks, batchTask{i, -1})
		default:
			f.chunks = make([]*rowChunk, len(f.batches))
			for k := range f.batches {
				tasks = append(tasks, batchTask{i, k})
			}
		}
	}
	decoders := make([]batchDecoder, workerCount(r.opt, len(tasks)))
	return runTasks(r.ctx, len(decoders), len(tasks), func(w int) func(i int) error {
		d := &decoders[w]
		d.tableReader, d.file = r, -1
		return func(i int) error {
			f := &r.files[tasks[i].file]
			return inFile(d.decode(f, tasks[i]), f.Name, r.table.Name)
		}
	}, func(w int) { decoders[w].close() })
}

// batchDecoder is one thread's view of the file that it is at.
type batchDecoder struct {
	*tableReader
	file   int // −1: none
	opened *os.File
	src    *ipcReader
	caches []dictCache
}

// decode does one task.
func (d *batchDecoder) decode(f *tableFile, task batchTask) error {
	defer faultsAsPanics()()
	if err := d.open(f, task.file); err != nil {
		return err
	}
	if task.batch < 0 {
		return d.all(f)
	}
	d.src.src.pos = int64(task.batch) + 1 // the schema is the first message
	rec, err := d.src.read()
	if err == io.EOF {
		return errChanged
	}
	if err != nil {
		return err
	}
	row, end := f.batches[task.batch], f.rows
	if task.batch+1 < len(f.batches) {
		end = f.batches[task.batch+1]
	}
	if rec.NumRows() != end-row {
		return errChanged
	}
	f.chunks[task.batch], err = d.take(f, row, rec)
	return err
}

// open goes to a file, from the one before.
func (d *batchDecoder) open(f *tableFile, file int) (err error) {
	if d.file == file {
		return nil
	}
	d.close()
	if d.opened, err = f.openSame(); err != nil {
		return err
	}
	if d.src, err = openIPC(d.opened, d.budget); err != nil {
		return err
	}
	d.src.inPlace(d.opened)
	d.file, d.caches = file, make([]dictCache, len(f.ipc))
	return nil
}

func (d *batchDecoder) close() {
	if d.src != nil {
		d.src.close()
	}
	if d.opened != nil {
		d.opened.Close()
	}
	d.file, d.src, d.opened = -1, nil, nil
}

// all takes one batch after another.
func (d *batchDecoder) all(f *tableFile) error {
	row := int64(0)
	for {
		rec, err := d.src.read()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = d.ctx.Err()
		}
		if err != nil {
			return err
		}
		if rec.NumRows() > f.rows-row {
			return errChanged
		}
		chunk, err := d.take(f, row, rec)
		if err != nil {
			return err
		}
		f.chunks = append(f.chunks, chunk)
		row += rec.NumRows()
	}
	if row != f.rows {
		return errChanged
	}
	return nil
}

// take moves a batch's cells, all but texts, from a row of the file on into the table; the chunk still has the texts.
func (d *batchDecoder) take(f *tableFile, row int64, rec aa.RecordBatch) (*rowChunk, error) {
	chunk, err := d.ipcChunk(f, row, rec, d.caches)
	if err != nil {
		return nil, err
	}
	for c := range f.ipc {
		if f.present[c] {
			d.move(chunk, c, f.first+row)
		}
	}
	d.progress(rec.NumRows(), int64(d.out.Rows))
	return chunk, nil
}
