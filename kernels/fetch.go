package kernels

import (
	"runtime"
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
		read += slots[h>>shift]
	}
	runtime.KeepAlive(read)
}

// slotLine is how many slots lie in a line of the caches.
const slotLine = 8

// LookUp finds hashes in a table of slots, as many as a power of two and eight at least, of which each holds a hash in its
// upper half, and in its lower half 1 + the number of a piece of data of the given width, or is 0:
//
//	for i, h := range hash {
//		named[i] = lower half of the first of the eight slots around h>>shift whose upper half is h, 0 where there is none
//	}
//
// It asks the memory for the pieces of data that it names; a width of 0 says that there are none.
func LookUp(named []uint32, slots []uint64, hash []uint32, shift int, data []uint8, width int) {
	named = named[:len(hash)]
	if level >= AVX2 && len(hash) > 0 && len(slots) >= slotLine {
		lookUpAVX2(&named[0], &slots[0], &hash[0], len(hash), shift, unsafe.SliceData(data), width)
		return
	}
	lookUp(named, slots, hash, shift, data, width)
}

func lookUp(named []uint32, slots []uint64, hash []uint32, shift int, data []uint8, width int) {
	read := uint8(0)
	for i, h := range hash {
		line := slots[h>>shift&^(slotLine-1):][:slotLine]
		named[i] = 0
		for _, s := range line {
			if uint32(s>>32) == h {
				named[i] = uint32(s)
				break
			}
		}
		if from := (int(named[i]) - 1) * width; uint(from) < uint(len(data)) {
			read += data[from]
		}
	}
	runtime.KeepAlive(read)
}
