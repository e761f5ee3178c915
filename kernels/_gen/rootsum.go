package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// makeRootSum makes the parts of RowSums.Add.
func makeRootSum(a *asm) {
	a.sumTables()
	a.rowBytes()
	a.sumDigits("sumLowAVX2", 0)
	a.sumDigits("sumHighAVX2", 3)
}

// words makes a table of 32-bit numbers.
func (a *asm) words(name string, values []uint32) operand.Mem {
	m := a.StaticGlobal(name)
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, v := range values {
		a.AppendDatum(operand.U32(v))
	}
	return m
}

// chosen is a table of mask in those of the first eight sums of four weights, lane by lane, that have weight b in them.
// The lanes stand for 0–3 and 8–11, the eight sums after them for 4–7 and 12–15: the order in which packs give 0–15.
func (a *asm) chosen(name string, b int, mask uint32) operand.Mem {
	var lanes [8]uint32
	for i := range lanes {
		if x := i&3 | i>>2<<3; x>>b&1 == 1 {
			lanes[i] = mask
		}
	}
	return a.words(name, lanes[:])
}

// sumTables writes, for each four weights, the 16 sums of any of them in digits of six bits: per 16 weights six planes of
// four tables of 16 bytes.
func (a *asm) sumTables() {
	weightMask, numberMask := make([]reg.VecVirtual, 4), make([]reg.VecVirtual, 4)
	lower, upper := make([]operand.Mem, 4), make([]operand.Mem, 4)
	for _, b := range []int{0, 1, 3} {
		lower[b] = a.chosen("weightsWith"+string(rune('0'+b)), b, 1<<28-1)
		upper[b] = a.chosen("numbersWith"+string(rune('0'+b)), b, 15)
	}
	sixBits := a.words("sixBits", []uint32{63, 63, 63, 63, 63, 63, 63, 63})
	lowest := a.words("lowest28", []uint32{1<<28 - 1, 1<<28 - 1, 1<<28 - 1, 1<<28 - 1, 1<<28 - 1, 1<<28 - 1, 1<<28 - 1, 1<<28 - 1})
	a.function("sumTablesAVX2", "func(table *uint8, weight *uint32, groups int) uint64",
		"sumTablesAVX2 makes the tables of 16·groups weights, groups at least 1. It returns all weights, or-ed.")
	table, weight, groups := a.pointer("table"), a.pointer("weight"), a.number("groups")
	six := a.YMM()
	a.VMOVDQU(sixBits, six)
	for _, b := range []int{0, 1, 3} {
		weightMask[b], numberMask[b] = a.YMM(), a.YMM()
		a.VMOVDQU(lower[b], weightMask[b])
		a.VMOVDQU(upper[b], numberMask[b])
	}
	all := a.YMM()
	a.VPXOR(all, all, all)
	a.Label("group")
	a.VPOR(mem(weight, 0), all, all)
	a.VPOR(mem(weight, 32), all, all)
	for g := range 4 {
		a.sumTable(table, weight, g, weightMask, numberMask, six, lowest)
	}
	a.ADDQ(operand.Imm(64), weight)
	a.ADDQ(operand.U32(384), table)
	a.DECQ(groups)
	a.JNZ(operand.LabelRef("group"))
	half := a.XMM()
	a.VEXTRACTI128(operand.Imm(1), all, half)
	a.VPOR(half, all.AsX(), all.AsX())
	a.VPSRLDQ(operand.Imm(8), all.AsX(), half)
	a.VPOR(half, all.AsX(), all.AsX())
	low, high := a.GP64(), a.GP64()
	a.VMOVQ(all.AsX(), low)
	a.MOVQ(low, high)
	a.SHRQ(operand.Imm(32), high)
	a.ORQ(low, high)
	a.MOVL(operand.U32(1<<32-1), low.As32())
	a.ANDQ(low, high)
	a.Store(high, a.ReturnIndex(0))
	a.VZEROUPPER()
	a.RET()
}

// sumTable is sumTables for weights 4g to 4g+3 of 16.
func (a *asm) sumTable(table, weight reg.GPVirtual, g int, weightMask, numberMask []reg.VecVirtual, six reg.VecVirtual, lowest operand.Mem) {
	w, n, x, y := a.ymms(2), a.ymms(2), a.YMM(), a.YMM()
	for i, b := range []int{0, 1, 3} {
		a.VPBROADCASTD(mem(weight, 16*g+4*b), x)
		a.VPSRLD(operand.Imm(28), x, y)
		if i == 0 {
			a.VPAND(weightMask[b], x, w[0])
			a.VPAND(numberMask[b], y, n[0])
			continue
		}
		a.VPAND(weightMask[b], x, x)
		a.VPADDD(x, w[0], w[0])
		a.VPAND(numberMask[b], y, y)
		a.VPADDD(y, n[0], n[0])
	}
	a.VPBROADCASTD(mem(weight, 16*g+8), x) // weight 2 is in all of the second eight sums
	a.VPSRLD(operand.Imm(28), x, y)
	a.VPADDD(y, n[0], n[1])
	a.VPAND(lowest, x, x)
	a.VPADDD(x, w[0], w[1])
	for p := 0; p < 6; p += 2 {
		a.VPAND(six, w[0], x)
		a.VPAND(six, w[1], y)
		a.VPACKUSDW(y, x, x)
		high := n
		if p < 4 {
			a.VPSRLD(operand.Imm(6), w[0], w[0])
			a.VPSRLD(operand.Imm(6), w[1], w[1])
			high = a.ymms(2)
			a.VPAND(six, w[0], high[0])
			a.VPAND(six, w[1], high[1])
			a.VPSRLD(operand.Imm(6), w[0], w[0])
			a.VPSRLD(operand.Imm(6), w[1], w[1])
		}
		a.VPACKUSDW(high[1], high[0], y)
		a.VPACKUSWB(y, x, x)
		a.VPERMQ(operand.Imm(0xd8), x, x)
		a.VMOVDQU(x.AsX(), mem(table, 64*p+16*g))
		a.VEXTRACTI128(operand.Imm(1), x, mem(table, 64*p+64+16*g))
	}
}

// rowBytes turns eight rows of 256 bits into 256 bytes of eight bits, with three exchanges of blocks of the matrix of 8 × 8
// bits in each byte of eight registers.
func (a *asm) rowBytes() {
	a.function("rowBytesAVX2", "func(dst *uint8, rows *uint64, groups int) uint64",
		"rowBytesAVX2 writes 256 bytes for each 8 rows, 8·groups of them, groups at least 1: bit j of byte 32·k+p is bit 8·p+k of row j. It returns 0 if all bits are 0.")
	dst, rows, groups := a.pointer("dst"), a.pointer("rows"), a.number("groups")
	var masks [3]reg.VecVirtual
	for i, m := range []uint32{0x0f0f0f0f, 0x33333333, 0x55555555} {
		x := a.GP32()
		a.MOVL(operand.U32(m), x)
		masks[i] = a.YMM()
		a.VMOVD(x, masks[i].AsX())
		a.VPBROADCASTD(masks[i].AsX(), masks[i])
	}
	any, t := a.YMM(), a.YMM()
	a.VPXOR(any, any, any)
	r := a.ymms(8)
	a.Label("rows")
	for j := range r {
		a.VMOVDQU(mem(rows, 8*rowWords*j), r[j])
		a.VPOR(r[j], any, any)
	}
	for i, s := range []int{4, 2, 1} {
		for j := range r {
			if j&s != 0 {
				continue
			}
			a.VPSRLW(operand.Imm(uint64(s)), r[j], t)
			a.VPXOR(t, r[j+s], t)
			a.VPAND(t, masks[i], t)
			a.VPXOR(t, r[j+s], r[j+s])
			a.VPSLLW(operand.Imm(uint64(s)), t, t)
			a.VPXOR(t, r[j], r[j])
		}
	}
	for k := range r {
		a.VMOVDQU(r[k], mem(dst, 32*k))
	}
	a.ADDQ(operand.U32(8*8*rowWords), rows)
	a.ADDQ(operand.U32(256), dst)
	a.DECQ(groups)
	a.JNZ(operand.LabelRef("rows"))
	some := a.GP64()
	a.XORQ(some, some)
	a.VPTEST(any, any)
	a.SETNE(some.As8())
	a.Store(some, a.ReturnIndex(0))
	a.VZEROUPPER()
	a.RET()
}

// sumDigits adds, for 32 roots, the three digits of the sums of four weights that the tables hold from the given plane on.
// Digits of four tables fit a byte; bytes are added up in pairs (even and odd together) and the odd ones again apart.
func (a *asm) sumDigits(name string, plane int) {
	signature, doc := "func(weight *uint64, bits, table *uint8, groups int)", name+" adds the lower three digits of 16·groups rows, groups from 1 to 256, to 32 sums."
	if plane > 0 {
		signature, doc = "func(weight, number *uint64, bits, table *uint8, groups int)", name+" is sumLowAVX2 for the upper two digits of weights and the digit of numbers."
	}
	a.function(name, signature, doc)
	bits, table, groups := a.pointer("bits"), a.pointer("table"), a.number("groups")
	x := a.GP32()
	nibble := a.YMM()
	a.MOVL(operand.U32(0x0f0f0f0f), x)
	a.VMOVD(x, nibble.AsX())
	a.VPBROADCASTD(nibble.AsX(), nibble)
	both, odd := a.zeros(3), a.zeros(3)
	n, t, u := a.ymms(4), a.YMM(), a.YMM()
	a.Label("group")
	for i := range 2 {
		a.VMOVDQU(mem(bits, 256*i), n[2*i])
		a.VPSRLW(operand.Imm(4), n[2*i], n[2*i+1])
		a.VPAND(nibble, n[2*i], n[2*i])
		a.VPAND(nibble, n[2*i+1], n[2*i+1])
	}
	for p := range 3 {
		for g := range n {
			a.VBROADCASTI128(mem(table, 64*(plane+p)+16*g), u)
			if g == 0 {
				a.VPSHUFB(n[g], u, t)
				continue
			}
			a.VPSHUFB(n[g], u, u)
			a.VPADDB(u, t, t)
		}
		a.VPADDW(t, both[p], both[p])
		a.VPSRLW(operand.Imm(8), t, t)
		a.VPADDW(t, odd[p], odd[p])
	}
	a.ADDQ(operand.U32(512), bits)
	a.ADDQ(operand.U32(384), table)
	a.DECQ(groups)
	a.JNZ(operand.LabelRef("group"))
	a.addDigits(plane, both, odd)
	a.VZEROUPPER()
	a.RET()
}

// addDigits adds the digits, first of the even roots, then of the odd ones, to the sums in memory.
func (a *asm) addDigits(plane int, both, odd []reg.VecVirtual) {
	t := a.YMM()
	for p := range both {
		a.VPSLLW(operand.Imm(8), odd[p], t)
		a.VPSUBW(t, both[p], both[p])
	}
	weight := a.pointer("weight")
	for o, d := range [][]reg.VecVirtual{both, odd} {
		for half := range 2 {
			a.addEight(weight, 32*4*o+64*half, 6*plane, d[:3-plane/3], half)
		}
	}
	if plane == 0 {
		return
	}
	number := a.pointer("number")
	for o, d := range [][]reg.VecVirtual{both, odd} {
		for half := range 2 {
			a.addEight(number, 32*4*o+64*half, 0, d[2:], half)
		}
	}
}

// addEight adds eight sums of digits, of the lower or upper half of their registers, to eight numbers in memory.
func (a *asm) addEight(to reg.GPVirtual, offset, shift int, digits []reg.VecVirtual, half int) {
	sum, t, q := a.YMM(), a.YMM(), a.YMM()
	for i, d := range digits {
		if half == 0 {
			a.VPMOVZXWD(d.AsX(), t)
		} else {
			a.VEXTRACTI128(operand.Imm(1), d, t.AsX())
			a.VPMOVZXWD(t.AsX(), t)
		}
		if i == 0 {
			a.VMOVDQA(t, sum)
			continue
		}
		a.VPSLLD(operand.Imm(uint64(6*i)), t, t)
		a.VPADDD(t, sum, sum)
	}
	for i := range 2 {
		a.VPMOVZXDQ(sum.AsX(), q)
		if i == 1 {
			a.VEXTRACTI128(operand.Imm(1), sum, q.AsX())
			a.VPMOVZXDQ(q.AsX(), q)
		}
		if shift > 0 {
			a.VPSLLQ(operand.Imm(uint64(shift)), q, q)
		}
		a.VPADDQ(mem(to, offset+32*i), q, q)
		a.VMOVDQU(q, mem(to, offset+32*i))
	}
}
