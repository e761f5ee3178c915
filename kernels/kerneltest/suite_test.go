package kerneltest

import (
	"runtime"
	"slices"
	"testing"

	"golang.org/x/sys/cpu"

	"planwerk/kernels"
)

// Every variant, every length up to beyond two words of marks, odd offsets, with and without extremes.
func TestVariantsEqualTheirDefinitions(t *testing.T) {
	var ran []kernels.Level
	for level := kernels.Scalar; level <= kernels.MachineLevel(); level++ {
		for _, op := range kernels.Operations() {
			if checks[op.Name] == nil {
				t.Fatalf("the suite has no check of %s", op.Name)
			}
			if level > kernels.Scalar && !slices.Contains(op.Variants, level) {
				continue
			}
			t.Run(op.Name+"/"+level.String(), func(t *testing.T) { checkLengths(t, op.Name, level) })
		}
		ran = append(ran, level)
	}
	for _, level := range levelsOfTheProcessor() {
		if !slices.Contains(ran, level) {
			t.Errorf("this processor has level %s, and the suite did not run it", level)
		}
	}
	if len(checks) != len(kernels.Operations()) {
		t.Errorf("%d checks for %d operations", len(checks), len(kernels.Operations()))
	}
}

func checkLengths(t *testing.T, op string, level kernels.Level) {
	for n := range 134 {
		if n > 72 && n < 126 { // between the first word of marks and the second nothing changes
			continue
		}
		for offset := range 3 {
			for _, extremes := range []int{0, 40, 3} {
				for seed := range uint64(2) {
					if err := Compare(op, level, seed+uint64(n)*7, n, offset, extremes); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	for _, n := range []int{1000, 4097, 20_000} {
		if op == "SpMV" || op == "SpMM" || op == "GemmSub" {
			n /= 16
		}
		if err := Compare(op, level, uint64(n), n, 1, 100); err != nil {
			t.Fatal(err)
		}
	}
}

// levelsOfTheProcessor asks another library than kernels does.
func levelsOfTheProcessor() (levels []kernels.Level) {
	if runtime.GOARCH != "amd64" || !kernels.Assembly {
		return nil
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasBMI2 {
		levels = append(levels, kernels.AVX2)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
		levels = append(levels, kernels.AVX512)
	}
	return levels
}

// An extreme value in each place of a few vectors' length.
func TestExtremesInEveryLane(t *testing.T) {
	for level := kernels.Scalar + 1; level <= kernels.MachineLevel(); level++ {
		for _, x := range floatExtremes {
			for place := range 37 {
				for _, f := range []func(x []float64) float64{
					kernels.SumFloat64, kernels.NormInf, kernels.Norm2, func(x []float64) float64 { return kernels.Dot(x, x) },
				} {
					got, want := NewMemory(uint64(place), 1, 0), NewMemory(uint64(place), 1, 0)
					for m, l := range map[*Memory]kernels.Level{got: level, want: kernels.Scalar} {
						at(l, func() {
							v := m.Floats(37)
							v[place] = x
							m.Note(f(v))
						})
					}
					if d := got.Difference(want); d != "" {
						t.Fatalf("%v in place %d at level %s: %s", x, place, level, d)
					}
				}
			}
		}
		for _, x := range intExtremes {
			for place := range 130 {
				v := make([]int64, 130)
				v[place] = x
				var sum kernels.Int128
				at(level, func() { sum = kernels.SumMarked(v, []uint64{^uint64(0), ^uint64(0), 3}) })
				if sum != kernels.I128(x) {
					t.Fatalf("SumMarked of %d in place %d at level %s is %v", x, place, level, sum)
				}
			}
		}
	}
}

func at(level kernels.Level, f func()) {
	before, _ := kernels.LevelInUse()
	defer kernels.SetLevel(before)
	kernels.SetLevel(level)
	f()
}

// Sums of the largest values over more of them than a variant takes at once.
func TestSumsOfExtremesDoNotOverflow(t *testing.T) {
	const n = 3<<20 + 77
	x, marks := make([]int64, n), make([]uint64, n/64+1)
	for i := range marks {
		marks[i] = ^uint64(0)
	}
	for _, v := range []int64{-1 << 63, 1<<63 - 1, -1} {
		for i := range x {
			x[i] = v
		}
		want := kernels.MulInt64(v, n)
		for level := kernels.Scalar; level <= kernels.MachineLevel(); level++ {
			at(level, func() {
				if got := kernels.SumInt64(x); got != want {
					t.Errorf("SumInt64 at %s: %v, want %v", level, got, want)
				}
				if got := kernels.SumMarked(x, marks); got != want {
					t.Errorf("SumMarked at %s: %v, want %v", level, got, want)
				}
			})
		}
	}
}

func FuzzVariantsEqualTheirDefinitions(f *testing.F) {
	f.Add(uint8(0), uint16(8), uint8(1), uint64(1), uint8(3))
	f.Add(uint8(200), uint16(63), uint8(0), uint64(2), uint8(0))
	ops := kernels.Operations()
	f.Fuzz(func(t *testing.T, op uint8, n uint16, offset uint8, seed uint64, extremes uint8) {
		o := ops[int(op)%len(ops)]
		for level := kernels.Scalar + 1; level <= kernels.MachineLevel(); level++ {
			if err := Compare(o.Name, level, seed, int(n)%600, int(offset)%8, int(extremes)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
