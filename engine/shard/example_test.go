package shard_test

import (
	"fmt"

	"planwerk/engine/shard"
)

// Rows of 5, 1, 1, 1 and 4 entries in two pieces of about the same weight.
func ExampleWeighted() {
	fmt.Println(shard.Weighted([]int64{0, 5, 6, 7, 8, 12}, 2))
	// Output: [[0 2] [2 5]]
}
