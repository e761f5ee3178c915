package arrow

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A pipe in a file's place is refused; to open it would wait for somebody to write into it.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{ManifestFile, "debts.csv"} {
		if err := exec.Command("mkfifo", filepath.Join(dir, name)).Run(); err != nil {
			t.Skip("no pipe can be made here: ", err)
		}
	}
	done := make(chan error)
	go func() {
		_, err := OpenResult(dir)
		done <- err
		_, err = ReadDebts(filepath.Join(dir, "debts.csv"))
		done <- err
	}()
	for _, what := range []string{"a result's manifest", "debts"} {
		select {
		case err := <-done:
			if err == nil {
				t.Errorf("a pipe was taken for %s", what)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("the pipe in the place of %s was opened", what)
		}
	}
}
