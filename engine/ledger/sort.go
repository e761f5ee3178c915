package ledger

import (
	"cmp"
	"context"
	"encoding/binary"
	"math/bits"
	"slices"

	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// sortRows gives rows (nil: all n) in canonical order of their keys, equal keys in the order of rows. It returns nil
// when rows is nil and the keys are in order already. The rows given are used up; those it returns lie in space.
func sortRows(threads int, space *spill.Space, d *Domain, k *Keys, rows []int32) []int32 {
	if rows == nil {
		if sortedRows(d, k) {
			return nil
		}
		rows = identity(space, k.Len())
	}
	if ints, most := intKeys(k, rows); ints {
		return radixRows(space, k, rows, most)
	}
	sortTexts(&chunkSort{threads, space}, d, k, rows)
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
func sortTexts(by *chunkSort, d *Domain, k *Keys, rows []int32) {
	work := spill.Make[chunk](by.space, len(rows))
	defer spill.Free(by.space, work)
	by.fill(len(rows), func(from, to int) {
		for i, r := range rows[from:to] {
			work[from+i] = chunk{uint64(d.length(k.At(int(r)))), r}
		}
	})
	by.sort(work, func(by *chunkSort, run []chunk) {
		if run[0].word > 0 {
			d.sortRun(by, k, run, 0, int(run[0].word))
		}
	})
	for i := range work {
		rows[i] = work[i].row
	}
}

// length is that of the canonical text of a key.
func (d *Domain) length(k Key) int {
	var buf [24]byte
	text, packed := d.view(k, buf[:0])
	if packed {
		return 2 * len(text)
	}
	return len(text)
}

// sortRun sorts a run of texts of one length that agree before offset: by eight bytes, or by sixteen digits that are packed.
func (d *Domain) sortRun(by *chunkSort, k *Keys, run []chunk, offset, length int) {
	step := 8
	packed := length >= leastPacked && d.packed
	if packed {
		step = 16
	}
	by.fill(len(run), func(from, to int) {
		var buf [2 * 64]byte
		for i := range run[from:to] {
			key := k.At(int(run[from+i].row))
			text, _ := d.view(key, buf[:0])
			at := offset
			if packed {
				at /= 2
			} else if len(text) != length {
				text = d.AppendText(buf[:0], key)
			}
			var word [8]byte
			copy(word[:], text[at:])
			run[from+i].word = binary.BigEndian.Uint64(word[:])
		}
	})
	by.sort(run, func(by *chunkSort, tie []chunk) {
		if offset+step < length {
			d.sortRun(by, k, tie, offset+step, length)
		}
	})
}

// chunkSort sorts chunks on some threads, with scratch in a space.
type chunkSort struct {
	threads int
	space   *spill.Space
}

// Runs of sharedRun chunks and more are shared out by the upper bits in which their words differ, into up to 2^sharedBits
// parts, which are sorted apart.
const (
	sharedRun  = 1 << 15
	sharedBits = 14
)

// fill does f on pieces of 0 … n−1.
func (s *chunkSort) fill(n int, f func(from, to int)) {
	if n < sharedRun {
		f(0, n)
		return
	}
	s.each(shard.Ranges(n, shard.Pieces(n, sharedRun)), f)
}

// each does f on ranges, on the threads there are.
func (s *chunkSort) each(ranges [][2]int, f func(from, to int)) {
	_ = shard.Run(context.Background(), s.threads, len(ranges), func(i int) error { // which never ends
		f(ranges[i][0], ranges[i][1])
		return nil
	})
}

// sort sorts by word, then row, and hands each run of equal words to tie.
func (s *chunkSort) sort(run []chunk, tie func(by *chunkSort, run []chunk)) {
	if len(run) < sharedRun {
		s.sortPart(run, tie)
		return
	}
	least, most := run[0].word, run[0].word
	for _, c := range run {
		least, most = min(least, c.word), max(most, c.word)
	}
	if least == most {
		s.sortPart(run, tie)
		return
	}
	shift := max(bits.Len64(least^most)-sharedBits, 0)
	part := func(c chunk) int { return int(c.word>>shift - least>>shift) }
	next := make([]int, part(chunk{word: most})+2)
	for _, c := range run {
		next[part(c)+1]++
	}
	var parts [][2]int
	for p := range len(next) - 1 {
		if next[p+1] > 0 {
			parts = append(parts, [2]int{next[p], next[p] + next[p+1]})
		}
		next[p+1] += next[p]
	}
	shared := spill.Make[chunk](s.space, len(run))
	defer spill.Free(s.space, shared)
	for _, c := range run {
		p := part(c)
		shared[next[p]] = c
		next[p]++
	}
	alone := &chunkSort{1, s.space}
	s.each(parts, func(from, to int) {
		copy(run[from:to], shared[from:to])
		alone.sortPart(run[from:to], tie)
	})
}

// sortPart is sort without more threads at first.
func (s *chunkSort) sortPart(run []chunk, tie func(by *chunkSort, run []chunk)) {
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
			tie(s, run[from:to])
		}
		from = to
	}
}
