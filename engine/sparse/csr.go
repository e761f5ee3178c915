package sparse

import (
	"fmt"
	"math"
	"slices"

	"planwerk/kernels"
)

// CSR is a matrix compressed by rows: row i holds the entries Ptr[i] ≤ k < Ptr[i+1] of Col and Val, by rising column.
type CSR struct {
	Rows, Cols int
	Ptr        []int64 // Rows+1 entries, Ptr[0] = 0
	Col        []int32
	Val        []float64
}

// NNZ is the number of stored entries.
func (a *CSR) NNZ() int { return len(a.Val) }

// Row gives the columns and values of row i; they alias the matrix.
func (a *CSR) Row(i int) ([]int32, []float64) {
	lo, hi := a.Ptr[i], a.Ptr[i+1]
	return a.Col[lo:hi], a.Val[lo:hi]
}

// newCSR makes room for a matrix, in large pages where it is large.
func newCSR(rows, cols, nonzeros int) *CSR {
	return &CSR{rows, cols, kernels.Large[int64](rows + 1), kernels.Large[int32](nonzeros), kernels.Large[float64](nonzeros)}
}

// Clone is a copy that shares nothing.
func (a *CSR) Clone() *CSR {
	c := newCSR(a.Rows, a.Cols, len(a.Val))
	copy(c.Ptr, a.Ptr)
	copy(c.Col, a.Col)
	copy(c.Val, a.Val)
	return c
}

// FromTriplets builds a rows × cols matrix from entries (row[k], col[k], val[k]) in any order. Entries of the same
// place are added in the order given; places that come to zero are kept out. An index outside the matrix or a value
// that is not finite is an error that names the entry.
func FromTriplets(rows, cols int, row, col []int32, val []float64) (*CSR, error) {
	if len(row) != len(col) || len(row) != len(val) {
		return nil, fmt.Errorf("sparse: %d rows, %d columns, %d values", len(row), len(col), len(val))
	}
	if rows < 0 || cols < 0 || rows > math.MaxInt32 || cols > math.MaxInt32 {
		return nil, fmt.Errorf("sparse: %d × %d is not a size", rows, cols)
	}
	// A stable counting sort by column, then by row, leaves equal places in the order given.
	byCol := make([]int64, cols+1)
	for k := range val {
		if row[k] < 0 || int(row[k]) >= rows || col[k] < 0 || int(col[k]) >= cols {
			return nil, fmt.Errorf("sparse: entry %d at (%d, %d) is outside %d × %d", k, row[k], col[k], rows, cols)
		}
		if math.IsNaN(val[k]) || math.IsInf(val[k], 0) {
			return nil, fmt.Errorf("sparse: entry %d at (%d, %d) is %v", k, row[k], col[k], val[k])
		}
		byCol[col[k]+1]++
	}
	for j := range cols {
		byCol[j+1] += byCol[j]
	}
	order := make([]int32, len(val))
	for k := range val {
		order[byCol[col[k]]] = int32(k)
		byCol[col[k]]++
	}
	a := newCSR(rows, cols, len(val))
	for _, i := range row {
		a.Ptr[i+1]++
	}
	for i := range rows {
		a.Ptr[i+1] += a.Ptr[i]
	}
	next := slices.Clone(a.Ptr)
	for _, k := range order {
		at := next[row[k]]
		next[row[k]]++
		a.Col[at], a.Val[at] = col[k], val[k]
	}
	a.mergeEqual()
	return a, nil
}

// mergeEqual adds neighbours of the same place and drops zeros.
func (a *CSR) mergeEqual() {
	to, from := int64(0), int64(0)
	for i := range a.Rows {
		end := a.Ptr[i+1]
		for from < end {
			c, v := a.Col[from], a.Val[from]
			for from++; from < end && a.Col[from] == c; from++ {
				v += a.Val[from]
			}
			if v != 0 {
				a.Col[to], a.Val[to] = c, v
				to++
			}
		}
		a.Ptr[i+1] = to
	}
	a.Col, a.Val = a.Col[:to], a.Val[:to]
}

// Check says what is wrong with a matrix made by hand: lengths, pointers, column order, values that are not finite.
func (a *CSR) Check() error {
	if a.Rows < 0 || a.Cols < 0 || len(a.Ptr) != a.Rows+1 || len(a.Col) != len(a.Val) {
		return fmt.Errorf("sparse: %d × %d with %d pointers, %d columns, %d values", a.Rows, a.Cols, len(a.Ptr), len(a.Col), len(a.Val))
	}
	if a.Ptr[0] != 0 || a.Ptr[a.Rows] != int64(len(a.Col)) {
		return fmt.Errorf("sparse: pointers run from %d to %d, not from 0 to %d", a.Ptr[0], a.Ptr[a.Rows], len(a.Col))
	}
	for i := range a.Rows {
		if a.Ptr[i+1] < a.Ptr[i] || a.Ptr[i+1] > int64(len(a.Col)) {
			return fmt.Errorf("sparse: pointers of row %d are %d, %d", i, a.Ptr[i], a.Ptr[i+1])
		}
		last := int32(-1)
		for k := a.Ptr[i]; k < a.Ptr[i+1]; k++ {
			if a.Col[k] <= last || int(a.Col[k]) >= a.Cols {
				return fmt.Errorf("sparse: row %d has column %d after column %d of %d", i, a.Col[k], last, a.Cols)
			}
			if last = a.Col[k]; math.IsNaN(a.Val[k]) || math.IsInf(a.Val[k], 0) {
				return fmt.Errorf("sparse: row %d, column %d is %v", i, a.Col[k], a.Val[k])
			}
		}
	}
	return nil
}

// Scale multiplies entry (i, j) by row[i]·col[j] in place; a nil vector stands for ones.
func (a *CSR) Scale(row, col []float64) {
	for i := range a.Rows {
		cols, vals := a.Row(i)
		for k := range vals {
			if row != nil {
				vals[k] *= row[i]
			}
			if col != nil {
				vals[k] *= col[cols[k]]
			}
		}
	}
}
