package reference

import "maps"

// spoil breaks single rows: nulls, negative numbers, bad kinds, duplicates, references to nothing, missing tables.
func (m *maker) spoil() {
	share := pick(m, 0, 0.004, 0.015, 0.05) * m.oddness
	for _, t := range schema {
		for _, r := range m.e[t.name] {
			if m.maybe(share) {
				m.spoilRow(t, r)
			}
		}
		m.Shuffle(len(m.e[t.name]), func(i, j int) {
			m.e[t.name][i], m.e[t.name][j] = m.e[t.name][j], m.e[t.name][i]
		})
		gone := 0.02
		if t.name == "orders" || t.name == "citizens" || t.name == "recoveries" {
			gone = 0.15
		}
		if m.maybe(gone * min(m.oddness, 1)) {
			delete(m.e, t.name)
		} else if len(m.e[t.name]) == 0 && m.maybe(0.5) {
			delete(m.e, t.name) // an empty table may be there or not
		}
	}
}

func (m *maker) spoilRow(t *table, r Row) {
	switch m.IntN(7) {
	case 0: // a null in any column
		r[pick(m, t.columns...).name] = ""
	case 1, 2: // a duplicate, identical or not
		twin := maps.Clone(r)
		if m.maybe(0.6) {
			m.change(t, twin)
		}
		if t.name == "trust" && m.maybe(0.5) { // the same pair
			twin["a"], twin["b"] = twin["b"], twin["a"]
		}
		m.add(t.name, twin)
	case 3: // a resource that another table creates too
		if c := creates(t); c != "" && len(m.stocks) > 0 {
			r[c] = pick(m, m.stocks...).id
		}
	case 4: // a reference to nothing
		c := pick(m, t.columns...)
		if c.domain != "" && !c.creates {
			r[c.name] = m.id(c.domain)
		}
	case 5:
		m.negate(t, r)
	case 6:
		m.change(t, r)
	}
}

func (m *maker) negate(t *table, r Row) {
	for _, c := range t.columns {
		switch {
		case c.name == "kind":
			r[c.name] = pick(m, "C2C", "c2x", "individual")
		case c.kind == kindMicro && m.maybe(0.7):
			r[c.name] = pick(m, "-1", "0", "-0.000001", "-9223372036854.775807")
		case c.kind == kindMinutes && m.maybe(0.7):
			r[c.name] = pick(m, "-1", "-60")
		}
	}
}

// change gives one column other than the primary id another value.
func (m *maker) change(t *table, r Row) {
	c := t.columns[m.IntN(len(t.columns))]
	for _, p := range t.primary {
		if p == c.name {
			return
		}
	}
	switch {
	case c.name == "kind":
		r[c.name] = pick(m, "c2c", "c2i")
	case c.kind == kindMicro:
		r[c.name] = m.valueCell(50)
	case c.kind == kindTime:
		r[c.name] = timeCell(zero + m.Int64N(last-zero))
	case c.kind == kindFlag:
		r[c.name] = flagText(m.maybe(0.5))
	case c.domain == "collective":
		r[c.name] = pick(m, m.collectives...)
	case c.domain == "product_type":
		r[c.name] = pick(m, m.products...)
	case c.kind == kindText:
		r[c.name] = pick(m, "x", "y")
	}
}
