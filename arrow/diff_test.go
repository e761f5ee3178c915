package arrow

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// changed is a table with one cell, row or column of another changed.
func changed(t ResultTable, change func(first int64, b *ResultBatch)) ResultTable {
	fill := t.Fill
	t.Fill = func(from, to int64, b *ResultBatch) error {
		err := fill(from, to, b)
		change(from, b)
		return err
	}
	return t
}

func inRow(row int64, set func(b *ResultBatch, i int)) func(int64, *ResultBatch) {
	return func(first int64, b *ResultBatch) {
		if row >= first && row < first+int64(b.N) {
			set(b, int(row-first))
		}
	}
}

func TestDiff(t *testing.T) {
	const rows = 9000
	base := func(intIDs bool) []ResultTable {
		return []ResultTable{testTable("averages", 40, 1, intIDs), testTable("coupons", rows, 2, intIDs)}
	}
	value := func(row int64) []ResultTable {
		ts := base(true)
		ts[1] = changed(ts[1], inRow(row, func(b *ResultBatch, i int) { b.Columns[2].Wide[i] = Int128Of(1_500_000) }))
		return ts
	}
	shorter := base(true)
	shorter[1].Rows -= 2
	rate := base(true)
	rate[0] = changed(rate[0], inRow(7, func(b *ResultBatch, i int) { b.Columns[7].Null[i], b.Columns[7].Floats[i] = false, 0.25 }))
	renamed := base(true)
	renamed[1].Columns = testColumns(true)
	renamed[1].Columns[5].Name = "number"
	for name, c := range map[string]struct {
		b    []ResultTable
		want string
	}{
		"same":         {base(true), ""},
		"text ids":     {base(false), ""},
		"first row":    {value(0), "table coupons, row 0 (0), column value: "},
		"late row":     {value(8500), "table coupons, row 8500 (25500), column value: "},
		"two tables":   {[]ResultTable{rate[0], value(3)[1]}, "table averages, row 7 (21), column rate: "},
		"fewer rows":   {shorter, fmt.Sprintf("table coupons, row %d (%d, ): present, absent", rows-2, 3*(rows-2))},
		"no table":     {base(true)[:1], "table coupons: present, absent"},
		"other column": {renamed, "table coupons: id id, "},
	} {
		a := filepath.Join(t.TempDir(), "a")
		mustWrite(t, a, base(true), WriteOptions{})
		for _, format := range []string{"parquet", "arrow", "csv"} {
			b := filepath.Join(t.TempDir(), "b")
			mustWrite(t, b, c.b, WriteOptions{Format: format})
			d, err := Diff(context.Background(), a, b)
			if err != nil {
				t.Fatal(err)
			}
			if d == nil != (c.want == "") || d != nil && !strings.HasPrefix(d.String(), c.want) {
				t.Errorf("%s, %s: %v, want %q", name, format, d, c.want)
			}
			if d != nil && strings.Contains(name, "row") && d.Column == "value" && d.B != "1.500000" {
				t.Errorf("%s: B is %s", name, d.B)
			}
		}
	}
}

func TestDiffParameters(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	tables := []ResultTable{testTable("t", 3, 1, true)}
	for dir, params := range map[string][]Parameter{a: {{"until", "1"}, {"rounding", "floor"}}, b: {{"until", "2"}, {"limit", "1/10"}}} {
		if _, err := WriteResult(context.Background(), dir, tables, params, Manifest{}, nil, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Diff(context.Background(), a, b)
	want := "parameter limit: \"\", \"1/10\"\nparameter rounding: \"floor\", \"\"\nparameter until: \"1\", \"2\"\n"
	if err != nil || d == nil || d.String() != want {
		t.Errorf("%v, %v; want %s", d, err, want)
	}
}
