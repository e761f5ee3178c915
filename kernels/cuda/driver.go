// Package cuda is the GPU level: device memory and fused steps on NVIDIA GPUs of compute capability 8.0 and newer. It
// implements device.Machine with the kernels of src, embedded as PTX, through a small Driver interface with two
// bindings: purego, which finds libcuda.so.1 at run time (linux/amd64, default), and gorgonia.org/cu (build tag
// gorgonia). Results have the bits of the definitions in Go.
package cuda

import (
	"errors"
	"fmt"
	"unsafe"
)

// Pointer is an address in device memory.
type Pointer uintptr

// Function, Stream and Event are handles of the driver. A Stream of 0 is the default one.
type (
	Function uintptr
	Stream   uintptr
	Event    uintptr
)

// Driver is what this package needs of CUDA's driver. All calls come from one thread. Copies, fills and launches are
// queued on their stream; memory of this process given to them stays valid until the stream is synchronised.
type Driver interface {
	// Binding names the implementation.
	Binding() string
	// Init finds the driver and starts it; Unavailable says why it cannot.
	Init() error
	// Version is 1000·major + 10·minor of the newest CUDA the driver knows.
	Version() (int, error)
	Count() (int, error)
	Describe(ordinal int) (Info, error)

	// Attach makes a context on a device and makes it current on this thread; Detach destroys it.
	Attach(ordinal int) error
	Detach() error
	Memory() (free, total int64, err error)
	// Load loads a module; Function finds a kernel in the one loaded.
	Load(ptx string) error
	Function(name string) (Function, error)

	Alloc(bytes int64) (Pointer, error)
	Free(p Pointer) error
	// Pinned is page-locked memory of this process; nil where the binding has none.
	Pinned(bytes int64) (unsafe.Pointer, error)
	FreePinned(p unsafe.Pointer) error

	ToDevice(dst Pointer, src unsafe.Pointer, bytes int64, s Stream) error
	ToHost(dst unsafe.Pointer, src Pointer, bytes int64, s Stream) error
	Copy(dst, src Pointer, bytes int64, s Stream) error
	Zero(dst Pointer, bytes int64, s Stream) error
	// Launch starts gridX × gridY blocks of a number of threads; every parameter is one word of args.
	Launch(f Function, gridX, gridY, block int, args []uint64, s Stream) error

	NewStream() (Stream, error)
	Synchronize(s Stream) error
	FreeStream(s Stream) error
	NewEvent() (Event, error)
	Record(e Event, s Stream) error
	// Wait waits until what was queued before Record is done.
	Wait(e Event) error
	FreeEvent(e Event) error
}

// Info describes a device.
type Info struct {
	Name         string
	Bytes        int64 // of memory
	Major, Minor int   // compute capability
}

// Error is a failed call of the driver.
type Error struct {
	Call string // its name in the driver
	Code int    // CUresult
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s (CUDA error %d)", e.Call, e.Text, e.Code) }

// codeOutOfMemory is CUDA_ERROR_OUT_OF_MEMORY of CUresult.
const codeOutOfMemory = 2

// outOfMemory says that err is about device memory only: the device goes on.
func outOfMemory(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == codeOutOfMemory
}

// Unavailable says why there is no usable GPU.
type Unavailable struct{ Reason error }

func (e *Unavailable) Error() string { return "no usable GPU: " + e.Reason.Error() }
func (e *Unavailable) Unwrap() error { return e.Reason }

func unavailable(format string, a ...any) error { return &Unavailable{fmt.Errorf(format, a...)} }
