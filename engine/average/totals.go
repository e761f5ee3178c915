package average

import "planwerk/kernels"

// denseKeys is the largest number of keys for which a thread keeps sums of each (48 bytes a key).
const denseKeys = 1 << 19

// block is the number of rows that are summed at once.
const block = 4096

// totals sums by key: in sums by code when the keys are few and values fit 64 bits, else in an open hash table.
type totals struct {
	dense *kernels.PairSums // amounts and values; nil when the keys are many
	keys  int
	slots []entry // key −1: empty
	used  int

	key   [block]int64 // of the rows at hand, −1 for none
	code  [block]int32
	value [block]int64
}

func newTotals(keys int64) *totals {
	if keys <= denseKeys {
		return &totals{dense: kernels.NewPairSums(int(keys)), keys: int(keys), slots: emptySlots(1 << 6)}
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

// add adds the rows whose keys are in t.key; those whose value is null stay out. It returns the first row whose sum does
// not fit, −1 if all do.
func (t *totals) add(amount []int64, value []kernels.Int128) int {
	for i, v := range value {
		key := t.key[i]
		t.code[i] = -1
		switch {
		case key < 0:
		case t.dense != nil && v.IsInt64():
			t.code[i], t.value[i] = int32(key), v.Int64()
		case v.IsNull():
		case !t.addWide(key, amount[i], v):
			return i
		}
	}
	if t.dense != nil {
		t.dense.Add(t.code[:len(value)], amount, t.value[:len(value)])
	}
	return -1
}

// addWide returns false when a sum does not fit.
func (t *totals) addWide(key, amount int64, value kernels.Int128) bool {
	e := t.find(key)
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
	for key := range t.keys {
		if amount, value := t.dense.At(key); amount.Sign() != 0 || value.Sign() != 0 {
			out = append(out, entry{key: int64(key), amount: amount, value: value})
		}
	}
	for _, e := range t.slots {
		if e.key >= 0 && (e.amount.Sign() != 0 || e.value.Sign() != 0) {
			out = append(out, e)
		}
	}
	return out
}
