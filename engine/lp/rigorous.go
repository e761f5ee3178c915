package lp

import "math"

// rigorousBound gives a number that no feasible x of the minimised program goes below, whatever y is [NS]:
//
//	c0 + Σ_i min_{lc ≤ s ≤ uc} y_i s + Σ_j min_{lv ≤ x ≤ uv} r_j x_j,   r_j in the interval reduced ± err.
//
// y has allowed signs only. Where r_j may have the sign of an infinite bound, a bound that follows from the rows and
// from c·x ≤ target is taken: either the optimum is not below the target, or it satisfies that row too, so the smaller
// of target and the sum is proved in both cases. All roundings go down.
func rigorousBound(p *Problem, y []float64, reduced []double, err []float64, target float64) float64 {
	return max(boundOf(p, y, reduced, err, target), boundWithoutRows(p))
}

// boundWithoutRows is what the columns' own bounds say, as with y = 0: −Inf where a cost points to an infinite one. Of
// costs that pay for something, such as a shortfall or a factor with a maximum, it is a bound of some use.
func boundWithoutRows(p *Problem) float64 {
	sum, size := double{hi: p.C0}, 0.0
	for j, c := range p.C {
		side := openBound(p.ColLower[j])
		if c < 0 {
			side = openBound(p.ColUpper[j])
		}
		if c == 0 || side == 0 {
			continue
		}
		low := below(c * side)
		if math.IsInf(side, 0) || math.IsInf(low, 0) {
			return math.Inf(-1)
		}
		sum, size = sum.add(low), size+math.Abs(low)
	}
	if size == 0 {
		return p.C0
	}
	return below(sum.value() - size*errDouble(len(p.C)) - math.Abs(sum.value())*0x1p-50)
}

// uncertain is by how much a reduced cost may be off; one that no rounding has touched is exact.
func uncertain(reduced, err float64) float64 {
	if err == 0 && reduced == 0 {
		return 0
	}
	return above(err + math.Abs(reduced)*0x1p-52)
}

// boundOf is the bound by y.
func boundOf(p *Problem, y []float64, reduced []double, err []float64, target float64) float64 {
	lo, hi := p.ColLower, p.ColUpper
	capped := false
	for j := range reduced {
		r := reduced[j].value()
		e := uncertain(r, err[j])
		if (r+e > 0 && openBound(lo[j]) == math.Inf(-1)) || (r-e < 0 && openBound(hi[j]) == math.Inf(1)) {
			capped = true
		}
	}
	if capped {
		if math.IsNaN(target) || math.IsInf(target, 0) {
			return math.Inf(-1)
		}
		target += 1e-9 * (1 + math.Abs(target))
		lo, hi = impliedBounds(p, target)
	}
	sum, size := double{hi: p.C0}, math.Abs(p.C0)
	add := func(a, b float64) {
		sum = sum.addProduct(a, b)
		size += math.Abs(a * b)
	}
	for i, v := range y {
		if v > 0 {
			add(v, p.RowLower[i])
		} else if v < 0 {
			add(v, p.RowUpper[i])
		}
	}
	for j := range reduced {
		r := reduced[j].value()
		e := uncertain(r, err[j])
		// A product of intervals is least at a corner; zero times infinity does not occur below.
		low := min(corner(r-e, lo[j]), corner(r-e, hi[j]), corner(r+e, lo[j]), corner(r+e, hi[j]))
		if math.IsInf(low, -1) {
			return low
		}
		sum, size = sum.add(below(low)), size+math.Abs(low)
	}
	bound := below(sum.value() - size*errDouble(len(y)+len(reduced)) - math.Abs(sum.value())*0x1p-50)
	if capped {
		bound = min(bound, target)
	}
	if math.IsNaN(bound) {
		return math.Inf(-1)
	}
	return bound
}

// corner is r·b rounded down, with no bound standing for an infinite one of the side on which it lies.
func corner(r, b float64) float64 {
	b = openBound(b)
	if r == 0 {
		return 0
	}
	return below(r * b)
}

// implier finds bounds of columns that have none, from the rows.
type implier struct {
	lower, upper    []float64
	lowFree, upFree []bool // the bound was infinite: what is there now is implied, and may be tightened
	improved        bool
}

// impliedBounds gives column bounds in which infinite ones are replaced by what the rows and c·x ≤ target imply, found in
// a few passes; each is rounded outwards. A bound that follows from no row stays infinite.
func impliedBounds(p *Problem, target float64) (lower, upper []float64) {
	m := &implier{lower: open(p.ColLower), upper: open(p.ColUpper), lowFree: make([]bool, p.Cols()), upFree: make([]bool, p.Cols())}
	all := make([]int32, p.Cols())
	for j := range all {
		all[j] = int32(j)
		m.lowFree[j], m.upFree[j] = math.IsInf(m.lower[j], -1), math.IsInf(m.upper[j], 1)
	}
	for range impliedPasses {
		m.improved = false
		m.row(all, p.C, math.Inf(-1), above(target-p.C0))
		for i := range p.Rows() {
			cols, vals := p.A.Row(i)
			m.row(cols, vals, openBound(p.RowLower[i]), openBound(p.RowUpper[i]))
		}
		if !m.improved {
			break
		}
	}
	return m.lower, m.upper
}

const (
	impliedPasses = 8
	impliedGain   = 0.9 // a bound found later must be at most this much of the one before
)

// row takes what one row lo ≤ a·x ≤ hi implies, the other columns being within their bounds.
func (m *implier) row(cols []int32, vals []float64, lo, hi float64) {
	minSum, maxSum, size := 0.0, 0.0, 0.0
	minInf, maxInf := 0, 0
	for k, j := range cols {
		a := vals[k]
		if a == 0 {
			continue
		}
		l, u := a*m.lower[j], a*m.upper[j]
		if a < 0 {
			l, u = u, l
		}
		if math.IsInf(l, 0) {
			minInf++
		} else {
			minSum, size = minSum+l, size+math.Abs(l)
		}
		if math.IsInf(u, 0) {
			maxInf++
		} else {
			maxSum, size = maxSum+u, size+math.Abs(u)
		}
	}
	// The sums' rounding, whatever the later additions of a column's own part bring back.
	slack := size * float64(len(cols)+8) * 0x1p-50
	for k, j := range cols {
		a := vals[k]
		if a == 0 || (!m.lowFree[j] && !m.upFree[j]) {
			continue
		}
		// The row's upper side bounds a·x_j from above once the least sum of the others is finite.
		if minInf <= 1 && !math.IsInf(hi, 1) {
			m.column(j, a, hi-minSum+slack, minInf, a > 0)
		}
		if maxInf <= 1 && !math.IsInf(lo, -1) {
			m.column(j, a, lo-maxSum-slack, maxInf, a < 0)
		}
	}
}

// column takes the bound room/a of column j. The other columns' sum is finite either because no part of the row's sum is
// infinite (then j's own part is in it and is taken out again), or because j's part is the infinite one.
func (m *implier) column(j int32, a, room float64, infinite int, toUpper bool) {
	own := m.upper[j]
	if toUpper {
		own = m.lower[j]
	}
	if infinite == 1 && !math.IsInf(own, 0) {
		return
	}
	if infinite == 0 {
		room += a * own
	}
	v := room / a
	if math.IsNaN(v) || math.Abs(v) >= Infinite {
		return
	}
	widen := (math.Abs(v) + math.Abs(room/a)) * 0x1p-48
	if infinite == 0 {
		widen += math.Abs(own) * 0x1p-48
	}
	if v = above(v + widen); toUpper && m.upFree[j] && better(v, m.upper[j]) {
		m.upper[j], m.improved = v, true
	}
	if v = below(room/a - widen); !toUpper && m.lowFree[j] && better(-v, -m.lower[j]) {
		m.lower[j], m.improved = v, true
	}
}

// better reports whether the upper bound v is much tighter than old.
func better(v, old float64) bool {
	return math.IsInf(old, 1) || v < old-(1-impliedGain)*math.Abs(old)
}
