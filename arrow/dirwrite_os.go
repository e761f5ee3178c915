package arrow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// errLocked is a directory that a living process holds.
var errLocked = errors.New("locked by another process")

// swapDirs is renameExchange; tests set it to what a system without has.
var swapDirs = renameExchange

// asideSuffix ends the name of a directory that steps aside where swapDirs is missing.
const asideSuffix = ".old"

// osFiles is the fileSystem of the machine.
type osFiles struct{}

func (osFiles) mkdir(path string) error { return os.Mkdir(path, 0o777) }

func (osFiles) create(path string) (outFile, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

func (osFiles) syncDir(path string) error {
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

// rename takes an empty directory out of the way, as rename(2) does and os.Rename does not.
func (osFiles) rename(from, to string) error {
	err := os.Rename(from, to)
	if st, serr := os.Lstat(to); err != nil && serr == nil && st.IsDir() && os.Remove(to) == nil {
		err = os.Rename(from, to)
	}
	return err
}

func (osFiles) removeAll(path string) error { return os.RemoveAll(path) }

// exchange swaps two directories. Where the system cannot do it at once, b steps aside for a moment: should the process
// die right there, b's old content is whole, as a.old.
func (osFiles) exchange(a, b string) error {
	err := swapDirs(a, b)
	if err == nil || !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	aside := a + asideSuffix
	if err := os.Rename(b, aside); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		return errors.Join(err, os.Rename(aside, b))
	}
	return os.Rename(aside, a)
}

func (osFiles) lock(dir string) (func(), error) { return flockDir(dir) }

// flockDir takes the exclusive lock of a directory, which the kernel drops when its holder dies.
func flockDir(dir string) (func(), error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		switch {
		case errors.Is(err, syscall.EWOULDBLOCK):
			return nil, errLocked
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
			return nil, errors.ErrUnsupported
		}
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	// The directory may have been removed between open and lock.
	held, err := f.Stat()
	if err == nil {
		var there fs.FileInfo
		if there, err = os.Lstat(dir); err == nil && !os.SameFile(held, there) {
			err = fs.ErrNotExist
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// renameat2 is the number of that system call of Linux by machine; package syscall is older than it.
var renameat2 = map[string]uintptr{"amd64": 316, "arm64": 276, "riscv64": 276, "loong64": 276, "ppc64le": 357, "s390x": 347}

// renameExchange swaps two directories in one step, where Linux and the file system can.
func renameExchange(a, b string) error {
	const (
		here     = -100 // AT_FDCWD: relative paths as usual
		exchange = 2    // RENAME_EXCHANGE
	)
	number, known := renameat2[runtime.GOARCH]
	if runtime.GOOS != "linux" || !known {
		return errors.ErrUnsupported
	}
	pa, err := syscall.BytePtrFromString(a)
	if err != nil {
		return err
	}
	pb, err := syscall.BytePtrFromString(b)
	if err != nil {
		return err
	}
	dir := here
	_, _, errno := syscall.Syscall6(number, uintptr(dir), uintptr(unsafe.Pointer(pa)), uintptr(dir), uintptr(unsafe.Pointer(pb)), exchange, 0)
	switch errno {
	case 0:
		return nil
	case syscall.EINVAL, syscall.ENOSYS:
		return errors.ErrUnsupported
	}
	return &os.LinkError{Op: "exchange", Old: a, New: b, Err: errno}
}
