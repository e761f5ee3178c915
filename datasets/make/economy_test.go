package synth

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"planwerk/engine/leontief"
	"planwerk/engine/lp"
	"planwerk/ledgeradapter/iotable"
)

func makeEconomy(t *testing.T, cfg EconomyConfig) string {
	t.Helper()
	dir := t.TempDir()
	if cfg.MPS != "" {
		cfg.MPS = filepath.Join(dir, cfg.MPS)
	}
	if err := GenerateEconomy(context.Background(), dir, cfg); err != nil {
		t.Fatal(err)
	}
	return dir
}

// rowsOf reads a CSV table without its header.
func rowsOf(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(bufio.NewReader(f)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %v", path, err)
	}
	return all[1:]
}

func TestEconomySameBytesOnAnyThreads(t *testing.T) {
	one := makeEconomy(t, EconomyConfig{Products: 3000, Seed: 5, Threads: 1, MPS: "a.mps"})
	two := makeEconomy(t, EconomyConfig{Products: 3000, Seed: 5, Threads: 5, MPS: "a.mps"})
	other := makeEconomy(t, EconomyConfig{Products: 3000, Seed: 6, Threads: 5, MPS: "a.mps"})
	for _, name := range []string{"io/coefficients.csv", "io/vectors.csv", "plan/products.csv", "plan/techniques.csv", "plan/flows.csv", "plan/resources.csv",
		"plan/uses.csv", "plan/targets.csv", "a.mps"} {
		var data [3]string
		for k, dir := range []string{one, two, other} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			data[k] = string(b)
		}
		if data[0] != data[1] {
			t.Errorf("%s differs on five threads", name)
		}
		if data[0] == data[2] && name != "plan/products.csv" {
			t.Errorf("%s is the same from another seed", name)
		}
	}
}

// TestEconomyIsProductive in its first techniques, also very small ones, and uses hubs.
func TestEconomyIsProductive(t *testing.T) {
	for _, n := range []int{2, 3, 13, 5000} {
		dir := makeEconomy(t, EconomyConfig{Products: n, Seed: 3})
		table, _, err := iotable.Read(iotable.Source{Flows: filepath.Join(dir, "io/coefficients.csv"), Coefficients: true,
			Vectors: filepath.Join(dir, "io/vectors.csv"), Labour: "labour", LabourPerUnit: true, Demand: []string{"demand"}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := leontief.Compute(context.Background(), table, leontief.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if table.N() != n || !(r.Radius.Upper < 0.71) || r.Apart > 1e-12 || math.IsInf(r.Values.Bound, 1) {
			t.Errorf("%d products: %+v, apart %v", table.N(), r.Radius, r.Apart)
		}
		most := 0
		for i := range n {
			cols, _ := table.A.Row(i)
			most = max(most, len(cols))
		}
		if n == 5000 && most < 200 {
			t.Errorf("the product used most is used by %d of %d others: no hub", most, n)
		}
	}
}

// TestEconomyMPSIsThePlanProblem: the program read back says what the tables say.
func TestEconomyMPSIsThePlanProblem(t *testing.T) {
	dir := makeEconomy(t, EconomyConfig{Products: 300, Techniques: 2, Inputs: 5, Resources: 7, Seed: 9, MPS: "p.mps.gz"})
	p, err := lp.ReadMPSFile(filepath.Join(dir, "p.mps.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Rows() != 307 || p.Cols() != 600 || p.A.NNZ() != 600*(6+2) {
		t.Fatalf("%d rows, %d columns, %d entries", p.Rows(), p.Cols(), p.A.NNZ())
	}
	entry := map[string]float64{}
	for i := range p.Rows() {
		cols, vals := p.A.Row(i)
		for k, j := range cols {
			entry[p.RowName(i)+" "+p.ColName(int(j))] = vals[k]
		}
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ table, kind string }{{"flows", "P"}, {"uses", "R"}} {
		for _, row := range rowsOf(t, filepath.Join(dir, "plan", c.table+".csv")) {
			place := fmt.Sprintf("%s%s T%s", c.kind, row[1], row[0])
			if v, ok := entry[place]; !ok || v != number(row[2]) {
				t.Fatalf("%s: %v in the program, %s in %s", place, v, row[2], c.table)
			}
			delete(entry, place)
		}
	}
	if len(entry) > 0 {
		t.Errorf("%d entries too many", len(entry))
	}
	limits := 0
	for j, row := range rowsOf(t, filepath.Join(dir, "plan/techniques.csv")) {
		most := math.Inf(1)
		if row[2] != "" {
			most = number(row[2])
			limits++
		}
		if p.C[j] != number(row[1]) || p.ColUpper[j] != most || p.ColLower[j] != 0 {
			t.Errorf("technique %d: labour %v, at most %v; the table says %v", j, p.C[j], p.ColUpper[j], row)
		}
	}
	if limits < 120 || limits > 240 {
		t.Errorf("%d of 600 techniques have a maximum", limits)
	}
	for _, row := range rowsOf(t, filepath.Join(dir, "plan/targets.csv")) {
		if i := int(number(row[0])); p.RowLower[i] != number(row[1]) || row[2] != "at-least" {
			t.Errorf("target %v, the program has %v", row, p.RowLower[i])
		}
	}
	for r, row := range rowsOf(t, filepath.Join(dir, "plan/resources.csv")) {
		if p.RowUpper[300+r] != number(row[1]) {
			t.Errorf("resource %v, the program has %v", row, p.RowUpper[300+r])
		}
	}
}

func TestEconomyConfigIsChecked(t *testing.T) {
	for _, c := range []EconomyConfig{{Products: 1}, {Products: -5}, {Techniques: -1}, {Inputs: 5, Products: 5}, {Products: 1e9}, {Techniques: 101}} {
		if _, err := EconomyRows(c); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
	rows, err := EconomyRows(EconomyConfig{Products: 100, Inputs: 4, Resources: -1})
	if err != nil || rows["flows"] != 1500 || rows["coefficients"] != 400 || rows["techniques"] != 300 || rows["uses"] != 0 {
		t.Errorf("%v, %v", rows, err)
	}
}
