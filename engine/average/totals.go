package average

import "planwerk/kernels"

// denseKeys is the largest number of keys for which a thread keeps one total each (48 bytes a key).
const denseKeys = 1 << 19

// totals sums by key: in a plain array when the keys are few, else in an open hash table.
type totals struct {
	dense []entry // index = key
	slots []entry // key −1: empty
	used  int
}

func newTotals(keys int64) *totals {
	if keys <= denseKeys {
		return &totals{dense: make([]entry, keys)}
	}
	return &totals{slots: emptySlots(1 << 12)}
}

func emptySlots(n int) []entry {
	s := make([]entry, n)
	for i := range s {
		s[i].key = -1
	}
	return s
}

// add returns false when a sum does not fit.
func (t *totals) add(key, amount int64, value kernels.Int128) bool {
	var e *entry
	if t.dense != nil {
		e = &t.dense[key]
		e.key = key
	} else {
		e = t.find(key)
	}
	var ok1, ok2 bool
	e.value, ok1 = e.value.AddChecked(value)
	e.amount, ok2 = e.amount.AddChecked(kernels.I128(amount))
	return ok1 && ok2
}

func (t *totals) find(key int64) *entry {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.slots, t.used = emptySlots(2*len(old)), 0
		for _, e := range old {
			if e.key >= 0 {
				*t.find(e.key) = e
			}
		}
	}
	mask := len(t.slots) - 1
	for h := int(uint64(key)*0x9e3779b97f4a7c15>>32) & mask; ; h = (h + 1) & mask {
		e := &t.slots[h]
		if e.key == key {
			return e
		}
		if e.key < 0 {
			e.key = key
			t.used++
			return e
		}
	}
}

// append adds all totals that are not zero to out.
func (t *totals) append(out []entry) []entry {
	for _, list := range [2][]entry{t.dense, t.slots} {
		for _, e := range list {
			if e.key >= 0 && (e.amount.Sign() != 0 || e.value.Sign() != 0) {
				out = append(out, e)
			}
		}
	}
	return out
}
