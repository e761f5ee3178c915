package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// largePeriod computes a ledger of 300 000 workloads: its columns take some 30 MiB.
const largePeriod = "batch --ledger export --after 2026-03-01 --until 2026-04-01 --out result --force "

// TestLargerThanMemory computes ledgers whose columns fit, fit in part and fit not at all: one root, and nothing left.
func TestLargerThanMemory(t *testing.T) {
	dir := t.TempDir()
	root := ""
	for format, runs := range map[string][]string{
		"parquet": {"--threads 2", "--memory 24MiB --threads 1", "--memory 8MiB --threads 3", "--memory 4MiB --threads 7 --spill spill"},
		"csv":     {"--memory 8MiB --threads 2"},
		"arrow":   {"--memory 8MiB --threads 2"},
	} {
		must(t, dir, strings.Fields("generate --out export --workloads 300k --force --quiet --format "+format)...)
		for _, more := range runs {
			if err := os.MkdirAll(filepath.Join(dir, "spill"), 0o777); err != nil {
				t.Fatal(err)
			}
			var a account
			if err := json.Unmarshal([]byte(must(t, dir, strings.Fields(largePeriod+"--json "+more)...).stdout), &a); err != nil {
				t.Fatal(err)
			}
			if root == "" {
				root = a.ResultRoot
			}
			inFiles := strings.Contains(more, "memory")
			if a.ResultRoot != root || inFiles && (a.Columns == nil || a.Columns.FileBytes == 0) || a.Columns != nil && !inFiles && a.Columns.FileBytes != 0 {
				t.Errorf("%s %s: root %s, want %s; columns %+v", format, more, a.ResultRoot, root, a.Columns)
			}
			onlyIn(t, dir, "export", "result", "spill")
			onlyIn(t, filepath.Join(dir, "spill"))
		}
	}
	if o := must(t, dir, "verify", "result", "--memory", "8MiB"); !strings.Contains(o.stdout, "the same roots") {
		t.Errorf("verify prints %q", o.stdout)
	}
}

// TestKilledInFiles kills batches whose columns lie in files: nothing is left of them.
func TestKilledInFiles(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, strings.Fields("generate --out export --workloads 300k --quiet")...)
	args := strings.Fields(largePeriod + "--quiet --memory 8MiB --spill spill")
	if err := os.Mkdir(filepath.Join(dir, "spill"), 0o777); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	must(t, dir, args...)
	whole := time.Since(begun)
	r := rand.New(rand.NewPCG(3, 4))
	for range kills / 2 {
		cmd := exec.Command(binary, args...)
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.Int64N(int64(whole))))
		cmd.Process.Kill()
		_ = cmd.Wait() // killed, or ended before
		onlyIn(t, filepath.Join(dir, "spill"))
	}
}

// What cannot fit is refused before anything is read, with the figure that is needed.
func TestPlaceRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, strings.Fields("generate --out export --workloads 300k --quiet")...)
	expectFailure(t, dir, exitInput, largePeriod+"--memory 1MiB", "is too small", "MiB are needed beside them")
	expectFailure(t, dir, exitInput, largePeriod+"--memory 8MiB --spill nowhere", "--spill nowhere", "no such file")
	onlyIn(t, dir, "export")
}

// onlyIn fails when a folder holds anything but some entries.
func onlyIn(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	for _, e := range entries {
		if !known[e.Name()] {
			t.Errorf("%s is left in %s", e.Name(), dir)
		}
	}
}
