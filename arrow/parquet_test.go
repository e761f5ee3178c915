package arrow

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
)

// TestRefusedCells pins the messages for types and cells that cannot be held, in Parquet and Arrow IPC.
func TestRefusedCells(t *testing.T) {
	list := func(cells ...string) func(int) string { return func(i int) string { return cells[i] } }
	for _, c := range []struct {
		kind  Kind
		dt    aa.DataType
		cells []string
		want  string // after "column x, "
	}{
		{KindValue, aa.PrimitiveTypes.Float64, []string{"1.5", "2"}, "row 1: has type %s; a float is not exact; write it as decimal(p, 6) or as integers"},
		{KindAmount, &aa.Decimal128Type{Precision: 20, Scale: 7}, []string{`"1"`, `"2"`}, "row 1: a decimal with scale 7; at most six places can be held exactly: write it as decimal(p, 6)"},
		{KindValue, aa.PrimitiveTypes.Int64, []string{"1", "null", "9223372036855"}, "row 3: 9223372036855 is out of range; at most ±(2⁶³−1) of the smallest unit can be held"},
		{KindMinutes, aa.PrimitiveTypes.Int64, []string{"-9223372036854775808"}, "row 1: -9223372036854775808 is out of range; at most ±(2⁶³−1) of the smallest unit can be held"},
		{KindMinutes, aa.PrimitiveTypes.Uint64, []string{"1", "9223372036854775808"}, "row 2: 9223372036854775808 is out of range; at most ±(2⁶³−1) of the smallest unit can be held"},
		{KindValue, &aa.Decimal128Type{Precision: 38, Scale: 6}, []string{"null", `"1"`, `"9223372036854.775808"`}, "row 3: 9223372036854775808 is out of range; at most ±(2⁶³−1) of the smallest unit can be held"},
		{KindID, aa.PrimitiveTypes.Int32, []string{"5", "null", "-5"}, "row 3: -5 is negative; an id is an integer from 0 to 2⁶³−1 or a text"},
		{KindID, aa.PrimitiveTypes.Uint64, []string{"18446744073709551615"}, "row 1: 18446744073709551615 is beyond 2⁶³−1; write ids of that size as texts"},
		{KindTime, &aa.TimestampType{Unit: aa.Nanosecond}, []string{`"2026-01-31 00:00:00.000001"`, `"2026-01-31 00:00:00.0000001"`}, "row 2: 1769817600000000100 nanoseconds are no whole number of microseconds; round times to microseconds"},
		{KindTime, &aa.TimestampType{Unit: aa.Millisecond}, []string{"9223372036854776"}, "row 1: 9223372036854776 is out of range; at most ±(2⁶³−1) of the smallest unit can be held"},
		{KindFlag, aa.PrimitiveTypes.Int32, []string{"1"}, "row 1: has type %s, which cannot be read as a flag; write it as bool"},
		{KindText, aa.PrimitiveTypes.Int64, []string{"1"}, "row 1: has type %s, which cannot be read as a text; write it as utf8"},
		{KindID, aa.PrimitiveTypes.Float64, []string{"1"}, "row 1: has type %s, which cannot be read as an id; write ids as int64, utf8 or binary"},
	} {
		rec := makeRecord([]string{"x"}, []aa.Array{makeArray(t, c.dt, len(c.cells), list(c.cells...))})
		for name, data := range map[string][]byte{"a.parquet": parquetBytes(t, rec, 2), "b.parquet": parquetBytes(t, rec, 99, parquet.WithDictionaryDefault(false)), "a.arrow": ipcBytes(t, rec, true, 2)} {
			_, err := readTestTable(t, []Column{{Name: "x", Kind: c.kind, Interner: &textInterner{}}}, writeTestFile(t, name, data))
			typ := c.dt.String()
			if strings.HasSuffix(name, ".parquet") {
				typ = map[aa.Type]string{aa.FLOAT64: "DOUBLE", aa.INT32: "INT32 Int(bitWidth=32, isSigned=true)", aa.INT64: "INT64 Int(bitWidth=64, isSigned=true)"}[c.dt.ID()]
			}
			want := name + ", table things, column x, " + c.want
			if strings.Contains(want, "%s") {
				want = fmt.Sprintf(want, typ)
			}
			if err == nil || err.Error() != want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		}
	}
}

// TestUnusedBadEntry accepts a dictionary entry that could not be held when no cell uses it.
func TestUnusedBadEntry(t *testing.T) {
	dt := &aa.DictionaryType{IndexType: aa.PrimitiveTypes.Int8, ValueType: aa.PrimitiveTypes.Int64}
	arr, err := array.DictArrayFromJSON(memory.DefaultAllocator, dt, `[1, 1, null]`, `[-7, 8]`)
	if err != nil {
		t.Fatal(err)
	}
	rec := makeRecord([]string{"x"}, []aa.Array{arr})
	d, err := readTestTable(t, []Column{{Name: "x", Kind: KindID}}, writeTestFile(t, "a.arrow", ipcBytes(t, rec, true, 3, ipc.WithZstd())))
	if err != nil || d.Cols[0].Ints[1] != 8 || d.Cols[0].Ints[2] != NullInt {
		t.Errorf("%v %+v", err, d)
	}
}

// TestNullType reads columns that never had a value as nulls of any kind.
func TestNullType(t *testing.T) {
	rec := makeRecord([]string{"id", "value", "text", "flag"}, []aa.Array{makeArray(t, aa.PrimitiveTypes.Int64, 3, func(i int) string { return fmt.Sprint(i) }),
		array.NewNull(3), array.NewNull(3), array.NewNull(3)})
	cols := []Column{{Name: "id", Kind: KindID}, {Name: "value", Kind: KindValue, Optional: true}, {Name: "text", Kind: KindText, Optional: true}, {Name: "flag", Kind: KindFlag, Optional: true}}
	for name, data := range map[string][]byte{"a.parquet": parquetBytes(t, rec, 2), "a.arrow": ipcBytes(t, rec, true, 3), "a.arrows": ipcBytes(t, rec, false, 2)} {
		d, err := readTestTable(t, cols, writeTestFile(t, name, data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d.Cols[1].Ints[2] != NullInt || len(textsOf(&d.Cols[2])) != 3 || d.Cols[3].Flags[0] != FlagNull {
			t.Errorf("%s: %+v", name, d.Cols)
		}
	}
}

// TestManyColumns reads a file of very many columns, whole and two of them.
func TestManyColumns(t *testing.T) {
	n := manyColumns
	names, arrays := make([]string, n), make([]aa.Array, n)
	one := makeArray(t, aa.PrimitiveTypes.Int64, 2, func(i int) string { return fmt.Sprint(i) })
	for i := range names {
		names[i], arrays[i] = fmt.Sprintf("c%d", i), one
	}
	rec := makeRecord(names, arrays)
	csv := []byte(strings.Join(names, ",") + "\n" + strings.Repeat("1,", n-1) + "1\n")
	for name, data := range map[string][]byte{"a.parquet": parquetBytes(t, rec, 2, parquet.WithStats(false)), "a.arrow": ipcBytes(t, rec, true, 2), "a.csv": csv} {
		f := writeTestFile(t, name, data)
		if err := inspectWithin(t, f.Path, "", 256<<20); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		d, err := readTestTable(t, []Column{{Name: "c7", Kind: KindID, Interner: &textInterner{}}, {Name: names[n-1], Kind: KindValue}}, f)
		if err != nil || d.Cols[1].Ints[0] > 1e6 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFloats refuses what is no finite number and takes the sign from zero.
func TestFloats(t *testing.T) {
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		b.AppendValues([]float64{math.Copysign(0, -1), f}, nil)
		rec := makeRecord([]string{"x"}, []aa.Array{b.NewArray()})
		for name, data := range map[string][]byte{"a.parquet": parquetBytes(t, rec, 2), "a.arrow": ipcBytes(t, rec, true, 2)} {
			_, err := readTestTable(t, []Column{{Name: "x", Kind: KindFloat}}, writeTestFile(t, name, data))
			want := fmt.Sprintf("%s, table things, column x, row 2: %v is not a finite number; leave the cell empty (null) if there is none", name, f)
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	}
	if f, e := heldFloat(math.Copysign(0, -1)); e != nil || math.Signbit(f) {
		t.Errorf("−0 is held as %v (%v)", f, e)
	}
}

// TestInspectDigest gives the same digest whatever the encoding, and another one for other cells.
func TestInspectDigest(t *testing.T) {
	rec, _ := formatRecord(t, 0, 500, true)
	digest := func(name string, data []byte) string {
		x, err := Inspect(context.Background(), writeTestFile(t, name, data).Path, "", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if x.Rows != 500 || len(x.Columns) != len(formatCells) || x.Columns[1].Nulls != 71 || x.Columns[1].Min != "-50" || x.Columns[1].Max != "49" || x.Columns[2].Min != "2026-01-01T00:00:00Z" {
			t.Errorf("%s: %+v", name, x)
		}
		return x.Digest
	}
	want := digest("a.parquet", parquetBytes(t, rec, 100))
	if got := digest("b.parquet", parquetBytes(t, rec, 500, parquet.WithDictionaryDefault(false), parquet.WithDataPageVersion(parquet.DataPageV2))); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	if got := digest("a.arrow", ipcBytes(t, rec, true, 77)); got != want {
		t.Errorf("arrow digest %s, want %s", got, want)
	}
	other, _ := formatRecord(t, 0, 501, true)
	if x, err := Inspect(context.Background(), writeTestFile(t, "c.parquet", parquetBytes(t, other.NewSlice(1, 501), 500)).Path, "", Options{}); err != nil || x.Digest == want {
		t.Errorf("other rows have the same digest (%v)", err)
	}
}
