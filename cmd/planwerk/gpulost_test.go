package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/kernels/cuda/cudatest"
)

// gpuWork are commands that work on a GPU, each with how many kernels it may launch before the GPU is lost.
func gpuWork(t *testing.T, dir string) map[string][]string {
	must(t, dir, "generate", "--workloads", "1000", "--elements", "400", "--out", "export", "--quiet")
	must(t, dir, "generate", "economy", "--products", "60", "--out", "economy", "--quiet")
	return map[string][]string{
		"batch":    {"batch", "--ledger", "export", "--after", "2026-03-01", "--until", "2026-04-01"},
		"leontief": {"leontief", "--dataset", "uk2010", "--multipliers", "--method", "bicgstab"},
		"plan":     {"plan", "--problem", filepath.Join("economy", "plan"), "--objective", "labour", "--method", "pdhg", "--tolerance", "1e-3"},
	}
}

// TestGPULost loses the GPU in the middle of a batch, a Leontief system and a plan: each ends with a line that says so, and
// leaves nothing behind.
func TestGPULost(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	for name, args := range gpuWork(t, dir) {
		for _, launch := range []string{"1", "7"} {
			o := withGPU(t, driver, "lose="+launch, dir, append(args, "--level", "cuda", "--quiet", "--out", name)...)
			if o.code != exitInput || !strings.Contains(o.stderr, "Host shim is lost") || strings.Count(strings.TrimSpace(o.stderr), "\n") != 0 {
				t.Errorf("%s, launch %s: exit %d, %q", name, launch, o.code, o.stderr)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*"+name+"*")); len(left) != 0 && name != "plan" || fileExists(filepath.Join(dir, name)) {
				t.Errorf("%s, launch %s leaves %v", name, launch, left)
			}
		}
	}
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestPlanOnGPU: a plan has one root on processors and on the GPU, and the summary and manifest name the level.
func TestPlanOnGPU(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	args := gpuWork(t, dir)["plan"]
	roots := map[string]bool{}
	for _, level := range []string{"scalar", "cuda"} {
		o := withGPU(t, driver, "", dir, append(args, "--level", level, "--json", "--out", "plan-"+level)...)
		var a planAccount
		if err := json.Unmarshal([]byte(o.stdout), &a); err != nil || o.code != exitDone || a.Level != level {
			t.Fatalf("%s: exit %d, %v: %s%s", level, o.code, err, o.stdout, o.stderr)
		}
		roots[a.ResultRoot] = true
		for _, file := range []string{"summary.json", "manifest.json"} {
			text, err := os.ReadFile(filepath.Join(dir, "plan-"+level, file))
			if err != nil || !strings.Contains(string(bytes.ReplaceAll(text, []byte(" "), nil)), `"level":"`+level+`"`) {
				t.Errorf("%s of %s: %v\n%s", file, level, err, text)
			}
		}
	}
	if len(roots) != 1 {
		t.Errorf("%d roots", len(roots))
	}
}

// TestFallBackIsRecorded: at --level auto processors take over from a GPU that is lost, with the same result; summary and
// manifest say so, as they do where there is none.
func TestFallBackIsRecorded(t *testing.T) {
	driver, dir := cudatest.Driver(t), t.TempDir()
	must(t, dir, "generate", "economy", "--products", "3600", "--out", "economy", "--quiet")
	args := []string{"plan", "--problem", filepath.Join("economy", "plan"), "--objective", "labour", "--tolerance", "1e-3", "--json", "--quiet"}
	roots := map[string]bool{}
	for out, c := range map[string]struct{ faults, want string }{
		"lost":   {"lose=3", "processors took over: Host shim is lost"},
		"absent": {"no-device", "processors took over: no usable GPU: the driver does not start"},
	} {
		o := withGPU(t, driver, c.faults, dir, append(args, "--out", out)...)
		var a planAccount
		if err := json.Unmarshal([]byte(o.stdout), &a); err != nil || o.code != exitDone || !strings.Contains(a.GPU, c.want) || a.Level == "cuda" {
			t.Fatalf("%s: exit %d, %v, gpu %q: %s%s", out, o.code, err, a.GPU, o.stdout, o.stderr)
		}
		roots[a.ResultRoot] = true
		for _, file := range []string{"summary.json", "manifest.json"} {
			text, err := os.ReadFile(filepath.Join(dir, out, file))
			if err != nil || !strings.Contains(string(text), c.want) {
				t.Errorf("%s of %s: %v\n%s", file, out, err, text)
			}
		}
	}
	if len(roots) != 1 {
		t.Errorf("%d roots", len(roots))
	}
}

// TestBenchOnGPU measures on the shim: the same bits as on processors; without a GPU it says so.
func TestBenchOnGPU(t *testing.T) {
	driver := cudatest.Driver(t)
	words := []string{"bench", "--quick", "--only", "grouped sums, 1 k groups", "--only", "masked windowed sums", "--level", "cuda", "--json", "--quiet"}
	o := withGPU(t, driver, "", t.TempDir(), words...)
	var r struct {
		Machine struct{ GPU string }
		Rows    []struct{ Workload, Level, Against string }
	}
	if err := json.Unmarshal([]byte(o.stdout), &r); err != nil || o.code != exitDone || r.Machine.GPU != "Host shim" {
		t.Fatalf("exit %d, %v: %s%s", o.code, err, o.stdout, o.stderr)
	}
	onGPU := 0
	for _, row := range r.Rows {
		if row.Level == "cuda" && row.Against == "device copy" {
			onGPU++
		}
	}
	if onGPU != 2 {
		t.Errorf("%d rows of the GPU: %s", onGPU, o.stdout)
	}
	if o = withGPU(t, driver, "no-device", t.TempDir(), words...); o.code != exitUsage || !strings.Contains(o.stderr, "no usable GPU") {
		t.Errorf("without a GPU: exit %d, %s", o.code, o.stderr)
	}
}
