package ledger

import (
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Raw is an export as read: every row, ids as keys of their domains. An adapter fills it; Build takes it apart.
type Raw struct {
	Tables  [NumTables]RawTable
	Domains map[string]*Domain // the shared ones, by name
	Space   *spill.Space       // where large columns lie; nil: the Go heap. The Ledger made of it goes on with it
}

// RawTable holds one table's rows. Absent optional columns have no slices.
type RawTable struct {
	Present bool // the table is in the export, if only with no rows
	Rows    int
	Cols    []RawColumn // in schema order
}

// RawColumn holds one column; which slice depends on its kind.
type RawColumn struct {
	Absent bool             // an optional column the export does not have: all null
	Keys   *Keys            // ids; preferred to Int
	Int    []int64          // value, amount, time, minutes, decimal; NullInt where null. For ids: keys, narrowed by Build
	Flag   []uint8          // 0, 1, or FlagNull
	Wide   []kernels.Int128 // NullInt128 where null
	Text   TextColumn       // empty where null
	Domain *Domain          // of an id column
}

// FlagNull marks a null flag before Build drops its row.
const FlagNull = 2

// TextColumn is a column of texts back to back; text i is Data[Offsets[i]:Offsets[i+1]].
type TextColumn struct {
	Data    []byte
	Offsets []int64 // rows + 1, or empty for an absent column
}

// At is the text of a row; "" when the column is absent.
func (t *TextColumn) At(row int) string {
	if len(t.Offsets) == 0 {
		return ""
	}
	return string(t.Data[t.Offsets[row]:t.Offsets[row+1]])
}

// Append adds one text at the end.
func (t *TextColumn) Append(text []byte) {
	if len(t.Offsets) == 0 {
		t.Offsets = append(t.Offsets, 0)
	}
	t.Data = append(t.Data, text...)
	t.Offsets = append(t.Offsets, int64(len(t.Data)))
}

// NewRaw returns an export with no rows: all shared and private domains made, every table absent.
func NewRaw() *Raw {
	r := &Raw{Domains: map[string]*Domain{}}
	for t := range Schema {
		def := &Schema[t]
		r.Tables[t].Cols = make([]RawColumn, len(def.Columns))
		for c, cd := range def.Columns {
			if cd.Kind != KindID {
				continue
			}
			name, shared := cd.Domain, cd.Domain != ""
			if !shared {
				r.Tables[t].Cols[c].Domain = NewDomain(def.Name + "." + cd.Name)
				continue
			}
			if r.Domains[name] == nil {
				r.Domains[name] = NewDomain(name)
			}
			r.Tables[t].Cols[c].Domain = r.Domains[name]
		}
	}
	return r
}
