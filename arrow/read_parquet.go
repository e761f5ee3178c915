package arrow

import (
	"os"
	"sync/atomic"
)

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
		w.decoder = newChunkDecoder(r.ctx, file, r.budget)
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
