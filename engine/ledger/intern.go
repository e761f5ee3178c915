package ledger

import (
	"hash/maphash"
	"sync"
)

// atOnce is how many ids are looked up under one lock.
const atOnce = 512

// A run is some numbers of texts from … to, which belong to one thread.
type run struct{ from, to uint32 }

// longestRun is how many numbers a thread takes at one time from a large domain, so that threads rarely meet there and
// texts that come together are held together.
const longestRun = 256

// numbers gives out numbers of texts.
type numbers struct {
	mu     sync.Mutex
	last   int // the largest that was given out
	spares []run
}

// take gives numbers to a thread that has none, with room for their texts; false: the table must grow.
func (d *Domain) take(r *run) bool {
	n := &d.numbers
	n.mu.Lock()
	defer n.mu.Unlock()
	if last := len(n.spares) - 1; last >= 0 {
		*r = n.spares[last]
		n.spares = n.spares[:last]
		return true
	}
	room := d.capacity() - n.last
	if room <= 0 {
		return false
	}
	count := min(room, longestRun, 1+d.capacity()/64)
	*r = run{uint32(n.last + 1), uint32(n.last + count)}
	n.last += count
	d.reach(int(r.from), int(r.to))
	return true
}

// giveBack takes back the numbers that a thread did not use.
func (d *Domain) giveBack(r run) {
	if r.from > r.to {
		return
	}
	n := &d.numbers
	n.mu.Lock()
	defer n.mu.Unlock()
	if int(r.to) == n.last {
		n.last = int(r.from) - 1
		return
	}
	n.spares = append(n.spares, r)
}

// work is what a thread needs to look up atOnce ids.
type work struct {
	domain  *Domain
	data    []byte
	offsets []int32
	binary  bool // ids are bytes that stand for hexadecimal digits, else texts
	out     []Key

	count  int
	places [atOnce]int32 // of the ids in out
	packed [atOnce]int32 // where packed forms of texts begin in buffer, −1 where they have none
	hashes [atOnce]uint32
	named  [atOnce]uint32
	buffer []byte
	plain  []byte // the text of an id that is packed, among texts that are not

	run
}

var works = sync.Pool{New: func() any { return new(work) }}

// internAll gives the keys of ids.
func (d *Domain) internAll(data []byte, offsets []int32, out []Key, binary bool) {
	w := works.Get().(*work)
	w.domain, w.data, w.offsets, w.binary, w.out = d, data, offsets, binary, out
	w.all()
	w.domain, w.data, w.offsets, w.out = nil, nil, nil, nil
	works.Put(w) // not after a panic, of ids in a file that was cut short
}

func (w *work) all() {
	w.begin()
	data, offsets, out, seed := w.data, w.offsets[:len(w.out)+1], w.out, w.domain.seed
	for i := range out {
		id := data[offsets[i]:offsets[i+1]]
		if len(id) == 0 {
			out[i] = NullKey
			continue
		}
		if !w.binary {
			k, ok := canonicalInt(id)
			if out[i] = k; ok {
				continue
			}
			id = w.pack(id)
		}
		at := w.count
		w.places[at], w.hashes[at] = int32(i), uint32(maphash.Bytes(seed, id)>>32)
		if w.count = at + 1; w.count == atOnce {
			w.some()
		}
	}
	w.some()
}

func (w *work) begin() { w.count, w.buffer = 0, w.buffer[:0] }

// pack gives the form in which a text is hashed and held.
func (w *work) pack(text []byte) []byte {
	w.packed[w.count] = -1
	if mayBeHex(text) {
		at, ok := len(w.buffer), false
		if w.buffer, ok = packHex(w.buffer, text); ok {
			w.packed[w.count] = int32(at)
			return w.buffer[at:]
		}
	}
	return text
}

// id is the form in which one of the ids is held.
func (w *work) id(j int) (id []byte, packed bool) {
	i := w.places[j]
	id, packed = w.data[w.offsets[i]:w.offsets[i+1]], w.binary
	if at := w.packed[j]; !packed && at >= 0 {
		id, packed = w.buffer[at:int(at)+len(id)/2], true
	}
	if packed && w.domain.loose != nil {
		w.plain = appendHex(w.plain[:0], id)
		return w.plain, false
	}
	return id, packed
}

// some gives the keys of the ids gathered.
func (w *work) some() {
	if w.count > 0 {
		w.lookUp()
	}
	w.begin()
}

// lookUp gives the keys of the ids gathered, those that are known side by side, and takes in the others.
func (w *work) lookUp() {
	d := w.domain
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.find(w) == 0 {
		return
	}
	defer func() {
		d.giveBack(w.run)
		w.run = run{1, 0}
	}()
	w.run = run{1, 0}
	for j := range w.count {
		if w.named[j] == 0 {
			w.named[j] = d.put(w, j)
			w.out[w.places[j]] = -Key(w.named[j])
		}
	}
}

// find gives the keys of those of the ids that are known, and says how many are not.
func (d *Domain) find(w *work) (unknown int) {
	hashes, named, out := w.hashes[:w.count], w.named[:w.count], w.out
	if d.slots == nil {
		clear(named)
		return w.count
	}
	t := d.texts
	data, offsets, places, bytes := w.data, w.offsets, w.places[:w.count], w.binary && t.loose == nil
	t.fetchSlots(hashes, 0)
	t.fetchSlots(hashes, 1)
	t.lookUp(named, hashes, 0)
	for group := 0; group*fetched < len(hashes); group++ {
		t.fetchSlots(hashes, group+2)
		t.lookUp(named, hashes, group+1)
		for j := group * fetched; j < min((group+1)*fetched, len(hashes)); j++ {
			i, k := places[j], named[j]
			id, packed := data[offsets[i]:offsets[i+1]], true
			if !bytes {
				id, packed = w.id(j)
			}
			if k == 0 || !t.is(k, id, packed) {
				if k = t.find(id, packed, hashes[j]); k == 0 {
					unknown++
				}
				named[j] = k
			}
			out[i] = -Key(k)
		}
	}
	return unknown
}

// put gives the number of an id that was not known. The caller holds the domain's lock for reading, and may lose it for a
// while.
func (d *Domain) put(w *work, j int) uint32 {
	id, packed := w.id(j)
	for !d.takes(id, packed) || w.run.from > w.run.to && !d.take(&w.run) {
		d.mu.RUnlock()
		d.makeRoom(id, packed)
		d.mu.RLock()
		id, packed = w.id(j)
	}
	k := d.texts.put(w.run.from, id, packed, w.hashes[j])
	if k == w.run.from {
		w.run.from++
	}
	return k
}

// makeRoom changes the table, alone, so that it takes an id of this form, and more texts.
func (d *Domain) makeRoom(id []byte, packed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.width == 0 {
		d.width, d.packed = len(id), packed
	}
	if !d.takes(id, packed) {
		d.loosen()
	}
	if len(d.spares) == 0 && d.numbers.last >= d.capacity() {
		d.grow()
	}
}
