package arrow

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// makeArray builds an array from the JSON of its cells.
func makeArray(t testing.TB, dt aa.DataType, n int, cell func(i int) string) aa.Array {
	t.Helper()
	var b strings.Builder
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(cell(i))
	}
	b.WriteByte(']')
	arr, _, err := array.FromJSON(memory.DefaultAllocator, dt, strings.NewReader(b.String()), array.WithUseNumber())
	if err != nil {
		t.Fatalf("%v: %v", dt, err)
	}
	return arr
}

func makeRecord(names []string, arrays []aa.Array) aa.RecordBatch {
	fields := make([]aa.Field, len(names))
	for i := range names {
		fields[i] = aa.Field{Name: names[i], Type: arrays[i].DataType(), Nullable: true}
	}
	return array.NewRecordBatch(aa.NewSchema(fields, nil), arrays, int64(arrays[0].Len()))
}

func parquetBytes(t testing.TB, rec aa.RecordBatch, rowGroup int64, props ...parquet.WriterProperty) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(rec.Schema(), &b, parquet.NewWriterProperties(append([]parquet.WriterProperty{parquet.WithMaxRowGroupLength(rowGroup)}, props...)...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ipcBytes(t testing.TB, rec aa.RecordBatch, file bool, batch int64, opts ...ipc.Option) []byte {
	t.Helper()
	var b bytes.Buffer
	opts = append(opts, ipc.WithSchema(rec.Schema()))
	var w interface {
		Write(aa.RecordBatch) error
		Close() error
	}
	if file {
		fw, err := ipc.NewFileWriter(&b, opts...)
		if err != nil {
			t.Fatal(err)
		}
		w = fw
	} else {
		w = ipc.NewWriter(&b, opts...)
	}
	for at := int64(0); at < rec.NumRows(); at += batch {
		if err := w.Write(rec.NewSlice(at, min(at+batch, rec.NumRows()))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// formatRows is enough for several pages and row groups, and not a multiple of anything.
const formatRows = 2503

// formatCells are the cells of the test table by column, as JSON; every type listed holds them exactly.
var formatCells = []struct {
	name  string
	kind  Kind
	cell  func(i int) string
	types []aa.DataType
}{
	{"id", KindID, func(i int) string { return fmt.Sprint(i * 37 % 127) }, []aa.DataType{
		aa.PrimitiveTypes.Int64, aa.PrimitiveTypes.Int8, aa.PrimitiveTypes.Int32, aa.PrimitiveTypes.Uint8, aa.PrimitiveTypes.Uint16, aa.PrimitiveTypes.Uint32,
		aa.PrimitiveTypes.Uint64, aa.BinaryTypes.String, aa.BinaryTypes.LargeString, aa.BinaryTypes.StringView,
		&aa.DictionaryType{IndexType: aa.PrimitiveTypes.Int16, ValueType: aa.BinaryTypes.String},
		&aa.DictionaryType{IndexType: aa.PrimitiveTypes.Uint8, ValueType: aa.PrimitiveTypes.Int64}}},
	{"value", KindValue, func(i int) string { return nullEvery(i, 7, fmt.Sprint(i%100-50)) }, []aa.DataType{
		aa.PrimitiveTypes.Int64, aa.PrimitiveTypes.Int8, aa.PrimitiveTypes.Int16, &aa.Decimal128Type{Precision: 18, Scale: 6}, &aa.Decimal128Type{Precision: 9, Scale: 2},
		&aa.Decimal128Type{Precision: 38, Scale: 6}, &aa.Decimal256Type{Precision: 60, Scale: 3}, &aa.Decimal32Type{Precision: 9, Scale: 1}, &aa.Decimal64Type{Precision: 18, Scale: 0},
		&aa.DictionaryType{IndexType: aa.PrimitiveTypes.Int8, ValueType: &aa.Decimal128Type{Precision: 18, Scale: 6}}}},
	{"time", KindTime, func(i int) string { return nullEvery(i, 11, fmt.Sprintf("%q", fmt.Sprintf("2026-01-%02d", 1+i%28))) }, []aa.DataType{
		&aa.TimestampType{Unit: aa.Microsecond}, &aa.TimestampType{Unit: aa.Second, TimeZone: "UTC"}, &aa.TimestampType{Unit: aa.Millisecond, TimeZone: "Europe/Berlin"},
		&aa.TimestampType{Unit: aa.Nanosecond}, aa.FixedWidthTypes.Date32, aa.FixedWidthTypes.Date64}},
	{"minutes", KindMinutes, func(i int) string { return nullEvery(i, 5, fmt.Sprint(i%120)) }, []aa.DataType{
		aa.PrimitiveTypes.Int64, aa.PrimitiveTypes.Uint8, aa.PrimitiveTypes.Uint64, &aa.Decimal128Type{Precision: 20, Scale: 0}}},
	{"flag", KindFlag, func(i int) string { return nullEvery(i, 13, fmt.Sprint(i%3 == 0)) }, []aa.DataType{aa.FixedWidthTypes.Boolean}},
	{"text", KindText, func(i int) string { return nullEvery(i, 3, fmt.Sprintf("%q", strings.Repeat("ä", i%5)+"x")) }, []aa.DataType{
		aa.BinaryTypes.String, aa.BinaryTypes.LargeString, aa.BinaryTypes.StringView, &aa.DictionaryType{IndexType: aa.PrimitiveTypes.Int32, ValueType: aa.BinaryTypes.String}}},
	{"wide", KindWide, func(i int) string { return nullEvery(i, 4, fmt.Sprint(i%90)) }, []aa.DataType{
		&aa.Decimal128Type{Precision: 38, Scale: 0}, aa.PrimitiveTypes.Int64, aa.PrimitiveTypes.Uint64, &aa.Decimal128Type{Precision: 5, Scale: 0}, &aa.Decimal256Type{Precision: 76, Scale: 0}}},
	{"float", KindFloat, func(i int) string { return fmt.Sprint(i % 50) }, []aa.DataType{
		aa.PrimitiveTypes.Float64, aa.PrimitiveTypes.Float32, aa.PrimitiveTypes.Int32, &aa.Decimal128Type{Precision: 18, Scale: 6}, aa.FixedWidthTypes.Float16}},
}

func nullEvery(i, k int, cell string) string {
	if i%k == k-1 {
		return "null"
	}
	return cell
}

// formatRecord makes the test table with the k-th type of every column, the first one where Apache's Parquet writer
// does not know that type.
func formatRecord(t testing.TB, k, rows int, forParquet bool) (aa.RecordBatch, string) {
	var names, types []string
	var arrays []aa.Array
	for _, c := range formatCells {
		dt := c.types[k%len(c.types)]
		if id := dt.ID(); forParquet && (id == aa.STRING_VIEW || id == aa.DECIMAL32 || id == aa.DECIMAL64) {
			dt = c.types[0]
		}
		cell := c.cell
		inner := dt
		{
			if d, ok := dt.(*aa.DictionaryType); ok {
				inner = d.ValueType
			}
			if c.kind == KindID && isArrowText(inner) {
				cell = func(i int) string { return `"` + c.cell(i) + `"` }
			}
			if ts, ok := inner.(*aa.TimestampType); ok && ts.TimeZone != "" {
				cell = func(i int) string {
					if s := c.cell(i); s != "null" {
						return s[:len(s)-1] + `T00:00:00Z"`
					}
					return "null"
				}
			}
			if aa.IsDecimal(inner.ID()) {
				cell = func(i int) string {
					if s := c.cell(i); s != "null" {
						return `"` + s + `"`
					}
					return "null"
				}
			}
		}
		names = append(names, c.name)
		types = append(types, dt.String())
		arrays = append(arrays, makeArray(t, dt, rows, cell))
	}
	return makeRecord(names, arrays), strings.Join(types, " ")
}

func formatColumns() (cols []Column) {
	names := &textInterner{}
	for _, c := range formatCells {
		cols = append(cols, Column{Name: c.name, Kind: c.kind, Optional: c.name != "id", Interner: names})
	}
	return cols
}

// formatCSV is the test table as CSV.
func formatCSV(rows int) []byte {
	var b bytes.Buffer
	for c := range formatCells {
		fmt.Fprintf(&b, "%s,", formatCells[c].name)
	}
	b.Truncate(b.Len() - 1)
	b.WriteByte('\n')
	for i := range rows {
		for _, c := range formatCells {
			if s := c.cell(i); s != "null" {
				b.WriteString(strings.Trim(s, `"`))
			}
			b.WriteByte(',')
		}
		b.Truncate(b.Len() - 1)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func sameTable(t *testing.T, what string, got, want *TableData) {
	t.Helper()
	if got.Rows != want.Rows {
		t.Fatalf("%s: %d rows, want %d", what, got.Rows, want.Rows)
	}
	for c := range want.Cols {
		g, w := fmt.Sprintf("%v", got.Cols[c]), fmt.Sprintf("%v", want.Cols[c]) // NaN is null, and NaN ≠ NaN
		if g != w {
			for i := range want.Rows {
				if a, b := shownCell(&got.Cols[c], i), shownCell(&want.Cols[c], i); a != b {
					t.Fatalf("%s: column %s, row %d: %s, want %s", what, formatCells[c].name, i, a, b)
				}
			}
			t.Fatalf("%s: column %s differs", what, formatCells[c].name)
		}
	}
}

func shownCell(d *ColumnData, i int) string {
	switch {
	case d.Ints != nil:
		return fmt.Sprint(d.Ints[i])
	case d.Flags != nil:
		return fmt.Sprint(d.Flags[i])
	case d.Wides != nil:
		return d.Wides[i].String()
	case d.Floats != nil:
		return fmt.Sprint(d.Floats[i])
	}
	return fmt.Sprintf("%q", textsOf(d)[i])
}

// TestReadEveryFormat reads one table in every format, type, compression and encoding, and gets the same columns.
func TestReadEveryFormat(t *testing.T) {
	want, err := readTestTable(t, formatColumns(), writeTestFile(t, "things.csv", formatCSV(formatRows)))
	if err != nil {
		t.Fatal(err)
	}
	read := func(what, name string, data []byte) {
		t.Helper()
		d, err := readTestTable(t, formatColumns(), writeTestFile(t, name, data))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		sameTable(t, what, d, want)
	}
	for k := range 12 {
		rec, types := formatRecord(t, k, formatRows, false)
		read("ipc file "+types, "a.arrow", ipcBytes(t, rec, true, 1000))
		read("ipc stream "+types, "a.arrows", ipcBytes(t, rec, false, 1000, ipc.WithZstd()))
		read("ipc file lz4 "+types, "a.feather", ipcBytes(t, rec, true, 999, ipc.WithLZ4()))
		rec, types = formatRecord(t, k, formatRows, true)
		for p, props := range parquetVariants(k) {
			read(fmt.Sprintf("parquet variant %d %s", p, types), "a.parquet", parquetBytes(t, rec, 1000, props...))
		}
	}
}

// parquetVariants are ways to write: pages of both versions, every compression, with and without dictionaries.
func parquetVariants(k int) [][]parquet.WriterProperty {
	codecs := []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd, compress.Codecs.Lz4Raw}
	small := []parquet.WriterProperty{parquet.WithDataPageSize(512), parquet.WithBatchSize(100)}
	return [][]parquet.WriterProperty{
		append(small, parquet.WithCompression(codecs[k%len(codecs)]), parquet.WithDictionaryDefault(true)),
		append(small, parquet.WithCompression(codecs[(k+3)%len(codecs)]), parquet.WithDictionaryDefault(false), parquet.WithDataPageVersion(parquet.DataPageV2)),
		append(small, parquet.WithCompression(codecs[(k+1)%len(codecs)]), parquet.WithDictionaryDefault(true), parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithStoreDecimalAsInteger(true), parquet.WithDictionaryPageSizeLimit(64)),
		{parquet.WithStoreDecimalAsInteger(true), parquet.WithDictionaryDefault(false)},
	}
}

// TestReadParquetEncodings covers the encodings that a writer does not choose by itself.
func TestReadParquetEncodings(t *testing.T) {
	want, err := readTestTable(t, formatColumns(), writeTestFile(t, "things.csv", formatCSV(formatRows)))
	if err != nil {
		t.Fatal(err)
	}
	rec, _ := formatRecord(t, 0, formatRows, true)
	texts, _ := formatRecord(t, 7, formatRows, true)
	for _, c := range []struct {
		rec   aa.RecordBatch
		props []parquet.WriterProperty
	}{
		{rec, []parquet.WriterProperty{parquet.WithEncodingFor("id", parquet.Encodings.DeltaBinaryPacked), parquet.WithEncodingFor("time", parquet.Encodings.DeltaBinaryPacked), parquet.WithEncodingFor("flag", parquet.Encodings.RLE)}},
		{rec, []parquet.WriterProperty{parquet.WithEncodingFor("id", parquet.Encodings.ByteStreamSplit), parquet.WithEncodingFor("float", parquet.Encodings.ByteStreamSplit), parquet.WithEncodingFor("wide", parquet.Encodings.ByteStreamSplit)}},
		{texts, []parquet.WriterProperty{parquet.WithEncodingFor("id", parquet.Encodings.DeltaLengthByteArray), parquet.WithEncodingFor("text", parquet.Encodings.DeltaByteArray)}},
		{texts, []parquet.WriterProperty{parquet.WithEncodingFor("id", parquet.Encodings.DeltaByteArray), parquet.WithEncodingFor("text", parquet.Encodings.DeltaLengthByteArray)}},
	} {
		props := append(c.props, parquet.WithDictionaryDefault(false), parquet.WithDataPageSize(700), parquet.WithBatchSize(100), parquet.WithDataPageVersion(parquet.DataPageV2))
		d, err := readTestTable(t, formatColumns(), writeTestFile(t, "a.parquet", parquetBytes(t, c.rec, 1200, props...)))
		if err != nil {
			t.Fatal(err)
		}
		sameTable(t, fmt.Sprint(c.rec.Schema()), d, want)
	}
}

// TestReadHashes reads binary ids as lower-case hexadecimal from every format.
func TestReadHashes(t *testing.T) {
	base64 := func(i int) string { return fmt.Sprintf(`"%s"`, []string{"qwDN", "qwHN", "qwLN"}[i]) }
	want := []string{"ab00cd", "ab01cd", "ab02cd"}
	for _, dt := range []aa.DataType{aa.BinaryTypes.Binary, aa.BinaryTypes.LargeBinary, &aa.FixedSizeBinaryType{ByteWidth: 3}, &aa.DictionaryType{IndexType: aa.PrimitiveTypes.Int8, ValueType: aa.BinaryTypes.Binary}} {
		rec := makeRecord([]string{"id"}, []aa.Array{makeArray(t, dt, 3, base64)})
		for name, data := range map[string][]byte{"a.parquet": parquetBytes(t, rec, 2), "a.arrow": ipcBytes(t, rec, true, 3), "a.arrows": ipcBytes(t, rec, false, 2)} {
			if name == "a.arrows" && dt.ID() == aa.DICTIONARY {
				continue // slices of a dictionary array are one batch in the file variant already
			}
			names := &textInterner{}
			d, err := readTestTable(t, []Column{{Name: "id", Kind: KindID, Interner: names}}, writeTestFile(t, name, data))
			if err != nil {
				t.Fatalf("%s %v: %v", name, dt, err)
			}
			if d.Rows != 3 || !sameTexts(names.texts, want) {
				t.Errorf("%s %v: interned %q, want %q", name, dt, names.texts, want)
			}
		}
	}
}

// sameTexts compares as sets: row groups intern in any order.
func sameTexts(a, b []string) bool {
	count := map[string]int{}
	for _, s := range a {
		count[s]++
	}
	for _, s := range b {
		count[s]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return reflect.DeepEqual(len(a), len(b))
}
