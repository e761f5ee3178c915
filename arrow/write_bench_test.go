package arrow

import (
	"fmt"
	"io"
	"testing"
)

// couponTable is the largest table of a batch: three ids and two values, without the cost of computing them.
func couponTable(rows int64) ResultTable {
	columns := []ResultColumn{{Name: "workload", Type: ColID, IntIDs: true}, {Name: "wallet", Type: ColID, IntIDs: true},
		{Name: "subsystem", Type: ColID, IntIDs: true}, {Name: "minutes", Type: ColDecimal6}, {Name: "coupon", Type: ColDecimal6}}
	return ResultTable{Name: "coupons", Columns: columns, Rows: rows, Fill: func(from, to int64, b *ResultBatch) error {
		for i := range int(to - from) {
			row := uint64(from + int64(i))
			mix := row * 0x9e3779b97f4a7c15
			mix ^= mix >> 29
			b.Columns[0].Ints[i] = int64(1_000_000 + row)
			b.Columns[1].Ints[i] = int64(mix % 10_000_000)
			b.Columns[2].Ints[i] = int64(mix >> 40 % 100)
			minutes := int64(1+mix>>20%480) * 1_000_000
			b.Columns[3].Wide[i] = Int128Of(minutes)
			b.Columns[4].Wide[i] = Int128Of(minutes * 7234 / 10000)
		}
		return nil
	}}
}

// BenchmarkExport streams workloads, the largest table of an export.
func BenchmarkExport(b *testing.B) {
	const rows = 4 * chunkRows
	columns := []ResultColumn{{Name: "workload", Type: ColID, IntIDs: true}, {Name: "time", Type: ColTime},
		{Name: "production", Type: ColID, IntIDs: true}, {Name: "collective", Type: ColID, IntIDs: true},
		{Name: "wallet", Type: ColID, IntIDs: true}, {Name: "minutes", Type: ColMicro}, {Name: "common", Type: ColFlag}}
	for _, format := range []string{"parquet", "arrow", "csv", "csv.gz", "csv.zst", "jsonl"} {
		b.Run(fmt.Sprintf("format=%s/rows=%d", format, rows), func(b *testing.B) {
			for range b.N {
				e, err := NewExport(b.TempDir()+"/export", ExportOptions{Format: format, Threads: 2})
				if err != nil {
					b.Fatal(err)
				}
				w, err := e.Table("workloads", columns)
				if err != nil {
					b.Fatal(err)
				}
				streamWorkloads(b, w, rows)
				if err := e.Commit(); err != nil {
					b.Fatal(err)
				}
				if b.Elapsed() > 0 && b.N == 1 {
					b.ReportMetric(float64(e.files[0].Bytes)/rows, "bytes/row")
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func streamWorkloads(b *testing.B, w *TableWriter, rows int) {
	for from := 0; from < rows; from += fillRows {
		batch := w.Batch(min(fillRows, rows-from))
		for i := range batch.N {
			row := uint64(from + i)
			mix := row * 0x9e3779b97f4a7c15
			mix ^= mix >> 29
			c := batch.Columns
			c[0].Ints[i] = int64(row)
			c[1].Ints[i] = 1_767_225_600_000_000 + int64(row)*26_000
			c[2].Ints[i] = int64(row/20 + mix%7)
			c[3].Ints[i] = int64(mix >> 8 % 20_000)
			c[4].Ints[i] = int64(mix >> 16 % 10_000_000)
			c[5].Ints[i] = int64(1+mix>>30%480) * 1_000_000
			c[6].Flags[i] = uint8(mix >> 50 & 1)
		}
		if err := w.Write(batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkWriteTable writes the coupons of a batch; rows/s counts filling, hashing and encoding.
func BenchmarkWriteTable(b *testing.B) {
	const rows = 4 * chunkRows
	for _, format := range []string{"parquet", "arrow", "csv"} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("format=%s/threads=%d/rows=%d", format, threads, rows), func(b *testing.B) {
				table := couponTable(rows)
				for range b.N {
					f, err := newResultFormat(format, table.Name, table.Columns)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := writeTable(b.Context(), io.Discard, &table, f, WriteOptions{Threads: threads}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
