package arrow

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	aa "github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// plainRow is what the test's plain tables hold.
func plainRow(row int64) [3]int64 {
	return [3]int64{row % 1000, row * row, -row}
}

func writePlain(t *testing.T, name string, rows int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cols := []IntColumn{{"a", 32}, {"b", 64}, {"c", 64}}
	if err := WriteInts(path, cols, rows, func(b *IntBlock) {
		for i := range b.Rows {
			v := plainRow(b.First + int64(i))
			b.Cols[0].Narrow[i], b.Cols[1].Wide[i], b.Cols[2].Wide[i] = int32(v[0]), v[1], v[2]
		}
	}); err != nil {
		t.Fatal(err)
	}
	return path
}

func scanPath(path string, columns []IntColumn, threads int, visit func(int, *IntBlock) error) error {
	return ScanInts(context.Background(), File{Path: path, Name: filepath.Base(path)}, columns, Options{Threads: threads}, visit)
}

// TestScanInts reads plain tables with columns in another order and of another width than in the file.
func TestScanInts(t *testing.T) {
	const rows = plainGroup + 70_001
	for _, name := range []string{"x.parquet", "x.arrow"} {
		path := writePlain(t, name, rows)
		for _, threads := range []int{1, 3} {
			seen := make([]uint8, rows)
			var mu sync.Mutex
			err := scanPath(path, []IntColumn{{"c", 32}, {"a", 64}, {"b", 64}, {"a", 32}}, threads, func(worker int, b *IntBlock) error {
				mu.Lock()
				defer mu.Unlock()
				if worker < 0 || worker >= threads {
					return fmt.Errorf("worker %d", worker)
				}
				for i := range b.Rows {
					row := b.First + int64(i)
					v := plainRow(row)
					if b.Cols[0].Narrow[i] != int32(v[2]) || b.Cols[1].Wide[i] != v[0] || b.Cols[2].Wide[i] != v[1] || b.Cols[3].Narrow[i] != int32(v[0]) {
						return fmt.Errorf("row %d", row)
					}
					seen[row]++
				}
				return nil
			})
			if err != nil {
				t.Fatalf("%s, %d threads: %v", name, threads, err)
			}
			for row, n := range seen {
				if n != 1 {
					t.Fatalf("%s, %d threads: row %d came %d times", name, threads, row, n)
				}
			}
		}
	}
}

// TestScanIntsRefuses: what cannot be had names its place.
func TestScanIntsRefuses(t *testing.T) {
	stop := errors.New("stop")
	for _, name := range []string{"x.parquet", "x.arrow"} {
		path := writePlain(t, name, plainGroup+200_000)
		for _, c := range []struct {
			column IntColumn
			err    error
			want   string
		}{
			{IntColumn{"b", 32}, nil, name + ", column b, row 46342: 2147488281 does not fit 32 bits"},
			{IntColumn{"d", 64}, nil, "column d"},
			{IntColumn{"a", 64}, stop, "stop"},
		} {
			err := scanPath(path, []IntColumn{c.column}, 2, func(int, *IntBlock) error { return c.err })
			if err == nil || !strings.Contains(err.Error(), c.want) || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("%s, column %s: %v, want %s", name, c.column.Name, err, c.want)
			}
		}
	}
}

// TestScanIntsNull refuses a null by its row.
func TestScanIntsNull(t *testing.T) {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.AppendValues([]int64{1, 2, 3}, nil)
	b.AppendNull()
	rec := makeRecord([]string{"n"}, []aa.Array{b.NewArray()})
	for name, data := range map[string][]byte{"n.parquet": parquetBytes(t, rec, 10), "n.arrow": ipcBytes(t, rec, true, 10), "n.arrows": ipcBytes(t, rec, false, 10)} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		err := scanPath(path, []IntColumn{{"n", 64}}, 1, func(int, *IntBlock) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "column n, row 4: is empty") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMappedFileCut: a file cut short while it is mapped is an error of the read, not the end of the process.
func TestMappedFileCut(t *testing.T) {
	path := writePlain(t, "x.arrow", 2*plainGroup)
	cut := false
	err := scanPath(path, []IntColumn{{"b", 64}}, 1, func(_ int, b *IntBlock) error {
		if !cut {
			cut = true
			if err := os.Truncate(path, 4096); err != nil {
				return err
			}
		}
		sum := int64(0)
		for _, v := range b.Cols[0].Wide {
			sum += v
		}
		return fmt.Errorf("the sum is %d", sum)
	})
	if !errors.Is(err, errChanged) {
		t.Errorf("%v, want %v", err, errChanged)
	}
}
