package lp

import (
	"context"
	"math"
	"slices"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// host is the backend of this machine's processors. Both products gather: Aᵀy by columns, A x by rows, each fused with
// the update that uses it, range by range.
type host struct {
	*scaled
	x, xhat, refl, x0, xPrev []float64
	y, yhat, y0, yPrev       []float64
	aty, ax                  []float64  // the products of the last step: Aᵀy, A·reflection
	atyHat, axHat            []float64  // products with (x̂, ŷ), taken by measure
	aty0, ax0                []float64  // products with the anchor
	f, ft                    multiplier // the matrix and its transpose, once steps are made
}

func newHost(s *scaled) *host {
	n, m := s.a.Cols, s.a.Rows
	block := kernels.Large[float64]
	return &host{scaled: s, x: block(n), xhat: block(n), refl: block(n), x0: block(n), xPrev: block(n),
		y: block(m), yhat: block(m), y0: block(m), yPrev: block(m),
		aty: block(n), ax: block(m), atyHat: block(n), axHat: block(m), aty0: block(n), ax0: block(m)}
}

// each calls f for every range of a cut, on several threads when there are several ranges.
func (s *scaled) each(cut [][2]int, f func(piece, lo, hi int)) {
	if len(cut) == 1 || s.threads == 1 {
		for p, r := range cut {
			f(p, r[0], r[1])
		}
		return
	}
	// The context never ends and no piece fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), s.threads, len(cut), func(p int) error {
		f(p, cut[p][0], cut[p][1])
		return nil
	})
}

// mulA sets dst to Ã x, mulAt sets dst to Ãᵀ y.
func (s *scaled) mulA(dst, x []float64) {
	s.each(s.cutRow, func(_, lo, hi int) { s.a.MulRows(dst, x, lo, hi) })
}

func (s *scaled) mulAt(dst, y []float64) {
	s.each(s.cutCol, func(_, lo, hi int) { s.at.MulRows(dst, y, lo, hi) })
}

// total sums f over the ranges of a cut in their order.
func (s *scaled) total(cut [][2]int, f func(lo, hi int) float64) float64 {
	part := make([]float64, len(cut))
	s.each(cut, func(p, lo, hi int) { part[p] = f(lo, hi) })
	return kernels.SumFloat64(part)
}

func (h *host) start(x, y []float64) {
	copy(h.xhat, x)
	copy(h.yhat, y)
	for j := range h.xhat {
		h.xhat[j] = min(max(h.xhat[j], h.lo[j]), h.hi[j])
	}
	h.mulA(h.axHat, h.xhat)
	h.mulAt(h.atyHat, h.yhat)
	h.restart()
}

func (h *host) restart() {
	copy(h.x, h.xhat)
	copy(h.x0, h.xhat)
	copy(h.y, h.yhat)
	copy(h.y0, h.yhat)
	copy(h.aty0, h.atyHat)
	copy(h.ax0, h.axHat)
}

func (h *host) steps(k, count int, tau, sigma float64) {
	if h.f.by == nil {
		h.f, h.ft = newMultiplier(h.a, h.cutRow, nil, h.threads), newMultiplier(h.at, h.cutCol, nil, h.threads)
	}
	halpern{h.scaled, h.f, h.ft, h.x, h.xhat, h.refl, h.x0, h.c, h.lo, h.hi, h.aty,
		h.y, h.yhat, h.y0, h.ax, h.rowLo, h.rowHi}.steps(k, count, tau, sigma, func() {
		copy(h.xPrev, h.x)
		copy(h.yPrev, h.y)
	})
}

func (h *host) measure(eta, w float64) measures {
	h.mulA(h.axHat, h.xhat)
	h.mulAt(h.atyHat, h.yhat)
	cols, rows := make([]measures, len(h.cutCol)), make([]measures, len(h.cutRow))
	h.each(h.cutCol, func(p, lo, hi int) { cols[p] = h.measureColumns(lo, hi, eta, w) })
	h.each(h.cutRow, func(p, lo, hi int) { rows[p] = h.measureRows(lo, hi, w) })
	return joinMeasures(append(cols, rows...))
}

// joinMeasures adds the sums of the pieces, columns before rows.
func joinMeasures(parts []measures) measures {
	var t measures
	for _, m := range parts {
		t.fixedPoint += m.fixedPoint
		t.moveX, t.moveY = t.moveX+m.moveX, t.moveY+m.moveY
		t.primal, t.dual = t.primal+m.primal, t.dual+m.dual
		t.worst = max(t.worst, m.worst)
		t.objective, t.dualObj = t.objective+m.objective, t.dualObj+m.dualObj
		t.rayCost, t.farkas = t.rayCost+m.rayCost, t.farkas+m.farkas
		t.rayMiss, t.farkasMiss = t.rayMiss+m.rayMiss, t.farkasMiss+m.farkasMiss
	}
	t.moveX, t.moveY = math.Sqrt(t.moveX), math.Sqrt(t.moveY)
	t.primal, t.dual = math.Sqrt(t.primal), math.Sqrt(t.dual)
	t.rayMiss, t.farkasMiss = math.Sqrt(t.rayMiss), math.Sqrt(t.farkasMiss)
	return t
}

// measureColumns sums over columns lo … hi−1.
func (h *host) measureColumns(lo, hi int, eta, w float64) measures {
	var t measures
	value := 1 / (h.beta * h.gamma)
	for j := lo; j < hi; j++ {
		d := h.xhat[j] - h.xPrev[j]
		t.fixedPoint += w*d*d + 2*eta*(h.atyHat[j]-h.aty[j])*d
		dx := h.xhat[j] - h.x0[j]
		t.moveX += dx * dx
		t.objective += h.c[j] * h.xhat[j] * value
		r := h.c[j] - h.atyHat[j]
		kept, obj := boundValue(r, h.lo[j], h.hi[j])
		t.dualObj += obj * value
		miss := (r - kept) / (h.col[j] * h.gamma)
		t.dual += miss * miss

		t.rayCost += h.c[j] * dx * value
		if (dx < 0 && !math.IsInf(h.lo[j], -1)) || (dx > 0 && !math.IsInf(h.hi[j], 1)) {
			v := dx * h.col[j] / h.beta
			t.rayMiss += v * v
		}
		r = h.aty0[j] - h.atyHat[j]
		kept, obj = boundValue(r, h.lo[j], h.hi[j])
		t.farkas += obj * value
		miss = (r - kept) / (h.col[j] * h.gamma)
		t.farkasMiss += miss * miss
	}
	return t
}

// measureRows sums over rows lo … hi−1.
func (h *host) measureRows(lo, hi int, w float64) measures {
	var t measures
	value := 1 / (h.beta * h.gamma)
	for i := lo; i < hi; i++ {
		d := h.yhat[i] - h.yPrev[i]
		t.fixedPoint += d * d / w
		dy := h.yhat[i] - h.y0[i]
		t.moveY += dy * dy
		act := h.axHat[i]
		miss := math.Abs(act-min(max(act, h.rowLo[i]), h.rowHi[i])) / (h.row[i] * h.beta)
		t.primal += miss * miss
		t.worst = max(t.worst, miss)
		_, obj := boundValue(h.yhat[i], h.rowLo[i], h.rowHi[i])
		t.dualObj += obj * value

		dax := (act - h.ax0[i]) / (h.row[i] * h.beta)
		if (dax < 0 && !math.IsInf(h.rowLo[i], -1)) || (dax > 0 && !math.IsInf(h.rowHi[i], 1)) {
			t.rayMiss += dax * dax
		}
		kept, obj := boundValue(dy, h.rowLo[i], h.rowHi[i])
		t.farkas += obj * value
		wrong := (dy - kept) * h.row[i] / h.gamma
		t.farkasMiss += wrong * wrong
	}
	return t
}

// boundValue splits a dual value: the part kept is the one whose bound is finite, and what it is worth at that bound.
func boundValue(r, lo, hi float64) (kept, value float64) {
	switch {
	case r > 0 && !math.IsInf(lo, -1):
		return r, r * lo
	case r < 0 && !math.IsInf(hi, 1):
		return r, r * hi
	}
	return 0, 0
}

func (h *host) close() {}

func (h *host) point() (x, y []float64) { return slices.Clone(h.xhat), slices.Clone(h.yhat) }

func (h *host) rays() (x, y []float64) {
	x, y = h.point()
	for j := range x {
		x[j] -= h.x0[j]
	}
	for i := range y {
		y[i] -= h.y0[i]
	}
	return x, y
}
