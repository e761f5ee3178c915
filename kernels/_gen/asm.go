package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// asm is one assembly file under way.
type asm struct {
	*build.Context
	labels int
}

// function begins a function; doc is its comment.
func (a *asm) function(name, signature string, doc ...string) {
	a.Function(name)
	a.Attributes(attr.NOSPLIT)
	a.SignatureExpr(signature)
	a.Doc(doc...)
}

// pointer, number and float load parameters.
func (a *asm) pointer(name string) reg.GPVirtual {
	r := a.GP64()
	a.Load(a.Param(name), r)
	return r
}

func (a *asm) number(name string) reg.GPVirtual { return a.pointer(name) }

// spread loads a float parameter into all four lanes.
func (a *asm) spread(name string) reg.VecVirtual {
	p, err := a.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	r := a.YMM()
	a.VBROADCASTSD(p.Addr, r)
	return r
}

// zeros gives n cleared registers of four lanes.
func (a *asm) zeros(n int) []reg.VecVirtual {
	out := make([]reg.VecVirtual, n)
	for i := range out {
		out[i] = a.YMM()
		a.VXORPD(out[i], out[i], out[i])
	}
	return out
}

// ymms gives n registers of four lanes.
func (a *asm) ymms(n int) []reg.VecVirtual {
	out := make([]reg.VecVirtual, n)
	for i := range out {
		out[i] = a.YMM()
	}
	return out
}

// at addresses base + index·scale + offset.
func at(base, index reg.Register, scale uint8, offset int) operand.Mem {
	return operand.Mem{Base: base, Index: index, Scale: scale, Disp: offset}
}

func mem(base reg.Register, offset int) operand.Mem { return operand.Mem{Base: base, Disp: offset} }

// masks makes a table of eight ones and eight zeros, each of the given bytes. Read from entry 8−r on it masks the first r
// of eight lanes.
func (a *asm) masks(name string, size int) operand.Mem {
	m := a.StaticGlobal(name)
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		v := int64(-1)
		if i >= 8 {
			v = 0
		}
		if size == 4 {
			a.AppendDatum(operand.I32(v))
		} else {
			a.AppendDatum(operand.I64(v))
		}
	}
	return m
}

// maskAt gives the address of the mask for the first r lanes: the end of the ones less r entries.
func (a *asm) maskAt(table operand.Mem, size int, r reg.GPVirtual) reg.GPVirtual {
	p, back := a.GP64(), a.GP64()
	a.LEAQ(table.Offset(8*size), p)
	a.MOVQ(r, back)
	a.SHLQ(operand.Imm(uint64(shift(size))), back)
	a.SUBQ(back, p)
	return p
}

func shift(size int) int {
	n := 0
	for 1<<n < size {
		n++
	}
	return n
}

// fold adds eight lanes, 0–3 in low and 4–7 in high, in the order of kernels/doc.go, and returns the sum in the first lane
// of low.
func (a *asm) fold(low, high reg.VecVirtual) reg.Register {
	upper := a.XMM()
	a.VADDPD(high, low, low)
	a.VEXTRACTF128(operand.Imm(1), low, upper)
	a.VADDPD(upper, low.AsX(), low.AsX())
	a.VPERMILPD(operand.Imm(1), low.AsX(), upper)
	a.VADDSD(upper, low.AsX(), low.AsX())
	return low.AsX()
}

// returnFloat stores x as the result and returns.
func (a *asm) returnFloat(x reg.Register) {
	to, err := a.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	a.VMOVSD(x, to.Addr)
	a.VZEROUPPER()
	a.RET()
}

// constants makes a table of 64-bit numbers.
func (a *asm) constants(name string, values []int64) operand.Mem {
	m := a.StaticGlobal(name)
	a.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, v := range values {
		a.AppendDatum(operand.I64(v))
	}
	return m
}
