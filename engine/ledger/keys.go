package ledger

import (
	"math"
	"sync"

	"planwerk/engine/spill"
)

// Keys is an id column. Ids that are integers below 2³¹ or texts take four bytes; one larger integer widens the whole
// column to eight. Set is safe for concurrent use on disjoint rows.
type Keys struct {
	space  *spill.Space
	mu     sync.RWMutex
	narrow []int32
	wide   []Key
}

const narrowNull = math.MinInt32

// NewKeys returns a column of n null ids.
func NewKeys(n int) *Keys { return NewKeysIn(nil, n) }

// NewKeysIn returns a column of n null ids that lies in a Space.
func NewKeysIn(space *spill.Space, n int) *Keys {
	k := &Keys{space: space, narrow: spill.Make[int32](space, n)}
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
	k.wide = spill.Make[Key](k.space, len(k.narrow))
	for i, v := range k.narrow {
		k.wide[i] = widenKey(v)
	}
	spill.Free(k.space, k.narrow)
	k.narrow = nil
}

// free gives the memory back.
func (k *Keys) free() {
	spill.Free(k.space, k.narrow)
	spill.Free(k.space, k.wide)
	k.narrow, k.wide = nil, nil
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
