package ledger

import (
	"math"
	"sync"
)

// Keys is an id column. Ids that are integers below 2³¹ or texts take four bytes; one larger integer widens the whole
// column to eight. Set is safe for concurrent use on disjoint rows.
type Keys struct {
	mu     sync.RWMutex
	narrow []int32
	wide   []Key
}

const narrowNull = math.MinInt32

// NewKeys returns a column of n null ids.
func NewKeys(n int) *Keys {
	k := &Keys{narrow: make([]int32, n)}
	for i := range k.narrow {
		k.narrow[i] = narrowNull
	}
	return k
}

// Len is the number of rows.
func (k *Keys) Len() int { return len(k.narrow) + len(k.wide) }

// Set stores keys from row at on.
func (k *Keys) Set(at int, keys []Key) {
	k.mu.RLock()
	done := k.wide == nil && k.setNarrow(at, keys)
	if k.wide != nil {
		copy(k.wide[at:], keys)
		done = true
	}
	k.mu.RUnlock()
	if done {
		return
	}
	k.mu.Lock()
	k.widen()
	copy(k.wide[at:], keys)
	k.mu.Unlock()
}

// Append adds keys at the end; not for concurrent use.
func (k *Keys) Append(keys []Key) {
	n := k.Len()
	if k.wide != nil {
		k.wide = append(k.wide, keys...)
		return
	}
	for range keys {
		k.narrow = append(k.narrow, narrowNull)
	}
	k.Set(n, keys)
}

func (k *Keys) setNarrow(at int, keys []Key) bool {
	out := k.narrow[at : at+len(keys)]
	for i, key := range keys {
		switch {
		case key == NullKey:
			out[i] = narrowNull
		case key > math.MaxInt32 || key <= math.MinInt32:
			return false
		default:
			out[i] = int32(key)
		}
	}
	return true
}

func (k *Keys) widen() {
	if k.wide != nil {
		return
	}
	k.wide = make([]Key, len(k.narrow))
	for i, v := range k.narrow {
		k.wide[i] = widenKey(v)
	}
	k.narrow = nil
}

func widenKey(v int32) Key {
	if v == narrowNull {
		return NullKey
	}
	return Key(v)
}

// At is the key of a row.
func (k *Keys) At(row int) Key {
	if k.wide != nil {
		return k.wide[row]
	}
	return widenKey(k.narrow[row])
}
