package reference

import (
	"slices"
	"strings"
)

// keep leaves in every table the rows for which ok holds, and reports the others under rule.
func (l *ledger) keep(rule string, ok func(*row) bool) (dropped int) {
	for _, t := range schema {
		var left []*row
		for _, r := range l.rows[t.name] {
			if ok(r) {
				left = append(left, r)
				continue
			}
			l.report(rule, r)
			dropped++
		}
		l.rows[t.name] = left
	}
	return dropped
}

// notNegative names the columns that must be at least zero.
var notNegative = map[string]bool{"workloads.minutes": true, "elements.value": true, "elements.durability": true,
	"outputs.value": true, "appropriations.value": true}

func (l *ledger) dropBadValues() {
	l.keep("bad-value", func(r *row) bool {
		for _, c := range r.table.columns {
			n := r.num(c.name)
			switch {
			case !r.has(c.name) && !c.optional:
				return false
			case c.name == "amount" && n != nil && n.Sign() <= 0:
				return false
			case notNegative[r.table.name+"."+c.name] && n != nil && n.Sign() < 0:
				return false
			case c.name == "kind" && r.id("kind") != "c2c" && r.id("kind") != "c2i":
				return false
			}
		}
		return true
	})
}

// stays picks of rows with the same identity the one with the smallest text.
func stays(rows []*row, identity func(*row) string) map[*row]bool {
	best := map[string]*row{}
	for _, r := range rows {
		if b := best[identity(r)]; b == nil || r.text() < b.text() {
			best[identity(r)] = r
		}
	}
	chosen := map[*row]bool{}
	for _, r := range best {
		chosen[r] = true
	}
	return chosen
}

func (l *ledger) dropDuplicates() {
	chosen := map[*row]bool{}
	for _, t := range schema {
		for r := range stays(l.rows[t.name], (*row).identity) {
			chosen[r] = true
		}
	}
	l.keep("duplicate-id", func(r *row) bool { return chosen[r] })
}

// creates names the column in which a row of the table creates a resource, or is "".
func creates(t *table) string {
	for _, rt := range resourceTables {
		if rt.table == t.name {
			return rt.column
		}
	}
	return ""
}

func (l *ledger) dropDuplicateResources() {
	var all []*row
	for _, rt := range resourceTables {
		all = append(all, l.rows[rt.table]...)
	}
	chosen := stays(all, func(r *row) string { return r.id(creates(r.table)) })
	l.keep("duplicate-id", func(r *row) bool { return creates(r.table) == "" || chosen[r] })
}

// known collects, per domain, the ids that rows which are left bring into being.
func (l *ledger) known() map[string]map[string]bool {
	ids := map[string]map[string]bool{}
	for _, t := range schema {
		for _, c := range t.columns {
			if !c.creates {
				continue
			}
			if ids[c.domain] == nil {
				ids[c.domain] = map[string]bool{}
			}
			for _, r := range l.rows[t.name] {
				ids[c.domain][r.id(c.name)] = true
			}
		}
	}
	return ids
}

// dropDangling takes rows away whose required ids name nothing, until no more fall; then optional ids that name nothing
// become null.
func (l *ledger) dropDangling() {
	for {
		ids := l.known()
		if l.keep("dangling-reference", func(r *row) bool { return !dangles(r, ids) }) == 0 {
			break
		}
	}
	ids := l.known()
	for _, t := range schema {
		for _, r := range l.rows[t.name] {
			reported := false
			for _, c := range t.columns {
				if !c.optional || c.domain == "" || !r.has(c.name) || ids[c.domain][r.id(c.name)] {
					continue
				}
				r.opened[c.name] = true
				if !reported && l.domainPresent(c.domain) {
					l.report("dangling-reference", r)
					reported = true
				}
			}
		}
	}
}

func dangles(r *row, ids map[string]map[string]bool) bool {
	return slices.ContainsFunc(r.table.columns, func(c column) bool {
		return c.domain != "" && !c.creates && !c.optional && r.has(c.name) && !ids[c.domain][r.id(c.name)]
	})
}

// domainPresent says whether a table that creates ids of the domain is in the export.
func (l *ledger) domainPresent(domain string) bool {
	for _, t := range schema {
		for _, c := range t.columns {
			if c.creates && c.domain == domain && l.present[t.name] {
				return true
			}
		}
	}
	return false
}

// listed says whether a violation is of the period ]after, until].
func (l *ledger) listed(v violation, after int64) bool {
	c := v.row.table.time
	if v.row.table.name == "mops" {
		c = "commissioned"
	}
	if c == "" || !v.row.has(c) {
		return true
	}
	t := v.row.at(c)
	return after < t && t <= l.until
}

func (l *ledger) violationTable(p Params) Table {
	tab := Table{Columns: []string{"rule", "table", "id", "detail"}}
	for _, v := range l.violations {
		if p.AllViolations || l.listed(v, p.After) {
			tab.Rows = append(tab.Rows, []string{v.rule, v.row.table.name, v.row.key(), v.row.detail() + v.extra})
		}
	}
	slices.SortFunc(tab.Rows, func(a, b []string) int {
		for _, c := range []int{strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]), compareIDs(a[2], b[2])} {
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a[3], b[3])
	})
	return tab
}
