package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/kernels"

	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "rewrite the recorded outputs in testdata")

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "planwerk-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "planwerk")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// outcome is what a process left behind.
type outcome struct {
	code           int
	stdout, stderr string
}

// planwerk runs the program in a folder.
func planwerk(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must is planwerk where anything but success ends the test.
func must(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	o := planwerk(t, dir, args...)
	if o.code != exitDone {
		t.Fatalf("planwerk %s: exit %d\n%s", strings.Join(args, " "), o.code, o.stderr)
	}
	return o
}

// eachCommand walks over all commands of the program but cobra's own.
func eachCommand(visit func(*cobra.Command)) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		visit(c)
		for _, sub := range c.Commands() {
			if sub.Name() != "help" && sub.Name() != "completion" {
				walk(sub)
			}
		}
	}
	walk(newRoot(newShell(io.Discard, io.Discard)))
}

func TestHelp(t *testing.T) {
	eachCommand(func(c *cobra.Command) {
		words := strings.Fields(c.CommandPath())[1:]
		o := must(t, ".", append(words, "--help")...)
		if !strings.Contains(o.stdout, "Units: ") {
			t.Errorf("the help of %q does not say its units:\n%s", c.CommandPath(), o.stdout)
		}
		if o.stderr != "" {
			t.Errorf("the help of %q writes to stderr: %s", c.CommandPath(), o.stderr)
		}
		if c.HasParent() && (c.Short == "" || c.Long == "" || c.Example == "") {
			t.Errorf("%q lacks a short text, a long one or an example", c.CommandPath())
		}
	})
}

// TestUnknownFlag shows that every command refuses what it does not know, on one line.
func TestUnknownFlag(t *testing.T) {
	eachCommand(func(c *cobra.Command) {
		words := strings.Fields(c.CommandPath())[1:]
		o := planwerk(t, ".", append(words, "--no-such-flag")...)
		if o.code != exitUsage || strings.Count(o.stderr, "\n") != 1 || o.stdout != "" {
			t.Errorf("%s --no-such-flag: exit %d, stdout %q, stderr %q", c.CommandPath(), o.code, o.stdout, o.stderr)
		}
	})
}

// expectFailure runs a command line that must fail with a code and one line that holds every text.
func expectFailure(t *testing.T, dir string, code int, args string, texts ...string) {
	t.Helper()
	o := planwerk(t, dir, strings.Fields(args)...)
	if o.code != code {
		t.Errorf("planwerk %s: exit %d, want %d\n%s", args, o.code, code, o.stderr)
	}
	lines := strings.Split(strings.TrimSuffix(o.stderr, "\n"), "\n")
	last := lines[len(lines)-1]
	for _, l := range lines[:len(lines)-1] {
		if !strings.HasPrefix(l, "planwerk: notice: ") {
			t.Errorf("planwerk %s: more than one line of error:\n%s", args, o.stderr)
		}
	}
	if !strings.HasPrefix(last, "planwerk: error: ") {
		t.Errorf("planwerk %s: the error line is %q", args, last)
	}
	for _, text := range texts {
		if !strings.Contains(last, text) {
			t.Errorf("planwerk %s: %q does not hold %q", args, last, text)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	f := func(args string, texts ...string) {
		t.Helper()
		expectFailure(t, t.TempDir(), exitUsage, args, texts...)
	}
	f("solv", `unknown command "solv"`, `did you mean "solve"?`)
	f("frobnicate", `unknown command "frobnicate"`)
	f("info please", `no argument "please"`)
	f("schema nosuch", `no table "nosuch"`)
	f("--level fast info", "--level fast", "scalar")
	f("--threads 0 info", "--threads 0")
	f("--threads 100000000 info", "at most 4096")
	f("--threads many info", `"many"`)
	f("--memory 12parsecs info", "12GiB")
	f("--memory 0 info", "12GiB")
}

// TestJSONErrors shows that under --json every line on stderr is an object, even when the command line is wrong.
func TestJSONErrors(t *testing.T) {
	for _, args := range [][]string{{"--json", "frobnicate"}, {"info", "--json", "--no-such-flag"}, {"schema", "nosuch", "--json"}} {
		o := planwerk(t, ".", args...)
		var line struct {
			Level, Msg string
			Exit       int
		}
		if err := json.Unmarshal([]byte(o.stderr), &line); err != nil || line.Level != "ERROR" || line.Exit != exitUsage || o.code != exitUsage {
			t.Errorf("%v: exit %d, stderr %q, %v", args, o.code, o.stderr, err)
		}
	}
}

// golden compares text with what is recorded.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; -update rewrites it. Got:\n%s", path, got)
	}
}

// TestLevels shows that a level is taken from the flag, else from the environment, and that one the machine lacks is refused.
func TestLevels(t *testing.T) {
	level := func(env string, args ...string) (string, int) {
		t.Helper()
		cmd := exec.Command(binary, append([]string{"info", "--json"}, args...)...)
		cmd.Env = append(os.Environ(), "PLANWERK_LEVEL="+env)
		out, _ := cmd.Output()
		var info machineInfo
		json.Unmarshal(out, &info)
		return info.Level, cmd.ProcessState.ExitCode()
	}
	if got, code := level("", "--level", "scalar"); got != "scalar" || code != exitDone {
		t.Errorf("--level scalar: level %q, exit %d", got, code)
	}
	if got, code := level("scalar"); got != "scalar" || code != exitDone {
		t.Errorf("PLANWERK_LEVEL=scalar: level %q, exit %d", got, code)
	}
	if _, code := level("sse9"); code != exitUsage {
		t.Errorf("PLANWERK_LEVEL=sse9: exit %d", code)
	}
	if got, code := level(""); got != kernels.MachineLevel().String() || code != exitDone {
		t.Errorf("auto: level %q, exit %d, the machine has %v", got, code, kernels.MachineLevel())
	}
	for l := kernels.Scalar; l <= kernels.AVX512; l++ {
		want := exitDone
		if l > kernels.MachineLevel() {
			want = exitUsage
		}
		if _, code := level("", "--level", l.String()); code != want {
			t.Errorf("--level %v: exit %d, want %d", l, code, want)
		}
	}
}
