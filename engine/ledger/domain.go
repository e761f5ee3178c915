package ledger

import (
	"bytes"
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

	mu sync.RWMutex
	texts
}

// NewDomain returns an empty id space.
func NewDomain(name string) *Domain { return &Domain{Name: name, texts: newTexts()} }

// Texts is the number of interned texts.
func (d *Domain) Texts() int { return d.n }

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
	d.room(1)
	return -int64(d.number(text, d.hash(text)))
}

// InternAll gives the keys of the texts data[offsets[i]:offsets[i+1]] into out.
func (d *Domain) InternAll(data []byte, offsets []int32, out []Key) {
	var places [atOnce]int
	var hashes [atOnce]uint32
	n := 0
	for i := range out {
		text := data[offsets[i]:offsets[i+1]]
		if len(text) == 0 {
			out[i] = NullKey
			continue
		}
		k, ok := canonicalInt(text)
		if out[i] = k; ok {
			continue
		}
		places[n], hashes[n] = i, d.hash(text)
		if n++; n == atOnce {
			d.internSome(data, offsets, out, places[:], hashes[:])
			n = 0
		}
	}
	d.internSome(data, offsets, out, places[:n], hashes[:n])
}

// internSome gives the keys of some of the texts, at most atOnce: of those that are known side by side with others, then
// of new ones alone.
func (d *Domain) internSome(data []byte, offsets []int32, out []Key, places []int, hashes []uint32) {
	if len(places) == 0 {
		return
	}
	if d.findSome(data, offsets, out, places, hashes) == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room(len(places))
	for j, i := range places {
		if out[i] == 0 {
			out[i] = -int64(d.number(data[offsets[i]:offsets[i+1]], hashes[j]))
		}
	}
}

// findSome gives the keys of those of the texts that are known, 0 to the others, and says how many these are.
func (d *Domain) findSome(data []byte, offsets []int32, out []Key, places []int, hashes []uint32) (unknown int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var room [atOnce]uint32
	named := room[:len(hashes)]
	d.fetchSlots(hashes, 0)
	d.fetchSlots(hashes, 1)
	d.lookUp(named, hashes, 0)
	for j, i := range places {
		if j%fetched == 0 {
			d.fetchSlots(hashes, j/fetched+2)
			d.lookUp(named, hashes, j/fetched+1)
		}
		text, n := data[offsets[i]:offsets[i+1]], named[j]
		if n == 0 || !equal(d.text(int64(n)-1), text) {
			n = d.find(text, hashes[j])
		}
		out[i] = -int64(n)
		if n == 0 {
			unknown++
		}
	}
	return unknown
}

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
