package main

import (
	"github.com/mmcloughlin/avo/operand"
)

// makeFetch makes the search of a table whose lines are asked for before they are read: no fault comes of a fetch, wherever
// it points.
func makeFetch(a *asm) {
	a.function("fetchSlotsAVX2", "func(slots *uint64, hash *uint32, n int, shift int)", "fetchSlotsAVX2 is FetchSlots for n at least 1.")
	slots, hash, n, by := a.pointer("slots"), a.pointer("hash"), a.number("n"), a.number("shift")
	h := a.GP64()
	a.Label("slot")
	a.MOVL(mem(hash, 0), h.As32())
	a.SHRXL(by.As32(), h.As32(), h.As32())
	a.PREFETCHT0(at(slots, h, 8, 0))
	a.ADDQ(operand.Imm(4), hash)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("slot"))
	a.RET()
	a.lookUp()
	a.fetchSums("fetchSumsAVX2", "code *int32", "codes", 4, a.MOVLQSX) // for GroupSum
}

// fetchSums makes a function that asks the memory for the sums of n codes, which lie so many bytes apart.
func (a *asm) fetchSums(name, code, what string, apart uint64, load func(from, to operand.Op)) {
	a.function(name, "func(dst *int64, "+code+", n int)", name+" asks the memory for the sums of n "+what+", at least one.")
	dst, from, n, c := a.pointer("dst"), a.pointer("code"), a.number("n"), a.GP64()
	a.Label("code")
	load(mem(from, 0), c)
	a.SHLQ(operand.Imm(4), c)
	a.PREFETCHT0(at(dst, c, 1, 0))
	a.ADDQ(operand.Imm(apart), from)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("code"))
	a.RET()
}

// lookUp compares the hashes of a line of slots at once.
func (a *asm) lookUp() {
	a.function("lookUpAVX2", "func(named *uint32, slots *uint64, hash *uint32, n int, shift int, chunks *[]uint8, by int, width int)",
		"lookUpAVX2 is LookUp for n at least 1, eight slots or more, and one chunk or more: number k is in chunk k>>by.")
	named, slots, hash, n, shift := a.pointer("named"), a.pointer("slots"), a.pointer("hash"), a.number("n"), a.number("shift")
	chunks, by, width := a.pointer("chunks"), a.number("by"), a.number("width")
	h, line, found, none := a.GP64(), a.GP64(), a.GP64(), a.GP64()
	first, second, wanted := a.YMM(), a.YMM(), a.YMM()
	a.XORQ(none, none)
	a.Label("hash")
	a.MOVL(mem(hash, 0), h.As32())
	a.VPBROADCASTD(mem(hash, 0), wanted)
	a.SHRXL(shift.As32(), h.As32(), line.As32())
	a.ANDL(operand.I8(-8), line.As32())
	a.LEAQ(at(slots, line, 8, 0), line)
	a.VMOVDQU(mem(line, 0), first)
	a.VMOVDQU(mem(line, 32), second)
	a.VSHUFPS(operand.Imm(0xdd), second, first, first) // upper halves of slots 0 1 4 5 2 3 6 7
	a.VPCMPEQD(first, wanted, first)
	a.VPERMQ(operand.Imm(0xd8), first, first)
	a.VMOVMSKPS(first, found.As32())
	a.TZCNTL(found.As32(), h.As32())
	a.ANDL(operand.Imm(7), h.As32())
	a.TESTL(found.As32(), found.As32())
	a.MOVL(at(line, h, 8, 0), h.As32())
	a.CMOVLEQ(none.As32(), h.As32())
	a.MOVL(h.As32(), mem(named, 0))
	a.SHRXQ(by, h, line)
	a.LEAQ(at(line, line, 2, 0), line) // a slice is three words
	a.MOVQ(at(chunks, line, 8, 0), line)
	a.ANDL(operand.U32(1<<16-1), h.As32())
	a.IMULQ(width, h)
	a.ADDQ(line, h)
	a.PREFETCHT0(mem(h, 0))
	a.ADDQ(width, h)
	a.PREFETCHT0(mem(h, -1))
	a.ADDQ(operand.Imm(4), named)
	a.ADDQ(operand.Imm(4), hash)
	a.DECQ(n)
	a.JNZ(operand.LabelRef("hash"))
	a.VZEROUPPER()
	a.RET()
}
