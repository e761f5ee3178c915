package lp

import (
	"sync"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// halpern is what a step works on: all columns of a program, or some.
type halpern struct {
	s                                 *scaled
	a, at                             *sparse.CSR
	cutRow, cutCol                    [][2]int
	x, xhat, refl, x0, c, lo, hi, aty []float64
	y, yhat, y0, ax, rowLo, rowHi     []float64
}

// passing holds what a piece of a step computes and only the last step of a run keeps: products and projected points. It
// stays in the nearest caches, where whole vectors would go through memory.
type passing struct{ product, point []float64 }

// steps makes count steps, the first being number k since the anchor, and calls keep before the last one.
func (h halpern) steps(k, count int, tau, sigma float64, keep func()) {
	size := max(longest(h.cutCol), longest(h.cutRow))
	scratch := sync.Pool{New: func() any { return &passing{make([]float64, size), make([]float64, size)} }}
	for i := range count {
		a, b := float64(k+i+1)/float64(k+i+2), 1/float64(k+i+2)
		last := i == count-1
		if last {
			keep()
		}
		h.s.each(h.cutCol, func(_, lo, hi int) {
			aty, xhat := h.aty[lo:hi], h.xhat[lo:hi]
			if !last {
				w := scratch.Get().(*passing)
				defer scratch.Put(w)
				aty, xhat = w.product[:hi-lo], w.point[:hi-lo]
			}
			kernels.SpMV(aty, h.at.Ptr[lo:hi+1], h.at.Col, h.at.Val, h.y)
			kernels.HalpernPrimal(h.x[lo:hi], xhat, h.refl[lo:hi], h.x0[lo:hi], h.c[lo:hi], aty, h.lo[lo:hi], h.hi[lo:hi], tau, a, b)
		})
		h.s.each(h.cutRow, func(_, lo, hi int) {
			ax, yhat := h.ax[lo:hi], h.yhat[lo:hi]
			if !last {
				w := scratch.Get().(*passing)
				defer scratch.Put(w)
				ax, yhat = w.product[:hi-lo], w.point[:hi-lo]
			}
			kernels.SpMV(ax, h.a.Ptr[lo:hi+1], h.a.Col, h.a.Val, h.refl)
			kernels.HalpernDual(h.y[lo:hi], yhat, h.y0[lo:hi], ax, h.rowLo[lo:hi], h.rowHi[lo:hi], sigma, 1/sigma, a, b)
		})
	}
}

// longest is the length of the longest range of a cut.
func longest(cut [][2]int) int {
	most := 0
	for _, r := range cut {
		most = max(most, r[1]-r[0])
	}
	return most
}
