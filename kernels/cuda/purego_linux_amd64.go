package cuda

import (
	"bytes"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is the name under which the system's loader knows the driver.
const library = "libcuda.so.1"

// calls are the addresses of the driver's functions.
type calls struct {
	cuInit, cuDriverGetVersion, cuGetErrorString, cuDeviceGetCount, cuDeviceGet, cuDeviceGetName, cuDeviceTotalMem_v2,
	cuDeviceGetAttribute, cuCtxCreate_v2, cuCtxDestroy_v2, cuMemGetInfo_v2, cuModuleLoadData, cuModuleGetFunction,
	cuMemAlloc_v2, cuMemFree_v2, cuMemAllocHost_v2, cuMemFreeHost, cuMemcpyHtoDAsync_v2, cuMemcpyDtoHAsync_v2,
	cuMemcpyDtoDAsync_v2, cuMemsetD8Async, cuLaunchKernel, cuStreamCreate, cuStreamSynchronize, cuStreamDestroy_v2,
	cuEventCreate, cuEventRecord, cuEventSynchronize, cuEventDestroy_v2 uintptr
}

func (c *calls) list() map[string]*uintptr {
	return map[string]*uintptr{
		"cuInit": &c.cuInit, "cuDriverGetVersion": &c.cuDriverGetVersion, "cuGetErrorString": &c.cuGetErrorString,
		"cuDeviceGetCount": &c.cuDeviceGetCount, "cuDeviceGet": &c.cuDeviceGet, "cuDeviceGetName": &c.cuDeviceGetName,
		"cuDeviceTotalMem_v2": &c.cuDeviceTotalMem_v2, "cuDeviceGetAttribute": &c.cuDeviceGetAttribute,
		"cuCtxCreate_v2": &c.cuCtxCreate_v2, "cuCtxDestroy_v2": &c.cuCtxDestroy_v2, "cuMemGetInfo_v2": &c.cuMemGetInfo_v2,
		"cuModuleLoadData": &c.cuModuleLoadData, "cuModuleGetFunction": &c.cuModuleGetFunction,
		"cuMemAlloc_v2": &c.cuMemAlloc_v2, "cuMemFree_v2": &c.cuMemFree_v2, "cuMemAllocHost_v2": &c.cuMemAllocHost_v2,
		"cuMemFreeHost": &c.cuMemFreeHost, "cuMemcpyHtoDAsync_v2": &c.cuMemcpyHtoDAsync_v2,
		"cuMemcpyDtoHAsync_v2": &c.cuMemcpyDtoHAsync_v2, "cuMemcpyDtoDAsync_v2": &c.cuMemcpyDtoDAsync_v2,
		"cuMemsetD8Async": &c.cuMemsetD8Async, "cuLaunchKernel": &c.cuLaunchKernel, "cuStreamCreate": &c.cuStreamCreate,
		"cuStreamSynchronize": &c.cuStreamSynchronize, "cuStreamDestroy_v2": &c.cuStreamDestroy_v2,
		"cuEventCreate": &c.cuEventCreate, "cuEventRecord": &c.cuEventRecord, "cuEventSynchronize": &c.cuEventSynchronize,
		"cuEventDestroy_v2": &c.cuEventDestroy_v2,
	}
}

// found is the driver found at run time.
type found struct {
	path string
	calls
	context, module uintptr
	params          []uintptr // addresses of a launch's parameters
	values          []uint64
}

// puregoDriver opens the driver at a path.
func puregoDriver(path string) Driver { return &found{path: path} }

func (d *found) Binding() string { return "purego" }

func (d *found) Init() error {
	lib, err := purego.Dlopen(d.path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return unavailable("no NVIDIA driver (%v)", err)
	}
	for name, to := range d.list() {
		if *to, err = purego.Dlsym(lib, name); err != nil {
			return unavailable("%s has no %s: it is no CUDA driver, or one older than CUDA 11", d.path, name)
		}
	}
	return d.call("cuInit", d.cuInit, 0)
}

// call calls a function of the driver and turns its result into an error.
//
//go:uintptrescapes
func (d *found) call(name string, f uintptr, args ...uintptr) error {
	r, _, _ := purego.SyscallN(f, args...)
	code := int(int32(r))
	if code == 0 {
		return nil
	}
	text := new(*byte)
	if e, _, _ := purego.SyscallN(d.cuGetErrorString, uintptr(code), uintptr(unsafe.Pointer(text))); int32(e) != 0 || *text == nil {
		return &Error{name, code, "unknown error"}
	}
	n := 0
	for n < 200 && *(*byte)(unsafe.Add(unsafe.Pointer(*text), n)) != 0 {
		n++
	}
	return &Error{name, code, string(unsafe.Slice(*text, n))}
}

func (d *found) Version() (int, error) {
	var v int32
	err := d.call("cuDriverGetVersion", d.cuDriverGetVersion, uintptr(unsafe.Pointer(&v)))
	return int(v), err
}

func (d *found) Count() (int, error) {
	var n int32
	err := d.call("cuDeviceGetCount", d.cuDeviceGetCount, uintptr(unsafe.Pointer(&n)))
	return int(n), err
}

func (d *found) device(ordinal int) (dev int32, err error) {
	err = d.call("cuDeviceGet", d.cuDeviceGet, uintptr(unsafe.Pointer(&dev)), uintptr(ordinal))
	return dev, err
}

// Attributes of a device in CUdevice_attribute.
const (
	attributeMajor = 75
	attributeMinor = 76
)

func (d *found) Describe(ordinal int) (info Info, err error) {
	dev, err := d.device(ordinal)
	if err != nil {
		return info, err
	}
	name := make([]byte, 128)
	if err = d.call("cuDeviceGetName", d.cuDeviceGetName, uintptr(unsafe.Pointer(&name[0])), uintptr(len(name)), uintptr(dev)); err != nil {
		return info, err
	}
	name, _, _ = bytes.Cut(name, []byte{0})
	info.Name = string(name)
	if err = d.call("cuDeviceTotalMem", d.cuDeviceTotalMem_v2, uintptr(unsafe.Pointer(&info.Bytes)), uintptr(dev)); err != nil {
		return info, err
	}
	for attribute, to := range map[uintptr]*int{attributeMajor: &info.Major, attributeMinor: &info.Minor} {
		var v int32
		if err = d.call("cuDeviceGetAttribute", d.cuDeviceGetAttribute, uintptr(unsafe.Pointer(&v)), attribute, uintptr(dev)); err != nil {
			return info, err
		}
		*to = int(v)
	}
	return info, nil
}

func (d *found) Attach(ordinal int) error {
	dev, err := d.device(ordinal)
	if err != nil {
		return err
	}
	return d.call("cuCtxCreate", d.cuCtxCreate_v2, uintptr(unsafe.Pointer(&d.context)), 0, uintptr(dev))
}

func (d *found) Detach() error {
	c := d.context
	d.context = 0
	if c == 0 {
		return nil
	}
	return d.call("cuCtxDestroy", d.cuCtxDestroy_v2, c)
}

func (d *found) Memory() (free, total int64, err error) {
	err = d.call("cuMemGetInfo", d.cuMemGetInfo_v2, uintptr(unsafe.Pointer(&free)), uintptr(unsafe.Pointer(&total)))
	return free, total, err
}

func (d *found) Load(ptx string) error {
	image := append([]byte(ptx), 0)
	return d.call("cuModuleLoadData", d.cuModuleLoadData, uintptr(unsafe.Pointer(&d.module)), uintptr(unsafe.Pointer(&image[0])))
}

func (d *found) Function(name string) (f Function, err error) {
	text := append([]byte(name), 0)
	err = d.call("cuModuleGetFunction", d.cuModuleGetFunction, uintptr(unsafe.Pointer(&f)), d.module, uintptr(unsafe.Pointer(&text[0])))
	return f, err
}

func (d *found) Alloc(bytes int64) (p Pointer, err error) {
	err = d.call("cuMemAlloc", d.cuMemAlloc_v2, uintptr(unsafe.Pointer(&p)), uintptr(bytes))
	return p, err
}

func (d *found) Free(p Pointer) error { return d.call("cuMemFree", d.cuMemFree_v2, uintptr(p)) }

func (d *found) Pinned(bytes int64) (p unsafe.Pointer, err error) {
	err = d.call("cuMemAllocHost", d.cuMemAllocHost_v2, uintptr(unsafe.Pointer(&p)), uintptr(bytes))
	return p, err
}

func (d *found) FreePinned(p unsafe.Pointer) error {
	return d.call("cuMemFreeHost", d.cuMemFreeHost, uintptr(p))
}

func (d *found) ToDevice(dst Pointer, src unsafe.Pointer, bytes int64, s Stream) error {
	return d.call("cuMemcpyHtoDAsync", d.cuMemcpyHtoDAsync_v2, uintptr(dst), uintptr(src), uintptr(bytes), uintptr(s))
}

func (d *found) ToHost(dst unsafe.Pointer, src Pointer, bytes int64, s Stream) error {
	return d.call("cuMemcpyDtoHAsync", d.cuMemcpyDtoHAsync_v2, uintptr(dst), uintptr(src), uintptr(bytes), uintptr(s))
}

func (d *found) Copy(dst, src Pointer, bytes int64, s Stream) error {
	return d.call("cuMemcpyDtoDAsync", d.cuMemcpyDtoDAsync_v2, uintptr(dst), uintptr(src), uintptr(bytes), uintptr(s))
}

func (d *found) Zero(dst Pointer, bytes int64, s Stream) error {
	return d.call("cuMemsetD8Async", d.cuMemsetD8Async, uintptr(dst), 0, uintptr(bytes), uintptr(s))
}

func (d *found) Launch(f Function, gridX, gridY, block int, args []uint64, s Stream) error {
	d.values = append(d.values[:0], args...)
	d.params = d.params[:0]
	for i := range d.values {
		d.params = append(d.params, uintptr(unsafe.Pointer(&d.values[i])))
	}
	err := d.call("cuLaunchKernel", d.cuLaunchKernel, uintptr(f), uintptr(gridX), uintptr(gridY), 1, uintptr(block), 1, 1, 0,
		uintptr(s), uintptr(unsafe.Pointer(&d.params[0])), 0)
	runtime.KeepAlive(d)
	return err
}

func (d *found) NewStream() (s Stream, err error) {
	const nonBlocking = 1
	err = d.call("cuStreamCreate", d.cuStreamCreate, uintptr(unsafe.Pointer(&s)), nonBlocking)
	return s, err
}

func (d *found) Synchronize(s Stream) error {
	return d.call("cuStreamSynchronize", d.cuStreamSynchronize, uintptr(s))
}

func (d *found) FreeStream(s Stream) error {
	return d.call("cuStreamDestroy", d.cuStreamDestroy_v2, uintptr(s))
}

func (d *found) NewEvent() (e Event, err error) {
	const disableTiming = 2
	err = d.call("cuEventCreate", d.cuEventCreate, uintptr(unsafe.Pointer(&e)), disableTiming)
	return e, err
}

func (d *found) Record(e Event, s Stream) error {
	return d.call("cuEventRecord", d.cuEventRecord, uintptr(e), uintptr(s))
}

func (d *found) Wait(e Event) error {
	return d.call("cuEventSynchronize", d.cuEventSynchronize, uintptr(e))
}

func (d *found) FreeEvent(e Event) error {
	return d.call("cuEventDestroy", d.cuEventDestroy_v2, uintptr(e))
}
