package ledger

import (
	"math/bits"

	"planwerk/engine/spill"
)

// lookup finds the code of a key in O(1): by position where the ids are contiguous integers, through a table of
// positions where they are dense, else through a hash table; texts by their number.
type lookup struct {
	ids    *IDs
	dense  []int32 // dense[key−base], −1 for none
	base   int64
	slots  []int32 // hash table of codes, −1 empty
	shift  uint
	byText []int32 // code of the domain's i-th text, −1 for none
}

// newLookup prepares ids for many questions, with tables that lie in space.
func newLookup(space *spill.Space, ids *IDs) *lookup {
	l := &lookup{ids: ids}
	if ids.keys == nil {
		return l
	}
	least, most, ints := l.addTexts(space)
	switch {
	case ints == 0:
	case uint64(most-least) < uint64(4*ints+1024):
		l.fillDense(space, least, most)
	default:
		l.fillHash(space, ints)
	}
	return l
}

// addTexts enters the texts and gives the range and number of the integers.
func (l *lookup) addTexts(space *spill.Space) (least, most Key, ints int) {
	for code, k := range l.ids.keys {
		if k >= 0 {
			if ints == 0 || k < least {
				least = k
			}
			most = max(most, k)
			ints++
			continue
		}
		if l.byText == nil {
			l.byText = filled(space, l.ids.domain.Bound())
		}
		l.byText[-1-k] = int32(code)
	}
	return least, most, ints
}

func (l *lookup) fillDense(space *spill.Space, least, most Key) {
	l.base, l.dense = least, filled(space, int(most-least)+1)
	for code, k := range l.ids.keys {
		if k >= 0 {
			l.dense[k-least] = int32(code)
		}
	}
}

func (l *lookup) fillHash(space *spill.Space, ints int) {
	logSize := uint(bits.Len(uint(2 * ints)))
	l.shift, l.slots = 64-logSize, filled(space, 1<<logSize)
	for code, k := range l.ids.keys {
		if k < 0 {
			continue
		}
		h := l.home(k)
		for l.slots[h] >= 0 {
			h = (h + 1) & (len(l.slots) - 1)
		}
		l.slots[h] = int32(code)
	}
}

// home is the first slot of a key: Fibonacci hashing.
func (l *lookup) home(k Key) int { return int(uint64(k) * 0x9E3779B97F4A7C15 >> l.shift) }

func filled(space *spill.Space, n int) []int32 {
	s := spill.Make[int32](space, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

// code finds a key; −1 when it is not there, as for NullKey.
func (l *lookup) code(k Key) int32 {
	switch {
	case k < 0:
		if k == NullKey || int(-1-k) >= len(l.byText) {
			return -1
		}
		return l.byText[-1-k]
	case l.ids.keys == nil:
		if at := k - l.ids.base; at >= 0 && at < int64(l.ids.n) {
			return int32(at)
		}
	case l.dense != nil:
		if at := k - l.base; at >= 0 && at < int64(len(l.dense)) {
			return l.dense[at]
		}
	case l.slots != nil:
		for h := l.home(k); l.slots[h] >= 0; h = (h + 1) & (len(l.slots) - 1) {
			if code := l.slots[h]; l.ids.keys[code] == k {
				return code
			}
		}
	}
	return -1
}
