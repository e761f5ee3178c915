package interop17

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	aa "github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

const rows = 5000

// record makes a trust table, its first id an integer or a text in a dictionary.
func record(t *testing.T, text bool) aa.Record {
	t.Helper()
	id, cell := aa.DataType(aa.PrimitiveTypes.Int64), func(i int) string { return fmt.Sprint(i * i) }
	if text {
		id, cell = &aa.DictionaryType{IndexType: aa.PrimitiveTypes.Int32, ValueType: aa.BinaryTypes.String}, func(i int) string { return fmt.Sprintf(`"c%d"`, i%700) }
	}
	columns := []struct {
		name string
		dt   aa.DataType
		cell func(i int) string
	}{
		{"a", id, cell},
		{"b", aa.BinaryTypes.String, func(i int) string { return fmt.Sprintf(`"x%d"`, i) }},
		{"since", &aa.TimestampType{Unit: aa.Millisecond}, func(i int) string { return fmt.Sprint(1_700_000_000_000 + i) }},
		{"until", aa.PrimitiveTypes.Int64, func(i int) string {
			if i%3 == 0 {
				return "null"
			}
			return fmt.Sprint(i)
		}},
	}
	var fields []aa.Field
	var arrays []aa.Array
	for _, c := range columns {
		var b strings.Builder
		for i := range rows {
			b.WriteString(string(",["[boolIndex(i == 0)]) + c.cell(i))
		}
		arr, _, err := array.FromJSON(memory.DefaultAllocator, c.dt, strings.NewReader(b.String()+"]"))
		if err != nil {
			t.Fatal(err)
		}
		fields = append(fields, aa.Field{Name: c.name, Type: c.dt, Nullable: true})
		arrays = append(arrays, arr)
	}
	return array.NewRecord(aa.NewSchema(fields, nil), arrays, rows)
}

func boolIndex(b bool) int {
	if b {
		return 1
	}
	return 0
}

// planwerkSide builds planwerk's half once.
var planwerkSide = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "interop17")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "planwerkside")
	out, err := exec.Command("go", "build", "-o", path, "./planwerkside").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := planwerkSide(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

func planwerk(t *testing.T, args ...string) string {
	t.Helper()
	path, err := planwerkSide()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
	return string(out)
}

// check reads data as the trust table of an export and compares every row.
func check(t *testing.T, what, name string, data []byte, text bool) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for i := range rows {
		a, until := fmt.Sprint(i*i), int64(i)
		if text {
			a = fmt.Sprintf("c%d", i%700)
		}
		if i%3 == 0 {
			until = math.MinInt64
		}
		fmt.Fprintln(&want, a, fmt.Sprintf("x%d", i), (1_700_000_000_000+int64(i))*1000, until)
	}
	if got := planwerk(t, "load", dir); got != want.String() {
		t.Fatalf("%s: the rows differ: %.200s", what, got)
	}
}

// TestReadV17 reads what v17 writes: Parquet of both page versions and every compression, files, streams.
func TestReadV17(t *testing.T) {
	for _, text := range []bool{false, true} {
		rec := record(t, text)
		for _, codec := range []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd} {
			for _, version := range []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2} {
				var b bytes.Buffer
				w, err := pqarrow.NewFileWriter(rec.Schema(), &b, parquet.NewWriterProperties(parquet.WithCompression(codec), parquet.WithDataPageVersion(version), parquet.WithMaxRowGroupLength(1500)), pqarrow.DefaultWriterProps())
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Write(rec); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				check(t, fmt.Sprintf("parquet %v page version %v", codec, version), "trust.parquet", b.Bytes(), text)
			}
		}
		for what, opts := range map[string][]ipc.Option{"plain": nil, "lz4": {ipc.WithLZ4()}, "zstd": {ipc.WithZstd()}} {
			opts = append(opts, ipc.WithSchema(rec.Schema()))
			var stream bytes.Buffer
			w := ipc.NewWriter(&stream, opts...)
			if err := w.Write(rec); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			check(t, "stream "+what, "trust.arrows", stream.Bytes(), text)
			path := filepath.Join(t.TempDir(), "trust.arrow")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			fw, err := ipc.NewFileWriter(f, opts...)
			if err != nil {
				t.Fatal(err)
			}
			if err := fw.Write(rec); err != nil {
				t.Fatal(err)
			}
			if err := fw.Close(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			check(t, "file "+what, "trust.arrow", data, text)
		}
	}
}

// TestV17Reads has v17 read the Parquet and Arrow files that planwerk writes.
func TestV17Reads(t *testing.T) {
	for _, format := range []string{"parquet", "arrow"} {
		dir := filepath.Join(t.TempDir(), "export")
		planwerk(t, "export", dir, format)
		paths, err := filepath.Glob(filepath.Join(dir, "trust*"))
		if err != nil || len(paths) != 1 {
			t.Fatalf("%v %v", paths, err)
		}
		if st, err := os.Stat(paths[0]); err == nil && st.IsDir() {
			paths, _ = filepath.Glob(filepath.Join(paths[0], "*"))
		}
		var got []aa.Record
		for _, p := range paths {
			got = append(got, readV17(t, p)...)
		}
		n := int64(0)
		for _, rec := range got {
			a, b, v := rec.Column(0).(*array.Int64), rec.Column(1).(*array.String), rec.Column(3).(*array.Decimal128)
			for i := range int(rec.NumRows()) {
				if a.Value(i) != n*n || b.Value(i) != fmt.Sprintf("x%d", n) || v.Value(i).BigInt().Int64() != -n {
					t.Fatalf("%s: row %d: %v %v %v", format, n, a.Value(i), b.Value(i), v.Value(i).ToString(6))
				}
				n++
			}
		}
		if n != rows {
			t.Errorf("%s: v17 reads %d rows, want %d", format, n, rows)
		}
	}
}

func readV17(t *testing.T, path string) (recs []aa.Record) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".parquet") {
		r, err := file.NewParquetReader(f)
		if err != nil {
			t.Fatal(err)
		}
		fr, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{BatchSize: 1024}, memory.DefaultAllocator)
		if err != nil {
			t.Fatal(err)
		}
		rr, err := fr.GetRecordReader(context.Background(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for rr.Next() {
			rec := rr.Record()
			rec.Retain()
			recs = append(recs, rec)
		}
		return recs
	}
	r, err := ipc.NewFileReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.NumRecords() {
		rec, err := r.Record(i)
		if err != nil {
			t.Fatal(err)
		}
		rec.Retain()
		recs = append(recs, rec)
	}
	return recs
}
