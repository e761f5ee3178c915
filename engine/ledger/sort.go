package ledger

import (
	"cmp"
	"encoding/binary"
	"slices"

	"planwerk/engine/spill"
)

// sortRows gives rows (nil: all n) in canonical order of their keys, equal keys in the order of rows. It returns nil
// when rows is nil and the keys are in order already. The rows given are used up; those it returns lie in space.
func sortRows(space *spill.Space, d *Domain, k *Keys, rows []int32) []int32 {
	if rows == nil {
		if sortedRows(d, k) {
			return nil
		}
		rows = identity(space, k.Len())
	}
	if ints, most := intKeys(k, rows); ints {
		return radixRows(space, k, rows, most)
	}
	sortTexts(space, d, k, rows)
	return rows
}

func identity(space *spill.Space, n int) []int32 {
	rows := spill.Make[int32](space, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

func sortedRows(d *Domain, k *Keys) bool {
	for i := 1; i < k.Len(); i++ {
		if d.Compare(k.At(i-1), k.At(i)) > 0 {
			return false
		}
	}
	return true
}

// intKeys reports whether all the rows' keys are integers, and the largest.
func intKeys(k *Keys, rows []int32) (bool, Key) {
	var most Key
	for _, r := range rows {
		key := k.At(int(r))
		if key < 0 {
			return false, 0
		}
		most = max(most, key)
	}
	return true, most
}

// radixRows sorts rows by integer key, least significant 11 bits first; stable.
func radixRows(space *spill.Space, k *Keys, rows []int32, most Key) []int32 {
	other := spill.Make[int32](space, len(rows))
	for shift := 0; shift < 64 && most>>shift > 0; shift += 11 {
		var count [2049]int
		for _, r := range rows {
			count[(k.At(int(r))>>shift&2047)+1]++
		}
		for i := 1; i < len(count); i++ {
			count[i] += count[i-1]
		}
		for _, r := range rows {
			c := &count[k.At(int(r))>>shift&2047]
			other[*c] = r
			*c++
		}
		rows, other = other, rows
	}
	spill.Free(space, other)
	return rows
}

// chunk is eight bytes of an id's text, beside its row.
type chunk struct {
	word uint64
	row  int32
}

// sortTexts sorts rows by the length of the canonical text, then bytewise, eight bytes at a time; stable.
func sortTexts(space *spill.Space, d *Domain, k *Keys, rows []int32) {
	work := spill.Make[chunk](space, len(rows))
	defer spill.Free(space, work)
	var buf [24]byte
	for i, r := range rows {
		work[i] = chunk{uint64(len(d.view(k.At(int(r)), buf[:0]))), r}
	}
	sortChunks(work, func(run []chunk) {
		if run[0].word > 0 {
			d.sortRun(k, run, 0, int(run[0].word))
		}
	})
	for i := range work {
		rows[i] = work[i].row
	}
}

// sortRun sorts a run of texts of one length that agree before offset.
func (d *Domain) sortRun(k *Keys, run []chunk, offset, length int) {
	var buf [24]byte
	for i := range run {
		var word [8]byte
		copy(word[:], d.view(k.At(int(run[i].row)), buf[:0])[offset:])
		run[i].word = binary.BigEndian.Uint64(word[:])
	}
	sortChunks(run, func(tie []chunk) {
		if offset+8 < length {
			d.sortRun(k, tie, offset+8, length)
		}
	})
}

// sortChunks sorts by word, then row, and hands each run of equal words to tie.
func sortChunks(run []chunk, tie func([]chunk)) {
	slices.SortFunc(run, func(a, b chunk) int {
		if c := cmp.Compare(a.word, b.word); c != 0 {
			return c
		}
		return cmp.Compare(a.row, b.row)
	})
	for from := 0; from < len(run); {
		to := from + 1
		for to < len(run) && run[to].word == run[from].word {
			to++
		}
		if to-from > 1 {
			tie(run[from:to])
		}
		from = to
	}
}
