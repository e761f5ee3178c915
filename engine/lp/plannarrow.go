package lp

import "math"

// someColumns is a program cut down to some of its columns: the others stand at a bound, and what they use and make is
// taken off the rows' bounds. Most techniques of a plan are idle, so that work on the others costs a fraction.
type someColumns struct {
	scaled  // of the columns
	cols    []int32
	part    subMatrix
	rest    []float64  // per row: what the columns left out make
	settled []bool     // per row: a technique makes it and can make more
	f, ft   multiplier // the matrix and its transpose
}

const (
	narrowAfter  = 1    // restarts before columns are left out
	narrowMargin = 0.03 // of a product's price: reduced costs above it leave a technique out
	narrowRoom   = 0.9  // share of its bound up to which a technique can make more
	narrowWorth  = 0.8  // share of all columns above which nothing is left out
)

// choose lists the columns that may leave their bound: not those that would have to become much better first while another
// technique makes the product and can make more of it.
func (m *someColumns) choose(s *scaled, st *planStructure, x, y, aty []float64) {
	if m.settled == nil {
		m.settled = make([]bool, len(y))
	}
	clear(m.settled)
	for j, i := range st.own {
		if i >= 0 && x[j] > s.lo[j] && x[j] < s.hi[j]*narrowRoom {
			m.settled[i] = true
		}
	}
	m.cols = m.cols[:0]
	for j, i := range st.own {
		if i >= 0 && m.settled[i] {
			margin := narrowMargin * math.Abs(y[i]) * st.ownVal[j] * s.row[i] * s.col[j]
			r := s.c[j] - aty[j]
			if (x[j] == s.lo[j] && r > margin) || (x[j] == s.hi[j] && r < -margin) {
				continue
			}
		}
		m.cols = append(m.cols, int32(j))
	}
}

// worthwhile reports whether enough columns are left out.
func (m *someColumns) worthwhile(s *scaled) bool {
	return float64(len(m.cols)) < narrowWorth*float64(s.a.Cols)
}

// take cuts the program down to the chosen columns, the others being where x has them; ax is A x.
func (m *someColumns) take(s *scaled, x, ax []float64) {
	m.part.take(s, m.cols, nil)
	k, rows := len(m.cols), len(ax)
	t := &m.scaled
	*t = scaled{a: &m.part.a, at: &m.part.at, c: resize(t.c, k), lo: resize(t.lo, k), hi: resize(t.hi, k),
		rowLo: resize(t.rowLo, rows), rowHi: resize(t.rowHi, rows), col: resize(t.col, k), row: s.row, beta: s.beta, gamma: s.gamma,
		threads: s.threads, other: s.other, cutRow: m.part.cutA, cutCol: m.part.cutAt}
	if s.other == nil {
		m.f = newMultiplier(t.a, t.cutRow, m.f.blocked, s.threads)
		m.ft = newMultiplier(t.at, t.cutCol, m.ft.blocked, s.threads)
	}
	at := make([]float64, k)
	for e, j := range m.cols {
		t.c[e], t.lo[e], t.hi[e], t.col[e], at[e] = s.c[j], s.lo[j], s.hi[j], s.col[j], x[j]
	}
	m.rest = resize(m.rest, rows)
	t.each(t.cutRow, func(_, lo, hi int) {
		t.a.MulRows(m.rest, at, lo, hi)
		for i := lo; i < hi; i++ {
			m.rest[i] = ax[i] - m.rest[i]
			t.rowLo[i], t.rowHi[i] = s.rowLo[i]-m.rest[i], s.rowHi[i]-m.rest[i]
		}
	})
}

// narrowHost is a host that iterates on some columns only between two restarts; every restart measures all columns and
// chooses anew.
type narrowHost struct {
	*host
	st     *planStructure
	wait   int // restarts until columns are first left out
	narrow bool
	some   someColumns
	// State of these columns, as in host.
	px, pxhat, prefl, px0, paty []float64
}

func newNarrowHost(s *scaled, st *planStructure, wait int) *narrowHost {
	return &narrowHost{host: newHost(s), st: st, wait: wait}
}

func (n *narrowHost) start(x, y []float64) {
	n.host.start(x, y)
	if n.wait == 0 {
		n.restart()
	}
}

func (n *narrowHost) restart() {
	n.host.restart()
	if n.wait--; n.wait >= 0 {
		return
	}
	n.some.choose(n.scaled, n.st, n.xhat, n.yhat, n.atyHat)
	if n.narrow = n.some.worthwhile(n.scaled); !n.narrow {
		return
	}
	n.f, n.ft = multiplier{}, multiplier{} // what they hold is as large as the program
	n.some.take(n.scaled, n.xhat, n.axHat)
	k := len(n.some.cols)
	for _, v := range []*[]float64{&n.px, &n.pxhat, &n.prefl, &n.px0, &n.paty} {
		*v = resize(*v, k)
	}
	for e, j := range n.some.cols {
		n.px[e], n.pxhat[e], n.px0[e] = n.xhat[j], n.xhat[j], n.xhat[j]
	}
}

// steps iterates on the chosen columns, on another machine where there is one. The norm of some columns is at most that
// of all, so that the check of the step size has nothing to look at: the point counts as unmoved.
func (n *narrowHost) steps(k, count int, tau, sigma float64) {
	if !n.narrow {
		n.host.steps(k, count, tau, sigma)
		return
	}
	if n.other != nil {
		n.stepsElsewhere(k, count, tau, sigma)
	} else {
		s := &n.some.scaled
		halpern{s, n.some.f, n.some.ft, n.px, n.pxhat, n.prefl, n.px0, s.c, s.lo, s.hi, n.paty,
			n.y, n.yhat, n.y0, n.ax, s.rowLo, s.rowHi}.steps(k, count, tau, sigma, func() {})
	}
	for e, j := range n.some.cols {
		n.xhat[j] = n.pxhat[e]
	}
	copy(n.xPrev, n.xhat)
	copy(n.yPrev, n.yhat)
}

func (n *narrowHost) stepsElsewhere(k, count int, tau, sigma float64) {
	b := newBackend(&n.some.scaled)
	defer b.close()
	b.start(n.px, n.y)
	b.steps(k, count, tau, sigma)
	x, y := b.point()
	copy(n.pxhat, x)
	copy(n.yhat, y)
}
