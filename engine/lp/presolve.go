package lp

import (
	"math"

	"planwerk/engine/sparse"
)

// presolver removes rows and columns whose values follow from the rest. Every removal leaves a record that knows the
// way back for x and y; records are undone in reverse order. No reduction adds entries to the matrix.
type presolver struct {
	p            *Problem // as given; its matrix is never changed
	a, at        *sparse.CSR
	c            []float64 // costs, shifted by substitutions
	c0           float64
	lo, hi       []float64
	rowLo, rowHi []float64
	rowGone      []bool
	colGone      []bool
	rowCount     []int32 // living entries
	colCount     []int32
	records      []record
	changed      bool
	infeasible   string // why, when found so
}

// record undoes one reduction: it sets what was removed in x and y, given all that was removed later.
type record interface {
	undo(s *presolver, x, y []float64)
}

const (
	presolvePasses   = 25
	presolveSlack    = 1e-9 // relative; how far bounds may cross before they count as crossing
	singletonPivot   = 1e-3 // least size of a substituted column's entry, relative to the largest of its row
	largestNewBound  = 1e10 // bounds from singleton rows beyond this are left in the row
	leastPivotForRow = 1e-9
)

func newPresolver(p *Problem) *presolver {
	s := &presolver{p: p, a: p.A, at: p.A.Transpose(), c: append([]float64(nil), p.C...), c0: p.C0,
		lo: open(p.ColLower), hi: open(p.ColUpper), rowLo: open(p.RowLower), rowHi: open(p.RowUpper),
		rowGone: make([]bool, p.Rows()), colGone: make([]bool, p.Cols()),
		rowCount: make([]int32, p.Rows()), colCount: make([]int32, p.Cols())}
	for i := range s.rowCount {
		s.rowCount[i] = int32(s.a.Ptr[i+1] - s.a.Ptr[i])
	}
	for j := range s.colCount {
		s.colCount[j] = int32(s.at.Ptr[j+1] - s.at.Ptr[j])
	}
	return s
}

// run applies all reductions until nothing changes. It reports false when the program is found infeasible.
func (s *presolver) run() bool {
	for range presolvePasses {
		s.changed = false
		for i := range s.rowGone {
			if !s.rowGone[i] && s.infeasible == "" {
				s.row(i)
			}
		}
		for j := range s.colGone {
			if !s.colGone[j] && s.infeasible == "" {
				s.column(j)
			}
		}
		if s.infeasible != "" {
			return false
		}
		if !s.changed {
			break
		}
	}
	s.parallelRows()
	return s.infeasible == ""
}

// row reduces by one row: empty, singleton, redundant, forcing.
func (s *presolver) row(i int) {
	lo, hi := s.rowLo[i], s.rowHi[i]
	if lo > hi+presolveSlack*(1+math.Abs(hi)) {
		s.infeasible = s.p.RowName(i) + " has bounds that cross"
		return
	}
	switch s.rowCount[i] {
	case 0:
		if tol := presolveSlack * (1 + s.rowSlack(i)); lo > tol || hi < -tol {
			s.infeasible = s.p.RowName(i) + " is empty and cannot be met"
			return
		}
		s.dropRow(i)
	case 1:
		s.singletonRow(i)
	default:
		s.activity(i)
	}
}

// rowSlack is the size against which a row's rounding is measured: the largest side it was given.
func (s *presolver) rowSlack(i int) float64 {
	return rowSize(openBound(s.p.RowLower[i]), openBound(s.p.RowUpper[i]))
}

// dropRow removes a row that does not bind; its dual is zero.
func (s *presolver) dropRow(i int) {
	s.rowGone[i], s.changed = true, true
	cols, _ := s.a.Row(i)
	for _, j := range cols {
		s.colCount[j]--
	}
}

// living calls f for the living entries of row i.
func (s *presolver) living(i int, f func(j int32, a float64)) {
	cols, vals := s.a.Row(i)
	for k, j := range cols {
		if !s.colGone[j] {
			f(j, vals[k])
		}
	}
}

// singletonRow turns a row with one living column into bounds.
func (s *presolver) singletonRow(i int) {
	var j int32
	var a float64
	s.living(i, func(k int32, v float64) { j, a = k, v })
	if math.Abs(a) < leastPivotForRow {
		return
	}
	lo, hi := s.rowLo[i]/a, s.rowHi[i]/a
	if a < 0 {
		lo, hi = hi, lo
	}
	if (!math.IsInf(lo, 0) && math.Abs(lo) > largestNewBound) || (!math.IsInf(hi, 0) && math.Abs(hi) > largestNewBound) {
		return
	}
	r := singletonRecord{row: int32(i), col: j, a: a}
	if lo > s.lo[j] {
		s.lo[j], r.setLo = lo, true
	}
	if hi < s.hi[j] {
		s.hi[j], r.setHi = hi, true
	}
	if s.crossed(int(j)) {
		return
	}
	s.records = append(s.records, r)
	s.dropRow(i)
}

// crossed reports bounds of a column that cross, and makes nearly equal ones equal.
func (s *presolver) crossed(j int) bool {
	lo, hi := s.lo[j], s.hi[j]
	if lo <= hi {
		return false
	}
	if lo-hi > presolveSlack*(1+math.Abs(lo)) {
		s.infeasible = s.p.ColName(j) + " has bounds that cross"
		return true
	}
	s.lo[j], s.hi[j] = hi, hi
	return false
}

// activity compares what a row can reach, by the bounds of its columns, with its own bounds.
func (s *presolver) activity(i int) {
	least, most, size := 0.0, 0.0, 0.0
	s.living(i, func(j int32, a float64) {
		l, u := a*s.lo[j], a*s.hi[j]
		if a < 0 {
			l, u = u, l
		}
		least, most = least+l, most+u
		if !math.IsInf(l, 0) {
			size += math.Abs(l)
		}
		if !math.IsInf(u, 0) {
			size += math.Abs(u)
		}
	})
	tol := presolveSlack * (1 + s.rowSlack(i))
	exact := 1e-13 * size
	switch {
	case least > s.rowHi[i]+tol+exact || most < s.rowLo[i]-tol-exact:
		s.infeasible = s.p.RowName(i) + " cannot be met within the bounds of its columns"
	case least >= s.rowLo[i] && most <= s.rowHi[i]:
		s.dropRow(i)
	case !math.IsInf(least, 0) && least >= s.rowHi[i]-exact:
		s.force(i, true)
	case !math.IsInf(most, 0) && most <= s.rowLo[i]+exact:
		s.force(i, false)
	}
}

// force fixes all columns of a row that its bound leaves no other choice.
func (s *presolver) force(i int, atUpper bool) {
	r := forcingRecord{row: int32(i), atUpper: atUpper}
	s.living(i, func(j int32, a float64) { r.cols, r.vals = append(r.cols, j), append(r.vals, a) })
	s.records = append(s.records, r)
	s.dropRow(i)
	for k, j := range r.cols {
		v := s.hi[j]
		if (r.vals[k] > 0) == atUpper {
			v = s.lo[j]
		}
		s.fix(int(j), v)
	}
}

// fix removes column j at value v.
func (s *presolver) fix(j int, v float64) {
	s.colGone[j], s.changed = true, true
	s.records = append(s.records, fixedRecord{int32(j), v})
	s.c0 += s.c[j] * v
	rows, vals := s.at.Row(j)
	for k, i := range rows {
		if s.rowGone[i] {
			continue
		}
		s.rowCount[i]--
		s.rowLo[i] -= vals[k] * v
		s.rowHi[i] -= vals[k] * v
	}
}

// column reduces by one column: fixed, empty, dual fixing, singleton.
func (s *presolver) column(j int) {
	if s.crossed(j) {
		return
	}
	if s.lo[j] == s.hi[j] {
		s.fix(j, s.lo[j])
		return
	}
	down, up := s.c[j] >= 0, s.c[j] <= 0 // may x_j fall, or rise, without harm to objective and rows?
	rows, vals := s.at.Row(j)
	for k, i := range rows {
		if s.rowGone[i] || (!down && !up) {
			continue
		}
		lower, upper := !math.IsInf(s.rowLo[i], -1), !math.IsInf(s.rowHi[i], 1)
		if vals[k] < 0 {
			lower, upper = upper, lower
		}
		down, up = down && !lower, up && !upper
	}
	switch {
	case down && !math.IsInf(s.lo[j], -1):
		s.fix(j, s.lo[j])
	case up && !math.IsInf(s.hi[j], 1):
		s.fix(j, s.hi[j])
	case down && up && s.colCount[j] == 0:
		s.fix(j, 0)
	case s.colCount[j] == 1:
		s.columnSingleton(j)
	}
}

// reduced builds the program that is left, and the numbers its rows and columns had.
func (s *presolver) reduced() (q *Problem, rows, cols []int32) {
	newCol := make([]int32, len(s.colGone))
	for j, gone := range s.colGone {
		if newCol[j] = -1; !gone {
			newCol[j] = int32(len(cols))
			cols = append(cols, int32(j))
		}
	}
	a := &sparse.CSR{Cols: len(cols), Ptr: []int64{0}, Col: []int32{}, Val: []float64{}}
	q = &Problem{Name: s.p.Name, A: a, C0: s.c0, C: []float64{}}
	for i, gone := range s.rowGone {
		if gone {
			continue
		}
		rows = append(rows, int32(i))
		s.living(i, func(j int32, v float64) { a.Col, a.Val = append(a.Col, newCol[j]), append(a.Val, v) })
		a.Ptr = append(a.Ptr, int64(len(a.Col)))
		q.RowLower, q.RowUpper = append(q.RowLower, s.rowLo[i]), append(q.RowUpper, s.rowHi[i])
	}
	a.Rows = len(rows)
	for _, j := range cols {
		q.C = append(q.C, s.c[j])
		q.ColLower, q.ColUpper = append(q.ColLower, s.lo[j]), append(q.ColUpper, s.hi[j])
	}
	return q, rows, cols
}
