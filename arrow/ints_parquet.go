package arrow

import (
	"slices"
	"unsafe"
)

// parquet scans row group by row group, a group to a worker: the pages of all columns side by side.
func (s *intScan) parquet() error {
	p, err := openParquet(s.file, s.opt.Budget)
	if err != nil {
		return err
	}
	if _, err := p.mapColumns(s.wanted()); err != nil {
		return err
	}
	first := make([]int64, len(p.groups))
	for g := 1; g < len(first); g++ {
		first[g] = first[g-1] + p.groups[g-1]
	}
	workers := make([]intCursors, min(s.opt.Threads, len(p.groups)))
	return runTasks(s.ctx, len(workers), len(p.groups), func(w int) func(g int) error {
		workers[w] = s.newCursors(p)
		return func(g int) error { return workers[w].group(s, p, g, first[g], w) }
	}, func(w int) { workers[w].close() })
}

// intCursors are a worker's places in the columns of a row group.
type intCursors struct {
	cols  []intCursor
	block IntBlock
}

// intCursor is a place in one column: the decoded page, and what of it was not handed on yet.
type intCursor struct {
	decoder *chunkDecoder
	col     *parquetColumn
	bits    int
	ints    []int64 // of the page; or, for 32 bits,
	narrow  []int32
	coded   bool // or codes of the dictionary, which are looked up as they are taken
	codes   hybrid
	rows    int // of the page
	at, row int // rows of the page handed on; row of the chunk at which the next page begins
	room    []int64
	room32  []int32
	dict32  []int32
}

func (s *intScan) newCursors(p *parquetFile) intCursors {
	c := intCursors{cols: make([]intCursor, len(p.cols)), block: IntBlock{Cols: make([]IntVector, len(p.cols))}}
	for i := range c.cols {
		c.cols[i] = intCursor{decoder: newChunkDecoder(s.ctx, s.file, s.opt.Budget), col: p.cols[i], bits: s.columns[i].Bits}
	}
	return c
}

func (c *intCursors) close() {
	for i := range c.cols {
		c.cols[i].decoder.close()
	}
}

// scanBlock is the largest number of rows of a block: looked up and handed on while they are in the nearest caches.
const scanBlock = 8192

// group hands on a row group in blocks that end where any column's page does.
func (c *intCursors) group(s *intScan, p *parquetFile, g int, first int64, worker int) (err error) {
	n := int(p.groups[g])
	if n == 0 {
		return nil
	}
	for i := range c.cols {
		k := &c.cols[i]
		if err := p.openChunk(k.decoder, g, k.col); err != nil {
			return p.chunkError(err, g, k.col)
		}
		k.decoder.begin(k.col)
		defer k.decoder.end()
		k.rows, k.at, k.row = 0, 0, 0
	}
	for row := 0; row < n; row += c.block.Rows {
		rows := min(n-row, scanBlock)
		for i := range c.cols {
			k := &c.cols[i]
			if err := k.fill(n); err != nil {
				return p.chunkError(err, g, k.col)
			}
			rows = min(rows, k.left())
		}
		c.block.First, c.block.Rows = first+int64(row), rows
		for i := range c.cols {
			k := &c.cols[i]
			if c.block.Cols[i], err = k.take(rows); err != nil {
				return p.chunkError(atRowOf(err, row), g, k.col)
			}
		}
		if err := s.visit(worker, &c.block); err != nil {
			return err
		}
	}
	return nil
}

func (k *intCursor) left() int { return k.rows - k.at }

// take gives the page's next n integers.
func (k *intCursor) take(n int) (v IntVector, err error) {
	from := k.at
	k.at += n
	switch {
	case k.coded && k.bits == 32:
		v.Narrow = k.room32[:n]
		return v, gatherNext(k.decoder, &k.codes, k.dict32, v.Narrow)
	case k.coded:
		v.Wide = k.room[:n]
		return v, gatherNext(k.decoder, &k.codes, k.decoder.dict.ints, v.Wide)
	case k.bits == 32:
		v.Narrow = k.narrow[from:k.at]
	default:
		v.Wide = k.ints[from:k.at]
	}
	return v, nil
}

// atRowOf moves the place of a rowError on by so many rows.
func atRowOf(err error, rows int) error {
	if re, ok := err.(*rowError); ok {
		re.row += rows
	}
	return err
}

// fill decodes the next page when the present one is used up.
func (k *intCursor) fill(n int) error {
	for k.left() == 0 {
		pg, err := k.decoder.nextPage(k.row, n)
		if err == nil {
			err = k.page(&pg)
		}
		if err != nil {
			return atRowOf(err, k.row)
		}
		k.row += pg.values
	}
	return nil
}

// page makes a page's integers: where they lie as they are wanted, they are used in place.
func (k *intCursor) page(pg *page) (err error) {
	d, n := k.decoder, pg.values
	k.at, k.rows = 0, n
	valid, _, err := d.levels(pg)
	if err != nil {
		return err
	}
	if valid != nil {
		return &rowError{slices.Index(valid, 0), emptyCell()}
	}
	if k.coded = isDictionary(pg.encoding); k.coded {
		return k.begin(pg)
	}
	if pg.encoding == encodingPlain && k.col.intWidth()*8 == k.bits && !k.col.unsigned && k.inPlace(pg.data, n) {
		return nil
	}
	if k.room, err = grow(d.held, k.room, n); err != nil {
		return err
	}
	k.ints = k.room
	if err = d.rawInts(pg, k.ints); err != nil || k.bits == 64 {
		return err
	}
	if k.room32, err = grow(d.held, k.room32, n); err != nil {
		return err
	}
	k.narrow = k.room32
	if i := narrowInts(k.narrow, k.ints); i >= 0 {
		return &rowError{i, beyond32(k.ints[i])}
	}
	return nil
}

// begin prepares to look up a page's dictionary codes.
func (k *intCursor) begin(pg *page) (err error) {
	d := k.decoder
	if k.bits == 32 {
		if k.room32, err = grow(d.held, k.room32, scanBlock); err == nil {
			err = k.narrowDictionary()
		}
	} else {
		k.room, err = grow(d.held, k.room, scanBlock)
	}
	if err == nil {
		k.codes, err = d.codesOf(pg)
	}
	return err
}

// inPlace takes a page's bytes for its values, if there are enough and they lie at whole words.
func (k *intCursor) inPlace(data []byte, n int) bool {
	size := n * k.bits / 8
	if n == 0 || len(data) < size || !littleEndian {
		return false
	}
	p := unsafe.Pointer(&data[0])
	if uintptr(p)%uintptr(k.bits/8) != 0 {
		return false
	}
	if k.bits == 32 {
		k.narrow = unsafe.Slice((*int32)(p), n)
	} else {
		k.ints = unsafe.Slice((*int64)(p), n)
	}
	return true
}

// narrowDictionary makes the chunk's dictionary of 32-bit integers when it is first used.
func (k *intCursor) narrowDictionary() (err error) {
	dict := k.decoder.dict.ints
	if !k.decoder.dict.have || k.row > 0 && len(k.dict32) == len(dict) {
		return nil
	}
	if k.dict32, err = grow(k.decoder.held, k.dict32, len(dict)); err != nil {
		return err
	}
	if narrowInts(k.dict32, dict) < 0 {
		return nil
	}
	d := &k.decoder.dict
	if d.bad == nil {
		d.bad = map[int]*cellError{}
	}
	for i, v := range dict {
		if v != int64(int32(v)) {
			d.bad[i] = beyond32(v)
		}
	}
	return nil
}

func emptyCell() *cellError { return &cellError{"is empty", "every row needs a number here"} }
