package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/datasets"
)

// demoExport leaves the example ledger in a new folder and returns the folder; the ledger is in "ledger".
func demoExport(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := datasets.Unpack(datasets.Demo(), filepath.Join(dir, "ledger")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// demoPeriod are the flags that compute the example ledger.
const demoPeriod = "--ledger ledger --after " + datasets.DemoAfter + " --until " + datasets.DemoUntil

// batchArgs puts a command line over the example ledger together.
func batchArgs(command, more string) []string {
	return strings.Fields(command + " " + demoPeriod + " " + more)
}

func TestDemoOutput(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp) // of its own: other processes unpack demos too
	t.Setenv("TMP", temp)    // the name elsewhere
	first := must(t, dir, "demo")
	golden(t, "demo.txt", first.stdout)
	again := must(t, dir, "demo")
	if again.stdout != first.stdout {
		t.Errorf("a second demo prints\n%s", again.stdout)
	}
	if o := must(t, dir, "verify", "planwerk-demo"); !strings.Contains(o.stdout, "the same roots") {
		t.Errorf("verify prints %q", o.stdout)
	}
	expectFailure(t, dir, exitUsage, "demo --out .", "exists already")
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("the demo left %v", left)
	}
}

// TestDemoIsTheBatch shows that the demo gives what batch gives over the same ledger.
func TestDemoIsTheBatch(t *testing.T) {
	dir := t.TempDir()
	var demo, batch account
	for _, run := range []struct {
		args string
		into *account
	}{
		{"demo --json --unpack ledger", &demo},
		{"batch --json --out result " + demoPeriod, &batch},
	} {
		o := must(t, dir, strings.Fields(run.args)...)
		if err := json.Unmarshal([]byte(o.stdout), run.into); err != nil {
			t.Fatal(err)
		}
	}
	if demo.ResultRoot == "" || demo.ResultRoot != batch.ResultRoot {
		t.Errorf("roots %q and %q", demo.ResultRoot, batch.ResultRoot)
	}
	if o := must(t, dir, "diff", "planwerk-demo", "result"); o.stdout != "The results are equal.\n" {
		t.Errorf("diff prints %q", o.stdout)
	}
	must(t, dir, "verify", "result")
}

// TestOneRoot computes the example ledger under settings that must not matter.
func TestOneRoot(t *testing.T) {
	dir := demoExport(t)
	roots := map[string]bool{}
	for _, more := range []string{"", "--threads 1", "--threads 3 --format csv", "--format arrow --no-verify", "--level scalar --memory 1GiB"} {
		o := must(t, dir, batchArgs("batch", "--json --force --out result "+more)...)
		var a account
		if err := json.Unmarshal([]byte(o.stdout), &a); err != nil {
			t.Fatalf("%v in %q", err, o.stdout)
		}
		roots[a.ResultRoot] = true
		must(t, dir, "verify", "result")
	}
	if len(roots) != 1 {
		t.Errorf("%d roots: %v", len(roots), roots)
	}
}

func TestStrictExitsWithOne(t *testing.T) {
	dir := demoExport(t)
	o := planwerk(t, dir, batchArgs("batch", "--strict --out result")...)
	if o.code != exitViolations || !strings.Contains(o.stderr, "rows break a rule") {
		t.Errorf("exit %d, stderr %q", o.code, o.stderr)
	}
	must(t, dir, "verify", "result", "--files-only") // the result is there all the same
	if o := planwerk(t, dir, batchArgs("averages", "--strict")...); o.code != exitViolations || !strings.HasPrefix(o.stdout, "subsystem,") {
		t.Errorf("averages: exit %d, stdout %q", o.code, o.stdout)
	}
}

// TestPartsAreTheBatch compares what each command for one computation prints with the CSV files of the batch.
func TestPartsAreTheBatch(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, batchArgs("batch", "--format csv --out result")...)
	for _, p := range parts {
		var want strings.Builder
		for i, table := range p.tables {
			text, err := os.ReadFile(filepath.Join(dir, "result", table+".csv"))
			if err != nil {
				t.Fatal(err)
			}
			if len(p.tables) > 1 {
				if i > 0 {
					want.WriteString("\n")
				}
				want.WriteString("# " + table + "\n")
			}
			want.Write(text)
		}
		if o := must(t, dir, batchArgs(p.name, "")...); o.stdout != want.String() {
			t.Errorf("%s prints\n%s\nwant\n%s", p.name, o.stdout, want.String())
		}
	}
	must(t, dir, batchArgs("wallets", "--out part")...)
	must(t, dir, "verify", "part")
}

func TestDebtIn(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, batchArgs("batch", "--out first --writeoff-limit 1/1000")...)
	must(t, dir, batchArgs("batch", "--out second --debt-in first")...)
	must(t, dir, batchArgs("batch", "--out third --debt-in first/revisions.parquet")...)
	if o := must(t, dir, "diff", "second", "third"); o.stdout != "The results are equal.\n" {
		t.Errorf("diff prints %q", o.stdout)
	}
	must(t, dir, "verify", "second")
	must(t, dir, batchArgs("batch", "--out plain")...)
	o := planwerk(t, dir, "diff", "plain", "second")
	if o.code != exitViolations || !strings.Contains(o.stdout, "parameter debt_in/") || !strings.Contains(o.stdout, "table ") {
		t.Errorf("exit %d, diff prints %q", o.code, o.stdout)
	}
}

func TestDryRunReadsNothing(t *testing.T) {
	dir := demoExport(t)
	// A row that reading would refuse.
	damage(t, dir, "workloads.csv", func(text string) string { return text + "w,x,y\n" })
	var plan readPlan
	o := must(t, dir, batchArgs("batch", "--dry-run --json")...)
	if err := json.Unmarshal([]byte(o.stdout), &plan); err != nil || len(plan.Files) != 24 || plan.Bytes == 0 || plan.Memory == 0 {
		t.Errorf("plan %+v, %v", plan, err)
	}
	if o := must(t, dir, batchArgs("batch", "--dry-run")...); !strings.Contains(o.stdout, "workloads.csv") || !strings.Contains(o.stdout, "Nothing was read.") {
		t.Errorf("dry run prints %q", o.stdout)
	}
}

// damage rewrites a table of the example ledger.
func damage(t *testing.T, dir, table string, change func(string) string) {
	t.Helper()
	path := filepath.Join(dir, "ledger", table)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := change(string(text))
	if changed == string(text) {
		t.Fatalf("%s is as it was", table)
	}
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}
