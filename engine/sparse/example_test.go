package sparse_test

import (
	"fmt"

	"planwerk/engine/sparse"
)

// Entries given twice are added.
func ExampleFromTriplets() {
	a, err := sparse.FromTriplets(2, 2, []int32{0, 1, 1}, []int32{1, 0, 0}, []float64{2, 3, 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float64, 2)
	a.Mul(y, []float64{10, 1}, 1)
	fmt.Println(y)
	// Output: [2 70]
}
