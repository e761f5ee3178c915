package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// makeGemm makes tiles of four rows and one row by eight columns; sums stay in registers over the whole of k.
func makeGemm(a *asm) {
	table := a.masks("gemmMasks", 8)
	for _, rows := range []int{4, 1} {
		name := fmt.Sprintf("gemmSub%dAVX2", rows)
		a.function(name, "func(c *float64, ldc int, a *float64, lda int, b *float64, ldb, m, k int)",
			fmt.Sprintf("%s is GemmSub for eight columns and m rows, a positive multiple of %d; k is at least 1.", name, rows))
		a.gemmTiles(rows, nil)
		name = fmt.Sprintf("gemmSub%dRestAVX2", rows)
		a.function(name, "func(c *float64, ldc int, a *float64, lda int, b *float64, ldb, m, k, n int)",
			fmt.Sprintf("%s is GemmSub for n columns, 1 to 7, and m rows, a positive multiple of %d; k is at least 1.", name, rows))
		a.gemmTiles(rows, &table)
	}
}

func (a *asm) gemmTiles(rows int, table *operand.Mem) {
	c, ldc, left, lda := a.pointer("c"), a.number("ldc"), a.pointer("a"), a.number("lda")
	b, ldb, m, k := a.pointer("b"), a.number("ldb"), a.number("m"), a.number("k")
	var mask []reg.VecVirtual
	if table != nil {
		p := a.maskAt(*table, 8, a.number("n"))
		mask = a.ymms(2)
		a.VMOVUPD(mem(p, 0), mask[0])
		a.VMOVUPD(mem(p, 32), mask[1])
	}
	for _, l := range []reg.GPVirtual{ldc, lda, ldb} {
		a.SHLQ(operand.Imm(3), l)
	}
	sum := make([][]reg.VecVirtual, rows)
	for r := range sum {
		sum[r] = a.ymms(2)
	}
	a.Label("tile")
	for r := range sum {
		for h := range 2 {
			a.VXORPD(sum[r][h], sum[r][h], sum[r][h])
		}
	}
	a.gemmSums(sum, left, lda, b, ldb, k, mask)
	a.gemmStore(sum, c, ldc, mask)
	for range rows {
		a.ADDQ(lda, left)
	}
	a.SUBQ(operand.Imm(uint64(rows)), m)
	a.JG(operand.LabelRef("tile"))
	a.VZEROUPPER()
	a.RET()
}

// load reads eight numbers, or those of the mask.
func (a *asm) load(m operand.Mem, mask, out []reg.VecVirtual) {
	for h := range out {
		if mask == nil {
			a.VMOVUPD(m.Offset(32*h), out[h])
		} else {
			a.VMASKMOVPD(m.Offset(32*h), mask[h], out[h])
		}
	}
}

// gemmSums adds up the products of a tile over t.
func (a *asm) gemmSums(sum [][]reg.VecVirtual, left, lda, b, ldb, k reg.GPVirtual, mask []reg.VecVirtual) {
	from, right, count := a.GP64(), a.GP64(), a.GP64()
	v, f, product := a.ymms(2), a.YMM(), a.YMM()
	a.MOVQ(left, from)
	a.MOVQ(b, right)
	a.MOVQ(k, count)
	var lda3 reg.GPVirtual
	if len(sum) == 4 {
		lda3 = a.GP64()
		a.LEAQ(at(lda, lda, 2, 0), lda3)
	}
	a.Label("term")
	a.load(mem(right, 0), mask, v)
	for r := range sum {
		place := mem(from, 0)
		switch r {
		case 1, 2:
			place = at(from, lda, uint8(r), 0)
		case 3:
			place = at(from, lda3, 1, 0)
		}
		a.VBROADCASTSD(place, f)
		for h := range 2 {
			a.VMULPD(v[h], f, product)
			a.VADDPD(product, sum[r][h], sum[r][h])
		}
	}
	a.ADDQ(operand.Imm(8), from)
	a.ADDQ(ldb, right)
	a.DECQ(count)
	a.JNZ(operand.LabelRef("term"))
}

// gemmStore takes the sums off c and moves on to the next rows.
func (a *asm) gemmStore(sum [][]reg.VecVirtual, c, ldc reg.GPVirtual, mask []reg.VecVirtual) {
	v := a.ymms(2)
	for r := range sum {
		a.load(mem(c, 0), mask, v)
		for h := range 2 {
			a.VSUBPD(sum[r][h], v[h], v[h])
			if mask == nil {
				a.VMOVUPD(v[h], mem(c, 32*h))
			} else {
				a.VMASKMOVPD(v[h], mask[h], mem(c, 32*h))
			}
		}
		a.ADDQ(ldc, c)
	}
}
