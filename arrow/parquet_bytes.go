package arrow

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/parquet"
)

// byteRun holds byte arrays back to back; array i is data[offs[i]:offs[i+1]].
type byteRun struct {
	data []byte
	offs []int32
	ints []int64 // lengths while decoding
	held *holding
}

func (r *byteRun) at(i int) []byte { return r.data[r.offs[i]:r.offs[i+1]] }

// decode reads n non-null byte arrays that are not dictionary codes.
func (r *byteRun) decode(pg *page, c *parquetColumn, n int) error {
	var err error
	if r.offs, err = grow(r.held, r.offs, n+1); err != nil {
		return err
	}
	r.offs = append(r.offs[:0], 0)
	r.data = r.data[:0]
	if n == 0 {
		return nil
	}
	if r.data, err = grow(r.held, r.data, len(pg.data)); err != nil {
		return err
	}
	r.data = r.data[:0]
	fixed := c.physical == parquet.Types.FixedLenByteArray
	switch {
	case pg.encoding == encodingPlain && fixed:
		return r.plainFixed(pg.data, c.width, n)
	case pg.encoding == encodingPlain:
		return r.plain(pg.data, n)
	case pg.encoding == encodingByteSplit && fixed:
		return r.split(pg.data, c.width, n)
	case pg.encoding == encodingDeltaLength && !fixed:
		return r.deltaLength(pg.data, n)
	case pg.encoding == encodingDeltaBytes:
		return r.deltaBytes(pg.data, n)
	}
	return encodingError(pg.encoding, "texts")
}

func (r *byteRun) plain(data []byte, n int) error {
	for range n {
		if len(data) < 4 {
			return errPageShort
		}
		size := binary.LittleEndian.Uint32(data)
		data = data[4:]
		if uint64(size) > uint64(len(data)) {
			return errPageShort
		}
		r.data = append(r.data, data[:size]...)
		r.offs = append(r.offs, int32(len(r.data)))
		data = data[size:]
	}
	return nil
}

func (r *byteRun) plainFixed(data []byte, width, n int) error {
	if width <= 0 || width > len(data) || len(data)/width < n {
		return errPageShort
	}
	r.data = append(r.data, data[:width*n]...)
	r.even(width, n)
	return nil
}

func (r *byteRun) even(width, n int) {
	for i := 1; i <= n; i++ {
		r.offs = append(r.offs, int32(i*width))
	}
}

func (r *byteRun) split(data []byte, width, n int) error {
	if width <= 0 || width > len(data) || len(data)/width < n {
		return errPageShort
	}
	r.data = r.data[:width*n]
	for i := range n {
		for b := range width {
			r.data[i*width+b] = data[b*n+i]
		}
	}
	r.even(width, n)
	return nil
}

func (r *byteRun) deltaLength(data []byte, n int) (err error) {
	if r.ints, err = grow(r.held, r.ints, n); err != nil {
		return err
	}
	taken, err := deltaInts(data, 4, false, r.ints)
	if err != nil {
		return err
	}
	data = data[taken:]
	for _, size := range r.ints {
		if size < 0 || size > int64(len(data)) {
			return errPageShort
		}
		r.data = append(r.data, data[:size]...)
		r.offs = append(r.offs, int32(len(r.data)))
		data = data[size:]
	}
	return nil
}

// deltaBytes decodes arrays that share a prefix with the one before. What they expand to is bounded like a page.
func (r *byteRun) deltaBytes(data []byte, n int) (err error) {
	if r.ints, err = grow(r.held, r.ints, 2*n); err != nil {
		return err
	}
	prefix, suffix := r.ints[:n], r.ints[n:]
	for _, lengths := range [][]int64{prefix, suffix} {
		taken, err := deltaInts(data, 4, false, lengths)
		if err != nil {
			return err
		}
		data = data[taken:]
	}
	total := int64(0)
	for i := range n {
		if prefix[i] < 0 || suffix[i] < 0 {
			return errPageShort
		}
		if total += prefix[i] + suffix[i]; total > maxPage {
			return fmt.Errorf("a page of texts that expand beyond %s", byteCount(maxPage))
		}
	}
	if r.data, err = grow(r.held, r.data, int(total)); err != nil {
		return err
	}
	r.data = r.data[:0]
	last := 0
	for i := range n {
		p, s := prefix[i], suffix[i]
		if p > int64(len(r.data)-last) || s > int64(len(data)) {
			return errPageShort
		}
		start := len(r.data)
		r.data = append(r.data, r.data[last:last+int(p)]...)
		r.data = append(r.data, data[:s]...)
		r.offs = append(r.offs, int32(len(r.data)))
		data, last = data[s:], start
	}
	return nil
}

// bytesToInts turns byte arrays into cells held as integers: keys of ids, or decimals.
func (d *chunkDecoder) bytesToInts(run *byteRun, out []int64) []cellFault {
	switch d.col.bytes {
	case bytesDecimal:
		var bad []cellFault
		for i := range out {
			a, ok := decimalBytes(run.at(i))
			if ok {
				out[i], ok = d.col.rule.scale128(a)
			}
			if !ok {
				bad = append(bad, cellFault{i, outOfRange(decimalText(run.at(i)))})
			}
		}
		return bad
	case bytesText:
		bad := checkUTF8(run.data, run.offs)
		if bad == nil {
			d.col.want.Interner.InternAll(run.data, run.offs, out)
		}
		return bad
	}
	return d.internHex(run, out)
}

// internHex interns binary ids by their lower-case hexadecimal text, a block at a time.
func (d *chunkDecoder) internHex(run *byteRun, out []int64) []cellFault {
	for from := 0; from < len(out); from += decodeBlock {
		to := min(from+decodeBlock, len(out))
		data, offs, bad := appendHex(d.hex[:0], d.offs[:0], run.data, run.offs[from:to+1])
		if bad != nil {
			return []cellFault{{from, bad}}
		}
		d.hex, d.offs = data, offs
		d.col.want.Interner.InternAll(data, offs, out[from:to])
	}
	return nil
}

// appendHex writes each array in lower-case hexadecimal.
func appendHex(dst []byte, offs []int32, data []byte, at []int32) ([]byte, []int32, *cellError) {
	if first, last := int64(at[0]), int64(at[len(at)-1]); last-first > math.MaxInt32/4 {
		return dst, offs, &cellError{"ids of half a gigabyte", "an id is a number, a short text or a hash"}
	}
	offs = append(offs, 0)
	for i := 1; i < len(at); i++ {
		dst = hex.AppendEncode(dst, data[at[i-1]:at[i]])
		offs = append(offs, int32(len(dst)))
	}
	return dst, offs, nil
}

// decimalBytes reads a big-endian two's complement integer; ok is false when it does not fit 128 bits.
func decimalBytes(b []byte) (a Int128, ok bool) {
	if len(b) == 0 {
		return a, false
	}
	for len(b) > 16 {
		sign := byte(0)
		if b[1]&0x80 != 0 {
			sign = 0xff
		}
		if b[0] != sign {
			return a, false
		}
		b = b[1:]
	}
	return bigEndian128(b), true
}

func decimalText(b []byte) string {
	if a, ok := decimalBytes(b); ok {
		return a.String()
	}
	return fmt.Sprintf("a decimal of %d bytes", len(b))
}

// checkUTF8 finds texts that are not UTF-8.
func checkUTF8(data []byte, offs []int32) (bad []cellFault) {
	ascii := true
	for _, b := range data {
		if b >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return nil
	}
	for i := 1; i < len(offs); i++ {
		if text := data[offs[i-1]:offs[i]]; !utf8.Valid(text) {
			bad = append(bad, cellFault{i - 1, &cellError{quote(text) + " is not UTF-8", "write texts in UTF-8"}})
		}
	}
	return bad
}

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
