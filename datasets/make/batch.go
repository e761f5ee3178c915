package synth

import (
	"encoding/binary"
	"strconv"

	"planwerk/arrow"
	"planwerk/engine/ledger"
)

// idPrefix begins the ids of a domain when they are texts.
var idPrefix = map[string]string{
	ledger.DomCollective: "c-", ledger.DomProductType: "t-", ledger.DomElement: "e-", ledger.DomMoP: "m-", ledger.DomResource: "r-",
	ledger.DomProduction: "p-", ledger.DomWorkload: "w-", ledger.DomWallet: "a-", ledger.DomOrder: "o-", ledger.DomRevision: "v-", "": "x-",
}

// padBelow: text ids are padded so that they sort by number up to a billion.
const padBelow = 1_000_000_000

// column is how the cells of a column are written.
type column struct {
	kind   ledger.Kind
	prefix string
	key    uint64 // of hashes
}

// columnsOf lists a table's columns as the export holds them.
func (w *world) columnsOf(t *table) ([]arrow.ResultColumn, []column) {
	def := &ledger.Schema[t.id]
	out := make([]arrow.ResultColumn, len(def.Columns))
	cols := make([]column, len(def.Columns))
	for c, d := range def.Columns {
		out[c] = arrow.ResultColumn{Name: d.Name, Nullable: d.Optional || w.cfg.Violations > 0}
		cols[c] = column{kind: d.Kind}
		switch d.Kind {
		case ledger.KindID:
			w.idColumn(d.Domain, &out[c], &cols[c])
		case ledger.KindValue, ledger.KindAmount, ledger.KindDecimal:
			out[c].Type = arrow.ColMicro
		case ledger.KindTime:
			out[c].Type = arrow.ColTime
		case ledger.KindMinutes:
			out[c].Type = arrow.ColInt64
		case ledger.KindFlag:
			out[c].Type = arrow.ColFlag
		case ledger.KindText:
			out[c].Type = arrow.ColText
		case ledger.KindWide:
			out[c].Type = arrow.ColDecimal0
		}
	}
	return out, cols
}

func (w *world) idColumn(domain string, out *arrow.ResultColumn, c *column) {
	c.prefix = idPrefix[domain]
	switch w.cfg.IDs {
	case "int":
		out.Type, out.IntIDs = arrow.ColID, true
	case "text":
		out.Type = arrow.ColID
	case "hash":
		out.Type = arrow.ColHash
		c.key = w.keys[rndID]
		for _, x := range []byte(c.prefix) {
			c.key = mix(c.key + uint64(x))
		}
	}
}

// appendID appends the outside form of an id: a text, or 32 bytes that look like a digest.
func (c *column) appendID(dst []byte, id int64, hash bool) []byte {
	if hash {
		x := mix(c.key + uint64(id))
		for range 4 {
			x = mix(x + golden)
			dst = binary.LittleEndian.AppendUint64(dst, x)
		}
		return dst
	}
	dst = append(dst, c.prefix...)
	for n := int64(10); n < padBelow; n *= 10 {
		if id+1 < n {
			dst = append(dst, '0')
		}
	}
	return strconv.AppendInt(dst, id+1, 10)
}

// filler turns rows of a table into batches; perm, if set, says which row comes where.
type filler struct {
	w    *world
	t    *table
	cols []column
	perm *permutation
	hash bool
}

// fill writes rows from … to−1 into b.
func (f *filler) fill(from, to int64, b *arrow.ResultBatch) error {
	var r row
	var scratch []byte
	k := f.t.find(from)
	for i := from; i < to; i++ {
		at := i
		if f.perm != nil {
			at = f.perm.at(i, 0)
			k = f.t.find(at)
		} else if i == f.t.starts[k+1] {
			k++
		}
		f.t.blocks[k].fill(at-f.t.starts[k], &r)
		if f.w.cfg.Violations > 0 {
			f.w.plant(f.t, at, &r)
		}
		scratch = f.store(int(i-from), &r, b, scratch)
	}
	return nil
}

func (f *filler) store(at int, r *row, b *arrow.ResultBatch, scratch []byte) []byte {
	for c := range f.cols {
		v, x := &b.Columns[c], r[c]
		if x == null {
			f.storeNull(at, &f.cols[c], v)
			continue
		}
		switch f.cols[c].kind {
		case ledger.KindID:
			if f.w.cfg.IDs == "int" {
				v.Ints[at] = x + 1
				continue
			}
			scratch = f.cols[c].appendID(scratch[:0], x, f.hash)
			v.Text.Append(scratch)
		case ledger.KindFlag:
			v.Flags[at] = uint8(x)
		case ledger.KindText:
			v.Text.AppendString(f.t.text(c, x))
		case ledger.KindWide:
			v.Wide[at] = arrow.Int128{Hi: x >> 63, Lo: uint64(x)}
		default:
			v.Ints[at] = x
		}
	}
	return scratch
}

// storeNull marks a null. Vectors are used again, so the cell below the mark is cleared.
func (f *filler) storeNull(at int, c *column, v *arrow.ResultVector) {
	v.Null[at] = true
	switch {
	case c.kind == ledger.KindText, c.kind == ledger.KindID && f.w.cfg.IDs != "int":
		v.Text.Append(nil)
	case c.kind == ledger.KindFlag:
		v.Flags[at] = 0
	case c.kind == ledger.KindWide:
		v.Wide[at] = arrow.Int128{}
	default:
		v.Ints[at] = 0
	}
}
