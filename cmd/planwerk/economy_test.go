package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGenerateEconomyShapes: an economy of another shape is planned as its linear program says, and as the command prints.
func TestGenerateEconomyShapes(t *testing.T) {
	dir := t.TempDir()
	o := must(t, dir, strings.Fields("generate economy --out e --products 120 --inputs 5 --regions 2 --periods 2 --joint 0.2 --hubs 0.6 --seed 3 --mps e/p.mps.gz")...)
	if !strings.Contains(o.stdout, "planwerk plan --problem "+filepath.Join("e", "plan")+" --objective labour --regions --periods 2 --out plan") {
		t.Errorf("what next: %s", o.stdout)
	}
	o = must(t, dir, strings.Fields("plan --problem e/plan --objective labour --regions --periods 2 --closing free --out plan --json --mps own.mps.gz")...)
	var p planAccount
	if err := json.Unmarshal([]byte(o.stdout), &p); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"e/p.mps.gz", "own.mps.gz"} {
		var s solved
		if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || text[0] != 0x1f {
			t.Errorf("%s is not packed: %v", file, err)
		}
		o = must(t, dir, "solve", file, "--json")
		if err := json.Unmarshal([]byte(o.stdout), &s); err != nil || !agree(float64(s.Objective), float64(p.Labour), 1e3*float64(p.Labour)) {
			t.Errorf("%s: %v, the plan %v: %v", file, s.Objective, p.Labour, err)
		}
	}
	// One technique a product leaves no choice: what there is of resources suffices.
	must(t, dir, strings.Fields("generate economy --out one --products 50 --techniques 1")...)
	must(t, dir, strings.Fields("plan --problem one/plan --objective labour --out alone")...)
	must(t, dir, strings.Fields("generate economy --out free --products 5 --resources 0")...)
	if _, err := os.Stat(filepath.Join(dir, "free/plan/resources.csv")); err == nil {
		t.Error("--resources 0 gives resources")
	}
}

func TestGenerateEconomyErrors(t *testing.T) {
	dir := t.TempDir()
	f := func(code int, args string, texts ...string) {
		t.Helper()
		expectFailure(t, dir, code, "generate economy --out e "+args, texts...)
	}
	f(exitUsage, "--products 0", "--products 0", "above 0")
	f(exitUsage, "--hubs 1.5", "hubs", "0 to 1")
	f(exitUsage, "--joint few", `"few"`, "give a number such as 0.5")
	f(exitUsage, "--seed -1", "give a whole number")
	f(exitUsage, "--products 100 --regions 3", "3 regions")
	f(exitUsage, "--mps nowhere/p.mps", "there is no directory nowhere")
	f(exitUsage, "--mps .", "is a directory")
	f(exitInput, "--products 100k --techniques 100 --inputs 1000 --memory 100MiB", "74.5 GiB", "--memory")
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
