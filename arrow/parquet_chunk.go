package arrow

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow-go/v18/parquet"
)

// chunkTarget is where the rows of a column chunk go: the slice that the column's kind needs, one cell per row.
type chunkTarget struct {
	keys   KeyColumn // in place of ints, from row first on
	first  int
	ints   []int64
	flags  []uint8
	wides  []Int128
	floats []float64
	text   *TextData // appended to
}

// chunkDecoder decodes column chunks; its buffers are reused. One goroutine uses it at a time.
type chunkDecoder struct {
	ctx   context.Context
	pages *pageReader
	col   *parquetColumn
	dict  dictionary
	valid []uint8  // of the page's values: 0 null
	idx   []uint32 // levels and dictionary codes, a block at a time
	bytes byteRun  // dense byte arrays of a page
	ints  []int64  // dense integers on their way to another type
	keys  []int64
	held  *holding
	flags []uint8
}

const decodeBlock = 4096

func newChunkDecoder(ctx context.Context, src io.ReaderAt, b *Budget) *chunkDecoder {
	h := &holding{b: b}
	return &chunkDecoder{ctx: ctx, pages: newPageReader(src, b), idx: make([]uint32, decodeBlock), held: h, bytes: byteRun{held: h}}
}

// close gives all memory back.
func (d *chunkDecoder) close() {
	d.pages.close()
	d.held.free()
}

// dictionary holds a chunk's dictionary in the form in which cells are held.
type dictionary struct {
	have   bool
	cost   int64 // bytes taken from the budget
	ints   []int64
	wides  []Int128
	floats []float64
	bytes  byteRun
	bad    map[int]*cellError // entries that no cell may use
}

// rowError is a cellError at a row of the chunk.
type rowError struct {
	row int
	*cellError
}

// decode reads a whole column chunk of n rows into to.
func (d *chunkDecoder) decode(col *parquetColumn, n int, to chunkTarget) error {
	d.begin(col)
	defer d.end()
	for row := 0; row < n; {
		pg, err := d.nextPage(row, n)
		if err != nil {
			return err
		}
		if err := d.page(&pg, to, row); err != nil {
			if re, ok := err.(*rowError); ok {
				re.row += row
			}
			return err
		}
		row += pg.values
	}
	return nil
}

// begin starts on a column chunk; end lets go of its dictionary.
func (d *chunkDecoder) begin(col *parquetColumn) { d.col, d.dict = col, dictionary{} }

func (d *chunkDecoder) end() {
	d.held.b.give(d.dict.cost)
	d.dict.cost = 0
}

// nextPage gives the chunk's next page of values, whose first is at row of the chunk's n; a dictionary is read on the way.
func (d *chunkDecoder) nextPage(row, n int) (page, error) {
	for {
		pg, err := d.pages.next()
		if err == nil {
			err = d.ctx.Err()
		}
		if err == io.EOF {
			return pg, fmt.Errorf("the column ends after %d of %d rows", row, n)
		}
		if err != nil {
			return pg, err
		}
		if pg.dictionary {
			if d.dict.have {
				return pg, fmt.Errorf("a column with two dictionaries")
			}
			if err := d.readDictionary(&pg); err != nil {
				return pg, err
			}
			continue
		}
		if pg.values > n-row {
			return pg, fmt.Errorf("the column has more values than the %d rows of its row group", n)
		}
		return pg, nil
	}
}

func (e *rowError) Error() string { return e.what }

// page decodes one page into the rows from row on.
func (d *chunkDecoder) page(pg *page, to chunkTarget, row int) error {
	n := pg.values
	valid, dense, err := d.levels(pg)
	if err != nil {
		return err
	}
	if d.col.allNull && dense > 0 {
		return fmt.Errorf("a value in a column of the null type")
	}
	switch d.col.want.Kind {
	case KindFlag:
		out := to.flags[row : row+n]
		if err := bools(pg.data, pg.encoding, out[:dense], d.idx); err != nil {
			return err
		}
		spread(out, valid, dense, FlagNull)
	case KindWide:
		out := to.wides[row : row+n]
		if err := d.denseWides(pg, out[:dense]); err != nil {
			return atRow(err, valid)
		}
		spread(out, valid, dense, NullInt128)
	case KindFloat:
		out := to.floats[row : row+n]
		if err := d.denseFloats(pg, out[:dense]); err != nil {
			return atRow(err, valid)
		}
		spread(out, valid, dense, math.NaN())
	case KindText:
		return atRow(d.texts(pg, valid, dense, to.text), valid)
	default:
		out, err := d.place(to, row, n)
		if err != nil {
			return err
		}
		if err := d.denseInts(pg, out[:dense]); err != nil {
			return atRow(err, valid)
		}
		spread(out, valid, dense, NullInt)
		if to.keys != nil {
			to.keys.Set(to.first+row, out)
		}
	}
	return nil
}

// place is where the integers of a page go: the table's column, or a buffer on the way to a KeyColumn.
func (d *chunkDecoder) place(to chunkTarget, row, n int) (out []int64, err error) {
	if to.keys == nil {
		return to.ints[row : row+n], nil
	}
	d.ints, err = grow(d.held, d.ints, n)
	return d.ints, err
}

// levels finds which values of a page are null: valid is nil when none is; dense counts the others.
func (d *chunkDecoder) levels(pg *page) (valid []uint8, dense int, err error) {
	n := pg.values
	if !d.col.optional {
		return nil, n, nil
	}
	h := newHybrid(pg.def, 1)
	if v, ok := h.same(n); ok && v == 1 {
		return nil, n, nil
	} else if ok {
		h.run, h.value = n, v
	}
	if d.valid, err = grow(d.held, d.valid, n); err != nil {
		return nil, 0, err
	}
	for at := 0; at < n; at += decodeBlock {
		block := d.idx[:min(decodeBlock, n-at)]
		if err := h.read(block); err != nil {
			return nil, 0, err
		}
		for i, v := range block {
			b := uint8(v & 1)
			d.valid[at+i] = b
			dense += int(b)
		}
	}
	if dense == n {
		return nil, n, nil
	}
	return d.valid, dense, nil
}

// spread moves the first dense cells to their rows and sets the others to null.
func spread[T any](out []T, valid []uint8, dense int, null T) {
	if valid == nil {
		return
	}
	for i := len(out) - 1; i >= 0; i-- {
		if valid[i] != 0 {
			dense--
			out[i] = out[dense]
		} else {
			out[i] = null
		}
	}
}

// atRow turns the place of a rowError among non-null values into a row of the page.
func atRow(err error, valid []uint8) error {
	e, ok := err.(*rowError)
	if !ok || valid == nil {
		return err
	}
	for i, v := range valid {
		if v == 0 {
			continue
		}
		if e.row == 0 {
			e.row = i
			return e
		}
		e.row--
	}
	return err
}

// refuse makes a rowError of the first value that a rule refused.
func (r intRule) refuse(i int, v int64) error { return &rowError{i, r.refusal(v)} }

// intWidth is the size of the column's fixed-width values in bytes.
func (c *parquetColumn) intWidth() int {
	if c.physical == parquet.Types.Int32 || c.physical == parquet.Types.Float {
		return 4
	}
	return 8
}

// rawInts decodes dense fixed-width values that are not dictionary codes.
func (d *chunkDecoder) rawInts(pg *page, out []int64) error {
	w := d.col.intWidth()
	switch pg.encoding {
	case encodingPlain:
		return plainInts(pg.data, w, d.col.unsigned, out)
	case encodingByteSplit:
		return splitInts(pg.data, w, d.col.unsigned, out)
	case encodingDelta:
		if len(out) == 0 {
			return nil
		}
		_, err := deltaInts(pg.data, w, d.col.unsigned, out)
		return err
	}
	return encodingError(pg.encoding, "numbers")
}

// denseInts decodes the non-null values of a page of a column held as integers.
func (d *chunkDecoder) denseInts(pg *page, out []int64) error {
	if isDictionary(pg.encoding) {
		return gather(d, pg, d.dict.ints, out)
	}
	if d.col.bytes != bytesNone {
		if err := d.bytes.decode(pg, d.col, len(out)); err != nil {
			return err
		}
		return firstBad(d.bytesToInts(&d.bytes, out))
	}
	if err := d.rawInts(pg, out); err != nil {
		return err
	}
	if i := d.col.rule.apply(out); i >= 0 {
		return d.col.rule.refuse(i, out[i])
	}
	return nil
}

// cellFault is a cell that cannot be held.
type cellFault struct {
	i   int
	err *cellError
}

func firstBad(bad []cellFault) error {
	if len(bad) == 0 {
		return nil
	}
	return &rowError{bad[0].i, bad[0].err}
}

// applyAll is apply that goes on after a refusal.
func (r intRule) applyAll(v []int64) (bad []cellFault) {
	first := r.apply(v)
	if first < 0 {
		return nil
	}
	from := 0
	if r.div > 1 { // those before were divided one by one; otherwise nothing was changed yet
		from = first
	}
	for i := from; i < len(v); i++ {
		if r.apply(v[i:i+1]) >= 0 {
			bad = append(bad, cellFault{i, r.refusal(v[i])})
		}
	}
	return bad
}
