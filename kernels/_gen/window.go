package main

import "github.com/mmcloughlin/avo/operand"

// makeWindow marks times: two comparisons for four values, their signs gathered into a word.
func makeWindow(a *asm) {
	a.function("markWindowAVX2", "func(mark *uint64, t *int64, words int, after, until int64)",
		"markWindowAVX2 is MarkWindow for 64·words times, words at least 1.")
	mark, t, words := a.pointer("mark"), a.pointer("t"), a.number("words")
	after, until := a.spread("after"), a.spread("until")
	v, in, out := a.YMM(), a.YMM(), a.YMM()
	word, bits, i := a.GP64(), a.GP64(), a.GP64()
	a.Label("word")
	a.XORQ(word, word)
	a.MOVQ(operand.U64(16), i)
	a.Label("four")
	a.VMOVDQU(mem(t, 0), v)
	a.VPCMPGTQ(after, v, in)
	a.VPCMPGTQ(until, v, out)
	a.VPANDN(in, out, v)
	a.VMOVMSKPD(v, bits.As32())
	a.ORQ(bits, word)
	a.RORQ(operand.Imm(4), word)
	a.ADDQ(operand.Imm(32), t)
	a.DECQ(i)
	a.JNZ(operand.LabelRef("four"))
	a.MOVQ(word, mem(mark, 0))
	a.ADDQ(operand.Imm(8), mark)
	a.DECQ(words)
	a.JNZ(operand.LabelRef("word"))
	a.VZEROUPPER()
	a.RET()
	a.markFlags()
}

func (a *asm) markFlags() {
	a.function("markFlagsAVX2", "func(mark *uint64, flags *uint8, words int, care, want uint8)",
		"markFlagsAVX2 is MarkFlags for 64·words flags, words at least 1.")
	mark, flags, words := a.pointer("mark"), a.pointer("flags"), a.number("words")
	care, want, v := a.YMM(), a.YMM(), a.YMM()
	for _, p := range []struct {
		name string
		to   interface{ operand.Op }
	}{{"care", care}, {"want", want}} {
		m, err := a.Param(p.name).Resolve()
		if err != nil {
			panic(err)
		}
		a.VPBROADCASTB(m.Addr, p.to)
	}
	low, high := a.GP64(), a.GP64()
	a.Label("word")
	for h, bits := range []interface{ operand.Op }{low.As32(), high.As32()} {
		a.VPAND(mem(flags, 32*h), care, v)
		a.VPCMPEQB(v, want, v)
		a.VPMOVMSKB(v, bits)
	}
	a.SHLQ(operand.Imm(32), high)
	a.ORQ(low, high)
	a.ANDQ(high, mem(mark, 0))
	a.ADDQ(operand.Imm(64), flags)
	a.ADDQ(operand.Imm(8), mark)
	a.DECQ(words)
	a.JNZ(operand.LabelRef("word"))
	a.VZEROUPPER()
	a.RET()
}
