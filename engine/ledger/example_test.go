package ledger_test

import (
	"fmt"

	"planwerk/engine/ledger"
)

// Ids compare by the length of their text, then bytewise; integers and their texts are the same id.
func ExampleDomain() {
	d := ledger.NewDomain("workload")
	fmt.Println(d.Intern([]byte("42")) == 42, d.Compare(d.Intern([]byte("zz")), d.Intern([]byte("100"))))
	// Output: true -1
}
