package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"planwerk/kernels/cuda/cudatest"
)

// withGPU runs the program with a driver that has the faults given; the kernels run on the host, in lockstep.
func withGPU(t *testing.T, driver, faults, dir string, args ...string) outcome {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+driver, "PLANWERK_FAKE_CUDA="+faults)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// TestSameDigestOnGPU solves programs of every kind on processors and on the GPU: optimal and cut off, presolved or not,
// infeasible and unbounded, by PDHG with its restarts and polishing, and by the plan method.
func TestSameDigestOnGPU(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	free := "NAME free\nROWS\n N c\n G r\nCOLUMNS\n x c -1 r 1\n y c 1 r -1\nRHS\nENDATA\n"
	none := "NAME none\nROWS\n N c\n G r\n L s\nCOLUMNS\n x c 1 r 1\n x s 1\n y c 1 r 1\n y s 1\nRHS\n b r 3 s 2\nENDATA\n"
	for name, text := range map[string]string{"free.mps": free, "none.mps": none} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	netlib, err := filepath.Abs("../../engine/lp/testdata")
	if err != nil {
		t.Fatal(err)
	}
	must(t, dir, "generate", "economy", "--products", "40", "--out", "economy", "--mps", "plan.mps", "--quiet")
	for _, args := range []string{
		"plan.mps --method pdhg --iterations 240", "plan.mps --method plan --iterations 60",
		"adlittle.mps.gz --method pdhg --iterations 400", "sc50b.mps.gz --method pdhg --tolerance 1e-3", "recipe.mps.gz --method pdhg --iterations 250 --no-presolve",
		"share2b.mps.gz --method pdhg --iterations 333", "free.mps --method pdhg --no-presolve", "none.mps --method pdhg --no-presolve --iterations 1000",
	} {
		words := strings.Fields(args)
		if strings.HasSuffix(words[0], ".gz") {
			words[0] = filepath.Join(netlib, words[0])
		}
		words = append([]string{"solve", "--json", "--quiet"}, words...)
		var want, got solved
		here := withGPU(t, driver, "", dir, append(words, "--level", "scalar")...)
		log := filepath.Join(t.TempDir(), "log")
		there := withGPU(t, driver, "log="+log, dir, append(words, "--level", "cuda")...)
		if json.Unmarshal([]byte(here.stdout), &want) != nil || json.Unmarshal([]byte(there.stdout), &got) != nil {
			t.Fatalf("%s: %q %s and %q %s", args, here.stdout, here.stderr, there.stdout, there.stderr)
		}
		if got.Digest != want.Digest || got.Iterations != want.Iterations || got.Status != want.Status || here.code != there.code {
			t.Errorf("%s: %+v, want %+v", args, got, want)
		}
		if strings.Contains(args, "--method plan") {
			continue // goes to the GPU with programs from which columns were left out only
		}
		launches, err := os.ReadFile(log)
		if err != nil || !regexp.MustCompile(`halpernDual [1-9]`).Match(launches) || !regexp.MustCompile(`measureRows [1-9]`).Match(launches) {
			t.Errorf("%s: the GPU did nothing: %s %v", args, launches, err)
		}
		if !bytes.Contains(launches, []byte("held 0\n")) {
			t.Errorf("%s: device memory is not given back: %s", args, launches)
		}
	}
}

func TestBatchOnGPU(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	must(t, dir, "generate", "--workloads", "1000", "--elements", "400", "--out", "export", "--quiet")
	roots := map[string]bool{}
	for _, level := range []string{"scalar", "cuda"} {
		log := filepath.Join(dir, level)
		o := withGPU(t, driver, "log="+log, dir, "batch", "--ledger", "export", "--after", "2026-03-01", "--until", "2026-04-01", "--json", "--force",
			"--out", "result", "--level", level)
		var a account
		if err := json.Unmarshal([]byte(o.stdout), &a); err != nil || a.Level != level {
			t.Fatalf("%s: level %q, %v\n%s%s", level, a.Level, err, o.stdout, o.stderr)
		}
		roots[a.ResultRoot] = true
		launches, err := os.ReadFile(log)
		for _, kernel := range []string{"reachSum", "groupSum"} { // v*; averages and the labour of subsystems
			if level == "cuda" && (err != nil || !regexp.MustCompile(kernel+` [1-9]`).Match(launches)) {
				t.Errorf("%s does nothing on the GPU: %s %v", kernel, launches, err)
			}
		}
	}
	if len(roots) != 1 {
		t.Errorf("%d roots: %v", len(roots), roots)
	}
}

func TestLeontiefOnGPU(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	var want []byte
	for _, level := range []string{"scalar", "cuda"} {
		log := filepath.Join(dir, "log")
		o := withGPU(t, driver, "log="+log, dir, "leontief", "--dataset", "uk2010", "--multipliers", "--method", "bicgstab", "--format", "csv", "--out", level, "--level", level)
		if o.code != exitDone {
			t.Fatalf("%s: exit %d, %s", level, o.code, o.stderr)
		}
		got, err := os.ReadFile(filepath.Join(dir, level, "multipliers.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if level == "scalar" {
			want = got
		} else if !bytes.Equal(got, want) {
			t.Error("multipliers differ")
		}
		if launches, err := os.ReadFile(log); level == "cuda" && (err != nil || !regexp.MustCompile(`blockDots [1-9]`).Match(launches)) {
			t.Errorf("the GPU did nothing: %s %v", launches, err)
		}
	}
}

func TestNoGPU(t *testing.T) {
	driver := cudatest.Driver(t)
	program, err := filepath.Abs("../../engine/lp/testdata/adlittle.mps.gz")
	if err != nil {
		t.Fatal(err)
	}
	solve := []string{"solve", program, "--method", "pdhg", "--json", "--quiet", "--level", "cuda"}
	for faults, want := range map[string]string{
		"no-device":    "--level cuda: no usable GPU: the driver does not start: cuInit: no CUDA-capable device is detected",
		"old-driver":   "the driver knows CUDA 10.2",
		"lose=200":     "Host shim is lost: cuLaunchKernel: unspecified launch failure",
		"refuse=200":   "too many resources requested for launch",
		"memory=20000": "the linear program needs 1.0 MiB of device memory; Host shim has 0.0 MiB free",
	} {
		o := withGPU(t, driver, faults, "", solve...)
		if o.code == exitDone || o.stdout != "" || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: exit %d, %q, %q; want %q", faults, o.code, o.stdout, o.stderr, want)
		}
	}
	o := withGPU(t, driver, "no-device", "", "info", "--json")
	var info machineInfo
	if json.Unmarshal([]byte(o.stdout), &info) != nil || info.Level == "cuda" || !strings.Contains(info.GPU.Missing, "no CUDA-capable device") {
		t.Errorf("info without a device: %s %s", o.stdout, o.stderr)
	}
	o = withGPU(t, driver, "memory=5000000", "", "info", "--json", "--level", "cuda")
	if json.Unmarshal([]byte(o.stdout), &info) != nil || info.Level != "cuda" || info.GPU.Memory != 5000000 || info.GPU.Name != "Host shim" {
		t.Errorf("info with a GPU: %s %s", o.stdout, o.stderr)
	}
}

// TestUnusedGPU: a plan too small for the GPU does not claim that one was at work; one that goes there does.
func TestUnusedGPU(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	for _, c := range []struct {
		args, says string
		used       bool
	}{
		{"plan --demo --method plan --level cuda --json", "not used: processors did all of this run", false},
		{"plan --demo --method pdhg --iterations 50 --level cuda --json", "Host shim", true},
		{"plan --demo --json", "not used: no program was large enough", false},
	} {
		o := withGPU(t, driver, "", dir, strings.Fields(c.args)...)
		var a planAccount
		if err := json.Unmarshal([]byte(o.stdout), &a); err != nil || !strings.HasPrefix(a.GPU, c.says) || (a.Level == "cuda") != c.used {
			t.Errorf("%s: level %q, gpu %q, %v %s", c.args, a.Level, a.GPU, err, o.stderr)
		}
	}
}
