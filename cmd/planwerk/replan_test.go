package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlanFromLedger: techniques, resources, targets and stocks of February in the example ledger, by hand from its
// README: 1200 loaves took 600 kg of flour and 1024 minutes, 800 kg of flour 1000 kg of grain and 300 minutes.
func TestPlanFromLedger(t *testing.T) {
	dir := demoExport(t)
	period := strings.Fields("--from-ledger ledger --after 2026-02-01 --until 2026-03-01 --format csv")
	must(t, dir, append([]string{"plan", "--write-problem", "problem"}, period...)...)
	same := func(table, column string, want map[string]float64) {
		t.Helper()
		got := cellsOf(t, filepath.Join(dir, "problem", table+".csv"), column)
		for id, w := range want {
			if v, there := got[id]; !there || math.Abs(v-w) > 1e-9*max(1, math.Abs(w)) {
				t.Errorf("%s of %s is %v, want %v", column, id, v, w)
			}
		}
	}
	same("techniques", "labour", map[string]float64{"bakery:bread": (600. + 384 + 40) / 1200, "mill:flour": 300. / 800, "dairy:milk": 2, "farm:bread": 2.5})
	// d2, d3: milk 180; d4: bread 300; d1: cheese 30; d5: bicycles 3. Of the shop's orders 400 loaves and no milk are open.
	same("targets", "quantity", map[string]float64{"milk": 180, "bread": 700, "cheese": 30, "bicycle": 3})
	same("resources", "available", map[string]float64{"labour:bakery": 1024, "labour:mill": 300, "labour:dairy": 1200})
	// Grain: 2232 grown in January; cheese: 100 less 20 spoiled.
	same("stocks", "quantity", map[string]float64{"grain": 2232, "cheese": 80})
	must(t, dir, append([]string{"plan", "--out", "plan"}, period...)...)
	must(t, dir, "verify", "plan")
}

// TestReplan: since 10 February 180 l of milk, 300 loaves and 3 bicycles were handed out, and no cheese, in 19 of the 28 days
// that the plan is for; the updated problem says so, scaled, and the plan names it.
func TestReplan(t *testing.T) {
	dir := demoExport(t)
	must(t, dir, strings.Fields("plan --from-ledger ledger --after 2026-02-01 --until 2026-03-01 --out plan")...)
	o := must(t, dir, strings.Fields("replan plan --ledger ledger --ledger-since 2026-02-10 --until 2026-03-01 --out next --format csv --json")...)
	var a planAccount
	if err := json.Unmarshal([]byte(o.stdout), &a); err != nil || a.Status != "optimal" || a.Purpose != "aims" {
		t.Fatal(err, o.stdout)
	}
	targets := cellsOf(t, filepath.Join(dir, "next-problem", "targets.csv"), "quantity")
	for id, want := range map[string]float64{"milk": 180, "bread": 300, "bicycle": 3, "cheese": 0} {
		if want *= 28. / 19; math.Abs(targets[id]-want) > 1e-9*want {
			t.Errorf("target of %s is %v, want %v", id, targets[id], want)
		}
	}
	must(t, dir, "verify", "next")
	// Half trust in what was observed, and another scale.
	must(t, dir, strings.Fields("replan plan --ledger ledger --ledger-since 2026-02-10 --out half --trust 0.5 --scale 1 --updated halved --format csv")...)
	targets = cellsOf(t, filepath.Join(dir, "halved", "targets.csv"), "quantity")
	if math.Abs(targets["bread"]-(700+300)/2.) > 1e-9 || targets["cheese"] != 15 {
		t.Errorf("targets with half trust: %v", targets)
	}
	for args, text := range map[string]string{
		"replan": "earlier plan",
		"replan plan --ledger-since 2026-02-10 --out x":                                    "--ledger is missing",
		"replan plan --ledger ledger --out x":                                              "--ledger-since",
		"replan plan --ledger ledger --ledger-since 2026-02-10":                            "--out is missing",
		"replan plan --ledger ledger --ledger-since 2026-02-10 --until 2026-02-01 --out x": "not before",
		"replan plan --ledger ledger --ledger-since 2026-02-10 --out x --trust 2":          "--trust",
		"replan plan --ledger ledger --ledger-since 2026-02-10 --out next":                 "exists already",
	} {
		expectFailure(t, dir, exitUsage, args, text)
	}
	expectFailure(t, dir, exitInput, "replan ledger --ledger ledger --ledger-since 2026-02-10 --out x", "manifest.json")
}
