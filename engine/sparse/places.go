package sparse

import (
	"context"
	"fmt"
	"math"
	"slices"

	"planwerk/engine/shard"
)

// Places finds where the entries (row[k], col[k]) are stored, on up to threads threads. It is an error, which names the first
// such entry, when one is outside the matrix or not stored, or when its new value val[k] is not finite.
func (a *CSR) Places(row, col []int32, val []float64, threads int) ([]int64, error) {
	if len(row) != len(col) || len(row) != len(val) {
		return nil, fmt.Errorf("sparse: %d rows, %d columns, %d values", len(row), len(col), len(val))
	}
	at := make([]int64, len(row))
	const grain = 1 << 12
	err := shard.Run(context.Background(), threads, (len(row)+grain-1)/grain, func(p int) error {
		return a.places(at, row, col, val, p*grain, min((p+1)*grain, len(row)))
	})
	return at, err
}

// places is Places for entries lo … hi−1.
func (a *CSR) places(at []int64, row, col []int32, val []float64, lo, hi int) error {
	for k := lo; k < hi; k++ {
		i := row[k]
		if i < 0 || int(i) >= a.Rows || col[k] < 0 || int(col[k]) >= a.Cols {
			return fmt.Errorf("sparse: entry %d at (%d, %d) is outside %d × %d", k, i, col[k], a.Rows, a.Cols)
		}
		if math.IsNaN(val[k]) || math.IsInf(val[k], 0) {
			return fmt.Errorf("sparse: entry %d at (%d, %d) is %v", k, i, col[k], val[k])
		}
		cols, _ := a.Row(int(i))
		place, stored := slices.BinarySearch(cols, col[k])
		if !stored {
			return fmt.Errorf("sparse: entry %d at (%d, %d) is not stored", k, i, col[k])
		}
		at[k] = a.Ptr[i] + int64(place)
	}
	return nil
}
