//go:build linux || darwin || freebsd

package system

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// MapFile maps the first bytes of a file into memory, shared with it. The mapping outlives f.
func MapFile(f *os.File, size int64, writable bool) ([]byte, error) {
	if size <= 0 || int64(int(size)) != size {
		return nil, errors.ErrUnsupported
	}
	protection := unix.PROT_READ
	if writable {
		protection |= unix.PROT_WRITE
	}
	data, err := unix.Mmap(int(f.Fd()), 0, int(size), protection, unix.MAP_SHARED)
	return data, os.NewSyscallError("mmap", err)
}

// MapMemory maps anonymous memory, all zeros.
func MapMemory(size int64) ([]byte, error) {
	data, err := unix.Mmap(-1, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	return data, os.NewSyscallError("mmap", err)
}

// Unmap ends a mapping. It fails only for what is none.
func Unmap(data []byte) error { return os.NewSyscallError("munmap", unix.Munmap(data)) }

// Advice to Linux about mappings.
const (
	adviseDontNeed = 4
	adviseHugePage = 14
)

// LargePages asks for large pages of a mapping. Without them it is only slower.
func LargePages(data []byte) { advise(data, adviseHugePage) }

// LetGo tells that a mapping's pages need not stay in memory: those of a file are read again when they are touched.
func LetGo(data []byte) { advise(data, adviseDontNeed) }

// advise is madvise(2) on Linux; data need not begin at a page that package unix knows of.
func advise(data []byte, advice uintptr) {
	if runtime.GOOS == "linux" && len(data) > 0 {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), advice)
	}
}

// Nameless opens a new file in dir that has no name: the system removes it when nothing holds it any more. Where a file
// cannot be made without a name, it loses it at once.
func Nameless(dir string) (*os.File, error) {
	if runtime.GOOS == "linux" {
		const temporary = 0x400000 // O_TMPFILE
		if f, err := os.OpenFile(dir, os.O_RDWR|unix.O_DIRECTORY|temporary, 0o600); err == nil {
			return f, nil
		}
	}
	f, err := os.CreateTemp(dir, ".tmp-planwerk-spill-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(dir, filepath.Base(f.Name()))); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// LockDir takes the exclusive lock of an open directory, which the kernel drops when its holder dies or f is closed.
func LockDir(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EWOULDBLOCK):
		return ErrLocked
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, unix.ENOLCK):
		return errors.ErrUnsupported
	}
	return err
}

// SyncDir waits until the names in a directory are on disk.
func SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}

// ProcessorTime is the processor time this process has used, in user and kernel mode; 0 where the system does not tell.
func ProcessorTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// PeakOfThis is the most memory this process has held at one time, in bytes; 0 where the system does not tell.
func PeakOfThis() int64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return peakBytes(int64(u.Maxrss))
}

// PeakBytes is the most memory that a process that has ended held at one time; 0 where the system does not tell.
func PeakBytes(s *os.ProcessState) int64 {
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		return peakBytes(int64(r.Maxrss))
	}
	return 0
}

// peakBytes turns what a system counts peaks in into bytes: macOS in bytes, others in kilobytes.
func peakBytes(peak int64) int64 {
	if runtime.GOOS == "darwin" {
		return peak
	}
	return peak << 10
}

// FreeBytes is the space left for this user in the file system of a folder.
func FreeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// Writable reports whether this user may make files in a folder.
func Writable(dir string) bool { return unix.Access(dir, unix.W_OK) == nil }
