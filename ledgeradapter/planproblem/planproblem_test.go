package planproblem

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"planwerk/arrow"
	"planwerk/engine/lp"
	"planwerk/engine/plan"
)

// tables is a problem that uses every table and every default.
var tables = map[string]string{
	"products":    "product,region,unit\nbread,north,loaf\nbread,south,loaf\nsteel,,t\n7,,\n",
	"techniques":  "technique,labour,minimum,maximum\nbakery,10,,\nmill,3.5,1,100\nbuilder,20,0,\n",
	"resources":   "resource,available,price\noven,100,\nland,5,2.5\n",
	"flows":       "technique,product,quantity\nbakery,bread@north,1\nbakery,steel,-0.1\nmill,steel,1\nmill,7,2\n",
	"uses":        "technique,resource,quantity\nbakery,oven,1\nmill,land,0.01\n",
	"targets":     "product,quantity,weight,kind\nbread@north,10,,at-least\nbread@south,5,2,aim\n7,1,,aim\n",
	"stocks":      "product,quantity\nsteel,3\n",
	"recycling":   "product,recovered,share,lag\nbread,steel,0.01,\n7,steel,0.5,2\n",
	"transport":   "product,from,to,labour,loss\nbread,north,south,4,\n",
	"storage":     "product,labour,loss\nbread,1,0.1\nsteel,0.5,\n",
	"investments": "technique,resource,quantity,lag,life\nbuilder,oven,10,,\nmill,land,-0.1,0,3\n",
	"growth":      "period,factor\n2,1.5\n",
}

// write leaves tables as CSV in a new folder, some of them replaced; an empty text leaves one out.
func write(t *testing.T, replaced map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tables {
		if r, ok := replaced[name]; ok {
			text = r
		}
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, dir string) *plan.Problem {
	t.Helper()
	p, _, err := Read(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRead(t *testing.T) {
	p, in, err := Read(context.Background(), write(t, nil), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Files) != len(tables) || in.Rows != 27 || in.Files[0].Table != "products" || len(in.Files[0].SHA256) != 64 {
		t.Errorf("inputs %+v", in)
	}
	inf := math.Inf(1)
	want := &plan.Problem{
		Products:   []plan.Product{{ID: "bread", Region: "north", Unit: "loaf"}, {ID: "bread", Region: "south", Unit: "loaf"}, {ID: "steel", Unit: "t"}, {ID: "7"}},
		Techniques: []plan.Technique{{ID: "bakery", Labour: 10, Maximum: inf}, {ID: "mill", Labour: 3.5, Minimum: 1, Maximum: 100}, {ID: "builder", Labour: 20, Maximum: inf}},
		Resources:  []plan.Resource{{ID: "oven", Available: 100}, {ID: "land", Available: 5, Price: 2.5}},
		Flows:      []plan.Flow{{Technique: 0, Product: 0, Quantity: 1}, {Technique: 0, Product: 2, Quantity: -0.1}, {Technique: 1, Product: 2, Quantity: 1}, {Technique: 1, Product: 3, Quantity: 2}},
		Uses:       []plan.Use{{Technique: 0, Resource: 0, Quantity: 1}, {Technique: 1, Resource: 1, Quantity: 0.01}},
		Targets: []plan.Target{{Product: 0, Quantity: 10, Weight: 1, Kind: plan.AtLeast}, {Product: 1, Quantity: 5, Weight: 2, Kind: plan.Aim},
			{Product: 3, Quantity: 1, Weight: 1, Kind: plan.Aim}},
		Stocks:      []plan.Stock{{Product: 2, Quantity: 3}},
		Recycling:   []plan.Recycling{{Used: 0, Recovered: 2, Share: 0.01}, {Used: 1, Recovered: 2, Share: 0.01}, {Used: 3, Recovered: 2, Share: 0.5, Lag: 2}},
		Transport:   []plan.Transport{{From: 0, To: 1, Labour: 4}},
		Storage:     []plan.Storage{{Product: 0, Labour: 1, Loss: 0.1}, {Product: 1, Labour: 1, Loss: 0.1}, {Product: 2, Labour: 0.5}},
		Investments: []plan.Investment{{Technique: 2, Resource: 0, Quantity: 10, Lag: 1}, {Technique: 1, Resource: 1, Quantity: -0.1, Life: 3}},
		Growth:      []plan.Growth{{Period: 2, Factor: 1.5}},
	}
	same(t, p, want)
}

// same compares the tables of two problems.
func same(t *testing.T, got, want *plan.Problem) {
	t.Helper()
	g, w := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range g.NumField() {
		if f := g.Type().Field(i); f.IsExported() && !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s: got %+v, want %+v", f.Name, g.Field(i).Interface(), w.Field(i).Interface())
		}
	}
}

// TestRoundTrip: a problem written in any format is read back as it was.
func TestRoundTrip(t *testing.T) {
	p := read(t, write(t, nil))
	for _, format := range []string{"parquet", "arrow", "csv", "csv.gz", "jsonl"} {
		dir := filepath.Join(t.TempDir(), "problem")
		if err := WriteProblem(context.Background(), dir, p, format, false); err != nil {
			t.Fatal(format, err)
		}
		same(t, read(t, dir), p)
		if err := WriteProblem(context.Background(), dir, p, format, false); err == nil {
			t.Errorf("%s: an existing problem is replaced without leave", format)
		}
	}
}

// TestFaults: a bad row is an error with file, table, column and row.
func TestFaults(t *testing.T) {
	f := func(table, column string, row int64, what, text string) {
		t.Helper()
		_, _, err := Read(context.Background(), write(t, map[string]string{table: text}), Options{})
		var e *arrow.Error
		if !errors.As(err, &e) || e.Table != table || e.Column != column || e.Row != row || e.File != table+".csv" || !strings.Contains(e.Error(), what) {
			t.Errorf("want table %s, column %s, row %d and %q; got %v", table, column, row, what, err)
		}
	}
	f("products", "product", 2, "is empty", "product\na\n\"\"\n")
	f("products", "product", 3, "twice", "product,region\nbread,north\nsteel,\nbread,north\n")
	f("techniques", "labour", 2, "many", "technique,labour\nbakery,1\nmill,many\n")
	f("techniques", "labour", 1, "is empty", "technique,labour\nbakery,\n")
	f("techniques", "technique", 4, "twice", "technique,labour\nbakery,1\nmill,2\nbuilder,1\nmill,2\n")
	f("techniques", "maximum", 2, "below the minimum", "technique,labour,minimum,maximum\nbakery,1,,\nmill,2,5,4\nbuilder,1,,\n")
	f("flows", "product", 1, `there is no product "milk"`, "technique,product,quantity\nbakery,milk,1\n")
	f("flows", "product", 1, "name one, such as bread@north", "technique,product,quantity\nbakery,bread,1\n")
	f("flows", "technique", 1, `there is no technique "baker"`, "technique,product,quantity\nbaker,steel,1\n")
	f("flows", "quantity", 1, "NaN", "technique,product,quantity\nbakery,steel,NaN\n")
	f("uses", "resource", 1, `no resource "ovens"`, "technique,resource,quantity\nbakery,ovens,1\n")
	f("targets", "kind", 1, "at-least or aim", "product,quantity,kind\nsteel,1,maybe\n")
	f("targets", "quantity", 2, "-1", "product,quantity,kind\nsteel,1,aim\n7,-1,aim\n")
	f("storage", "loss", 2, "between 0 and 1", "product,labour,loss\nbread,1,0.1\nsteel,1,2\n")
	f("transport", "to", 1, `no bread in region "east"`, "product,from,to,labour\nbread,north,east,1\n")
	f("transport", "to", 1, "to itself", "product,from,to,labour\nbread,north,north,1\n")
	f("investments", "life", 1, "leave it empty", "technique,resource,quantity,life\nbuilder,oven,1,0\n")
	f("growth", "period", 1, "count from 1", "period,factor\n0,2\n")
	f("recycling", "lag", 1, "half", "product,recovered,share,lag\n7,steel,1,half\n")
	if _, _, err := Read(context.Background(), write(t, map[string]string{"products": ""}), Options{}); err == nil || !strings.Contains(err.Error(), "products") {
		t.Errorf("without products: %v", err)
	}
	if _, _, err := Read(context.Background(), write(t, map[string]string{"targets": "product,quantity\nsteel,1\n"}), Options{}); err == nil || !strings.Contains(err.Error(), "kind") {
		t.Errorf("targets without kind: %v", err)
	}
}

// TestPlanRoundTrip: a plan read back is certified as it was written, whatever the format.
func TestPlanRoundTrip(t *testing.T) {
	p, _, err := plan.Expand(read(t, write(t, nil)), plan.Expansion{Regions: true, Periods: 2, Closing: plan.Free})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []plan.Objective{plan.Labour, plan.Fulfilment, plan.HarmonySum, plan.Aims} {
		set := plan.Settings{Objective: o, LP: lp.Settings{Tolerance: 1e-6}}
		a, err := plan.Solve(context.Background(), p, set)
		if err != nil || a.Status != lp.Optimal {
			t.Fatal(o, a.Status, err)
		}
		for _, format := range []string{"parquet", "arrow", "csv"} {
			dir := filepath.Join(t.TempDir(), "plan")
			writePlan(t, dir, format, p, a)
			back, err := OpenPlan(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			pt, stages, err := back.Stages(p)
			if err != nil {
				t.Fatal(err)
			}
			if err := plan.Recheck(p, set, pt, stages); err != nil {
				t.Fatal(err)
			}
			for k := range stages {
				got, want := stages[k].Certificate, a.Stages[k].Certificate
				got.Iterations, got.Seconds = want.Iterations, want.Seconds
				if got != want {
					t.Errorf("%s as %s: %+v, was %+v", o, format, got, want)
				}
			}
			if w := back.Warm(); len(w.Levels) != len(p.Techniques) || len(w.Prices) != len(a.Stages) {
				t.Errorf("%s: a start with %d levels and prices of %d stages", o, len(w.Levels), len(w.Prices))
			}
		}
	}
}

func writePlan(t *testing.T, dir, format string, p *plan.Problem, a *plan.Answer) {
	t.Helper()
	data, err := CertificateJSON(p, a)
	if err != nil {
		t.Fatal(err)
	}
	_, err = arrow.WriteResult(context.Background(), dir, PlanTables(p, a), nil, arrow.Manifest{}, nil,
		arrow.WriteOptions{Format: format, Extra: []arrow.ExtraFile{{Name: CertificateFile, Data: data}}})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEmptyTables: a table that is not there or has no rows is said, and a problem that needs none of them is read.
func TestEmptyTables(t *testing.T) {
	for table, want := range map[string]string{"targets": "table targets is not there and counts as empty", "stocks": ""} {
		_, in, err := Read(context.Background(), write(t, map[string]string{table: ""}), Options{})
		if got := strings.Join(in.Notices, "; "); err != nil || got != want {
			t.Errorf("without %s: %q, %v", table, got, err)
		}
	}
	_, in, err := Read(context.Background(), write(t, map[string]string{"uses": "technique,resource,quantity\n"}), Options{})
	if got := strings.Join(in.Notices, "; "); err != nil || got != "table uses has no rows" {
		t.Errorf("uses with a header alone: %q, %v", got, err)
	}
}
