package kernels

import "math/bits"

// RootRow is a set of 512 roots, one bit each.
type RootRow [8]uint64

// RowLanes is the number of roots in a RootRow.
const RowLanes = 512

// RowSweep goes through a directed acyclic graph in which every part has a larger number than its wholes, telling each
// vertex's set of roots to its parts. A vertex has a row only from when it is first told until it comes out, so the rows
// in use are those of the front of the sweep, few enough for a near cache. Between sweeps nothing is pending.
type RowSweep struct {
	pending []uint64  // bit per vertex: has a row, parts not yet told
	slot    []int32   // per pending vertex: its row
	rows    []RootRow // of any content when free
	free    []int32   // free[top:] are the free rows, the next one first; as long as rows
	top     int
	word    int // no vertex below 64·word is pending
}

// NewRowSweep makes a sweep for graphs of n vertices.
func NewRowSweep(n int) *RowSweep {
	return &RowSweep{pending: make([]uint64, n/64+1), slot: make([]int32, n+9)}
}

// Start makes bit i of the set of roots[i], for each i, the beginning of a sweep. There are at most RowLanes roots.
func (s *RowSweep) Start(roots []int32) {
	s.grow(len(roots))
	s.word = len(s.pending)
	for i, r := range roots {
		bit := uint64(1) << (r & 63)
		if s.pending[r>>6]&bit == 0 {
			s.pending[r>>6] |= bit
			s.slot[r] = s.free[s.top]
			s.top++
			s.rows[s.slot[r]] = RootRow{}
		}
		s.rows[s.slot[r]][i>>6] |= 1 << (i & 63)
		s.word = min(s.word, int(r>>6))
	}
}

// grow makes room for n more vertices.
func (s *RowSweep) grow(n int) {
	more := n - (len(s.free) - s.top)
	if more <= 0 {
		return
	}
	more = max(more, len(s.rows)/2, RowLanes)
	old := len(s.rows)
	s.rows = append(s.rows, make([]RootRow, more)...)
	free := make([]int32, len(s.rows))
	copy(free[s.top+more:], s.free[s.top:])
	for i := range more {
		free[s.top+i] = int32(old + i)
	}
	s.free = free
}

// Next goes on with the sweep. The parts of v are part[first[v]:first[v+1]]. Vertices come out in rising order into
// vertex, their sets into sets, until vertex is full or the sweep is over:
//
//	for n < len(vertex) && some v is pending {
//		v := the smallest; vertex[n], sets[n] = v, set of v; n++; v is no longer pending
//		for each part u of v { add sets[n-1] to the set of u, empty where u was not pending; u is pending }
//	}
//
// It returns n; the sweep is over when n < len(vertex). sets is at least as long as vertex.
func (s *RowSweep) Next(first, part, vertex []int32, sets []RootRow) int {
	sets = sets[:len(vertex)]
	n := 0
	for n < len(vertex) && s.top > 0 {
		done := 0
		if level >= AVX2 && len(part) > 0 {
			done, s.top, s.word = sweepRowsAVX2(&s.pending[0], &s.slot[0], &s.rows[0][0], &s.free[0], s.top, len(s.free), &first[0], &part[0], &part[len(part)-1],
				&vertex[n], len(vertex)-n, &sets[n][0], s.word)
		} else {
			done = s.sweep(first, part, vertex[n:], sets[n:])
		}
		n += done
		if n < len(vertex) && s.top > 0 { // the next vertex has more parts than rows are free
			v := s.smallest()
			s.grow(int(first[v+1] - first[v]))
		}
	}
	return n
}

// smallest is the smallest pending vertex; there is one.
func (s *RowSweep) smallest() int {
	for s.pending[s.word] == 0 {
		s.word++
	}
	return s.word<<6 | bits.TrailingZeros64(s.pending[s.word])
}

// sweep is Next, and stops also before a vertex with more parts than rows are free.
func (s *RowSweep) sweep(first, part, vertex []int32, sets []RootRow) int {
	for n := range vertex {
		if s.top == 0 {
			return n
		}
		v := s.smallest()
		parts := part[first[v]:first[v+1]]
		if len(parts) > len(s.free)-s.top {
			return n
		}
		s.pending[s.word] &= s.pending[s.word] - 1
		s.top--
		s.free[s.top] = s.slot[v]
		m := s.rows[s.slot[v]]
		vertex[n], sets[n] = int32(v), m
		for _, u := range parts {
			s.tell(u, &m)
		}
	}
	return len(vertex)
}

// tell adds a set to that of u.
func (s *RowSweep) tell(u int32, m *RootRow) {
	bit := uint64(1) << (u & 63)
	if s.pending[u>>6]&bit == 0 {
		s.pending[u>>6] |= bit
		s.slot[u] = s.free[s.top]
		s.top++
		s.rows[s.slot[u]] = *m
		return
	}
	row := &s.rows[s.slot[u]]
	for i, w := range m {
		row[i] |= w
	}
}
