package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"planwerk/arrow"
)

// textTable is a result table for people: ids and texts as they are, decimals in their shortest form, null empty.
type textTable struct {
	name    string
	columns []string
	rows    [][]string
	total   int64 // rows of the table; rows may hold only the first of them
}

// readTable reads the first rows of a result table, at most that many.
func readTable(t *arrow.ResultTable, most int64) (*textTable, error) {
	out := &textTable{name: t.Name, total: t.Rows}
	for _, c := range t.Columns {
		out.columns = append(out.columns, c.Name)
	}
	err := eachBatch(t, min(t.Rows, most), func(b *arrow.ResultBatch) error {
		for i := range b.N {
			row := make([]string, len(t.Columns))
			for c := range t.Columns {
				row[c] = cellText(&t.Columns[c], &b.Columns[c], i)
			}
			out.rows = append(out.rows, row)
		}
		return nil
	})
	return out, err
}

// eachBatch fills one batch after another up to a row and hands it on.
func eachBatch(t *arrow.ResultTable, rows int64, do func(*arrow.ResultBatch) error) error {
	const step = 4096
	var b arrow.ResultBatch
	for from := int64(0); from < rows; from += step {
		to := min(from+step, rows)
		b.Reset(t.Columns, int(to-from))
		if err := t.Fill(from, to, &b); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if err := do(&b); err != nil {
			return err
		}
	}
	return nil
}

// cellCSV prints one cell as files in CSV have it: decimals of values and amounts with all six places.
func cellCSV(c *arrow.ResultColumn, v *arrow.ResultVector, row int) string {
	text := cellText(c, v, row)
	if text == "" || c.Type != arrow.ColDecimal6 && c.Type != arrow.ColMicro {
		return text
	}
	whole, part, _ := strings.Cut(text, ".")
	return whole + "." + part + strings.Repeat("0", 6-len(part))
}

// cellText prints one cell.
func cellText(c *arrow.ResultColumn, v *arrow.ResultVector, row int) string {
	if len(v.Null) > 0 && v.Null[row] {
		return ""
	}
	switch c.Type {
	case arrow.ColText, arrow.ColHash:
		return string(v.Text.At(row))
	case arrow.ColID:
		if !c.IntIDs {
			return string(v.Text.At(row))
		}
		return strconv.FormatInt(v.Ints[row], 10)
	case arrow.ColDecimal6:
		return sixPlaces(v.Wide[row].String())
	case arrow.ColDecimal0:
		return v.Wide[row].String()
	case arrow.ColMicro:
		return sixPlaces(strconv.FormatInt(v.Ints[row], 10))
	case arrow.ColFloat64:
		return strconv.FormatFloat(v.Floats[row], 'g', -1, 64)
	case arrow.ColTime:
		return time.UnixMicro(v.Ints[row]).UTC().Format(time.RFC3339Nano)
	case arrow.ColFlag:
		return strconv.FormatBool(v.Flags[row] == 1)
	}
	return strconv.FormatInt(v.Ints[row], 10)
}

// sixPlaces puts the point into an integer of millionths and drops zeros at the end.
func sixPlaces(millionths string) string {
	digits, minus := strings.CutPrefix(millionths, "-")
	if len(digits) < 7 {
		digits = strings.Repeat("0", 7-len(digits)) + digits
	}
	whole, part := digits[:len(digits)-6], strings.TrimRight(digits[len(digits)-6:], "0")
	if part != "" {
		whole += "." + part
	}
	if minus {
		return "-" + whole
	}
	return whole
}

// column is the place of a column by name; the tables are ours, so a name that is not there is a bug.
func (t *textTable) column(name string) int {
	for i, c := range t.columns {
		if c == name {
			return i
		}
	}
	panic("table " + t.name + " has no column " + name)
}

// cell is the text of a row's column.
func (t *textTable) cell(row int, column string) string { return t.rows[row][t.column(column)] }
