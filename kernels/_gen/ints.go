package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// halves adds up 64-bit integers in two parts that cannot overflow over 2³¹ values a lane: the lower 32 bits, and the upper
// 32 with the sign bit turned over, so that they count from −2⁶³ on.
type halves struct {
	lower, upper []reg.VecVirtual // sums
	low32, sign  reg.VecVirtual
}

func (a *asm) halves(chains int) halves {
	h := halves{lower: a.zeros(chains), upper: a.zeros(chains), low32: a.YMM(), sign: a.YMM()}
	a.VPCMPEQD(h.low32, h.low32, h.low32)
	a.VPSLLQ(operand.Imm(63), h.low32, h.sign)
	a.VPSRLQ(operand.Imm(32), h.low32, h.low32)
	return h
}

// add adds v, whose sign bits are turned over and which is zero where it does not count.
func (a *asm) add(h halves, chain int, v, scratch reg.VecVirtual) {
	a.VPAND(v, h.low32, scratch)
	a.VPADDQ(scratch, h.lower[chain], h.lower[chain])
	a.VPSRLQ(operand.Imm(32), v, scratch)
	a.VPADDQ(scratch, h.upper[chain], h.upper[chain])
}

// returnHalves stores the two sums over all lanes as the results.
func (a *asm) returnHalves(h halves) {
	for i, sum := range [][]reg.VecVirtual{h.lower, h.upper} {
		for _, more := range sum[1:] {
			a.VPADDQ(more, sum[0], sum[0])
		}
		up := a.XMM()
		a.VEXTRACTI128(operand.Imm(1), sum[0], up)
		a.VPADDQ(up, sum[0].AsX(), sum[0].AsX())
		a.VPSHUFD(operand.Imm(0xEE), sum[0].AsX(), up)
		a.VPADDQ(up, sum[0].AsX(), sum[0].AsX())
		r := a.GP64()
		a.VMOVQ(sum[0].AsX(), r)
		a.Store(r, a.ReturnIndex(i))
	}
}

func makeSumInt(a *asm) {
	a.function("sumIntAVX2", "func(x *int64, n int) (lower, upper uint64)",
		"sumIntAVX2 sums the lower 32 bits and the upper 32, these counted from −2⁶³, of n values, a positive multiple of 8.")
	x, n := a.pointer("x"), a.number("n")
	h, v, s := a.halves(2), a.ymms(2), a.ymms(2)
	a.Label("eight")
	for c := range 2 {
		a.VPXOR(mem(x, 32*c), h.sign, v[c])
		a.add(h, c, v[c], s[c])
	}
	a.ADDQ(operand.Imm(64), x)
	a.SUBQ(operand.Imm(8), n)
	a.JG(operand.LabelRef("eight"))
	a.returnHalves(h)
	a.VZEROUPPER()
	a.RET()
	a.sumMarked()
	a.sumMarked512()
}

// sumMarked takes the mask of four values from the low bits of a spread word, which it shifts on.
func (a *asm) sumMarked() {
	a.function("sumMarkedAVX2", "func(x *int64, mark *uint64, words int) (lower, upper uint64)",
		"sumMarkedAVX2 is sumIntAVX2 over the marked ones of 64·words values, words at least 1.")
	x, mark, words := a.pointer("x"), a.pointer("mark"), a.number("words")
	h, v, s := a.halves(2), a.ymms(2), a.ymms(2)
	places := a.constants("markPlaces", []int64{1, 2, 4, 8, 16, 32, 64, 128})
	place, m, keep := a.ymms(2), a.YMM(), a.ymms(2)
	for c := range 2 {
		a.VMOVDQU(places.Offset(32*c), place[c])
	}
	a.Label("word")
	a.VPBROADCASTQ(mem(mark, 0), m)
	i := a.GP64()
	a.MOVQ(operand.U64(8), i)
	a.Label("eight")
	for c := range 2 {
		a.VPAND(m, place[c], keep[c])
		a.VPCMPEQQ(keep[c], place[c], keep[c])
		a.VPXOR(mem(x, 32*c), h.sign, v[c])
		a.VPAND(keep[c], v[c], v[c])
		a.add(h, c, v[c], s[c])
	}
	a.VPSRLQ(operand.Imm(8), m, m)
	a.ADDQ(operand.Imm(64), x)
	a.DECQ(i)
	a.JNZ(operand.LabelRef("eight"))
	a.ADDQ(operand.Imm(8), mark)
	a.DECQ(words)
	a.JNZ(operand.LabelRef("word"))
	a.returnHalves(h)
	a.VZEROUPPER()
	a.RET()
}

func (a *asm) sumMarked512() {
	a.function("sumMarkedAVX512", "func(x *int64, mark *uint64, words int) (lower, upper uint64)",
		"sumMarkedAVX512 is sumMarkedAVX2, eight values at a time.")
	x, mark, words := a.pointer("x"), a.pointer("mark"), a.number("words")
	lower, upper, low32, sign, v, s := a.ZMM(), a.ZMM(), a.ZMM(), a.ZMM(), a.ZMM(), a.ZMM()
	a.VPXORQ(lower, lower, lower)
	a.VPXORQ(upper, upper, upper)
	a.VPTERNLOGD(operand.Imm(0xFF), low32, low32, low32)
	a.VPSLLQ(operand.Imm(63), low32, sign)
	a.VPSRLQ(operand.Imm(32), low32, low32)
	m, i, keep := a.GP64(), a.GP64(), a.K()
	a.Label("word")
	a.MOVQ(mem(mark, 0), m)
	a.MOVQ(operand.U64(8), i)
	a.Label("eight")
	a.KMOVB(m.As32(), keep)
	a.VPXORQ_Z(mem(x, 0), sign, keep, v)
	a.VPANDQ(v, low32, s)
	a.VPADDQ(s, lower, lower)
	a.VPSRLQ(operand.Imm(32), v, s)
	a.VPADDQ(s, upper, upper)
	a.SHRQ(operand.Imm(8), m)
	a.ADDQ(operand.Imm(64), x)
	a.DECQ(i)
	a.JNZ(operand.LabelRef("eight"))
	a.ADDQ(operand.Imm(8), mark)
	a.DECQ(words)
	a.JNZ(operand.LabelRef("word"))
	h := halves{}
	for _, z := range []reg.VecVirtual{lower, upper} {
		high, low := a.YMM(), a.YMM()
		a.VEXTRACTI64X4(operand.Imm(1), z, high)
		a.VPADDQ(high, z.AsY(), low)
		if h.lower == nil {
			h.lower = []reg.VecVirtual{low}
		} else {
			h.upper = []reg.VecVirtual{low}
		}
	}
	a.returnHalves(h)
	a.VZEROUPPER()
	a.RET()
}

// makeNarrow compares each upper half with the sign of its lower half.
func makeNarrow(a *asm) {
	a.function("narrowAVX2", "func(dst *int64, src *int64, n int) int",
		"narrowAVX2 is Narrow for n a multiple of 4, but stops before the first four values of which one does not fit, and returns how many it took.")
	dst, src, n := a.pointer("dst"), a.pointer("src"), a.number("n")
	v, hi, lo, sign, zero := a.ymms(2), a.YMM(), a.YMM(), a.YMM(), a.YMM()
	done, bits := a.GP64(), a.GP32()
	a.XORQ(done, done)
	a.VPXOR(zero, zero, zero)
	a.Label("four")
	a.CMPQ(done, n)
	a.JGE(operand.LabelRef("end"))
	a.VMOVDQU(mem(src, 0), v[0])
	a.VMOVDQU(mem(src, 32), v[1])
	a.VPUNPCKLQDQ(v[1], v[0], hi)
	a.VPUNPCKHQDQ(v[1], v[0], lo)
	a.VPCMPGTQ(lo, zero, sign)
	a.VPCMPEQQ(hi, sign, sign)
	a.VMOVMSKPD(sign, bits)
	a.CMPL(bits, operand.Imm(15))
	a.JNE(operand.LabelRef("end"))
	a.VPERMQ(operand.Imm(0b11_01_10_00), lo, lo)
	a.VMOVDQU(lo, at(dst, done, 8, 0))
	a.ADDQ(operand.Imm(64), src)
	a.ADDQ(operand.Imm(4), done)
	a.JMP(operand.LabelRef("four"))
	a.Label("end")
	a.Store(done, a.ReturnIndex(0))
	a.VZEROUPPER()
	a.RET()
}
