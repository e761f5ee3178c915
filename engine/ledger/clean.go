package ledger

// cleanTable keeps a table's columns in schema order, so that a row can be printed whole.
type cleanTable struct {
	rows int
	cols []cleanColumn
}

// cleanColumn is a column of clean rows. An id column has ids and, unless a row's number is its code, codes.
type cleanColumn struct {
	RawColumn               // all but ids
	ids       *IDs          // of an id column
	codes     []int32       // nil: the row's number
	dangling  map[int32]Key // optional ids that name nothing: what they named
}

// appendClean appends the canonical text of a clean cell; nothing for null.
func (c *cleanColumn) appendClean(dst []byte, kind Kind, row int) []byte {
	if kind != KindID {
		return c.appendCell(dst, kind, row)
	}
	if k, ok := c.dangling[int32(row)]; ok {
		return c.ids.domain.AppendText(dst, k)
	}
	if c.ids == nil {
		return dst
	}
	if c.codes == nil {
		return c.ids.AppendText(dst, int32(row))
	}
	return c.ids.AppendText(dst, c.codes[row])
}

// RowID is the canonical text of a row's primary id; cells of a compound one are joined by "/".
func (l *Ledger) RowID(t TableID, row int32) string {
	tab := &l.tables[t]
	return rowID(&Schema[t], func(dst []byte, c int) []byte {
		return tab.cols[c].appendClean(dst, Schema[t].Columns[c].Kind, int(row))
	})
}

// Detail is the row's own values: column=value for every column that is not null, in schema order.
func (l *Ledger) Detail(t TableID, row int32) string {
	tab := &l.tables[t]
	return rowDetail(&Schema[t], func(dst []byte, c int) []byte {
		return tab.cols[c].appendClean(dst, Schema[t].Columns[c].Kind, int(row))
	})
}

// RowTime is the time that decides whether a row exists at k2 and is listed; ok is false for an untimed table.
func (l *Ledger) RowTime(t TableID, row int32) (us int64, ok bool) {
	if Schema[t].Time < 0 {
		return 0, false
	}
	us = l.tables[t].cols[Schema[t].Time].Int[row]
	return us, us != NullInt
}

// Rows is the number of clean rows of a table.
func (l *Ledger) Rows(t TableID) int { return l.tables[t].rows }

func rowID(def *TableDef, cell func([]byte, int) []byte) string {
	var text []byte
	for i, c := range def.Key {
		if i > 0 {
			text = append(text, '/')
		}
		text = cell(text, c)
	}
	return string(text)
}

func rowDetail(def *TableDef, cell func([]byte, int) []byte) string {
	var text []byte
	for c := range def.Columns {
		before := len(text)
		if before > 0 {
			text = append(text, ' ')
		}
		text = append(append(text, def.Columns[c].Name...), '=')
		empty := len(text)
		if text = cell(text, c); len(text) == empty {
			text = text[:before]
		}
	}
	return string(text)
}
