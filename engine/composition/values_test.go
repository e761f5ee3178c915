package composition

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

func compute(t testing.TB, l *ledger.Ledger, threads int) (*Values, []ledger.Violation) {
	t.Helper()
	v, bad, err := Compute(context.Background(), l, threads)
	if err != nil {
		t.Fatal(err)
	}
	return v, bad
}

// below gives s(t) by maps, t itself only when it is on a cycle.
func below(p *product, t int) map[int32]bool {
	seen := map[int32]bool{}
	todo := slices.Clone(p.parts[t])
	for len(todo) > 0 {
		u := todo[0]
		todo = todo[1:]
		if !seen[u] {
			seen[u] = true
			todo = append(todo, p.parts[u]...)
		}
	}
	return seen
}

// check compares v with sums over sets made one by one.
func check(t *testing.T, p *product, v *Values, bad []ledger.Violation) {
	t.Helper()
	n := len(p.parts)
	sets, cyclic := make([]map[int32]bool, n), make([]bool, n)
	for e := range n {
		sets[e] = below(p, e)
	}
	for e := range n {
		cyclic[e] = sets[e][int32(e)]
		for u := range sets[e] {
			cyclic[e] = cyclic[e] || sets[u][u]
		}
	}
	listed := 0
	for e := range n {
		if cyclic[e] {
			if v.Durability[e] != ledger.NullInt || !v.Aggregate[e].IsNull() || v.Subelements[e] != ledger.NullInt {
				t.Fatalf("element %d reaches a cycle but has d %d, v* %v", e, v.Durability[e], v.Aggregate[e])
			}
			checkCycle(t, p, sets, bad[listed], e)
			listed++
			continue
		}
		sum := big.NewInt(p.value[e])
		least, leaves := int64(math.MaxInt64), 0
		for u := range sets[e] {
			sum.Add(sum, big.NewInt(p.value[u]))
			if len(p.parts[u]) == 0 {
				least, leaves = min(least, p.durability[u]), leaves+1
			}
		}
		if leaves == 0 {
			least = p.durability[e]
		}
		if v.Aggregate[e].Big().Cmp(sum) != 0 || v.Subelements[e] != int64(len(sets[e])) || v.Durability[e] != least {
			t.Fatalf("element %d: v* %v of %d parts, d %d; want %v of %d, %d", e, v.Aggregate[e], v.Subelements[e], v.Durability[e], sum, len(sets[e]), least)
		}
	}
	if listed != len(bad) {
		t.Fatalf("%d violations, want %d", len(bad), listed)
	}
}

// checkCycle walks as DECISIONS.md says and compares the text.
func checkCycle(t *testing.T, p *product, sets []map[int32]bool, bad ledger.Violation, e int) {
	t.Helper()
	bites := func(u int32) bool {
		for w := range sets[u] {
			if sets[w][w] {
				return true
			}
		}
		return false
	}
	var path []int32
	at := int32(e)
	for !slices.Contains(path, at) {
		path = append(path, at)
		next := int32(math.MaxInt32)
		for _, u := range p.parts[at] {
			if bites(u) {
				next = min(next, u)
			}
		}
		at = next
	}
	ring := path[slices.Index(path, at):]
	low := slices.Index(ring, slices.Min(ring))
	ring = append(slices.Clone(ring[low:]), ring[:low]...)
	var ids []string
	for _, u := range append(ring, ring[0]) {
		ids = append(ids, fmt.Sprint(u+1))
	}
	if n := len(ring); n > ledger.MostInCycle {
		ids = slices.Concat(ids[:ledger.MostInCycle], []string{fmt.Sprintf("(%d more)", n-ledger.MostInCycle)}, ids[n:])
	}
	want := ledger.Violation{Rule: "element-cycle", Table: ledger.TElements, Row: int32(e), Extra: "cycle=" + strings.Join(ids, ">")}
	if bad != want {
		t.Fatalf("element %d: %+v, want %+v", e, bad, want)
	}
}

func TestValuesAgainstSets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	for i := range 400 {
		n := 1 + r.IntN(150)
		turned := 0.0
		if i%3 == 0 {
			turned = 0.02
		}
		p := randomProduct(r, n, 0.5+3*r.Float64(), 1+r.IntN(n), turned)
		if i%7 == 0 {
			p.parts[n-1] = append(p.parts[n-1], int32(n-1)) // part of itself
		}
		v, bad := compute(t, p.ledger(), 1+i%3)
		check(t, p, v, bad)
	}
}

func TestValuesOfManyRoots(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	for _, degree := range []int{2, 3, 5} { // more than one batch, through the tables
		p := layered(r, 1500, 6, degree, 40)
		v, bad := compute(t, p.ledger(), 2)
		check(t, p, v, bad)
	}
}

// Sets larger than what a sweep lists at a time, and weights that do not fit one word with their number.
func TestValuesOfLargeSets(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 7))
	for _, most := range []int64{1 << 20, 1 << 49} {
		p := randomProduct(r, 24*kernels.SumBlock, 4, 2000, 0)
		for e := range p.value {
			p.value[e] = most - r.Int64N(1<<20)
		}
		v, _ := compute(t, p.ledger(), 2)
		largest := int64(0)
		for range 60 {
			e := r.IntN(len(p.parts))
			set := below(p, e)
			sum := p.value[e]
			for u := range set {
				sum += p.value[u]
			}
			if v.Aggregate[e] != kernels.I128(sum) || v.Subelements[e] != int64(len(set)) {
				t.Fatalf("element %d: v* %v of %d parts, want %d of %d", e, v.Aggregate[e], v.Subelements[e], sum, len(set))
			}
			largest = max(largest, int64(len(set)))
		}
		if largest < 16*kernels.SumBlock {
			t.Fatalf("the largest set has %d elements", largest)
		}
	}
}

func TestValuesWiderThan64Bits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	p := layered(r, 600, 5, 3, 30)
	for e := range p.value {
		p.value[e] = math.MaxInt64 - r.Int64N(1000)
	}
	v, bad := compute(t, p.ledger(), 2)
	check(t, p, v, bad)
}

func TestValuesUnsortedParts(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 7))
	p := randomProduct(r, 80, 2, 30, 0)
	l := p.ledger()
	r.Shuffle(l.ElementParts.N, func(i, j int) {
		e, u := l.ElementParts.Element, l.ElementParts.Part
		e[i], e[j], u[i], u[j] = e[j], e[i], u[j], u[i]
	})
	v, bad := compute(t, l, 1)
	check(t, p, v, bad)
}

func TestValuesDoNotDependOnThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for _, turned := range []float64{0, 0.001} {
		l := randomProduct(r, 5000, 3, 400, turned).ledger()
		want, wantBad := compute(t, l, 1)
		for _, threads := range []int{2, 3, 7} {
			got, bad := compute(t, l, threads)
			if !reflect.DeepEqual(got.Aggregate, want.Aggregate) || !slices.Equal(got.Subelements, want.Subelements) ||
				!slices.Equal(got.Durability, want.Durability) || !slices.Equal(bad, wantBad) {
				t.Fatalf("%d threads give another result", threads)
			}
		}
	}
}

// A chain, a comb and a tree of a million elements melt away; nothing recurses.
func TestDeepProducts(t *testing.T) {
	const n = 1 << 20
	shapes := map[string]func(i int) []int32{
		"chain": func(i int) []int32 { return []int32{int32(i + 1)} },
		"comb":  func(i int) []int32 { return []int32{int32(i + 2), int32(i + 1)}[i%2:] },
		"tree":  func(i int) []int32 { return []int32{int32(2*i + 1), int32(2*i + 2)} },
	}
	for name, parts := range shapes {
		p := newProduct(n)
		for i := range n {
			p.value[i] = 1
			for _, u := range parts(i) {
				if u < n {
					p.parts[i] = append(p.parts[i], u)
				}
			}
		}
		v, _ := compute(t, p.ledger(), 2)
		if v.Aggregate[0] != kernels.I128(n) || v.Subelements[0] != n-1 {
			t.Fatalf("%s: v* %v of %d parts", name, v.Aggregate[0], v.Subelements[0])
		}
		f := fold(ordered(t, v), p.value)
		if len(f.roots) > 0 {
			t.Fatalf("%s: %d roots are left to sweep", name, len(f.roots))
		}
	}
}

func TestDeepCycle(t *testing.T) {
	const n = 1 << 18
	p := newProduct(n)
	for i := range n {
		p.parts[i] = []int32{int32((i + 1) % n)}
	}
	_, bad := compute(t, p.ledger(), 2)
	if len(bad) != n || !strings.HasPrefix(bad[5].Extra, "cycle=1>2>3>") || !strings.HasSuffix(bad[5].Extra, fmt.Sprintf(">32>(%d more)>1", n-32)) {
		t.Fatalf("%d violations", len(bad))
	}
}

func TestComputeStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Compute(ctx, layered(rand.New(rand.NewPCG(6, 7)), 1000, 4, 3, 20).ledger(), 2); err != context.Canceled {
		t.Fatalf("%v", err)
	}
}
