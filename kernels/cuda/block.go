package cuda

import (
	"unsafe"

	"planwerk/kernels/device"
)

// block is block BiCGSTAB in device memory; vectors are named as in engine/leontief/block.go.
type block struct {
	memory
	m                                     *matrix
	n, width                              int
	b, x, r, shadow, dir, v, t, hat, hat2 Pointer
	diagonal                              Pointer // 0: none
	scalars                               Pointer // three per side
	pieces, sums                          Pointer
	count                                 int
	send                                  []device.Scalars
	out                                   [][2]device.Scalars
}

// Block places a matrix and right-hand sides.
func (d *Device) Block(p *device.BlockProgram) (device.Block, error) {
	b := &block{memory: memory{Device: d}, n: p.M.Rows, width: p.Width, count: len(p.Pieces)}
	err := d.do(func() error {
		err := b.place(p)
		if err != nil {
			b.close() // the first error is the one to tell
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (b *block) place(p *device.BlockProgram) (err error) {
	size := b.n * b.width
	need := 8*9*int64(size) + 8*int64(b.n) + (16+int64(unsafe.Sizeof(b.out[0])))*int64(b.count)
	if !b.here(&p.M) {
		need += matrixBytes(&p.M)
	}
	if err = b.room("the block of right-hand sides", need); err != nil {
		return err
	}
	if b.m, err = b.placed(&p.M); err != nil {
		return err
	}
	if b.b, err = place(&b.memory, p.B); err != nil {
		return err
	}
	if p.Diagonal != nil {
		if b.diagonal, err = place(&b.memory, p.Diagonal); err != nil {
			return err
		}
	}
	if err = b.vectors(size, &b.x, &b.r, &b.shadow, &b.dir, &b.v, &b.t, &b.hat, &b.hat2); err != nil {
		return err
	}
	if b.pieces, err = place(&b.memory, p.Pieces); err != nil {
		return err
	}
	if b.sums, err = b.alloc(b.count, int64(unsafe.Sizeof(b.out[0]))); err != nil {
		return err
	}
	if b.scalars, err = b.alloc(3, int64(unsafe.Sizeof(device.Scalars{}))); err != nil {
		return err
	}
	if b.send, err = staging[device.Scalars](&b.memory, 3); err != nil {
		return err
	}
	b.out, err = staging[[2]device.Scalars](&b.memory, b.count)
	return err
}

// all queues a kernel with one thread for every value of a vector.
func (b *block) all(name string, args ...any) error {
	return b.launch(name, int64(b.n)*int64(b.width), 1, args...)
}

// apply queues dst = (I − M)x.
func (b *block) apply(dst, x Pointer) error {
	return b.all("blockApply", dst, b.m.ptr, b.m.col, b.m.val, x, b.n, b.width, 1)
}

// through queues dst = K⁻¹src.
func (b *block) through(dst, src Pointer) error {
	if b.diagonal == 0 {
		return b.driver.Copy(dst, src, int64(b.n*b.width)*8, b.stream)
	}
	return b.all("blockThrough", dst, src, b.diagonal, b.n, b.width)
}

// scalar is where number i of the scalars lies.
func (b *block) scalar(i int) Pointer {
	return b.scalars + Pointer(i*int(unsafe.Sizeof(device.Scalars{})))
}

// give sends scalars. What was sent before has been used: every step ends with a wait.
func (b *block) give(s ...*device.Scalars) error {
	for i, v := range s {
		b.send[i] = *v
	}
	return toDevice(b.Device, b.scalars, b.send[:len(s)])
}

func (b *block) axpy(w Pointer, factor int, v Pointer) error {
	return b.all("blockAxpy", w, b.scalar(factor), v, b.n, b.width)
}

// dots gives u·v and w·z per side.
func (b *block) dots(u, v, w, z Pointer) (first, second device.Scalars, err error) {
	if err = b.launch("blockDots", warpsFor(b.count), 1, b.pieces, b.count, b.sums, u, v, w, z, b.width); err != nil {
		return first, second, err
	}
	if err = toHost(b.Device, b.out[:b.count], b.sums); err != nil {
		return first, second, err
	}
	for _, s := range b.out[:b.count] {
		for k := range b.width {
			first[k] += s[0][k]
			second[k] += s[1][k]
		}
	}
	return first, second, nil
}

// run does the steps on the device's thread until one fails.
func (b *block) run(steps ...func() error) error {
	return b.do(func() error {
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *block) Begin(x []float64) (rr device.Scalars, err error) {
	err = b.run(
		func() error { return toDevice(b.Device, b.x, x) },
		func() error { return b.apply(b.r, b.x) },
		func() error { return b.all("blockSubtract", b.r, b.shadow, b.b, b.n, b.width) },
		func() error { rr, _, err = b.dots(b.r, b.r, b.r, b.r); return err },
	)
	return rr, err
}

func (b *block) Direct(beta, omega *device.Scalars) (sv device.Scalars, err error) {
	err = b.run(
		func() error { return b.give(beta, omega) },
		func() error {
			return b.all("blockDirect", b.dir, b.r, b.v, b.scalar(0), b.scalar(1), b.n, b.width)
		},
		func() error { return b.through(b.hat, b.dir) },
		func() error { return b.apply(b.v, b.hat) },
		func() error { sv, _, err = b.dots(b.shadow, b.v, b.shadow, b.v); return err },
	)
	return sv, err
}

func (b *block) Half(minus *device.Scalars) (rr device.Scalars, err error) {
	err = b.run(
		func() error { return b.give(minus) },
		func() error { return b.axpy(b.r, 0, b.v) },
		func() error { return b.through(b.hat2, b.r) },
		func() error { rr, _, err = b.dots(b.r, b.r, b.r, b.r); return err },
	)
	return rr, err
}

func (b *block) Second() (tr, tt device.Scalars, err error) {
	err = b.run(
		func() error { return b.apply(b.t, b.hat2) },
		func() error { tr, tt, err = b.dots(b.t, b.r, b.t, b.t); return err },
	)
	return tr, tt, err
}

func (b *block) Finish(alpha, omega, minus *device.Scalars) (sr, rr device.Scalars, err error) {
	err = b.run(
		func() error { return b.give(alpha, omega, minus) },
		func() error { return b.axpy(b.x, 0, b.hat) },
		func() error { return b.axpy(b.x, 1, b.hat2) },
		func() error { return b.axpy(b.r, 2, b.t) },
		func() error { sr, rr, err = b.dots(b.shadow, b.r, b.r, b.r); return err },
	)
	return sr, rr, err
}

func (b *block) Solution(x []float64) error {
	return b.do(func() error { return toHost(b.Device, x, b.x) })
}

func (b *block) Close() error { return b.do(b.close) }

func (b *block) close() error {
	if err := b.m.release(); err != nil {
		return err
	}
	return b.free()
}
