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
	lo, hi := p.ColLower, p.ColUpper
	capped := false
	for j := range reduced {
		r, e := reduced[j].value(), above(err[j]+math.Abs(reduced[j].value())*0x1p-52)
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
		e := above(err[j] + math.Abs(r)*0x1p-52)
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

// impliedBounds tightens column bounds by the rows and by c·x ≤ target, in a few passes; each new bound is rounded
// outwards. A column none of whose rows is bounded by the others keeps its infinite bound.
func impliedBounds(p *Problem, target float64) (lower, upper []float64) {
	lower, upper = open(p.ColLower), open(p.ColUpper)
	all := make([]int32, p.Cols())
	for j := range all {
		all[j] = int32(j)
	}
	for pass := 0; pass < 8; pass++ {
		changed := implyRow(all, p.C, math.Inf(-1), above(target-p.C0), lower, upper)
		for i := range p.Rows() {
			cols, vals := p.A.Row(i)
			changed = implyRow(cols, vals, openBound(p.RowLower[i]), openBound(p.RowUpper[i]), lower, upper) || changed
		}
		if !changed {
			break
		}
	}
	return lower, upper
}

// implyRow replaces infinite bounds of columns of one row lo ≤ a·x ≤ hi by what the row and the other bounds imply.
// Finite bounds stay, so passes end soon. It reports whether a bound was found.
func implyRow(cols []int32, vals []float64, lo, hi float64, lower, upper []float64) bool {
	minSum, maxSum, size := 0.0, 0.0, 0.0
	minInf, maxInf := 0, 0
	for k, j := range cols {
		a := vals[k]
		if a == 0 {
			continue
		}
		l, u := a*lower[j], a*upper[j]
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
	slack := size * float64(len(cols)+4) * 0x1p-51
	changed := false
	for k, j := range cols {
		a := vals[k]
		if a == 0 || (minInf > 1 && maxInf > 1) {
			continue
		}
		// The row's upper side bounds a·x_j from above once the least sum of the others is finite.
		if toUpper := a > 0; !math.IsInf(hi, 1) {
			changed = implied(hi-minSum+slack, a, minInf, toUpper, j, lower, upper) || changed
		}
		if toUpper := a < 0; !math.IsInf(lo, -1) {
			changed = implied(lo-maxSum-slack, a, maxInf, toUpper, j, lower, upper) || changed
		}
	}
	return changed
}

// implied sets the infinite bound of column j that the row gives, when j is the only column to blame for the row's
// infinite sum.
func implied(room, a float64, infinite int, toUpper bool, j int32, lower, upper []float64) bool {
	if infinite > 1 {
		return false
	}
	own := lower[j]
	if !toUpper {
		own = upper[j]
	}
	// The other columns' sum is finite either because nothing is infinite (then j's own part must be taken out, which
	// only a bound that is finite on both sides would need) or because j's part is the one left out.
	if infinite == 1 && !math.IsInf(own, 0) {
		return false
	}
	if infinite == 0 {
		room += a * own
	}
	v := room / a
	if math.IsNaN(v) || math.Abs(v) >= Infinite {
		return false
	}
	widen := math.Abs(v)*0x1p-50 + math.Abs(room/a)*0x1p-50
	if infinite == 0 {
		widen += math.Abs(own) * 0x1p-48
	}
	if toUpper && math.IsInf(upper[j], 1) {
		upper[j] = above(v + widen)
		return true
	}
	if !toUpper && math.IsInf(lower[j], -1) {
		lower[j] = below(v - widen)
		return true
	}
	return false
}
