package lp

import (
	"math"
	"slices"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// scaled is a program in the units the iteration works in. With D_c, D_r the column and row scales, β, γ the scales of
// bounds and costs:
//
//	Ã = D_r A D_c,   x = D_c x̃/β,   y = D_r ỹ/γ,   c̃ = γ D_c c,   row bounds β D_r b,   column bounds β D_c⁻¹ l.
type scaled struct {
	a, at          *sparse.CSR
	c              []float64
	lo, hi         []float64 // columns
	rowLo, rowHi   []float64
	col, row       []float64
	beta, gamma    float64
	normB, normC   float64 // of the program as given
	normA          float64 // estimate of ‖Ã‖₂, 0 until it is needed
	threads        int
	other          *elsewhere // the machine that iterates; nil: this one
	cutRow, cutCol [][2]int   // ranges of rows and columns of about equal work
	sides          []float64  // finite sides of rows, once needed
}

// ruizRounds and the Pock–Chambolle exponent α = 1 are those of [PDLP].
const ruizRounds = 10

// serialBelow is the number of entries up to which a product is done before a second thread has begun.
const serialBelow = 150_000

// scaleFirstOrder scales for the first-order method: Ruiz rounds, one Pock–Chambolle round, then bounds by
// 1/(1+‖b‖₂) and costs by 1/(1+‖c‖₂).
func scaleFirstOrder(p *Problem, threads int) *scaled {
	s := newScaled(p, threads)
	for range ruizRounds {
		s.applyInverseRoots(maxima(s.a))
	}
	s.applyInverseRoots(oneNorms(s.a))
	s.beta, s.gamma = 1/(1+s.normB), 1/(1+s.normC)
	s.scaleSides(p)
	s.finish()
	return s
}

// newScaled copies the program with all scales one.
func newScaled(p *Problem, threads int) *scaled {
	if p.A.NNZ() < serialBelow {
		threads = 1
	}
	s := &scaled{a: p.A.Clone(), col: ones(p.Cols()), row: ones(p.Rows()), beta: 1, gamma: 1, threads: threads}
	b := 0.0
	for i := range p.RowLower {
		v := rowSize(openBound(p.RowLower[i]), openBound(p.RowUpper[i]))
		b += v * v
	}
	s.normB, s.normC = math.Sqrt(b), kernels.Norm2(p.C)
	return s
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// applyInverseRoots divides rows and columns by the square roots of the given sizes; zero sizes stand for one.
func (s *scaled) applyInverseRoots(row, col []float64) {
	for _, v := range [][]float64{row, col} {
		for i, size := range v {
			if size > 0 {
				v[i] = 1 / math.Sqrt(size)
			} else {
				v[i] = 1
			}
		}
	}
	s.apply(row, col)
}

// apply multiplies rows and columns by factors and remembers them.
func (s *scaled) apply(row, col []float64) {
	s.a.Scale(row, col)
	for i, v := range row {
		s.row[i] *= v
	}
	for j, v := range col {
		s.col[j] *= v
	}
}

// scaleSides brings costs and bounds into the scaled units.
func (s *scaled) scaleSides(p *Problem) {
	s.c = slices.Clone(p.C)
	s.lo, s.hi, s.rowLo, s.rowHi = open(p.ColLower), open(p.ColUpper), open(p.RowLower), open(p.RowUpper)
	for j := range s.c {
		s.c[j] *= s.gamma * s.col[j]
		s.lo[j] *= s.beta / s.col[j]
		s.hi[j] *= s.beta / s.col[j]
	}
	for i := range s.rowLo {
		s.rowLo[i] *= s.beta * s.row[i]
		s.rowHi[i] *= s.beta * s.row[i]
	}
}

// finish builds the transpose, unless there is one, and the cuts, once the matrix no longer changes.
func (s *scaled) finish() {
	if s.at == nil {
		s.at = transposed(s.a, s.threads)
	}
	s.cutRow, s.cutCol = s.a.Cut(), s.at.Cut()
}

// norm is an estimate of ‖Ã‖₂.
func (s *scaled) norm() float64 {
	if s.normA == 0 {
		s.normA = s.spectralNorm()
	}
	return s.normA
}

// spectralNorm estimates ‖Ã‖₂ from below by power iteration from a fixed start.
func (s *scaled) spectralNorm() float64 {
	m, n := s.a.Rows, s.a.Cols
	if m == 0 || n == 0 || s.a.NNZ() == 0 {
		return 1
	}
	x, y := make([]float64, n), make([]float64, m)
	for j := range x { // a fixed start with parts in all directions
		x[j] = 1 + float64((uint32(j)*2654435761)>>8)*0x1p-24
	}
	norm, last := 0.0, 0.0
	for it := 0; it < 60; it++ {
		size := kernels.Norm2(x)
		if size == 0 {
			break
		}
		for j := range x {
			x[j] /= size
		}
		s.mulA(y, x)
		norm = kernels.Norm2(y)
		s.mulAt(x, y)
		if it > 10 && norm-last <= 1e-3*norm {
			break
		}
		last = norm
	}
	if norm == 0 {
		return 1
	}
	return norm
}

// maxima gives the largest sizes of entries by row and by column.
func maxima(a *sparse.CSR) (row, col []float64) {
	return sizes(a, func(size, v float64) float64 { return max(size, v) })
}

// oneNorms gives the sums of sizes of entries by row and by column.
func oneNorms(a *sparse.CSR) (row, col []float64) {
	return sizes(a, func(size, v float64) float64 { return size + v })
}

func sizes(a *sparse.CSR, join func(size, v float64) float64) (row, col []float64) {
	row, col = make([]float64, a.Rows), make([]float64, a.Cols)
	for i := range a.Rows {
		cols, vals := a.Row(i)
		for k, j := range cols {
			v := math.Abs(vals[k])
			row[i], col[j] = join(row[i], v), join(col[j], v)
		}
	}
	return row, col
}

// toScaled brings a point into the scaled units; toOriginal brings it back.
func (s *scaled) toScaled(x, y []float64) (xs, ys []float64) {
	xs, ys = slices.Clone(x), slices.Clone(y)
	for j := range xs {
		xs[j] *= s.beta / s.col[j]
	}
	for i := range ys {
		ys[i] *= s.gamma / s.row[i]
	}
	return xs, ys
}

func (s *scaled) toOriginal(xs, ys []float64) (x, y []float64) {
	x, y = slices.Clone(xs), slices.Clone(ys)
	for j := range x {
		x[j] *= s.col[j] / s.beta
	}
	for i := range y {
		y[i] *= s.row[i] / s.gamma
	}
	return x, y
}
