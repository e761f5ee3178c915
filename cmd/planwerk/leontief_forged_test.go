package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// forge changes a file of a result, and its size and hash in the manifest with it. Floats have no part in roots.
func forge(t *testing.T, dir, file string, change func(text string) string) {
	t.Helper()
	path, manifest := filepath.Join(dir, file), filepath.Join(dir, "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := []byte(change(string(text)))
	if string(changed) == string(text) {
		t.Fatalf("%s is as it was", file)
	}
	man := map[string]any{}
	list, err := os.ReadFile(manifest)
	if err == nil {
		err = json.Unmarshal(list, &man)
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(changed)
	for _, o := range man["outputs"].([]any) {
		if o := o.(map[string]any); o["path"] == file {
			o["bytes"], o["sha256"] = len(changed), hex.EncodeToString(sum[:])
		}
	}
	if list, err = json.Marshal(man); err == nil {
		err = os.WriteFile(manifest, list, 0o644)
	}
	if err == nil {
		err = os.WriteFile(path, changed, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestVerifyForgedEconomy: a result with changed figures and the right hashes is refused, whatever its summary says.
func TestVerifyForgedEconomy(t *testing.T) {
	replace := func(pattern, by string) func(string) string {
		return func(text string) string { return regexp.MustCompile(pattern).ReplaceAllString(text, by) }
	}
	large := replace(`"(residual|error_bound)": [^,]*,`, `"$1": 1e300,`)
	for _, c := range []struct {
		file   string
		change func(string) string
		also   func(string) string // of the summary
		says   string
	}{
		{"price_comparison.csv", replace(`\n02,[0-9.]*,`, "\n02,NaN,"), nil, "table price_comparison: value of product 02 is NaN"},
		{"price_comparison.csv", replace(`(\n01,[0-9.]*,[0-9.]*),[0-9.]*`, "$1,0.5"), nil, "ratio of product 01 is 0.5"},
		{"labour_values.csv", replace(`\n02,([0-9.]*),[0-9.]*`, "\n02,$1,0.25"), nil, "does not solve its equations: residual"},
		{"labour_values.csv", replace(`\n02,([0-9.]*),[0-9.]*`, "\n02,$1,0.25"), large, "does not solve its equations: relative residual"},
		{"gross_outputs.csv", replace(`\n02,231,[0-9.]*`, "\n02,231,716"), large, "does not solve its equations: relative residual"},
		{"summary.json", func(string) string { return "{}\n" }, nil, "says nothing of labour_values"},
		{"summary.json", replace(`(?s)"gross_outputs": {.*?},`, ""), nil, "says nothing of gross_outputs"},
		{"summary.json", replace(`(?s)"prices": {.*?},`, ""), nil, "compared with prices"},
		{"summary.json", replace(`"mad": [0-9.]*`, `"mad": 0.01`), nil, "figures of values and prices"},
		{"summary.json", replace(`"radius_(lower|upper)": [0-9.]*`, `"radius_$1": 0.25`), nil, "spectral radius lies between 0.25 and 0.25"},
		{"summary.json", replace(`"products": 127`, `"products": 12`), nil, "12 products"},
	} {
		dir := t.TempDir()
		must(t, dir, strings.Fields("leontief --dataset uk2010 --format csv --out r")...)
		forge(t, filepath.Join(dir, "r"), c.file, c.change)
		if c.also != nil {
			forge(t, filepath.Join(dir, "r"), "summary.json", c.also)
		}
		expectFailure(t, dir, exitInput, "verify r", c.says)
	}
}

// TestWarmFromAnotherCommand: a result of another command is no start.
func TestWarmFromAnotherCommand(t *testing.T) {
	dir := t.TempDir()
	must(t, dir, strings.Fields("plan --demo --out p")...)
	expectFailure(t, dir, exitInput, "leontief --dataset uk2010 --warm p", "--warm: p is a result of another command")
}
