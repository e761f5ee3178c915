package composition

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Products of 12 layers, from near-trees to densely shared. The name says how many elements there are and how many
// subelements one has on average.
func BenchmarkValues(b *testing.B) {
	for _, shape := range []struct{ degree, window int }{{2, 8}, {3, 100}, {4, 600}, {4, 6000}, {4, 30_000}} {
		const n = 1 << 20
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
				b.ReportMetric(float64(mean)/n, "subelements")
			})
		}
	}
}
