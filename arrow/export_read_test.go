package arrow

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"sync"
	"testing"
)

// textKeys interns texts for a test, in the order they come.
type textKeys struct {
	mu   sync.Mutex
	keys map[string]int64
	list []string
}

func (k *textKeys) InternBinary(data []byte, offsets []int32, out []int64) {
	text, ends := hexTexts(data, offsets, len(out))
	k.InternAll(text, ends, out)
}

func (k *textKeys) InternAll(data []byte, offsets []int32, out []int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range out {
		text := string(data[offsets[i]:offsets[i+1]])
		if text == "" {
			out[i] = NullInt
			continue
		}
		if _, ok := k.keys[text]; !ok {
			k.list = append(k.list, text)
			k.keys[text] = -int64(len(k.list))
		}
		out[i] = k.keys[text]
	}
}

func (k *textKeys) text(key int64) string {
	switch {
	case key == math.MinInt64:
		return ""
	case key >= 0:
		return fmt.Sprint(key)
	}
	return k.list[-1-key]
}

// What the generator writes the ledger's reader reads: the same cells from every format, in parts or not.
func TestExportIsRead(t *testing.T) {
	const rows = 1000
	table := exportTable(rows)
	var b ResultBatch
	b.Reset(table.Columns, rows)
	if err := table.Fill(0, rows, &b); err != nil {
		t.Fatal(err)
	}
	for _, format := range exportFormats {
		for _, part := range []int64{0, 300} {
			dir := filepath.Join(t.TempDir(), "x")
			writeExport(t, dir, table, 0, ExportOptions{Format: format, PartRows: part})
			if err := readExport(dir, &table, &b); err != nil {
				t.Errorf("%s in parts of %d: %v", format, part, err)
			}
		}
	}
}

func readExport(dir string, table *ResultTable, want *ResultBatch) error {
	d, err := OpenDirectory(dir, func(name string) bool { return name == table.Name })
	if err != nil {
		return err
	}
	if !d.Manifest || len(d.Ignored) > 0 {
		return fmt.Errorf("manifest %v, ignored %v", d.Manifest, d.Ignored)
	}
	keys := &textKeys{keys: map[string]int64{}}
	kinds := map[ColumnType]Kind{ColID: KindID, ColHash: KindID, ColTime: KindTime, ColMicro: KindValue, ColInt64: KindMinutes,
		ColFlag: KindFlag, ColText: KindText, ColDecimal0: KindWide}
	read := Table{Name: table.Name, Files: d.Tables[table.Name]}
	for _, c := range table.Columns {
		read.Columns = append(read.Columns, Column{Name: c.Name, Kind: kinds[c.Type], Interner: keys})
	}
	got, err := ReadTable(context.Background(), &read, Options{Threads: 2})
	if err != nil {
		return err
	}
	if got.Rows != want.N {
		return fmt.Errorf("%d rows, want %d", got.Rows, want.N)
	}
	for c := range table.Columns {
		for row := range want.N {
			text := exportCell(&table.Columns[c], &want.Columns[c], row)
			if have := readCell(&read.Columns[c], &got.Cols[c], row, keys); have != text {
				return fmt.Errorf("column %s, row %d: %q, want %q", table.Columns[c].Name, row, have, text)
			}
		}
	}
	return nil
}

// exportCell prints a cell as readCell does.
func exportCell(c *ResultColumn, v *ResultVector, row int) string {
	switch {
	case v.isNull(c.slot(), row):
		return ""
	case c.Type == ColTime || c.Type == ColMicro:
		return fmt.Sprint(v.Ints[row])
	case c.Type == ColFlag:
		return fmt.Sprint(v.Flags[row])
	}
	return cellText(c, v, row)
}

func readCell(c *Column, d *ColumnData, row int, keys *textKeys) string {
	switch c.Kind {
	case KindID:
		return keys.text(d.Ints[row])
	case KindFlag:
		return fmt.Sprint(d.Flags[row])
	case KindText:
		return string(d.Text.Data[d.Text.Offsets[row]:d.Text.Offsets[row+1]])
	case KindWide:
		return d.Wides[row].String()
	}
	if d.Ints[row] == NullInt {
		return ""
	}
	return fmt.Sprint(d.Ints[row])
}
