package leontief

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"planwerk/engine/sparse"
)

func matrix(rows [][]float64) *sparse.CSR {
	var row, col []int32
	var val []float64
	for i, r := range rows {
		for j, v := range r {
			row, col, val = append(row, int32(i)), append(col, int32(j)), append(val, v)
		}
	}
	m, err := sparse.FromTriplets(len(rows), len(rows), row, col, val)
	if err != nil {
		panic(err)
	}
	return m
}

func TestSpectralRadius(t *testing.T) {
	for _, c := range []struct {
		name   string
		rows   [][]float64
		want   float64
		group  []int32
		groups int
	}{
		{"nothing used", [][]float64{{0, 0}, {0, 0}}, 0, nil, 0},
		{"a chain", [][]float64{{0, .9, .3}, {0, 0, 5}, {0, 0, 0}}, 0, nil, 0},
		{"one loop", [][]float64{{.3}}, .3, []int32{0}, 1},
		{"a ring of two, periodic", [][]float64{{0, .5}, {2, 0}}, 1, []int32{0, 1}, 1},
		{"a ring of three, periodic", [][]float64{{0, 1, 0}, {0, 0, 1}, {.125, 0, 0}}, .5, []int32{0, 1, 2}, 1},
		{"two groups, one feeding the other", [][]float64{{.2, 0, 9, 9}, {0, 0, 0, 0}, {0, 0, .1, .4}, {0, 7, .4, .1}}, .5, []int32{2, 3}, 2},
		{"signs are dropped", [][]float64{{.1, -.3}, {.3, .1}}, .4, []int32{0, 1}, 1},
	} {
		r, err := SpectralRadius(context.Background(), matrix(c.rows), 1e-10, 2000, 2)
		if err != nil {
			t.Fatal(err)
		}
		if r.Lower > c.want+1e-15 || r.Upper < c.want-1e-15 || r.Upper-r.Lower > 1e-9 || r.Groups != c.groups || !slices.Equal(r.Group, c.group) {
			t.Errorf("%s: %+v, want %v of %v", c.name, r, c.want, c.group)
		}
	}
}

func TestRadiusOfColumnsAboveOne(t *testing.T) {
	// The first column sums to 1.5, yet the economy is productive.
	m := matrix([][]float64{{.1, .1}, {1.4, .1}})
	r, err := Compute(context.Background(), &Table{A: m, Labour: []float64{1, 1}, Demand: []float64{1, 1}}, Request{})
	if err != nil {
		t.Fatal(err)
	}
	if want := .1 + math.Sqrt(.14); math.Abs(r.Radius.Upper-want) > 1e-8 {
		t.Errorf("radius %v, want %v", r.Radius.Upper, want)
	}
}

func TestGroupsAreNumberedBottomUp(t *testing.T) {
	m := matrix([][]float64{{0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {1, 0, 0, 1, 0}, {0, 0, 0, 0, 1}, {0, 0, 0, 1, 0}})
	group, count := Groups(m)
	if count != 2 || group[0] != group[1] || group[1] != group[2] || group[3] != group[4] || group[3] >= group[0] {
		t.Errorf("%d groups: %v", count, group)
	}
	chain := &sparse.CSR{Rows: 200000, Cols: 200000, Ptr: make([]int64, 200001)}
	for i := range int32(200000) {
		if i > 0 {
			chain.Col, chain.Val = append(chain.Col, i-1), append(chain.Val, .5)
		}
		chain.Ptr[i+1] = int64(len(chain.Col))
	}
	if _, count := Groups(chain); count != 200000 {
		t.Errorf("a chain of 200 000 has %d groups", count)
	}
}

func TestNotProductiveNamesTheGroup(t *testing.T) {
	m := matrix([][]float64{{.1, 0, 0, 0}, {.2, 0, 1.1, 0}, {0, .95, 0, .3}, {0, 0, 0, .2}})
	_, err := Compute(context.Background(), &Table{A: m, Codes: []string{"bread", "coal", "iron", "cloth"}, Labour: ones(4)}, Request{})
	var not *NotProductive
	if !errors.As(err, &not) || !slices.Equal(not.Codes, []string{"coal", "iron"}) || !strings.Contains(err.Error(), "coal, iron") {
		t.Errorf("error is %v", err)
	}
}

func TestDominatorOfNearlyUnproductive(t *testing.T) {
	for _, c := range []struct {
		loop float64
		ok   bool
	}{{.5, true}, {.999, true}, {.999999, true}, {1, false}, {1.5, false}} {
		d, err := FindDominator(context.Background(), matrix([][]float64{{c.loop, 0}, {.3, .2}}), 1)
		if err != nil || (d != nil) != c.ok {
			t.Fatalf("loop %v: %+v, %v", c.loop, d, err)
		}
		if c.ok && (2*d.Norm < 1/(1-c.loop) || d.Norm > 3/(1-c.loop)) {
			t.Errorf("loop %v: ‖u‖ = %v cannot bound 1/(1 − %v)", c.loop, d.Norm, c.loop)
		}
	}
}

func TestNegativeCoefficients(t *testing.T) {
	m := matrix([][]float64{{.5, -.9}, {.9, .5}}) // the radius of |A| is 1.4
	r, err := Compute(context.Background(), &Table{A: m, Labour: []float64{1, 2}, Demand: []float64{3, 1}}, Request{})
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsInf(r.Values.Bound, 1) || len(r.Notices) == 0 || r.Apart > 1e-12 {
		t.Errorf("bound %v, apart %v, notices %q", r.Values.Bound, r.Apart, r.Notices)
	}
	want := exact(m.Transpose(), []float64{1, 2})
	for i := range want {
		if math.Abs(r.Values.X[i]-want[i]) > 1e-12 {
			t.Errorf("values %v, want %v", r.Values.X, want)
		}
	}
}
