package kernels_test

import (
	"fmt"

	"planwerk/kernels"
)

// Cascade rounding: 100 shared over parts of 1, 1 and 1 of 3 gives parts that sum to 100.
func ExampleMulDivFloor() {
	whole, before := kernels.I128(100), kernels.I128(0)
	for i := range int64(3) {
		upTo, _ := kernels.MulDivFloor(whole, kernels.I128(i+1), kernels.I128(3))
		fmt.Println(upTo.Sub(before))
		before = upTo
	}
	// Output:
	// 33
	// 33
	// 34
}

// The eight lanes of a sum are fixed, so it has the same bits on every machine.
func ExampleDot() {
	fmt.Println(kernels.Dot([]float64{1, 2, 3}, []float64{4, 5, 6}))
	// Output: 32
}
