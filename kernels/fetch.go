package kernels

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// FetchSlots asks the memory for slots[hash[i]>>shift], for each i: a hint, that many reads to come may wait side by side
// and not one after the other. Every place lies in slots.
//
//	for i, h := range hash { read slots[h>>shift] }
func FetchSlots(slots []uint64, hash []uint32, shift int) {
	if level >= AVX2 && len(hash) > 0 && len(slots) > 0 {
		fetchSlotsAVX2(&slots[0], &hash[0], len(hash), shift)
		return
	}
	fetchSlots(slots, hash, shift)
}

func fetchSlots(slots []uint64, hash []uint32, shift int) {
	read := uint64(0)
	for _, h := range hash {
		read += atomic.LoadUint64(&slots[h>>shift])
	}
	runtime.KeepAlive(read)
}

// slotLine is how many slots lie in a line of the caches.
const slotLine = 8

// LookUpChunk is how many pieces of data lie in each of the chunks of LookUp.
const LookUpChunk = 1 << lookUpBits

const lookUpBits = 16

// LookUp finds hashes in a table of slots, as many as a power of two and eight at least, of which each holds a hash in its
// upper half, and in its lower half the number of a piece of data, from 1 on, or is 0:
//
//	for i, h := range hash {
//		named[i] = lower half of the first of the eight slots around h>>shift whose upper half is h, 0 where there is none
//	}
//
// It asks the memory for the pieces of data that it names. Piece k has the given width and lies in chunk k/LookUpChunk, at
// k%LookUpChunk·width; every number in a slot is that of a piece, unless there are no chunks. Slots may
// be filled by atomic instructions meanwhile.
func LookUp(named []uint32, slots []uint64, hash []uint32, shift int, chunks [][]uint8, width int) {
	named = named[:len(hash)]
	if level >= AVX2 && !raceDetector && len(hash) > 0 && len(slots) >= slotLine {
		first, by := &chunks, lookUpBits
		if len(chunks) == 0 { // all of no width in a chunk that is somewhere
			none := [][]uint8{nil}
			first, by, width = &none, 32, 0
		}
		lookUpAVX2(&named[0], &slots[0], &hash[0], len(hash), shift, unsafe.SliceData(*first), by, width)
		return
	}
	lookUp(named, slots, hash, shift, chunks, width)
}

func lookUp(named []uint32, slots []uint64, hash []uint32, shift int, chunks [][]uint8, width int) {
	read := uint8(0)
	for i, h := range hash {
		line := slots[h>>shift&^(slotLine-1):][:slotLine]
		named[i] = 0
		for at := range line { // which another thread may fill
			if s := atomic.LoadUint64(&line[at]); uint32(s>>32) == h {
				named[i] = uint32(s)
				break
			}
		}
		if k := int(named[i]); k > 0 && len(chunks) > 0 && width > 0 {
			read += chunks[k/LookUpChunk][k%LookUpChunk*width]
		}
	}
	runtime.KeepAlive(read)
}
