package ledger

import (
	"encoding/binary"
	"sync"
	"sync/atomic"

	"planwerk/kernels"
)

// texts are distinct texts with numbers from 1 on, and a table to find them: open addressing by the upper bits of a seeded
// hash, which no choice of ids can make collide. Any number of threads may find and put texts at one time: a text is
// written first and its slot, which names it, then, by an atomic instruction. Only to make the table larger, or to give it
// texts of another form, a thread must be alone.
type texts struct {
	slots  []uint64 // number of a text in the lower half, 0 empty; 32 bits of its hash in the upper one
	shift  int      // these bits, shifted so, are the slot where a search begins
	width  int      // bytes of an entry: a text, while all have one length and form, else its place; 0: no text yet
	packed bool     // and the form: hexadecimal digits, two a byte
	chunks [][]byte // entry k is in chunk k/chunkTexts; nothing is copied when more come
	loose  *arena   // of texts of several lengths or forms, none of them packed
}

const (
	chunkTexts = kernels.LookUpChunk
	firstSlots = 128
)

// capacity is the largest number that there is room for.
func (t *texts) capacity() int { return len(t.slots) / 4 * 3 }

// entry is where a text is held, or its place.
func (t *texts) entry(k uint32) []byte {
	at := int(k%chunkTexts) * t.width
	return t.chunks[k/chunkTexts][at : at+t.width]
}

// text is a text as it is held.
func (t *texts) text(k uint32) []byte {
	if t.loose != nil {
		return t.loose.text(binary.LittleEndian.Uint64(t.entry(k)))
	}
	return t.entry(k)
}

// is reports whether text k is the id.
func (t *texts) is(k uint32, id []byte, packed bool) bool {
	return packed == t.packed && equal(t.text(k), id)
}

// takes reports whether texts of the id's form can be put here.
func (t *texts) takes(id []byte, packed bool) bool {
	return t.loose != nil || len(id) == t.width && packed == t.packed
}

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

// find gives the number of an id, 0 when it is not there.
func (t *texts) find(id []byte, packed bool, hash uint32) uint32 {
	from := int(hash >> t.shift)
	for at := from; ; at = t.after(at, from) {
		s := atomic.LoadUint64(&t.slots[at])
		if s == 0 || uint32(s>>32) == hash && t.is(uint32(s), id, packed) {
			return uint32(s)
		}
	}
}

// put gives the number of an id: k, which nobody else has, when it is not there yet.
func (t *texts) put(k uint32, id []byte, packed bool, hash uint32) uint32 {
	from, written := int(hash>>t.shift), false
	for at := from; ; {
		s := atomic.LoadUint64(&t.slots[at])
		if s == 0 {
			if !written {
				t.write(k, id)
				written = true
			}
			if atomic.CompareAndSwapUint64(&t.slots[at], 0, uint64(hash)<<32|uint64(k)) {
				return k
			}
			continue // another thread was quicker, perhaps with the same id
		}
		if uint32(s>>32) == hash && t.is(uint32(s), id, packed) {
			return uint32(s)
		}
		at = t.after(at, from)
	}
}

// write puts a text, not packed unless all are, where text k is held.
func (t *texts) write(k uint32, id []byte) {
	if t.loose == nil {
		copy(t.entry(k), id)
		return
	}
	binary.LittleEndian.PutUint64(t.entry(k), t.loose.add(id))
}

// equal compares texts, 32 bytes at a time: hashes are of 32.
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

// grow makes room for twice as many texts. The old slots come in order of their hashes, and so do their new places.
func (t *texts) grow() {
	old := t.slots
	size := max(firstSlots, 2*len(old))
	t.slots, t.shift = make([]uint64, size), 32
	for ; size > 1; size /= 2 {
		t.shift--
	}
	for _, s := range old {
		if s == 0 {
			continue
		}
		from := int(s >> 32 >> t.shift)
		at := from
		for t.slots[at] != 0 {
			at = t.after(at, from)
		}
		t.slots[at] = s
	}
	chunks := make([][]byte, t.capacity()/chunkTexts+1)
	copy(chunks, t.chunks)
	if first := chunks[0]; first != nil && len(first) < chunkTexts*t.width {
		chunks[0] = make([]byte, t.chunkSize())
		copy(chunks[0], first)
	}
	t.chunks = chunks
}

// chunkSize is the size of a chunk in bytes: the only one of a small table has no more than there is room for.
func (t *texts) chunkSize() int { return min(chunkTexts, t.capacity()+1) * t.width }

// reach makes the chunks of entries from … to.
func (t *texts) reach(from, to int) {
	for c := from / chunkTexts; c <= to/chunkTexts; c++ {
		if t.chunks[c] == nil {
			t.chunks[c] = make([]byte, t.chunkSize())
		}
	}
}

// loosen goes over to texts of several lengths or forms, from those that slots name.
func (t *texts) loosen() {
	was := *t
	t.loose, t.packed, t.width = newArena(), false, placeBytes
	t.chunks = make([][]byte, len(was.chunks))
	for c := range was.chunks {
		if was.chunks[c] != nil {
			t.chunks[c] = make([]byte, t.chunkSize())
		}
	}
	var plain []byte
	for _, s := range t.slots {
		if s == 0 {
			continue
		}
		id := was.text(uint32(s))
		if was.packed {
			plain = appendHex(plain[:0], id)
			id = plain
		}
		t.write(uint32(s), id)
	}
}

// fetched is how many ids the memory is asked for before they are looked up: their slots two steps before, and one step
// before the texts that the slots name. So a large domain costs its misses of the caches side by side, and behind work, and
// not one after the other.
const fetched = 32

// fetchSlots asks the memory for the slots that find will read for one of the groups of ids with these hashes.
func (t *texts) fetchSlots(hashes []uint32, group int) {
	kernels.FetchSlots(t.slots, groupOf(hashes, group), t.shift)
}

// lookUp names, for one of the groups of ids with these hashes, the numbers of the texts that they probably are, 0 where
// there is none near, and asks the memory for these.
func (t *texts) lookUp(named, hashes []uint32, group int) {
	kernels.LookUp(groupOf(named, group), t.slots, groupOf(hashes, group), t.shift, t.chunks, t.width)
}

// groupOf is the group of the given number, empty behind the last one.
func groupOf(x []uint32, group int) []uint32 {
	return x[min(group*fetched, len(x)):min((group+1)*fetched, len(x))]
}

// arena holds texts of any length, each behind its length, in blocks.
type arena struct {
	mu     sync.Mutex
	blocks atomic.Pointer[[][]byte]
	used   int // of the last block
}

// placeBytes is the size of a text's place in an arena: its block in the upper half, where it begins there in the lower one.
const placeBytes = 8

const (
	leastBlock = 4 << 10
	mostBlock  = 1 << 20
)

func newArena() *arena {
	a := &arena{}
	a.blocks.Store(new([][]byte))
	return a
}

// add takes a text in and gives its place.
func (a *arena) add(text []byte) uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	need := binary.MaxVarintLen64 + len(text)
	blocks := *a.blocks.Load()
	last := len(blocks) - 1
	if last < 0 || a.used+need > len(blocks[last]) {
		last++
		more := make([][]byte, last, last+1) // readers go on with the list they have
		copy(more, blocks)
		blocks = append(more, make([]byte, max(need, min(leastBlock<<min(last, 20), mostBlock))))
		a.blocks.Store(&blocks)
		a.used = 0
	}
	at := a.used
	a.used += binary.PutUvarint(blocks[last][at:], uint64(len(text)))
	a.used += copy(blocks[last][a.used:], text)
	return uint64(last)<<32 | uint64(at)
}

func (a *arena) text(place uint64) []byte {
	block := (*a.blocks.Load())[place>>32]
	size, n := binary.Uvarint(block[uint32(place):])
	at := int(uint32(place)) + n
	return block[at : at+int(size)]
}
