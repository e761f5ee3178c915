package revision_test

import (
	"fmt"

	"planwerk/engine/revision"
	"planwerk/kernels"
)

// A rate is kept as an exact pair in lowest terms.
func ExampleReduce() {
	fmt.Println(revision.Reduce(kernels.I128(2512), kernels.I128(6280)))
	// Output: 2 5
}
