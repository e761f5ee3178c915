package arrow_test

import (
	"fmt"

	"planwerk/arrow"
)

// The root of no leaves is the hash of nothing (RFC 6962).
func ExampleMerkleTree() {
	var t arrow.MerkleTree
	fmt.Println(t.Root())
	// Output: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
}
