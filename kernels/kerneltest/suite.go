package kerneltest

import (
	"fmt"

	"planwerk/kernels"
)

// checks runs each operation once, by name, on slices of about n values out of m.
var checks = map[string]func(m *Memory, n int){
	"AddSides32": addSides32,
	"Axpy": func(m *Memory, n int) {
		a, x := m.Float(), m.Floats(n)
		kernels.Axpy(a, x, m.Floats(n+m.IntN(3)))
		kernels.Axpy(a, x, x)
	},
	"CorrectSides32":   correctSides32,
	"Depreciation":     depreciation,
	"DifferenceGram32": differenceGram32,
	"Dot": func(m *Memory, n int) {
		x := m.Floats(n)
		m.Note(kernels.Dot(x, m.Floats(n+m.IntN(3))), kernels.Dot(x, x))
	},
	"ErrorSides": errorSides,
	"FetchSlots": func(m *Memory, n int) {
		shift := m.IntN(32)
		slots := m.Words(min(1<<(32-shift), 1<<12))
		kernels.FetchSlots(slots, hashes(m, n, len(slots), shift), shift)
	},
	"GemmSub": gemmSub,
	"GroupSum": func(m *Memory, n int) {
		groups := 1 + n/3
		if n >= 4000 { // more than a near cache holds
			groups = 1<<18 + n
		}
		kernels.GroupSum(m.Wides(groups, true), m.Codes(n, groups, true), m.Ints(n))
	},
	"HalpernDual": func(m *Memory, n int) {
		kernels.HalpernDual(m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Float(), m.Float(), m.Float(), m.Float())
	},
	"HalpernPrimal": func(m *Memory, n int) {
		kernels.HalpernPrimal(m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Floats(n), m.Float(), m.Float(), m.Float())
	},
	"LookUp": lookUp,
	"MarkFlags": func(m *Memory, n int) {
		care := uint8(m.IntN(8))
		kernels.MarkFlags(m.Words((n+63)/64), m.Flags(n), care, uint8(m.IntN(8))&care)
	},
	"MarkWindow": func(m *Memory, n int) {
		kernels.MarkWindow(m.Words((n+63)/64), m.Ints(n), m.Int(), m.Int())
	},
	"MeanSides32": meanSides32,
	"Narrow": func(m *Memory, n int) {
		// What lies behind the first value that does not fit is not set, and so not compared.
		src := m.Wides(n, m.IntN(2) == 0)
		dst := make([]int64, n)
		done := kernels.Narrow(dst, src)
		m.NoteInts(int64(done))
		m.NoteInts(dst[:done]...)
		for i := range src {
			src[i] = kernels.I128(src[i].Int64())
		}
		m.NoteInts(int64(kernels.Narrow(m.Ints(n), src)))
	},
	"NormInf": func(m *Memory, n int) { m.Note(kernels.NormInf(m.Floats(n))) },
	"PairSums": func(m *Memory, n int) {
		codes := 1 + n/3
		s := kernels.NewPairSums(codes)
		for range 2 { // values of all sizes, then small ones
			x, y := m.Ints(n), m.Ints(n+m.IntN(3))
			for i := range x {
				x[i], y[i] = x[i]>>(24*(n&1)), y[i]>>(24*(n&1))
			}
			s.Add(m.Codes(n, codes, true), x, y)
		}
		for c := range codes {
			x, y := s.At(c)
			m.NoteInts(x.Hi, int64(x.Lo), y.Hi, int64(y.Lo))
		}
	},
	"PrefixSum": func(m *Memory, n int) {
		x := m.Ints(n)
		m.NoteInts(kernels.PrefixSum(m.Ints(n), x), kernels.PrefixSum(x, x))
	},
	"ProductSides32": productSides32,
	"RadixSums": func(m *Memory, n int) {
		s, groups := &kernels.RadixSums{}, 1+n/3
		if n >= 4000 { // several buckets
			groups = 1<<16 + n
		}
		for range 2 {
			s.Add(m.Wides(groups, true), m.Codes(n, groups, true), m.Ints(n))
		}
	},
	"SparseDot": func(m *Memory, n int) {
		x := m.Floats(1 + m.IntN(40))
		m.Note(kernels.SparseDot(m.Codes(n, len(x), false), m.Floats(n), x))
	},
	"SpMM": spmm,
	"SpMV": spmv,
	"SumFloat64": func(m *Memory, n int) {
		m.Note(kernels.SumFloat64(m.Floats(n)))
	},
	"SumInt64": func(m *Memory, n int) {
		s := kernels.SumInt64(m.Ints(n))
		m.NoteInts(s.Hi, int64(s.Lo))
	},
	"SumMarked": func(m *Memory, n int) {
		for _, n := range []int{n, 5 * n} {
			s := kernels.SumMarked(m.Ints(n), m.Words((n+63)/64))
			m.NoteInts(s.Hi, int64(s.Lo))
		}
	},
	"SumRows":      sumRows,
	"Sweep32":      sweep32,
	"SweepRoots":   sweepRoots,
	"SweepRows":    sweepRows,
	"SweepSides32": sweepSides32,
}

func gemmSub(m *Memory, n int) {
	rows, terms := m.IntN(14), m.IntN(20)
	lda, ldb, ldc := terms+m.IntN(3), n+m.IntN(3), n+m.IntN(3)
	c, a, b := m.Floats(rows*ldc), m.Floats(rows*lda), m.Floats(terms*ldb)
	if rows > 0 && n > 0 {
		kernels.GemmSub(c, ldc, a, lda, b, ldb, rows, n, terms)
	}
}

// pointers are those of a matrix with rows of up to n entries.
func pointers(m *Memory, rows, n int) []int64 {
	ptr := m.Ints(rows + 1)
	ptr[0] = int64(m.IntN(4))
	for i := range rows {
		ptr[i+1] = ptr[i] + int64(m.IntN(n+1))
	}
	return ptr
}

func spmv(m *Memory, n int) {
	rows, x := m.IntN(9), m.Floats(1+m.IntN(40))
	ptr := pointers(m, rows, n)
	nnz := int(ptr[rows])
	kernels.SpMV(m.Floats(rows), ptr, m.Codes(nnz, len(x), false), m.Floats(nnz), x)
}

func spmm(m *Memory, n int) {
	rows, cols, width := m.IntN(9), 1+m.IntN(20), 4*(1+m.IntN(9))
	ptr := pointers(m, rows, n)
	nnz := int(ptr[rows])
	kernels.SpMM(m.Floats(rows*width), ptr, m.Codes(nnz, cols, false), m.Floats(nnz), m.Floats(cols*width), width)
}

// sweepRoots goes through a random graph of n vertices, in as many steps as a short list of vertices makes needful.
func sweepRoots(m *Memory, n int) {
	if n == 0 {
		return
	}
	first, part := randomParts(m, n)
	mask, pending := m.Sets(n), m.Words(n/64+1)
	clear(pending)
	last := int32(0)
	for i := range m.IntN(256) {
		r := int32(m.IntN(n))
		mask[r][i>>6] |= 1 << (i & 63)
		pending[r>>6] |= 1 << (r & 63)
		last = max(last, r)
	}
	vertex := m.Codes(1+m.IntN(n+3), 1, false)
	sets := m.Sets(len(vertex))
	for got, word := len(vertex), int32(0); got == len(vertex); {
		got, word, last = kernels.SweepRoots(mask, pending, first, part, vertex, sets, word, last)
		m.NoteInts(int64(got), int64(word), int64(last))
		for i := range got {
			m.NoteInts(int64(vertex[i]), int64(sets[i][0]), int64(sets[i][1]), int64(sets[i][2]), int64(sets[i][3]))
		}
	}
}

// Compare runs an operation at a level and as its definition, on equal inputs, and says how they differ.
func Compare(operation string, level kernels.Level, seed uint64, n, offset, extremes int) error {
	before, _ := kernels.LevelInUse()
	defer kernels.SetLevel(before)
	got, want := NewMemory(seed, offset, extremes), NewMemory(seed, offset, extremes)
	kernels.SetLevel(kernels.Scalar)
	checks[operation](want, n)
	kernels.SetLevel(level)
	checks[operation](got, n)
	if d := got.Difference(want); d != "" {
		return fmt.Errorf("%s at level %s, n = %d, offset %d, seed %d, extremes %d: %s", operation, level, n, offset, seed, extremes, d)
	}
	return nil
}
