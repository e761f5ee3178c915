package arrow

import (
	"os"
	"runtime/debug"
	"syscall"
)

// mapFile maps a file into memory, to be read; nil where that is not possible, and the file is read instead. Who touches
// the bytes does so under faultsAsPanics: where the file was cut short meanwhile, there is nothing behind them.
func mapFile(f *os.File, size int64) []byte {
	if size <= 0 || int64(int(size)) != size {
		return nil
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	return data
}

func unmapFile(data []byte) {
	if data != nil {
		_ = syscall.Munmap(data)
	}
}

// faultsAsPanics makes a read of mapped bytes that are no longer there a panic of this goroutine, which catch turns into
// an error, in place of the process's end. The function it returns undoes that.
func faultsAsPanics() (undo func()) {
	before := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(before) }
}

// mappedFault is what such a panic carries.
type mappedFault interface{ Addr() uintptr }
