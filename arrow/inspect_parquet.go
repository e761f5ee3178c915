package arrow

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquet reads every page of every column of a Parquet file.
func (in *inspector) parquet() error {
	p, err := openParquet(in.file, in.opt.Budget)
	if err != nil {
		return err
	}
	defer in.opt.Budget.give(p.held)
	in.out.Rows, in.out.Parts = p.rows, len(p.groups)
	n := p.meta.Schema.NumColumns()
	if err := in.expect(n); err != nil {
		return err
	}
	d := newChunkDecoder(in.ctx, in.file, in.opt.Budget)
	defer d.close()
	for i := range n {
		leaf := p.meta.Schema.Column(i)
		l := &leafReader{in: in, d: d, leaf: leaf, typ: describeLeaf(leaf)}
		l.stats = in.column(leaf.Path(), l.typeName())
		l.prepare()
		for g := range p.groups {
			if err := l.chunk(p, g, i); err != nil {
				return inColumn(err, leaf.Path())
			}
		}
		l.stats.flush()
		l.stats.buf = nil
	}
	return nil
}

// leafReader reads one leaf column of a Parquet file.
type leafReader struct {
	in    *inspector
	d     *chunkDecoder
	leaf  *schema.Column
	typ   *leafType
	stats *columnStats
	use   leafUse
	rows  int64 // of the chunk, so far
	cells int64
}

// leafUse is how values of a leaf are stored.
type leafUse uint8

const (
	leafInts leafUse = iota
	leafFloats
	leafBools
	leafBytes
	leafDecimalBytes
	leafHalf
)

func (l *leafReader) typeName() string {
	name := l.typ.name
	if l.leaf.MaxRepetitionLevel() > 0 {
		name += " (in a list)"
	}
	return name
}

// prepare decides how the leaf's values are decoded and shown.
func (l *leafReader) prepare() {
	c := &parquetColumn{physical: l.typ.physical, width: l.leaf.TypeLength(), unsigned: l.typ.unsigned}
	l.d.col = c
	switch l.typ.physical {
	case parquet.Types.Boolean:
		l.use = leafBools
		l.stats.show = showBool
	case parquet.Types.Float, parquet.Types.Double:
		l.use = leafFloats
	case parquet.Types.Int96:
		l.use, c.physical, c.width = leafBytes, parquet.Types.FixedLenByteArray, 12
	case parquet.Types.ByteArray, parquet.Types.FixedLenByteArray:
		l.use = leafBytes
		l.stats.text = l.typ.text
		if l.typ.decimal {
			l.use = leafDecimalBytes
		}
		if l.typ.float16 && c.width == 2 {
			l.use = leafHalf
		}
	}
	switch {
	case l.typ.decimal:
		l.stats.show = showDecimal(l.typ.scale)
	case l.typ.date:
		l.stats.show = showDate
	case l.typ.timestamp:
		perSecond := map[schema.TimeUnitType]int64{schema.TimeUnitMillis: 1000, schema.TimeUnitMicros: 1_000_000, schema.TimeUnitNanos: 1_000_000_000}
		if n := perSecond[l.typ.unit]; n > 0 {
			l.stats.show = showTimeIn(n)
		}
	}
}

// chunk reads the leaf's column chunk of a row group and checks its number of rows.
func (l *leafReader) chunk(p *parquetFile, group, index int) (err error) {
	defer catch(&err, "decoding")
	meta, err := p.meta.RowGroup(group).ColumnChunk(index)
	if err != nil {
		return err
	}
	if meta.CryptoMetadata() != nil || meta.FilePath() != "" {
		return &Error{What: "the column is encrypted or lies in another file"}
	}
	if meta.Type() != l.typ.physical {
		return errors.New("a column chunk of another type than the schema's")
	}
	if err := l.in.claim(meta.NumValues()); err != nil {
		return err
	}
	l.rows, l.cells = 0, 0
	l.d.dict = dictionary{}
	if meta.NumValues() > 0 {
		start := meta.DataPageOffset()
		if at := meta.DictionaryPageOffset(); meta.HasDictionaryPage() && at > 0 && at < start {
			start = at
		}
		if err := l.d.pages.open(start, p.end, meta.Compression(), int(l.leaf.MaxDefinitionLevel()), int(l.leaf.MaxRepetitionLevel())); err != nil {
			return err
		}
	}
	defer func() { l.in.opt.Budget.give(l.d.dict.cost) }()
	for l.cells < meta.NumValues() {
		pg, err := l.d.pages.next()
		if err == io.EOF {
			return fmt.Errorf("row group %d ends after %d of %d values", group+1, l.cells, meta.NumValues())
		}
		if err == nil {
			err = l.page(&pg, meta.NumValues())
		}
		if err != nil {
			return fmt.Errorf("row group %d: %w", group+1, err)
		}
	}
	if l.rows != p.groups[group] {
		return fmt.Errorf("row group %d has %d rows, the column %d", group+1, p.groups[group], l.rows)
	}
	return nil
}

func (l *leafReader) page(pg *page, total int64) error {
	if pg.dictionary {
		if l.d.dict.have {
			return errors.New("a column with two dictionaries")
		}
		return l.dictionary(pg)
	}
	if int64(pg.values) > total-l.cells {
		return errors.New("more values than the chunk's metadata say")
	}
	l.cells += int64(pg.values)
	if err := l.in.ctx.Err(); err != nil {
		return err
	}
	if err := l.countRows(pg); err != nil {
		return err
	}
	present, err := l.presence(pg)
	if err != nil {
		return err
	}
	dense := pg.values
	if present != nil {
		dense = 0
		for _, p := range present {
			dense += int(p)
		}
	}
	return l.values(pg, present, dense)
}

// countRows counts the values that begin a row.
func (l *leafReader) countRows(pg *page) error {
	most := l.leaf.MaxRepetitionLevel()
	if most == 0 {
		l.rows += int64(pg.values)
		return nil
	}
	h := newHybrid(pg.rep, levelWidth(int(most)))
	for at := 0; at < pg.values; at += decodeBlock {
		block := l.d.idx[:min(decodeBlock, pg.values-at)]
		if err := h.read(block); err != nil {
			return err
		}
		for _, level := range block {
			if level > uint32(most) {
				return errors.New("a repetition level out of range")
			}
			if level == 0 {
				l.rows++
			}
		}
	}
	return nil
}

// presence tells which values are not null; nil when all are.
func (l *leafReader) presence(pg *page) (present []uint8, err error) {
	most := uint32(l.leaf.MaxDefinitionLevel())
	if most == 0 {
		return nil, nil
	}
	if l.d.valid, err = grow(l.d.held, l.d.valid, pg.values); err != nil {
		return nil, err
	}
	h := newHybrid(pg.def, levelWidth(int(most)))
	for at := 0; at < pg.values; at += decodeBlock {
		block := l.d.idx[:min(decodeBlock, pg.values-at)]
		if err := h.read(block); err != nil {
			return nil, err
		}
		for i, level := range block {
			if level > most {
				return nil, errors.New("a definition level out of range")
			}
			l.d.valid[at+i] = 0
			if level == most {
				l.d.valid[at+i] = 1
			}
		}
	}
	return l.d.valid, nil
}

// dictionary decodes the values that codes stand for.
func (l *leafReader) dictionary(pg *page) (err error) {
	if pg.encoding != encodingPlain && pg.encoding != encodingPlainDictionary {
		return encodingError(pg.encoding, "a dictionary")
	}
	if pg.values > len(pg.data)+1 {
		return fmt.Errorf("a dictionary of %d entries in %d bytes", pg.values, len(pg.data))
	}
	cost := 8 * int64(pg.values)
	if err := l.d.held.b.take(cost, "a dictionary"); err != nil {
		return err
	}
	l.d.dict = dictionary{have: true, cost: cost, bytes: byteRun{held: l.d.held}}
	plain := page{values: pg.values, encoding: encodingPlain, data: pg.data}
	switch l.use {
	case leafBools:
		return errors.New("a dictionary of flags")
	case leafInts, leafFloats:
		l.d.dict.ints = make([]int64, pg.values)
		return l.d.rawInts(&plain, l.d.dict.ints)
	}
	return l.d.dict.bytes.decode(&plain, l.d.col, pg.values)
}

// values decodes a page's values and hands them to the statistics, nulls between.
func (l *leafReader) values(pg *page, present []uint8, dense int) (err error) {
	coded := isDictionary(pg.encoding)
	run := &l.d.bytes
	switch {
	case l.use == leafBools:
		flags, err := grow(l.d.held, l.d.flags, dense)
		if err != nil {
			return err
		}
		l.d.flags = flags
		if err := bools(pg.data, pg.encoding, flags, l.d.idx); err != nil {
			return err
		}
		l.each(pg.values, present, func(i int) { l.stats.int64(int64(flags[i])) })
		return nil
	case l.use == leafInts || l.use == leafFloats:
		if l.d.ints, err = grow(l.d.held, l.d.ints, dense); err != nil {
			return err
		}
		if coded {
			err = gather(l.d, pg, l.d.dict.ints, l.d.ints)
		} else {
			err = l.d.rawInts(pg, l.d.ints)
		}
		if err != nil {
			return err
		}
		l.each(pg.values, present, func(i int) { l.number(l.d.ints[i]) })
		return nil
	case coded:
		if l.d.keys, err = grow(l.d.held, l.d.keys, dense); err != nil {
			return err
		}
		if err := gather(l.d, pg, l.d.codes(), l.d.keys); err != nil {
			return err
		}
		run = &l.d.dict.bytes
	default:
		if err := run.decode(pg, l.d.col, dense); err != nil {
			return err
		}
	}
	if l.stats.text {
		if bad := checkUTF8(run.data, run.offs); bad != nil {
			return errors.New("a text " + bad[0].err.what)
		}
	}
	return l.eachErr(pg.values, present, func(i int) error {
		if coded {
			i = int(l.d.keys[i])
		}
		return l.byteCell(run.at(i))
	})
}

func (l *leafReader) number(v int64) {
	switch {
	case l.use == leafFloats && l.typ.physical == parquet.Types.Float:
		l.stats.float(float64(math.Float32frombits(uint32(v))))
	case l.use == leafFloats:
		l.stats.float(math.Float64frombits(uint64(v)))
	case l.typ.unsigned:
		l.stats.int128(Int128{0, uint64(v)})
	default:
		l.stats.int64(v)
	}
}

func (l *leafReader) byteCell(b []byte) error {
	switch l.use {
	case leafDecimalBytes:
		a, ok := decimalBytes(b)
		if !ok {
			l.stats.show = nil
			l.stats.bytes(b)
			return nil
		}
		l.stats.int128(a)
	case leafHalf:
		l.stats.float(float64(float16.FromLEBytes(b).Float32()))
	default:
		l.stats.bytes(b)
	}
	return nil
}

// each calls f with the number of every value that is not null, and counts the others.
func (l *leafReader) each(n int, present []uint8, f func(i int)) {
	next := 0
	for i := range n {
		if present != nil && present[i] == 0 {
			l.stats.nullCells(1)
			continue
		}
		f(next)
		next++
	}
}

func (l *leafReader) eachErr(n int, present []uint8, f func(i int) error) (err error) {
	l.each(n, present, func(i int) {
		if err == nil {
			err = f(i)
		}
	})
	return err
}
