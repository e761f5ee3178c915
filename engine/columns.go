package engine

import (
	"cmp"
	"math/big"
	"slices"

	"planwerk/arrow"
	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// column is a result column with what fills rows from … from+n−1 of it.
type column struct {
	arrow.ResultColumn
	fill func(v *arrow.ResultVector, from, n int)
}

// table puts columns together.
func table(name string, rows int, columns ...column) arrow.ResultTable {
	t := arrow.ResultTable{Name: name, Rows: int64(rows)}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.ResultColumn)
	}
	t.Fill = func(from, to int64, b *arrow.ResultBatch) error {
		for i := range columns {
			columns[i].fill(&b.Columns[i], int(from), int(to-from))
		}
		return nil
	}
	return t
}

// idAt is a column of ids by code; −1 is null, where the column is nullable.
func idAt(name string, ids *ledger.IDs, code func(row int) int32) column {
	c := column{ResultColumn: arrow.ResultColumn{Name: name, Type: arrow.ColID, IntIDs: ids.AllInt()}}
	if ids.AllInt() {
		c.fill = func(v *arrow.ResultVector, from, n int) {
			for i := range n {
				if k := code(from + i); k >= 0 {
					v.Ints[i] = ids.Key(k)
				} else {
					v.Ints[i], v.Null[i] = 0, true
				}
			}
		}
		return c
	}
	c.fill = func(v *arrow.ResultVector, from, n int) {
		var buf []byte
		for i := range n {
			buf = ids.AppendText(buf[:0], code(from+i))
			v.Text.Append(buf)
			if len(buf) == 0 {
				v.Null[i] = true
			}
		}
	}
	return c
}

func id(name string, ids *ledger.IDs, codes []int32) column {
	return idAt(name, ids, func(row int) int32 { return codes[row] })
}

func nullableID(name string, ids *ledger.IDs, codes []int32) column {
	c := id(name, ids, codes)
	c.Nullable = true
	return c
}

// rowID is the id column of a table whose rows are their own codes.
func rowID(name string, ids *ledger.IDs) column {
	return idAt(name, ids, func(row int) int32 { return int32(row) })
}

// wide is decimal(38, 6) from 128-bit millionths.
func wide(name string, values []kernels.Int128) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColDecimal6}, func(v *arrow.ResultVector, from, n int) {
		for i := range n {
			v.Wide[i] = arrow.Int128(values[from+i])
		}
	}}
}

func nullableWide(name string, values []kernels.Int128) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColDecimal6, Nullable: true}, nullableFill(values)}
}

// whole is a nullable decimal(38, 0).
func whole(name string, values []kernels.Int128) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColDecimal0, Nullable: true}, nullableFill(values)}
}

func nullableFill(values []kernels.Int128) func(v *arrow.ResultVector, from, n int) {
	return func(v *arrow.ResultVector, from, n int) {
		for i := range n {
			if x := values[from+i]; x.IsNull() {
				v.Wide[i], v.Null[i] = arrow.Int128{}, true
			} else {
				v.Wide[i] = arrow.Int128(x)
			}
		}
	}
}

// microAt is decimal(38, 6) from 64-bit millionths.
func microAt(name string, value func(row int) int64) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColDecimal6}, func(v *arrow.ResultVector, from, n int) {
		for i := range n {
			v.Wide[i] = arrow.Int128(kernels.I128(value(from + i)))
		}
	}}
}

func micro(name string, values []int64) column {
	return microAt(name, func(row int) int64 { return values[row] })
}

// integer is a nullable int64.
func integer(name string, values []int64) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColInt64, Nullable: true}, func(v *arrow.ResultVector, from, n int) {
		for i := range n {
			if v.Ints[i] = values[from+i]; v.Ints[i] == ledger.NullInt {
				v.Ints[i], v.Null[i] = 0, true
			}
		}
	}}
}

func constTime(name string, us int64) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColTime}, func(v *arrow.ResultVector, _, n int) {
		for i := range n {
			v.Ints[i] = us
		}
	}}
}

// ratio is a nullable float64 num/den, for reading only: the pair is the number.
func ratio(name string, num, den []kernels.Int128) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColFloat64, Nullable: true}, func(v *arrow.ResultVector, from, n int) {
		for i := range n {
			if den[from+i].IsNull() {
				v.Floats[i], v.Null[i] = 0, true
			} else {
				v.Floats[i], _ = new(big.Rat).SetFrac(num[from+i].Big(), den[from+i].Big()).Float64()
			}
		}
	}}
}

func text(name string, value func(row int) string) column {
	return column{arrow.ResultColumn{Name: name, Type: arrow.ColText, Nullable: true}, func(v *arrow.ResultVector, from, n int) {
		for i := range n {
			s := value(from + i)
			v.Text.AppendString(s)
			v.Null[i] = s == ""
		}
	}}
}

// sortedDebts are the debts in, added up by collective, in order of its id.
func sortedDebts(debts []Debt) []Debt {
	sum := map[string]kernels.Int128{}
	for _, d := range debts {
		sum[d.Collective] = sum[d.Collective].Add(d.Umin)
	}
	out := make([]Debt, 0, len(sum))
	for id, v := range sum {
		out = append(out, Debt{id, v})
	}
	slices.SortFunc(out, func(a, b Debt) int { return cmp.Or(compareIDs(a.Collective, b.Collective), a.Umin.Cmp(b.Umin)) })
	return out
}
