package lp

import (
	"math"
	"slices"
)

// columnSingleton removes a column that has one row, by solving that row for it: when the row and the other columns
// keep it within its bounds anyway (implied free), the row goes too; when the row is an equality, the row stays as an
// inequality in the others.
func (s *presolver) columnSingleton(j int) {
	rows, vals := s.at.Row(j)
	i, a := -1, 0.0
	for k, r := range rows {
		if !s.rowGone[r] {
			i, a = int(r), vals[k]
		}
	}
	rec := substRecord{row: int32(i), col: int32(j), a: a, dual: s.c[j] / a, lo: s.rowLo[i], hi: s.rowHi[i], colLo: s.lo[j], colHi: s.hi[j]}
	largest := 0.0
	largest, least, most := 0.0, 0.0, 0.0
	s.living(i, func(k int32, v float64) {
		largest = max(largest, math.Abs(v))
		if int(k) == j {
			return
		}
		rec.cols, rec.vals = append(rec.cols, k), append(rec.vals, v)
		l, u := v*s.lo[k], v*s.hi[k]
		if v < 0 {
			l, u = u, l
		}
		least, most = least+l, most+u
	})
	if math.Abs(a) < singletonPivot*largest || len(rec.cols) == 0 {
		return
	}
	free := s.impliedFree(rec, least, most)
	switch {
	case free && s.bindingSide(&rec):
		s.substitute(rec, true)
	case rec.lo == rec.hi:
		s.substitute(rec, false)
	}
}

// impliedFree reports whether the row lo ≤ a x_j + rest ≤ hi, least ≤ rest ≤ most, keeps x_j within its own bounds.
func (s *presolver) impliedFree(r substRecord, least, most float64) bool {
	if math.IsInf(r.colLo, -1) && math.IsInf(r.colHi, 1) {
		return true
	}
	if r.lo != r.hi {
		return false // the row may be slack, and then says nothing of x_j
	}
	from, to := (r.lo-most)/r.a, (r.hi-least)/r.a
	if r.a < 0 {
		from, to = to, from
	}
	return from >= r.colLo && to <= r.colHi
}

// bindingSide fixes which side of an inequality row a free column with a cost will drive it to. It reports false when
// that side is infinite, and leaves the record as it is: the program is then unbounded or infeasible, which the solver is
// to find out.
func (s *presolver) bindingSide(r *substRecord) bool {
	side := r.lo
	if r.dual < 0 {
		side = r.hi
	}
	if r.dual == 0 {
		return true
	}
	if math.IsInf(side, 0) {
		return false
	}
	r.lo, r.hi = side, side
	return true
}

// substitute removes the record's column, shifting its cost to the row's other columns, and the row when it goes too.
func (s *presolver) substitute(r substRecord, dropRow bool) {
	side := r.lo
	if r.dual != 0 {
		s.c0 += r.dual * side
		for k, j := range r.cols {
			s.c[j] -= r.dual * r.vals[k]
		}
	}
	s.colGone[r.col], s.changed = true, true
	s.rowCount[r.row]--
	s.records = append(s.records, r)
	if dropRow {
		s.dropRow(int(r.row))
		return
	}
	// a x_j takes any value between its bounds: the others may miss the side by that much.
	l, u := r.a*r.colLo, r.a*r.colHi
	if r.a < 0 {
		l, u = u, l
	}
	s.rowLo[r.row], s.rowHi[r.row] = side-u, side-l
}

// parallelRows joins rows that are multiples of one another; the tighter bounds stay.
func (s *presolver) parallelRows() {
	type key struct {
		count int32
		hash  uint64
	}
	groups := map[key][]int32{}
	for i := range s.rowGone {
		if s.rowGone[i] || s.rowCount[i] < 2 {
			continue
		}
		k := key{count: s.rowCount[i]}
		first := 0.0
		s.living(i, func(j int32, a float64) {
			if first == 0 {
				first = a
			}
			// Ratios are hashed without their last bits, which rounding may change.
			k.hash = k.hash*0x9e3779b97f4a7c15 + uint64(j)*31 + math.Float64bits(float64(float32(a/first)))
		})
		for _, other := range groups[k] {
			if !s.rowGone[other] && s.joinParallel(int(other), i) {
				break
			}
		}
		if !s.rowGone[i] && len(groups[k]) < 16 {
			groups[k] = append(groups[k], int32(i))
		}
	}
}

// joinParallel drops row i when it is a multiple of row keep, and reports whether it was.
func (s *presolver) joinParallel(keep, i int) bool {
	var cols []int32
	var vals []float64
	s.living(keep, func(j int32, a float64) { cols, vals = append(cols, j), append(vals, a) })
	at, ratio, same := 0, 0.0, true
	s.living(i, func(j int32, a float64) {
		if at >= len(cols) || cols[at] != j {
			same = false
			return
		}
		if at == 0 {
			ratio = a / vals[0]
		}
		same = same && math.Abs(a-ratio*vals[at]) <= 1e-14*math.Abs(a)
		at++
	})
	if !same || at != len(cols) {
		return false
	}
	lo, hi := s.rowLo[i]/ratio, s.rowHi[i]/ratio
	if ratio < 0 {
		lo, hi = hi, lo
	}
	r := parallelRecord{keep: int32(keep), drop: int32(i), ratio: ratio}
	if lo > s.rowLo[keep] {
		s.rowLo[keep], r.setLo = lo, true
	}
	if hi < s.rowHi[keep] {
		s.rowHi[keep], r.setHi = hi, true
	}
	if lo, hi := s.rowLo[keep], s.rowHi[keep]; lo > hi {
		if lo-hi > presolveSlack*(1+math.Abs(lo)) {
			s.infeasible = s.p.RowName(keep) + " and " + s.p.RowName(i) + " contradict each other"
			return true
		}
		s.rowLo[keep] = hi
	}
	s.records = append(s.records, r)
	s.dropRow(i)
	return true
}

// shrink gives the part of a start that belongs to the reduced program.
func shrink(w *Start, rows, cols []int32) *Start {
	if w == nil {
		return nil
	}
	pick := func(v []float64, at []int32) []float64 {
		out := make([]float64, len(at))
		for k, i := range at {
			out[k] = v[i]
		}
		return out
	}
	return &Start{X: pick(slices.Clone(w.X), cols), Y: pick(w.Y, rows)}
}
