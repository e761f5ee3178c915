package lp

import "math"

// standard is the scaled program with one side of every bound at zero: variable j of the program is shift + turn·v_j,
// and inequality row i has the slack variable slackOf[i] ≥ n, with A x − slack = 0.
type standard struct {
	n      int // columns of the program; slacks follow
	c, b   []float64
	u      []float64 // +Inf: none
	free   []bool
	shift  []float64
	turn   []float64 // ±1
	slack  []int32   // row of slack n+k
	slackV []float64 // its coefficient, −turn
	c0     float64   // cost of the shift, scaled
	maxU   float64
}

func (t *standard) bounded(j int) bool { return t.u[j] < math.MaxFloat64 }

// scaleInterior scales bounds and costs to a largest size of about one.
func (s *scaled) scaleInterior(p *Problem) {
	s.scaleSides(p)
	b, c := 0.0, 0.0
	for i := range s.rowLo {
		b = max(b, rowSize(s.rowLo[i], s.rowHi[i]))
	}
	for j := range s.c {
		c = max(c, math.Abs(s.c[j]))
		for _, v := range []float64{s.lo[j], s.hi[j]} {
			if !math.IsInf(v, 0) && b == 0 {
				b = max(b, math.Abs(v))
			}
		}
	}
	s.beta, s.gamma = 1/max(b, 1e-3), 1/max(c, 1e-3)
	s.scaleSides(p)
}

func newStandard(s *scaled) *standard {
	n := s.a.Cols
	t := &standard{n: n, b: make([]float64, s.a.Rows)}
	for i := range t.b {
		if s.rowLo[i] == s.rowHi[i] {
			t.b[i] = s.rowLo[i]
		}
	}
	for j := range n {
		t.add(s.c[j], s.lo[j], s.hi[j])
	}
	for j := range n {
		if t.shift[j] != 0 {
			rows, vals := s.at.Row(j)
			for k, i := range rows {
				t.b[i] -= vals[k] * t.shift[j]
			}
		}
	}
	for i := range t.b {
		if s.rowLo[i] == s.rowHi[i] {
			continue
		}
		j := t.add(0, s.rowLo[i], s.rowHi[i])
		t.slack = append(t.slack, int32(i))
		t.slackV = append(t.slackV, -t.turn[j])
		t.b[i] += t.shift[j]
	}
	return t
}

// add appends a variable with cost c between lo and hi, and gives its number.
func (t *standard) add(c, lo, hi float64) int {
	shift, turn, u := 0.0, 1.0, math.Inf(1)
	switch {
	case !math.IsInf(lo, -1):
		shift, u = lo, hi-lo
	case !math.IsInf(hi, 1):
		shift, turn = hi, -1
	}
	if u < math.MaxFloat64 {
		t.maxU = max(t.maxU, u)
	}
	t.free = append(t.free, math.IsInf(lo, -1) && math.IsInf(hi, 1))
	t.c0 += c * shift
	t.c, t.u, t.shift, t.turn = append(t.c, c*turn), append(t.u, u), append(t.shift, shift), append(t.turn, turn)
	return len(t.c) - 1
}

// mul sets r = A v over all variables; mulT sets g = Aᵀ y.
func (t *standard) mul(s *scaled, r, v []float64) {
	x := make([]float64, t.n)
	for j := range x {
		x[j] = t.turn[j] * v[j]
	}
	s.mulA(r, x)
	for k, i := range t.slack {
		r[i] += t.slackV[k] * v[t.n+k]
	}
}

func (t *standard) mulT(s *scaled, g, y []float64) {
	s.mulAt(g[:t.n], y)
	for j := range t.n {
		g[j] *= t.turn[j]
	}
	for k, i := range t.slack {
		g[t.n+k] = t.slackV[k] * y[i]
	}
}

// point turns (v, y)/τ back into x and y; with τ = 0 it gives the direction v.
func (t *standard) point(v, y []float64, tau float64) (x, dual []float64) {
	x, dual = make([]float64, t.n), make([]float64, len(y))
	if tau == 0 {
		for j := range x {
			x[j] = t.turn[j] * v[j]
		}
		return x, dual
	}
	for j := range x {
		x[j] = t.shift[j] + t.turn[j]*v[j]/tau
	}
	for i := range dual {
		dual[i] = y[i] / tau
	}
	return x, dual
}
