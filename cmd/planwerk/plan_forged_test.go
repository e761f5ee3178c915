package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// changedCell gives a row's cell another content and leaves all others as they are.
func changedCell(t *testing.T, column string, row int, to func(was string) string) func(string) string {
	return func(text string) string {
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for c, name := range rows[0] {
			if name == column {
				rows[row][c] = to(rows[row][c])
			}
		}
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
}

// raised is a figure a millionth larger, and half where it was nothing.
func raised(was string) string {
	v, err := strconv.ParseFloat(was, 64)
	if err != nil || v == 0 {
		return "0.5"
	}
	return strconv.FormatFloat(v*(1+1e-6), 'g', -1, 64)
}

// ofRoot is how a changed id or text is found: roots hold them.
const ofRoot = "the rows give the root"

// TestVerifyForgedPlan: one cell of any column of any table changed, with hashes that fit, is found. A cell that others
// follow from is found at the first of those; where nothing follows from it, by the certificate's digest.
func TestVerifyForgedPlan(t *testing.T) {
	for objective, tables := range map[string]map[string]string{
		"aims": {
			"activities technique 2": ofRoot, "activities level 2": "table balances, column used, row 1: of steel the plan says 122.6999", "activities reduced_cost 3": "",
			"activities at 1": ofRoot, "balances product 1": ofRoot, "balances made 2": "", "balances used 2": "",
			"balances stock_used 1": "stage shortfall: the certificate is for other levels", "balances target 3": "", "balances fulfilled 1": "", "balances shortfall 3": "table balances, column recovered, row 1: of steel",
			"balances stock_used 2": "", "balances shadow_price 2": "table activities, column reduced_cost, row 1", "balances recovered 2": "",
			"resources resource 1": ofRoot, "resources used 1": "", "resources available 2": "",
			"resources shadow_price 3":          "table activities, column reduced_cost",
			"first_stage_prices row 1":          ofRoot,
			"first_stage_prices shadow_price 3": "stage shortfall: the certificate is for other",
		},
		"fulfilment": {"balances fulfilled 2": "", "balances shortfall 2": "", "balances target 1": ""},
		"harmony":    {"balances fulfilled 3": "table balances, column recovered, row 1", "balances fulfilled 2": "stage harmony: the certificate is for other levels", "balances shortfall 1": "", "activities reduced_cost 1": "", "balances recovered 2": ""},
		"labour":     {"balances fulfilled 1": "", "balances shortfall 2": "", "balances target 1": "", "activities at 2": ofRoot},
	} {
		base := planExampleAt(t, "bread_steel")
		for table, text := range map[string]string{"stocks": "product,quantity\nsteel,5\nbook,20\n", "recycling": "product,recovered,share\nbook,steel,0.01\n"} {
			if err := os.WriteFile(filepath.Join(base, "problem", table+".csv"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		must(t, base, strings.Fields("plan --problem problem --format csv --out p --objective "+objective)...)
		must(t, base, "verify", "p")
		for cell, says := range tables {
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "p"), os.DirFS(filepath.Join(base, "p"))); err != nil {
				t.Fatal(err)
			}
			part := strings.Fields(cell)
			row, err := strconv.Atoi(part[2])
			if err != nil {
				t.Fatal(err)
			}
			to := raised
			switch part[1] {
			case "technique", "product", "resource", "row":
				to = func(was string) string { return was + "x" }
			case "at":
				to = func(was string) string { return map[string]string{"between": "upper"}[was] + "lower" }
			}
			forge(t, filepath.Join(dir, "p"), part[0]+".csv", changedCell(t, part[1], row, to))
			if says == "" {
				says = fmt.Sprintf("table %s, column %s, row %d: of ", part[0], part[1], row)
			}
			place := "" // the row, also of what roots alone tell
			if says == ofRoot {
				place = fmt.Sprintf("row %d: ", row)
			}
			expectFailure(t, dir, exitInput, "verify p", says, place)
		}
	}
}

// TestVerifySaysWhere: a file changed without its hashes is found by them, and the row is named all the same.
func TestVerifySaysWhere(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, strings.Fields("plan --demo --format csv --out p")...)
	must(t, dir, batchArgs("batch", "--format csv --out b")...)
	for _, c := range []struct{ file, column, says string }{
		{"p/activities.csv", "level", "table balances, column made, row 1"},
		{"p/balances.csv", "made", "table balances, column made, row 2"},
		{"p/resources.csv", "available", "table resources, column available, row 2"},
		{"p/activities.csv", "technique", `table activities, row 2: "bakery" of the problem is not in the plan`},
		{"b/averages.csv", "average", "table averages, row 1, column average"},
	} {
		path := filepath.Join(dir, c.file)
		was, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		to := raised
		if c.column == "technique" {
			to = func(string) string { return "bakers" }
		} else if strings.HasPrefix(c.file, "b/") {
			to = func(was string) string { return "1" + was }
		}
		row := 2
		if c.column == "level" {
			row = 1
		}
		if err := os.WriteFile(path, []byte(changedCell(t, c.column, row, to)(string(was))), 0o644); err != nil {
			t.Fatal(err)
		}
		expectFailure(t, dir, exitInput, "verify "+filepath.Dir(c.file), "computed again: ", c.says)
		o := planwerk(t, dir, "verify", filepath.Dir(c.file), "--files-only")
		if o.code != exitInput || strings.Contains(o.stderr, "computed again") {
			t.Errorf("--files-only: exit %d, %s", o.code, o.stderr)
		}
		if err := os.WriteFile(path, was, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, dir, "verify", "p")
	must(t, dir, "verify", "b")
}

// TestVerifyForgedPlanFiles: rows that are missing, doubled or in another order, a summary without or with other figures, and
// certificates that claim too much.
func TestVerifyForgedPlanFiles(t *testing.T) {
	replace := func(pattern, by string) func(string) string {
		return func(text string) string { return regexp.MustCompile(pattern).ReplaceAllString(text, by) }
	}
	for _, c := range []struct {
		file   string
		change func(string) string
		says   string
	}{
		{"balances.csv", replace(`(?s)\n(bread[^\n]*)\n(.*)$`, "\n$2\n$1\n"), ofRoot},
		{"summary.json", func(string) string { return "{}\n" }, `summary.json says "" of status, the plan gives "optimal"`},
		{"summary.json", replace(`"labour_minutes": [0-9.e+]*`, `"labour_minutes": 1`), "says 1 of labour_minutes"},
		{"summary.json", replace(`"objective": [0-9.e+]*`, `"objective": 80000`), "says 80000 of objective"},
		{"summary.json", replace(`"status": "optimal"`, `"status": "infeasible"`), `says "infeasible" of status`},
		{"summary.json", replace(`"plan_objective": "aims"`, `"plan_objective": "labour"`), `of plan_objective`},
		{"summary.json", replace(`"targets_short": 1`, `"targets_short": 0`), "of targets_short"},
		{"summary.json", replace(`"techniques_in_use": [0-9]*`, `"techniques_in_use": 9`), "says 9 of techniques_in_use"},
		{"summary.json", replace(`"result_root": "..`, `"result_root": "x`), "of result_root"},
		{"certificate.json", replace(`"gap": [^,]*`, `"gap": 0.1`), "certificate's gap"},
		{"certificate.json", replace(`"iterations": 6`, `"iterations": 5`), "stages are not those of certificate.json"},
		{"certificate.json", replace(`"objective": [^,]*`, `"objective": 1`), "certificate's objective"},
		{"certificate.json", replace(`"stage": "shortfall"`, `"stage": "labour"`), "stage"},
		{"certificate.json", replace(`"unit": "minutes"`, `"unit": "hours"`), `said to be "hours"`},
		{"certificate.json", replace(`"status": "optimal"`, `"status": "infeasible"`), "no status of a plan"},
		{"certificate.json", replace(`"held": [^,]*`, `"held": 0.5`), "holds a shortfall of 0.5"},
	} {
		dir := t.TempDir()
		must(t, dir, strings.Fields("plan --demo --format csv --out p")...)
		forge(t, filepath.Join(dir, "p"), c.file, c.change)
		expectFailure(t, dir, exitInput, "verify p", c.says)
	}
}
