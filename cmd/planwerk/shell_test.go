package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// withCommand runs the program in this process with one more command.
func withCommand(t *testing.T, work func(ctx context.Context) error, args ...string) outcome {
	t.Helper()
	had := subcommands
	defer func() { subcommands = had }()
	subcommands = append(had[:len(had):len(had)], func(*shell) *cobra.Command {
		return &cobra.Command{Use: "work", RunE: func(cmd *cobra.Command, _ []string) error { return work(cmd.Context()) }}
	})
	var stdout, stderr bytes.Buffer
	code := run(append([]string{"work"}, args...), &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

func TestFaultIsOneLineAndExit5(t *testing.T) {
	var nothing []int
	o := withCommand(t, func(context.Context) error { return errors.New("unreachable" + string(rune(nothing[3]))) })
	if o.code != exitFault || strings.Count(o.stderr, "\n") != 1 {
		t.Errorf("exit %d, stderr %q", o.code, o.stderr)
	}
	for _, want := range []string{"internal fault: runtime error: index out of range", "cmd/planwerk/shell_test.go:", "report it"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("%q does not hold %q", o.stderr, want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	cases := []struct {
		err  error
		want int
	}{
		{nil, exitDone},
		{usagef("x"), exitUsage},
		{inputf("x"), exitInput},
		{unsolvedf("x"), exitUnsolved},
		{violationsf("x"), exitViolations},
		{errors.New("two\nlines"), exitInput},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, exitInput},
	}
	for _, c := range cases {
		o := withCommand(t, func(context.Context) error { return c.err })
		lines := 1
		if c.err == nil {
			lines = 0
		}
		if o.code != c.want || strings.Count(o.stderr, "\n") != lines {
			t.Errorf("%v: exit %d, want %d; stderr %q", c.err, o.code, c.want, o.stderr)
		}
	}
}

// TestOneEnd: a command that returns while it is being given up tells its end once.
func TestOneEnd(t *testing.T) {
	var out, err bytes.Buffer
	sh := newShell(&out, &err)
	sh.ending.Store(true)
	sh.giveUp(stopped{syscall.SIGTERM})
	if err.Len() > 0 {
		t.Errorf("stderr %q", err.String())
	}
}

// TestSignalEndsTheContext sends this process what Ctrl-C sends.
func TestSignalEndsTheContext(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		o := withCommand(t, func(ctx context.Context) error {
			if err := syscall.Kill(syscall.Getpid(), signal); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(10 * time.Second):
				return errors.New("the signal did not arrive")
			}
		})
		if o.code != 128+int(signal) || !strings.Contains(o.stderr, "stopped by "+signal.String()) {
			t.Errorf("%v: exit %d, stderr %q", signal, o.code, o.stderr)
		}
	}
}

func TestLineMeter(t *testing.T) {
	var out bytes.Buffer
	m := newLineMeter(slog.New(plainHandler{&out, slog.LevelInfo}), false)
	m.print()
	if out.Len() > 0 {
		t.Errorf("before any report: %q", out.String())
	}
	m.report("reading workloads", "rows", 0, 2000)
	m.begun["reading workloads"] = time.Now().Add(-10 * time.Second)
	m.report("reading workloads", "rows", 1000, 2000)
	m.print()
	if got := out.String(); !strings.HasPrefix(got, "planwerk: reading workloads: 1 000 of 2 000 rows, ") || !strings.Contains(got, " rows/s, 10s left, memory ") {
		t.Errorf("line %q", got)
	}
	m.close()
	m.close()
	if got := progressLine(stageState{"coupons", "", 0, 1}, 90*time.Second, 0); got != "coupons: 1m30s" {
		t.Errorf("a stage without a count: %q", got)
	}
}

// TestBarsEnd shows that bars go away whatever was reported, and that lines are still printed.
func TestBarsEnd(t *testing.T) {
	var out bytes.Buffer
	m := newBarMeter(&out)
	m.report("empty", "rows", 0, 0)
	m.report("whole", "rows", 0, 100)
	m.report("whole", "rows", 100, 100)
	m.report("whole", "rows", 100, 100)
	m.report("half", "rows", 50, 100)
	m.report("grown", "rows", 150, 100)
	m.report("grown", "rows", 10, 1000)
	m.report("stage", "", 0, 1)
	m.report("past", "", 0, 1)
	m.report("past", "", 1, 1)
	io.WriteString(m, "a line above the bars\n")
	ended := make(chan bool)
	go func() {
		m.close()
		m.close()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the bars do not end")
	}
	m.report("late", "rows", 1, 2)
	io.WriteString(m, "a line after them\n")
	for _, line := range []string{"a line above the bars\n", "a line after them\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is not in %q", line, out.String())
		}
	}
}
