package system

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// unsupported ends a test on a system that does not have what it is about.
func unsupported(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("this system does not have it")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestMapFile(t *testing.T) {
	f, err := Nameless(t.TempDir())
	unsupported(t, err)
	text := bytes.Repeat([]byte("labour"), 5000)
	if _, err := f.Write(text); err != nil {
		t.Fatal(err)
	}
	data, err := MapFile(f, int64(len(text)), true)
	unsupported(t, err)
	f.Close()
	if !bytes.Equal(data, text) {
		t.Error("the mapping is not the file")
	}
	data[0] = 'L'
	LetGo(data) // what was written stays
	if data[0] != 'L' || data[1] != 'a' {
		t.Errorf("after letting go: %q", data[:6])
	}
	if err := Unmap(data); err != nil {
		t.Error(err)
	}
	if _, err := MapFile(f, 0, false); err == nil {
		t.Error("nothing can be mapped")
	}
}

func TestMapMemory(t *testing.T) {
	data, err := MapMemory(5 << 20)
	if err != nil {
		t.Fatal(err)
	}
	LargePages(data)
	if len(data) != 5<<20 || !bytes.Equal(data[4<<20:], make([]byte, 1<<20)) {
		t.Error("mapped memory is not all zeros")
	}
	data[len(data)-1] = 1
	if err := Unmap(data); err != nil {
		t.Error(err)
	}
}

// TestLockDir: a second lock is refused until the first one's holder is gone.
func TestLockDir(t *testing.T) {
	dir := t.TempDir()
	open := func() *os.File {
		f, err := os.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first, second := open(), open()
	defer second.Close()
	unsupported(t, LockDir(first))
	if err := LockDir(second); !errors.Is(err, ErrLocked) {
		t.Errorf("a second lock: %v", err)
	}
	first.Close()
	if err := LockDir(second); err != nil {
		t.Error(err)
	}
}

func TestExchange(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, name := range []string{a, b} {
		if err := os.MkdirAll(filepath.Join(name, "of "+filepath.Base(name)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	unsupported(t, Exchange(a, b))
	if _, err := os.Stat(filepath.Join(a, "of b")); err != nil {
		t.Error(err)
	}
	if err := Exchange(a, filepath.Join(dir, "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("exchange with nothing: %v", err)
	}
	if err := SyncDir(dir); err != nil {
		t.Error(err)
	}
}

// TestFigures: what a system tells of itself is of the right size.
func TestFigures(t *testing.T) {
	dir := t.TempDir()
	if !Writable(dir) || Writable(filepath.Join(dir, "nothing")) {
		t.Error("what can be written to is told wrongly")
	}
	if free, err := FreeBytes(dir); err == nil && free < 1<<20 {
		t.Errorf("%d bytes are free", free)
	}
	if peak := PeakOfThis(); peak != 0 && (peak < 1<<20 || peak > 1<<40) {
		t.Errorf("this process took %d bytes", peak)
	}
	if before := ProcessorTime(); before != 0 {
		for begun := time.Now(); time.Since(begun) < 20*time.Millisecond; {
		}
		if used := ProcessorTime() - before; used <= 0 || used > time.Minute {
			t.Errorf("20 ms of work took %v of processor time", used)
		}
	}
}
