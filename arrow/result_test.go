package arrow

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every cell of every type comes back from every format, and the roots with it.
func TestResultReadBack(t *testing.T) {
	const rows = 20000
	for _, format := range []string{"parquet", "arrow", "csv"} {
		for _, intIDs := range []bool{true, false} {
			t.Run(fmt.Sprint(format, "/", intIDs), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "r")
				table := testTable("all", rows, 9, intIDs)
				root := mustWrite(t, dir, []ResultTable{table, testTable("none", 0, 1, intIDs)}, WriteOptions{Format: format})
				m, err := CheckResult(context.Background(), dir)
				if err != nil || m.ResultRoot != root {
					t.Fatalf("root %v, %v", m, err)
				}
				sameRows(t, dir, table)
			})
		}
	}
}

// sameRows compares a table read back with what Fill gives.
func sameRows(t *testing.T, dir string, table ResultTable) {
	t.Helper()
	r, err := OpenResult(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := int64(0)
	err = r.Scan(context.Background(), table.Name, func(first int64, columns []ResultColumn, b *ResultBatch) error {
		var want ResultBatch
		want.Reset(table.Columns, b.N)
		if err := table.Fill(first, first+int64(b.N), &want); err != nil {
			return err
		}
		for c := range columns {
			for row := range b.N {
				got := cellText(&columns[c], &b.Columns[c], row)
				if have := cellText(&table.Columns[c], &want.Columns[c], row); got != have {
					return fmt.Errorf("%s, row %d: %q, want %q", columns[c].Name, first+int64(row), got, have)
				}
			}
		}
		seen += int64(b.N)
		return nil
	})
	if err != nil || seen != table.Rows {
		t.Fatalf("%d rows, %v", seen, err)
	}
}

// Whatever byte of a result's files changes, CheckResult says so and does not panic.
func TestCheckResultDamage(t *testing.T) {
	for _, format := range []string{"parquet", "arrow", "csv"} {
		dir := filepath.Join(t.TempDir(), "r")
		mustWrite(t, dir, []ResultTable{testTable("t", 50, 9, true)}, WriteOptions{Format: format})
		for _, name := range []string{"t." + format, SummaryFile} {
			path := filepath.Join(dir, name)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(data); i += 1 + len(data)/60 {
				bad := bytes.Clone(data)
				bad[i] ^= 0x20
				rewrite(t, path, bad)
				if _, err := CheckResult(context.Background(), dir); err == nil || !strings.Contains(err.Error(), name) {
					t.Fatalf("%s: byte %d changed: %v", name, i, err)
				}
			}
			rewrite(t, path, data[:len(data)-1])
			if _, err := CheckResult(context.Background(), dir); err == nil {
				t.Fatalf("%s: cut short: no error", name)
			}
			rewrite(t, path, data)
		}
		if err := os.Remove(filepath.Join(dir, "t."+format)); err != nil {
			t.Fatal(err)
		}
		if _, err := CheckResult(context.Background(), dir); err == nil {
			t.Fatal("a missing file: no error")
		}
	}
}

func rewrite(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// A damaged table file whose digest was made to fit is an error or other rows, never a panic or a hang.
func TestScanDamagedBytes(t *testing.T) {
	for _, format := range []string{"parquet", "arrow", "csv"} {
		dir := filepath.Join(t.TempDir(), "r")
		mustWrite(t, dir, []ResultTable{testTable("t", 40, 9, false)}, WriteOptions{Format: format})
		data, err := os.ReadFile(filepath.Join(dir, "t."+format))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "x")
		for i := 0; i < len(data); i += damageStep {
			for _, flip := range []byte{0xff, 0x01} {
				bad := bytes.Clone(data)
				bad[i] ^= flip
				rewrite(t, path, bad)
				scanQuietly(t, path)
			}
			rewrite(t, path, data[:i])
			scanQuietly(t, path)
		}
	}
}

func scanQuietly(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := scanFile(context.Background(), f, testColumns(false), true, func(int64, []ResultColumn, *ResultBatch) error { return nil })
	if err == nil && rows > 1<<20 {
		t.Fatalf("%d rows out of a file of 40", rows)
	}
}

func TestReadDebts(t *testing.T) {
	columns := []ResultColumn{{Name: "subsystem", Type: ColID, IntIDs: true}, {Name: "after", Type: ColTime},
		{Name: "debt_out", Type: ColDecimal6}, {Name: "tax_rate", Type: ColFloat64, Nullable: true}}
	want := []Debt{{"3", Int128Of(1_500_000)}, {"17", Int128Of(-1)}, {"400", Int128{Hi: 1}}}
	table := ResultTable{Name: "revisions", Columns: columns, Rows: 3, Fill: func(from, to int64, b *ResultBatch) error {
		for i := range b.N {
			fmt.Sscan(want[from+int64(i)].Subsystem, &b.Columns[0].Ints[i])
			b.Columns[2].Wide[i] = want[from+int64(i)].DebtOut
			b.Columns[3].Null[i] = i == 1
		}
		return nil
	}}
	for _, format := range []string{"parquet", "arrow", "csv"} {
		dir := filepath.Join(t.TempDir(), "r")
		mustWrite(t, dir, []ResultTable{table}, WriteOptions{Format: format})
		for _, path := range []string{dir, filepath.Join(dir, "revisions."+format)} {
			got, err := ReadDebts(path)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, %v", path, got, err)
			}
		}
	}
	bad := filepath.Join(t.TempDir(), "revisions.csv")
	for text, problem := range map[string]string{
		"subsystem,debt_out\n7,x\n":           `"x" is not a decimal`,
		"subsystem\n7\n":                      "debt_out: missing",
		"subsystem,debt_out\n,1\n":            "subsystem",
		"":                                    "empty",
		"subsystem,debt_out\n1,2,3\n":         "3 fields",
		"subsystem,debt_out\n1,2\n3,4\n1,2\n": "row 3: 1 is there twice",
	} {
		rewrite(t, bad, []byte(text))
		if got, err := ReadDebts(bad); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, problem)
		}
	}
	if _, err := ReadDebts(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file: no error")
	}
}

// What no file could hold is refused with its place.
func TestWriteRefusesCells(t *testing.T) {
	column := func(c ResultColumn) []ResultColumn {
		c.Name = "c"
		return []ResultColumn{{Name: "k", Type: ColInt64}, c}
	}
	for name, c := range map[string]struct {
		column ResultColumn
		set    func(v *ResultVector)
	}{
		"38 digits":        {ResultColumn{Type: ColDecimal6}, func(v *ResultVector) { v.Wide[2] = decimalLimit }},
		"null":             {ResultColumn{Type: ColInt64}, func(v *ResultVector) { v.Null = []bool{false, false, true} }},
		"not UTF-8":        {ResultColumn{Type: ColText}, func(v *ResultVector) { v.Text = texts("a", "", "\xff") }},
		"not negative":     {ResultColumn{Type: ColID, IntIDs: true}, func(v *ResultVector) { v.Ints[2] = -1 }},
		"empty id":         {ResultColumn{Type: ColID}, func(v *ResultVector) { v.Text = texts("a", "b", "") }},
		"neither 0 nor 1":  {ResultColumn{Type: ColFlag}, func(v *ResultVector) { v.Flags[2] = 2 }},
		"want 32":          {ResultColumn{Type: ColHash}, func(v *ResultVector) { v.Text = texts(strings.Repeat("x", 32), strings.Repeat("y", 32), "z") }},
		"18 digits":        {ResultColumn{Type: ColMicro}, func(v *ResultVector) { v.Ints[2] = 1e18 }},
		"2 cells":          {ResultColumn{Type: ColInt64}, func(v *ResultVector) { v.Ints = v.Ints[:2] }},
		"null with a text": {ResultColumn{Type: ColText, Nullable: true}, func(v *ResultVector) { v.Text = texts("", "", "x"); v.Null[2] = true }},
	} {
		table := ResultTable{Name: "t", Columns: column(c.column), Rows: 3, Fill: func(_, _ int64, b *ResultBatch) error {
			clear(b.Columns[0].Ints)
			clear(b.Columns[1].Ints)
			clear(b.Columns[1].Wide)
			clear(b.Columns[1].Flags)
			c.set(&b.Columns[1])
			return nil
		}}
		for _, format := range []string{"parquet", "arrow", "csv"} {
			dir := filepath.Join(t.TempDir(), "r")
			_, err := WriteResult(context.Background(), dir, []ResultTable{table}, nil, Manifest{}, nil, WriteOptions{Format: format})
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "table t, column c") {
				t.Errorf("%s: %s: %v", format, name, err)
			}
			noTrace(t, dir)
		}
	}
}

func texts(list ...string) (v TextVector) {
	for _, s := range list {
		v.AppendString(s)
	}
	return v
}

// noTrace fails when the directory, or a temporary one beside it, is there.
func noTrace(t testing.TB, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == filepath.Base(dir) || strings.HasPrefix(e.Name(), ".tmp-") {
			t.Fatalf("%s was left behind", e.Name())
		}
	}
}
