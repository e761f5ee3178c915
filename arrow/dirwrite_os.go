package arrow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"planwerk/kernels/system"
)

// errLocked is a directory that a living process holds.
var errLocked = system.ErrLocked

// swapDirs is system.Exchange; tests set it to what a system without has.
var swapDirs = system.Exchange

// asideSuffix ends the name of a directory that steps aside where swapDirs is missing.
const asideSuffix = ".old"

// osFiles is the fileSystem of the machine.
type osFiles struct{}

func (osFiles) mkdir(path string) error { return os.Mkdir(path, 0o777) }

func (osFiles) create(path string) (outFile, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

func (osFiles) syncDir(path string) error { return system.SyncDir(path) }

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
	if err := system.LockDir(f); err != nil {
		f.Close()
		if errors.Is(err, errLocked) || errors.Is(err, errors.ErrUnsupported) {
			return nil, err
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
