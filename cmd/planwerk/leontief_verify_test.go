package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestVerifyEconomy: a result holds as it was computed, and no longer when an input is another.
func TestVerifyEconomy(t *testing.T) {
	dir := t.TempDir()
	const flows, vectors = "row,col,value\ncoal,iron,0.5\niron,coal,0.25\niron,bread,0.125\n", "code,labour,demand\ncoal,2,0\niron,3,1\nbread,1,4\n"
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.csv", flows)
	write("v.csv", vectors)
	must(t, dir, strings.Fields("leontief --flows a.csv --coefficients --vectors v.csv --labour-column labour --labour-per-unit --demand-column demand --multipliers --out r")...)
	o := must(t, dir, "verify", "r", "--json")
	var out verifiedEconomy
	if err := json.Unmarshal([]byte(o.stdout), &out); err != nil || !out.Recomputed || !(out.ValuesResidual < 1e-12) || !(out.OutputsError > 0 && out.OutputsError < 1e-12) {
		t.Errorf("%s %v", o.stdout, err)
	}
	for _, c := range []struct{ file, text, says string }{
		{"a.csv", strings.Replace(flows, "0.125", "0.1250001", 1), "does not solve its equations"},
		{"v.csv", strings.Replace(vectors, "coal,2,", "coal,2.5,", 1), "direct of product coal"},
		{"v.csv", strings.Replace(vectors, "bread,1,4", "bread,1,5", 1), "demand of product bread"},
		{"v.csv", vectors + "salt,1,1\n", "rows"},
	} {
		write("a.csv", flows)
		write("v.csv", vectors)
		write(c.file, c.text)
		if c.says == "rows" {
			write("a.csv", flows+"salt,bread,0.5\n")
		}
		expectFailure(t, dir, exitInput, "verify r", c.says)
	}
	must(t, dir, "verify", "r", "--files-only")
	if err := os.Remove(filepath.Join(dir, "v.csv")); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "verify r", "v.csv")
}

func TestVerifyEconomyOfDatasets(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"uk2010", "us2017", "usa2014"} {
		must(t, dir, strings.Fields("leontief --dataset "+name+" --multipliers --out "+name)...)
		if o := must(t, dir, "verify", name); !strings.Contains(o.stdout, "labour values: residual") {
			t.Error(o.stdout)
		}
	}
	must(t, dir, strings.Fields("generate --out ledger --workloads 5k --seed 2")...)
	must(t, dir, strings.Fields("leontief --ledger ledger --after 2026-03-01 --until 2026-04-01 --out l")...)
	if o := must(t, dir, "verify", "l"); !strings.Contains(o.stdout, "gross outputs: residual") {
		t.Error(o.stdout)
	}
}

// TestVerifyWhatRoundingLeaves: in units far apart rounding leaves residuals that are large beside the right-hand side. An answer
// whose bound proves digits stands, for the command and for verify; one that is moved does not.
func TestVerifyWhatRoundingLeaves(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.csv": "row,col,value\n0,1,1e5\n1,0,9.9999e-6\n", "v.csv": "id,l,y\n0,1,1\n1,1,-0.5\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const args = "leontief --flows a.csv --coefficients --vectors v.csv --labour-column l --labour-per-unit --demand-column y --multipliers --format csv --out "
	for _, method := range []string{"auto", "gmres", "bicgstab"} {
		must(t, dir, strings.Fields(args+method+" --method "+method)...)
		must(t, dir, "verify", method)
	}
	r := filepath.Join(dir, "auto")
	forge(t, r, "gross_outputs.csv", func(s string) string {
		return regexp.MustCompile(`\n1,([-0-9.]*),[-0-9.e+]*`).ReplaceAllString(s, "\n1,$1,1000")
	})
	forge(t, r, "summary.json", func(s string) string {
		return regexp.MustCompile(`"(residual|error_bound)": [^,]*,`).ReplaceAllString(s, `"$1": 1e300,`)
	})
	expectFailure(t, dir, exitInput, "verify auto", "table gross_outputs does not solve its equations: relative residual")
}

// TestLeontiefFlagsThatNothingReads: flags beside those that are looked at are refused, and verify finds the files of a
// result whatever columns were named.
func TestLeontiefFlagsThatNothingReads(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"u.csv": "c,i,k\na,1,2\nb,3,4\n", "m.csv": "i,a,b\ni,10,1\nk,0,20\n", "v.csv": "id,x,g,l\na,10,0,0\nb,21,0,0\ni,0,11,2\nk,0,20,6\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range []string{"--dataset uk2010 --vectors v.csv", "--dataset uk2010 --make m.csv", "--dataset uk2010 --coefficients"} {
		expectFailure(t, dir, exitUsage, "leontief "+args, "--dataset brings its own tables: leave --"+strings.TrimPrefix(strings.Fields(args)[2], "--"))
	}
	for _, flag := range []string{"--vectors v.csv", "--labour-column l", "--demand-column y", "--labour-per-unit", "--id c", "--price-column p", "--make m.csv"} {
		expectFailure(t, dir, exitUsage, "leontief --ledger l --after 2026-03-01 --until 2026-04-01 "+flag, "--ledger takes everything from the ledger: leave "+strings.Fields(flag)[0])
	}
	expectFailure(t, dir, exitUsage, "leontief --dataset uk2010 --demand-column y,y", "named twice")
	for _, args := range []string{"", " --vectors v.csv", " --vectors v.csv --industry-output-column g", " --vectors v.csv --labour-column l"} {
		if o := must(t, dir, strings.Fields("leontief --use u.csv --make m.csv --force --out r"+args)...); strings.Contains(o.stderr, "only the spectral radius") == strings.Contains(args, "labour") {
			t.Errorf("%s: %s", args, o.stderr)
		}
		must(t, dir, "verify", "r")
	}
}

// TestLeontiefOfABrokenLedger: rows that count for nothing change coefficients, so they are told, and are no secret where nothing is left.
func TestLeontiefOfABrokenLedger(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, strings.Fields("generate --out l --workloads 5k --seed 2 --format csv")...)
	const args = "leontief --ledger l --after 2026-03-01 --until 2026-04-01"
	if o := must(t, dir, strings.Fields(args)...); strings.Contains(o.stderr, "break rules") {
		t.Error(o.stderr)
	}
	negate := func(table, column string) {
		t.Helper()
		path := filepath.Join(dir, "l", table+".csv")
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, regexp.MustCompile(column).ReplaceAll(text, []byte("$1,-5,")), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "l", "manifest.json")); err != nil {
		t.Fatal(err)
	}
	negate("consumptions", `(?m)^(\d+,[^,]*,\d+,\d+),[\d.]*,`)
	if o := must(t, dir, strings.Fields(args)...); !strings.Contains(o.stderr, "rows of the period break rules of the ledger") || !strings.Contains(o.stderr, "in table consumptions") {
		t.Error(o.stderr)
	}
	negate("outputs", `(?m)^(\d+,[^,]*,\d+,\d+),[\d.]*,`)
	expectFailure(t, dir, exitInput, args, "no production cycle with outputs", "break rules of the ledger")
}
