package native_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"planwerk/engine/ledger"
	"planwerk/ledgeradapter/native"
)

// A directory with one table is an export.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "export-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	table := "collective,kind\nbakery,c2c\nshop,c2i\n"
	if err := os.WriteFile(filepath.Join(dir, "collectives.csv"), []byte(table), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	raw, inputs, err := native.Load(context.Background(), dir, native.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(raw.Tables[ledger.TCollectives].Rows, inputs.Files[0].Path, inputs.Files[0].SHA256[:8])
	// Output: 2 collectives.csv a927c48e
}
