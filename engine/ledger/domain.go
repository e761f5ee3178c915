package ledger

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"math"
	"strconv"
	"sync"
)

// Key is an id as read: a non-negative integer stands for itself, a negative key −1−i for the i-th text of its Domain,
// NullKey for none.
type Key = int64

// NullKey is the absent id; NullInt the absent value, amount, time or durability.
const (
	NullKey = math.MinInt64
	NullInt = math.MinInt64
)

// Domain interns the texts of one id space while tables are read. It is safe for concurrent use; texts of keys are to be
// asked for when no thread interns. Which key a text has depends on the order in which texts come, and on threads.
type Domain struct {
	Name string

	mu   sync.RWMutex // held for reading to find and put texts, for writing to change the table
	seed maphash.Seed
	texts
	numbers
}

// NewDomain returns an empty id space.
func NewDomain(name string) *Domain { return &Domain{Name: name, seed: maphash.MakeSeed()} }

// Bound is above −1−k for the key k of every interned text: for tables by text.
func (d *Domain) Bound() int { return d.numbers.last }

// Intern gives the key of one canonical text; the empty text is null.
func (d *Domain) Intern(text []byte) Key {
	out := [1]Key{}
	d.InternAll(text, []int32{0, int32(len(text))}, out[:])
	return out[0]
}

// InternAll gives the keys of the texts data[offsets[i]:offsets[i+1]] into out.
func (d *Domain) InternAll(data []byte, offsets []int32, out []Key) {
	d.internAll(data, offsets, out, false)
}

// InternBinary gives the keys of the binary ids data[offsets[i]:offsets[i+1]] into out: those of the same in lower-case
// hexadecimal digits.
func (d *Domain) InternBinary(data []byte, offsets []int32, out []Key) {
	short := false
	for i := range out {
		size := offsets[i+1] - offsets[i]
		short = short || size > 0 && size < leastPacked/2
	}
	if !short {
		d.internAll(data, offsets, out, true)
		return
	}
	var text []byte
	for i := range out {
		text = appendHex(text[:0], data[offsets[i]:offsets[i+1]])
		out[i] = d.Intern(text)
	}
}

// AppendText appends the canonical text of k; nothing for NullKey.
func (d *Domain) AppendText(dst []byte, k Key) []byte {
	switch {
	case k == NullKey:
		return dst
	case k >= 0:
		return strconv.AppendInt(dst, k, 10)
	}
	text, packed := d.held(k)
	if packed {
		return appendHex(dst, text)
	}
	return append(dst, text...)
}

// held is the text of a negative key as it is held: packed or not.
func (d *Domain) held(key Key) (text []byte, packed bool) {
	return d.text(uint32(-key)), d.packed
}

// Text is the canonical text of k; "" for NullKey.
func (d *Domain) Text(k Key) string { return string(d.AppendText(nil, k)) }

// Compare orders keys by canonical text: by length in bytes, then bytewise; NullKey first.
func (d *Domain) Compare(a, b Key) int {
	if a >= 0 && b >= 0 {
		switch {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	}
	if a == b {
		return 0
	}
	var ba, bb [2 * 64]byte
	ta, packedA := d.view(a, ba[:0])
	tb, packedB := d.view(b, bb[:0])
	if packedA != packedB {
		ta, tb = d.AppendText(ba[:0], a), d.AppendText(bb[:0], b)
	}
	if len(ta) != len(tb) {
		return cmp.Compare(len(ta), len(tb))
	}
	return bytes.Compare(ta, tb)
}

// view is the text of a key, packed or not; that of an integer lies in buf. Packed texts are in the order of their digits.
func (d *Domain) view(k Key, buf []byte) (text []byte, packed bool) {
	if k < 0 && k != NullKey {
		return d.held(k)
	}
	return d.AppendText(buf, k), false
}

// canonicalInt reads a text that is an integer in canonical decimal form, up to 2⁶³−1.
func canonicalInt(text []byte) (Key, bool) {
	if len(text) > 19 || len(text) > 1 && text[0] == '0' {
		return 0, false
	}
	var v uint64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + uint64(c-'0')
	}
	return int64(v), v <= math.MaxInt64
}
