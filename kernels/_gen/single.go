package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// makeSweep32 is a sweep in single precision for one vector, eight lanes in one register.
func makeSweep32(a *asm) {
	short := a.masks("sweepMasks32", 4)
	a.function("sweep32AVX2", "func(dst *float32, ptr *int64, rows int, col *int32, val, x, c *float32)", "sweep32AVX2 is Sweep32 for at least one row.")
	dst, ptr, rows := a.pointer("dst"), a.pointer("ptr"), a.number("rows")
	r := row{col: a.pointer("col"), val: a.pointer("val"), x: a.pointer("x"), short: short}
	c := a.pointer("c")
	from, n := a.GP64(), a.GP64()
	a.MOVQ(mem(ptr, 0), from)
	a.LEAQ(at(r.col, from, 4, 0), r.col)
	a.LEAQ(at(r.val, from, 4, 0), r.val)
	a.Label("row")
	a.MOVQ(mem(ptr, 8), n)
	a.SUBQ(from, n)
	a.ADDQ(n, from)
	sum := a.row32(r, n)
	a.VADDSS(mem(c, 0), sum, sum)
	a.VMOVSS(sum, mem(dst, 0))
	a.ADDQ(operand.Imm(4), dst)
	a.ADDQ(operand.Imm(4), c)
	a.ADDQ(operand.Imm(8), ptr)
	a.DECQ(rows)
	a.JNZ(operand.LabelRef("row"))
	a.VZEROUPPER()
	a.RET()
}

// row32 is the product of a row of n entries; col and val are left behind them.
func (a *asm) row32(r row, n reg.GPVirtual) reg.Register {
	sum, v, w := a.YMM(), a.YMM(), a.YMM()
	a.VXORPS(sum, sum, sum)
	a.SUBQ(operand.Imm(8), n)
	a.JLT(operand.LabelRef("rest"))
	a.Label("whole")
	a.gather8(r, v)
	a.VMULPS(mem(r.val, 0), v, v)
	a.VADDPS(v, sum, sum)
	a.ADDQ(operand.Imm(32), r.col)
	a.ADDQ(operand.Imm(32), r.val)
	a.SUBQ(operand.Imm(8), n)
	a.JGE(operand.LabelRef("whole"))
	a.Label("rest")
	a.ADDQ(operand.Imm(8), n)
	a.JZ(operand.LabelRef("done"))
	// Lanes without an entry read the first value of x and are masked away.
	narrow, mask, high := a.maskAt(r.short, 4, n), a.YMM(), a.XMM()
	a.VMOVDQU(mem(narrow, 0), mask)
	a.gatherFew32(r, mask.AsX(), 0, w.AsX())
	a.CMPQ(n, operand.Imm(4))
	a.JLE(operand.LabelRef("gathered"))
	a.VMOVDQU(mem(narrow, 16), high)
	a.gatherFew32(r, high, 4, high)
	a.VINSERTF128(operand.Imm(1), high, w, w)
	a.Label("gathered")
	a.VANDPS(mask, w, w)
	a.VMASKMOVPS(mem(r.val, 0), mask, v)
	a.VMULPS(w, v, v)
	a.VADDPS(v, sum, sum)
	a.LEAQ(at(r.col, n, 4, 0), r.col)
	a.LEAQ(at(r.val, n, 4, 0), r.val)
	a.Label("done")
	upper := a.XMM()
	a.VEXTRACTF128(operand.Imm(1), sum, upper)
	a.VADDPS(upper, sum.AsX(), sum.AsX())
	a.VMOVHLPS(sum.AsX(), sum.AsX(), upper)
	a.VADDPS(upper, sum.AsX(), sum.AsX())
	a.VMOVSHDUP(sum.AsX(), upper)
	a.VADDSS(upper, sum.AsX(), sum.AsX())
	return sum.AsX()
}

// gather8 reads x at eight columns, one load each (bench/NOTES.md).
func (a *asm) gather8(r row, out reg.VecVirtual) {
	high := a.XMM()
	for half, to := range []reg.Register{out.AsX(), high} {
		c := []reg.GPVirtual{a.GP64(), a.GP64(), a.GP64(), a.GP64()}
		for k := range c {
			a.MOVLQSX(mem(r.col, 16*half+4*k), c[k])
		}
		a.join4(r, c, to)
	}
	a.VINSERTF128(operand.Imm(1), high, out, out)
}

// gatherFew32 reads x at the four columns from place at that the mask has, and its first value for the others.
func (a *asm) gatherFew32(r row, mask reg.Register, place int, out reg.Register) {
	index := a.XMM()
	c := []reg.GPVirtual{a.GP64(), a.GP64(), a.GP64(), a.GP64()}
	a.VPMASKMOVD(mem(r.col, 4*place), mask, index)
	a.VMOVQ(index, c[0])
	a.VPEXTRQ(operand.Imm(1), index, c[2])
	for k := 0; k < 4; k += 2 {
		a.MOVQ(c[k], c[k+1])
		a.SHRQ(operand.Imm(32), c[k+1])
		a.MOVLQSX(c[k].As32(), c[k])
	}
	a.join4(r, c, out)
}

// join4 loads x at four places into the four lanes of out.
func (a *asm) join4(r row, c []reg.GPVirtual, out reg.Register) {
	a.VMOVSS(at(r.x, c[0], 4, 0), out)
	for k := 1; k < 4; k++ {
		a.VINSERTPS(operand.Imm(uint64(k<<4)), at(r.x, c[k], 4, 0), out, out)
	}
}

// makeSides32 makes the operations on sixteen interleaved vectors.
func makeSides32(a *asm) {
	a.makeSweepSides32()
	a.makeProductSides32()
}

// makeSweepSides32 is a sweep in single precision for sixteen interleaved vectors, a register for each eight.
func (a *asm) makeSweepSides32() {
	a.function("sweepSides32AVX2", "func(dst *float32, ptr *int64, rows int, col *int32, val, x, c *float32, last int)",
		"sweepSides32AVX2 is SweepSides32 for at least one row; last is the place of the last entry of col.")
	dst, ptr, rows := a.pointer("dst"), a.pointer("ptr"), a.number("rows")
	col, val, x, c := a.pointer("col"), a.pointer("val"), a.pointer("x"), a.pointer("c")
	last := a.number("last")
	k, n, j := a.GP64(), a.GP64(), a.GP64()
	sum, v, f := a.ymms(2), a.ymms(2), a.YMM()
	a.MOVQ(mem(ptr, 0), k)
	a.Label("row")
	for h := range sum {
		a.VXORPS(sum[h], sum[h], sum[h])
	}
	a.MOVQ(mem(ptr, 8), n)
	a.JMP(operand.LabelRef("test"))
	a.Label("entry")
	a.fetchAhead(col, x, k, last)
	a.MOVLQSX(at(col, k, 4, 0), j)
	a.SHLQ(operand.Imm(6), j)
	a.VBROADCASTSS(at(val, k, 4, 0), f)
	for h := range sum {
		a.VMULPS(at(x, j, 1, 32*h), f, v[h])
		a.VADDPS(v[h], sum[h], sum[h])
	}
	a.INCQ(k)
	a.Label("test")
	a.CMPQ(k, n)
	a.JLT(operand.LabelRef("entry"))
	for h := range sum {
		a.VADDPS(mem(c, 32*h), sum[h], sum[h])
		a.VMOVUPS(sum[h], mem(dst, 32*h))
	}
	a.ADDQ(operand.Imm(64), dst)
	a.ADDQ(operand.Imm(64), c)
	a.ADDQ(operand.Imm(8), ptr)
	a.DECQ(rows)
	a.JNZ(operand.LabelRef("row"))
	a.VZEROUPPER()
	a.RET()
}

// makeProductSides32 multiplies sixteen interleaved vectors in single precision by a matrix in double, four lanes to a
// register.
func (a *asm) makeProductSides32() {
	a.function("productSides32AVX2", "func(dst *float64, ptr *int64, rows int, col *int32, val *float64, x *float32, last int)",
		"productSides32AVX2 is ProductSides32 for at least one row; last is the place of the last entry of col.")
	dst, ptr, rows := a.pointer("dst"), a.pointer("ptr"), a.number("rows")
	col, val, x := a.pointer("col"), a.pointer("val"), a.pointer("x")
	last := a.number("last")
	k, n, j := a.GP64(), a.GP64(), a.GP64()
	sum, v, f := a.ymms(4), a.ymms(4), a.YMM()
	a.MOVQ(mem(ptr, 0), k)
	a.Label("row")
	for h := range sum {
		a.VXORPD(sum[h], sum[h], sum[h])
	}
	a.MOVQ(mem(ptr, 8), n)
	a.JMP(operand.LabelRef("test"))
	a.Label("entry")
	a.fetchAhead(col, x, k, last)
	a.MOVLQSX(at(col, k, 4, 0), j)
	a.SHLQ(operand.Imm(6), j)
	a.VBROADCASTSD(at(val, k, 8, 0), f)
	for h := range sum {
		a.VCVTPS2PD(at(x, j, 1, 16*h), v[h])
		a.VMULPD(v[h], f, v[h])
		a.VADDPD(v[h], sum[h], sum[h])
	}
	a.INCQ(k)
	a.Label("test")
	a.CMPQ(k, n)
	a.JLT(operand.LabelRef("entry"))
	for h := range sum {
		a.VMOVUPD(sum[h], mem(dst, 32*h))
	}
	a.ADDQ(operand.Imm(128), dst)
	a.ADDQ(operand.Imm(8), ptr)
	a.DECQ(rows)
	a.JNZ(operand.LabelRef("row"))
	a.VZEROUPPER()
	a.RET()
}

// makeDifferenceGram32 adds up the six products of three differences, for four of sixteen lanes.
func makeDifferenceGram32(a *asm) {
	a.function("differenceGram32AVX2", "func(sums *float64, a, b, c, d *float32, rows int)",
		"differenceGram32AVX2 is DifferenceGram32 for four of the lanes and at least one row of sixteen.")
	sums := a.pointer("sums")
	x := []reg.GPVirtual{a.pointer("a"), a.pointer("b"), a.pointer("c"), a.pointer("d")}
	rows := a.number("rows")
	sum, diff, product := a.ymms(6), a.ymms(3), a.YMM()
	for q := range sum {
		a.VMOVUPD(mem(sums, 128*q), sum[q])
	}
	last, next := a.XMM(), a.XMM()
	a.Label("row")
	a.VMOVUPS(mem(x[0], 0), last)
	for q := range diff {
		a.VMOVUPS(mem(x[q+1], 0), next)
		a.VSUBPS(last, next, last)
		a.VCVTPS2PD(last, diff[q])
		if q+1 < len(diff) {
			a.VMOVUPS(next, last)
		}
	}
	for q, at := 0, 0; q < len(diff); q++ {
		for r := q; r < len(diff); r++ {
			a.VMULPD(diff[q], diff[r], product)
			a.VADDPD(product, sum[at], sum[at])
			at++
		}
	}
	for _, p := range x {
		a.ADDQ(operand.Imm(64), p)
	}
	a.DECQ(rows)
	a.JNZ(operand.LabelRef("row"))
	for q := range sum {
		a.VMOVUPD(sum[q], mem(sums, 128*q))
	}
	a.VZEROUPPER()
	a.RET()
}

// ahead is how many entries before its turn a line of the vectors is asked for: what the processor overlaps by itself is less
// than the memory answers at a time (bench/NOTES.md).
const ahead = 64

// fetchAhead asks for the line of x that the entry some places after k needs.
func (a *asm) fetchAhead(col, x, k, last reg.GPVirtual) {
	j := a.GP64()
	a.LEAQ(mem(k, ahead), j)
	a.CMPQ(j, last)
	a.CMOVQGT(last, j)
	a.MOVLQSX(at(col, j, 4, 0), j)
	a.SHLQ(operand.Imm(6), j)
	a.PREFETCHT0(at(x, j, 1, 0))
}
