package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDamagedWarm: an earlier result that is damaged is named by file, column and row, with what to do.
func TestDamagedWarm(t *testing.T) {
	dir := planExampleAt(t, "bread_steel")
	must(t, dir, strings.Fields("plan --problem problem --out plan --format csv")...)
	must(t, dir, strings.Fields("leontief --dataset uk2010 --format csv --out economy")...)
	replace := func(pattern, by string) func(string) string {
		return func(text string) string { return regexp.MustCompile(pattern).ReplaceAllString(text, by) }
	}
	for _, c := range []struct {
		result, file string
		change       func(string) string
		says         []string
	}{
		{"plan", "activities.csv", replace(`bakery,[0-9.]*`, "bakery,NaN"), []string{"activities.csv", "column level", "row 2", "NaN"}},
		{"plan", "balances.csv", replace(`(book,.*),[0-9.]*,([0-9.]*)\n`, "$1,Inf,$2\n"), []string{"balances.csv", "column shadow_price", "row 3", "Inf"}},
		{"plan", "activities.csv", replace(`bakery,[0-9.]*`, "bakery,much"), []string{"activities.csv", "column level", "line 3"}},
		{"plan", "activities.csv", replace(`level,`, "height,"), []string{"activities.csv", `"height"`, `"level"`}},
		{"economy", "labour_values.csv", replace(`\n02,([0-9.]*),[0-9.]*`, "\n02,$1,NaN"), []string{"labour_values.csv", "column value", "row 2", "NaN"}},
	} {
		other := filepath.Join(dir, "damaged")
		if err := os.CopyFS(other, os.DirFS(filepath.Join(dir, c.result))); err != nil {
			t.Fatal(err)
		}
		forge(t, other, c.file, c.change)
		args := map[string]string{"plan": "plan --problem problem --out next --warm damaged", "economy": "leontief --dataset uk2010 --warm damaged"}[c.result]
		expectFailure(t, dir, exitInput, args, append(c.says, "--warm", "planwerk verify damaged", "leave --warm out")...)
		if err := os.Truncate(filepath.Join(other, c.file), 60); err != nil {
			t.Fatal(err)
		}
		expectFailure(t, dir, exitInput, args, c.file, "60 bytes, the manifest says", "leave --warm out")
		if err := os.RemoveAll(other); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "plan", "certificate.json")); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "plan --problem problem --out next --warm plan", "certificate.json", "leave --warm out")
}
