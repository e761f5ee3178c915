package arrow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// faultyFiles makes the operation with number `at` fail, and with `onward` every one after it. It does not sync: a test
// that takes no power away would only wait for the disk.
type faultyFiles struct {
	osFiles
	at     int
	onward bool
	short  bool // a write of half the bytes instead of an error
	err    error
	done   int
	last   string // the operation that failed
}

func (f *faultyFiles) fault(op string) bool {
	f.done++
	if f.short && op != "write" {
		return false
	}
	if f.done == f.at || f.onward && f.done > f.at && f.at > 0 {
		if f.last == "" {
			f.last = op
		}
		return true
	}
	return false
}

func (f *faultyFiles) try(op string, do func() error) error {
	if f.fault(op) {
		return f.err
	}
	return do()
}

func (f *faultyFiles) mkdir(p string) error {
	return f.try("mkdir", func() error { return f.osFiles.mkdir(p) })
}
func (f *faultyFiles) syncDir(p string) error {
	return f.try("syncDir", func() error { return nil })
}
func (f *faultyFiles) rename(a, b string) error {
	return f.try("rename", func() error { return f.osFiles.rename(a, b) })
}
func (f *faultyFiles) exchange(a, b string) error {
	return f.try("exchange", func() error { return f.osFiles.exchange(a, b) })
}
func (f *faultyFiles) removeAll(p string) error {
	return f.try("removeAll", func() error { return f.osFiles.removeAll(p) })
}

func (f *faultyFiles) create(p string) (outFile, error) {
	if f.fault("create") {
		return nil, f.err
	}
	out, err := f.osFiles.create(p)
	return &faultyFile{out, f, false}, err
}

type faultyFile struct {
	outFile
	fs       *faultyFiles
	unsynced bool // a sync failed: the file must not pass as written
}

func (w *faultyFile) Write(p []byte) (int, error) {
	if w.fs.fault("write") {
		n, _ := w.outFile.Write(p[:len(p)/2])
		if w.fs.short {
			return n, nil
		}
		return n, w.fs.err
	}
	return w.outFile.Write(p)
}

func (w *faultyFile) Sync() error {
	if w.unsynced {
		panic("a failed sync was tried again")
	}
	err := w.fs.try("sync", func() error { return nil })
	w.unsynced = err != nil
	return err
}

func (w *faultyFile) Close() error {
	err := w.outFile.Close()
	if w.fs.fault("close") {
		return w.fs.err
	}
	return err
}

// snapshot is a directory's files and their content.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var s strings.Builder
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&s, "%s %v\n", path, sha256Sum(data))
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return s.String()
}

// Promise 7: whatever operation fails, and whether it fails once or for good, there is an error, the old result is as
// it was, and the next run succeeds.
func TestFaults(t *testing.T) {
	writers := map[string]func(dir string, seed uint64, force bool, fs fileSystem) error{
		"result": func(dir string, seed uint64, force bool, fs fileSystem) error {
			_, err := WriteResult(context.Background(), dir, []ResultTable{testTable("a", 20, seed, true), testTable("b", 0, seed, true)},
				testParams, testManifest(), func(string) any { return seed }, WriteOptions{Format: "csv", Threads: 1, Force: force, fs: fs})
			return err
		},
		"export": func(dir string, seed uint64, force bool, fs fileSystem) error {
			e, err := NewExport(dir, ExportOptions{Format: "parquet", PartRows: 15, Force: force, fs: fs, Threads: 1})
			if err != nil {
				return err
			}
			defer e.Abort()
			if err := e.WriteTable(context.Background(), testTable("a", 20, seed, true)); err != nil {
				return err
			}
			return e.Commit()
		},
	}
	for name, write := range writers {
		for _, force := range []bool{false, true} {
			count := &faultyFiles{}
			if err := write(filepath.Join(t.TempDir(), "x"), 1, false, count); err != nil {
				t.Fatal(err)
			}
			for n := 1; n <= count.done+2; n++ {
				for _, fault := range []*faultyFiles{{err: syscall.ENOSPC}, {err: syscall.EIO, onward: true}, {short: true}} {
					fault.at = n
					t.Run(fmt.Sprintf("%s/force=%v/op=%d/%v/onward=%v/short=%v", name, force, n, fault.err, fault.onward, fault.short),
						func(t *testing.T) { tryFault(t, write, force, fault) })
				}
			}
		}
	}
}

func tryFault(t *testing.T, write func(string, uint64, bool, fileSystem) error, force bool, fault *faultyFiles) {
	dir := filepath.Join(t.TempDir(), "x")
	if force {
		if err := write(dir, 1, false, &faultyFiles{}); err != nil {
			t.Fatal(err)
		}
	}
	before := snapshot(t, dir)
	err := write(dir, 2, force, fault)
	after := snapshot(t, dir)
	switch {
	case fault.last == "":
		if err != nil {
			t.Fatalf("no fault, but %v", err)
		}
	case err == nil:
		// Only what follows the last sync may fail unheard: removing the replaced directory.
		if fault.last != "removeAll" || after == before || after == "" {
			t.Fatalf("%s failed and there is no error", fault.last)
		}
	case after == before:
	case fault.onward && fault.last == "syncDir" && after != "":
		// The last sync failed, and so did putting the old one back: the new one is there, complete.
	default:
		t.Fatalf("after a failed %s (%v) the target changed:\n%s\nto\n%s", fault.last, err, before, after)
	}
	if err := write(dir, 2, true, &faultyFiles{}); err != nil {
		t.Fatalf("the next run: %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Fatalf("left behind: %v, %v", entries, err)
	}
}

func TestTargets(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "r")
	table := []ResultTable{testTable("a", 5, 1, true)}
	write := func(dir string, force bool) error {
		_, err := WriteResult(context.Background(), dir, table, nil, Manifest{}, nil, WriteOptions{Format: "csv", Force: force})
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, false); err != nil {
		t.Fatalf("an empty directory: %v", err)
	}
	if err := write(dir, false); !errors.Is(err, ErrExists) {
		t.Fatalf("an existing result: %v", err)
	}
	if err := write(dir, true); err != nil {
		t.Fatalf("with force: %v", err)
	}
	foreign := filepath.Join(parent, "home")
	if err := os.MkdirAll(filepath.Join(foreign, "x"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := write(foreign, true); !errors.Is(err, ErrExists) {
		t.Fatalf("a directory that is no result: %v", err)
	}
	if err := write(filepath.Join(parent, "new", "deep", "r"), false); err != nil {
		t.Fatalf("parents are made: %v", err)
	}
	link := filepath.Join(parent, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := write(link, true); err != nil {
		t.Fatalf("through a link: %v", err)
	}
	if st, err := os.Lstat(link); err != nil || st.Mode()&os.ModeSymlink == 0 {
		t.Fatalf("the link was replaced: %v %v", st, err)
	}
	if err := write("/", true); err == nil {
		t.Fatal("the root directory was accepted")
	}
}

// A temporary directory of a living writer stays, one of a dead writer goes.
func TestLeftovers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	living, err := beginDir(osFiles{}, dir, false, isResult)
	if err != nil {
		t.Fatal(err)
	}
	dead := tempPrefix(dir) + "0123456789abcdef"
	other := tempPrefix(dir) + "extra-0123456789abcdef" // of a target named r-extra
	for _, d := range []string{dead, other} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	second, err := beginDir(osFiles{}, dir, false, isResult)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{living.temp: true, second.temp: true, dead: false, other: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
	if err := living.commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := living.create("late"); err == nil {
		t.Error("a file was made in a committed directory's old place")
	}
	if _, err := second.writeFile("x", nil); err != nil {
		t.Fatal(err)
	}
	if err := second.commit(); err != nil { // the first left an empty directory, which may be replaced
		t.Fatal(err)
	}
	second.abort()
}

// Where the system cannot exchange directories the old one steps aside, and comes back after a crash in between.
func TestExchangeWithoutSystem(t *testing.T) {
	defer func(f func(string, string) error) { swapDirs = f }(swapDirs)
	swapDirs = func(string, string) error { return errors.ErrUnsupported }
	dir := filepath.Join(t.TempDir(), "r")
	mustWrite(t, dir, []ResultTable{testTable("a", 5, 1, true)}, WriteOptions{Format: "csv"})
	mustWrite(t, dir, []ResultTable{testTable("a", 6, 1, true)}, WriteOptions{Format: "csv", Force: true})
	before := snapshot(t, dir)
	if err := os.Rename(dir, tempPrefix(dir)+"0123456789abcdef"+asideSuffix); err != nil {
		t.Fatal(err)
	}
	if _, err := beginDir(osFiles{}, dir, false, isResult); !errors.Is(err, ErrExists) {
		t.Fatalf("the result that had stepped aside: %v", err)
	}
	if snapshot(t, dir) != before {
		t.Fatal("the old result did not come back whole")
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := filepath.Join(t.TempDir(), "r")
	table := couponTable(20 * chunkRows)
	fill := table.Fill
	table.Fill = func(from, to int64, b *ResultBatch) error {
		if from > chunkRows {
			cancel()
		}
		return fill(from, to, b)
	}
	_, err := WriteResult(ctx, dir, []ResultTable{table}, nil, Manifest{}, nil, WriteOptions{Threads: 2})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	noTrace(t, dir)
}
