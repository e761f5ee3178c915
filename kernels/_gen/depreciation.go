package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
)

// makeDepreciation takes four ages at a time through all classes. With k the age, d at most, a class gives whole·k and
// ⌊rest·k/d⌋: rest·k/d in float64, rounded, is that or one more, and rest·k less it times d says which.
func makeDepreciation(a *asm) {
	numbers := a.constants("depreciationNumbers", []int64{int64(math.Float64bits(1 << 52))})
	a.function("depreciationAVX2", "func(dst *int64, k *int64, fours int, class *uint64, classes int, base uint64)",
		"depreciationAVX2 is Depreciation.Each for 4·fours ages, fours at least 1, on classes, at least one, to which base is added.")
	dst, k, fours, classes := a.pointer("dst"), a.pointer("k"), a.number("fours"), a.number("classes")
	class, left := a.GP64(), a.GP64()
	zero, magic := a.YMM(), a.YMM()
	a.VPXOR(zero, zero, zero)
	a.VPBROADCASTQ(numbers, magic)
	age, sum, at, d, x, q, product := a.YMM(), a.YMM(), a.YMM(), a.YMM(), a.YMM(), a.YMM(), a.YMM()

	a.Label("ages")
	a.VMOVDQU(mem(k, 0), age)
	a.VPCMPGTQ(zero, age, x)
	a.VPAND(x, age, age)
	base, err := a.Param("base").Resolve()
	if err != nil {
		panic(err)
	}
	a.VPBROADCASTQ(base.Addr, sum)
	a.Load(a.Param("class"), class)
	a.MOVQ(classes, left)
	a.Label("class")
	a.VPBROADCASTQ(mem(class, 16), d)
	a.VPCMPGTQ(d, age, x)
	a.VBLENDVPD(x, d, age, at) // the age, d at most
	a.VPBROADCASTQ(mem(class, 0), x)
	a.VPMULUDQ(x, at, q)
	a.VPADDQ(q, sum, sum)
	a.VPSRLQ(operand.Imm(32), x, x)
	a.VPMULUDQ(x, at, x)
	a.VPSLLQ(operand.Imm(32), x, x)
	a.VPADDQ(x, sum, sum)
	a.VPBROADCASTQ(mem(class, 8), x)
	a.VPMULUDQ(x, at, product)
	a.VPOR(magic, at, x)
	a.VSUBPD(magic, x, x) // the age as float64
	a.VBROADCASTSD(mem(class, 24), q)
	a.VMULPD(q, x, q)
	a.VADDPD(magic, q, q)
	a.VPSUBQ(magic, q, q) // rounded, as an integer
	a.VPADDQ(q, sum, sum)
	a.VPMULUDQ(q, d, q)
	a.VPSUBQ(q, product, product)
	a.VPCMPGTQ(product, zero, x)
	a.VPADDQ(x, sum, sum)
	a.ADDQ(operand.Imm(32), class)
	a.DECQ(left)
	a.JNZ(operand.LabelRef("class"))

	a.VPUNPCKLQDQ(sum, zero, x) // 0 s0 0 s2
	a.VPUNPCKHQDQ(sum, zero, q) // 0 s1 0 s3
	a.VPERM2I128(operand.Imm(0x20), q, x, at)
	a.VMOVDQU(at, mem(dst, 0))
	a.VPERM2I128(operand.Imm(0x31), q, x, at)
	a.VMOVDQU(at, mem(dst, 32))
	a.ADDQ(operand.Imm(32), k)
	a.ADDQ(operand.Imm(64), dst)
	a.DECQ(fours)
	a.JNZ(operand.LabelRef("ages"))
	a.VZEROUPPER()
	a.RET()
}
