package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// account of a run of leontief under --json.
func leontiefAccount(t *testing.T, dir, args string) economyAccount {
	t.Helper()
	o := must(t, dir, strings.Fields("leontief --json "+args)...)
	var a economyAccount
	if err := json.Unmarshal([]byte(o.stdout), &a); err != nil {
		t.Fatalf("%s: %v", o.stdout, err)
	}
	return a
}

func TestLeontiefDatasets(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args     string
		products int
		r, mawd  float64
	}{{"--dataset uk2010", 127, .977, .232}, {"--dataset us2017", 402, .975, .274}, {"--dataset usa2014", 56, .928, .378}, {"--dataset usa2014 --labour-column COMP", 56, .966, .276}} {
		a := leontiefAccount(t, dir, c.args)
		if a.Products != c.products || a.Apart > 1e-12 || a.RadiusUpper >= 1 || a.Values.ErrorBound <= 0 ||
			math.Abs(float64(a.Comparison.RLog)-c.r) > 5.5e-4 || math.Abs(float64(a.Comparison.MAWD)-c.mawd) > 5.5e-4 {
			t.Errorf("%s: %+v %+v", c.args, a, a.Comparison)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("without --out it left %v", left)
	}
}

// TestLeontiefResult writes a result twice, the second time from the first as a warm start.
func TestLeontiefResult(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, strings.Fields("leontief --dataset uk2010 --multipliers --format csv --out a")...)
	f, err := os.Open(filepath.Join(dir, "a", "labour_values.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 128 || strings.Join(rows[0], " ") != "product direct value" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if v, err := strconv.ParseFloat(rows[1][2], 64); err != nil || rows[1][0] != "01" || math.Abs(v-0.368169720539) > 1e-12 {
		t.Errorf("first row %v", rows[1])
	}
	for _, name := range []string{"gross_outputs.csv", "multipliers.csv", "price_comparison.csv", "summary.json", "manifest.json"} {
		if _, err := os.Stat(filepath.Join(dir, "a", name)); err != nil {
			t.Error(err)
		}
	}
	for name, magic := range map[string]string{"values_prices.svg": "<?xml", "values_prices.png": "\x89PNG"} {
		if data, err := os.ReadFile(filepath.Join(dir, "a", name)); err != nil || !strings.HasPrefix(string(data), magic) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a := leontiefAccount(t, dir, "--dataset uk2010 --warm a --out b"); a.Values.Products != 1 || a.Outputs.Products != 1 {
		t.Errorf("warm: %d and %d products with the matrix", a.Values.Products, a.Outputs.Products)
	}
	expectFailure(t, dir, exitUsage, "leontief --dataset uk2010 --out a", "exists already")
}

func TestLeontiefErrors(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bad.csv"), []byte("code,coal,iron,bread\ncoal,0,1.1,0\niron,0.95,0,0\nbread,0,0,0.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitUnsolved, "leontief --flows bad.csv --coefficients", "not productive", "coal, iron")
	expectFailure(t, dir, exitUsage, "leontief", "--flows", "--dataset", "--ledger")
	expectFailure(t, dir, exitUsage, "leontief --dataset mars", "uk2010")
	expectFailure(t, dir, exitUsage, "leontief --flows bad.csv", "outputs")
	expectFailure(t, dir, exitUsage, "leontief --dataset uk2010 --after 2026-01-01", "--ledger")
	expectFailure(t, dir, exitUsage, "leontief --dataset uk2010 --tolerance 2", "--tolerance")
	expectFailure(t, dir, exitInput, "leontief --flows none.csv --coefficients", "none.csv")
	expectFailure(t, dir, exitInput, "leontief --dataset uk2010 --labour-column hours", `no column "hours"`)
}

// TestLeontiefAtTheEdge: what no method can solve for sure is refused; what is read in a way that may surprise is said.
func TestLeontiefAtTheEdge(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"one.csv":    "row,col,value\n0,0,.5\n0,1,1\n1,0,.5\n",
		"near.csv":   "row,col,value\n0,0,0.999999999999999\n1,1,.5\n",
		"large.csv":  "row,col,value\n0,0,.5\n1,0,1e308\n",
		"hole.csv":   "row,col,value\n0,0,.5\n1,0,\n",
		"twice.csv":  "row,col,value\n0,0,.25\n0,0,.25\n1,0,.1\n",
		"signed.csv": "row,col,value\n0,0,.5\n0,1,-1.7\n1,0,.9\n",
		"far.csv":    "row,col,value\n0,7,.5\n",
		"none.csv":   "row,col,value\n",
		"v.csv":      "id,l,y,zero\n0,1,1,0\n1,1,2,0\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := func(file, more string) string {
		return "leontief --coefficients --flows " + file + " --vectors v.csv --labour-column l --labour-per-unit --demand-column y " + more
	}
	for _, method := range []string{"auto", "sweeps", "bicgstab", "gmres", "refined"} {
		expectFailure(t, dir, exitUnsolved, args("one.csv", "--out r --method "+method), "cannot be told to be productive", "0, 1")
		expectFailure(t, dir, exitUnsolved, args("near.csv", "--out r --method "+method), "cannot be told to be productive", "product 0")
	}
	expectFailure(t, dir, exitInput, args("large.csv", ""), "large.csv, line 3: column value: 1e308 is too large")
	expectFailure(t, dir, exitInput, args("hole.csv", ""), "hole.csv, line 3: column value: empty")
	expectFailure(t, dir, exitInput, args("far.csv", ""), `far.csv, line 2: column col: "7" is no product: v.csv has no line for it`)
	expectFailure(t, dir, exitInput, "leontief --coefficients --flows .", "is a directory")
	for _, c := range []struct{ args, notice, says string }{
		{args("twice.csv", ""), "1 entries are at a place that an earlier line gives too", "Productive: spectral radius between 0.5"},
		{args("none.csv", ""), "nothing is made from anything", "Productive: "},
		{args("signed.csv", "--out signed"), "there is no error bound", "Not proved to be productive"},
		{strings.Replace(args("twice.csv", ""), "column y", "column zero", 1), "", "gross outputs  sweeps    none                          0  0         0  "},
	} {
		o := must(t, dir, strings.Fields(c.args)...)
		if !strings.Contains(o.stderr, c.notice) || !strings.Contains(o.stdout, c.says) {
			t.Errorf("%s: %s\n%s", c.args, o.stderr, o.stdout)
		}
	}
	must(t, dir, "verify", "signed")
	expectFailure(t, dir, exitInput, "leontief --dataset uk2010 --warm signed", "none of this economy's products")
}

func TestLeontiefOfEconomyAndLedger(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, strings.Fields("generate economy --out e --products 500 --seed 4 --mps e.mps")...)
	a := leontiefAccount(t, dir, "--flows e/io/coefficients.csv --coefficients --vectors e/io/vectors.csv --labour-column labour --labour-per-unit --demand-column demand")
	if a.Products != 500 || a.Apart > 1e-12 || a.Comparison != nil {
		t.Errorf("%+v", a)
	}
	if o := must(t, dir, "solve", "e.mps"); !strings.Contains(o.stdout, "status=optimal") {
		t.Error(o.stdout)
	}
	expectFailure(t, dir, exitUsage, "generate economy --out e --products 500", "exists already")
	expectFailure(t, dir, exitUsage, "generate economy --out f --products 1", "products")
	must(t, dir, strings.Fields("generate --out ledger --workloads 5k --seed 2")...)
	if a := leontiefAccount(t, dir, "--ledger ledger --after 2026-03-01 --until 2026-04-01"); a.Products == 0 || a.Apart > 1e-12 || a.Comparison.RLog < .9 {
		t.Errorf("%+v %+v", a, a.Comparison)
	}
}

// TestLeontiefOfEmptyLedgers: a ledger without anything to take coefficients from is bad input, said in one line.
func TestLeontiefOfEmptyLedgers(t *testing.T) {
	for _, c := range []struct {
		table, period string // the table that is left with its header alone; none when empty
		texts         []string
	}{
		{"product_types", demoPeriod, []string{"ledger", "product_types", "no rows"}},
		{"productions", demoPeriod, []string{"ledger", "productions", "no rows"}},
		{"outputs", demoPeriod, []string{"ledger", "outputs", "no production cycle"}},
		{"", "--ledger ledger --after 2019-01-01 --until 2019-02-01", []string{"ledger", "productions", "no rows"}},
		{"", "--ledger ledger --after 2036-01-01 --until 2036-02-01", []string{"ledger", "productions", "no production cycle"}},
	} {
		dir := demoExport(t)
		if c.table != "" {
			damage(t, dir, c.table+".csv", func(text string) string { return text[:strings.Index(text, "\n")+1] })
		}
		expectFailure(t, dir, exitInput, "leontief --quiet --out r "+c.period, c.texts...)
		if _, err := os.Stat(filepath.Join(dir, "r")); err == nil {
			t.Errorf("without %s: a result", c.table)
		}
	}
}
