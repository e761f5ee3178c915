package arrow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// testColumns has a column of every type that results use, nullable and not.
func testColumns(intIDs bool) []ResultColumn {
	return []ResultColumn{
		{Name: "id", Type: ColID, IntIDs: intIDs},
		{Name: "other", Type: ColID, IntIDs: intIDs, Nullable: true},
		{Name: "value", Type: ColDecimal6},
		{Name: "maybe_value", Type: ColDecimal6, Nullable: true},
		{Name: "numerator", Type: ColDecimal0, Nullable: true},
		{Name: "count", Type: ColInt64},
		{Name: "maybe_count", Type: ColInt64, Nullable: true},
		{Name: "rate", Type: ColFloat64, Nullable: true},
		{Name: "at", Type: ColTime},
		{Name: "until", Type: ColTime, Nullable: true},
		{Name: "common", Type: ColFlag},
		{Name: "maybe", Type: ColFlag, Nullable: true},
		{Name: "note", Type: ColText, Nullable: true},
	}
}

// testCell gives every row its own reproducible random numbers.
func testCell(seed uint64, row int64) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(row))) }

var awkwardTexts = []string{"", "plain", "comma, \"quote\"\nand line", "\r\n", "ünïcode ✓", " space ", "0", "null", `"`, "a,b", "\t\x01"}

func fillTestRow(b *ResultBatch, i int, r *rand.Rand, id int64, intIDs bool) {
	null := func(c int) bool {
		b.Columns[c].Null[i] = r.IntN(4) == 0
		return b.Columns[c].Null[i]
	}
	putID := func(c int, x int64, isNull bool) {
		switch {
		case intIDs:
			b.Columns[c].Ints[i] = x
		case isNull:
			b.Columns[c].Text.Append(nil)
		default:
			b.Columns[c].Text.AppendString(fmt.Sprint(x))
		}
	}
	small := func() int64 { return r.Int64N(2e12) - 1e12 }
	putID(0, id, false)
	putID(1, r.Int64N(1000), null(1))
	b.Columns[2].Wide[i] = Int128Of(small())
	b.Columns[3].Wide[i] = Int128{Hi: r.Int64N(1<<61) - 1<<60, Lo: r.Uint64()}
	null(3)
	b.Columns[4].Wide[i] = Int128Of(small())
	null(4)
	b.Columns[5].Ints[i] = small()
	b.Columns[6].Ints[i] = int64(r.Uint64())
	null(6)
	b.Columns[7].Floats[i] = r.NormFloat64()
	null(7)
	b.Columns[8].Ints[i] = 1e15 + small()*1000
	b.Columns[9].Ints[i] = int64(r.Uint64())
	null(9)
	b.Columns[10].Flags[i] = uint8(r.IntN(2))
	b.Columns[11].Flags[i] = uint8(r.IntN(2))
	null(11)
	if null(12) {
		b.Columns[12].Text.Append(nil)
	} else {
		b.Columns[12].Text.AppendString(awkwardTexts[r.IntN(len(awkwardTexts))])
	}
}

// testTable is a reproducible table; the same seed gives the same cells whatever the storage of ids.
func testTable(name string, rows int64, seed uint64, intIDs bool) ResultTable {
	return ResultTable{Name: name, Columns: testColumns(intIDs), Rows: rows,
		Fill: func(from, to int64, b *ResultBatch) error {
			for i := range int(to - from) {
				row := from + int64(i)
				fillTestRow(b, i, testCell(seed, row), 3*row, intIDs)
			}
			return nil
		}}
}

var testParams = []Parameter{{"until", "2026-02-01"}, {"after", "2026-01-01"}}

func testManifest() Manifest {
	return Manifest{Engine: "0.1.0", ModelVersion: "1", Ledger: "export", Inputs: []InputFile{{Path: "workloads.parquet", Rows: 33, Bytes: 4,
		SHA256: sha256Sum(nil).String()}}}
}

func mustWrite(t testing.TB, dir string, tables []ResultTable, opt WriteOptions) string {
	t.Helper()
	opt.fs = &faultyFiles{} // without faults, and without waiting for the disk
	root, err := WriteResult(context.Background(), dir, tables, testParams, testManifest(),
		func(root string) any { return map[string]any{"root": root, "rows": 7} }, opt)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// The governing invariant: the same bytes at any thread count, and one root for every format and storage of ids.
func TestWriteResultSameBytes(t *testing.T) {
	tables := func(intIDs bool) []ResultTable {
		big := couponTable(2*chunkRows + 12345)
		big.Columns, big.Fill = big.Columns[2:4], func(from, to int64, b *ResultBatch) error {
			for i := range b.N {
				b.Columns[0].Ints[i] = (from + int64(i)) / 3
				b.Columns[1].Wide[i] = Int128Of((from + int64(i)) * 7919)
			}
			return nil
		}
		return []ResultTable{big, testTable("averages", 3001, 2, intIDs), testTable("empty", 0, 3, intIDs), testTable("one", 1, 4, intIDs)}
	}
	var root string
	for _, format := range []string{"parquet", "arrow", "csv"} {
		var first string
		for _, threads := range []int{1, 3, 7} {
			dir := filepath.Join(t.TempDir(), "result")
			r := mustWrite(t, dir, tables(threads != 7), WriteOptions{Format: format, Threads: threads})
			if root == "" {
				root = r
			}
			if r != root {
				t.Fatalf("%s, %d threads: root %s, want %s", format, threads, r, root)
			}
			if threads == 7 {
				sameFile(t, filepath.Join(first, "coupons."+format), filepath.Join(dir, "coupons."+format))
				continue // the others have ids as text: another file, the same root
			}
			if first == "" {
				first = dir
				continue
			}
			for _, name := range []string{"coupons", "averages", "empty", "one"} {
				sameFile(t, filepath.Join(first, name+"."+format), filepath.Join(dir, name+"."+format))
			}
		}
	}
}

func sameFile(t *testing.T, a, b string) {
	t.Helper()
	x, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	if string(x) != string(y) {
		t.Fatalf("%s and %s differ", a, b)
	}
}
