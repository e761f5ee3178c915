package iotable

import (
	"context"
	"math"
	"os"
	"slices"
	"testing"

	"planwerk/datasets"
	"planwerk/engine/leontief"
)

// source is an embedded table as it comes.
func source(t *testing.T, name string) Source {
	t.Helper()
	for _, d := range datasets.IOTables() {
		if d.Name == name {
			return Source{FS: datasets.IOFiles(), Flows: d.Flows, Use: d.Use, Make: d.Make, Vectors: d.Vectors, ID: d.ID,
				Output: d.Output, IndustryOutput: d.Industry, Labour: d.Labour, Demand: d.Demand}
		}
	}
	t.Fatalf("no data set %s", name)
	return Source{}
}

func compute(t *testing.T, s Source) (*leontief.Table, *leontief.Result) {
	t.Helper()
	table, inputs, err := Read(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(inputs) < 2 || len(inputs[0].SHA256) != 64 {
		t.Errorf("inputs: %+v", inputs)
	}
	r, err := leontief.Compute(context.Background(), table, leontief.Request{Settings: leontief.Settings{Tolerance: 1e-15}, Multipliers: true})
	if err != nil {
		t.Fatal(err)
	}
	return table, r
}

// relative is how far two numbers are apart, relative to the larger.
func relative(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Abs(a-b) / max(math.Abs(a), math.Abs(b))
}

// file reads a matrix of the data sets that is not embedded.
func file(t *testing.T, path string) *leontief.Table {
	t.Helper()
	table, _, err := Read(Source{FS: os.DirFS("../../datasets"), Flows: path, Coefficients: true})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func columnOf(t *testing.T, s Source, name string) []float64 {
	t.Helper()
	s.Price = name
	table, _, err := Read(s)
	if err != nil {
		t.Fatal(err)
	}
	return table.Price
}

// at is a matrix's entry.
func at(m *leontief.Matrix, i, j int) float64 {
	cols, vals := m.Row(i)
	if k, ok := slices.BinarySearch(cols, int32(j)); ok {
		return vals[k]
	}
	return 0
}

// TestONS2010 reproduces what the Office for National Statistics published, which has twelve digits.
func TestONS2010(t *testing.T) {
	s := source(t, "uk2010")
	table, r := compute(t, s)
	published := file(t, "uk2010_ons/A_published.csv.gz")
	n := table.N()
	if n != 127 || !slices.Equal(table.Codes, published.Codes) {
		t.Fatalf("%d products, or other codes", n)
	}
	for i := range n {
		for j := range n {
			if math.Abs(at(table.A, i, j)-at(published.A, i, j)) > 1e-12 {
				t.Errorf("A[%s][%s] = %v, published %v", table.Code(i), table.Code(j), at(table.A, i, j), at(published.A, i, j))
			}
		}
	}
	cost, multiplier, output := columnOf(t, s, "published_employment_cost_effect"), columnOf(t, s, "published_output_multiplier"), table.Output
	agree, worst := 0, 0.0
	for i := range n {
		worst = max(worst, relative(r.Values.X[i], cost[i]), relative(r.Multipliers[i], multiplier[i]))
		if relative(r.Values.X[i], cost[i]) <= 1e-11 && relative(r.Multipliers[i], multiplier[i]) <= 1e-11 {
			agree++
		} else {
			t.Errorf("%s: value %.14g, published %.14g; multiplier %.14g, published %.14g", table.Code(i), r.Values.X[i], cost[i], r.Multipliers[i], multiplier[i])
		}
		if relative(r.Outputs.X[i], output[i]) > 1e-9 {
			t.Errorf("%s: gross output %v, recorded %v", table.Code(i), r.Outputs.X[i], output[i])
		}
	}
	t.Logf("%d of %d products agree, all within %.2g; values are proved to %.2g", agree, n, worst, r.Values.Bound)
	inverse(t, table.A, file(t, "uk2010_ons/Leontief_inverse_published.csv.gz").A)
	if r.Apart > 1e-12 {
		t.Errorf("total labour %v by values, %v by outputs", r.ByValues, r.ByOutputs)
	}
}

// inverse compares the columns of (I − A)⁻¹, all unit vectors as right-hand sides, with published ones.
func inverse(t *testing.T, a, want *leontief.Matrix) {
	t.Helper()
	sides := make([][]float64, a.Rows)
	for j := range sides {
		sides[j] = make([]float64, a.Rows)
		sides[j][j] = 1
	}
	columns, err := leontief.SolveMany(context.Background(), a, sides, leontief.Settings{Tolerance: 1e-15})
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for j, c := range columns {
		for i, x := range c.X {
			worst = max(worst, math.Abs(x-at(want, i, j)))
		}
	}
	if worst > 1e-11 {
		t.Errorf("the inverse is off by %g", worst)
	}
}

func TestCorrelationWithPrices(t *testing.T) {
	for _, c := range []struct {
		name, labour string
		r, mawd      float64
	}{{"usa2014", "H_EMPE", .928, .378}, {"usa2014", "COMP", .966, .276}, {"uk2010", "Compensation of employees", .977, .232},
		{"us2017", "compensation_of_employees_by_industry", .975, .274}} {
		s := source(t, c.name)
		s.Labour = c.labour
		table, r := compute(t, s)
		cmp, err := leontief.Compare(r.Values.X, table.Output, table.Price)
		if err != nil {
			t.Fatal(err)
		}
		// The published figures were rounded twice: .275498 is .2755 is .276.
		if math.Abs(cmp.RLog-c.r) > 5.5e-4 || math.Abs(cmp.MAWD-c.mawd) > 5.5e-4 {
			t.Errorf("%s by %s: r %.4f, MAWD %.4f; want %.3f, %.3f", c.name, c.labour, cmp.RLog, cmp.MAWD, c.r, c.mawd)
		}
		if r.Apart > 1e-12 || !(r.Values.Bound < 1e-11*(1+slices.Max(r.Values.X))) {
			t.Errorf("%s by %s: total labour apart by %g, error bound %g", c.name, c.labour, r.Apart, r.Values.Bound)
		}
		t.Logf("%s by %s: r %.6f, MAWD %.6f, radius %.9f..%.9f, left out %d\n%q", c.name, c.labour, cmp.RLog, cmp.MAWD, r.Radius.Lower, r.Radius.Upper, cmp.Left, table.Notices)
	}
}

// TestUS2017 derives commodity × commodity coefficients by industry technology and compares them with the published ones, as
// far as whole millions in the files allow: four industries have no line of their own, so their labour is missing.
func TestUS2017(t *testing.T) {
	s := source(t, "us2017")
	table, r := compute(t, s)
	published := file(t, "us2017_detail/A_cxc_industry_tech.csv.gz")
	negative, worst, sum := 0, 0.0, make([]float64, table.N())
	for i := range table.N() {
		for j := range table.N() {
			a := at(table.A, i, j)
			if worst = max(worst, math.Abs(a-at(published.A, i, j))); a < 0 {
				negative++
			}
			sum[j] += a
		}
	}
	if most := slices.Max(sum); worst > 5e-5 || negative != 17 || math.Abs(most-1.354) > 1e-3 || math.Abs(r.Radius.Upper-.494) > 5e-4 || r.Radius.Upper-r.Radius.Lower > 1e-8 {
		t.Errorf("A off by %g, %d negative entries, largest column sum %v, radius between %v and %v", worst, negative, most, r.Radius.Lower, r.Radius.Upper)
	}
	near := 0
	for i, v := range columnOf(t, s, "labour_value_per_dollar(comp-based)") {
		if relative(v, r.Values.X[i]) < 0.01 {
			near++
		}
	}
	if near < 390 {
		t.Errorf("only %d of %d labour values within 1 %% of the published ones", near, table.N())
	}
}

func TestUSA2014(t *testing.T) {
	_, r := compute(t, source(t, "usa2014"))
	if math.Abs(r.ByValues-262614.229) > 5e-4 {
		t.Errorf("total labour %.6f mn hours, want 262614.229", r.ByValues)
	}
}
