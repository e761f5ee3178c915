package average_test

import (
	"fmt"

	"planwerk/engine/average"
	"planwerk/kernels"
)

// The value tag of one loaf where 600 loaves are worth 1000 minutes, in µmin, rounded up.
func ExampleTag() {
	tag, err := average.Tag(1_000_000, kernels.I128(1_000_000_000), kernels.I128(600_000_000))
	fmt.Println(tag, err)
	// Output: 1666667 <nil>
}
