package ledger

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"planwerk/kernels"
)

// atOnce is how many texts InternAll takes under one lock, fetched how many of them it asks the memory for before it looks
// them up: their slots two steps before, and one step before the texts that the slots name. So a large domain costs its
// misses of the caches side by side, and behind work, and not one after the other.
const (
	atOnce  = 512
	fetched = 32
)

// texts are distinct texts, numbered as they come in, and a table to find them: open addressing by the upper bits of a
// seeded hash, which no choice of ids can make collide.
type texts struct {
	n       int
	seed    maphash.Seed
	data    []byte
	width   int      // of every text, while all have one …
	offsets []uint64 // … and then nil; else offsets[i]:offsets[i+1] is text i
	slots   []uint64 // 1 + number of a text in the lower half, 0 empty; the upper half of its hash in the upper one
	shift   int      // an upper half of a hash, shifted so, is the slot where its search begins
}

func newTexts() texts {
	return texts{seed: maphash.MakeSeed(), slots: make([]uint64, 1024), shift: 32 - 10}
}

func (t *texts) text(i int64) []byte {
	if t.offsets == nil {
		at := int(i) * t.width
		return t.data[at : at+t.width]
	}
	return t.data[t.offsets[i]:t.offsets[i+1]]
}

// hash is the upper half of the hash of a text.
func (t *texts) hash(text []byte) uint32 { return uint32(maphash.Bytes(t.seed, text) >> 32) }

// line is the number of slots that lie in a line of the caches. A search begins anywhere in a line, goes round in it, and
// goes on at the beginning of the next line, so that nearly all reach one line only.
const line = 8

// after is the slot where a search goes on that began at the slot from.
func (t *texts) after(at, from int) int {
	if at = at&^(line-1) | (at+1)&(line-1); at&(line-1) != from&(line-1) {
		return at
	}
	return (at + line) & (len(t.slots) - 1)
}

// find gives 1 + the number of a text, 0 when it is not there.
func (t *texts) find(text []byte, hash uint32) uint32 {
	from := int(hash >> t.shift)
	for at := from; ; at = t.after(at, from) {
		s := t.slots[at]
		if s == 0 || uint32(s>>32) == hash && equal(t.text(int64(uint32(s))-1), text) {
			return uint32(s)
		}
	}
}

// equal compares texts, 32 bytes at a time: hashes are of 32 and, in hexadecimal, of 64.
func equal(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for len(a) >= 32 && len(b) >= 32 {
		x, y := a[:32], b[:32]
		if binary.LittleEndian.Uint64(x)^binary.LittleEndian.Uint64(y)|
			binary.LittleEndian.Uint64(x[8:])^binary.LittleEndian.Uint64(y[8:])|
			binary.LittleEndian.Uint64(x[16:])^binary.LittleEndian.Uint64(y[16:])|
			binary.LittleEndian.Uint64(x[24:])^binary.LittleEndian.Uint64(y[24:]) != 0 {
			return false
		}
		a, b = a[32:], b[32:]
	}
	return string(a) == string(b)
}

// number finds a text, or takes it in, and gives 1 + its number. There is a free slot.
func (t *texts) number(text []byte, hash uint32) uint32 {
	if n := t.find(text, hash); n > 0 {
		return n
	}
	t.add(text)
	t.place(uint64(hash)<<32 | uint64(t.n))
	return uint32(t.n)
}

// place puts a slot where a search for it ends.
func (t *texts) place(slot uint64) {
	from := int(slot >> 32 >> t.shift)
	at := from
	for t.slots[at] != 0 {
		at = t.after(at, from)
	}
	t.slots[at] = slot
}

func (t *texts) add(text []byte) {
	if t.n == 0 {
		t.width = len(text)
	}
	if t.offsets == nil && len(text) != t.width {
		t.offsets = make([]uint64, t.n+1, 2*t.n+1)
		for i := range t.offsets {
			t.offsets[i] = uint64(i * t.width)
		}
	}
	if len(t.data)+len(text) > cap(t.data) { // by half: a growing domain copies its texts twice, not four times
		t.data = slices.Grow(t.data, len(text)+len(t.data)/2)
	}
	t.data = append(t.data, text...)
	if t.offsets != nil {
		t.offsets = append(t.offsets, uint64(len(t.data)))
	}
	t.n++
}

// room makes free slots for so many texts more.
func (t *texts) room(more int) {
	if 4*(t.n+more) <= 3*len(t.slots) {
		return
	}
	old, size := t.slots, len(t.slots)
	for 4*(t.n+more) > 3*size {
		size *= 2
		t.shift--
	}
	t.slots = make([]uint64, size)
	for _, s := range old {
		if s != 0 {
			t.place(s)
		}
	}
}

// fetchSlots asks the memory for the slots that find will read for one of the groups of texts with these hashes.
func (t *texts) fetchSlots(hashes []uint32, group int) {
	kernels.FetchSlots(t.slots, groupOf(hashes, group), t.shift)
}

// lookUp names, for one of the groups of texts with these hashes, 1 + the numbers of the texts that they probably are, 0 where
// there is none near, and asks the memory for these.
func (t *texts) lookUp(named, hashes []uint32, group int) {
	width := t.width
	if t.offsets != nil {
		width = 0
	}
	kernels.LookUp(groupOf(named, group), t.slots, groupOf(hashes, group), t.shift, t.data, width)
}

// groupOf is the group of the given number, empty behind the last one.
func groupOf(x []uint32, group int) []uint32 {
	return x[min(group*fetched, len(x)):min((group+1)*fetched, len(x))]
}
