package leontief

import (
	"math"
	"strings"
	"testing"
)

func TestDivideColumns(t *testing.T) {
	table := &Table{Codes: []string{"a", "b", "c"}}
	z := matrix([][]float64{{2, 5, 1}, {4, 0, 0}, {0, 10, 3}})
	if err := table.DivideColumns(z, []float64{4, 10, 0}); err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 3)
	z.Mul(x, []float64{1, 10, 100}, 1)
	if x[0] != .5+5 || x[1] != 1 || x[2] != 10 {
		t.Errorf("coefficients give %v", x)
	}
	if len(table.Notices) != 1 || !strings.Contains(table.Notices[0], "(c); 1 of them have inputs") {
		t.Errorf("notices %q", table.Notices)
	}
	if err := table.DivideColumns(z, []float64{1, -1, 1}); err == nil || !strings.Contains(err.Error(), "b is -1") {
		t.Errorf("error is %v", err)
	}
}

// TestIndustryTechnology by hand: industry 1 makes 8 of a and 2 of b, industry 2 makes 10 of b.
func TestIndustryTechnology(t *testing.T) {
	use := matrix([][]float64{{1, 4}, {2, 1}})
	makes := matrix([][]float64{{8, 2}, {0, 10}})
	table := &Table{Codes: []string{"a", "b"}}
	err := table.IndustryTechnology(use, makes, []float64{10, 10}, []float64{8, 12}, []float64{5, 20}, func(int) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 2)
	for j, want := range [][]float64{{.1, .2}, {.1*2/12 + .4*10/12, .2*2/12 + .1*10/12}} {
		e := []float64{0, 0}
		e[j] = 1
		table.A.Mul(x, e, 1)
		if math.Abs(x[0]-want[0]) > 1e-15 || math.Abs(x[1]-want[1]) > 1e-15 {
			t.Errorf("column %d is %v, want %v", j, x, want)
		}
	}
	if math.Abs(table.Labour[0]-.5) > 1e-15 || math.Abs(table.Labour[1]-(.5*2+2*10)/12) > 1e-15 {
		t.Errorf("labour %v", table.Labour)
	}
}

// TestCompare by hand: values 1, 2, 3 against prices 2, 2, 2.
func TestCompare(t *testing.T) {
	c, err := Compare([]float64{1, 2, 1, 9}, []float64{1, 1, 3, 0}, []float64{2, 2, 2, 2})
	if err != nil {
		t.Fatal(err)
	}
	cv := math.Sqrt(2.0/3) / 2
	for _, v := range []struct {
		name      string
		got, want float64
	}{{"MAD", c.MAD, 1.0 / 3}, {"MAWD", c.MAWD, 1.0 / 3}, {"CV", c.CV, cv}, {"angle", math.Tan(c.Angle * math.Pi / 180), cv},
		{"distance", c.Distance, math.Sqrt(2 - 2/math.Sqrt(1+cv*cv))}} {
		if math.Abs(v.got-v.want) > 1e-14 {
			t.Errorf("%s = %v, want %v", v.name, v.got, v.want)
		}
	}
	if c.Left != 1 || len(c.Sectors) != 3 {
		t.Errorf("%d compared, %d left out", len(c.Sectors), c.Left)
	}
	if _, err := Compare([]float64{1, 0}, []float64{1, 1}, []float64{1, 1}); err == nil {
		t.Error("one sector: no error")
	}
	same, _ := Compare([]float64{1, 2, 5}, []float64{1, 1, 1}, []float64{2, 4, 10})
	if math.Abs(same.RLog-1) > 1e-15 || same.MAWD != 0 || same.Angle != 0 {
		t.Errorf("proportional prices: %+v", same)
	}
}

func TestTableCheck(t *testing.T) {
	for _, bad := range []*Table{{}, {A: matrix([][]float64{{0}}), Codes: []string{"a", "b"}}, {A: matrix([][]float64{{0}}), Labour: []float64{1, 2}},
		{A: matrix([][]float64{{0}}), Demand: []float64{math.NaN()}}} {
		if err := bad.Check(); err == nil {
			t.Errorf("%+v: no error", bad)
		}
	}
}
