package ledger

import (
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Marks of a row while it is checked.
const (
	markLate = 1 << iota // after k2: not there for this batch
	markBad              // bad-value
)

const checkRows = 1 << 16

// check drops rows after k2 and, of the others, reports and drops bad values.
func (b *builder) check(t TableID) error {
	n := b.raw.Tables[t].Rows
	pieces := shard.Ranges(n, shard.Pieces(n, checkRows))
	marked := make([][]uint8, len(pieces)) // nil where no row is marked
	err := shard.Run(b.ctx, b.threads, len(pieces), func(i int) error {
		marked[i] = b.checkRange(t, pieces[i][0], pieces[i][1])
		return nil
	})
	if err != nil {
		return err
	}
	dropped := 0
	for i, marks := range marked {
		for at, m := range marks {
			if m == 0 {
				continue
			}
			dropped++
			if m&markLate == 0 {
				b.find(RuleBadValue, t, pieces[i][0]+at)
			}
		}
	}
	if dropped == 0 {
		return nil
	}
	rows := spill.Make[int32](b.scratch, n-dropped)[:0]
	for i, p := range pieces {
		for r := p[0]; r < p[1]; r++ {
			if marked[i] == nil || marked[i][r-p[0]] == 0 {
				rows = append(rows, int32(r))
			}
		}
	}
	b.rows[t] = rows
	return nil
}

// checkRange marks the rows from … to; nil when it marks none.
func (b *builder) checkRange(t TableID, from, to int) []uint8 {
	tab, def := &b.raw.Tables[t], &Schema[t]
	marks := make([]uint8, to-from)
	any := false
	for c := range def.Columns {
		if tab.Cols[c].Absent {
			continue
		}
		any = checkColumn(&tab.Cols[c], &def.Columns[c], marks, from) || any
	}
	if def.Time >= 0 && t != TMoPs { // a MoP commissioned after k2 stays, at age 0
		for i, v := range tab.Cols[def.Time].Int[from:to] {
			if v > b.l.Until {
				marks[i] |= markLate
				any = true
			}
		}
	}
	if !any {
		return nil
	}
	return marks
}

// checkColumn marks the bad values of one column and reports whether there are any.
func checkColumn(col *RawColumn, def *ColumnDef, marks []uint8, from int) bool {
	any := false
	bad := func(i int) { marks[i] |= markBad; any = true }
	switch def.Kind {
	case KindID:
		if def.Optional {
			return false
		}
		for i := range marks {
			if col.Keys.At(from+i) == NullKey {
				bad(i)
			}
		}
	case KindFlag:
		for i := range marks {
			if col.Flag[from+i] == FlagNull && !def.Optional {
				bad(i)
			}
		}
	case KindWide:
		for i := range marks {
			if col.Wide[from+i] == kernels.NullInt128 && !def.Optional {
				bad(i)
			}
		}
	case KindText:
		if def.Name == "kind" {
			for i := range marks {
				if kind := col.Text.At(from + i); kind != "c2c" && kind != "c2i" {
					bad(i)
				}
			}
		}
	default:
		least := leastValue(def)
		for i, v := range col.Int[from : from+len(marks)] {
			if v < least && (v != NullInt || !def.Optional) {
				bad(i)
			}
		}
	}
	return any
}

// leastValue is the smallest value a column of integers may hold; NullInt is below all.
func leastValue(def *ColumnDef) int64 {
	switch def.Kind {
	case KindAmount:
		return 1
	case KindMinutes:
		return 0
	case KindValue:
		if !def.Signed {
			return 0
		}
	}
	return NullInt + 1
}
