package lp

import "math"

// narrowHost is a host that leaves out columns that stand at a bound and would have to become much better to leave it:
// between two restarts it iterates on the other columns only, with the rows' bounds less what the columns left out use
// and make. Every restart measures all columns and chooses anew. Most techniques of a plan are idle, so an iteration
// costs a fraction.
type narrowHost struct {
	*host
	st     *planStructure
	wait   int // restarts until columns are first left out
	narrow bool
	cols   []int32 // the columns iterated on
	part   subMatrix
	// State of these columns and the rows' bounds for them, as in host.
	px, pxhat, prefl, px0, pc, plo, phi, paty []float64
	prowLo, prowHi                            []float64
}

const (
	narrowAfter  = 2    // restarts before columns are left out
	narrowMargin = 0.03 // of a product's price: reduced costs above it leave a technique out
	narrowWorth  = 0.8  // share of all columns above which nothing is left out
)

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
	if n.choose(); !n.narrow {
		return
	}
	n.part.take(n.scaled, n.cols, nil)
	n.gather()
}

// choose lists the columns to iterate on.
func (n *narrowHost) choose() {
	n.cols = n.cols[:0]
	for j, i := range n.st.own {
		if i >= 0 {
			margin := narrowMargin * math.Abs(n.yhat[i]) * n.ownScaled(j, i)
			r := n.c[j] - n.atyHat[j]
			if (n.xhat[j] == n.lo[j] && r > margin) || (n.xhat[j] == n.hi[j] && r < -margin) {
				continue
			}
		}
		n.cols = append(n.cols, int32(j))
	}
	n.narrow = float64(len(n.cols)) < narrowWorth*float64(len(n.st.own))
}

// ownScaled is what a technique makes of its product, scaled.
func (n *narrowHost) ownScaled(j int, i int32) float64 {
	return n.st.ownVal[j] * n.row[i] * n.col[j]
}

// gather takes the chosen columns' state out of the host's.
func (n *narrowHost) gather() {
	k := len(n.cols)
	for _, v := range []*[]float64{&n.px, &n.pxhat, &n.prefl, &n.px0, &n.pc, &n.plo, &n.phi, &n.paty} {
		*v = resize(*v, k)
	}
	for e, j := range n.cols {
		n.px[e], n.pxhat[e], n.px0[e] = n.xhat[j], n.xhat[j], n.xhat[j]
		n.pc[e], n.plo[e], n.phi[e] = n.c[j], n.lo[j], n.hi[j]
	}
	n.prowLo, n.prowHi = resize(n.prowLo, len(n.ax)), resize(n.prowHi, len(n.ax))
	n.each(n.part.cutA, func(_, lo, hi int) {
		n.part.a.MulRows(n.ax, n.px, lo, hi)
		for i := lo; i < hi; i++ {
			rest := n.axHat[i] - n.ax[i]
			n.prowLo[i], n.prowHi[i] = n.rowLo[i]-rest, n.rowHi[i]-rest
		}
	})
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
		halpern{n.scaled, &n.part.a, &n.part.at, n.part.cutA, n.part.cutAt, n.px, n.pxhat, n.prefl, n.px0, n.pc, n.plo, n.phi, n.paty,
			n.y, n.yhat, n.y0, n.ax, n.prowLo, n.prowHi}.steps(k, count, tau, sigma, func() {})
	}
	for e, j := range n.cols {
		n.xhat[j] = n.pxhat[e]
	}
	copy(n.xPrev, n.xhat)
	copy(n.yPrev, n.yhat)
}

func (n *narrowHost) stepsElsewhere(k, count int, tau, sigma float64) {
	s := &scaled{a: &n.part.a, at: &n.part.at, c: n.pc, lo: n.plo, hi: n.phi, rowLo: n.prowLo, rowHi: n.prowHi,
		col: n.col[:len(n.pc)], row: n.row, beta: n.beta, gamma: n.gamma, threads: n.threads, cutRow: n.part.cutA, cutCol: n.part.cutAt, other: n.other}
	b := newBackend(s)
	defer b.close()
	b.start(n.px, n.y)
	b.steps(k, count, tau, sigma)
	x, y := b.point()
	copy(n.pxhat, x)
	copy(n.yhat, y)
}
