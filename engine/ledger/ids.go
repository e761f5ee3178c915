package ledger

import (
	"sort"
	"strconv"
)

// IDs is the dictionary of a domain after Build: codes 0 … Len()−1 in canonical order.
type IDs struct {
	domain *Domain
	keys   []Key // nil when the ids are the integers base … base+n−1
	base   int64
	n      int
	ints   bool
}

// newIDs takes keys sorted in canonical order without repetition.
func newIDs(d *Domain, keys []Key) *IDs {
	x := &IDs{domain: d, keys: keys, n: len(keys), ints: true}
	for _, k := range keys {
		if k < 0 {
			x.ints = false
			break
		}
	}
	if x.ints && x.n > 0 && keys[x.n-1]-keys[0] == int64(x.n-1) {
		x.base, x.keys = keys[0], nil
	}
	return x
}

// IntIDs is the dictionary of the n integer ids base … base+n−1, for ledgers that are built by hand.
func IntIDs(base int64, n int) *IDs { return &IDs{base: base, n: n, ints: true} }

// Len is the number of ids.
func (x *IDs) Len() int { return x.n }

// AllInt reports whether every id is an integer in canonical decimal form.
func (x *IDs) AllInt() bool { return x.ints }

// Key returns the key of a code; for AllInt dictionaries, the integer itself.
func (x *IDs) Key(code int32) Key {
	if x.keys == nil {
		return x.base + int64(code)
	}
	return x.keys[code]
}

// AppendText appends the canonical text of a code; nothing for −1.
func (x *IDs) AppendText(dst []byte, code int32) []byte {
	if code < 0 {
		return dst
	}
	if x.keys == nil {
		return strconv.AppendInt(dst, x.Key(code), 10)
	}
	return x.domain.AppendText(dst, x.Key(code))
}

// Text is the canonical text of a code.
func (x *IDs) Text(code int32) string { return string(x.AppendText(nil, code)) }

// Code finds a key's code; −1 when it is not there.
func (x *IDs) Code(k Key) int32 {
	if x.keys == nil {
		if x.n == 0 || k < x.base || k-x.base >= int64(x.n) {
			return -1
		}
		return int32(k - x.base)
	}
	i := sort.Search(x.n, func(i int) bool { return x.domain.Compare(x.keys[i], k) >= 0 })
	if i < x.n && x.keys[i] == k {
		return int32(i)
	}
	return -1
}

// CodeOfText finds a canonical text's code; −1 when it is not there.
func (x *IDs) CodeOfText(text string) int32 {
	i := sort.Search(x.n, func(i int) bool {
		t := x.Text(int32(i))
		return len(t) > len(text) || len(t) == len(text) && t >= text
	})
	if i < x.n && x.Text(int32(i)) == text {
		return int32(i)
	}
	return -1
}
