package arrow

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Encodings of Parquet pages.
const (
	encodingPlain           = 0
	encodingPlainDictionary = 2
	encodingRLE             = 3
	encodingDelta           = 5
	encodingDeltaLength     = 6
	encodingDeltaBytes      = 7
	encodingDictionary      = 8
	encodingByteSplit       = 9
)

func encodingError(e int64, what string) error {
	return &Error{What: fmt.Sprintf("encoding %d of %s is not supported", e, what), Hint: "write the column with plain or dictionary encoding"}
}

var errPageShort = fmt.Errorf("a page ends before its values do")

// hybrid reads Parquet's mixture of runs and bit-packed groups.
type hybrid struct {
	buf    []byte
	width  uint
	run    int    // values left of a run
	value  uint32 // of the run
	packed []byte // bit-packed groups being read
	left   int    // values left of them
	bit    uint   // position in packed
}

func newHybrid(buf []byte, width uint) hybrid { return hybrid{buf: buf, width: width} }

// start reads the header of the next run.
func (h *hybrid) start() error {
	head, n := binary.Uvarint(h.buf)
	if n <= 0 || head>>1 == 0 || head>>1 > 1<<31 {
		return errPageShort
	}
	h.buf = h.buf[n:]
	count := int(head >> 1)
	if head&1 == 0 {
		size := int(h.width+7) / 8
		if len(h.buf) < size {
			return errPageShort
		}
		h.value = 0
		for i := range size {
			h.value |= uint32(h.buf[i]) << (8 * i)
		}
		h.run, h.buf = count, h.buf[size:]
		return nil
	}
	// The last group may be cut short where its values are not needed.
	size := min(count*int(h.width), len(h.buf))
	h.left = count * 8
	if h.width > 0 {
		h.left = min(h.left, size*8/int(h.width))
	}
	if h.left == 0 {
		return errPageShort
	}
	h.packed, h.buf, h.bit = h.buf[:size], h.buf[size:], 0
	return nil
}

// read fills out.
func (h *hybrid) read(out []uint32) error {
	for len(out) > 0 {
		switch {
		case h.run > 0:
			n := min(h.run, len(out))
			for i := range out[:n] {
				out[i] = h.value
			}
			h.run -= n
			out = out[n:]
		case h.left > 0:
			n := min(h.left, len(out))
			h.unpack(out[:n])
			h.left -= n
			out = out[n:]
		default:
			if err := h.start(); err != nil {
				return err
			}
		}
	}
	return nil
}

// unpack takes len(out) values of width bits, least significant bit first.
func (h *hybrid) unpack(out []uint32) {
	w, p := h.width, h.packed
	i := h.unpackGroups(out)
	bit := h.bit + uint(i)*w
	mask := uint64(1)<<w - 1
	for ; i < len(out) && int(bit>>3)+8 <= len(p); i++ {
		out[i] = uint32(binary.LittleEndian.Uint64(p[bit>>3:]) >> (bit & 7) & mask)
		bit += w
	}
	if i < len(out) { // the last bytes, padded
		var tail [16]byte
		from := int(bit >> 3)
		copy(tail[:], p[from:])
		base := uint(from) * 8
		for ; i < len(out); i++ {
			at := bit - base
			out[i] = uint32(binary.LittleEndian.Uint64(tail[at>>3:]) >> (at & 7) & mask)
			bit += w
		}
	}
	h.bit = bit
}

// unpackGroups takes groups of eight values, which begin at whole bytes, while eight bytes can be read from each value's
// first; it returns the number of values.
func (h *hybrid) unpackGroups(out []uint32) int {
	w := h.width
	if h.bit&7 != 0 || w == 0 || w > 32 {
		return 0
	}
	mask := uint64(1)<<w - 1
	p := h.packed[h.bit>>3:]
	a1, a2, a3, a4 := w>>3, 2*w>>3, 3*w>>3, 4*w>>3
	a5, a6, a7 := 5*w>>3, 6*w>>3, 7*w>>3
	s1, s2, s3, s4 := w&7, 2*w&7, 3*w&7, 4*w&7
	s5, s6, s7 := 5*w&7, 6*w&7, 7*w&7
	i := 0
	for ; i+8 <= len(out) && uint(len(p)) >= a7+8; i += 8 {
		o, q := out[i:i+8:i+8], p[:a7+8]
		o[0] = uint32(binary.LittleEndian.Uint64(q) & mask)
		o[1] = uint32(binary.LittleEndian.Uint64(q[a1:]) >> (s1 & 63) & mask)
		o[2] = uint32(binary.LittleEndian.Uint64(q[a2:]) >> (s2 & 63) & mask)
		o[3] = uint32(binary.LittleEndian.Uint64(q[a3:]) >> (s3 & 63) & mask)
		o[4] = uint32(binary.LittleEndian.Uint64(q[a4:]) >> (s4 & 63) & mask)
		o[5] = uint32(binary.LittleEndian.Uint64(q[a5:]) >> (s5 & 63) & mask)
		o[6] = uint32(binary.LittleEndian.Uint64(q[a6:]) >> (s6 & 63) & mask)
		o[7] = uint32(binary.LittleEndian.Uint64(q[a7:]) >> (s7 & 63) & mask)
		p = p[w:]
	}
	return i
}

// same reports a run that covers the next n values.
func (h *hybrid) same(n int) (uint32, bool) {
	if h.run == 0 && h.left == 0 && n > 0 && h.start() != nil {
		return 0, false
	}
	if h.run >= n {
		h.run -= n
		return h.value, true
	}
	return 0, false
}

// plainInts decodes little-endian integers of 4 or 8 bytes; unsigned 4-byte ones are not sign-extended.
func plainInts(data []byte, width int, unsigned bool, out []int64) error {
	if len(data) < width*len(out) {
		return errPageShort
	}
	switch {
	case width == 8:
		for i := range out {
			out[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
		}
	case unsigned:
		for i := range out {
			out[i] = int64(binary.LittleEndian.Uint32(data[4*i:]))
		}
	default:
		for i := range out {
			out[i] = int64(int32(binary.LittleEndian.Uint32(data[4*i:])))
		}
	}
	return nil
}

// splitInts decodes BYTE_STREAM_SPLIT: all first bytes, then all second ones, …
func splitInts(data []byte, width int, unsigned bool, out []int64) error {
	n := len(out)
	if len(data) < width*n {
		return errPageShort
	}
	for i := range out {
		var v uint64
		for b := range width {
			v |= uint64(data[b*n+i]) << (8 * b)
		}
		if width == 4 && !unsigned {
			v = uint64(int64(int32(v)))
		}
		out[i] = int64(v)
	}
	return nil
}

// deltaInts decodes DELTA_BINARY_PACKED and returns the bytes it took. Sums wrap in the width of the type.
func deltaInts(data []byte, width int, unsigned bool, out []int64) (taken int, err error) {
	total := len(data)
	var head [3]uint64
	for i := range head {
		var n int
		if head[i], n = binary.Uvarint(data); n <= 0 {
			return 0, errPageShort
		}
		data = data[n:]
	}
	first, n := binary.Uvarint(data)
	if n <= 0 || head[1] == 0 || head[1] > 1<<10 || head[0] == 0 || head[0] > 1<<20 || head[0]%head[1] != 0 || head[2] != uint64(len(out)) {
		return 0, fmt.Errorf("delta-encoded values are damaged")
	}
	data = data[n:]
	mini, perMini := int(head[1]), int(head[0]/head[1])
	v := int64(first>>1) ^ -int64(first&1)
	narrow := func(v int64) int64 {
		switch {
		case width == 8:
			return v
		case unsigned:
			return int64(uint32(v))
		}
		return int64(int32(v))
	}
	if len(out) > 0 {
		out[0] = narrow(v)
	}
	for i := 1; i < len(out); {
		least, n := binary.Uvarint(data)
		if n <= 0 || len(data)-n < mini {
			return 0, errPageShort
		}
		step := int64(least>>1) ^ -int64(least&1)
		widths := data[n : n+mini]
		data = data[n+mini:]
		for m := 0; m < mini && i < len(out); m++ {
			w := uint(widths[m])
			size := (perMini*int(w) + 7) / 8
			if w > 64 {
				return 0, errPageShort
			}
			need := min(perMini, len(out)-i)
			if len(data) < (need*int(w)+7)/8 {
				return 0, errPageShort
			}
			block := data[:min(size, len(data))]
			for k := range need {
				v += step + int64(bitsAt(block, uint(k)*w, w))
				out[i+k] = narrow(v)
			}
			i += need
			data = data[len(block):]
		}
	}
	return total - len(data), nil
}

// bitsAt takes w ≤ 64 bits of p at a bit position.
func bitsAt(p []byte, bit, w uint) uint64 {
	if w == 0 {
		return 0
	}
	var v uint64
	from, shift := bit>>3, bit&7
	if int(from)+8 <= len(p) {
		v = binary.LittleEndian.Uint64(p[from:]) >> shift
	} else {
		for i, b := range p[from:] {
			v |= uint64(b) << (8 * i)
		}
		v >>= shift
	}
	if got := 64 - shift; got < w && int(from)+8 < len(p) {
		v |= uint64(p[from+8]) << got
	}
	return v & (^uint64(0) >> (64 - w))
}

// bools decodes booleans into 0 and 1.
func bools(data []byte, encoding int64, out []uint8, idx []uint32) error {
	if len(out) == 0 {
		return nil
	}
	switch encoding {
	case encodingPlain:
		if len(data)*8 < len(out) {
			return errPageShort
		}
		for i := range out {
			out[i] = data[i>>3] >> (i & 7) & 1
		}
		return nil
	case encodingRLE:
		levels, _, err := levelsV1(data, encodingRLE)
		if err != nil {
			return err
		}
		h := newHybrid(levels, 1)
		for len(out) > 0 {
			n := min(len(out), len(idx))
			if err := h.read(idx[:n]); err != nil {
				return err
			}
			for i, v := range idx[:n] {
				out[i] = uint8(v & 1)
			}
			out = out[n:]
		}
		return nil
	}
	return encodingError(encoding, "flags")
}

// levelWidth is the number of bits that levels up to most need.
func levelWidth(most int) uint { return uint(bits.Len(uint(most))) }
