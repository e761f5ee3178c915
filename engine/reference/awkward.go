package reference

import (
	"math/big"
	"math/rand/v2"
	"slices"
)

// Times of the generator, µs. The period is ]k1, k2]; ledgers begin before it and go on after it.
const (
	second = int64(1_000_000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
	zero   = int64(1_767_225_600) * second // 2026-01-01T00:00:00Z
	k1     = zero + 10*day
	k2     = zero + 20*day
	last   = zero + 24*day
)

// stock is a resource as the generator believes it to be.
type stock struct {
	id, owner, product string
	time               int64
	left               int64 // micro-units
	common             bool
}

// cycle is a production as the generator believes it to be.
type cycle struct {
	id, owner string
	start     int64
	common    bool
	done      bool
}

// machine is a MoP as the generator believes it to be.
type machine struct {
	id, owner, element string
	from               int64
	common             bool
	gone               bool // written off
}

// maker builds one ledger.
type maker struct {
	*rand.Rand
	e       Export
	names   map[string]*namer // by domain, and by table for private ids
	now     int64             // of the event being made
	oddness float64           // how often a rule is broken on purpose: 0, or around 1
	huge    bool              // some numbers near ±2⁶³

	collectives, c2i, products, elements, wallets []string
	commonProduct                                 map[string]bool
	stocks                                        []*stock
	cycles                                        []*cycle
	machines                                      []*machine
	worked                                        []Row    // workloads
	orders                                        []string // ids
	exact                                         map[string]bool
	honest                                        []Row // recorded revisions that shall have the right rate
}

// Awkward makes a small ledger and the parameters of a batch over it. Most rows are valid, so that chains of draws and
// transfers grow deep; over many seeds every rule of the model is reached, often at the very edge.
func Awkward(seed uint64) (Export, Params) {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 0xa3c)), e: Export{}, names: map[string]*namer{},
		commonProduct: map[string]bool{}, exact: map[string]bool{}}
	m.oddness = []float64{0, 0.3, 1, 1, 3}[m.IntN(5)]
	m.huge = m.IntN(40) == 0
	for _, t := range schema {
		m.e[t.name] = nil
	}
	if seed%101 == 100 {
		return Export{}, m.params()
	}
	m.society()
	m.composition()
	m.history()
	m.scenarios()
	m.recordRevisions()
	p := m.params()
	m.adjust(p)
	m.money(p)
	m.spoil()
	m.dress()
	m.debts(&p)
	return m.e, p
}

// odd is true with probability p, scaled by how odd this ledger is.
func (m *maker) odd(p float64) bool { return m.Float64() < p*m.oddness }

// maybe is true with probability p.
func (m *maker) maybe(p float64) bool { return m.Float64() < p }

func pick[T any](m *maker, from ...T) T { return from[m.IntN(len(from))] }

// recent picks one of a list, later ones more often, so that chains grow.
func recent[T any](m *maker, from []T) T {
	i := max(m.IntN(len(from)), m.IntN(len(from)))
	return from[i]
}

func (m *maker) add(table string, r Row) Row {
	m.e[table] = append(m.e[table], r)
	return r
}

func (m *maker) params() Params {
	p := Params{After: k1, Until: k2, Rounding: "cascade"}
	if m.maybe(0.35) {
		p.Rounding = "floor"
	}
	if m.maybe(0.4) {
		p.WriteoffLimit = pick(m, big.NewRat(1, 10), big.NewRat(0, 1), big.NewRat(1, 3), big.NewRat(2, 1), big.NewRat(1, 1000))
	}
	p.CheckRevisions = m.maybe(0.3)
	p.AllViolations = m.maybe(0.5)
	switch m.IntN(20) {
	case 0, 1:
		p.After = zero - 1 // everything
	case 2:
		p.Until = last + day
	case 3:
		p.After = k2 - 1
	case 4:
		p.After = pick[int64](m, -1<<62, k1-5*day)
		p.Until = pick[int64](m, 1<<62, k1, k1+1)
	}
	return p
}

// debts gives some collectives that are left after the checks a debt from an earlier period.
func (m *maker) debts(p *Params) {
	if !m.maybe(0.25) {
		return
	}
	l, err := open(m.e, p.Until)
	if err != nil {
		panic("reference: the generator made an unreadable ledger: " + err.Error())
	}
	p.DebtIn = map[string]*big.Int{}
	if rows := l.rows["collectives"]; len(rows) > 0 && m.maybe(0.05) { // near the end of 128 bits
		p.DebtIn[rows[0].id("collective")], _ = new(big.Int).SetString("90000000000000000000000000000000000000", 10)
		return
	}
	for _, r := range l.rows["collectives"] {
		if m.maybe(0.4) {
			p.DebtIn[r.id("collective")] = big.NewInt(m.Int64N(600_000_000) - 100_000_000)
		}
	}
}

// society makes collectives, trust, product types and wallets.
func (m *maker) society() {
	for range 2 + m.IntN(5) {
		c := m.id("collective")
		kind := pick(m, "c2c", "c2i")
		m.collectives = append(m.collectives, c)
		if kind == "c2i" {
			m.c2i = append(m.c2i, c)
		}
		r := m.add("collectives", Row{"collective": c, "kind": kind})
		if m.maybe(0.3) {
			r["name"] = pick(m, "Bakery, east", "Mühle", `The "Forge"`, "x")
			r["region"] = pick(m, "north", "süd")
		}
	}
	for i := range m.collectives[1:] {
		if m.maybe(0.85) {
			m.trust(m.collectives[i], m.collectives[i+1])
		}
	}
	for range m.IntN(6) {
		m.trust(pick(m, m.collectives...), pick(m, m.collectives...))
	}
	for range 1 + m.IntN(4) {
		p := m.id("product_type")
		m.products = append(m.products, p)
		m.commonProduct[p] = m.maybe(0.3)
		m.add("product_types", Row{"product_type": p, "common": flagText(m.commonProduct[p]), "unit": pick(m, "", "kg")})
	}
	for range 1 + m.IntN(4) {
		w := m.id("wallet")
		m.wallets = append(m.wallets, w)
		if m.maybe(0.3) {
			m.add("citizens", Row{"wallet": w, "tier": pick(m, "1", "1.50", "3"), "block": "b1", "category": "care"})
		}
	}
}

// trust adds an edge that mostly holds all the time, or ends at or near an edge of the period.
func (m *maker) trust(a, b string) {
	r := Row{"a": a, "b": b, "since": timeCell(pick(m, zero, zero, zero, zero+hour, k1, k1+1, k2, k2+1))}
	if m.maybe(0.4) {
		r["until"] = timeCell(pick(m, k1-1, k1, k1+1, k1+day, k1+day, k1+5*day, k1+5*day, k2-1, k2, k2+1, zero))
	}
	if m.maybe(0.25) { // on and off within the period
		r["since"] = timeCell(k1 + m.Int64N(k2-k1))
		if m.maybe(0.7) {
			r["until"] = timeCell(k1 + m.Int64N(k2-k1))
		}
	}
	m.add("trust", r)
}

// composition makes elements as a DAG, now and then with a cycle.
func (m *maker) composition() {
	n := 2 + m.IntN(9)
	for range n {
		m.elements = append(m.elements, m.id("element"))
	}
	composite := map[string]bool{}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if m.maybe(1.2 / float64(n)) {
				composite[m.elements[i]] = true
				m.add("element_parts", Row{"element": m.elements[i], "part": m.elements[j]})
			}
		}
	}
	if m.odd(0.06) {
		i := m.IntN(n)
		m.add("element_parts", Row{"element": m.elements[i], "part": m.elements[m.IntN(i+1)]})
	}
	for _, id := range m.elements {
		r := m.add("elements", Row{"element": id, "value": m.valueCell(300), "product_type": pick(m, "", pick(m, m.products...))})
		if !composite[id] || m.maybe(0.2) {
			r["durability"] = pick(m, "60", "600", "1441", "7", "14400", "100000", "52560000", "9223372036854775807")
			switch {
			case m.maybe(0.05):
				r["durability"] = "0"
			case m.odd(0.03):
				r["durability"] = ""
			}
		}
	}
}

// moments are the times of the events, in order: many are equal, some stand exactly at the edges of the period.
func (m *maker) moments() []int64 {
	var times []int64
	for range 20 + m.IntN(120) {
		t := zero + m.Int64N(last-zero)
		switch m.IntN(4) {
		case 0:
			t -= t % day
		case 1:
			t -= t % hour
		case 2:
			t = pick(m, k1-1, k1, k1, k1+1, k2-1, k2, k2, k2+1, k1+day, k1+day, zero)
		}
		times = append(times, t)
	}
	slices.Sort(times)
	return times
}
