// Package ledgertest makes exports out of texts, for tests that need no files.
package ledgertest

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// Raw makes an export from rows of cells as they stand in a CSV file: table → rows → column → text, "" null. A table in
// the map is in the export, if only with no rows; a column no row names is absent.
func Raw[R ~map[string]string](tables map[string][]R) (*ledger.Raw, error) {
	raw := ledger.NewRaw()
	for name, rows := range tables {
		t, ok := ledger.TableByName(name)
		if !ok {
			return nil, fmt.Errorf("no table %s", name)
		}
		tab, def := &raw.Tables[t], &ledger.Schema[t]
		tab.Present, tab.Rows = true, len(rows)
		for c := range def.Columns {
			cd := &def.Columns[c]
			cells := make([]string, len(rows))
			named := false
			for i, r := range rows {
				cells[i] = r[cd.Name]
				named = named || cells[i] != ""
			}
			if err := fill(&tab.Cols[c], cd, cells); err != nil {
				return nil, fmt.Errorf("table %s, column %s: %w", name, cd.Name, err)
			}
			tab.Cols[c].Absent = cd.Optional && !named
		}
	}
	return raw, nil
}

func fill(col *ledger.RawColumn, cd *ledger.ColumnDef, cells []string) error {
	switch cd.Kind {
	case ledger.KindID:
		col.Keys = ledger.NewKeys(len(cells))
		for i, s := range cells {
			col.Keys.Set(i, []ledger.Key{col.Domain.Intern([]byte(s))})
		}
	case ledger.KindFlag:
		col.Flag = make([]uint8, len(cells))
		for i, s := range cells {
			v, ok := map[string]uint8{"": ledger.FlagNull, "true": 1, "1": 1, "false": 0, "0": 0}[s]
			if !ok {
				return fmt.Errorf("flag %q", s)
			}
			col.Flag[i] = v
		}
	case ledger.KindText:
		for _, s := range cells {
			col.Text.Append([]byte(s))
		}
	case ledger.KindWide:
		col.Wide = make([]kernels.Int128, len(cells))
		for i, s := range cells {
			col.Wide[i] = kernels.NullInt128
			if v, ok := new(big.Int).SetString(s, 10); ok {
				col.Wide[i], _ = kernels.FromBig(v)
			} else if s != "" {
				return fmt.Errorf("integer %q", s)
			}
		}
	default:
		col.Int = make([]int64, len(cells))
		for i, s := range cells {
			v, err := Parse(cd.Kind, s)
			if err != nil {
				return err
			}
			col.Int[i] = v
		}
	}
	return nil
}

// Parse reads one cell of a column of integers.
func Parse(kind ledger.Kind, s string) (int64, error) {
	switch {
	case s == "":
		return ledger.NullInt, nil
	case kind == ledger.KindMinutes:
		return strconv.ParseInt(s, 10, 64)
	case kind == ledger.KindTime:
		return Time(s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok || strings.ContainsAny(s, "/eE") {
		return 0, fmt.Errorf("decimal %q", s)
	}
	r.Mul(r, big.NewRat(1_000_000, 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, fmt.Errorf("decimal %q has more than six places or does not fit", s)
	}
	return r.Num().Int64(), nil
}

// Time reads RFC 3339, a date or an integer of µs.
func Time(s string) (int64, error) {
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return v, nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.UnixMicro(), nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UnixMicro(), err
}
