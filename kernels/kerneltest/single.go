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

// lanes makes a value for each side.
func lanes(m *Memory) *[kernels.Sides]float64 {
	return (*[kernels.Sides]float64)(m.Floats(kernels.Sides))
}

func meanSides32(m *Memory, n int) {
	s := &singles{m: m}
	n *= kernels.Sides
	var w [3][kernels.Sides]float32
	for k := range w {
		copy(w[k][:], s.floats(kernels.Sides))
	}
	a := s.floats(n)
	kernels.MeanSides32(s.floats(n), a, s.floats(n), s.floats(n), &w)
	kernels.MeanSides32(a, a, s.floats(n), s.floats(n), &w)
	s.note()
}

func correctSides32(m *Memory, n int) {
	s := &singles{m: m}
	n *= kernels.Sides
	r := m.Floats(n)
	scale, inverse, squares := lanes(m), lanes(m), lanes(m)
	kernels.CorrectSides32(r, s.floats(n), m.Floats(n), m.Floats(n), s.floats(n), scale, inverse, squares)
	kernels.CorrectSides32(r, s.floats(n), r, m.Floats(n), s.floats(n), scale, inverse, squares)
	s.note()
}

func addSides32(m *Memory, n int) {
	s := &singles{m: m}
	n *= kernels.Sides
	kernels.AddSides32(m.Floats(n), s.floats(n), lanes(m), m.Float(), lanes(m))
	s.note()
}

func errorSides(m *Memory, n int) {
	var sums [2][kernels.Sides]float64
	copy(sums[0][:], lanes(m)[:])
	copy(sums[1][:], lanes(m)[:])
	kernels.ErrorSides(m.Floats(n*kernels.Sides), m.Floats(n*kernels.Sides), m.Floats(n*kernels.Sides), m.Floats(n), &sums)
	m.Note(sums[0][:]...)
	m.Note(sums[1][:]...)
}
