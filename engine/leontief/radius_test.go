package leontief

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
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

// TestGroupsOfLargeMatrices: the short way gives the groups of the search in depth, and numbers that edges do not rise by.
func TestGroupsOfLargeMatrices(t *testing.T) {
	const n = 40000
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 1))
		var row, col []int32
		var val []float64
		for i := range n {
			for range 14 {
				j := r.IntN(n)
				switch block := i / (n / 4); seed {
				case 0, 1: // blocks that feed the next ones
					if j = block*(n/4) + r.IntN(n/4); r.IntN(500) == 0 && block > 0 {
						j = r.IntN(block * (n / 4))
					}
				case 2: // a ring, which takes many sweeps
					j = (i + n - 7919) % n
				case 3: // nothing leads back
					j = r.IntN(i + 1)
				case 4: // some lead nowhere
					if i%3 == 0 {
						continue
					}
				}
				row, col, val = append(row, int32(i)), append(col, int32(j)), append(val, float64(r.IntN(3)))
			}
		}
		for j := range n { // seed 5: one that all use, and that uses one
			if seed == 5 || len(val) < largeFrom+n && j != 9 {
				row, col, val = append(row, 9), append(col, int32(j)), append(val, float64(seed/5))
			}
		}
		m := &sparse.CSR{Rows: n, Cols: n, Ptr: make([]int64, n+1)}
		for _, i := range row { // zeros are kept, as Update may leave them
			m.Ptr[i+1]++
		}
		for i := range n {
			m.Ptr[i+1] += m.Ptr[i]
		}
		m.Col, m.Val = make([]int32, len(val)), make([]float64, len(val))
		next := slices.Clone(m.Ptr)
		for k, i := range row {
			m.Col[next[i]], m.Val[next[i]] = col[k], val[k]
			next[i]++
		}
		got, count := Groups(m)
		plain := &tarjan{m: m, group: slices.Repeat([]int32{-1}, n), low: make([]int32, n), order: make([]int32, n)}
		for v := range int32(n) {
			if plain.order[v] == 0 {
				plain.visit(v)
			}
		}
		to := map[int32]int32{}
		for v := range n {
			if own, seen := to[plain.group[v]]; seen && own != got[v] {
				t.Fatalf("seed %d: product %d is in group %d, others of its group in %d", seed, v, got[v], own)
			}
			to[plain.group[v]] = got[v]
			for k := m.Ptr[v]; k < m.Ptr[v+1]; k++ {
				if m.Val[k] != 0 && got[m.Col[k]] > got[v] {
					t.Fatalf("seed %d: an edge from group %d to %d", seed, got[v], got[m.Col[k]])
				}
			}
		}
		if m.NNZ() < largeFrom || count != plain.count || len(to) != int(count) {
			t.Errorf("seed %d: %d entries, %d groups, %d by the search in depth", seed, m.NNZ(), count, plain.count)
		}
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
