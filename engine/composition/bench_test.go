package composition

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Products of 12 layers, from near-trees to densely shared. The name says how many elements there are and how many
// subelements one has on average.
func BenchmarkValues(b *testing.B) {
	for _, shape := range []struct{ n, degree, window int }{{1 << 20, 2, 8}, {1 << 20, 3, 100}, {1 << 20, 4, 600}, {1 << 20, 4, 6000}, {200_000, 3, 16_666}} {
		n := shape.n
		l := layered(rand.New(rand.NewPCG(1, 1)), n, 12, shape.degree, shape.window).ledger()
		mean := int64(0)
		for _, threads := range []int{1, 2} {
			name := fmt.Sprintf("elements=%d/degree=%d/window=%d/threads=%d", n, shape.degree, shape.window, threads)
			b.Run(name, func(b *testing.B) {
				for range b.N {
					v, _ := compute(b, l, threads)
					mean = 0
					for _, s := range v.Subelements {
						mean += s
					}
				}
				b.ReportMetric(float64(mean)/float64(n), "subelements")
			})
		}
	}
}

// Allocations in random order over MoPs whose products have a few dozen elements of about ten durabilities.
func BenchmarkUse(b *testing.B) {
	const n = 1 << 22
	r := rand.New(rand.NewPCG(1, 1))
	p := layered(r, 1<<15, 4, 3, 100)
	l := &plant{Ledger: p.ledger()}
	l.After, l.Until = 0, 1<<50
	for range n / 64 {
		l.mop(int32(r.IntN(len(p.parts))), 0, -r.Int64N(1<<50))
		l.production(0, open)
	}
	for range n {
		start := r.Int64N(1<<50) + 1
		l.allocate(int32(r.IntN(l.Productions.N)), int32(r.IntN(l.MoPs.N)), start, start+r.Int64N(1<<45))
	}
	v, _ := compute(b, l.Ledger, 0)
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("allocations=%d/threads=%d", n, threads), func(b *testing.B) {
			for range b.N {
				if _, _, err := Use(b.Context(), l.Ledger, v, l.productionEnd, threads); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
