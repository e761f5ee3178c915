package arrow

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A manifest that is a pipe is refused; to open it would wait for somebody to write into it.
func TestManifestIsPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, ManifestFile), 0o666); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := OpenResult(dir)
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a pipe was taken for a manifest")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the pipe was opened")
	}
}
