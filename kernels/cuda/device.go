package cuda

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"unsafe"

	"planwerk/kernels/device"
)

//go:embed src/planwerk.ptx
var ptx string

// Device is one GPU. One goroutine, locked to its thread, owns it and makes all calls; a failed call of a kind that
// leaves the GPU's memory in doubt loses the device for good.
type Device struct {
	Info
	Driver  int    // version, 1000·major + 10·minor
	Binding string // "purego" or "gorgonia"
	Ordinal int

	driver    Driver
	work      chan task
	stream    Stream
	functions map[string]Function
	args      []uint64
	lost      error
	close     sync.Once
	matrices  map[*float64]*matrix // placed ones by the first of their values
}

type task struct {
	f    func() error
	done chan error
}

// Capability needed, and the CUDA version that knows it and PTX 7.0.
const (
	needMajor   = 8
	needVersion = 11000
)

// Open starts the first usable GPU of the system. The error is *Unavailable when there is none.
func Open() (*Device, error) { return open(systemDriver()) }

func open(driver Driver) (*Device, error) {
	d := &Device{driver: driver, Binding: driver.Binding(), work: make(chan task), functions: map[string]Function{}, matrices: map[*float64]*matrix{}}
	go d.serve()
	if err := d.do(d.start); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// serve runs on the thread that owns the device. The thread ends with it.
func (d *Device) serve() {
	runtime.LockOSThread()
	for t := range d.work {
		if d.lost != nil {
			t.done <- d.lost
			continue
		}
		err := t.f()
		var failed *Error
		if errors.As(err, &failed) && !outOfMemory(err) && d.stream != 0 {
			d.lost = &device.Lost{Machine: d.Info.Name, Err: err}
			err = d.lost
		}
		t.done <- err
	}
}

// do runs f on the device's thread and waits for it.
func (d *Device) do(f func() error) error {
	t := task{f, make(chan error, 1)}
	d.work <- t
	return <-t.done
}

// start finds driver and device and loads the kernels.
func (d *Device) start() error {
	if err := d.driver.Init(); err != nil {
		var u *Unavailable
		if errors.As(err, &u) {
			return err
		}
		return unavailable("the driver does not start: %w", err)
	}
	var err error
	if d.Driver, err = d.driver.Version(); err != nil {
		return unavailable("%w", err)
	}
	if d.Driver < needVersion {
		return unavailable("the driver knows CUDA %d.%d; 11.0 is needed", d.Driver/1000, d.Driver%1000/10)
	}
	if err := d.choose(); err != nil {
		return err
	}
	if err := d.driver.Attach(d.Ordinal); err != nil {
		return unavailable("%s: %w", d.Info.Name, err)
	}
	if err := d.driver.Load(ptx); err != nil {
		return unavailable("%s: the kernels do not load: %w", d.Info.Name, err)
	}
	for _, name := range kernelNames {
		if d.functions[name], err = d.driver.Function(name); err != nil {
			return unavailable("%s: kernel %s: %w", d.Info.Name, name, err)
		}
	}
	if d.stream, err = d.driver.NewStream(); err != nil {
		return unavailable("%s: %w", d.Info.Name, err)
	}
	return nil
}

// choose takes the first device that is new enough.
func (d *Device) choose() error {
	n, err := d.driver.Count()
	if err != nil {
		return unavailable("%w", err)
	}
	reason := "the driver finds no device"
	for i := range n {
		info, err := d.driver.Describe(i)
		if err != nil {
			return unavailable("device %d: %w", i, err)
		}
		if info.Major >= needMajor {
			d.Info, d.Ordinal = info, i
			return nil
		}
		reason = fmt.Sprintf("%s has compute capability %d.%d; 8.0 is needed", info.Name, info.Major, info.Minor)
	}
	return unavailable("%s", reason)
}

// Name is the GPU's name.
func (d *Device) Name() string { return d.Info.Name }

// Memory is the device memory in bytes, free and in all.
func (d *Device) Memory() (free, total int64, err error) {
	err = d.do(func() error {
		free, total, err = d.driver.Memory()
		return err
	})
	return free, total, err
}

// Err is the error that lost the device, or nil.
func (d *Device) Err() error { return d.do(func() error { return nil }) }

// Close releases the device. What was placed on it is gone.
func (d *Device) Close() error {
	err := d.do(func() error {
		return errors.Join(d.driver.FreeStream(d.stream), d.driver.Detach())
	})
	d.stop()
	return err
}

func (d *Device) stop() { d.close.Do(func() { close(d.work) }) }

var kernelNames = []string{"spmv", "halpernPrimal", "halpernDual", "measureColumns", "measureRows", "blockApply", "blockDots",
	"blockAxpy", "blockDirect", "blockThrough", "blockSubtract", "reachSeed", "reachLevel", "reachSum", "groupSum", "maskedSum"}

// threads is the size of a block of threads, a multiple of 32.
const threads = 256

// launch starts a kernel with at least work threads, side by side on the second axis if wide is above 1. An argument is a
// Pointer, an int, an int64 or a float64.
func (d *Device) launch(name string, work int64, wide int, args ...any) error {
	if work <= 0 {
		return nil
	}
	d.args = d.args[:0]
	for _, a := range args {
		switch v := a.(type) {
		case Pointer:
			d.args = append(d.args, uint64(v))
		case int:
			d.args = append(d.args, uint64(v))
		case float64:
			d.args = append(d.args, math.Float64bits(v))
		default:
			panic(fmt.Sprintf("cuda: argument of type %T to %s", a, name))
		}
	}
	blocks := (work + threads - 1) / threads
	if blocks > math.MaxInt32 {
		return fmt.Errorf("cuda: %s over %d threads is more than a launch can hold", name, work)
	}
	return d.driver.Launch(d.functions[name], int(blocks), wide, threads, d.args, d.stream)
}

// room refuses work that does not fit the free memory. The driver's own rounding takes a little on top.
func (d *Device) room(what string, bytes int64) error {
	free, _, err := d.driver.Memory()
	if err != nil {
		return err
	}
	if need := bytes + bytes/64 + 1<<20; need > free {
		return &device.TooLarge{Machine: d.Info.Name, What: what, Need: need, Free: free}
	}
	return nil
}

// memory is what one piece of work holds on the device.
type memory struct {
	*Device
	held   []Pointer
	pinned []unsafe.Pointer
}

// alloc gives zeroed memory for n values of a size.
func (m *memory) alloc(n int, size int64) (Pointer, error) {
	if n == 0 {
		n = 1
	}
	bytes := int64(n) * size
	p, err := m.driver.Alloc(bytes)
	if err != nil {
		if outOfMemory(err) {
			free, _, _ := m.driver.Memory()
			return 0, &device.TooLarge{Machine: m.Info.Name, What: "the work", Need: bytes, Free: free}
		}
		return 0, err
	}
	m.held = append(m.held, p)
	return p, m.driver.Zero(p, bytes, m.stream)
}

// vectors gives zeroed memory for a vector of length n at each of the places.
func (m *memory) vectors(n int, to ...*Pointer) (err error) {
	for _, p := range to {
		if *p, err = m.alloc(n, 8); err != nil {
			return err
		}
	}
	return nil
}

// free gives everything back.
func (m *memory) free() error {
	var errs []error
	for _, p := range m.held {
		errs = append(errs, m.driver.Free(p))
	}
	for _, p := range m.pinned {
		errs = append(errs, m.driver.FreePinned(p))
	}
	m.held, m.pinned = nil, nil
	return errors.Join(errs...)
}

// place copies a slice to new device memory.
func place[T any](m *memory, v []T) (Pointer, error) {
	var zero T
	p, err := m.alloc(len(v), int64(unsafe.Sizeof(zero)))
	if err != nil {
		return 0, err
	}
	return p, toDevice(m.Device, p, v)
}

func toDevice[T any](d *Device, p Pointer, v []T) error {
	if len(v) == 0 {
		return nil
	}
	return d.driver.ToDevice(p, unsafe.Pointer(&v[0]), int64(len(v))*int64(unsafe.Sizeof(v[0])), d.stream)
}

// toHost copies out and waits.
func toHost[T any](d *Device, v []T, p Pointer) error {
	if len(v) == 0 {
		return nil
	}
	if err := d.driver.ToHost(unsafe.Pointer(&v[0]), p, int64(len(v))*int64(unsafe.Sizeof(v[0])), d.stream); err != nil {
		return err
	}
	return d.driver.Synchronize(d.stream)
}

// staging is memory of this process that the device writes to: page-locked where the binding has it.
func staging[T any](m *memory, n int) ([]T, error) {
	var zero T
	n = max(n, 1)
	p, err := m.driver.Pinned(int64(n) * int64(unsafe.Sizeof(zero)))
	if err != nil {
		return nil, err
	}
	if p == nil {
		return make([]T, n), nil
	}
	m.pinned = append(m.pinned, p)
	v := unsafe.Slice((*T)(p), n)
	clear(v)
	return v, nil
}
