package main

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"planwerk/arrow"
)

// kills is how many batches are killed in the ordinary tests; the stress tests kill 200.
var kills = 8

// TestKilledBatch kills batches at random moments: the result is absent, the old one, or the new one, never half of one,
// and the next run gives the same root.
func TestKilledBatch(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, "generate", "--out", "export", "--workloads", "60k", "--quiet")
	args := []string{"batch", "--ledger", "export", "--after", "2026-03-01", "--until", "2026-04-01", "--out", "result", "--force", "--quiet"}
	begun := time.Now()
	must(t, dir, args...)
	whole := time.Since(begun)
	result := filepath.Join(dir, "result")
	want := checkedRoot(t, result)
	r := rand.New(rand.NewPCG(1, 2))
	ended, absent := 0, 0
	for i := range kills {
		if i%2 == 0 {
			if err := os.RemoveAll(result); err != nil {
				t.Fatal(err)
			}
		}
		_, err := os.Lstat(result)
		none := os.IsNotExist(err)
		cmd := exec.Command(binary, args...)
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.Int64N(int64(whole) * 5 / 4)))
		cmd.Process.Kill()
		if cmd.Wait() == nil {
			ended++
		}
		if _, err := os.Lstat(result); os.IsNotExist(err) && none {
			absent++
		} else if got := checkedRoot(t, result); got != want {
			t.Fatalf("kill %d: root %s, want %s", i, got, want)
		}
	}
	must(t, dir, args...)
	if got := checkedRoot(t, result); got != want {
		t.Errorf("after the kills: root %s, want %s", got, want)
	}
	t.Logf("%d batches: %d ended before their kill, %d left no result where there was none", kills, ended, absent)
}

// checkedRoot checks a result's files against its manifest and returns its root.
func checkedRoot(t *testing.T, dir string) string {
	t.Helper()
	m, err := arrow.CheckResult(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return m.ResultRoot
}
