package arrow

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(data, nil)
}

// soundFiles are small valid files of every format.
func soundFiles(t testing.TB, rows int) map[string][]byte {
	rec, _ := formatRecord(t, 7, rows, true)
	coded, _ := formatRecord(t, 10, rows, true)
	json := strings.Repeat(everyKindJSON+"\n", max(1, rows/8))
	return map[string][]byte{
		"plain.parquet":  parquetBytes(t, rec, int64(rows), parquet.WithDictionaryDefault(false)),
		"zstd.parquet":   parquetBytes(t, rec, int64(rows/2+1), parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDataPageVersion(parquet.DataPageV2)),
		"snappy.parquet": parquetBytes(t, coded, int64(rows), parquet.WithCompression(compress.Codecs.Snappy)),
		"file.arrow":     ipcBytes(t, rec, true, int64(rows)),
		"coded.arrow":    ipcBytes(t, coded, true, int64(rows), ipc.WithLZ4()),
		"stream.arrows":  ipcBytes(t, coded, false, int64(rows), ipc.WithZstd()),
		"plain.csv":      formatCSV(rows),
		"gzip.csv.gz":    gzipped(t, formatCSV(rows)),
		"zstd.csv.zst":   zstandard(t, formatCSV(rows)),
		"plain.jsonl":    []byte(json),
	}
}

// readBoth reads a file as a table and whole; what comes out does not matter, that it comes out does.
func readBoth(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	_, kind := splitExtension(name)
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	opt := Options{Threads: 1, Budget: NewBudget(64 << 20)}
	table := Table{Name: "things", Columns: formatColumns(), Files: []File{{Path: path, Name: name, Kind: kind, Rows: -1}}}
	ReadTable(ctx, &table, opt)
	opt.Budget = NewBudget(64 << 20)
	opt.NoVerify = true
	Inspect(ctx, path, "", opt)
	if ctx.Err() != nil {
		t.Fatalf("%s: not done in %v", name, hang)
	}
}

// damageRows and damageSteps say how much of the damage is done, manyColumns how wide a file is: the long tier does all of it.
var damageRows, damageSteps, manyColumns = 24, 120, 10_000

// TestTruncatedFiles cuts sound files off at every length.
func TestTruncatedFiles(t *testing.T) {
	peak := watchHeap()
	dir := t.TempDir()
	for name, data := range soundFiles(t, damageRows) {
		for n := 0; n < len(data); n += 1 + len(data)/damageSteps {
			readBoth(t, dir, name, data[:n])
		}
	}
	if used := peak(); used > 128<<20 {
		t.Errorf("%d MiB held, the limit is 64", used>>20)
	}
}

// TestFlippedBytes changes every byte of sound files.
func TestFlippedBytes(t *testing.T) {
	peak := watchHeap()
	dir := t.TempDir()
	for name, data := range soundFiles(t, damageRows) {
		for i := 0; i < len(data); i += 1 + len(data)/damageSteps {
			for _, x := range []byte{0xff, 1 << (i % 8)} {
				data[i] ^= x
				readBoth(t, dir, name, data)
				data[i] ^= x
			}
		}
	}
	if used := peak(); used > 128<<20 {
		t.Errorf("%d MiB held, the limit is 64", used>>20)
	}
}

// zeros is a column of n zeros.
func zeros(t testing.TB, n int) aa.RecordBatch {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues(make([]int64, n), nil)
	return makeRecord([]string{"id"}, []aa.Array{b.NewArray()})
}

// TestBombs reads files that are small and expand to much more than the limit.
func TestBombs(t *testing.T) {
	const n = 16 << 20 // 128 MiB of integers
	rec := zeros(t, n)
	wide := "id,x,y"
	bombs := map[string][]byte{
		"zstd.arrows":  ipcBytes(t, rec, false, n, ipc.WithZstd()),
		"lz4.arrow":    ipcBytes(t, rec, true, n, ipc.WithLZ4()),
		"zstd.parquet": parquetBytes(t, rec, n, parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDictionaryDefault(false), parquet.WithDataPageSize(1<<30)),
		"line.csv":     append([]byte(wide+"\n"), bytes.Repeat([]byte{'a'}, 20<<20)...),
		"line.csv.gz":  gzipped(t, append([]byte("id\n"), make([]byte, 128<<20)...)),
		"rows.csv.gz":  gzipped(t, append([]byte("id\n"), bytes.Repeat([]byte("1\n"), 64<<20)...)),
		"rows.csv.zst": zstandard(t, append([]byte("id\n"), bytes.Repeat([]byte("1\n"), 64<<20)...)),
		"line.jsonl":   append([]byte(`{"id":"`), bytes.Repeat([]byte{'a'}, 20<<20)...),
		"quote.csv":    append([]byte("id\n\""), bytes.Repeat([]byte("a\n"), 10<<20)...),
	}
	rec.Release()
	dir := t.TempDir()
	for name, data := range bombs {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		bombs[name] = nil
	}
	for name := range bombs {
		path := filepath.Join(dir, name)
		err := inspectWithin(t, path, "", 64<<20)
		if err == nil {
			t.Errorf("%s was read within 64 MiB", name)
		}
		_, kind := splitExtension(name)
		peak := watchHeap()
		start := time.Now()
		_, rerr := ReadTable(context.Background(), &Table{Name: "things", Files: []File{{Path: path, Name: name, Kind: kind, Rows: -1}},
			Columns: []Column{{Name: "id", Kind: KindID, Interner: &textInterner{}}}}, Options{Threads: 2, Budget: NewBudget(64 << 20)})
		if rerr == nil {
			t.Errorf("%s was read as a table within 64 MiB", name)
		}
		if used := peak(); used > 128<<20 {
			t.Errorf("%s: %d MiB held, the limit is 64", name, used>>20)
		}
		if time.Since(start) > hang {
			t.Errorf("%s: not done in %v", name, hang)
		}
		t.Logf("%v | %v", err, rerr)
	}
}
