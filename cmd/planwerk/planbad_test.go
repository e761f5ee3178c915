package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// respelled replaces a text in a table of the problem, or writes the table anew where old is empty.
func respelled(t *testing.T, dir, table, old, text string) {
	t.Helper()
	path := filepath.Join(dir, "problem", table+".csv")
	if old != "" {
		was, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(was), old) {
			t.Fatalf("%s without %q: %v", table, old, err)
		}
		text = strings.Replace(string(was), old, text, 1)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestPlanRefusesBadTables: one line that says where and what to do, exit 3, and no plan.
func TestPlanRefusesBadTables(t *testing.T) {
	for _, c := range []struct{ table, old, text, says string }{
		{"targets", "bread,1000", "bread,-5", "targets.csv, table targets, column quantity, row 1: a target of -5; give a number from 0 to 1e18"},
		{"targets", "bread,1000", "bread,1e309", "is out of range; numbers go up to about 1.8e308"},
		{"techniques", "bakery,10", "bakery,1e19", "table techniques, column labour, row 2: labour of 1e+19 minutes; give a number from -1e18 to 1e18"},
		{"stocks", "", "product,quantity\nbread,5\nbread,6\n", "table stocks, column product, row 2: bread has two stocks, also in row 1; add them up in one row"},
		{"storage", "", "product,labour\nbread,5\nbread,6\n", "storage.csv, table storage, column product, row 2: bread is there twice; keep one of the rows"},
		{"recycling", "", "product,recovered,share,lag\nbook,bread,1,-1\n", "column lag, row 1: a lag of -1 periods; give 0 or more"},
		{"resources", "paper,250", "paper,nan", `"nan" is not a number`},
	} {
		dir := planExampleAt(t, "bread_steel")
		respelled(t, dir, c.table, c.old, c.text)
		expectFailure(t, dir, exitInput, "plan --problem problem --out plan --periods 2", c.says)
		if _, err := os.Stat(filepath.Join(dir, "plan")); err == nil {
			t.Errorf("%s: there is a plan", c.says)
		}
	}
	dir := planExampleAt(t, "regions")
	respelled(t, dir, "transport", "grain,north,south,5,0.1\n", "grain,north,south,5,0.1\ngrain,north,south,4,0\n")
	expectFailure(t, dir, exitInput, "plan --problem problem --out plan --regions", "transport.csv, table transport, column to, row 2: the way from grain@north to grain@south is there twice")
	expectFailure(t, dir, exitInput, "plan --problem problem/flows.csv --out plan", "is a file; name the directory")
}

// TestPlanNotices: what is taken in a way that may not be meant is said, and the plan holds.
func TestPlanNotices(t *testing.T) {
	for _, c := range []struct{ table, old, text, says string }{
		{"flows", "bakery,bread,1\n", "bakery,bread,0.5\nbakery,bread,0.5\n", "table flows: rows that name the same technique and product again are added up: 1, the first of them row 5 (bakery, bread)"},
		{"resources", "paper,250,", "paper,1e18,", ""},
		{"resources", "paper,250,", "paper,250,\nglue,3,", "table resources: used by no technique, and so without effect: glue"},
		{"techniques", "bakery,10", "bakery,-10", "table techniques: labour below 0 counts as a gain; rows: 1, the first of them row 2 (bakery, -10)"},
		{"growth", "", "period,factor\n7,2\n", "table growth: rows of later periods than the 2 of the plan have no part: 1"},
		{"stocks", "", "product,quantity\n", "table stocks has no rows"},
		{"recycling", "", "product,recovered,share\nbook,book,1.5\n", "table recycling: of each unit of book that is delivered, 1.5 units of it come back"},
	} {
		dir := planExampleAt(t, "bread_steel")
		respelled(t, dir, c.table, c.old, c.text)
		o := must(t, dir, strings.Fields("plan --problem problem --out plan --periods 2")...)
		if c.says != "" && strings.Count(o.stderr, "notice: "+c.says) != 1 {
			t.Errorf("%q is not said once: %s", c.says, o.stderr)
		}
		must(t, dir, "verify", "plan")
	}
}

// TestPlansWriteBesideWhatTheyRead: nothing is written into a ledger, a problem or an earlier plan.
func TestPlansWriteBesideWhatTheyRead(t *testing.T) {
	dir := demoExport(t)
	period := " --from-ledger ledger --after 2026-02-01 --until 2026-03-01"
	must(t, dir, strings.Fields("plan --out plan --write-problem problem"+period)...)
	count := func() (n int) {
		for _, d := range []string{"ledger", "plan", "problem"} {
			list, err := os.ReadDir(filepath.Join(dir, d))
			if err != nil {
				t.Fatal(err)
			}
			n += len(list)
		}
		return n
	}
	before := count()
	again := "replan plan --ledger ledger --ledger-since 2026-02-10 --until 2026-03-01 "
	for args, says := range map[string]string{
		"plan --out ledger/x" + period:                   "--out ledger/x lies inside of the ledger",
		"plan --out x --write-problem ledger/x" + period: "--write-problem ledger/x lies inside of the ledger",
		"plan --problem problem --mps problem/x.mps":     "--mps problem/x.mps lies inside of the problem",
		again + "--out ledger/x":                         "ledger/x",
		again + "--out plan/x":                           "lies inside of the earlier plan",
		again + "--out x --updated ledger/x":             "--updated ledger/x lies inside of the ledger",
		again + "--out x --updated x":                    "name two directories",
		again + "--out x --scale 0":                      "--scale 0: give a number above 0",
		again + "--out x --scale nan":                    "--scale NaN",
		again + "--out x --scale inf":                    "--scale +Inf",
	} {
		expectFailure(t, dir, exitUsage, args, says)
	}
	if count() != before {
		t.Error("something was written into what is only read")
	}
	// Other periods leave nothing to begin from, and that is said; a problem that stood before is not taken away with a failure.
	o := must(t, dir, strings.Fields(again+"--out longer --periods 2 --closing free")...)
	if !strings.Contains(o.stderr, "notice: --warm plan: it has 0 of this problem's") {
		t.Error(o.stderr)
	}
	expectFailure(t, dir, exitUnsolved, again+"--out short --updated problem --force --tolerance 1e-300 --iterations 1", "iteration_limit")
	if _, err := os.Stat(filepath.Join(dir, "problem")); err != nil {
		t.Error(err)
	}
}

// TestPlanWithoutEnd: what mathematics refuses ends with exit 4 and its reason, never with a plan that is called best.
func TestPlanWithoutEnd(t *testing.T) {
	dir := planExampleAt(t, "bread_steel")
	respelled(t, dir, "techniques", "printing,20\n", "printing,20\ndreaming,-5\n")
	expectFailure(t, dir, exitUnsolved, "plan --problem problem --out plan", "unbounded", "gets better without end")
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	dir = planExampleAt(t, "bread_steel")
	expectFailure(t, dir, exitUnsolved, "plan --problem problem --out plan --tolerance 1e-300", "iteration_limit; the plan is the best found so far")
	expectFailure(t, dir, exitUsage, "plan --problem problem --out other --mps nowhere/x.mps", "--mps nowhere/x.mps: there is no directory nowhere")
	if err := os.WriteFile(filepath.Join(dir, "two.mps"), []byte("NAME T\nROWS\n N C\n G R\nCOLUMNS\n X C 1 R 1\nRHS\n A R 1\n B C 2\nENDATA\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "solve two.mps", "two.mps:9: RHS has a second set, B beside A; keep the lines of one")
	expectFailure(t, dir, exitInput, "solve problem", "is a directory")
	// An earlier plan of something else is no start.
	must(t, dir, strings.Fields("plan --demo=kantorovich --out other")...)
	expectFailure(t, dir, exitInput, "plan --problem problem --warm other --out again", "--warm other: it has none of this problem's techniques")
	expectFailure(t, dir, exitInput, "plan --problem problem --warm problem --out again", "--warm: problem is no result", "name a directory that planwerk plan wrote")
	expectFailure(t, dir, exitInput, "replan problem --ledger problem --ledger-since 2026-01-01 --out again", "problem is no result")
}
