package cuda

import (
	"math/rand/v2"
	"testing"

	"planwerk/kernels"
	"planwerk/kernels/device"
)

// TestProducts takes products that stay on the device, and measures a copy.
func TestProducts(t *testing.T) {
	machines(t, func(t *testing.T, d *Device) {
		const n = 300
		r := rand.New(rand.NewPCG(7, 7))
		a := device.CSR{Rows: n, Cols: n, Ptr: make([]int64, n+1)}
		for i := range n {
			for range i % 19 {
				a.Col, a.Val = append(a.Col, int32(r.IntN(n))), append(a.Val, r.NormFloat64())
			}
			a.Ptr[i+1] = int64(len(a.Col))
		}
		x, got, want := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		p, err := d.Products(a, x)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Run(3); err != nil {
			t.Fatal(err)
		}
		if err := p.Result(got); err != nil {
			t.Fatal(err)
		}
		kernels.SpMV(want, a.Ptr, a.Col, a.Val, x)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("row %d: %v, want %v", i, got[i], want[i])
			}
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if rate, err := d.CopyRate(1<<16, 2); err != nil || rate <= 0 {
			t.Errorf("copy: %v bytes a second, %v", rate, err)
		}
		if _, err := d.Products(a, x[1:]); err == nil {
			t.Error("a vector that does not fit")
		}
	})
}
