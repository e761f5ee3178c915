package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanesLoop runs over n values in steps of eight: body(offset in bytes, nil) for whole steps; for the rest body gets the
// two masks of its lanes. next moves the pointers on by eight values.
func (a *asm) lanesLoop(n reg.GPVirtual, table operand.Mem, whole func(), rest func(low, high reg.VecVirtual)) {
	a.SUBQ(operand.Imm(8), n)
	a.JLT(operand.LabelRef("rest"))
	a.Label("whole")
	whole()
	a.SUBQ(operand.Imm(8), n)
	a.JGE(operand.LabelRef("whole"))
	a.Label("rest")
	a.ADDQ(operand.Imm(8), n)
	a.JZ(operand.LabelRef("done"))
	p := a.maskAt(table, 8, n)
	low, high := a.YMM(), a.YMM()
	a.VMOVUPD(mem(p, 0), low)
	a.VMOVUPD(mem(p, 32), high)
	rest(low, high)
	a.Label("done")
}

func makeDot(a *asm) {
	table := a.masks("dotMasks", 8)
	a.function("dotAVX2", "func(x, y *float64, n int) float64", "dotAVX2 is Dot, lanes 0–3 and 4–7 in a register each.")
	x, y, n := a.pointer("x"), a.pointer("y"), a.number("n")
	sum, v, w := a.zeros(2), a.ymms(2), a.ymms(2)
	a.lanesLoop(n, table, func() {
		for h := range 2 {
			a.VMOVUPD(mem(x, 32*h), v[h])
			a.VMULPD(mem(y, 32*h), v[h], v[h])
			a.VADDPD(v[h], sum[h], sum[h])
		}
		a.ADDQ(operand.Imm(64), x)
		a.ADDQ(operand.Imm(64), y)
	}, func(low, high reg.VecVirtual) {
		for h, mask := range []reg.VecVirtual{low, high} {
			a.VMASKMOVPD(mem(x, 32*h), mask, v[h])
			a.VMASKMOVPD(mem(y, 32*h), mask, w[h])
			a.VMULPD(w[h], v[h], v[h])
			a.VADDPD(v[h], sum[h], sum[h])
		}
	})
	a.returnFloat(a.fold(sum[0], sum[1]))
}

func makeSum(a *asm) {
	table := a.masks("sumMasks", 8)
	a.function("sumAVX2", "func(x *float64, n int) float64", "sumAVX2 is SumFloat64, lanes 0–3 and 4–7 in a register each.")
	x, n := a.pointer("x"), a.number("n")
	sum, v := a.zeros(2), a.ymms(2)
	a.lanesLoop(n, table, func() {
		for h := range 2 {
			a.VADDPD(mem(x, 32*h), sum[h], sum[h])
		}
		a.ADDQ(operand.Imm(64), x)
	}, func(low, high reg.VecVirtual) {
		for h, mask := range []reg.VecVirtual{low, high} {
			a.VMASKMOVPD(mem(x, 32*h), mask, v[h])
			a.VADDPD(v[h], sum[h], sum[h])
		}
	})
	a.returnFloat(a.fold(sum[0], sum[1]))
}

// makeNorm compares magnitudes as integers: their order is that of the floats, and NaN lies above infinity.
func makeNorm(a *asm) {
	table := a.masks("normMasks", 8)
	a.function("normInfAVX2", "func(x *float64, n int) float64", "normInfAVX2 is NormInf: magnitudes compared as integers, NaN above all.")
	x, n := a.pointer("x"), a.number("n")
	most, v := a.zeros(2), a.ymms(2)
	clear, larger := a.YMM(), a.YMM()
	a.VPCMPEQD(clear, clear, clear)
	a.VPSRLQ(operand.Imm(1), clear, clear)
	take := func(h int) {
		a.VPCMPGTQ(most[h], v[h], larger)
		a.VBLENDVPD(larger, v[h], most[h], most[h])
	}
	a.lanesLoop(n, table, func() {
		for h := range 2 {
			a.VPAND(mem(x, 32*h), clear, v[h])
			take(h)
		}
		a.ADDQ(operand.Imm(64), x)
	}, func(low, high reg.VecVirtual) {
		for h, mask := range []reg.VecVirtual{low, high} {
			a.VMASKMOVPD(mem(x, 32*h), mask, v[h])
			a.VPAND(v[h], clear, v[h])
			take(h)
		}
	})
	a.VMOVAPD(most[1], v[0])
	take(0)
	a.VPERM2F128(operand.Imm(1), most[0], most[0], v[0])
	take(0)
	a.VPERMILPD(operand.Imm(5), most[0], v[0])
	take(0)
	a.returnFloat(most[0].AsX())
}

// foursLoop runs over n values in steps of four; n is a positive multiple of four. i counts values.
func (a *asm) foursLoop(n reg.GPVirtual, body func(i reg.GPVirtual)) {
	i := a.GP64()
	a.XORQ(i, i)
	a.Label("fours")
	body(i)
	a.ADDQ(operand.Imm(4), i)
	a.CMPQ(i, n)
	a.JLT(operand.LabelRef("fours"))
	a.VZEROUPPER()
	a.RET()
}

func makeAxpy(a *asm) {
	a.function("axpyAVX2", "func(a float64, x, y *float64, n int)", "axpyAVX2 is Axpy for n a positive multiple of 4.")
	f, x, y, n := a.spread("a"), a.pointer("x"), a.pointer("y"), a.number("n")
	v := a.YMM()
	a.foursLoop(n, func(i reg.GPVirtual) {
		a.VMULPD(at(x, i, 8, 0), f, v)
		a.VADDPD(at(y, i, 8, 0), v, v)
		a.VMOVUPD(v, at(y, i, 8, 0))
	})
}

// makeHalpern relies on what VMAXPD and VMINPD do when values are equal or no numbers: they give their last source, as
// the comparisons of the definition keep what they have.
func makeHalpern(a *asm) {
	a.function("halpernPrimalAVX2", "func(x, xhat, refl, anchor, c, grad, lo, hi *float64, n int, tau, a, b float64)",
		"halpernPrimalAVX2 is HalpernPrimal for n a positive multiple of 4.")
	x, xhat, refl, anchor := a.pointer("x"), a.pointer("xhat"), a.pointer("refl"), a.pointer("anchor")
	c, g, lo, hi, n := a.pointer("c"), a.pointer("grad"), a.pointer("lo"), a.pointer("hi"), a.number("n")
	tau, fa, fb := a.spread("tau"), a.spread("a"), a.spread("b")
	old, h, r := a.YMM(), a.YMM(), a.YMM()
	a.foursLoop(n, func(i reg.GPVirtual) {
		a.VMOVUPD(at(x, i, 8, 0), old)
		a.VMOVUPD(at(c, i, 8, 0), h)
		a.VSUBPD(at(g, i, 8, 0), h, h)
		a.VMULPD(h, tau, h)
		a.VSUBPD(h, old, h)
		a.VMOVUPD(at(lo, i, 8, 0), r)
		a.VMAXPD(h, r, h)
		a.VMOVUPD(at(hi, i, 8, 0), r)
		a.VMINPD(h, r, h)
		a.VMOVUPD(h, at(xhat, i, 8, 0))
		a.VADDPD(h, h, r)
		a.VSUBPD(old, r, r)
		a.VMOVUPD(r, at(refl, i, 8, 0))
		a.VMULPD(r, fa, r)
		a.VMULPD(at(anchor, i, 8, 0), fb, h)
		a.VADDPD(h, r, r)
		a.VMOVUPD(r, at(x, i, 8, 0))
	})
	a.halpernDual()
}

func (a *asm) halpernDual() {
	a.function("halpernDualAVX2", "func(y, yhat, anchor, grad, lo, hi *float64, n int, sigma, inv, a, b float64)",
		"halpernDualAVX2 is HalpernDual for n a positive multiple of 4.")
	y, yhat, anchor, g := a.pointer("y"), a.pointer("yhat"), a.pointer("anchor"), a.pointer("grad")
	lo, hi, n := a.pointer("lo"), a.pointer("hi"), a.number("n")
	sigma, inv, fa, fb := a.spread("sigma"), a.spread("inv"), a.spread("a"), a.spread("b")
	sign, old, q, p, h := a.YMM(), a.YMM(), a.YMM(), a.YMM(), a.YMM()
	a.VPCMPEQD(sign, sign, sign)
	a.VPSLLQ(operand.Imm(63), sign, sign)
	a.foursLoop(n, func(i reg.GPVirtual) {
		a.VMOVUPD(at(y, i, 8, 0), old)
		a.VMULPD(old, inv, q)
		a.VSUBPD(at(g, i, 8, 0), q, q)
		a.VXORPD(at(hi, i, 8, 0), sign, h)
		a.VMAXPD(q, h, p)
		a.VXORPD(at(lo, i, 8, 0), sign, h)
		a.VMINPD(p, h, p)
		a.VSUBPD(p, q, h)
		a.VMULPD(h, sigma, h)
		a.VMOVUPD(h, at(yhat, i, 8, 0))
		a.VADDPD(h, h, p)
		a.VSUBPD(old, p, p)
		a.VMULPD(p, fa, p)
		a.VMULPD(at(anchor, i, 8, 0), fb, h)
		a.VADDPD(h, p, p)
		a.VMOVUPD(p, at(y, i, 8, 0))
	})
}
