package arrow

import (
	"os"
	"runtime/debug"

	"planwerk/kernels/system"
)

// mapFile maps a file into memory, to be read; nil where that is not possible, and the file is read instead. Who touches
// the bytes does so under faultsAsPanics: where the file was cut short meanwhile, there is nothing behind them.
func mapFile(f *os.File, size int64) []byte {
	data, err := system.MapFile(f, size, false)
	if err != nil {
		return nil
	}
	return data
}

func unmapFile(data []byte) {
	if data != nil {
		_ = system.Unmap(data)
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
