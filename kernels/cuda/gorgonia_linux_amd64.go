//go:build gorgonia

package cuda

import (
	"reflect"
	"unsafe"

	"gorgonia.org/cu"
)

// gorgonia is the binding on gorgonia.org/cu. That package starts the driver as it is loaded and ends the process where
// there is no GPU; it has no page-locked memory.
type gorgonia struct {
	context   cu.CUContext
	module    cu.Module
	functions []cu.Function
	streams   []cu.Stream
	events    []cu.Event
}

// failed names the call of an error. cu keeps the code in an unexported type of int.
func failed(call string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Call: call, Code: -1, Text: err.Error()}
	if v := reflect.ValueOf(err); v.Kind() == reflect.Int {
		e.Code = int(v.Int())
	}
	return e
}

func (*gorgonia) Binding() string { return "gorgonia.org/cu" }

func (*gorgonia) Init() error { return nil } // cu has done it

func (*gorgonia) Version() (int, error) { return cu.Version(), nil }

func (*gorgonia) Count() (int, error) {
	n, err := cu.NumDevices()
	return n, failed("cuDeviceGetCount", err)
}

func (*gorgonia) Describe(ordinal int) (info Info, err error) {
	dev, err := cu.GetDevice(ordinal)
	if err != nil {
		return info, failed("cuDeviceGet", err)
	}
	if info.Name, err = dev.Name(); err != nil {
		return info, failed("cuDeviceGetName", err)
	}
	if info.Bytes, err = dev.TotalMem(); err != nil {
		return info, failed("cuDeviceTotalMem", err)
	}
	info.Major, info.Minor, err = dev.ComputeCapability()
	return info, failed("cuDeviceGetAttribute", err)
}

func (g *gorgonia) Attach(ordinal int) error {
	dev, err := cu.GetDevice(ordinal)
	if err != nil {
		return failed("cuDeviceGet", err)
	}
	g.context, err = dev.MakeContext(cu.SchedAuto) // makes it current on this thread, too
	return failed("cuCtxCreate", err)
}

func (g *gorgonia) Detach() error { return failed("cuCtxDestroy", g.context.Destroy()) }

func (*gorgonia) Memory() (free, total int64, err error) {
	free, total, err = cu.MemInfo()
	return free, total, failed("cuMemGetInfo", err)
}

func (g *gorgonia) Load(ptx string) (err error) {
	g.module, err = cu.LoadData(ptx)
	return failed("cuModuleLoadData", err)
}

// Handles are places in the lists below, counted from one.

func (g *gorgonia) Function(name string) (Function, error) {
	f, err := g.module.Function(name)
	g.functions = append(g.functions, f)
	return Function(len(g.functions)), failed("cuModuleGetFunction", err)
}

func (*gorgonia) Alloc(bytes int64) (Pointer, error) {
	p, err := cu.MemAlloc(bytes)
	return Pointer(p), failed("cuMemAlloc", err)
}

func (*gorgonia) Free(p Pointer) error { return failed("cuMemFree", cu.MemFree(cu.DevicePtr(p))) }

func (*gorgonia) Pinned(int64) (unsafe.Pointer, error) { return nil, nil }

func (*gorgonia) FreePinned(unsafe.Pointer) error { return nil }

func (g *gorgonia) stream(s Stream) cu.Stream {
	if s == 0 {
		return cu.NoStream
	}
	return g.streams[s-1]
}

func (g *gorgonia) ToDevice(dst Pointer, src unsafe.Pointer, bytes int64, s Stream) error {
	return failed("cuMemcpyHtoDAsync", cu.MemcpyHtoDAsync(cu.DevicePtr(dst), src, bytes, g.stream(s)))
}

func (g *gorgonia) ToHost(dst unsafe.Pointer, src Pointer, bytes int64, s Stream) error {
	return failed("cuMemcpyDtoHAsync", cu.MemcpyDtoHAsync(dst, cu.DevicePtr(src), bytes, g.stream(s)))
}

func (g *gorgonia) Copy(dst, src Pointer, bytes int64, s Stream) error {
	return failed("cuMemcpyDtoDAsync", cu.MemcpyDtoDAsync(cu.DevicePtr(dst), cu.DevicePtr(src), bytes, g.stream(s)))
}

func (g *gorgonia) Zero(dst Pointer, bytes int64, s Stream) error {
	return failed("cuMemsetD8Async", cu.MemsetD8Async(cu.DevicePtr(dst), 0, bytes, g.stream(s)))
}

func (g *gorgonia) Launch(f Function, gridX, gridY, block int, args []uint64, s Stream) error {
	params := make([]unsafe.Pointer, len(args))
	for i := range args {
		params[i] = unsafe.Pointer(&args[i])
	}
	return failed("cuLaunchKernel", g.functions[f-1].Launch(gridX, gridY, 1, block, 1, 1, 0, g.stream(s), params))
}

func (g *gorgonia) NewStream() (Stream, error) {
	s, err := cu.MakeStream(cu.NonBlocking)
	g.streams = append(g.streams, s)
	return Stream(len(g.streams)), failed("cuStreamCreate", err)
}

func (g *gorgonia) Synchronize(s Stream) error {
	return failed("cuStreamSynchronize", g.stream(s).Synchronize())
}

func (g *gorgonia) FreeStream(s Stream) error {
	return failed("cuStreamDestroy", g.streams[s-1].Destroy())
}

func (g *gorgonia) NewEvent() (Event, error) {
	e, err := cu.MakeEvent(cu.DisableTiming)
	g.events = append(g.events, e)
	return Event(len(g.events)), failed("cuEventCreate", err)
}

func (g *gorgonia) Record(e Event, s Stream) error {
	return failed("cuEventRecord", g.events[e-1].Record(g.stream(s)))
}

func (g *gorgonia) Wait(e Event) error {
	return failed("cuEventSynchronize", g.events[e-1].Synchronize())
}

func (g *gorgonia) FreeEvent(e Event) error {
	return failed("cuEventDestroy", cu.DestroyEvent(&g.events[e-1]))
}
