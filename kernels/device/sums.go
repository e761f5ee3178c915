package device

import (
	"context"

	"planwerk/kernels"
)

// pieceRows is how many rows go to a machine at a time: 64 Mi of a group and a value are 768 MiB.
const pieceRows = 1 << 26

// SumRows adds up n values by group on a machine, a piece of the rows after the other. fill writes the groups, negative
// ones for rows that are left out, and the values of rows from … to−1. With one group a mask stands for the groups.
func SumRows(ctx context.Context, m Machine, n, groups int, fill func(from, to int, group []int32, value []int64)) ([]kernels.Int128, error) {
	total := make([]kernels.Int128, groups)
	group, value := make([]int32, min(n, pieceRows)), make([]int64, min(n, pieceRows))
	for from := 0; from < n && groups > 0; from += pieceRows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+pieceRows, n)
		group, value := group[:to-from], value[:to-from]
		fill(from, to, group, value)
		sums, err := sumPiece(m, group, value, groups)
		if err != nil {
			return nil, err
		}
		for g := range total {
			total[g] = total[g].Add(sums[g])
		}
	}
	return total, nil
}

func sumPiece(m Machine, group []int32, value []int64, groups int) ([]kernels.Int128, error) {
	if groups > 1 {
		return m.GroupSums(group, value, groups)
	}
	mask := make([]uint64, (len(group)+63)/64)
	for i, g := range group {
		if g >= 0 {
			mask[i/64] |= 1 << (i % 64)
		}
	}
	sum, err := m.MaskedSum(mask, value)
	return []kernels.Int128{sum}, err
}
