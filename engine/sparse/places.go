package sparse

import (
	"fmt"
	"math"
	"slices"
)

// Places finds where the entries (row[k], col[k]) are stored. It is an error, which names the entry, when one is outside the
// matrix or not stored, or when its new value val[k] is not finite.
func (a *CSR) Places(row, col []int32, val []float64) ([]int64, error) {
	if len(row) != len(col) || len(row) != len(val) {
		return nil, fmt.Errorf("sparse: %d rows, %d columns, %d values", len(row), len(col), len(val))
	}
	at := make([]int64, len(row))
	for k, i := range row {
		if i < 0 || int(i) >= a.Rows || col[k] < 0 || int(col[k]) >= a.Cols {
			return nil, fmt.Errorf("sparse: entry %d at (%d, %d) is outside %d × %d", k, i, col[k], a.Rows, a.Cols)
		}
		if math.IsNaN(val[k]) || math.IsInf(val[k], 0) {
			return nil, fmt.Errorf("sparse: entry %d at (%d, %d) is %v", k, i, col[k], val[k])
		}
		cols, _ := a.Row(int(i))
		place, stored := slices.BinarySearch(cols, col[k])
		if !stored {
			return nil, fmt.Errorf("sparse: entry %d at (%d, %d) is not stored", k, i, col[k])
		}
		at[k] = a.Ptr[i] + int64(place)
	}
	return at, nil
}
