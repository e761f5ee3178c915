package arrow

import (
	"math"
	"unicode/utf8"
)

// Rows of formats that are read row by row are gathered in chunks of this many rows, or fewer when their texts are long.
const (
	chunkRowsMost  = 64 << 10
	chunkTextBytes = 16 << 20
)

// rowChunk holds some rows of a file on their way to the table.
type rowChunk struct {
	rows  int
	cols  []ColumnData
	bytes int64 // taken from the budget
}

// builder gathers rows into chunks.
type builder struct {
	cols    []Column
	budget  *Budget
	rows    int
	data    []ColumnData
	ids     []TextVector // texts of ids, until the chunk is full
	texts   int          // bytes of texts gathered
	present []bool       // columns that the file has
	emit    func(*rowChunk) error
}

func newBuilder(cols []Column, present []bool, b *Budget, emit func(*rowChunk) error) *builder {
	w := &builder{cols: cols, present: present, budget: b, emit: emit, ids: make([]TextVector, len(cols))}
	w.begin()
	return w
}

func (w *builder) begin() {
	w.rows, w.texts = 0, 0
	w.data = make([]ColumnData, len(w.cols))
	for i := range w.cols {
		w.data[i].Absent = !w.present[i]
		w.ids[i].Reset()
	}
}

// cell adds a cell that is not null; text is valid during the call only.
func (w *builder) cell(c int, text []byte) *cellError {
	d := &w.data[c]
	switch w.cols[c].Kind {
	case KindID, KindText:
		if !isASCII(text) && !utf8.Valid(text) {
			return &cellError{quote(text) + " is not UTF-8", "write texts in UTF-8"}
		}
		w.texts += len(text)
		if w.cols[c].Kind == KindID {
			w.ids[c].Append(text)
		} else {
			d.Text.append(text)
		}
		return nil
	case KindFlag:
		f, e := parseFlag(text)
		d.Flags = append(d.Flags, f)
		return e
	case KindWide:
		a, e := parseWide(text)
		d.Wides = append(d.Wides, a)
		return e
	case KindFloat:
		f, e := parseFloat(text)
		d.Floats = append(d.Floats, f)
		return e
	}
	v, e := w.integer(c, text)
	if d.Ints == nil {
		d.Ints = make([]int64, 0, 1024)
	}
	d.Ints = append(d.Ints, v)
	return e
}

func (w *builder) integer(c int, text []byte) (int64, *cellError) {
	switch w.cols[c].Kind {
	case KindTime:
		return parseTime(text)
	case KindMinutes:
		return parseInt(text)
	}
	return parseMillionths(text)
}

// null adds a null cell.
func (w *builder) null(c int) {
	d := &w.data[c]
	switch w.cols[c].Kind {
	case KindID:
		w.ids[c].Append(nil)
	case KindText:
		d.Text.append(nil)
	case KindFlag:
		d.Flags = append(d.Flags, FlagNull)
	case KindWide:
		d.Wides = append(d.Wides, NullInt128)
	case KindFloat:
		d.Floats = append(d.Floats, math.NaN())
	default:
		d.Ints = append(d.Ints, NullInt)
	}
}

// row ends a row.
func (w *builder) row() error {
	w.rows++
	if w.rows < chunkRowsMost && w.texts < chunkTextBytes {
		return nil
	}
	return w.flush()
}

// flush hands the rows gathered on.
func (w *builder) flush() error {
	if w.rows == 0 {
		return nil
	}
	for i := range w.cols {
		if w.cols[i].Kind == KindID && w.present[i] {
			keys := make([]int64, w.rows)
			w.cols[i].Interner.InternAll(w.ids[i].Data, w.ids[i].Offsets, keys)
			w.data[i].Ints = keys
			if w.cols[i].Keys != nil {
				w.data[i].narrowKeys()
			}
		}
	}
	chunk := &rowChunk{rows: w.rows, cols: w.data}
	if err := chunk.charge(w.budget); err != nil {
		return err
	}
	w.begin()
	return w.emit(chunk)
}

// charge takes the chunk's memory from the budget.
func (k *rowChunk) charge(b *Budget) error {
	k.bytes = 0
	for i := range k.cols {
		k.bytes += k.cols[i].size()
	}
	return b.take(k.bytes, "the table")
}

// size is the memory that a column takes.
func (d *ColumnData) size() int64 {
	return 8*int64(cap(d.Ints)+cap(d.Floats)+cap(d.Text.Offsets)) + 16*int64(cap(d.Wides)) + int64(cap(d.Flags)+cap(d.Text.Data)) + 4*int64(cap(d.narrow))
}

// narrowKeys holds keys in four bytes if all of them fit; −2³¹ stands for null.
func (d *ColumnData) narrowKeys() {
	narrow := make([]int32, len(d.Ints))
	for i, k := range d.Ints {
		switch {
		case k == NullInt:
			narrow[i] = math.MinInt32
		case k > math.MaxInt32 || k <= math.MinInt32:
			return
		default:
			narrow[i] = int32(k)
		}
	}
	d.narrow, d.Ints = narrow, nil
}

// setKeys hands a chunk's keys on.
func (d *ColumnData) setKeys(to KeyColumn, row int) {
	if d.narrow == nil {
		to.Set(row, d.Ints)
		return
	}
	var block [decodeBlock]int64
	for at := 0; at < len(d.narrow); at += decodeBlock {
		part := d.narrow[at:min(at+decodeBlock, len(d.narrow))]
		for i, k := range part {
			block[i] = int64(k)
			if k == math.MinInt32 {
				block[i] = NullInt
			}
		}
		to.Set(row+at, block[:len(part)])
	}
}

func (t *TextData) append(text []byte) {
	if len(t.Offsets) == 0 {
		t.Offsets = append(t.Offsets, 0)
	}
	t.Data = append(t.Data, text...)
	t.Offsets = append(t.Offsets, int64(len(t.Data)))
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
