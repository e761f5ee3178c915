package cuda

import (
	"math"
	"math/rand/v2"
	"testing"

	"planwerk/kernels"
	"planwerk/kernels/device"
)

// definition is the iteration by the operations of package kernels.
type definition struct {
	p                          *device.Program
	x, xhat, refl, x0, xPrev   []float64
	y, yhat, y0, yPrev         []float64
	aty, ax                    []float64
	atyHat, axHat, aty0, axAnc []float64
}

func (d *definition) start(x, y []float64) {
	d.xhat, d.yhat = append([]float64(nil), x...), append([]float64(nil), y...)
	d.products()
	d.restart()
}

func (d *definition) products() {
	a, at := &d.p.A, &d.p.At
	kernels.SpMV(d.axHat, a.Ptr, a.Col, a.Val, d.xhat)
	kernels.SpMV(d.atyHat, at.Ptr, at.Col, at.Val, d.yhat)
}

func (d *definition) restart() {
	for to, from := range map[*[]float64][]float64{&d.x: d.xhat, &d.x0: d.xhat, &d.aty0: d.atyHat, &d.y: d.yhat, &d.y0: d.yhat, &d.axAnc: d.axHat} {
		*to = append([]float64(nil), from...)
	}
}

func (d *definition) steps(k, count int, tau, sigma float64) {
	p := d.p
	for i := range count {
		a, b := float64(k+i+1)/float64(k+i+2), 1/float64(k+i+2)
		if i == count-1 {
			copy(d.xPrev, d.x)
			copy(d.yPrev, d.y)
		}
		byBlocks(d.aty, &p.At, d.y)
		kernels.HalpernPrimal(d.x, d.xhat, d.refl, d.x0, p.C, d.aty, p.Lo, p.Hi, tau, a, b)
		byBlocks(d.ax, &p.A, d.refl)
		kernels.HalpernDual(d.y, d.yhat, d.y0, d.ax, p.RowLo, p.RowHi, sigma, 1/sigma, a, b)
	}
}

// byBlocks sets dst to a·x, summed block of columns after block.
func byBlocks(dst []float64, a *device.CSR, x []float64) {
	for i := range dst {
		from := a.Ptr[i]
		for b := range a.Blocks() {
			to := a.Ptr[i+1]
			if b < a.Blocks()-1 {
				to = a.Ends[b*a.Rows+i]
			}
			v := kernels.SparseDot(a.Col[from:to], a.Val[from:to], x)
			if b > 0 {
				v += dst[i]
			}
			dst[i], from = v, to
		}
	}
}

// cutColumns cuts the columns of a into blocks.
func cutColumns(a *device.CSR, blocks int) {
	for b := 1; b < blocks; b++ {
		for i := range a.Rows {
			at := a.Ptr[i]
			for at < a.Ptr[i+1] && int(a.Col[at]) < b*a.Cols/blocks {
				at++
			}
			a.Ends = append(a.Ends, at)
		}
	}
}

func randomBounds(r *rand.Rand, n int) (lo, hi []float64) {
	lo, hi = make([]float64, n), make([]float64, n)
	for i := range lo {
		lo[i] = []float64{math.Inf(-1), 0, -1, r.Float64()}[r.IntN(4)]
		hi[i] = []float64{math.Inf(1), 1, 2, 1 + r.Float64()}[r.IntN(4)]
	}
	return lo, hi
}

// transposed gives a by columns.
func transposed(a *device.CSR) device.CSR {
	t := device.CSR{Rows: a.Cols, Cols: a.Rows, Ptr: []int64{0}}
	for j := range a.Cols {
		for i := range a.Rows {
			for k := a.Ptr[i]; k < a.Ptr[i+1]; k++ {
				if int(a.Col[k]) == j {
					t.Col, t.Val = append(t.Col, int32(i)), append(t.Val, a.Val[k])
				}
			}
		}
		t.Ptr = append(t.Ptr, int64(len(t.Col)))
	}
	return t
}

// cutEvery cuts 0 … n−1 into ranges.
func cutEvery(n, every int) (cut [][2]int) {
	for lo := 0; lo < n; lo += every {
		cut = append(cut, [2]int{lo, min(lo+every, n)})
	}
	return cut
}

func randomProgram(r *rand.Rand, rows, cols int) *device.Program {
	p := &device.Program{A: randomCSR(r, rows, cols, 40), Beta: 0.37, Gamma: 1.9, Col: make([]float64, cols), Row: make([]float64, rows)}
	for k := range p.A.Val {
		p.A.Val[k] = r.Float64() - 0.4
	}
	p.At = transposed(&p.A)
	p.C = randomVector(r, cols)
	p.Lo, p.Hi = randomBounds(r, cols)
	p.RowLo, p.RowHi = randomBounds(r, rows)
	for j := range p.Col {
		p.Col[j] = 0.1 + r.Float64()
	}
	for i := range p.Row {
		p.Row[i] = 0.1 + r.Float64()
	}
	p.ColPieces, p.RowPieces = cutEvery(cols, 1+r.IntN(70)), cutEvery(rows, 1+r.IntN(70))
	return p
}

// TestHalpern goes through batches of steps of every kind: checks between them or not, the step sizes changed behind a
// check, restarts, batches shorter than what is queued ahead.
func TestHalpern(t *testing.T) {
	machines(t, func(t *testing.T, d *Device) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, size := range [][2]int{{1, 1}, {33, 31}, {5, 90}, {70, 64}} {
			p := randomProgram(r, size[0], size[1])
			cutColumns(&p.A, 1+r.IntN(3))
			cutColumns(&p.At, 1+r.IntN(3))
			n, m := size[1], size[0]
			v := func(n int) []float64 { return make([]float64, n) }
			want := &definition{p: p, refl: v(n), xPrev: v(n), yPrev: v(m), aty: v(n), ax: v(m), atyHat: v(n), axHat: v(m)}
			h, err := d.Halpern(p)
			if err != nil {
				t.Fatal(err)
			}
			do := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			x, y := v(n), v(m)
			do(h.Start(x, y))
			want.start(x, y)
			tau, k := 0.1, 0
			for range 25 {
				switch r.IntN(5) {
				case 0:
					do(h.Restart())
					want.restart()
					k = 0
				case 1:
					tau *= 0.9
				}
				count := 1 + r.IntN(9)
				do(h.Steps(k, count, tau, 0.2))
				want.steps(k, count, tau, 0.2)
				k += count
				for range 1 + r.IntN(2) {
					want.products()
					cols, rows, err := h.Measure(0.3, 1.7)
					do(err)
					checkSums(t, want, cols, rows)
				}
				do(h.Point(x, y))
				sameBits(t, "x̂", x, want.xhat)
				sameBits(t, "ŷ", y, want.yhat)
				do(h.Anchor(x, y))
				sameBits(t, "anchor", append(x, y...), append(append([]float64(nil), want.x0...), want.y0...))
			}
			do(h.Close())
		}
	})
}

// worth is what a dual value is worth at the bound it meets, and the part of it that meets none.
func worth(r, lo, hi float64) (value, left float64) {
	switch {
	case r > 0 && !math.IsInf(lo, -1):
		return r * lo, 0
	case r < 0 && !math.IsInf(hi, 1):
		return r * hi, 0
	}
	return 0, r
}

// checkSums compares the sums of a check with their definition, as engine/lp/host.go has it.
func checkSums(t *testing.T, d *definition, cols, rows []device.Sums) {
	t.Helper()
	const eta, w = 0.3, 1.7
	p, unit := d.p, 1/float64(d.p.Beta*d.p.Gamma)
	square := func(v float64) float64 { return float64(v * v) }
	leaves := func(v, lo, hi float64) bool { return v < 0 && !math.IsInf(lo, -1) || v > 0 && !math.IsInf(hi, 1) }
	for n, piece := range p.ColPieces {
		var s device.Sums
		for j := piece[0]; j < piece[1]; j++ {
			e := d.xhat[j] - d.xPrev[j]
			s.FixedPoint += float64(float64(w*e)*e) + float64(float64(2*eta*(d.atyHat[j]-d.aty[j]))*e)
			dx := d.xhat[j] - d.x0[j]
			s.Move += square(dx)
			s.Objective += float64(float64(p.C[j]*d.xhat[j]) * unit)
			value, left := worth(p.C[j]-d.atyHat[j], p.Lo[j], p.Hi[j])
			s.DualObjective += float64(value * unit)
			s.Residual += square(left / float64(p.Col[j]*p.Gamma))
			s.RayCost += float64(float64(p.C[j]*dx) * unit)
			if leaves(dx, p.Lo[j], p.Hi[j]) {
				s.RayMiss += square(float64(dx*p.Col[j]) / p.Beta)
			}
			value, left = worth(d.aty0[j]-d.atyHat[j], p.Lo[j], p.Hi[j])
			s.Farkas += float64(value * unit)
			s.FarkasMiss += square(left / float64(p.Col[j]*p.Gamma))
		}
		sameSums(t, "column sums", cols[n], s)
	}
	for n, piece := range p.RowPieces {
		var s device.Sums
		for i := piece[0]; i < piece[1]; i++ {
			s.FixedPoint += square(d.yhat[i]-d.yPrev[i]) / w
			dy := d.yhat[i] - d.y0[i]
			s.Move += square(dy)
			act := d.axHat[i]
			miss := math.Abs(act-min(max(act, p.RowLo[i]), p.RowHi[i])) / float64(p.Row[i]*p.Beta)
			s.Residual += square(miss)
			s.Worst = max(s.Worst, miss)
			value, _ := worth(d.yhat[i], p.RowLo[i], p.RowHi[i])
			s.DualObjective += float64(value * unit)
			if moved := (act - d.axAnc[i]) / float64(p.Row[i]*p.Beta); leaves(moved, p.RowLo[i], p.RowHi[i]) {
				s.RayMiss += square(moved)
			}
			value, left := worth(dy, p.RowLo[i], p.RowHi[i])
			s.Farkas += float64(value * unit)
			s.FarkasMiss += square(float64(left*p.Row[i]) / p.Gamma)
		}
		sameSums(t, "row sums", rows[n], s)
	}
}

func sameSums(t *testing.T, what string, got, want device.Sums) {
	t.Helper()
	list := func(s device.Sums) []float64 {
		return []float64{s.FixedPoint, s.Move, s.Residual, s.Objective, s.DualObjective, s.RayCost, s.RayMiss, s.Farkas, s.FarkasMiss, s.Worst}
	}
	sameBits(t, what, list(got), list(want))
}
