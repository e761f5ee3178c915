package leontief

import (
	"planwerk/kernels"
)

// sweeper holds where the rows of a matrix are cut for sweeps: row i's entries before first[i] belong to earlier pieces,
// those from first[i] to diag[i] to earlier rows of its own piece, those after to itself or later rows.
type sweeper struct {
	*problem
	pieces      [][2]int
	first, diag []int64
	pivot       []float64 // 1 − m[i][i]
}

// sweepGrain is the size in entries of a piece within which a sweep uses its own new values. It is large: the more of the
// matrix lies within pieces the faster sweeps converge.
const sweepGrain = 1 << 18

// newSweeper cuts the rows; ok is false when a product uses a whole unit or more of itself per unit.
func newSweeper(p *problem) (s *sweeper, ok bool) {
	m := p.m
	s = &sweeper{problem: p, pieces: cutRows(m, sweepGrain), first: make([]int64, m.Rows), diag: make([]int64, m.Rows), pivot: make([]float64, m.Rows)}
	ok = true
	for _, piece := range s.pieces {
		for i := piece[0]; i < piece[1]; i++ {
			k, end := m.Ptr[i], m.Ptr[i+1]
			for k < end && int(m.Col[k]) < piece[0] {
				k++
			}
			s.first[i] = k
			for k < end && int(m.Col[k]) < i {
				k++
			}
			s.diag[i], s.pivot[i] = k, 1
			if k < end && int(m.Col[k]) == i {
				s.pivot[i] = 1 - m.Val[k]
			}
			ok = ok && s.pivot[i] > 0
		}
	}
	return s, ok
}

// sweep sets dst to the next iterate after x: Gauss–Seidel within pieces, old values from outside. It returns the sum
// of squares of the changes.
func (s *sweeper) sweep(dst, x []float64) (float64, error) {
	m := s.m
	parts := make([]float64, len(s.pieces))
	err := s.run(len(s.pieces), func(p int) {
		change := 0.0
		for i := s.pieces[p][0]; i < s.pieces[p][1]; i++ {
			lo, first, diag, hi := m.Ptr[i], s.first[i], s.diag[i], m.Ptr[i+1]
			if s.pivot[i] != 1 {
				hi0 := diag + 1 // the entry on the diagonal is in the pivot
				rest := kernels.SparseDot(m.Col[hi0:hi], m.Val[hi0:hi], x)
				dst[i] = (s.b[i] + (s.before(dst, x, lo, first, diag) + rest)) / s.pivot[i]
			} else {
				rest := kernels.SparseDot(m.Col[diag:hi], m.Val[diag:hi], x)
				dst[i] = s.b[i] + (s.before(dst, x, lo, first, diag) + rest)
			}
			d := dst[i] - x[i]
			change += float64(d * d)
		}
		parts[p] = change
	})
	return kernels.SumFloat64(parts), err
}

func (s *sweeper) before(dst, x []float64, lo, first, diag int64) float64 {
	m := s.m
	sum := 0.0
	if lo < first {
		sum = kernels.SparseDot(m.Col[lo:first], m.Val[lo:first], x)
	}
	if first < diag {
		sum += kernels.SparseDot(m.Col[first:diag], m.Val[first:diag], dst)
	}
	return sum
}

// sweeps iterates until the change of a sweep promises a residual below goal, in the Euclidean norm. x is the start and
// becomes the answer. It reports how many sweeps were done.
func (s *sweeper) sweeps(x []float64, goal float64, most int) (int, error) {
	next := make([]float64, len(x))
	last := 0.0
	for k := 1; k <= most; k++ {
		change, err := s.sweep(next, x)
		if err != nil {
			return k, err
		}
		copy(x, next)
		if change <= goal*goal || !(change < 1e300) || k > 20 && change >= last && change < 1e-20*goal {
			return k, nil
		}
		last = change
	}
	return most, nil
}
