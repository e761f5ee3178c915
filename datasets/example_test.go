package datasets_test

import (
	"fmt"
	"io/fs"

	"planwerk/datasets"
)

// The example ledger is part of the program.
func ExampleDemo() {
	tables, err := fs.Glob(datasets.Demo(), "*.csv")
	fmt.Println(len(tables), err)
	// Output: 24 <nil>
}
