package reference

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Row is one row of an export: column to the text of its cell. An absent column and the empty text are null.
type Row map[string]string

// Export holds the tables of a ledger export by name. A table that is not in the map is not in the export.
type Export map[string][]Row

// row is a row with its cells read. What opened holds counts as null, but still stands in texts.
type row struct {
	table  *table
	cells  map[string]cell
	opened map[string]bool
}

func (r *row) has(c string) bool {
	_, ok := r.cells[c]
	return ok && !r.opened[c]
}

// id gives the id or text in a column, "" for null.
func (r *row) id(c string) string {
	if !r.has(c) {
		return ""
	}
	return r.cells[c].text
}

// num gives the number in a column, nil for null.
func (r *row) num(c string) *big.Int {
	if !r.has(c) {
		return nil
	}
	return r.cells[c].num
}

func (r *row) at(c string) int64  { return r.num(c).Int64() }
func (r *row) flag(c string) bool { return r.num(c).Sign() != 0 }

// key is the text of the primary id; cells of a compound one are joined by a slash.
func (r *row) key() string {
	var parts []string
	for _, c := range r.table.primary {
		parts = append(parts, r.cells[c].text)
	}
	return strings.Join(parts, "/")
}

// identity is what makes two rows the same: the primary id, with the pair of a trust edge taken in order.
func (r *row) identity() string {
	var parts []string
	for _, c := range r.table.primary {
		parts = append(parts, r.cells[c].text)
	}
	if r.table.name == "trust" && lessID(parts[1], parts[0]) {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.Join(parts, "\x1f")
}

// text is what decides between rows with the same id.
func (r *row) text() string {
	parts := []string{r.table.name}
	for _, c := range r.table.columns {
		parts = append(parts, r.cells[c.name].text)
	}
	return strings.Join(parts, "\x1f")
}

// detail lists the non-null cells as a violation shows them.
func (r *row) detail() string {
	var parts []string
	for _, c := range r.table.columns {
		if v, ok := r.cells[c.name]; ok {
			parts = append(parts, c.name+"="+v.text)
		}
	}
	return strings.Join(parts, " ")
}

// violation is a row that breaks a rule; extra is appended to its detail.
type violation struct {
	rule  string
	row   *row
	extra string
}

// ledger is an export as at some moment, after the checks.
type ledger struct {
	until      int64
	present    map[string]bool
	rows       map[string][]*row // what is left, in the order of the primary ids
	violations []violation
}

func (l *ledger) report(rule string, r *row) {
	l.violations = append(l.violations, violation{rule: rule, row: r})
}

// open reads an export as at until and checks it: bad values, duplicate ids, dangling references.
func open(e Export, until int64) (*ledger, error) {
	l := &ledger{until: until, present: map[string]bool{}, rows: map[string][]*row{}}
	for _, t := range schema {
		given, ok := e[t.name]
		l.present[t.name] = ok
		for i, raw := range given {
			r, err := readRow(t, raw)
			if err != nil {
				return nil, fmt.Errorf("%s, row %d: %w", t.name, i+1, err)
			}
			if l.exists(r) {
				l.rows[t.name] = append(l.rows[t.name], r)
			}
		}
	}
	l.dropBadValues()
	l.dropDuplicates()
	l.dropDuplicateResources()
	l.dropDangling()
	for _, rows := range l.rows {
		slices.SortFunc(rows, func(a, b *row) int { return compareIDs(a.key(), b.key()) })
	}
	return l, nil
}

func compareIDs(a, b string) int {
	switch {
	case lessID(a, b):
		return -1
	case lessID(b, a):
		return 1
	}
	return 0
}

func readRow(t *table, raw Row) (*row, error) {
	r := &row{table: t, cells: map[string]cell{}, opened: map[string]bool{}}
	for _, c := range t.columns {
		s := raw[c.name]
		if s == "" {
			continue
		}
		v, err := readCell(c.kind, s)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
		r.cells[c.name] = v
	}
	return r, nil
}

// exists says whether a row is there for a batch up to until; an end or until of trust after it is opened.
func (l *ledger) exists(r *row) bool {
	if c := r.table.time; c != "" && r.has(c) && r.at(c) > l.until {
		return false
	}
	later := map[string]string{"mop_allocations": "end", "trust": "until"}[r.table.name]
	if later != "" && r.has(later) && r.at(later) > l.until {
		r.opened[later] = true
	}
	return true
}
