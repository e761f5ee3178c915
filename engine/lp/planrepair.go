package lp

import (
	"math"

	"planwerk/kernels"
)

// The repair makes a nearly optimal point strict: prices exactly dual feasible, levels within planStrictMiss of every
// row's target. Both move the point little, so the gap stays small.

const (
	dualSweeps         = 60
	settleSweeps       = 30
	settledPrices      = 1e-10
	projectRounds      = 12
	projectPasses      = 40
	leastRegular       = 1e-8
	largestRegular     = 1e-2
	planGapWorthLevels = 1.5  // multiple of the goal up to which the levels may still close the gap
	repairWatchBand    = 1e-2 // reduced costs above this, scaled, are looked at in the last sweep only
)

// tryRepair repairs a point and accepts it when its gap is within the goal and no row misses its target. The prices are
// repaired first: while their value is too far from the levels' cost, the levels are left alone.
func (m *planMethod) tryRepair(pt planPoint) bool {
	y := append([]float64(nil), pt.y...)
	m.settlePrices(pt.z, y)
	m.repairPrices(y)
	half := m.pointOf(pt.z, y)
	if relativeGap(half.res.objective, half.res.bound) > planGapWorthLevels*m.goal {
		m.run.log.note("    repaired prices: gap %.2e  (%d Newton, %d CG steps)", relativeGap(half.res.objective, half.res.bound), m.newton, m.cg)
		return false
	}
	z := append([]float64(nil), pt.z...)
	m.repairLevels(z)
	fixed := m.pointOf(z, y)
	gap := relativeGap(fixed.res.objective, fixed.res.bound)
	miss := m.shortfall(fixed.z)
	m.run.log.note("    repaired: gap %.2e, largest shortfall %.1e of its target  (%d Newton, %d CG steps)", gap, miss, m.newton, m.cg)
	if gap <= m.goal && miss <= planStrictMiss && fixed.res.within(m.set.Tolerance) {
		m.finished = &fixed
		return true
	}
	return false
}

// repair gives the strict point near pt.
func (m *planMethod) repair(pt planPoint) planPoint {
	y := append([]float64(nil), pt.y...)
	m.settlePrices(pt.z, y)
	m.repairPrices(y)
	z := append([]float64(nil), pt.z...)
	m.repairLevels(z)
	return m.pointOf(z, y)
}

// settlePrices sets the price of every product that has a technique strictly between its bounds so that the technique
// farthest from them neither gains nor loses. What is lost to the prices' noise is then second order.
func (m *planMethod) settlePrices(z, y []float64) {
	s, st := m.s, m.st
	marginal := marginalsOf(s, st, z)
	for range settleSweeps {
		worst := 0.0
		for i, j := range marginal {
			if j < 0 {
				continue
			}
			rows, vals := s.at.Row(int(j))
			r := s.c[j] - kernels.SparseDot(rows, vals, y)
			next := y[i] + r/m.ownScaled(j)
			if y[i] != 0 && s.rowLo[i] != s.rowHi[i] && next*y[i] < 0 {
				next = 0
			}
			worst = max(worst, math.Abs(next-y[i])/(math.Abs(y[i])+1e-300))
			y[i] = next
		}
		if worst <= settledPrices {
			return
		}
	}
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
// has no upper bound to carry a rent. Prices only fall and the changes shrink, as in a Leontief system.
func (m *planMethod) repairPrices(y []float64) {
	s, st := m.s, m.st
	var watch []int32
	for sweep := range dualSweeps {
		full := sweep == 0 || len(watch) == 0
		worst := 0.0
		fix := func(j int32) float64 {
			rows, vals := s.at.Row(int(j))
			r := s.c[j] - kernels.SparseDot(rows, vals, y)
			if r >= 0 || !math.IsInf(s.hi[j], 1) || st.own[j] < 0 {
				return r
			}
			i := st.own[j]
			next := y[i] + r/m.ownScaled(j)*(1+1e-12)
			if y[i] != 0 && s.rowLo[i] != s.rowHi[i] && next*y[i] < 0 {
				next = 0 // the price of an inequality keeps its sign
			}
			if change := math.Abs(next - y[i]); change > worst {
				worst = change
			}
			y[i] = next
			return r
		}
		if full {
			watch = watch[:0]
			for j := range st.own {
				if r := fix(int32(j)); r < repairWatchBand {
					watch = append(watch, int32(j))
				}
			}
		} else {
			for _, j := range watch {
				fix(j)
			}
		}
		if worst == 0 {
			if full {
				return
			}
			watch = watch[:0]
		}
	}
}

// repairLevels projects z onto the constraints: min ‖z − z̄‖² with rows and bounds, by semismooth Newton on the
// multipliers w, z(w) = clip(z̄ + Aᵀw).
func (m *planMethod) repairLevels(z []float64) {
	s := m.s
	start := append([]float64(nil), z...)
	q := newProximal(m, planPoint{z: start, y: make([]float64, len(s.rowLo))})
	q.tau = 1
	w := q.y
	for range projectRounds {
		s.mulAt(q.aty, w)
		q.inside = q.inside[:0]
		for j := range q.z {
			v := start[j] + q.aty[j]
			switch {
			case v <= s.lo[j]:
				v = s.lo[j]
			case v >= s.hi[j]:
				v = s.hi[j]
			default:
				q.inside = append(q.inside, int32(j))
			}
			q.z[j] = v
		}
		s.mulA(q.az, q.z)
		miss, norm := q.projectionGradient()
		if miss <= planStrictMiss/4 {
			break
		}
		q.sigma = 1 / min(max(norm, leastRegular), largestRegular)
		q.lin.compact()
		q.lin.limited(q.d, 0.02*norm, projectPasses)
		for i, d := range q.d {
			if d != 0 {
				w[i] = q.project(i, w[i], w[i]+d)
			}
		}
	}
	copy(z, q.z)
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
