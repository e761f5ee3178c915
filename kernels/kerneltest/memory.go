package kerneltest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"planwerk/kernels"
)

// guard is the number of values before and behind each slice that must not be touched.
const guard = 9

// Memory is what one call works on: slices between guards, filled from a seed, and the results the call reports. Two
// memories of one seed are equal until an operation runs on them.
type Memory struct {
	*rand.Rand
	// Extremes makes one value in so many an extreme one; 0 makes none.
	Extremes int
	offset   int
	floats   [][]float64
	ints     [][]int64
	words    [][]uint64
	codes    [][]int32
	flags    [][]uint8
	wides    [][]kernels.Int128
	sets     [][]kernels.RootSet
	rows     [][]kernels.RootRow
}

// NewMemory makes a memory. Slices begin offset values behind a place aligned for their type, beyond the guard.
func NewMemory(seed uint64, offset, extremes int) *Memory {
	return &Memory{Rand: rand.New(rand.NewPCG(seed, 17)), Extremes: extremes, offset: offset}
}

// between makes n values between guards and notes them in list.
func between[T any](m *Memory, list *[][]T, n int, fence T, value func() T) []T {
	at := guard + m.offset
	all := make([]T, at+n+guard)
	for i := range all {
		all[i] = fence
	}
	out := all[at : at+n]
	for i := range out {
		out[i] = value()
	}
	*list = append(*list, all)
	return out[:n:n]
}

var (
	floatExtremes = []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -math.MaxFloat64,
		math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-1022, 1, -1}
	intExtremes = []int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1, math.MaxInt32, math.MinInt32,
		math.MaxUint32, math.MaxUint32 + 1, -math.MaxUint32, 1 << 62}
)

func (m *Memory) extreme() bool { return m.Extremes > 0 && m.IntN(m.Extremes) == 0 }

// Float is a number of any size, or an extreme one.
func (m *Memory) Float() float64 {
	if m.extreme() {
		return floatExtremes[m.IntN(len(floatExtremes))]
	}
	return m.NormFloat64() * math.Exp(40*m.Float64()-20)
}

// Int is an integer of any size, or an extreme one.
func (m *Memory) Int() int64 {
	if m.extreme() {
		return intExtremes[m.IntN(len(intExtremes))]
	}
	return int64(m.Uint64()) >> m.IntN(64)
}

// Floats, Ints, Words, Codes, Flags and Wides make slices of n values.
func (m *Memory) Floats(n int) []float64 { return between(m, &m.floats, n, math.NaN(), m.Float) }

func (m *Memory) Ints(n int) []int64 { return between(m, &m.ints, n, 0x5555555555555555, m.Int) }

func (m *Memory) Words(n int) []uint64 {
	return between(m, &m.words, n, 0xaaaaaaaaaaaaaaaa, func() uint64 {
		switch m.IntN(6) {
		case 0:
			return 0
		case 1:
			return math.MaxUint64
		}
		return m.Uint64()
	})
}

// Codes are −1 … below−1 when none is set, 0 … below−1 otherwise.
func (m *Memory) Codes(n, below int, none bool) []int32 {
	return between(m, &m.codes, n, math.MaxInt32, func() int32 {
		if none {
			return int32(m.IntN(below+1)) - 1
		}
		return int32(m.IntN(below))
	})
}

func (m *Memory) Flags(n int) []uint8 {
	return between(m, &m.flags, n, 0xa5, func() uint8 { return uint8(m.Uint64()) & 7 })
}

// Wides holds values that fit 64 bits, and now and then, when wide is set, one that does not.
func (m *Memory) Wides(n int, wide bool) []kernels.Int128 {
	return between(m, &m.wides, n, kernels.Int128{Hi: 3, Lo: 3}, func() kernels.Int128 {
		if wide && m.IntN(40) == 0 {
			return kernels.Int128{Hi: m.Int(), Lo: uint64(m.Int())}
		}
		return kernels.I128(m.Int())
	})
}

// Sets makes n empty root sets.
func (m *Memory) Sets(n int) []kernels.RootSet {
	return between(m, &m.sets, n, kernels.RootSet{1, 2, 3, 4}, func() kernels.RootSet { return kernels.RootSet{} })
}

// Rows makes n rows that are empty, full, or of any roots.
func (m *Memory) Rows(n int) []kernels.RootRow {
	return between(m, &m.rows, n, kernels.RootRow{5}, func() (row kernels.RootRow) {
		density := m.IntN(5)
		for i := range row {
			switch density {
			case 1:
				row[i] = math.MaxUint64
			case 2:
				row[i] = m.Uint64()
			case 3:
				row[i] = m.Uint64() & m.Uint64() & m.Uint64() & m.Uint64()
			case 4:
				row[i] = 1 << m.IntN(64)
			}
		}
		return row
	})
}

// Note adds results of the call to what is compared.
func (m *Memory) Note(x ...float64) { m.floats = append(m.floats, x) }

// NoteInts is Note for integers.
func (m *Memory) NoteInts(x ...int64) { m.ints = append(m.ints, x) }

// Difference says where two memories differ; "" when they do not.
func (m *Memory) Difference(want *Memory) string {
	same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b }
	for _, d := range []string{
		differ("floats", m.floats, want.floats, same), differ("ints", m.ints, want.ints, equal), differ("words", m.words, want.words, equal),
		differ("codes", m.codes, want.codes, equal), differ("flags", m.flags, want.flags, equal), differ("wides", m.wides, want.wides, equal),
		differ("sets", m.sets, want.sets, equal), differ("rows", m.rows, want.rows, equal),
	} {
		if d != "" {
			return d
		}
	}
	return ""
}

func equal[T comparable](a, b T) bool { return a == b }

func differ[T any](name string, got, want [][]T, same func(a, b T) bool) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d slices of %s, want %d", len(got), name, len(want))
	}
	for k := range got {
		if len(got[k]) != len(want[k]) {
			return fmt.Sprintf("%s %d: %d values, want %d", name, k, len(got[k]), len(want[k]))
		}
		for i, v := range got[k] {
			if !same(v, want[k][i]) {
				return fmt.Sprintf("%s %d: place %d (guards take %d) is %v, want %v", name, k, i, guard, v, want[k][i])
			}
		}
	}
	return ""
}
