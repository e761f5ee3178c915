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

// lookUp looks up hashes in a table that has about half of them, near the slots where their search begins.
func lookUp(m *Memory, n int) {
	shift := m.IntN(30) // eight slots and more
	slots := m.Words(min(1<<(32-shift), 1<<12))
	hash := hashes(m, n, len(slots), shift)
	for _, h := range hash {
		if at := int(h>>shift) &^ 7; m.IntN(2) == 0 {
			slots[at+m.IntN(8)] = uint64(h)<<32 | uint64(m.IntN(30))
		}
	}
	width := m.IntN(70)
	data, named := m.Flags(29*width), m.Codes(n, 1, false)
	got := make([]uint32, n+m.IntN(3))
	kernels.LookUp(got, slots, hash, shift, data, width)
	for i := range named {
		named[i] = int32(got[i])
	}
}
