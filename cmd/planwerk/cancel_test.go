package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is far more than the second a command has to stop in: the machine of a test may be busy.
const patience = time.Minute

// interrupt starts a command in dir, sends it a signal after a while and returns how it ended; everything it left in dir
// beside what was there is an error.
func interrupt(t *testing.T, dir string, after time.Duration, signal syscall.Signal, args ...string) outcome {
	t.Helper()
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	cmd.Wait()
	if !hung.Stop() {
		t.Errorf("planwerk %s: still there %v after the signal", strings.Join(args, " "), patience)
	}
	if left, _ := os.ReadDir(dir); len(left) != len(before) {
		t.Errorf("planwerk %s left %v", strings.Join(args, " "), left)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func TestInterruptedGenerate(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		o := interrupt(t, t.TempDir(), 300*time.Millisecond, signal, "generate", "--out", "export", "--workloads", "1B", "--quiet")
		tooEarly := o.code == -1 && o.stderr == ""
		if !tooEarly && (o.code != 128+int(signal) || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, "stopped by")) {
			t.Errorf("%v: exit %d, stderr %q", signal, o.code, o.stderr)
		}
	}
}

// TestInterruptedBatch sends the signal at several moments of a batch that takes longer than any of them.
func TestInterruptedBatch(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, "generate", "--out", "export", "--workloads", "500k", "--quiet")
	for _, after := range []time.Duration{20 * time.Millisecond, 60 * time.Millisecond, 120 * time.Millisecond} {
		o := interrupt(t, dir, after, syscall.SIGINT, "batch", "--ledger", "export", "--after", "2026-03-01", "--until", "2026-04-01", "--out", "result",
			"--quiet", "--threads", "1")
		tooEarly := o.code == -1 && o.stderr == "" // on a busy machine the signal may come before the program's first line
		if !tooEarly && (o.code != 130 || !strings.Contains(o.stderr, "stopped by interrupt")) {
			t.Errorf("after %v: exit %d, stderr %q", after, o.code, o.stderr)
		}
	}
}
