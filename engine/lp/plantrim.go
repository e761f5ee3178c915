package lp

import "math"

// trimming takes from a point that meets all balances what is made beyond them: the projection onto the constraints only
// lifts rows that miss their bound, so what others have too much of is paid for and of no use. Where a priced balance has
// a surplus, the costliest of its techniques in use makes less; what that saves of other products is their surplus then.
type trimming struct {
	m       *planMethod
	s       *scaled
	z, y    []float64
	az, aty []float64
	first   []int32 // per row: the place of its first technique in makers
	makers  []int32
	worth   float64 // surpluses below it, by their price, stay
	queue   []int32
	queued  []bool
}

const (
	trimShare = 1e-8 // of the plan's cost: all surpluses that may stay
	trimMost  = 8    // times the rows: how often surpluses are looked at
)

// trimSurplus lowers levels z that nothing needs at prices y.
func (m *planMethod) trimSurplus(z, y []float64) {
	rows := len(y)
	t := &trimming{m: m, s: m.s, z: z, y: y, az: make([]float64, rows), aty: make([]float64, len(z)), queued: make([]bool, rows)}
	t.s.mulA(t.az, z)
	t.s.mulAt(t.aty, y)
	t.listMakers()
	cost := t.s.total(t.s.cutCol, func(lo, hi int) float64 {
		sum := 0.0
		for j := lo; j < hi; j++ {
			sum += math.Abs(t.s.c[j] * z[j])
		}
		return sum
	})
	t.worth = trimShare * cost / float64(rows)
	for i := range rows {
		t.push(int32(i))
	}
	for at := 0; at < len(t.queue) && at < trimMost*rows; at++ {
		i := t.queue[at]
		t.queued[i] = false
		for t.lower(i) {
		}
	}
}

// listMakers lists every row's techniques.
func (t *trimming) listMakers() {
	t.first = make([]int32, len(t.y)+1)
	for i, count := range t.m.st.makers {
		t.first[i+1] = t.first[i] + count
	}
	t.makers = make([]int32, t.first[len(t.y)])
	next := append([]int32(nil), t.first...)
	for j, i := range t.m.st.own {
		if i >= 0 {
			t.makers[next[i]] = int32(j)
			next[i]++
		}
	}
}

// surplus is what row i has beyond its bound.
func (t *trimming) surplus(i int32) float64 {
	if t.m.st.orient[i] > 0 {
		return t.az[i] - t.s.rowLo[i]
	}
	return t.s.rowHi[i] - t.az[i]
}

func (t *trimming) push(i int32) {
	if !t.queued[i] && t.first[i] < t.first[i+1] && t.m.st.orient[i]*t.y[i]*t.surplus(i) > t.worth {
		t.queued[i] = true
		t.queue = append(t.queue, i)
	}
}

// lower lowers the costliest technique in use of row i by what the row has too much, and reports whether that left some
// of it.
func (t *trimming) lower(i int32) bool {
	extra := t.surplus(i)
	if !(extra > 0) {
		return false
	}
	j, r := int32(-1), math.Inf(-1)
	for _, k := range t.makers[t.first[i]:t.first[i+1]] {
		if d := t.s.c[k] - t.aty[k]; t.z[k] > t.s.lo[k] && d > r {
			j, r = k, d
		}
	}
	if j < 0 {
		return false
	}
	rows, vals := t.s.at.Row(int(j))
	own := math.Abs(t.m.ownScaled(j))
	room := t.z[j] - t.s.lo[j]
	less := min(room, extra/own)
	for e, k := range rows { // what it makes besides may not fall short, nor what it uses be too much
		if v := vals[e]; k != i {
			if v > 0 && !math.IsInf(t.s.rowLo[k], -1) {
				less = min(less, max(t.az[k]-t.s.rowLo[k], 0)/v)
			} else if v < 0 && !math.IsInf(t.s.rowHi[k], 1) {
				less = min(less, max(t.s.rowHi[k]-t.az[k], 0)/-v)
			}
		}
	}
	if !(less > 0) || r+math.Abs(t.y[i])*own <= 0 { // without what it makes it would be worth its inputs
		return false
	}
	if t.z[j] -= less; less == room {
		t.z[j] = t.s.lo[j]
	}
	for e, k := range rows {
		if t.az[k] -= vals[e] * less; k != i {
			t.push(k)
		}
	}
	return less == room && less < extra/own
}
