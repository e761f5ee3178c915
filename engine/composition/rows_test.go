package composition

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"planwerk/kernels"
)

// ordered is the graph of the elements that have a value.
func ordered(tb testing.TB, v *Values) *graph {
	tb.Helper()
	g, err := v.graph.numbered(tb.Context(), v.order, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

// plain is what sum must find: each root's set, walked through by itself.
func (f *folded) plain() (sum, count []int64) {
	sum, count = make([]int64, f.n), make([]int64, f.n)
	r := newReacher(&f.graph)
	for _, root := range f.roots {
		r.count([]int32{root})
		for _, v := range r.queue {
			sum[root] += f.weight[v]
			count[root] += f.count[v]
		}
	}
	return sum, count
}

// Graphs of many shapes and weights, from ones in which nothing melts to ones with long chains between the shared parts,
// at every level and several numbers of threads.
func TestSumsAreThePlainOnes(t *testing.T) {
	level, _ := kernels.LevelInUse()
	defer kernels.SetLevel(level)
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 9))
		var p *product
		switch seed % 4 {
		case 0:
			p = layered(r, 1200+r.IntN(3000), 3+r.IntN(9), 2+r.IntN(3), 10+r.IntN(200))
		case 1:
			p = shuffled(r, layered(r, 6000, 12, 3, 60))
		case 2:
			p = randomProduct(r, 500+r.IntN(3000), 1+4*r.Float64(), 1+r.IntN(3000), 0)
		case 3:
			p = chained(r, layered(r, 1500, 6, 3, 40), 25)
		}
		for e := range p.value {
			p.value[e] = r.Int64N(1 << (1 + seed*45/24))
		}
		v, _ := compute(t, p.ledger(), 1)
		value := make([]int64, len(v.order))
		for i, e := range v.order {
			value[i] = p.value[e]
		}
		f := fold(ordered(t, v), value)
		wantSum, wantCount := f.plain()
		for l := kernels.Scalar; l <= kernels.MachineLevel(); l++ {
			kernels.SetLevel(l)
			for _, threads := range []int{1, 2, 5} {
				sum, count := make([]int64, f.n), make([]int64, f.n)
				if err := f.sum(t.Context(), threads, sum, count); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(sum, wantSum) || !slices.Equal(count, wantCount) {
					t.Fatalf("seed %d, level %s, %d threads: other sums than the plain ones", seed, l, threads)
				}
			}
		}
	}
}

// shuffled gives the elements of a product other numbers.
func shuffled(r *rand.Rand, p *product) *product {
	out := newProduct(len(p.parts))
	name := r.Perm(len(p.parts))
	for t, parts := range p.parts {
		out.value[name[t]], out.durability[name[t]] = p.value[t], p.durability[t]
		for _, u := range parts {
			out.parts[name[t]] = append(out.parts[name[t]], int32(name[u]))
		}
	}
	return out
}

// chained puts a chain of up to most elements between each element and its parts.
func chained(r *rand.Rand, p *product, most int) *product {
	out := newProduct(len(p.parts) * (most + 1))
	next := len(p.parts)
	for t, parts := range p.parts {
		end := t
		for range r.IntN(most + 1) {
			out.parts[end] = []int32{int32(next)}
			end, next = next, next+1
		}
		out.parts[end] = append(out.parts[end], parts...)
	}
	return out
}

// BenchmarkReach sums over products of 12 layers whose neighbours share parts, from some thousand elements below each on,
// numbered by family or at random, and says what they are like: the mean number of subelements, edges, and the mean size
// of what the roots of one sweep reach together. With -short the products are a sixty-fourth of that.
func BenchmarkReach(b *testing.B) {
	for _, shape := range []struct {
		n, window int
		random    bool
	}{{1 << 20, 300, false}, {1 << 20, 300, true}, {1 << 20, 2500, false}, {1 << 20, 2500, true}, {1 << 20, 2900, false}, {1 << 20, 2900, true}, {10_000_000, 200, false}, {10_000_000, 200, true}} {
		if testing.Short() {
			shape.n, shape.window = shape.n>>6, shape.window>>4
		}
		var l = func() *product {
			r := rand.New(rand.NewPCG(1, 1))
			p := layered(r, shape.n, 12, 4, shape.window)
			if shape.random {
				p = shuffled(r, p)
			}
			return p
		}().ledger()
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("elements=%d/window=%d/random=%v/threads=%d", shape.n, shape.window, shape.random, threads), func(b *testing.B) {
				var v *Values
				for range b.N {
					v, _ = compute(b, l, threads)
				}
				b.StopTimer()
				below, value := int64(0), make([]int64, len(v.order))
				for i, e := range v.order {
					below += v.Subelements[e]
					value[i] = l.Elements.Value[e]
				}
				f := fold(ordered(b, v), value)
				r, together, sweeps := newReacher(&f.graph), 0, 0
				for at := 0; at+kernels.RowLanes <= len(f.roots); at += 37 * kernels.RowLanes {
					together += r.count(f.roots[at : at+kernels.RowLanes])
					sweeps++
				}
				b.ReportMetric(float64(below)/float64(shape.n), "subelements")
				b.ReportMetric(float64(len(l.ElementParts.Part)), "edges")
				b.ReportMetric(float64(together)/float64(sweeps), "together")
			})
		}
	}
}

// Numbers that go down through the graph, or up, are an order as they are; others are none.
func TestOrderAsNumbered(t *testing.T) {
	p := layered(rand.New(rand.NewPCG(2, 7)), 3000, 6, 3, 40)
	turned := newProduct(len(p.parts))
	for e, parts := range p.parts {
		for _, u := range parts {
			turned.parts[len(p.parts)-1-e] = append(turned.parts[len(p.parts)-1-e], int32(len(p.parts)-1)-u)
		}
	}
	for i, p := range []*product{p, turned} {
		g := elementGraph(p.ledger())
		order := g.asNumbered()
		place := make([]int, g.n)
		for i, e := range order {
			place[e] = i + 1
		}
		for e := range int32(g.n) {
			for _, u := range g.parts(e) {
				if place[e] == 0 || place[u] <= place[e] {
					t.Fatalf("product %d: element %d is at place %d, its part %d at %d", i, e, place[e], u, place[u])
				}
			}
		}
		p.parts[g.n/2] = append(p.parts[g.n/2], int32(g.n/2))
		if elementGraph(p.ledger()).asNumbered() != nil {
			t.Errorf("product %d: an order of a cycle", i)
		}
	}
	if g := elementGraph(shuffled(rand.New(rand.NewPCG(3, 7)), p).ledger()); g.asNumbered() != nil {
		t.Error("an order of numbers that say nothing")
	}
}
