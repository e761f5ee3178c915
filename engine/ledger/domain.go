package ledger

import (
	"bytes"
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

// Domain interns the texts of one id space while tables are read. It is safe for concurrent use.
type Domain struct {
	Name string

	mu      sync.Mutex
	seed    maphash.Seed
	data    []byte
	offsets []uint64 // offsets[i]:offsets[i+1] is text i
	slots   []uint32 // open addressing: 1 + text number, 0 empty
}

// NewDomain returns an empty id space.
func NewDomain(name string) *Domain {
	return &Domain{Name: name, seed: maphash.MakeSeed(), offsets: []uint64{0}, slots: make([]uint32, 1024)}
}

// Texts is the number of interned texts.
func (d *Domain) Texts() int { return len(d.offsets) - 1 }

// Intern gives the key of one canonical text; the empty text is null.
func (d *Domain) Intern(text []byte) Key {
	if len(text) == 0 {
		return NullKey
	}
	if k, ok := canonicalInt(text); ok {
		return k
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.intern(text)
}

// InternAll gives the keys of the texts data[offsets[i]:offsets[i+1]] into out, under one lock.
func (d *Domain) InternAll(data []byte, offsets []int32, out []Key) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range out {
		text := data[offsets[i]:offsets[i+1]]
		if len(text) == 0 {
			out[i] = NullKey
		} else if k, ok := canonicalInt(text); ok {
			out[i] = k
		} else {
			out[i] = d.intern(text)
		}
	}
}

func (d *Domain) intern(text []byte) Key {
	if 4*(d.Texts()+1) > 3*len(d.slots) {
		d.grow()
	}
	mask := uint64(len(d.slots) - 1)
	for h := maphash.Bytes(d.seed, text) & mask; ; h = (h + 1) & mask {
		s := d.slots[h]
		if s == 0 {
			d.data = append(d.data, text...)
			d.offsets = append(d.offsets, uint64(len(d.data)))
			d.slots[h] = uint32(d.Texts())
			return -int64(d.Texts())
		}
		if bytes.Equal(d.text(int64(s)-1), text) {
			return -int64(s)
		}
	}
}

func (d *Domain) grow() {
	d.slots = make([]uint32, 2*len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for i := range d.Texts() {
		h := maphash.Bytes(d.seed, d.text(int64(i))) & mask
		for d.slots[h] != 0 {
			h = (h + 1) & mask
		}
		d.slots[h] = uint32(i + 1)
	}
}

func (d *Domain) text(i int64) []byte { return d.data[d.offsets[i]:d.offsets[i+1]] }

// AppendText appends the canonical text of k; nothing for NullKey.
func (d *Domain) AppendText(dst []byte, k Key) []byte {
	switch {
	case k == NullKey:
		return dst
	case k >= 0:
		return strconv.AppendInt(dst, k, 10)
	}
	return append(dst, d.text(-1-k)...)
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
	var ba, bb [24]byte
	ta, tb := d.view(a, ba[:0]), d.view(b, bb[:0])
	if len(ta) != len(tb) {
		if len(ta) < len(tb) {
			return -1
		}
		return 1
	}
	return bytes.Compare(ta, tb)
}

func (d *Domain) view(k Key, buf []byte) []byte {
	if k < 0 && k != NullKey {
		return d.text(-1 - k)
	}
	return d.AppendText(buf, k)
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
