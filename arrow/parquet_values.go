package arrow

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/parquet"
)

// denseWides decodes the non-null values of a page held as 128-bit integers.
func (d *chunkDecoder) denseWides(pg *page, out []Int128) error {
	if isDictionary(pg.encoding) {
		return gather(d, pg, d.dict.wides, out)
	}
	bad, err := d.plainWides(pg, out)
	if err != nil {
		return err
	}
	return firstBad(bad)
}

func (d *chunkDecoder) plainWides(pg *page, out []Int128) (bad []cellFault, err error) {
	if d.col.bytes == bytesDecimal {
		if err := d.bytes.decode(pg, d.col, len(out)); err != nil {
			return nil, err
		}
		for i := range out {
			a, ok := decimalBytes(d.bytes.at(i))
			if !ok || !a.fits38() {
				bad = append(bad, cellFault{i, tooWide(decimalText(d.bytes.at(i)))})
			}
			out[i] = a
		}
		return bad, nil
	}
	if d.ints, err = grow(d.held, d.ints, len(out)); err != nil {
		return nil, err
	}
	if err := d.rawInts(pg, d.ints); err != nil {
		return nil, err
	}
	for i, v := range d.ints {
		out[i] = Int128Of(v)
		if d.col.rule.unsigned {
			out[i].Hi = 0
		}
	}
	return nil, nil
}

func tooWide(text string) *cellError {
	return &cellError{text + " has more than 38 digits", "a decimal(38, 0) holds integers below 10³⁸"}
}

// denseFloats decodes the non-null values of a page held as floats.
func (d *chunkDecoder) denseFloats(pg *page, out []float64) error {
	if isDictionary(pg.encoding) {
		return gather(d, pg, d.dict.floats, out)
	}
	bad, err := d.plainFloats(pg, out)
	if err != nil {
		return err
	}
	return firstBad(bad)
}

func (d *chunkDecoder) plainFloats(pg *page, out []float64) (bad []cellFault, err error) {
	if d.col.bytes != bytesNone {
		return d.byteFloats(pg, out)
	}
	if d.ints, err = grow(d.held, d.ints, len(out)); err != nil {
		return nil, err
	}
	if err := d.rawInts(pg, d.ints); err != nil {
		return nil, err
	}
	for i, v := range d.ints {
		switch {
		case d.col.physical == parquet.Types.Float:
			out[i] = float64(math.Float32frombits(uint32(v)))
		case d.col.physical == parquet.Types.Double:
			out[i] = math.Float64frombits(uint64(v))
		case d.col.rule.unsigned:
			out[i] = float64(uint64(v)) / d.col.scale
		default:
			out[i] = float64(v) / d.col.scale
		}
		var e *cellError
		if out[i], e = heldFloat(out[i]); e != nil {
			bad = append(bad, cellFault{i, e})
		}
	}
	return bad, nil
}

// byteFloats decodes numbers stored as byte arrays: decimals and 16-bit floats.
func (d *chunkDecoder) byteFloats(pg *page, out []float64) (bad []cellFault, err error) {
	if err := d.bytes.decode(pg, d.col, len(out)); err != nil {
		return nil, err
	}
	for i := range out {
		b := d.bytes.at(i)
		if d.col.bytes == bytesHalf {
			var e *cellError
			if out[i], e = heldFloat(float64(float16.FromLEBytes(b).Float32())); e != nil {
				bad = append(bad, cellFault{i, e})
			}
			continue
		}
		a, ok := decimalBytes(b)
		if !ok {
			bad = append(bad, cellFault{i, outOfRange(decimalText(b))})
		}
		out[i] = a.float() / d.col.scale
	}
	return bad, nil
}

// heldFloat refuses what is no number and takes the sign from zero.
func heldFloat(f float64) (float64, *cellError) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return f, &cellError{fmt.Sprintf("%v is not a finite number", f), "leave the cell empty (null) if there is none"}
	}
	return f + 0, nil
}

// float is the nearest float64, to within one rounding of the high word.
func (a Int128) float() float64 {
	if a.Hi == int64(a.Lo)>>63 {
		return float64(int64(a.Lo))
	}
	if a.Hi < 0 {
		return -a.neg().float()
	}
	return float64(float64(a.Hi)*(1<<64)) + float64(a.Lo)
}

// texts appends a page's texts, empty where null.
func (d *chunkDecoder) texts(pg *page, valid []uint8, dense int, to *TextData) (err error) {
	run, coded := &d.bytes, isDictionary(pg.encoding)
	if coded {
		if d.keys, err = grow(d.held, d.keys, dense); err != nil {
			return err
		}
		if err := gather(d, pg, d.codes(), d.keys); err != nil {
			return err
		}
		run = &d.dict.bytes
	} else if err := run.decode(pg, d.col, dense); err != nil {
		return err
	}
	if bad := checkUTF8(run.data, run.offs); bad != nil {
		if err := d.badText(bad, coded); err != nil {
			return err
		}
	}
	size := int64(len(run.data))
	if coded {
		size = 0
		for _, k := range d.keys {
			size += int64(len(run.at(int(k))))
		}
	}
	if err := d.held.b.take(size+8*int64(pg.values), "the texts of a column"); err != nil {
		return err
	}
	next := 0
	for i := range pg.values {
		if valid == nil || valid[i] != 0 {
			k := next
			if coded {
				k = int(d.keys[next])
			}
			to.Data = append(to.Data, run.at(k)...)
			next++
		}
		to.Offsets = append(to.Offsets, int64(len(to.Data)))
	}
	return nil
}

// codes is the identity over the dictionary, so that gather checks and returns codes.
func (d *chunkDecoder) codes() []int64 {
	n := len(d.dict.bytes.offs) - 1
	for i := len(d.dict.ints); i < n; i++ {
		d.dict.ints = append(d.dict.ints, int64(i))
	}
	return d.dict.ints
}

// badText finds the first value that is not UTF-8, in a dictionary by the codes that use it.
func (d *chunkDecoder) badText(bad []cellFault, coded bool) error {
	if !coded {
		return firstBad(bad)
	}
	at := map[int64]*cellError{}
	for _, f := range bad {
		at[int64(f.i)] = f.err
	}
	for i, code := range d.keys {
		if e := at[code]; e != nil {
			return &rowError{i, e}
		}
	}
	return nil
}
