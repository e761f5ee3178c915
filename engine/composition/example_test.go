package composition_test

import (
	"fmt"

	"planwerk/engine/composition"
	"planwerk/kernels"
)

// A machine of a frame (600 minutes of labour, lasting 1000 minutes) and a blade (50 minutes, lasting 100): what it has
// given away at three ages, and what it gave beyond its estimate at the last.
func ExampleProfile() {
	p := composition.NewProfile([]int64{100, 1000}, []kernels.Int128{kernels.I128(50_000_000), kernels.I128(600_000_000)})
	for _, age := range []int64{10, 500, 2000} {
		fmt.Println(age, p.Transferred(age), p.Remaining(age))
	}
	fmt.Println(p.Over(2000))
	// Output:
	// 10 11000000 639000000
	// 500 350000000 300000000
	// 2000 650000000 0
	// 650000000
}
