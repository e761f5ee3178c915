package kernels

import (
	"math/rand/v2"
	"testing"
)

// Every level against the formula, root by root; the largest weights over full rows; any number of rows in a block.
func TestRowSumsAreTheFormula(t *testing.T) {
	before := level
	defer func() { level = before }()
	for level = Scalar; level <= min(machine, AVX2); level++ {
		for _, n := range []int{0, 1, 7, 8, 9, 16, 31, 100, SumBlock - 1, SumBlock} {
			for _, bits := range []uint{1, 16, 17, 28, 32} {
				r := rand.New(rand.NewPCG(uint64(n), uint64(bits)))
				rows, weight := make([]RootRow, n), make([]uint32, n)
				var s RowSums
				var want [RowLanes][2]uint64
				for range 3 {
					drawRows(r, rows, weight, bits)
					s.Add(rows, weight)
					for j, row := range rows {
						for i := range want {
							if row[i>>6]>>(i&63)&1 == 1 {
								want[i][0] += uint64(weight[j] & (1<<WeightBits - 1))
								want[i][1] += uint64(weight[j] >> WeightBits)
							}
						}
					}
				}
				for i, w := range want {
					if a, b := s.Sum(i); a != w[0] || b != w[1] {
						t.Fatalf("level %s, %d rows, %d bits: root %d has %d and %d, want %d and %d", level, n, bits, i, a, b, w[0], w[1])
					}
				}
				if s.Clear(); s.weight != [RowLanes]uint64{} || s.number != [RowLanes]uint64{} {
					t.Fatal("not cleared")
				}
			}
		}
	}
}

func drawRows(r *rand.Rand, rows []RootRow, weight []uint32, bits uint) {
	for j := range rows {
		weight[j] = uint32(r.Uint64() >> (64 - bits))
		if r.IntN(3) == 0 {
			weight[j] = uint32(1<<bits - 1)
		}
		for w := range rows[j] {
			switch r.IntN(4) {
			case 0:
				rows[j][w] = r.Uint64()
			case 1:
				rows[j][w] = ^uint64(0)
			default:
				rows[j][w] = 0
			}
		}
	}
}
