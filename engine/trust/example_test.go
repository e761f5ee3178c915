package trust_test

import (
	"fmt"

	"planwerk/engine/ledger"
	"planwerk/engine/trust"
)

// Three collectives; the first two trust each other from time 10 until 20.
func ExampleComponents() {
	l := &ledger.Ledger{
		Collectives: ledger.Collectives{N: 3, C2I: make([]uint8, 3)},
		Trust:       ledger.Trust{N: 1, A: []int32{0}, B: []int32{1}, Since: []int64{10}, Until: []int64{20}},
	}
	fmt.Println(trust.Components(l, 15), trust.Components(l, 20))
	// Output: [0 0 2] [0 1 2]
}
