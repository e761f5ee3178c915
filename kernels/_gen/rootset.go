package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// makeRootSet makes the sweep of v*: one register holds a vertex's set while it is added to those of its parts.
func makeRootSet(a *asm) {
	a.function("sweepRootsAVX2", "func(mask, pending *uint64, first, part, vertex *int32, room int, sets *uint64, word, last int) (n, nextWord, nextLast int)",
		"sweepRootsAVX2 is SweepRoots; it stops after room vertices, at least one.")
	mask, pending, first, part := a.pointer("mask"), a.pointer("pending"), a.pointer("first"), a.pointer("part")
	vertex, sets := a.pointer("vertex"), a.pointer("sets")
	word, last := a.number("word"), a.number("last")
	room, err := a.Param("room").Resolve() // counted down where it lies: the registers are all taken
	if err != nil {
		panic(err)
	}
	p, v := a.GP64(), a.GP64()
	set, zero := a.YMM(), a.YMM()
	a.VPXOR(zero, zero, zero)
	a.Label("word")
	a.MOVQ(last, v)
	a.SHRQ(operand.Imm(6), v)
	a.CMPQ(word, v)
	a.JGT(operand.LabelRef("end"))
	a.Label("again")
	a.MOVQ(at(pending, word, 8, 0), p)
	a.TESTQ(p, p)
	a.JNZ(operand.LabelRef("vertex"))
	a.INCQ(word)
	a.JMP(operand.LabelRef("word"))
	a.Label("vertex")
	a.TZCNTQ(p, v)
	low := a.GP64()
	a.LEAQ(mem(p, -1), low)
	a.ANDQ(low, p)
	a.MOVQ(p, at(pending, word, 8, 0))
	a.MOVQ(word, p)
	a.SHLQ(operand.Imm(6), p)
	a.ORQ(p, v)
	a.MOVL(v.As32(), mem(vertex, 0))
	a.ADDQ(operand.Imm(4), vertex)
	a.MOVQ(v, p)
	a.SHLQ(operand.Imm(5), p)
	a.VMOVDQU(at(mask, p, 1, 0), set)
	a.VMOVDQU(zero, at(mask, p, 1, 0))
	a.VMOVDQU(set, mem(sets, 0))
	a.ADDQ(operand.Imm(32), sets)
	a.tellParts(mask, pending, first, part, v, p, last, set)
	a.DECQ(room.Addr)
	a.JNZ(operand.LabelRef("again"))
	a.Label("end")
	a.Load(a.Param("vertex"), v)
	a.SUBQ(v, vertex)
	a.SARQ(operand.Imm(2), vertex)
	for i, r := range []reg.GPVirtual{vertex, word, last} {
		a.Store(r, a.ReturnIndex(i))
	}
	a.VZEROUPPER()
	a.RET()
}

// tellParts adds the set to those of the parts of v.
func (a *asm) tellParts(mask, pending, first, part, v, word, last reg.GPVirtual, set reg.VecVirtual) {
	k, stop, u, sum := a.GP64(), a.GP64(), a.GP64(), a.YMM()
	a.MOVLQSX(at(first, v, 4, 0), k)
	a.MOVLQSX(at(first, v, 4, 4), stop)
	a.JMP(operand.LabelRef("test"))
	a.Label("part")
	a.MOVLQSX(at(part, k, 4, 0), u)
	a.CMPQ(last, u)
	a.CMOVQLT(u, last)
	a.MOVQ(u, word)
	a.SHRQ(operand.Imm(6), word)
	bits := a.GP64()
	a.MOVQ(at(pending, word, 8, 0), bits)
	a.BTSQ(u, bits)
	a.MOVQ(bits, at(pending, word, 8, 0))
	a.SHLQ(operand.Imm(5), u)
	a.VPOR(at(mask, u, 1, 0), set, sum)
	a.VMOVDQU(sum, at(mask, u, 1, 0))
	a.INCQ(k)
	a.Label("test")
	a.CMPQ(k, stop)
	a.JLT(operand.LabelRef("part"))
}
