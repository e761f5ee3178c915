package ledger

import (
	"bytes"
	"hash/maphash"
)

// atOnce is how many texts InternAll takes under one lock. Before it looks them up it reads, for all of them, the slot and
// then the text that the slot names: reads that do not wait for one another, so that a large domain costs its misses of the
// caches side by side and not one after the other.
const atOnce = 128

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
	read    uint64   // what was read ahead comes together here, so that it is read
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

// number finds a text, or takes it in, and gives 1 + its number. There is a free slot.
func (t *texts) number(text []byte, hash uint32) uint32 {
	mask := len(t.slots) - 1
	for at := int(hash >> t.shift); ; at = (at + 1) & mask {
		s := t.slots[at]
		if s == 0 {
			t.add(text)
			t.slots[at] = uint64(hash)<<32 | uint64(t.n)
			return uint32(t.n)
		}
		if uint32(s>>32) == hash && bytes.Equal(t.text(int64(uint32(s))-1), text) {
			return uint32(s)
		}
	}
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
	mask := len(t.slots) - 1
	for _, s := range old {
		if s == 0 {
			continue
		}
		at := int(s >> 32 >> t.shift)
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}

// readAhead reads what number will need for texts with these hashes.
func (t *texts) readAhead(hashes []uint32) {
	var named [atOnce]uint32
	n := 0
	for _, h := range hashes {
		s := t.slots[h>>t.shift]
		named[n&(atOnce-1)] = uint32(s)
		if uint32(s>>32) == h {
			n++
		}
	}
	read := uint64(0)
	if t.offsets == nil && t.width > 0 {
		for _, s := range named[:n] {
			read += uint64(t.data[(int(s)-1)*t.width])
		}
	} else if t.offsets != nil {
		for _, s := range named[:n] {
			if at := t.offsets[s-1]; at < uint64(len(t.data)) {
				read += uint64(t.data[at])
			}
		}
	}
	t.read += read
}
