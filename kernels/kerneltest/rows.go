package kerneltest

import "planwerk/kernels"

// randomParts draws a graph of n vertices in which parts have larger numbers than their wholes.
func randomParts(m *Memory, n int) (first, part []int32) {
	first = m.Codes(n+1, 1, false)
	degree := m.IntN(4)
	var parts []int32
	for v := range n {
		for range m.IntN(degree + 1) {
			if v+1 < n {
				parts = append(parts, int32(v+1+m.IntN(n-v-1)))
			}
		}
		first[v+1] = int32(len(parts))
	}
	part = m.Codes(len(parts), 1, false)
	copy(part, parts)
	return first, part
}

// sweepRows goes twice through a random graph of n vertices, in as many steps as a short list of vertices makes needful.
func sweepRows(m *Memory, n int) {
	if n == 0 {
		return
	}
	first, part := randomParts(m, n)
	s := kernels.NewRowSweep(n)
	for range 2 {
		s.Start(m.Codes(m.IntN(kernels.RowLanes+1), n, false))
		vertex := m.Codes(1+m.IntN(n+3), 1, false)
		sets := m.Rows(len(vertex))
		for got := len(vertex); got == len(vertex); {
			got = s.Next(first, part, vertex, sets)
			m.NoteInts(int64(got))
			for i := range got {
				m.NoteInts(int64(vertex[i]))
				for _, w := range sets[i] {
					m.NoteInts(int64(w))
				}
			}
			clear(vertex[got:])
		}
		clear(sets)
	}
}

// sumRows sums two blocks of rows.
func sumRows(m *Memory, n int) {
	var s kernels.RowSums
	for range 2 {
		n = min(n, kernels.SumBlock)
		weight := make([]uint32, n)
		shift := m.IntN(32)
		for i := range weight {
			weight[i] = uint32(m.Uint64()) >> shift
			if m.extreme() {
				weight[i] = []uint32{0, 1, 1<<kernels.WeightBits - 1, 1 << kernels.WeightBits, 1<<32 - 1}[m.IntN(5)]
			}
		}
		s.Add(m.Rows(n), weight)
		n /= 2
	}
	for i := range kernels.RowLanes {
		weight, number := s.Sum(i)
		m.NoteInts(int64(weight), int64(number))
	}
}
