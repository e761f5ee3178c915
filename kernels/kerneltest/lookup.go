package kerneltest

import "planwerk/kernels"

// hashes are of any size up to that of the last slot of a table.
func hashes(m *Memory, n, slots, shift int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(m.IntN(slots << shift))
	}
	return out
}

const pieces = 2*kernels.LookUpChunk + 30

var lookUpData = make([]uint8, pieces*20)

// lookUp looks up hashes in a table that has about half of them, near the slots where their search begins.
func lookUp(m *Memory, n int) {
	shift := m.IntN(30) // eight slots and more
	slots := m.Words(min(1<<(32-shift), 1<<12))
	hash := hashes(m, n, len(slots), shift)
	for _, h := range hash {
		if at := int(h>>shift) &^ 7; m.IntN(2) == 0 {
			slots[at+m.IntN(8)] = uint64(h)<<32 | uint64(1+m.IntN(pieces-1))
		}
	}
	width, named := m.IntN(20), m.Codes(n, 1, false)
	data := lookUpData[:pieces*width]
	var chunks [][]uint8
	for at := 0; at < pieces && m.IntN(8) > 0; at += kernels.LookUpChunk {
		chunks = append(chunks, data[at*width:min(at+kernels.LookUpChunk, pieces)*width])
	}
	if len(chunks) < 3 {
		chunks = nil
	}
	got := make([]uint32, n+m.IntN(3))
	kernels.LookUp(got, slots, hash, shift, chunks, width)
	for i := range named {
		named[i] = int32(got[i])
	}
}
