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

	"planwerk/datasets"
)

// planExampleAt leaves an embedded plan problem in a folder called problem.
func planExampleAt(t *testing.T, name string) (dir string) {
	t.Helper()
	_, files, err := datasets.FindPlan(name)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := datasets.Unpack(files, filepath.Join(dir, "problem")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// cellsOf reads a column of a CSV table by the first one.
func cellsOf(t *testing.T, path, column string) map[string]float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for c, name := range rows[0] {
		for _, r := range rows[1:] {
			if name == column {
				if out[r[0]], err = strconv.ParseFloat(r[c], 64); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return out
}

// TestPlanExamples: every embedded example gives what its README works out by hand, and verify agrees.
func TestPlanExamples(t *testing.T) {
	for name, want := range map[string]struct {
		labour, first    float64
		level            map[string]float64
		product, capital map[string]float64
	}{
		"bread_steel": {84750, 0.125, map[string]float64{"steel mill": 150, "bakery": 850, "baking by hand": 225, "printing": 250},
			map[string]float64{"bread": 70, "steel": 600}, map[string]float64{"furnace hours": 75}},
		"kantorovich": {3360, 260. / 3, map[string]float64{"milling 1": 8. / 3, "turret 1": 3, "turret 2": 0, "automatic 2": 1}, nil, nil},
		"regions": {5140, 5140, map[string]float64{"southern fields": 18, "transport:grain:north>south": 80},
			map[string]float64{"grain@north": 22, "grain@south": 30, "cloth@north": 28, "cloth@south": 20}, map[string]float64{"northern land": 12}},
		"periods": {7600, 7600, map[string]float64{"building ovens#1": 1, "building ovens#2": 1, "building ovens#3": 0, "baking by hand#5": 20},
			map[string]float64{"bread#4": 30, "bread#5": 30}, map[string]float64{"ovens#4": 20}},
	} {
		dir := t.TempDir()
		var a planAccount
		if err := json.Unmarshal([]byte(must(t, dir, "plan", "--demo="+name, "--out", "plan", "--format", "csv", "--json").stdout), &a); err != nil {
			t.Fatal(err)
		}
		near := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 1e-5*max(1, math.Abs(want)) {
				t.Errorf("%s: %s is %.9g, want %.9g", name, what, got, want)
			}
		}
		near("labour", float64(a.Labour), want.labour)
		near("first stage", float64(a.Stages[0].Objective), want.first)
		for table, columns := range map[string]struct {
			column string
			want   map[string]float64
		}{"activities": {"level", want.level}, "balances": {"shadow_price", want.product}, "resources": {"shadow_price", want.capital}} {
			got := cellsOf(t, filepath.Join(dir, "plan", table+".csv"), columns.column)
			for id, w := range columns.want {
				near(id, got[id], w)
			}
		}
		if o := must(t, dir, "verify", "plan"); !strings.Contains(o.stdout, "as the certificate says") {
			t.Errorf("verify says %q", o.stdout)
		}
	}
}

// TestPlanJSON: the last line of --json and certificate.json have the keys of a certificate, summary.json the same.
func TestPlanJSON(t *testing.T) {
	dir := planExampleAt(t, "bread_steel")
	o := must(t, dir, "plan", "--problem", "problem", "--out", "plan", "--json")
	files := map[string]string{"stdout": o.stdout}
	for _, name := range []string{"certificate.json", "summary.json"} {
		data, err := os.ReadFile(filepath.Join(dir, "plan", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	for name, text := range files {
		var got map[string]any
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(name, err)
		}
		for _, key := range []string{"status", "objective", "bound", "gap", "primal_residual", "dual_residual", "max_shortfall", "iterations", "seconds", "digest", "stages"} {
			if got[key] == nil {
				t.Errorf("%s has no %s", name, key)
			}
		}
		if got["status"] != "optimal" || len(got["stages"].([]any)) != 2 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if strings.Count(o.stdout, "\n") != 1 {
		t.Errorf("--json prints %q", o.stdout)
	}
}

// TestPlanUnsolved: exit 4 with the reason in words, nothing written; a limit leaves the best plan.
func TestPlanUnsolved(t *testing.T) {
	dir := planExampleAt(t, "bread_steel")
	resources := filepath.Join(dir, "problem", "resources.csv")
	if err := os.WriteFile(resources, []byte("resource,available\nfurnace hours,20\nlabour minutes,100000\npaper,250\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o := planwerk(t, dir, "plan", "--problem", "problem", "--out", "plan")
	if o.code != exitUnsolved || !strings.Contains(o.stdout, "The resource that is lacking: furnace hours") || !strings.Contains(o.stderr, "infeasible") {
		t.Errorf("exit %d, %q, %q", o.code, o.stdout, o.stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "plan")); err == nil {
		t.Error("an infeasible problem leaves a plan")
	}
	o = planwerk(t, dir, "plan", "--problem", "problem", "--out", "plan", "--json")
	var a planAccount
	if err := json.Unmarshal([]byte(o.stdout), &a); err != nil || a.Status != "infeasible" || a.Explanation == nil || a.Explanation.Lacking[0].ID != "furnace hours" {
		t.Errorf("%v: %s", err, o.stdout)
	}
	if err := os.WriteFile(resources, []byte("resource,available\nfurnace hours,2000\nlabour minutes,1e9\npaper,250\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o = planwerk(t, dir, "plan", "--problem", "problem", "--out", "plan", "--method", "pdhg", "--iterations", "3", "--objective", "labour")
	if o.code != exitUnsolved || !strings.Contains(o.stderr, "iteration_limit") {
		t.Errorf("exit %d, %q", o.code, o.stderr)
	}
	must(t, dir, "verify", "plan")
}

// TestPlanVerify: a changed table or problem is found.
func TestPlanVerify(t *testing.T) {
	dir := planExampleAt(t, "bread_steel")
	must(t, dir, "plan", "--problem", "problem", "--out", "plan", "--format", "csv")
	must(t, dir, "verify", "plan", "--files-only")
	targets := filepath.Join(dir, "problem", "targets.csv")
	if err := os.WriteFile(targets, []byte("product,quantity,kind\nbread,1100,at-least\nsteel,35,at-least\nbook,400,aim\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "verify plan", "table balances, column target, row 2: of bread the plan says 1000,", "gives 1100", "the problem's file targets.csv is not the one")
	must(t, dir, "verify", "plan", "--files-only")
	activities := filepath.Join(dir, "plan", "activities.csv")
	data, err := os.ReadFile(activities)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(activities, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "verify plan", "activities.csv")
}

// TestPlanErrors: how the command was called, and what it was given.
func TestPlanErrors(t *testing.T) {
	dir := planExampleAt(t, "regions")
	usage := func(args string, texts ...string) { t.Helper(); expectFailure(t, dir, exitUsage, args, texts...) }
	usage("plan", "--problem", "--demo")
	usage("plan --problem problem --demo --out x", "give one of")
	usage("plan --problem problem", "--out is missing")
	usage("plan --problem problem --out x --objective profit", "--objective profit")
	usage("plan --problem problem --out x --closing shut", "--closing shut")
	usage("plan --problem problem --out x --periods -1", "--periods")
	usage("plan --problem problem --out x --need-steps 0", "--need-steps")
	usage("plan --problem problem --out x --max-fulfilment 0", "--max-fulfilment")
	usage("plan --problem problem --out x --tolerance 3", "--tolerance")
	usage("plan --problem problem --out problem/x", "inside of the problem")
	usage("plan --demo=nosuch", "--demo=nosuch")
	usage("plan --from-ledger problem --out x", "--after and --until")
	expectFailure(t, dir, exitInput, "plan --problem nosuch --out x", "no such directory")
	expectFailure(t, dir, exitInput, "plan --problem problem --out x --warm nosuch", "nosuch")
	if err := os.WriteFile(filepath.Join(dir, "problem", "flows.csv"), []byte("technique,product,quantity\nnorthern fields,grain,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expectFailure(t, dir, exitInput, "plan --problem problem --out x", "flows.csv", "column product", "row 1", "grain@north")
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// TestPlanWritten: the problem over periods written as tables or MPS says the same as the problem with --periods.
func TestPlanWritten(t *testing.T) {
	dir := planExampleAt(t, "periods")
	must(t, dir, "plan", "--problem", "problem", "--periods", "5", "--write-problem", "written", "--mps", "plan.mps", "--objective", "labour")
	var direct, again planAccount
	var solve solved
	for args, into := range map[string]any{
		"plan --problem problem --periods 5 --objective labour --out direct --json": &direct,
		"plan --problem written --objective labour --out again --json":              &again,
		"solve plan.mps --json": &solve,
	} {
		if err := json.Unmarshal([]byte(must(t, dir, strings.Fields(args)...).stdout), into); err != nil {
			t.Fatal(err)
		}
	}
	if direct.Digest != again.Digest || math.Abs(float64(direct.Objective)-7600) > 1e-3 {
		t.Errorf("digest %s and %s, objective %v", direct.Digest, again.Digest, direct.Objective)
	}
	if math.Abs(float64(solve.Objective)-7600) > 1e-2 {
		t.Errorf("the MPS file's optimum is %v", solve.Objective)
	}
	expectFailure(t, dir, exitUsage, "plan --problem problem --mps plan.mps", "--force")
	expectFailure(t, dir, exitUsage, "plan --problem problem --write-problem written", "exists already")
}

// TestPlanTooLarge: a program that memory does not hold is refused in one line, before it is made.
func TestPlanTooLarge(t *testing.T) {
	dir := planExampleAt(t, "periods")
	for _, periods := range []string{"1000000000", "4611686018427387904"} {
		expectFailure(t, dir, exitInput, "plan --problem problem --out x --periods "+periods, "linear program of", "entries", "of memory", "fewer --periods")
	}
	expectFailure(t, dir, exitInput, "plan --problem problem --out x --periods 1000 --memory 20MiB", "20 MiB may be used")
}

// TestPlanFinish: plans end in a vertex when that is asked for; it is a parameter of the result only then, and replan keeps it.
func TestPlanFinish(t *testing.T) {
	dir := planExampleAt(t, "bread_steel")
	for finish, listed := range map[string]bool{"auto": false, "vertex": true, "none": true} {
		must(t, dir, "plan", "--problem", "problem", "--out", finish, "--finish", finish)
		manifest, err := os.ReadFile(filepath.Join(dir, finish, "manifest.json"))
		if err != nil || strings.Contains(string(manifest), `"finish"`) != listed {
			t.Errorf("--finish %s: a parameter is there or not, %v", finish, err)
		}
		must(t, dir, "verify", finish)
	}
	expectFailure(t, dir, exitUsage, "plan --problem problem --out x --finish edge", "--finish edge")
}
