package lp

import "math"

// The repair makes a nearly optimal point strict: prices exactly dual feasible, levels within planStrictMiss of every
// row's target. Both move the point little, so the gap stays small.

const (
	dualSweeps         = 200
	settleSweeps       = 60
	settledPrices      = 1e-10
	projectRounds      = 12 // full steps of a projection,
	projectDamped      = 40 // and damped ones after them
	projectFirst       = 3  // rounds in which misses may grow
	projectPasses      = 40
	leastRegular       = 1e-8
	largestRegular     = 1e-2
	planGapWorthLevels = 1.5   // multiple of the goal up to which the levels may still close the gap,
	planHugeWorth      = 1.0   // and of a huge program, whose levels take longest
	planLossAgain      = 0.8   // of what repairing the levels cost the last point, it costs the next at least
	projectSlow        = 0.5   // of the least miss of two rounds before: full steps that leave more go round in circles
	repairGuard        = 1e-14 // of what a technique makes
	repairWatchBand    = 1e-2  // reduced costs above this, scaled, are looked at in the end only
)

// tryRepair repairs a point and accepts it when its gap is within the goal and no row misses its target. The prices are
// repaired first: while their value is too far from the levels' cost, the levels are left alone.
func (m *planMethod) tryRepair(pt planPoint) bool {
	y := m.strictPrices(pt)
	before, worth := m.gapAtPrices(pt.z, y), planGapWorthLevels
	if len(y) > planHugeRows {
		worth = planHugeWorth
	}
	if before+planLossAgain*m.levelLoss > worth*m.goal {
		m.run.log.note("    repaired prices: gap %.2e  (%d Newton, %d CG steps)", before, m.newton, m.cg)
		return false
	}
	fixed := m.strictLevels(pt.z, y)
	gap := relativeGap(fixed.res.objective, fixed.res.bound)
	if len(y) > planHugeRows {
		m.levelLoss = max(gap-before, 0)
	}
	miss := m.shortfall(fixed.z)
	m.run.log.note("    repaired: gap %.2e, largest shortfall %.1e of its target  (%d Newton, %d CG steps)", gap, miss, m.newton, m.cg)
	if gap <= m.goal && miss <= planStrictMiss && fixed.res.within(m.set.Tolerance) {
		m.finished = &fixed
		return true
	}
	return false
}

// gapAtPrices is about what the gap will be when the levels z are repaired: what the rows miss is made at their prices.
func (m *planMethod) gapAtPrices(z, y []float64) float64 {
	s := m.s
	az, aty := make([]float64, len(y)), make([]float64, len(z))
	s.mulA(az, z)
	s.mulAt(aty, y)
	res := m.errors(z, y, az, aty)
	missing := s.total(s.cutRow, func(lo, hi int) float64 {
		sum := 0.0
		for i := lo; i < hi; i++ {
			sum += math.Abs(y[i] * (az[i] - min(max(az[i], s.rowLo[i]), s.rowHi[i])))
		}
		return sum
	})
	return relativeGap(res.objective+missing/(s.beta*s.gamma), res.bound)
}

// repair gives the strict point near pt.
func (m *planMethod) repair(pt planPoint) planPoint {
	return m.strictLevels(pt.z, m.strictPrices(pt))
}

// strictPrices gives the exactly dual feasible prices near those of pt.
func (m *planMethod) strictPrices(pt planPoint) []float64 {
	y := append([]float64(nil), pt.y...)
	m.settlePrices(pt.z, y)
	m.repairPrices(y)
	return y
}

// strictLevels gives the point of prices y and of levels near z that miss no target and leave no surplus.
func (m *planMethod) strictLevels(z, y []float64) planPoint {
	z = append([]float64(nil), z...)
	m.repairLevels(z)
	m.trimSurplus(z, y)
	return m.pointOf(z, y)
}

// settlePrices sets the price of every product that has a technique strictly between its bounds so that the technique
// farthest from them neither gains nor loses. What is lost to the prices' noise is then second order.
func (m *planMethod) settlePrices(z, y []float64) {
	s := m.s
	var cols, rows []int32
	for i, j := range marginalsOf(s, m.st, z) {
		if j >= 0 {
			cols, rows = append(cols, j), append(rows, int32(i))
		}
	}
	sweeps := newPriceSweeps(m, cols)
	for range settleSweeps {
		sweeps.reduced(y)
		worst := 0.0
		for k, i := range rows {
			next := m.keepSign(int(i), y[i], y[i]+sweeps.r[k]/m.ownScaled(cols[k]))
			worst = max(worst, math.Abs(next-y[i])/(math.Abs(y[i])+1e-300))
			y[i] = next
		}
		if worst <= settledPrices {
			return
		}
	}
}

// keepSign keeps the price of an inequality on its side of zero.
func (m *planMethod) keepSign(i int, old, next float64) float64 {
	if old != 0 && m.s.rowLo[i] != m.s.rowHi[i] && next*old < 0 {
		return 0
	}
	return next
}

// priceSweeps takes the reduced costs of some columns again and again.
type priceSweeps struct {
	s    *scaled
	cols []int32
	part subMatrix
	r    []float64
	next []float64
}

func newPriceSweeps(m *planMethod, cols []int32) *priceSweeps {
	w := &priceSweeps{s: m.s, cols: cols, r: make([]float64, len(cols))}
	w.part.takeColumns(m.s, cols, nil)
	return w
}

func (w *priceSweeps) reduced(y []float64) {
	w.s.each(w.part.cutAt, func(_, lo, hi int) {
		w.part.at.MulRows(w.r, y, lo, hi)
		for k := lo; k < hi; k++ {
			w.r[k] = w.s.c[w.cols[k]] - w.r[k]
		}
	})
}

// marginalsOf gives every row's technique that is farthest from its bounds, −1: none strictly between them.
func marginalsOf(s *scaled, st *planStructure, z []float64) []int32 {
	marginal := make([]int32, len(st.makers))
	far := make([]float64, len(marginal))
	for i := range marginal {
		marginal[i] = -1
	}
	for j, i := range st.own {
		if i < 0 {
			continue
		}
		if room := min(z[j]-s.lo[j], s.hi[j]-z[j]); room > far[i] {
			far[i], marginal[i] = room, int32(j)
		}
	}
	return marginal
}

// ownScaled is what technique j makes of its product, scaled and with the row's sign.
func (m *planMethod) ownScaled(j int32) float64 {
	i := m.st.own[j]
	return m.st.ownVal[j] * m.st.orient[i] * m.s.row[i] * m.s.col[j]
}

// repairPrices lowers the price of a technique's own product wherever the technique would bring more than it costs and
// has no upper bound to carry a rent. Prices only fall and the changes shrink, as in a Leontief system. A little more is
// taken off than that, so that the costs cover the worth whatever the rounding. Techniques that are far from bringing
// anything are looked at again when the others have settled.
func (m *planMethod) repairPrices(y []float64) {
	s, st := m.s, m.st
	aty := make([]float64, len(s.c))
	var watch []int32
	for left := dualSweeps; left > 0; {
		s.mulAt(aty, y)
		watch = watch[:0]
		wrong := false
		for j, i := range st.own {
			if r := s.c[j] - aty[j]; r < repairWatchBand && i >= 0 && math.IsInf(s.hi[j], 1) {
				watch = append(watch, int32(j))
				wrong = wrong || r < m.guard(int32(j), y)
			}
		}
		if !wrong {
			return
		}
		w := newPriceSweeps(m, watch)
		for fell := true; fell && left > 0; left-- {
			w.reduced(y)
			fell = w.lower(m, y)
		}
	}
}

// guard is more than what rounding takes off the reduced cost of technique j.
func (m *planMethod) guard(j int32, y []float64) float64 {
	return repairGuard * math.Abs(m.ownScaled(j)*y[m.st.own[j]])
}

// lower lowers the prices of the products whose techniques bring more than they cost.
func (w *priceSweeps) lower(m *planMethod, y []float64) (fell bool) {
	w.next = append(w.next[:0], y...)
	for k, j := range w.cols {
		guard := m.guard(j, y)
		if w.r[k] >= guard {
			continue
		}
		i := m.st.own[j]
		down := (w.r[k] - 2*guard) / m.ownScaled(j)
		if next := m.keepSign(int(i), y[i], y[i]+down); math.Abs(next-y[i]) > math.Abs(w.next[i]-y[i]) {
			w.next[i], fell = next, true
		}
	}
	copy(y, w.next)
	return fell
}

// repairLevels projects z onto the constraints: min ‖z − z̄‖² with rows and bounds, by semismooth Newton on the
// multipliers w, z(w) = clip(z̄ + Aᵀw). Full steps do nearly always; where they go round in circles, steps as long as the
// dual function allows go on from the best multipliers.
func (m *planMethod) repairLevels(z []float64) {
	q := newProximal(m, planPoint{z: z, y: make([]float64, len(m.s.rowLo))})
	q.tau, q.sigma, q.c = 1, 1, make([]float64, len(z))
	s, w := q.s, q.y
	best, least, then := make([]float64, len(w)), math.Inf(1), math.Inf(1)
	full := projectRounds
	for round := range projectRounds + projectDamped {
		s.mulAt(q.aty, w)
		q.evaluate()
		miss, norm := q.projectionGradient()
		if round > projectFirst && round < full && miss > projectSlow*then {
			full = round
		}
		then = least
		if miss < least {
			least = miss
			copy(best, w)
			copy(z, q.z)
		}
		if miss <= planStrictMiss/4 {
			break
		}
		if round == full {
			copy(w, best)
			continue
		}
		q.sigma = 1 / min(max(norm, leastRegular), largestRegular)
		q.lin.prepare()
		m.cg += q.lin.limited(q.d, 0.02*norm, projectPasses)
		if round > full {
			copy(q.yk, w)
			if !q.move(norm) {
				break
			}
			continue
		}
		for i, d := range q.d {
			if d != 0 {
				w[i] = q.project(i, w[i], w[i]+d)
			}
		}
	}
}

// projectionGradient takes what each row misses, marks the free rows (those with a multiplier or a miss), and gives the
// largest miss relative to its target and the norm of all.
func (q *proximal) projectionGradient() (worst, norm float64) {
	s := q.s
	sum := 0.0
	for i := range q.grad {
		lo, hi := s.rowLo[i]-q.az[i], s.rowHi[i]-q.az[i]
		q.grad[i], q.free[i] = 0, true
		switch {
		case q.y[i] > 0 || lo > 0:
			q.grad[i] = lo
		case q.y[i] < 0 || hi < 0:
			q.grad[i] = hi
		default:
			q.free[i] = false
		}
		sum += q.grad[i] * q.grad[i]
		worst = max(worst, relativeMiss(q.az[i], s.rowLo[i], s.rowHi[i], s.row[i]*s.beta))
	}
	return worst, math.Sqrt(sum)
}

// relativeMiss is by how much v leaves its bounds, relative to the bound, or in the row's own unit when that is zero.
func relativeMiss(v, lo, hi, unit float64) float64 {
	miss, bound := 0.0, 0.0
	if v < lo {
		miss, bound = lo-v, lo
	} else if v > hi {
		miss, bound = v-hi, hi
	}
	if bound != 0 {
		return miss / math.Abs(bound)
	}
	return miss / unit
}

// shortfall is the largest relative miss of levels z, scaled.
func (m *planMethod) shortfall(z []float64) float64 {
	az := make([]float64, len(m.s.rowLo))
	m.s.mulA(az, z)
	worst := 0.0
	for i, v := range az {
		worst = max(worst, relativeMiss(v, m.s.rowLo[i], m.s.rowHi[i], m.s.row[i]*m.s.beta))
	}
	return worst
}
