package arrow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var exportFormats = []string{"parquet", "arrow", "arrows", "csv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "jsonl.zst"}

// exportTable has the column types of a ledger export.
func exportTable(rows int64) ResultTable {
	columns := []ResultColumn{{Name: "workload", Type: ColID, IntIDs: true}, {Name: "wallet", Type: ColHash}, {Name: "block", Type: ColID, Nullable: true},
		{Name: "time", Type: ColTime}, {Name: "minutes", Type: ColMicro}, {Name: "amount", Type: ColMicro, Nullable: true},
		{Name: "durability", Type: ColInt64, Nullable: true}, {Name: "common", Type: ColFlag}, {Name: "name", Type: ColText, Nullable: true},
		{Name: "tax_numerator", Type: ColDecimal0}}
	return ResultTable{Name: "workloads", Columns: columns, Rows: rows, Fill: func(from, to int64, b *ResultBatch) error {
		for i := range b.N {
			row := from + int64(i)
			sum := sha256.Sum256(fmt.Append(nil, row))
			c := b.Columns
			c[0].Ints[i] = row
			c[1].Text.Append(sum[:])
			c[3].Ints[i] = 1_767_225_600_000_000 + row*1_000_003
			c[4].Ints[i] = row * 1_500_000
			c[5].Ints[i], c[5].Null[i] = -row, row%3 == 0
			c[6].Ints[i], c[6].Null[i] = row, row%5 == 0
			c[7].Flags[i] = uint8(row & 1)
			c[9].Wide[i] = Int128{Hi: row, Lo: 5}
			c[2].Text.AppendString([]string{"", "west", "b-" + fmt.Sprint(row)}[row%3])
			c[8].Text.AppendString(awkwardTexts[row%int64(len(awkwardTexts))])
		}
		return nil
	}}
}

// writeExport writes the table, by number or streamed in batches of a size.
func writeExport(t *testing.T, dir string, table ResultTable, batch int, opt ExportOptions) {
	t.Helper()
	opt.fs = &faultyFiles{}
	e, err := NewExport(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Abort()
	if batch == 0 {
		err = e.WriteTable(context.Background(), table)
	} else {
		err = streamTable(e, table, int64(batch))
	}
	if err == nil {
		err = e.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func streamTable(e *Export, table ResultTable, step int64) error {
	w, err := e.Table(table.Name, table.Columns)
	if err != nil {
		return err
	}
	for at := int64(0); at < table.Rows; at += step {
		to := min(at+step, table.Rows)
		b := w.Batch(int(to - at))
		if err := table.Fill(at, to, b); err != nil {
			return err
		}
		if err := w.Write(b); err != nil {
			break
		}
	}
	return w.Close()
}

// The files do not depend on how rows come in; the manifest lists them as they are.
func TestExportSameBytes(t *testing.T) {
	for _, format := range exportFormats {
		for _, part := range []int64{0, 700} {
			for _, rows := range []int64{0, 1, 1400, 2000} {
				table := exportTable(rows)
				want := filepath.Join(t.TempDir(), "want")
				writeExport(t, want, table, 0, ExportOptions{Format: format, PartRows: part, Threads: 1})
				for _, batch := range []int{1, 333, 5000} {
					if batch == 1 && rows > 1 {
						continue
					}
					dir := filepath.Join(t.TempDir(), "got")
					writeExport(t, dir, table, batch, ExportOptions{Format: format, PartRows: part, Threads: 3})
					if a, b := strings.ReplaceAll(snapshot(t, want), want, ""), strings.ReplaceAll(snapshot(t, dir), dir, ""); a != b {
						t.Fatalf("%s, parts of %d, batches of %d:\n%s\n%s", format, part, batch, a, b)
					}
				}
				checkExportManifest(t, want, rows)
			}
		}
	}
}

func checkExportManifest(t *testing.T, dir string, rows int64) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	files, err := ParseExportManifest(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		h, size, err := hashFile(filepath.Join(dir, f.Path))
		if err != nil || h.String() != f.SHA256 || size != f.Bytes {
			t.Fatalf("%+v: %v %d %v", f, h, size, err)
		}
		rows -= f.Rows
	}
	if rows != 0 {
		t.Fatalf("the manifest is %d rows short", rows)
	}
	if err := WriteExportManifest(dir, files); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(filepath.Join(dir, ManifestFile)); err != nil || string(again) != string(data) {
		t.Fatalf("made again the manifest is %s, %v", again, err)
	}
}

// Every cell comes back from every format; texts are compared by lines, as what they should be is plain.
func TestExportReadBack(t *testing.T) {
	const rows = 1000
	table := exportTable(rows)
	for _, format := range []string{"parquet", "arrow"} {
		dir := filepath.Join(t.TempDir(), "x")
		writeExport(t, dir, table, 100, ExportOptions{Format: format})
		f, err := os.Open(filepath.Join(dir, "workloads."+format))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var got, want MerkleTree
		h := newRowHasher(table.Columns, got.Add)
		n, err := scanFile(context.Background(), f, table.Columns, true, func(_ int64, _ []ResultColumn, b *ResultBatch) error {
			h.add(b)
			return nil
		})
		h.finish()
		var b ResultBatch
		b.Reset(table.Columns, rows)
		table.Fill(0, rows, &b)
		h = newRowHasher(table.Columns, want.Add)
		h.add(&b)
		h.finish()
		if err != nil || n != rows || got.Root() != want.Root() {
			t.Errorf("%s: %d rows, %v, root %v, want %v", format, n, err, got.Root(), want.Root())
		}
	}
}

func unpack(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	switch filepath.Ext(path) {
	case ".gz":
		r, err = gzip.NewReader(f)
	case ".zst":
		r, err = zstd.NewReader(f)
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestExportTexts(t *testing.T) {
	sum := sha256.Sum256([]byte("1"))
	hash := hex.EncodeToString(sum[:])
	want := map[string]string{
		"csv":   "1," + hash + ",west,2026-01-01T00:00:01.000003Z,1.500000,-0.000001,1,true,plain,18446744073709551621\n",
		"jsonl": `{"workload":1,"wallet":"` + hash + `","block":"west","time":"2026-01-01T00:00:01.000003Z","minutes":"1.500000","amount":"-0.000001","durability":1,"common":true,"name":"plain","tax_numerator":"18446744073709551621"}` + "\n",
	}
	for _, format := range exportFormats[3:] {
		kind, _, _ := strings.Cut(format, ".")
		dir := filepath.Join(t.TempDir(), "x")
		writeExport(t, dir, exportTable(30), 0, ExportOptions{Format: format})
		if got := unpack(t, filepath.Join(dir, "workloads."+format)); !strings.Contains(got, want[kind]) {
			t.Errorf("%s:\n%s\nhas no line\n%s", format, got, want[kind])
		}
		dir = filepath.Join(t.TempDir(), "none")
		writeExport(t, dir, exportTable(0), 0, ExportOptions{Format: format})
		if got := unpack(t, filepath.Join(dir, "workloads."+format)); (kind == "jsonl") != (got == "") {
			t.Errorf("%s without rows: %q", format, got)
		}
	}
}

func TestExportStream(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	writeExport(t, dir, exportTable(500), 77, ExportOptions{Format: "arrows"})
	f, err := os.Open(filepath.Join(dir, "workloads.arrows"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := ipc.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	next := int64(0)
	for r.Next() {
		for _, x := range r.RecordBatch().Column(0).(*array.Int64).Int64Values() {
			if x != next {
				t.Fatalf("row %d has id %d", next, x)
			}
			next++
		}
	}
	if next != 500 || r.Err() != nil {
		t.Fatalf("%d rows, %v", next, r.Err())
	}
}

func TestExportErrors(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	if _, err := NewExport(dir, ExportOptions{Format: "xml"}); err == nil {
		t.Error("format xml was accepted")
	}
	for what, write := range map[string]func(e *Export) error{
		"written twice": func(e *Export) error {
			return errors.Join(streamTable(e, exportTable(2), 1), streamTable(e, exportTable(2), 1))
		},
		"18 digits": func(e *Export) error {
			table := exportTable(10)
			table = changed(table, inRow(7, func(b *ResultBatch, i int) { b.Columns[4].Ints[i] = 1e18 }))
			streamTable(e, table, 3)
			return e.Commit()
		},
		"not finished": func(e *Export) error {
			w, err := e.Table("t", exportTable(0).Columns)
			if err != nil {
				return err
			}
			defer w.Close()
			return e.Commit()
		},
		"no name": func(e *Export) error { return e.WriteTable(context.Background(), ResultTable{Name: "../t"}) },
	} {
		e, err := NewExport(dir, ExportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := write(e); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%v, want %q", err, what)
		}
		e.Abort()
		noTrace(t, dir)
	}
}
