package kerneltest

import (
	"math"

	"planwerk/kernels"
)

// singles are slices in single precision of one call, with their guards.
type singles struct {
	m    *Memory
	list [][]float32
}

// floats makes n values between guards.
func (s *singles) floats(n int) []float32 {
	return between(s.m, &s.list, n, float32(math.NaN()), func() float32 { return float32(s.m.Float()) })
}

// note adds the slices as they are now, guards with them, to what is compared.
func (s *singles) note() {
	for _, x := range s.list {
		wide := make([]float64, len(x))
		for i, v := range x {
			wide[i] = float64(v)
		}
		s.m.Note(wide...)
	}
}

// rowsOf makes the pointers of some rows of a matrix with cols columns.
func rowsOf(m *Memory, n int) (ptr []int64, nnz, cols int) {
	rows := n / 3
	ptr = make([]int64, rows+1)
	if rows > 0 {
		ptr[0] = int64(m.IntN(3))
	}
	for i := range rows {
		ptr[i+1] = ptr[i] + int64(m.IntN(12))
		if m.IntN(20) == 0 {
			ptr[i+1] += int64(m.IntN(60))
		}
	}
	return ptr, int(ptr[rows]), 1 + m.IntN(50)
}

func sweep32(m *Memory, n int) {
	s := &singles{m: m}
	ptr, nnz, cols := rowsOf(m, n)
	rows := len(ptr) - 1
	kernels.Sweep32(s.floats(rows), ptr, m.Codes(nnz, cols, false), s.floats(nnz), s.floats(cols), s.floats(rows))
	s.note()
}

func sweepSides32(m *Memory, n int) {
	s := &singles{m: m}
	ptr, nnz, cols := rowsOf(m, n)
	rows := len(ptr) - 1
	kernels.SweepSides32(s.floats(rows*kernels.Sides), ptr, m.Codes(nnz, cols, false), s.floats(nnz), s.floats(cols*kernels.Sides), s.floats(rows*kernels.Sides))
	s.note()
}

func productSides32(m *Memory, n int) {
	s := &singles{m: m}
	ptr, nnz, cols := rowsOf(m, n)
	kernels.ProductSides32(m.Floats((len(ptr)-1)*kernels.Sides), ptr, m.Codes(nnz, cols, false), m.Floats(nnz), s.floats(cols*kernels.Sides))
	s.note()
}

func differenceGram32(m *Memory, n int) {
	s := &singles{m: m}
	var sums [6][kernels.Sides]float64
	a := s.floats(n)
	kernels.DifferenceGram32(&sums, a, s.floats(n), s.floats(n), s.floats(n))
	kernels.DifferenceGram32(&sums, a, a, s.floats(n), a)
	s.note()
	for _, x := range sums {
		m.Note(x[:]...)
	}
}
