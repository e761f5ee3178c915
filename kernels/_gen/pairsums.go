package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// makePairSums adds both values of a row in one register; four rows share the loads of their codes and values.
func makePairSums(a *asm) {
	a.function("pairSumsAVX2", "func(sums *int64, slots int, code *int32, x *int64, y *int64, n int) (done int, need uint64)",
		"pairSumsAVX2 is addPairs for n a multiple of 4, but stops before the first four rows of which one has a code that is no slot less 1,",
		"and returns how many it took.")
	sums, slots, code, x, y, n := a.pointer("sums"), a.number("slots"), a.pointer("code"), a.pointer("x"), a.pointer("y"), a.number("n")
	last, one, zero := a.XMM(), a.XMM(), a.YMM()
	a.DECQ(slots)
	a.VMOVD(slots.As32(), last)
	a.VPBROADCASTD(last, last)
	a.VPCMPEQD(one, one, one) // −1
	a.VPXOR(zero, zero, zero)
	need := a.zeros(2)
	slot, low, fits := a.XMM(), a.XMM(), a.GP32()
	v, sign := a.ymms(2), a.ymms(2)
	pairs := a.ymms(2)
	place := []reg.GPVirtual{a.GP64(), a.GP64(), a.GP64(), a.GP64()}
	done := a.GP64()
	a.XORQ(done, done)
	a.Label("four")
	a.CMPQ(done, n)
	a.JGE(operand.LabelRef("end"))
	a.VMOVDQU(at(code, done, 4, 0), slot)
	a.VPSUBD(one, slot, slot)
	a.VPMINUD(slot, last, low)
	a.VPCMPEQD(slot, low, low)
	a.VMOVMSKPS(low, fits)
	a.CMPL(fits, operand.Imm(15))
	a.JNE(operand.LabelRef("end"))
	for k, from := range []reg.GPVirtual{x, y} {
		a.VMOVDQU(at(from, done, 8, 0), v[k])
		a.VPCMPGTQ(v[k], zero, sign[k])
		a.VPXOR(v[k], sign[k], sign[k])
		a.VPOR(sign[k], need[k], need[k])
	}
	a.VPUNPCKLQDQ(v[1], v[0], pairs[0]) // rows 0 and 2
	a.VPUNPCKHQDQ(v[1], v[0], pairs[1]) // rows 1 and 3
	for k, p := range place {
		a.MOVLQSX(at(code, done, 4, 4*k), p)
		a.SHLQ(operand.Imm(4), p)
	}
	up := []reg.VecVirtual{a.XMM(), a.XMM()}
	for k := range up {
		a.VEXTRACTI128(operand.Imm(1), pairs[k], up[k])
	}
	for k, pair := range []reg.Register{pairs[0].AsX(), pairs[1].AsX(), up[0], up[1]} {
		a.VPADDQ(at(sums, place[k], 1, 16), pair, pair)
		a.VMOVDQU(pair, at(sums, place[k], 1, 16))
	}
	a.ADDQ(operand.Imm(4), done)
	a.JMP(operand.LabelRef("four"))
	a.Label("end")
	a.VPOR(need[1], need[0], need[0])
	a.VEXTRACTI128(operand.Imm(1), need[0], low)
	a.VPOR(low, need[0].AsX(), low)
	a.VPSHUFD(operand.Imm(0xEE), low, slot)
	a.VPOR(slot, low, low)
	r := a.GP64()
	a.VMOVQ(low, r)
	a.Store(done, a.ReturnIndex(0))
	a.Store(r, a.ReturnIndex(1))
	a.VZEROUPPER()
	a.RET()
}
