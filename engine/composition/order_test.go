package composition

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever the elements are called, an order has every whole before its parts and neighbours reach little more together
// than in the order that the graph was drawn in.
func TestOrderOfNumbersThatSayNothing(t *testing.T) {
	drawn := layered(rand.New(rand.NewPCG(10, 7)), 120_000, 12, 4, 300)
	g := elementGraph(drawn.ledger())
	order := g.asNumbered()
	height, _ := g.heights(backward(order))
	want := g.reach(wholes(order, height)).together
	for seed := range uint64(3) {
		g := elementGraph(shuffled(rand.New(rand.NewPCG(seed, 8)), drawn).ledger())
		if g.asNumbered() != nil {
			t.Fatal("numbers that say nothing are an order")
		}
		a, err := g.arrange(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		checkOrder(t, g, a)
		height, _ := g.heights(backward(a.order))
		if got := g.reach(wholes(a.order, height)).together; got*5 > want*8 {
			t.Errorf("seed %d: neighbours reach %d together, %d as drawn", seed, got, want)
		}
	}
}

func backward(order []int32) []int32 {
	order = slices.Clone(order)
	slices.Reverse(order)
	return order
}

// checkOrder checks that an order has all elements, that no part comes before its whole, and that its graph is g.
func checkOrder(t *testing.T, g *graph, a *arranged) {
	t.Helper()
	place := inverse(a.order, g.n)
	edges := 0
	for e := range int32(g.n) {
		if place[e] == none {
			if a.cyclic == nil || !a.cyclic[e] {
				t.Fatalf("element %d is missing", e)
			}
			continue
		}
		var parts []int32
		for _, u := range g.parts(e) {
			if place[u] <= place[e] {
				t.Fatalf("element %d comes after its part %d", e, u)
			}
			parts = append(parts, place[u])
		}
		if !slices.Equal(parts, a.graph.parts(place[e])) {
			t.Fatalf("element %d has parts at %v, in the ordered graph %v", e, parts, a.graph.parts(place[e]))
		}
		edges += len(parts)
	}
	if edges != len(a.graph.part) {
		t.Fatalf("%d edges in the ordered graph, %d in the other", len(a.graph.part), edges)
	}
}

// Graphs of all shapes, with cycles, hubs and elements that hang together with nothing: an order of what reaches no cycle.
func TestArrange(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := randomProduct(r, 1+r.IntN(3000), 3*r.Float64(), 1+r.IntN(3000), []float64{0, 0, 0.001, 0.3}[seed%4])
		for hub := range min(r.IntN(4), len(p.parts)) {
			for range 200 {
				if e := r.IntN(len(p.parts)); e > hub && !slices.Contains(p.parts[hub], int32(e)) {
					p.parts[e] = append(p.parts[e], int32(hub))
				}
			}
		}
		g := elementGraph(p.ledger())
		cyclic := plainCyclic(g)
		for _, threads := range []int{1, 3} {
			a, err := g.arrange(t.Context(), threads)
			if err != nil {
				t.Fatal(err)
			}
			checkOrder(t, g, a)
			for e, c := range cyclic {
				if c != (a.cyclic != nil && a.cyclic[e]) {
					t.Fatalf("seed %d: element %d: cyclic is %v", seed, e, !c)
				}
			}
		}
	}
}

// plainCyclic takes elements away whose parts are all gone, until there are none: what stays reaches a cycle.
func plainCyclic(g *graph) []bool {
	stays := make([]bool, g.n)
	for t := range stays {
		stays[t] = true
	}
	for changed := true; changed; {
		changed = false
		for t := range int32(g.n) {
			if stays[t] && !slices.ContainsFunc(g.parts(t), func(u int32) bool { return stays[u] }) {
				stays[t], changed = false, true
			}
		}
	}
	return stays
}

// A flood meets each element once, edges keep their ends both ways, and levels are apart by one.
func TestFlood(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 4))
		g := elementGraph(randomProduct(r, 1+r.IntN(2000), 3*r.Float64(), 1+r.IntN(2000), 0.1).ledger())
		m, err := g.flood(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		wholes := make([][]int32, g.n) // by element, each ascending
		for e := range int32(g.n) {
			for _, u := range g.parts(e) {
				wholes[u] = append(wholes[u], e)
			}
		}
		named := func(numbers []int32) (out []int32) {
			for _, i := range numbers {
				out = append(out, m.name[i])
			}
			return out
		}
		seen := make([]bool, g.n)
		for i, e := range m.name {
			if seen[e] || !slices.Equal(named(m.parts.parts(int32(i))), g.parts(e)) || !slices.Equal(named(m.wholes.parts(int32(i))), wholes[e]) {
				t.Fatalf("seed %d: element %d at %d: parts %v, wholes %v", seed, e, i, named(m.parts.parts(int32(i))), named(m.wholes.parts(int32(i))))
			}
			seen[e] = true
		}
		level := func(t int32) int {
			at, found := slices.BinarySearch(m.level, t)
			if !found {
				at--
			}
			return at
		}
		for e := range int32(g.n) {
			for _, u := range m.parts.parts(e) {
				if d := level(e) - level(u); d < -1 || d > 1 {
					t.Fatalf("seed %d: an edge from level %d to %d", seed, level(e), level(u))
				}
			}
		}
	}
}

// Products that have nothing in common: their neighbours reach much in any order, and families are tried too.
func TestArrangeWhereNothingIsCommon(t *testing.T) {
	p := newProduct(1500 * 94)
	for root := 0; root < len(p.parts); root += 94 {
		for module := root + 1; module < root+4; module++ {
			p.parts[root] = append(p.parts[root], int32(module))
			for part := range 30 {
				p.parts[module] = append(p.parts[module], int32(root+4+(module-root-1)*30+part))
			}
		}
	}
	g := elementGraph(shuffled(rand.New(rand.NewPCG(5, 5)), p).ledger())
	a, err := g.arrange(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	checkOrder(t, g, a)
	if height, _ := g.heights(backward(a.order)); !g.reach(wholes(a.order, height)).scattered() {
		t.Error("neighbours reach little: this test no longer reaches families")
	}
}
