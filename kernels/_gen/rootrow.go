package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rowWords is the number of 64-bit words in a row, a power of two of at least 4; rowShift that of two which gives its bytes.
const (
	rowWords = 8
	rowShift = 6
)

// partsAhead is how many parts ahead rows are fetched: vertices come out nearly one after the other, and so do their parts.
const partsAhead = 32

// slotsAhead is how many parts ahead their places are.
const slotsAhead = 96

// makeRootRow makes the sweep of v* over 512 roots: two registers hold a vertex's row while it is added to those of its
// parts.
func makeRootRow(a *asm) {
	a.function("sweepRowsAVX2", "func(pending *uint64, slot *int32, rows *uint64, free *int32, top, end int, first, part, lastPart, vertex *int32, room int, sets *uint64, word int) (n, nextTop, nextWord int)",
		"sweepRowsAVX2 is RowSweep.sweep; top and room are at least 1.")
	pending, slot, rows, part := a.pointer("pending"), a.pointer("slot"), a.pointer("rows"), a.pointer("part")
	free, sets, word := a.pointer("free"), a.pointer("sets"), a.number("word")
	top := a.number("top")
	a.LEAQ(at(free, top, 4, 0), free) // the next free row; the stack ends at nextTop, is full at nextWord: kept there
	end := a.GP64()
	base := a.GP64()
	a.Load(a.Param("free"), base)
	a.Load(a.Param("end"), end)
	a.LEAQ(at(base, end, 4, 0), end)
	a.Store(end, a.Return("nextTop"))
	set := a.ymms(rowWords / 4)
	v := a.GP64()
	a.Label("again")
	a.Load(a.Param("free"), v)
	a.CMPQ(v, free)
	a.JEQ(operand.LabelRef("end"))
	p := a.GP64()
	a.Label("word")
	a.MOVQ(at(pending, word, 8, 0), p)
	a.TESTQ(p, p)
	a.JNZ(operand.LabelRef("vertex"))
	a.INCQ(word)
	a.JMP(operand.LabelRef("word"))
	a.Label("vertex")
	a.TZCNTQ(p, v)
	low := a.GP64()
	a.MOVQ(word, low)
	a.SHLQ(operand.Imm(6), low)
	a.ORQ(low, v)
	k, stop := a.GP64(), a.GP64()
	a.Load(a.Param("first"), low)
	a.MOVLQSX(at(low, v, 4, 0), k)
	a.MOVLQSX(at(low, v, 4, 4), stop)
	a.LEAQ(at(part, k, 4, 0), k)
	a.LEAQ(at(part, stop, 4, 0), stop)
	a.Load(a.Return("nextTop"), low) // free rows against parts, in bytes of a number each
	a.SUBQ(free, low)
	need := a.GP64()
	a.MOVQ(stop, need)
	a.SUBQ(k, need)
	a.CMPQ(need, low)
	a.JGT(operand.LabelRef("end"))
	a.takeOut(pending, slot, rows, free, sets, word, p, v, set)
	a.tellRow(pending, slot, rows, free, k, stop, set)
	a.decrementRoom()
	a.JNZ(operand.LabelRef("again"))
	a.Label("end")
	a.finishRows(free, sets, word)
}

// takeOut takes v out of pending: its row to set and sets, its place to the free ones.
func (a *asm) takeOut(pending, slot, rows, free, sets, word, p, v reg.GPVirtual, set []reg.VecVirtual) {
	x := a.GP64()
	a.LEAQ(mem(p, -1), x)
	a.ANDQ(x, p)
	a.MOVQ(p, at(pending, word, 8, 0))
	to, err := a.Param("vertex").Resolve()
	if err != nil {
		panic(err)
	}
	a.MOVQ(to.Addr, x)
	a.MOVL(v.As32(), mem(x, 0))
	a.ADDQ(operand.Imm(4), to.Addr)
	a.MOVLQSX(at(slot, v, 4, 0), x)
	a.SUBQ(operand.Imm(4), free)
	a.MOVL(x.As32(), mem(free, 0))
	a.SHLQ(operand.Imm(rowShift), x)
	next := a.GP64()
	a.MOVLQSX(at(slot, v, 4, 4*8), next)
	a.SHLQ(operand.Imm(rowShift), next)
	a.PREFETCHT0(at(rows, next, 1, 0))
	for i, s := range set {
		a.VMOVDQU(at(rows, x, 1, 32*i), s)
		a.VMOVDQU(s, mem(sets, 32*i))
	}
	a.ADDQ(operand.Imm(8*rowWords), sets)
}

// tellRow adds the set to those of the parts from k to stop. The row of a part that was not pending is the next free one,
// and what it held is masked away: which it is, no branch could foretell.
func (a *asm) tellRow(pending, slot, rows, free, k, stop reg.GPVirtual, set []reg.VecVirtual) {
	u, word, bits, row := a.GP64(), a.GP64(), a.GP64(), a.GP64()
	known, sum := a.YMM(), a.ymms(rowWords/4)
	a.JMP(operand.LabelRef("test"))
	a.Label("part")
	last, err := a.Param("lastPart").Resolve()
	if err != nil {
		panic(err)
	}
	a.LEAQ(mem(k, 4*slotsAhead), u)
	a.CMPQ(u, last.Addr)
	a.CMOVQHI(last.Addr, u)
	a.MOVLQSX(mem(u, 0), u)
	a.PREFETCHT0(at(slot, u, 4, 0))
	a.LEAQ(mem(k, 4*partsAhead), u)
	a.CMPQ(u, last.Addr)
	a.CMOVQHI(last.Addr, u)
	a.MOVLQSX(mem(u, 0), u)
	a.MOVLQSX(at(slot, u, 4, 0), row)
	a.SHLQ(operand.Imm(rowShift), row)
	a.PREFETCHT0(at(rows, row, 1, 0))
	a.MOVLQSX(mem(k, 0), u)
	a.MOVQ(u, word)
	a.SHRQ(operand.Imm(6), word)
	a.MOVQ(at(pending, word, 8, 0), bits)
	a.MOVLQSX(at(slot, u, 4, 0), row)
	a.BTSQ(u, bits)
	a.MOVQ(bits, at(pending, word, 8, 0))
	a.CMOVLCC(mem(free, 0), row.As32())
	a.SBBQ(bits, bits) // all ones when u was pending
	a.MOVL(row.As32(), at(slot, u, 4, 0))
	a.VMOVQ(bits, known.AsX())
	a.VPBROADCASTQ(known.AsX(), known)
	a.LEAQ(operand.Mem{Base: free, Index: bits, Scale: 4, Disp: 4}, free)
	a.SHLQ(operand.Imm(rowShift), row)
	for i, s := range sum {
		a.VPAND(at(rows, row, 1, 32*i), known, s)
		a.VPOR(s, set[i], s)
		a.VMOVDQU(s, at(rows, row, 1, 32*i))
	}
	a.ADDQ(operand.Imm(4), k)
	a.Label("test")
	a.CMPQ(k, stop)
	a.JLT(operand.LabelRef("part"))
}

// decrementRoom counts room down where it lies: the registers are all taken.
func (a *asm) decrementRoom() {
	room, err := a.Param("room").Resolve()
	if err != nil {
		panic(err)
	}
	a.DECQ(room.Addr)
}

// finishRows returns how many sets were written, and the state.
func (a *asm) finishRows(free, sets, word reg.GPVirtual) {
	x := a.GP64()
	a.Load(a.Param("sets"), x)
	a.SUBQ(x, sets)
	a.SARQ(operand.Imm(rowShift), sets)
	a.Store(sets, a.Return("n"))
	a.Load(a.Param("free"), x)
	a.SUBQ(x, free)
	a.SARQ(operand.Imm(2), free)
	a.Store(free, a.Return("nextTop"))
	a.Store(word, a.Return("nextWord"))
	a.VZEROUPPER()
	a.RET()
}
