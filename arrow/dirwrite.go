package arrow

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrExists is a target directory that is there already and may not be replaced.
var ErrExists = errors.New("exists already")

// fileSystem is every operation by which a directory is written, so that tests can make any one of them fail.
type fileSystem interface {
	mkdir(path string) error
	create(path string) (outFile, error)
	syncDir(path string) error
	rename(from, to string) error    // onto nothing, or an empty directory
	exchange(a, b string) error      // swaps two directories at once; ErrUnsupported where the system cannot
	removeAll(path string) error     //
	lock(dir string) (func(), error) // held until unlocked or the process dies; see lockDir
}

// outFile is a file being written.
type outFile interface {
	io.Writer
	Sync() error
	Close() error
}

// pendingDir is a directory under construction: all of it appears at target on commit, or nothing does.
//
// It is a sibling `.tmp-<name>-<16 hex digits>` of the target, locked while its writer lives, so that one that a dead
// process left behind can be told and removed.
type pendingDir struct {
	fs     fileSystem
	target string
	temp   string
	force  bool
	ours   func(dir string) error // what force may replace
	dirs   []string               // below temp, relative
	unlock func()
	done   bool
}

// beginDir starts a directory for target, which must not exist, be empty, or, with force, be one that ours accepts.
// It first removes what dead processes left.
func beginDir(fsys fileSystem, target string, force bool, ours func(dir string) error) (*pendingDir, error) {
	target, err := filepath.Abs(target)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real
	}
	if filepath.Dir(target) == target {
		return nil, fmt.Errorf("%s: cannot be replaced", target)
	}
	sweepLeftovers(fsys, target)
	if err := mayWrite(target, force, ours); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return nil, err
	}
	d := &pendingDir{fs: fsys, target: target, force: force, ours: ours}
	for range 16 {
		d.temp = tempPrefix(target) + randomSuffix()
		if err := fsys.mkdir(d.temp); err != nil {
			if errors.Is(err, fs.ErrExist) {
				continue
			}
			return nil, err
		}
		// Between mkdir and lock another process may take the directory for a leftover and remove it: try again.
		if d.unlock, err = fsys.lock(d.temp); err == nil {
			return d, nil
		}
		if errors.Is(err, errors.ErrUnsupported) {
			d.unlock = func() {}
			return d, nil
		}
		if !errors.Is(err, errLocked) && !errors.Is(err, fs.ErrNotExist) {
			fsys.removeAll(d.temp)
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: no temporary directory can be made beside it: %w", target, err)
}

func tempPrefix(target string) string {
	return filepath.Join(filepath.Dir(target), ".tmp-"+filepath.Base(target)+"-")
}

const suffixBytes = 8

func randomSuffix() string {
	var b [suffixBytes]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// sweepLeftovers removes the temporary directories for target whose writers are dead. A failure is no error: they are
// only in the way of nothing.
func sweepLeftovers(fsys fileSystem, target string) {
	prefix := tempPrefix(target)
	entries, _ := os.ReadDir(filepath.Dir(target))
	for _, e := range entries {
		p := filepath.Join(filepath.Dir(target), e.Name())
		suffix, found := strings.CutPrefix(p, prefix)
		suffix, aside := strings.CutSuffix(suffix, asideSuffix)
		if _, err := hex.DecodeString(suffix); err != nil || !found || len(suffix) != 2*suffixBytes || !e.IsDir() {
			continue
		}
		if _, err := os.Lstat(target); aside && errors.Is(err, fs.ErrNotExist) {
			fsys.rename(p, target) // it had stepped aside when its writer died
			continue
		}
		if unlock, err := fsys.lock(p); err == nil {
			fsys.removeAll(p)
			unlock()
		}
	}
}

// create starts a file; name is slash-separated, and its folder is made.
func (d *pendingDir) create(name string) (*hashedFile, error) {
	if err := checkPath(name); err != nil {
		return nil, err
	}
	if dir := filepath.Dir(filepath.FromSlash(name)); dir != "." {
		if err := d.mkdir(dir); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(d.temp, filepath.FromSlash(name))
	f, err := d.fs.create(path)
	if err != nil {
		return nil, err
	}
	return &hashedFile{file: f, path: path, sum: newSHA256()}, nil
}

func (d *pendingDir) mkdir(dir string) error {
	for _, have := range d.dirs {
		if have == dir {
			return nil
		}
	}
	if up := filepath.Dir(dir); up != "." {
		if err := d.mkdir(up); err != nil {
			return err
		}
	}
	if err := d.fs.mkdir(filepath.Join(d.temp, dir)); err != nil {
		return err
	}
	d.dirs = append(d.dirs, dir)
	return nil
}

// writeFile writes one whole file and syncs it.
func (d *pendingDir) writeFile(name string, data []byte) (*hashedFile, error) {
	f, err := d.create(name)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(data); err != nil {
		f.file.Close()
		return nil, err
	}
	return f, f.finish()
}

// commit syncs the directory, puts it in the target's place, and syncs the parent. When anything fails, the target is
// as it was before, unless putting it back fails too.
func (d *pendingDir) commit() error {
	for i := len(d.dirs) - 1; i >= 0; i-- {
		if err := d.fs.syncDir(filepath.Join(d.temp, d.dirs[i])); err != nil {
			return err
		}
	}
	if err := d.fs.syncDir(d.temp); err != nil {
		return err
	}
	swapped, err := d.place()
	if err != nil {
		return err
	}
	if err := d.fs.syncDir(filepath.Dir(d.target)); err != nil {
		// Not on disk for certain, so it does not count as written: put back what was there.
		if swapped {
			d.fs.exchange(d.temp, d.target)
		} else {
			d.fs.rename(d.target, d.temp)
		}
		return err
	}
	d.done = true
	d.unlock()
	if swapped {
		// The new directory is there; an old one that cannot be removed is a leftover for the next run.
		d.fs.removeAll(d.temp)
	}
	return nil
}

// place moves temp to target; swapped says that the old target now is temp.
func (d *pendingDir) place() (swapped bool, err error) {
	entries, err := os.ReadDir(d.target)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, d.fs.rename(d.temp, d.target)
	}
	if err != nil {
		return false, err
	}
	if !d.force {
		return false, fmt.Errorf("%s %w: it was made meanwhile", d.target, ErrExists)
	}
	if err := mayWrite(d.target, true, d.ours); err != nil {
		return false, err // something of another's came there meanwhile
	}
	return true, d.fs.exchange(d.temp, d.target)
}

// abort removes what was written, unless it was committed.
func (d *pendingDir) abort() {
	if d.done {
		return
	}
	d.done = true
	d.fs.removeAll(d.temp)
	d.unlock()
}

// hashedFile counts and hashes what it writes.
type hashedFile struct {
	file  outFile
	path  string
	sum   hash.Hash
	bytes int64
}

// Write writes all of p or fails.
func (f *hashedFile) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return n, f.failed(err)
	}
	f.sum.Write(p)
	f.bytes += int64(n)
	return n, nil
}

// failed names the file once, and what helps where something does.
func (f *hashedFile) failed(err error) error {
	err = fmt.Errorf("%s: cannot write: %w", f.path, baseError(err))
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		err = fmt.Errorf("%w; free some space, or write elsewhere", err)
	}
	return err
}

// finish syncs and closes the file. After a failed sync its pages may be lost although a second sync succeeds, so there
// is no second one.
func (f *hashedFile) finish() error {
	if err := f.file.Sync(); err != nil {
		f.file.Close()
		return f.failed(err)
	}
	if err := f.file.Close(); err != nil {
		return f.failed(err)
	}
	return nil
}

// digest is the SHA-256 of what was written.
func (f *hashedFile) digest() (h Hash) {
	f.sum.Sum(h[:0])
	return h
}
