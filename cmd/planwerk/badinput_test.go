package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/datasets"
)

func TestBatchUsageErrors(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, batchArgs("batch", "--out result")...)
	f := func(args string, texts ...string) {
		t.Helper()
		expectFailure(t, dir, exitUsage, args, texts...)
	}
	f("batch", "--ledger is missing")
	f("batch --ledger ledger --out r", "--after and --until")
	f("batch --ledger ledger --after 2026-02-01 --until 2026-02-01 --out r", "the period is empty")
	f("batch --ledger ledger --after yesterday --until 2026-02-01 --out r", `"yesterday"`, "2026-01-31")
	f("batch "+demoPeriod, "--out is missing")
	f("batch "+demoPeriod+" --out result", "exists already", "--force")
	f("batch "+demoPeriod+" --out ledger/result", "inside of the ledger")
	f("batch "+demoPeriod+" --out ledger/workloads.csv/x", "inside of the ledger")
	f("batch "+demoPeriod+" --out /proc/result", "cannot be made")
	f("batch "+demoPeriod+" --out r --format xlsx", "--format xlsx", "parquet")
	f("batch "+demoPeriod+" --out r --rounding up", "cascade or floor")
	f("batch "+demoPeriod+" --out r --writeoff-limit ten", "1/10")
	f("batch "+demoPeriod+" --out r extra", `"extra"`)
	f("verify", "give one result directory")
	f("diff result", "give two result directories")
	f("solve", "give one MPS file")
	f("solve x.mps --tolerance 2", "--tolerance 2")
	f("solve x.mps --method magic", "--method magic")
	f("solve x.mps --time-limit soon", "seconds")
	f("inspect", "give a file")
	f("inspect --as xlsx ledger", `"xlsx"`)
	f("generate", "--out is missing")
	f("generate --out r --workloads few", `"few"`)
	f("generate --out r --workloads 10", "10 workloads")
	f("generate --out r --ids uuid", "uuid")
	f("generate --out r --format xlsx", "--format xlsx")
	f("generate --out ledger --workloads 1000", "exists already")
}

// TestBadLedgers damages the example ledger in one way at a time: exit 3, one line that names the place, no result.
func TestBadLedgers(t *testing.T) {
	replace := func(table, old, new string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			damage(t, dir, table, func(text string) string { return strings.Replace(text, old, new, 1) })
		}
	}
	write := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "ledger", name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	const sha = `"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`
	cases := []struct {
		name  string
		spoil func(*testing.T, string)
		texts []string
	}{
		{"a word for minutes", replaceField("workloads.csv", 5, "much"), []string{"workloads.csv", "minutes", "row 1", "much"}},
		{"seven places", replaceField("workloads.csv", 5, "1.0000001"), []string{"workloads.csv", "minutes", "row 1", "six places"}},
		{"beyond the range", replaceField("workloads.csv", 5, "9999999999999"), []string{"workloads.csv", "minutes", "row 1", "range"}},
		{"no time", replaceField("workloads.csv", 1, "noon"), []string{"workloads.csv", "time", "row 1", "noon"}},
		{"no flag", replaceField("workloads.csv", 6, "perhaps"), []string{"workloads.csv", "common", "row 1", "perhaps"}},
		{"a missing column", replace("workloads.csv", "minutes", "hours"), []string{"workloads", "minutes"}},
		{"a table twice", write("workloads.jsonl", ""), []string{"workloads", "twice"}},
		{"no Parquet", write("orders.parquet", "PAR1 and nothing else"), []string{"orders"}},
		{"a manifest that is none", write("manifest.json", "{"), []string{"manifest.json"}},
		{"a manifest of another file", write("manifest.json", `{"format": "ledger-export", "version": 1, "files": [{"path": "nowhere.csv", "rows": 0, "bytes": 0, `+sha+`}]}`), []string{"nowhere.csv"}},
		{"a manifest that leaves", write("manifest.json", `{"format": "ledger-export", "version": 1, "files": [{"path": "../x.csv", "rows": 0, "bytes": 0, `+sha+`}]}`), []string{"manifest.json", "../x.csv"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := demoExport(t)
			c.spoil(t, dir)
			expectFailure(t, dir, exitInput, "batch --quiet --out result "+demoPeriod, c.texts...)
			if left, _ := os.ReadDir(dir); len(left) != 1 {
				t.Errorf("left beside the ledger: %v", left)
			}
		})
	}
}

// replaceField puts a text into a field of the first row of a CSV table.
func replaceField(table string, field int, text string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		damage(t, dir, table, func(old string) string {
			lines := strings.SplitN(old, "\n", 3)
			fields := strings.Split(lines[1], ",")
			fields[field] = text
			lines[1] = strings.Join(fields, ",")
			return strings.Join(lines, "\n")
		})
	}
}

func TestUnreadableInputs(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, batchArgs("batch", "--out result")...)
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	f := func(args string, texts ...string) {
		t.Helper()
		expectFailure(t, dir, exitInput, args, texts...)
	}
	period := " --after " + datasets.DemoAfter + " --until " + datasets.DemoUntil + " --out r"
	f("batch --ledger nowhere"+period, "nowhere", "no such directory")
	f("batch --ledger ledger/workloads.csv"+period, "is a file")
	f("batch --ledger empty"+period, "empty", "no table")
	f("batch --ledger empty --dry-run"+period, "empty", "no table")
	f("batch "+demoPeriod+" --out r --debt-in nowhere", "--debt-in", "nowhere")
	f("batch "+demoPeriod+" --out r --debt-in ledger", "--debt-in")
	f("verify nowhere", "nowhere")
	f("verify ledger", "ledger is no result")
	f("diff result ledger", "ledger")
	f("inspect nowhere", "nowhere")
	f("inspect result/manifest.json --as parquet", "manifest.json")
	f("solve nowhere.mps", "nowhere.mps")
	f("solve ledger/workloads.csv", "workloads.csv:1")
}

// TestVerifyFindsTampering changes a result and its ledger.
func TestVerifyFindsTampering(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, batchArgs("batch", "--format csv --out result")...)
	expectFailure(t, dir, exitInput, "verify result --ledger nowhere", "nowhere")

	damage(t, dir, "workloads.csv", func(text string) string { return strings.Replace(text, ",600,", ",601,", 1) })
	o := planwerk(t, dir, "verify", "result")
	if o.code != exitInput || !strings.Contains(o.stderr, "workloads.csv is not the one") || !strings.Contains(o.stderr, "differs from what the ledger gives: row ") {
		t.Errorf("a changed ledger: exit %d, stderr %q", o.code, o.stderr)
	}
	must(t, dir, "verify", "result", "--files-only")

	path := filepath.Join(dir, "result", "wallets.csv")
	if err := os.WriteFile(path, []byte("wallet,subsystem\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "verify result --files-only", "wallets.csv", "bytes")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "verify result --files-only", "wallets.csv")
}
