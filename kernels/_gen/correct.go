package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// quarters are the four registers that sixteen lanes in double precision fill.
const quarters = 4

// sides loads four registers from memory.
func (a *asm) sides(from reg.Register) []reg.VecVirtual {
	out := a.ymms(quarters)
	for q := range out {
		a.VMOVUPD(mem(from, 32*q), out[q])
	}
	return out
}

// withoutSign gives a register that masks the sign bits away.
func (a *asm) withoutSign() reg.VecVirtual {
	out := a.YMM()
	a.VPCMPEQD(out, out, out)
	a.VPSRLQ(operand.Imm(1), out, out)
	return out
}

// nextRow moves on pointers, each by its step, and goes back to the label while there are rows.
func (a *asm) nextRow(rows reg.Register, label string, pointers []reg.GPVirtual, steps ...uint64) {
	for k, p := range pointers {
		a.ADDQ(operand.Imm(steps[k]), p)
	}
	a.DECQ(rows)
	a.JNZ(operand.LabelRef(label))
}

// makeCorrect32 makes what stands between the sweeps of sixteen interleaved vectors.
func makeCorrect32(a *asm) {
	a.makeMeanSides32()
	a.makeCorrectSides32()
	a.makeAddSides32()
	a.makeErrorSides()
}

func (a *asm) makeMeanSides32() {
	a.function("meanSides32AVX2", "func(dst, a, b, c, w *float32, rows int)", "meanSides32AVX2 is MeanSides32 for at least one row of sixteen.")
	p := []reg.GPVirtual{a.pointer("dst"), a.pointer("a"), a.pointer("b"), a.pointer("c")}
	from, rows := a.pointer("w"), a.number("rows")
	w := a.ymms(6)
	for k := range w {
		a.VMOVUPS(mem(from, 32*k), w[k])
	}
	sum, term := a.ymms(2), a.YMM()
	a.Label("row")
	for h := range sum {
		a.VMULPS(mem(p[1], 32*h), w[h], sum[h])
		for k := 1; k < 3; k++ {
			a.VMULPS(mem(p[k+1], 32*h), w[2*k+h], term)
			a.VADDPS(term, sum[h], sum[h])
		}
		a.VMOVUPS(sum[h], mem(p[0], 32*h))
	}
	a.nextRow(rows, "row", p, 64, 64, 64, 64)
	a.VZEROUPPER()
	a.RET()
}

func (a *asm) makeCorrectSides32() {
	a.function("correctSides32AVX2", "func(r *float64, c *float32, old, md *float64, d *float32, scale, inverse, squares *float64, rows int)",
		"correctSides32AVX2 is CorrectSides32 for at least one row of sixteen.")
	r, c, old, md, d := a.pointer("r"), a.pointer("c"), a.pointer("old"), a.pointer("md"), a.pointer("d")
	scale, inverse, to := a.sides(a.pointer("scale")), a.sides(a.pointer("inverse")), a.pointer("squares")
	squares, rows := a.sides(to), a.number("rows")
	step, v, term := a.YMM(), a.YMM(), a.YMM()
	a.Label("row")
	for q := range squares {
		a.VCVTPS2PD(mem(d, 16*q), step)
		a.VMULPD(step, scale[q], step)
		a.VMOVUPD(mem(old, 32*q), v)
		a.VSUBPD(step, v, v)
		a.VMULPD(mem(md, 32*q), scale[q], term)
		a.VADDPD(term, v, v)
		a.VMOVUPD(v, mem(r, 32*q))
		a.VMULPD(v, inverse[q], term)
		a.VCVTPD2PSY(term, term.AsX())
		a.VMOVUPS(term.AsX(), mem(c, 16*q))
		a.VMULPD(v, v, v)
		a.VADDPD(v, squares[q], squares[q])
	}
	a.nextRow(rows, "row", []reg.GPVirtual{r, c, old, md, d}, 128, 64, 128, 128, 64)
	a.storeSides(squares, to, 0)
	a.VZEROUPPER()
	a.RET()
}

func (a *asm) storeSides(from []reg.VecVirtual, to reg.Register, offset int) {
	for q := range from {
		a.VMOVUPD(from[q], mem(to, offset+32*q))
	}
}

func (a *asm) makeAddSides32() {
	a.function("addSides32AVX2", "func(x *float64, d *float32, scale *float64, limit float64, over *float64, rows int)",
		"addSides32AVX2 is AddSides32 for at least one row of sixteen.")
	x, d, scale := a.pointer("x"), a.pointer("d"), a.sides(a.pointer("scale"))
	limit, to := a.spread("limit"), a.pointer("over")
	over, rows, mask := a.sides(to), a.number("rows"), a.withoutSign()
	step, v := a.YMM(), a.YMM()
	a.Label("row")
	for q := range over {
		a.VCVTPS2PD(mem(d, 16*q), step)
		a.VMULPD(step, scale[q], step)
		a.VADDPD(mem(x, 32*q), step, v)
		a.VMOVUPD(v, mem(x, 32*q))
		a.VANDPD(mask, step, step)
		a.VMULPD(limit, v, v)
		a.VSUBPD(v, step, step)
		a.VMAXPD(over[q], step, over[q]) // the old one where the new is none
	}
	a.nextRow(rows, "row", []reg.GPVirtual{x, d}, 128, 64)
	a.storeSides(over, to, 0)
	a.VZEROUPPER()
	a.RET()
}

func (a *asm) makeErrorSides() {
	a.function("errorSidesAVX2", "func(x, b, r, factor, sums *float64, rows int)", "errorSidesAVX2 is ErrorSides for at least one row of sixteen.")
	x, b, r, factor, to := a.pointer("x"), a.pointer("b"), a.pointer("r"), a.pointer("factor"), a.pointer("sums")
	squares, rows, mask := a.sides(to), a.number("rows"), a.withoutSign()
	bound := a.ymms(quarters)
	for q := range bound {
		a.VMOVUPD(mem(to, 128+32*q), bound[q])
	}
	f, size, v := a.YMM(), a.YMM(), a.YMM()
	a.Label("row")
	a.VBROADCASTSD(mem(factor, 0), f)
	for q := range bound {
		a.VANDPD(mem(b, 32*q), mask, size)
		a.VANDPD(mem(x, 32*q), mask, v)
		a.VADDPD(v, size, size)
		a.VANDPD(mem(r, 32*q), mask, v)
		a.VADDPD(v, size, size)
		a.VMULPD(f, size, size)
		a.VADDPD(size, v, v)
		a.VMAXPD(bound[q], v, bound[q])
		a.VMULPD(size, size, size)
		a.VADDPD(size, squares[q], squares[q])
	}
	a.nextRow(rows, "row", []reg.GPVirtual{x, b, r, factor}, 128, 128, 128, 8)
	a.storeSides(squares, to, 0)
	a.storeSides(bound, to, 128)
	a.VZEROUPPER()
	a.RET()
}
