package cuda

import (
	"fmt"
	"time"

	"planwerk/kernels/device"
)

// CopyRate measures the device memory's own bandwidth: the best of some copies within it, bytes read and written counted.
func (d *Device) CopyRate(bytes int64, times int) (bytesPerSecond float64, err error) {
	m := &memory{Device: d}
	err = d.do(func() (err error) {
		defer func() {
			if freed := m.free(); err == nil {
				err = freed
			}
		}()
		if err := m.room("the copy", 2*bytes); err != nil {
			return err
		}
		var from, to Pointer
		if err := m.vectors(int(bytes/8), &from, &to); err != nil {
			return err
		}
		if err := d.driver.Synchronize(d.stream); err != nil {
			return err
		}
		for range max(times, 1) {
			begun := time.Now()
			if err := d.driver.Copy(to, from, bytes/8*8, d.stream); err != nil {
				return err
			}
			if err := d.driver.Synchronize(d.stream); err != nil {
				return err
			}
			bytesPerSecond = max(bytesPerSecond, 2*float64(bytes)/time.Since(begun).Seconds())
		}
		return nil
	})
	return bytesPerSecond, err
}

// Products is a matrix and a vector in device memory, for measuring sparse products.
type Products struct {
	memory
	m    *matrix
	x, y Pointer
	rows int
}

// Products places a matrix and a vector.
func (d *Device) Products(a device.CSR, x []float64) (device.Products, error) {
	if len(x) != a.Cols {
		return nil, fmt.Errorf("cuda: a matrix of %d columns and a vector of %d", a.Cols, len(x))
	}
	p := &Products{memory: memory{Device: d}, rows: a.Rows}
	err := d.do(func() (err error) {
		defer func() {
			if err != nil {
				p.close() // the first error is the one to tell
			}
		}()
		if err := p.room("the matrix", matrixBytes(&a)+8*int64(a.Rows+a.Cols)); err != nil {
			return err
		}
		if p.m, err = p.placed(&a); err != nil {
			return err
		}
		if p.x, err = place(&p.memory, x); err != nil {
			return err
		}
		return p.vectors(a.Rows, &p.y)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Run takes the product a number of times and waits for the last.
func (p *Products) Run(times int) error {
	return p.do(func() error {
		for range times {
			if err := p.m.mul(p.y, p.x); err != nil {
				return err
			}
		}
		return p.driver.Synchronize(p.stream)
	})
}

// Result copies the product out.
func (p *Products) Result(y []float64) error {
	return p.do(func() error { return toHost(p.Device, y[:p.rows], p.y) })
}

// Close frees the memory.
func (p *Products) Close() error { return p.do(p.close) }

func (p *Products) close() error {
	if err := p.m.release(); err != nil {
		return err
	}
	return p.free()
}
