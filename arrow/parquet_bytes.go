package arrow

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"

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
	d.col.want.Interner.InternBinary(run.data, run.offs, out)
	return nil
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
