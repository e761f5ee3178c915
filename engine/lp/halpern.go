package lp

import (
	"sync"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// halpern is what a step works on: all columns of a program, or some.
type halpern struct {
	s                                 *scaled
	a, at                             multiplier
	x, xhat, refl, x0, c, lo, hi, aty []float64
	y, yhat, y0, ax, rowLo, rowHi     []float64
}

// multiplier is a matrix that steps multiply by. Where the vector is longer than a cache holds, it is taken block of columns
// after block of columns, and a row's product is the sum of those of its blocks, in their order.
type multiplier struct {
	by      *sparse.CSR
	blocked *sparse.Blocked // nil: by has one block
	cut     [][2]int
}

// newMultiplier takes a matrix and its cut; blocks go into keep.
func newMultiplier(a *sparse.CSR, cut [][2]int, keep *sparse.Blocked, threads int) multiplier {
	f := multiplier{by: a, cut: cut}
	if blocks := a.Blocks(); blocks > 1 {
		f.blocked = a.Blocked(blocks, keep, threads)
	}
	return f
}

// passing holds what a piece of a step computes and only the last step of a run keeps: products and projected points. It
// stays in the nearest caches, where whole vectors would go through memory.
type passing struct{ product, point []float64 }

// stepping is one run of steps.
type stepping struct {
	halpern
	scratch sync.Pool
}

// steps makes count steps, the first being number k since the anchor, and calls keep before the last one.
func (h halpern) steps(k, count int, tau, sigma float64, keep func()) {
	size := max(longest(h.at.cut), longest(h.a.cut))
	r := &stepping{halpern: h, scratch: sync.Pool{New: func() any { return &passing{make([]float64, size), make([]float64, size)} }}}
	for i := range count {
		a, b := float64(k+i+1)/float64(k+i+2), 1/float64(k+i+2)
		last := i == count-1
		if last {
			keep()
		}
		r.multiply(&h.at, h.aty, h.y, h.xhat, last, func(lo, hi int, aty, xhat []float64) {
			kernels.HalpernPrimal(h.x[lo:hi], xhat, h.refl[lo:hi], h.x0[lo:hi], h.c[lo:hi], aty, h.lo[lo:hi], h.hi[lo:hi], tau, a, b)
		})
		r.multiply(&h.a, h.ax, h.refl, h.yhat, last, func(lo, hi int, ax, yhat []float64) {
			kernels.HalpernDual(h.y[lo:hi], yhat, h.y0[lo:hi], ax, h.rowLo[lo:hi], h.rowHi[lo:hi], sigma, 1/sigma, a, b)
		})
	}
}

// multiply takes the product of f with x and gives every piece of it to use, which makes a piece of the projected point.
// Both are kept, in dst and hat, by the last step only.
func (r *stepping) multiply(f *multiplier, dst, x, hat []float64, last bool, use func(lo, hi int, product, point []float64)) {
	if f.blocked == nil {
		r.s.each(f.cut, func(_, lo, hi int) {
			product, point := dst[lo:hi], hat[lo:hi]
			if !last {
				w := r.scratch.Get().(*passing)
				defer r.scratch.Put(w)
				product, point = w.product[:hi-lo], w.point[:hi-lo]
			}
			kernels.SpMV(product, f.by.Ptr[lo:hi+1], f.by.Col, f.by.Val, x)
			use(lo, hi, product, point)
		})
		return
	}
	for b := range f.blocked.Blocks {
		r.s.each(f.cut, func(_, lo, hi int) {
			if b == 0 {
				f.blocked.MulBlock(dst[lo:hi], x, b, lo, hi)
				return
			}
			w := r.scratch.Get().(*passing)
			defer r.scratch.Put(w)
			f.blocked.MulBlock(w.product[:hi-lo], x, b, lo, hi)
			kernels.Axpy(1, w.product[:hi-lo], dst[lo:hi])
			if b < f.blocked.Blocks-1 {
				return
			}
			point := hat[lo:hi]
			if !last {
				point = w.point[:hi-lo]
			}
			use(lo, hi, dst[lo:hi], point)
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
