package lptest

import (
	"fmt"
	"math/rand/v2"

	"planwerk/engine/lp"
	"planwerk/engine/sparse"
)

// Blocks joins programs of the same products, one for each region or period, to one: for half of the products a column
// carries the product from each block to the next at a labour of 0.05 … 0.25 and a loss of 2 %, and from the last to the
// first when round is set. Regions carry round, periods only onwards.
func Blocks(parts []*lp.Problem, products int, round bool, seed uint64) *lp.Problem {
	r := rand.New(rand.NewPCG(seed, 0x626c6f63))
	out := &lp.Problem{Name: fmt.Sprintf("%s×%d", parts[0].Name, len(parts))}
	var row, col []int32
	var val []float64
	first := make([]int, len(parts)) // rows of the blocks before
	m, n := 0, 0
	for b, p := range parts {
		first[b] = m
		for i := range p.Rows() {
			cols, vals := p.A.Row(i)
			for k, j := range cols {
				row, col, val = append(row, int32(m+i)), append(col, int32(n)+j), append(val, vals[k])
			}
		}
		out.C = append(out.C, p.C...)
		out.RowLower, out.RowUpper = append(out.RowLower, p.RowLower...), append(out.RowUpper, p.RowUpper...)
		out.ColLower, out.ColUpper = append(out.ColLower, p.ColLower...), append(out.ColUpper, p.ColUpper...)
		m, n = m+p.Rows(), n+p.Cols()
	}
	for b := range parts {
		next := (b + 1) % len(parts)
		if next == 0 && !round {
			continue
		}
		for i := range products {
			if r.Float64() < 0.5 {
				continue
			}
			row, col, val = append(row, int32(first[b]+i), int32(first[next]+i)), append(col, int32(n), int32(n)), append(val, -1, 0.98)
			out.C = append(out.C, 0.05+0.2*r.Float64())
			out.ColLower, out.ColUpper = append(out.ColLower, 0), append(out.ColUpper, inf)
			n++
		}
	}
	a, err := sparse.FromTriplets(m, n, row, col, val)
	if err != nil {
		panic(err)
	}
	out.A = a
	return out
}
