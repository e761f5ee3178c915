package synth

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/plan"
	"planwerk/ledgeradapter/planproblem"
)

// shaped changes the usual shape.
func shaped(change func(s *EconomyShape)) *EconomyShape {
	s := UsualShape()
	change(&s)
	return &s
}

// TestShapedEconomyIsItsProgram: the tables, planned over regions and periods, and the MPS file are the same program, and it
// has a plan.
func TestShapedEconomyIsItsProgram(t *testing.T) {
	for name, shape := range map[string]*EconomyShape{
		"usual":   nil,
		"no hubs": shaped(func(s *EconomyShape) { s.Hubs, s.Joint = 0, 1 }),
		"hubs":    shaped(func(s *EconomyShape) { s.Hubs, s.Limited, s.Demanded = 1, 1, 1 }),
		"regions": shaped(func(s *EconomyShape) { s.Regions, s.Joint = 3, 0.3 }),
		"periods": shaped(func(s *EconomyShape) { s.Periods, s.Limited, s.Available = 4, 0, 3 }),
		"both":    shaped(func(s *EconomyShape) { s.Regions, s.Periods, s.Joint = 2, 3, 0.2 }),
	} {
		dir := makeEconomy(t, EconomyConfig{Products: 60, Inputs: 5, Seed: 8, Shape: shape, MPS: "p.mps"})
		if shape == nil {
			shape = shaped(func(*EconomyShape) {})
		}
		given, _, err := planproblem.Read(context.Background(), filepath.Join(dir, "plan"), planproblem.Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		p, notices, err := plan.Expand(given, plan.Expansion{Regions: shape.Regions > 1, Periods: shape.Periods, Closing: plan.Free})
		if err != nil || len(notices) > 0 {
			t.Fatal(name, notices, err)
		}
		want, err := plan.Program(p, plan.Settings{Objective: plan.Labour})
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := lp.ReadMPSFile(filepath.Join(dir, "p.mps"))
		if err != nil {
			t.Fatal(name, err)
		}
		if got.Rows() != want.Rows() || got.Cols() != want.Cols() || got.A.NNZ() != want.A.NNZ() {
			t.Errorf("%s: %d × %d with %d entries, the tables give %d × %d with %d", name, got.Rows(), got.Cols(), got.A.NNZ(), want.Rows(), want.Cols(), want.A.NNZ())
		}
		var least [2]float64
		for k, program := range []*lp.Problem{got, want} {
			s, err := lp.Solve(context.Background(), program, lp.Settings{Tolerance: 1e-8, Method: lp.IPM})
			if err != nil || s.Status != lp.Optimal {
				t.Fatal(name, s, err)
			}
			least[k] = s.Certificate.Objective
		}
		if math.Abs(least[0]-least[1]) > 1e-8*least[0] {
			t.Errorf("%s: least labour %v by the program, %v by the tables", name, least[0], least[1])
		}
	}
}

// TestShapesAreAsAsked counts.
func TestShapesAreAsAsked(t *testing.T) {
	const n = 2000
	shape := shaped(func(s *EconomyShape) {
		s.Hubs, s.Joint, s.Limited, s.Demanded, s.Regions, s.Periods = 0, 0.1, 0.6, 0.8, 4, 2
	})
	dir := makeEconomy(t, EconomyConfig{Products: n, Seed: 8, Shape: shape})
	count := func(table string, keep func(row []string) bool) (n int) {
		for _, row := range rowsOf(t, filepath.Join(dir, "plan", table+".csv")) {
			if keep(row) {
				n++
			}
		}
		return n
	}
	all := func([]string) bool { return true }
	rows, err := EconomyRows(EconomyConfig{Products: n, Seed: 8, Shape: shape})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"products", "techniques", "flows", "targets", "resources", "uses", "transport", "storage"} {
		if got := count(table, all); int64(got) != rows[table] || got == 0 {
			t.Errorf("%s has %d rows, announced were %d", table, got, rows[table])
		}
	}
	near := func(what string, got int, want float64) {
		if math.Abs(float64(got)-want) > 5*math.Sqrt(want) {
			t.Errorf("%s: %d, about %v were asked for", what, got, want)
		}
	}
	near("limited techniques", count("techniques", func(row []string) bool { return row[2] != "" }), 0.6*3*n)
	near("targets", count("targets", all), 0.8*n)
	near("joint products", count("flows", func(row []string) bool { return !strings.HasPrefix(row[2], "-") && row[2] != "1" }), 0.1*3*n)
	near("ways", count("transport", all), n/2)
	near("stored products", count("storage", all), n/2)
	// Without hubs no product is used by more than those around it and those of its block.
	used, most := map[string]int{}, 0
	count("flows", func(row []string) bool { used[row[1]]++; most = max(most, used[row[1]]); return true })
	if most > 150 {
		t.Errorf("a product is named by %d flows, and there are to be no hubs", most)
	}
	same := makeEconomy(t, EconomyConfig{Products: n, Seed: 8, Shape: shape, Threads: 3})
	for _, name := range []string{"plan/flows.csv", "plan/transport.csv", "plan/storage.csv", "io/coefficients.csv"} {
		a, err := os.ReadFile(filepath.Join(dir, name))
		b, err2 := os.ReadFile(filepath.Join(same, name))
		if err != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s differs on three threads: %v, %v", name, err, err2)
		}
	}
}

func TestShapesAreChecked(t *testing.T) {
	nan := math.NaN()
	for _, change := range []func(s *EconomyShape){
		func(s *EconomyShape) { s.Hubs = 1.1 }, func(s *EconomyShape) { s.Hubs = nan }, func(s *EconomyShape) { s.Joint = -0.1 },
		func(s *EconomyShape) { s.Limited = 2 }, func(s *EconomyShape) { s.Demanded = 0 }, func(s *EconomyShape) { s.Available = 0 },
		func(s *EconomyShape) { s.Available = nan }, func(s *EconomyShape) { s.Regions = 0 }, func(s *EconomyShape) { s.Regions = 7 },
		func(s *EconomyShape) { s.Regions = 10 }, func(s *EconomyShape) { s.Periods = 0 }, func(s *EconomyShape) { s.Periods = 1001 },
	} {
		s := shaped(change)
		if _, err := EconomyRows(EconomyConfig{Products: 100, Inputs: 12, Shape: s}); err == nil {
			t.Errorf("%+v: no error", *s)
		}
	}
	if bytes, err := (EconomyConfig{Products: 1e5, Techniques: 100, Inputs: 1000}).Bytes(); err != nil || bytes < 8e10 {
		t.Errorf("10^5 products of 100 techniques and 1000 inputs take %v bytes: %v", bytes, err)
	}
}
