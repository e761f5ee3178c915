package cuda

import (
	"unsafe"

	"planwerk/kernels/device"
)

// halpern is a linear program under iteration in device memory. Vectors are named as in engine/lp/host.go.
type halpern struct {
	memory
	a, at                        *matrix
	n, m                         int
	c, lo, hi, rowLo, rowHi      Pointer
	col, row                     Pointer
	beta, gamma                  float64
	x, refl, x0, xPrev, xSave    Pointer
	y, y0, yPrev, ySave          Pointer
	ax, atyHat, axHat, aty0, ax0 Pointer
	hats                         [2]hat
	now                          int // which of hats holds the point
	colPieces, rowPieces         Pointer
	colCount, rowCount           int
	colSums, rowSums             Pointer
	colOut, rowOut               []device.Sums
	measured                     Event
	last                         int // steps of the last batch
	ahead                        ahead
}

// hat is a point (x̂, ŷ) with the product Aᵀy of the step that made it.
type hat struct{ x, y, aty Pointer }

// ahead are steps queued behind a check before its outcome is known, so that the device need not wait for it: they
// write the other hat, and x and y as they were are kept. A restart or other step sizes undo them.
type ahead struct {
	steps, k   int
	tau, sigma float64
}

// aheadSteps is how many. Fewer than a batch: a restart throws them away.
const aheadSteps = 4

// Halpern places a linear program.
func (d *Device) Halpern(p *device.Program) (device.Halpern, error) {
	h := &halpern{memory: memory{Device: d}, n: p.A.Cols, m: p.A.Rows, beta: p.Beta, gamma: p.Gamma,
		colCount: len(p.ColPieces), rowCount: len(p.RowPieces)}
	err := d.do(func() error {
		err := h.place(p)
		if err != nil {
			h.close() // the first error is the one to tell
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// bytes is the memory that a program takes beside its matrices.
func (h *halpern) bytes() int64 {
	const ofColumns, ofRows = 4 + 5 + 2 + 2*2, 3 + 4 + 3 + 2
	size := int64(unsafe.Sizeof(device.Sums{}))
	return 8*(ofColumns*int64(h.n)+ofRows*int64(h.m)) + (16+size)*int64(h.colCount+h.rowCount)
}

func (h *halpern) place(p *device.Program) (err error) {
	need := h.bytes()
	for _, a := range []*device.CSR{&p.A, &p.At} {
		if !h.here(a) {
			need += matrixBytes(a)
		}
	}
	if err = h.room("the linear program", need); err != nil {
		return err
	}
	if h.a, err = h.placed(&p.A); err != nil {
		return err
	}
	if h.at, err = h.placed(&p.At); err != nil {
		return err
	}
	for _, v := range []struct {
		to   *Pointer
		from []float64
	}{{&h.c, p.C}, {&h.lo, p.Lo}, {&h.hi, p.Hi}, {&h.rowLo, p.RowLo}, {&h.rowHi, p.RowHi}, {&h.col, p.Col}, {&h.row, p.Row}} {
		if *v.to, err = place(&h.memory, v.from); err != nil {
			return err
		}
	}
	if err = h.vectors(h.n, &h.x, &h.refl, &h.x0, &h.xPrev, &h.xSave, &h.atyHat, &h.aty0,
		&h.hats[0].x, &h.hats[1].x, &h.hats[0].aty, &h.hats[1].aty); err != nil {
		return err
	}
	if err = h.vectors(h.m, &h.y, &h.y0, &h.yPrev, &h.ySave, &h.ax, &h.axHat, &h.ax0, &h.hats[0].y, &h.hats[1].y); err != nil {
		return err
	}
	return h.placeSums(p)
}

// placeSums makes room for what a check sums.
func (h *halpern) placeSums(p *device.Program) (err error) {
	if h.colPieces, err = place(&h.memory, p.ColPieces); err != nil {
		return err
	}
	if h.rowPieces, err = place(&h.memory, p.RowPieces); err != nil {
		return err
	}
	size := int64(unsafe.Sizeof(device.Sums{}))
	if h.colSums, err = h.alloc(h.colCount, size); err != nil {
		return err
	}
	if h.rowSums, err = h.alloc(h.rowCount, size); err != nil {
		return err
	}
	if h.colOut, err = staging[device.Sums](&h.memory, h.colCount); err != nil {
		return err
	}
	if h.rowOut, err = staging[device.Sums](&h.memory, h.rowCount); err != nil {
		return err
	}
	h.measured, err = h.driver.NewEvent()
	return err
}

// copies queues copies of vectors of length n: to, from, to, from …
func (h *halpern) copies(n int, pairs ...Pointer) error {
	if n == 0 {
		return nil
	}
	for i := 0; i < len(pairs); i += 2 {
		if err := h.driver.Copy(pairs[i], pairs[i+1], int64(n)*8, h.stream); err != nil {
			return err
		}
	}
	return nil
}

func (h *halpern) Start(x, y []float64) error {
	return h.do(func() error {
		h.ahead.steps = 0
		p := h.hats[h.now]
		if err := toDevice(h.Device, p.x, x); err != nil {
			return err
		}
		if err := toDevice(h.Device, p.y, y); err != nil {
			return err
		}
		if err := h.products(); err != nil {
			return err
		}
		return h.restart()
	})
}

// products queues the products with (x̂, ŷ).
func (h *halpern) products() error {
	p := h.hats[h.now]
	if err := h.a.mul(h.axHat, p.x); err != nil {
		return err
	}
	return h.at.mul(h.atyHat, p.y)
}

func (h *halpern) Restart() error { return h.do(h.restart) }

func (h *halpern) restart() error {
	h.ahead.steps = 0 // they wrote only what is overwritten here, and the other hat
	p := h.hats[h.now]
	if err := h.copies(h.n, h.x, p.x, h.x0, p.x, h.aty0, h.atyHat); err != nil {
		return err
	}
	return h.copies(h.m, h.y, p.y, h.y0, p.y, h.ax0, h.axHat)
}

func (h *halpern) Steps(k, count int, tau, sigma float64) error {
	return h.do(func() error {
		done, err := h.settle(k, count, tau, sigma)
		if err != nil {
			return err
		}
		for i := done; i < count; i++ {
			if i == count-1 {
				if err := h.copies(h.n, h.xPrev, h.x); err != nil {
					return err
				}
				if err := h.copies(h.m, h.yPrev, h.y); err != nil {
					return err
				}
			}
			if err := h.step(h.hats[h.now], k+i, tau, sigma); err != nil {
				return err
			}
		}
		h.last = count
		h.ahead = ahead{k: k + count, tau: tau, sigma: sigma}
		return nil
	})
}

// step queues one step, number k since the anchor.
func (h *halpern) step(p hat, k int, tau, sigma float64) error {
	a, b := float64(k+1)/float64(k+2), 1/float64(k+2)
	err := h.launch("halpernPrimal", int64(h.n)*8, 1, h.at.ptr, h.at.ends, h.at.blocks, h.at.col, h.at.val, h.y, h.n, h.x, p.x, h.refl, h.x0, h.c, p.aty,
		h.lo, h.hi, tau, a, b)
	if err != nil {
		return err
	}
	return h.launch("halpernDual", int64(h.m)*8, 1, h.a.ptr, h.a.ends, h.a.blocks, h.a.col, h.a.val, h.refl, h.m, h.y, p.y, h.y0,
		h.rowLo, h.rowHi, sigma, 1/sigma, a, b)
}

// goAhead queues steps behind a check, as if it changed nothing.
func (h *halpern) goAhead() error {
	steps := min(aheadSteps, h.last-1)
	if steps < 1 || h.ahead.steps > 0 {
		return nil
	}
	if err := h.copies(h.n, h.xSave, h.x); err != nil {
		return err
	}
	if err := h.copies(h.m, h.ySave, h.y); err != nil {
		return err
	}
	for i := range steps {
		if err := h.step(h.hats[1-h.now], h.ahead.k+i, h.ahead.tau, h.ahead.sigma); err != nil {
			return err
		}
	}
	h.ahead.steps = steps
	return nil
}

// settle keeps the steps queued ahead when they are those now wanted, and says how many; else it undoes them.
func (h *halpern) settle(k, count int, tau, sigma float64) (int, error) {
	w := h.ahead
	h.ahead.steps = 0
	if w.steps == 0 {
		return 0, nil
	}
	if w.k == k && w.steps < count && w.tau == tau && w.sigma == sigma {
		h.now = 1 - h.now
		return w.steps, nil
	}
	if err := h.copies(h.n, h.x, h.xSave); err != nil {
		return 0, err
	}
	return 0, h.copies(h.m, h.y, h.ySave)
}

func (h *halpern) Measure(eta, weight float64) (cols, rows []device.Sums, err error) {
	err = h.do(func() error {
		if err := h.products(); err != nil {
			return err
		}
		p := h.hats[h.now]
		err := h.launch("measureColumns", warpsFor(h.colCount), 1, h.colPieces, h.colCount, h.colSums, p.x, h.xPrev, h.x0, p.aty, h.atyHat,
			h.aty0, h.c, h.lo, h.hi, h.col, eta, weight, h.beta, h.gamma)
		if err != nil {
			return err
		}
		err = h.launch("measureRows", warpsFor(h.rowCount), 1, h.rowPieces, h.rowCount, h.rowSums, p.y, h.yPrev, h.y0, h.axHat, h.ax0,
			h.rowLo, h.rowHi, h.row, weight, h.beta, h.gamma)
		if err != nil {
			return err
		}
		return h.fetchSums()
	})
	return h.colOut[:h.colCount], h.rowOut[:h.rowCount], err
}

// fetchSums brings the sums of a check over while the device goes on.
func (h *halpern) fetchSums() error {
	size := int64(unsafe.Sizeof(device.Sums{}))
	if err := h.driver.ToHost(unsafe.Pointer(&h.colOut[0]), h.colSums, size*int64(h.colCount), h.stream); err != nil {
		return err
	}
	if err := h.driver.ToHost(unsafe.Pointer(&h.rowOut[0]), h.rowSums, size*int64(h.rowCount), h.stream); err != nil {
		return err
	}
	if err := h.driver.Record(h.measured, h.stream); err != nil {
		return err
	}
	if err := h.goAhead(); err != nil {
		return err
	}
	return h.driver.Wait(h.measured)
}

// warpsFor is the number of threads for one warp a piece.
func warpsFor(pieces int) int64 { return int64(pieces) * 32 }

func (h *halpern) Point(x, y []float64) error {
	return h.do(func() error {
		p := h.hats[h.now]
		if err := toHost(h.Device, x, p.x); err != nil {
			return err
		}
		return toHost(h.Device, y, p.y)
	})
}

func (h *halpern) Anchor(x, y []float64) error {
	return h.do(func() error {
		if err := toHost(h.Device, x, h.x0); err != nil {
			return err
		}
		return toHost(h.Device, y, h.y0)
	})
}

func (h *halpern) Close() error { return h.do(h.close) }

func (h *halpern) close() error {
	var event error
	if h.measured != 0 {
		event = h.driver.FreeEvent(h.measured)
	}
	for _, err := range []error{event, h.a.release(), h.at.release(), h.free()} {
		if err != nil {
			return err
		}
	}
	return nil
}
