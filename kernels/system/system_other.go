//go:build !linux && !darwin && !freebsd

package system

import (
	"errors"
	"os"
	"time"
)

// MapFile is not had: files are read.
func MapFile(*os.File, int64, bool) ([]byte, error) { return nil, errors.ErrUnsupported }

// MapMemory gives memory of the heap, all zeros.
func MapMemory(size int64) ([]byte, error) { return make([]byte, size), nil }

// Unmap leaves memory to the collector.
func Unmap([]byte) error { return nil }

// LargePages is not had; without them it is only slower.
func LargePages([]byte) {}

// LetGo has no mapping to let go of.
func LetGo([]byte) {}

// Nameless is not had: a name stays as long as its file is open.
func Nameless(string) (*os.File, error) { return nil, errors.ErrUnsupported }

// LockDir is not had.
func LockDir(*os.File) error { return errors.ErrUnsupported }

// SyncDir has nothing to wait for: names are journalled, and directories cannot be opened to be synced.
func SyncDir(string) error { return nil }

// ProcessorTime is not told.
func ProcessorTime() time.Duration { return 0 }

// FreeBytes is not told.
func FreeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }

// Writable tries it.
func Writable(dir string) bool {
	f, err := os.CreateTemp(dir, ".tmp-planwerk-")
	if err != nil {
		return false
	}
	f.Close()
	return os.Remove(f.Name()) == nil
}

// PeakOfThis is not told.
func PeakOfThis() int64 { return 0 }

// PeakBytes is not told.
func PeakBytes(*os.ProcessState) int64 { return 0 }
