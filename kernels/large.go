package kernels

import "unsafe"

// largeBytes is the size from which memory is worth large pages: some of the system's, usually of 2 MiB.
const largeBytes = 4 << 20

// Large is make([]T, n) for numbers, in large pages where n is large and the system has them: reading from all over a
// vector then misses the processor's table of pages less often (SpMV of 1 M random columns takes 0.6 of the time on a
// virtual machine, bench/NOTES.md). Numbers only: T holds no pointers.
func Large[T int8 | uint8 | int32 | uint32 | int64 | uint64 | float32 | float64 | Int128 | RootSet](n int) []T {
	v := make([]T, n)
	if bytes := len(v) * int(unsafe.Sizeof(*new(T))); bytes >= largeBytes {
		adviseLargePages(unsafe.Pointer(&v[0]), bytes)
	}
	return v
}
