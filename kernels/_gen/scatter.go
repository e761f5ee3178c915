package main

import "github.com/mmcloughlin/avo/operand"

// makeScatter puts values into buckets by way of a line for each, in a near cache; full lines go past the caches.
func makeScatter(a *asm) {
	a.function("scatterAVX2", "func(entry, line *int64, next *int32, code *int32, x *int64, n int, shift int)",
		"scatterAVX2 puts n values, at least one, and their codes into the buckets code>>shift, negative codes into none. The last",
		"lines, not full yet, stay in line.")
	entry, line, next := a.pointer("entry"), a.pointer("line"), a.pointer("next")
	code, x, n, by := a.pointer("code"), a.pointer("x"), a.number("n"), a.number("shift")
	c, b, p, slot, v := a.GP64(), a.GP64(), a.GP64(), a.GP64(), a.GP64()
	low, high := a.YMM(), a.YMM()
	a.Label("value")
	a.MOVLQSX(mem(code, 0), c)
	a.TESTQ(c, c)
	a.JS(operand.LabelRef("done"))
	a.SHRXQ(by, c, b)
	a.MOVL(at(next, b, 4, 0), p.As32())
	a.INCL(at(next, b, 4, 0))
	a.SHLQ(operand.Imm(6), b)
	a.ADDQ(line, b)
	a.MOVQ(p, slot)
	a.ANDQ(operand.Imm(3), slot)
	a.SHLQ(operand.Imm(4), slot)
	a.MOVQ(mem(x, 0), v)
	a.MOVQ(v, at(b, slot, 1, 0))
	a.MOVQ(c, at(b, slot, 1, 8))
	a.CMPQ(slot, operand.Imm(48))
	a.JNE(operand.LabelRef("done"))
	a.VMOVDQU(mem(b, 0), low)
	a.VMOVDQU(mem(b, 32), high)
	a.SHLQ(operand.Imm(4), p)
	a.VMOVNTDQ(low, at(entry, p, 1, -48))
	a.VMOVNTDQ(high, at(entry, p, 1, -16))
	a.Label("done")
	a.ADDQ(operand.Imm(4), code)
	a.ADDQ(operand.Imm(8), x)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("value"))
	a.SFENCE()
	a.VZEROUPPER()
	a.RET()

	a.fetchSums("fetchEntriesAVX2", "code *int64", "entries", 16, a.MOVQ)
}
