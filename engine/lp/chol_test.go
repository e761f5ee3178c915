package lp

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// quasidefinite makes a random sparse symmetric matrix, dense by rows: diagonal dominant with m positive and k negative
// pivots.
func quasidefinite(r *rand.Rand, m, k int, fill float64) ([][]float64, []int8) {
	n := m + k
	a := make([][]float64, n)
	sign := make([]int8, n)
	for i := range a {
		a[i] = make([]float64, n)
	}
	for i := range n {
		if sign[i] = 1; i >= m {
			sign[i] = -1
		}
		for j := range i {
			if r.Float64() < fill && (i < m || j < m) {
				a[i][j] = r.NormFloat64()
				a[j][i] = a[i][j]
			}
		}
	}
	for i := range n {
		sum := 1.0
		for _, v := range a[i] {
			sum += math.Abs(v)
		}
		a[i][i] = float64(sign[i]) * sum
	}
	return a, sign
}

func TestFactorMultipliesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, size := range []struct {
		m, k int
		fill float64
	}{{1, 0, 0}, {5, 0, 0.5}, {12, 3, 0.3}, {60, 0, 0.05}, {120, 7, 0.03}, {150, 0, 0.9}, {200, 20, 0.02}, {300, 0, 0}} {
		a, sign := quasidefinite(r, size.m, size.k, size.fill)
		n := len(a)
		adj := make([][]int32, n)
		for i := range a {
			for j, v := range a[i] {
				if v != 0 && j != i {
					adj[i] = append(adj[i], int32(j))
				}
			}
		}
		sym := analyse(adj, 1<<40)
		perm := slices.Clone(sym.perm)
		slices.Sort(perm)
		for i, p := range perm {
			if int(p) != i {
				t.Fatalf("m = %d: the order is no permutation", size.m)
			}
		}
		f := newFactor(sym, sign, 1+size.k%3)
		f.factorise(func(c int32, add func(int32, float64)) {
			for i, v := range a[c] {
				if v != 0 {
					add(int32(i), v)
				}
			}
		})
		if f.small > 0 {
			t.Errorf("m = %d: %d pivots were taken out", size.m, f.small)
		}
		want, b := make([]float64, n), make([]float64, n)
		for i := range want {
			want[i] = r.NormFloat64()
		}
		for i := range b {
			for j, v := range a[i] {
				b[i] += v * want[j]
			}
		}
		f.solve(b)
		for i := range b {
			if math.Abs(b[i]-want[i]) > 1e-10 {
				t.Fatalf("m = %d, k = %d: x[%d] = %v, want %v", size.m, size.k, i, b[i], want[i])
			}
		}
	}
}

// fill counts the entries of the factor of a graph eliminated in an order.
func fill(adj [][]int32, order []int32) int {
	place := invert(order)
	later := make([]map[int32]bool, len(adj))
	for i := range adj {
		later[place[i]] = map[int32]bool{}
		for _, j := range adj[i] {
			if place[j] > place[i] {
				later[place[i]][place[j]] = true
			}
		}
	}
	total := 0
	for k := range later {
		total += len(later[k])
		next := int32(len(adj))
		for j := range later[k] {
			next = min(next, j)
		}
		for j := range later[k] {
			if j != next {
				later[next][j] = true
			}
		}
	}
	return total
}

func TestMinimumDegreeFillsLittle(t *testing.T) {
	const side = 20 // a grid: the natural order fills 20 per column
	var adj [][]int32
	for i := range side * side {
		var list []int32
		if i%side > 0 {
			list = append(list, int32(i-1))
		}
		if i%side < side-1 {
			list = append(list, int32(i+1))
		}
		if i >= side {
			list = append(list, int32(i-side))
		}
		if i < side*(side-1) {
			list = append(list, int32(i+side))
		}
		adj = append(adj, list)
	}
	natural := make([]int32, len(adj))
	lists := make([][]int32, len(adj))
	for i := range natural {
		natural[i], lists[i] = int32(i), slices.Clone(adj[i])
	}
	order := minimumDegree(graph{lists})
	if len(order) != len(adj) {
		t.Fatalf("%d nodes ordered of %d", len(order), len(adj))
	}
	if got, plain := fill(adj, order), fill(adj, natural); got*2 > plain {
		t.Errorf("the order fills %d, the natural one %d", got, plain)
	}
	// A star and a chain fill nothing when ordered well.
	star := make([][]int32, 50)
	for i := int32(1); i < 50; i++ {
		star[0], star[i] = append(star[0], i), []int32{0}
	}
	lists = make([][]int32, len(star))
	for i := range star {
		lists[i] = slices.Clone(star[i])
	}
	if got := fill(star, minimumDegree(graph{lists})); got != 49 {
		t.Errorf("a star fills %d, want 49", got)
	}
}
