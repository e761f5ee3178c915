package composition

import (
	"math/rand/v2"

	"planwerk/engine/ledger"
)

// product is a graph of elements by hand: parts[t] are the direct parts of t.
type product struct {
	parts      [][]int32
	value      []int64
	durability []int64
}

func newProduct(n int) *product {
	p := &product{parts: make([][]int32, n), value: make([]int64, n), durability: make([]int64, n)}
	for t := range p.durability {
		p.durability[t] = ledger.NullInt
	}
	return p
}

// ledger makes a ledger of the elements; its ids are 1, 2, …
func (p *product) ledger() *ledger.Ledger {
	l := &ledger.Ledger{}
	l.Elements = ledger.Elements{N: len(p.parts), Value: p.value, Durability: p.durability}
	for t, parts := range p.parts {
		for _, u := range parts {
			l.ElementParts.Element = append(l.ElementParts.Element, int32(t))
			l.ElementParts.Part = append(l.ElementParts.Part, u)
		}
	}
	l.ElementParts.N = len(l.ElementParts.Part)
	l.IDs[ledger.TElements] = ledger.IntIDs(1, len(p.parts))
	return l
}

// randomProduct draws a graph of n elements with about degree parts each. Parts lie within reach behind their whole, in
// a random numbering; a share of the edges turned round makes cycles.
func randomProduct(r *rand.Rand, n int, degree float64, reach int, turned float64) *product {
	p := newProduct(n)
	name := r.Perm(n)
	seen := map[[2]int]bool{}
	for range int(degree * float64(n)) {
		a := r.IntN(n)
		b := a + 1 + r.IntN(reach)
		if b >= n {
			continue
		}
		a, b = name[a], name[b]
		if r.Float64() < turned {
			a, b = b, a
		}
		if !seen[[2]int{a, b}] {
			seen[[2]int{a, b}] = true
			p.parts[a] = append(p.parts[a], int32(b))
		}
	}
	for t := range n {
		p.value[t] = r.Int64N(1 << (1 + r.IntN(40)))
		if len(p.parts[t]) == 0 && r.IntN(20) > 0 || r.IntN(30) == 0 {
			p.durability[t] = r.Int64N(12) * 60
		}
	}
	return p
}

// layered draws a product graph of depth layers; every element has degree parts in the layer below it, drawn from a
// window around its own place, so that neighbours share parts as families do.
func layered(r *rand.Rand, n, depth, degree, window int) *product {
	p := newProduct(n)
	size := n / depth
	for t := range n {
		p.value[t], p.durability[t] = r.Int64N(120_000_000), 60*24*365*(1+r.Int64N(12))
		below := (t/size + 1) * size
		if below+size > n {
			continue
		}
		seen := map[int32]bool{}
		for range degree {
			u := int32(below + (t%size+r.IntN(window)-window/2+size)%size)
			if !seen[u] {
				seen[u] = true
				p.parts[t] = append(p.parts[t], u)
			}
		}
	}
	return p
}
