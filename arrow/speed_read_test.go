package arrow

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
)

// speedRows is the size of the table that BenchmarkRead reads.
const speedRows = 2_000_000

// speedRecord looks like workloads: four ids, a time, decimals, a flag.
func speedRecord() aa.RecordBatch {
	mem := memory.DefaultAllocator
	id := array.NewInt64Builder(mem)
	production := array.NewInt64Builder(mem)
	wallet := array.NewInt64Builder(mem)
	time := array.NewTimestampBuilder(mem, &aa.TimestampType{Unit: aa.Microsecond, TimeZone: "UTC"})
	minutes := array.NewDecimal128Builder(mem, &aa.Decimal128Type{Precision: 18, Scale: 6})
	flag := array.NewBooleanBuilder(mem)
	x := uint64(1)
	for i := range speedRows {
		x = x*6364136223846793005 + 1442695040888963407
		id.Append(int64(i))
		production.Append(int64(x >> 44))
		wallet.Append(int64(x>>24) & 0xfffff)
		time.Append(aa.Timestamp(1767225600_000000 + int64(i)*1000 + int64(x>>54)))
		minutes.Append(decimal128.FromI64(int64(x>>40) % 480_000_000))
		flag.Append(x>>60 == 0)
	}
	return makeRecord([]string{"id", "production", "wallet", "time", "minutes", "flag"},
		[]aa.Array{id.NewArray(), production.NewArray(), wallet.NewArray(), time.NewArray(), minutes.NewArray(), flag.NewArray()})
}

func BenchmarkRead(b *testing.B) {
	rec := speedRecord()
	files := map[string][]byte{
		"codec=zstd.parquet":   parquetBytes(b, rec, 1<<20, parquet.WithCompression(compress.Codecs.Zstd), parquet.WithStoreDecimalAsInteger(true), parquet.WithDictionaryDefault(false)),
		"codec=snappy.parquet": parquetBytes(b, rec, 1<<20, parquet.WithCompression(compress.Codecs.Snappy), parquet.WithStoreDecimalAsInteger(true)),
		"codec=none.parquet":   parquetBytes(b, rec, 1<<20, parquet.WithStoreDecimalAsInteger(true), parquet.WithDictionaryDefault(false)),
		"codec=none.arrow":     ipcBytes(b, rec, true, 1<<18),
		"codec=zstd.arrow":     ipcBytes(b, rec, true, 1<<18, ipc.WithZstd()),
	}
	dir := b.TempDir()
	cols := []Column{{Name: "id", Kind: KindID}, {Name: "production", Kind: KindID}, {Name: "wallet", Kind: KindID},
		{Name: "time", Kind: KindTime}, {Name: "minutes", Kind: KindValue}, {Name: "flag", Kind: KindFlag}}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			b.Fatal(err)
		}
		b.Run("file="+name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				_, kind := splitExtension(name)
				if _, err := ReadTable(context.Background(), &Table{Name: "w", Files: []File{{Path: path, Name: name, Kind: kind, Rows: -1}}, Columns: cols}, Options{Threads: 1}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/speedRows, "ns/row")
		})
	}
}
