package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// row holds what the product of one row needs: where its entries lie, and the vector.
type row struct {
	col, val, x reg.GPVirtual
	table       operand.Mem // masks of 8 bytes
	short       operand.Mem // masks of 4 bytes
	ahead       int         // bytes by which entries are fetched before their turn, past the caches; 0: not
}

const (
	sparseDotSignature = "func(col *int32, val, x *float64, n int) float64"
	spmvSignature      = "func(dst *float64, ptr *int64, rows int, col *int32, val, x *float64)"
)

func makeSpMV(a *asm) {
	table, short := a.masks("spmvMasks", 8), a.masks("spmvMasks32", 4)
	a.function("sparseDotAVX2", sparseDotSignature, "sparseDotAVX2 is SparseDot, lanes 0–3 and 4–7 in a register each.")
	r := row{a.pointer("col"), a.pointer("val"), a.pointer("x"), table, short, 0}
	n := a.number("n")
	a.returnFloat(a.rowAVX2(r, n))

	a.function("spmvAVX2", spmvSignature, "spmvAVX2 is SpMV for at least one row.")
	a.spmvRows(table, short, 0, a.rowAVX2)

	a.function("spmvStreamAVX2", spmvSignature, "spmvStreamAVX2 is spmvAVX2 for a matrix that no cache holds: its entries are fetched past\n// the caches, which keep the vector.")
	a.spmvRows(table, short, 1024, a.rowAVX2)

	a.function("sparseDotAVX512", sparseDotSignature, "sparseDotAVX512 is SparseDot, all lanes in one register.")
	r = row{a.pointer("col"), a.pointer("val"), a.pointer("x"), table, short, 0}
	n = a.number("n")
	a.returnFloat(a.rowAVX512(r, n))

	a.function("spmvAVX512", spmvSignature, "spmvAVX512 is SpMV for at least one row.")
	a.spmvRows(table, short, 0, a.rowAVX512)
}

// spmvRows is the loop over rows; one gives the product of a row and leaves col and val behind its entries.
func (a *asm) spmvRows(table, short operand.Mem, ahead int, one func(row, reg.GPVirtual) reg.Register) {
	dst, ptr, rows := a.pointer("dst"), a.pointer("ptr"), a.number("rows")
	r := row{a.pointer("col"), a.pointer("val"), a.pointer("x"), table, short, ahead}
	from, n := a.GP64(), a.GP64()
	a.MOVQ(mem(ptr, 0), from)
	a.LEAQ(at(r.col, from, 4, 0), r.col)
	a.LEAQ(at(r.val, from, 8, 0), r.val)
	a.Label("row")
	a.MOVQ(mem(ptr, 8), n)
	a.SUBQ(from, n)
	a.ADDQ(n, from)
	a.VMOVSD(one(r, n), mem(dst, 0))
	a.ADDQ(operand.Imm(8), dst)
	a.ADDQ(operand.Imm(8), ptr)
	a.DECQ(rows)
	a.JNZ(operand.LabelRef("row"))
	a.VZEROUPPER()
	a.RET()
}

// gather4 reads x at the four columns from place at. Four loads of one number each take less time than VGATHERDPD on the
// processors measured (bench/NOTES.md).
func (a *asm) gather4(r row, place int, out reg.VecVirtual) {
	c := []reg.GPVirtual{a.GP64(), a.GP64(), a.GP64(), a.GP64()}
	for k := range c {
		a.MOVLQSX(mem(r.col, 4*(place+k)), c[k])
	}
	high := a.XMM()
	a.VMOVSD(at(r.x, c[0], 8, 0), out.AsX())
	a.VMOVSD(at(r.x, c[2], 8, 0), high)
	a.VMOVHPD(at(r.x, c[1], 8, 0), out.AsX(), out.AsX())
	a.VMOVHPD(at(r.x, c[3], 8, 0), high, high)
	a.VINSERTF128(operand.Imm(1), high, out, out)
}

// gatherFew is gather4 where only the columns of the mask may be read; the other lanes get the first value of x.
func (a *asm) gatherFew(r row, mask operand.Mem, place int, out reg.VecVirtual) {
	keep, index, high := a.XMM(), a.XMM(), a.XMM()
	c := []reg.GPVirtual{a.GP64(), a.GP64(), a.GP64(), a.GP64()}
	a.VMOVDQU(mask, keep)
	a.VPMASKMOVD(mem(r.col, 4*place), keep, index)
	a.VMOVQ(index, c[0])
	a.VPEXTRQ(operand.Imm(1), index, c[2])
	for k := 0; k < 4; k += 2 {
		a.MOVQ(c[k], c[k+1])
		a.SHRQ(operand.Imm(32), c[k+1])
		a.MOVLQSX(c[k].As32(), c[k])
	}
	a.VMOVSD(at(r.x, c[0], 8, 0), out.AsX())
	a.VMOVSD(at(r.x, c[2], 8, 0), high)
	a.VMOVHPD(at(r.x, c[1], 8, 0), out.AsX(), out.AsX())
	a.VMOVHPD(at(r.x, c[3], 8, 0), high, high)
	a.VINSERTF128(operand.Imm(1), high, out, out)
}

func (a *asm) rowAVX2(r row, n reg.GPVirtual) reg.Register {
	sum, v, w := a.zeros(2), a.ymms(2), a.ymms(2)
	a.SUBQ(operand.Imm(8), n)
	a.JLT(operand.LabelRef("rest"))
	a.Label("whole")
	if r.ahead > 0 {
		a.PREFETCHNTA(mem(r.val, r.ahead))
		a.PREFETCHNTA(mem(r.col, r.ahead))
	}
	for h := range 2 {
		a.gather4(r, 4*h, v[h])
		a.VMULPD(mem(r.val, 32*h), v[h], v[h])
		a.VADDPD(v[h], sum[h], sum[h])
	}
	a.ADDQ(operand.Imm(32), r.col)
	a.ADDQ(operand.Imm(64), r.val)
	a.SUBQ(operand.Imm(8), n)
	a.JGE(operand.LabelRef("whole"))
	a.Label("rest")
	a.ADDQ(operand.Imm(8), n)
	a.JZ(operand.LabelRef("done"))
	wide, narrow := a.maskAt(r.table, 8, n), a.maskAt(r.short, 4, n)
	mask := a.YMM()
	for h := range 2 {
		a.VMOVUPD(mem(wide, 32*h), mask)
		a.gatherFew(r, mem(narrow, 16*h), 4*h, w[h])
		a.VANDPD(mask, w[h], w[h])
		a.VMASKMOVPD(mem(r.val, 32*h), mask, v[h])
		a.VMULPD(w[h], v[h], v[h])
		a.VADDPD(v[h], sum[h], sum[h])
		if h == 0 {
			a.CMPQ(n, operand.Imm(4))
			a.JLE(operand.LabelRef("passed"))
		}
	}
	a.Label("passed")
	a.LEAQ(at(r.col, n, 4, 0), r.col)
	a.LEAQ(at(r.val, n, 8, 0), r.val)
	a.Label("done")
	return a.fold(sum[0], sum[1])
}

func (a *asm) rowAVX512(r row, n reg.GPVirtual) reg.Register {
	sum, v, w := a.ZMM(), a.ZMM(), a.ZMM()
	index := a.YMM()
	all := a.K()
	a.VXORPD(sum.AsY(), sum.AsY(), sum.AsY())
	a.SUBQ(operand.Imm(8), n)
	a.JLT(operand.LabelRef("rest"))
	a.Label("whole")
	a.KXNORW(all, all, all)
	a.VMOVDQU(mem(r.col, 0), index)
	a.VGATHERDPD(at(r.x, index, 8, 0), all, w)
	a.VMULPD(mem(r.val, 0), w, w)
	a.VADDPD(w, sum, sum)
	a.ADDQ(operand.Imm(32), r.col)
	a.ADDQ(operand.Imm(64), r.val)
	a.SUBQ(operand.Imm(8), n)
	a.JGE(operand.LabelRef("whole"))
	a.Label("rest")
	a.ADDQ(operand.Imm(8), n)
	a.JZ(operand.LabelRef("done"))
	bits, few := a.GP64(), a.K()
	a.MOVQ(operand.U64(^uint64(0)), bits)
	a.BZHIQ(n, bits, bits)
	a.KMOVW(bits.As32(), few)
	a.VMOVDQU32_Z(mem(r.col, 0), few, index)
	a.VMOVUPD_Z(mem(r.val, 0), few, v)
	a.VPXORQ(w, w, w)
	a.VGATHERDPD(at(r.x, index, 8, 0), few, w)
	a.VMULPD(w, v, v)
	a.VADDPD(v, sum, sum)
	a.LEAQ(at(r.col, n, 4, 0), r.col)
	a.LEAQ(at(r.val, n, 8, 0), r.val)
	a.Label("done")
	high := a.YMM()
	a.VEXTRACTF64X4(operand.Imm(1), sum, high)
	low := a.YMM()
	a.VMOVAPD(sum.AsY(), low)
	return a.fold(low, high)
}

// makeSpMM multiplies 4, 8 or 16 interleaved vectors, one register for each four.
func makeSpMM(a *asm) {
	for _, width := range []int{4, 8, 16} {
		a.function(fmt.Sprintf("spmm%dAVX2", width), "func(dst *float64, ptr *int64, rows int, col *int32, val, x *float64, stride int)",
			fmt.Sprintf("spmm%dAVX2 is SpMM for %d of stride vectors and at least one row.", width, width))
		a.spmmRows(width / 4)
	}
}

func (a *asm) spmmRows(registers int) {
	dst, ptr, rows := a.pointer("dst"), a.pointer("ptr"), a.number("rows")
	col, val, x, stride := a.pointer("col"), a.pointer("val"), a.pointer("x"), a.number("stride")
	k, n, c := a.GP64(), a.GP64(), a.GP64()
	sum, v, f := a.ymms(registers), a.ymms(registers), a.YMM()
	a.SHLQ(operand.Imm(3), stride)
	a.MOVQ(mem(ptr, 0), k)
	a.Label("row")
	for i := range sum {
		a.VXORPD(sum[i], sum[i], sum[i])
	}
	a.MOVQ(mem(ptr, 8), n)
	a.JMP(operand.LabelRef("test"))
	a.Label("entry")
	a.MOVLQSX(at(col, k, 4, 0), c)
	a.IMULQ(stride, c)
	a.VBROADCASTSD(at(val, k, 8, 0), f)
	for i := range sum {
		a.VMULPD(at(x, c, 1, 32*i), f, v[i])
		a.VADDPD(v[i], sum[i], sum[i])
	}
	a.INCQ(k)
	a.Label("test")
	a.CMPQ(k, n)
	a.JLT(operand.LabelRef("entry"))
	for i := range sum {
		a.VMOVUPD(sum[i], mem(dst, 32*i))
	}
	a.ADDQ(stride, dst)
	a.ADDQ(operand.Imm(8), ptr)
	a.DECQ(rows)
	a.JNZ(operand.LabelRef("row"))
	a.VZEROUPPER()
	a.RET()
}
