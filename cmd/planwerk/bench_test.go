package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/bench/hardware"
)

func TestBench(t *testing.T) {
	dir := t.TempDir()
	only := []string{"bench", "--quick", "--only", "prefix,SHA-256", "--dir", dir, "--threads", "2", "--json", "--quiet"}
	o := planwerk(t, dir, append(only, "--results", "table.json")...)
	var r hardware.Report
	if err := json.Unmarshal([]byte(o.stdout), &r); o.code != exitDone || err != nil || len(r.Rows) < 3 || r.Rows[0].Workload != "prefix sums" || r.Machine.Processor == "" {
		t.Fatalf("exit %d, %v: %s%s", o.code, err, o.stdout, o.stderr)
	}
	if err := os.WriteFile(filepath.Join(dir, "report.json"), []byte(o.stdout), 0o644); err != nil {
		t.Fatal(err)
	}
	o = planwerk(t, dir, "bench", "compare", "report.json", "table.json")
	if o.code != exitDone || !strings.Contains(o.stdout, "prefix sums") || !strings.Contains(o.stdout, "same") ||
		!strings.Contains(o.stdout, "A: report.json: ") || !strings.Contains(o.stdout, "B: table.json: ") || !strings.Contains(o.stdout, "commit "+r.Commit) {
		t.Errorf("exit %d: %s%s", o.code, o.stdout, o.stderr)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "planwerk-bench-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	r.Rows[0].Digest = "0123456789abcdef"
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "other.json"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	if o = planwerk(t, dir, "bench", "compare", "report.json", "other.json"); o.code != exitViolations || !strings.Contains(o.stdout, "DIFFERENT") {
		t.Errorf("exit %d: %s%s", o.code, o.stdout, o.stderr)
	}
	for _, bad := range [][]string{{"bench", "--runs", "3"}, {"bench", "--only", "nothing"}, {"bench", "compare", "report.json"}, {"bench", "batches"}} {
		if o = planwerk(t, dir, bad...); o.code != exitUsage {
			t.Errorf("%v: exit %d, %s", bad, o.code, o.stderr)
		}
	}
	if o = planwerk(t, dir, "bench", "compare", "report.json", "missing.json"); o.code != exitInput {
		t.Errorf("a missing report: exit %d, %s", o.code, o.stderr)
	}
}
