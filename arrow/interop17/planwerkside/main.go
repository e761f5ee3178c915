// Command planwerkside is planwerk's half of the tests with v17: the two libraries define the same assembly symbols, so
// that no one program can hold both.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"planwerk/arrow"
	"planwerk/engine/ledger"
	"planwerk/ledgeradapter/native"
)

func main() {
	var err error
	switch os.Args[1] {
	case "load":
		err = load(os.Args[2])
	case "export":
		err = export(os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

// load inspects the files of an export and prints its trust table, a row a line.
func load(dir string) error {
	ctx := context.Background()
	files, err := filepath.Glob(filepath.Join(dir, "trust.*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, err := arrow.Inspect(ctx, f, "", arrow.Options{}); err != nil {
			return err
		}
	}
	raw, _, err := native.Load(ctx, dir, native.Options{})
	if err != nil {
		return err
	}
	t, ids := &raw.Tables[ledger.TTrust], raw.Domains[ledger.DomCollective]
	out := bufio.NewWriter(os.Stdout)
	for i := range t.Rows {
		fmt.Fprintln(out, ids.Text(t.Cols[0].Keys.At(i)), ids.Text(t.Cols[1].Keys.At(i)), t.Cols[2].Int[i], t.Cols[3].Int[i])
	}
	return out.Flush()
}

// Rows that export writes.
const rows = 5000

// export writes an export of one table: row i is (i², "x<i>", i µs, −i µmin).
func export(dir, format string) error {
	e, err := arrow.NewExport(dir, arrow.ExportOptions{Format: format})
	if err != nil {
		return err
	}
	defer e.Abort()
	table := arrow.ResultTable{Name: "trust", Rows: rows, Columns: []arrow.ResultColumn{{Name: "a", Type: arrow.ColID, IntIDs: true},
		{Name: "b", Type: arrow.ColID}, {Name: "since", Type: arrow.ColTime}, {Name: "value", Type: arrow.ColDecimal6}},
		Fill: func(from, to int64, b *arrow.ResultBatch) error {
			for i := from; i < to; i++ {
				k := i - from
				b.Columns[0].Ints[k], b.Columns[2].Ints[k], b.Columns[3].Wide[k] = i*i, i, arrow.Int128Of(-i)
				b.Columns[1].Text.AppendString(fmt.Sprintf("x%d", i))
			}
			return nil
		}}
	if err := e.WriteTable(context.Background(), table); err != nil {
		return err
	}
	return e.Commit()
}
