package kernels

import (
	"os"
	"syscall"
	"unsafe"
)

// adviseLargePages asks for large pages in the pages that lie within a piece of memory. It is advice: a system without
// them says so, and nothing is lost.
func adviseLargePages(p unsafe.Pointer, bytes int) {
	page := os.Getpagesize()
	skip := -int(uintptr(p)) & (page - 1)
	bytes = (bytes - skip) &^ (page - 1)
	_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Add(p, skip)), bytes), syscall.MADV_HUGEPAGE)
}
