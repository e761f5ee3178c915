package cuda

import (
	"math/rand/v2"
	"testing"

	"planwerk/kernels/device"
)

// gpu opens the GPU of this machine; a benchmark of the host shim would say nothing.
func gpu(b *testing.B) *Device {
	d, err := Open()
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}

// benchCSR has rows of 16 entries anywhere.
func benchCSR(n int) device.CSR {
	r := rand.New(rand.NewPCG(1, 1))
	a := device.CSR{Rows: n, Cols: n, Ptr: make([]int64, n+1), Col: make([]int32, 16*n), Val: make([]float64, 16*n)}
	for k := range a.Col {
		a.Col[k], a.Val[k] = int32(r.IntN(n)), r.Float64()-0.5
	}
	for i := range a.Ptr {
		a.Ptr[i] = int64(16 * i)
	}
	return a
}

// BenchmarkCopy is the card's own bandwidth: 1 GiB read and written.
func BenchmarkCopy(b *testing.B) {
	d := gpu(b)
	m := &memory{Device: d}
	err := d.do(func() error {
		from, err := m.alloc(1<<27, 8)
		if err != nil {
			return err
		}
		to, err := m.alloc(1<<27, 8)
		if err != nil {
			return err
		}
		b.SetBytes(2 << 30)
		for b.Loop() {
			if err := d.driver.Copy(to, from, 1<<30, d.stream); err != nil {
				return err
			}
			if err := d.driver.Synchronize(d.stream); err != nil {
				return err
			}
		}
		return m.free()
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIterations is a batch of 120 steps and its check; bytes are those of both matrices and the vectors, once a
// step.
func BenchmarkIterations(b *testing.B) {
	d := gpu(b)
	const n = 1 << 20
	a := benchCSR(n)
	v := func(x float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = x
		}
		return out
	}
	// A stands for its own transpose: the work is the same.
	p := &device.Program{A: a, At: benchCSR(n), C: v(1), Lo: v(0), Hi: v(1), RowLo: v(-1), RowHi: v(1), Col: v(1), Row: v(1), Beta: 1, Gamma: 1,
		ColPieces: cutEvery(n, 1600), RowPieces: cutEvery(n, 1600)}
	h, err := d.Halpern(p)
	if err != nil {
		b.Fatal(err)
	}
	if err := h.Start(v(0), v(0)); err != nil {
		b.Fatal(err)
	}
	const steps = 120
	b.SetBytes(steps * (2*matrixBytes(&a) + 8*n*(10+7)))
	k := 0
	for b.Loop() {
		if err := h.Steps(k, steps, 0.01, 0.01); err != nil {
			b.Fatal(err)
		}
		if _, _, err := h.Measure(0.01, 1); err != nil {
			b.Fatal(err)
		}
		k += steps
	}
	if err := h.Close(); err != nil {
		b.Fatal(err)
	}
}
