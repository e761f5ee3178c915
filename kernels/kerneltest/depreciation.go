package kerneltest

import (
	"math"
	"slices"

	"planwerk/kernels"
)

// depreciation takes n ages of products of few and of many durabilities, near them and anywhere.
func depreciation(m *Memory, n int) {
	most := []uint64{50, math.MaxUint32, math.MaxInt64}[m.IntN(3)]
	var durability []int64
	for range m.IntN(60) {
		d := m.Uint64N(most)>>m.IntN(32) + m.Uint64N(2)
		if m.extreme() {
			d = []uint64{0, 1, math.MaxUint32, math.MaxUint32 - 1, 1 << 31}[m.IntN(5)]
		}
		durability = append(durability, int64(d))
	}
	slices.Sort(durability)
	durability = slices.Compact(durability)
	value := make([]kernels.Int128, len(durability))
	for c := range value {
		value[c] = kernels.I128(m.Int64() >> (7 + m.IntN(40)))
		if m.extreme() {
			value[c] = kernels.I128([]int64{0, 1, math.MaxUint32, 1 << 32, math.MaxInt64 >> 6}[m.IntN(5)])
		}
	}
	if m.IntN(8) == 0 && len(value) > 0 { // beyond 64 bits
		value[m.IntN(len(value))] = kernels.Int128{Hi: m.Int64N(1 << 50), Lo: m.Uint64()}
	}
	age := m.Ints(n)
	for i := range age {
		if len(durability) > 0 && m.IntN(2) == 0 {
			age[i] = durability[m.IntN(len(durability))] - 1 + m.Int64N(3)
		} else if m.IntN(2) == 0 {
			age[i] = int64(m.Uint64N(most))
		}
	}
	kernels.NewDepreciation(durability, value).Each(m.Wides(n+m.IntN(3), false), age)
}
