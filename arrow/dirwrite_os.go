package arrow

import (
	"errors"
	"os"
)

// errLocked is a directory that a living process holds.
var errLocked = errors.New("locked by another process")

// lockDir and swapDirs are what the system offers beyond package os; dirwrite_linux.go sets them. Without lockDir
// leftovers are never removed; without swapDirs a directory steps aside to be replaced.
var (
	lockDir  = func(string) (func(), error) { return nil, errors.ErrUnsupported }
	swapDirs = func(string, string) error { return errors.ErrUnsupported }
)

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

func (osFiles) lock(dir string) (func(), error) { return lockDir(dir) }
