package arrow

import (
	"fmt"
	"sync"
)

// TableWriter streams one table of an export: batches of any size come in by Write, are gathered to chunks, encoded in
// the background, and written in order. The files do not depend on how the rows were cut into batches. It belongs to
// one goroutine.
type TableWriter struct {
	export  *Export
	name    string
	columns []ResultColumn
	format  tableFormat // makes chunk encoders; each part has one of its own to join them

	open    *ResultBatch   // fewer than fillRows rows, to be pushed
	pending []*ResultBatch // rows of the chunk under way
	filled  int64          // rows in it, open not counted
	limit   int64          // rows it will have
	rows    int64          // handed to Write
	part    int64          // of the chunk under way
	inPart  int64          // rows in that part

	queue    chan *exportChunk
	joined   chan struct{}
	batches  sync.Pool
	encoders sync.Pool
	mu       sync.Mutex
	err      error
}

// exportChunk is a chunk on its way to a file.
type exportChunk struct {
	part    int64
	rows    int64
	batches []*ResultBatch
	encoder chunkEncoder
	encoded chan error
}

// Table starts a table of the export. Close must be called, also after an error.
func (e *Export) Table(name string, columns []ResultColumn) (*TableWriter, error) {
	if err := e.claim(name, columns); err != nil {
		return nil, err
	}
	format, err := newExportFormat(e.opt.Format, name, columns)
	if err != nil {
		return nil, err
	}
	t := &TableWriter{export: e, name: name, columns: columns, format: format,
		queue: make(chan *exportChunk, cap(e.slots)), joined: make(chan struct{})}
	t.batches.New = func() any { return &ResultBatch{} }
	t.encoders.New = func() any { return format.newChunk() }
	t.limit = t.chunkLimit()
	go t.join()
	return t, nil
}

// Batch returns an empty batch of n rows, laid out as ResultTable.Fill receives it.
func (t *TableWriter) Batch(n int) *ResultBatch {
	b := t.batches.Get().(*ResultBatch)
	b.Reset(t.columns, n)
	return b
}

// Write appends the rows of b, which must come from Batch and belongs to the writer from then on. An error may be that
// of an earlier batch.
func (t *TableWriter) Write(b *ResultBatch) error {
	if err := t.failure(); err != nil {
		return err
	}
	if err := b.check(t.name, t.columns, t.rows); err != nil {
		t.fail(err)
		return err
	}
	t.rows += int64(b.N)
	if t.open == nil && b.N == fillRows && t.limit-t.filled >= fillRows {
		t.push(b)
		return nil
	}
	for from := 0; from < b.N; {
		if t.open == nil {
			t.open = t.Batch(0)
		}
		room := min(int64(fillRows-t.open.N), t.limit-t.filled-int64(t.open.N))
		to := int(min(int64(b.N), int64(from)+room))
		t.open.appendRows(t.columns, b, from, to)
		from = to
		if t.open.N == fillRows || t.filled+int64(t.open.N) == t.limit {
			t.push(t.open)
		}
	}
	t.batches.Put(b)
	return nil
}

// push adds a batch to the chunk under way: fillRows rows, or those that end the chunk.
func (t *TableWriter) push(b *ResultBatch) {
	t.open = nil
	t.pending = append(t.pending, b)
	t.filled += int64(b.N)
	if t.filled == t.limit {
		t.send()
	}
}

// appendRows copies rows of another batch.
func (b *ResultBatch) appendRows(columns []ResultColumn, src *ResultBatch, from, to int) {
	for i := range columns {
		v, s := &b.Columns[i], &src.Columns[i]
		switch columns[i].slot() {
		case slotInts:
			v.Ints = append(v.Ints, s.Ints[from:to]...)
		case slotWide:
			v.Wide = append(v.Wide, s.Wide[from:to]...)
		case slotFloats:
			v.Floats = append(v.Floats, s.Floats[from:to]...)
		case slotFlags:
			v.Flags = append(v.Flags, s.Flags[from:to]...)
		case slotText:
			for row := from; row < to; row++ {
				v.Text.Append(s.Text.At(row))
			}
		}
		switch {
		case len(s.Null) > 0:
			v.Null = append(v.Null, s.Null[from:to]...)
		case columns[i].Nullable:
			v.Null = append(v.Null, make([]bool, to-from)...)
		}
	}
	b.N += to - from
}

// chunkLimit is the number of rows of the next chunk: parts end where they must.
func (t *TableWriter) chunkLimit() int64 {
	if part := t.export.opt.PartRows; part > 0 {
		return min(chunkRows, part-t.inPart)
	}
	return chunkRows
}

// send hands the chunk under way to an encoder and begins the next.
func (t *TableWriter) send() {
	c := &exportChunk{part: t.part, rows: t.filled, batches: t.pending, encoded: make(chan error, 1)}
	t.export.slots <- struct{}{}
	go func() {
		defer func() { <-t.export.slots }()
		c.encoder = t.encoders.Get().(chunkEncoder)
		c.encoded <- t.encode(c)
	}()
	t.queue <- c
	t.inPart += t.filled
	if t.inPart == t.export.opt.PartRows {
		t.part, t.inPart = t.part+1, 0
	}
	t.pending, t.filled = nil, 0
	t.limit = t.chunkLimit()
}

func (t *TableWriter) encode(c *exportChunk) error {
	if err := t.failure(); err != nil {
		return err
	}
	if err := c.encoder.reset(); err != nil {
		return err
	}
	for _, b := range c.batches {
		if err := c.encoder.add(b); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	for _, b := range c.batches {
		t.batches.Put(b)
	}
	c.batches = nil
	return c.encoder.finish()
}

// join writes encoded chunks in order, part by part.
func (t *TableWriter) join() {
	defer close(t.joined)
	var p exportPart
	for c := range t.queue {
		err := <-c.encoded
		if err == nil && t.failure() == nil {
			err = t.joinChunk(&p, c)
		}
		if err != nil {
			t.fail(err)
		}
		t.encoders.Put(c.encoder)
	}
	if t.failure() == nil && p.file == nil {
		t.fail(t.openPart(&p, 0)) // a table without rows is a file, too
	}
	if t.failure() == nil {
		t.fail(t.closePart(&p))
	} else if p.file != nil {
		p.file.file.Close()
	}
}

// exportPart is the file being written.
type exportPart struct {
	number int64
	rows   int64
	name   string
	format tableFormat
	file   *hashedFile
}

func (t *TableWriter) joinChunk(p *exportPart, c *exportChunk) error {
	if p.file != nil && p.number != c.part {
		if err := t.closePart(p); err != nil {
			return err
		}
	}
	if p.file == nil {
		if err := t.openPart(p, c.part); err != nil {
			return err
		}
	}
	p.rows += c.rows
	if err := p.format.join(p.file, c.encoder); err != nil {
		return err
	}
	if progress := t.export.opt.Progress; progress != nil {
		progress(t.name, p.number*t.export.opt.PartRows+p.rows, -1)
	}
	return nil
}

func (t *TableWriter) openPart(p *exportPart, number int64) (err error) {
	p.number, p.rows, p.name = number, 0, t.export.partName(t.name, number)
	if p.format, err = newExportFormat(t.export.opt.Format, t.name, t.columns); err != nil {
		return err
	}
	if p.file, err = t.export.create(p.name); err != nil {
		return err
	}
	return p.format.begin(p.file)
}

func (t *TableWriter) closePart(p *exportPart) error {
	f := p.file
	p.file = nil
	if err := p.format.end(f); err != nil {
		f.file.Close()
		return err
	}
	return t.export.close(p.name, p.rows, f)
}

// Close writes what is left and reports the first error.
func (t *TableWriter) Close() error {
	if t.queue == nil {
		return t.failure()
	}
	if t.failure() == nil {
		if t.open != nil {
			t.push(t.open)
		}
		if t.filled > 0 {
			t.send()
		}
	}
	close(t.queue)
	<-t.joined
	t.queue = nil
	t.export.release(t.failure())
	return t.failure()
}

func (t *TableWriter) failure() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// fail keeps the first error.
func (t *TableWriter) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil && t.err == nil {
		t.err = err
	}
}
