package reference

// commission makes a MoP, mostly out of a resource; adjust makes some of their elements worth exactly what was drawn.
func (m *maker) commission() {
	c := pick(m, m.collectives...)
	mc := &machine{id: m.id("mop"), owner: c, element: pick(m, m.elements...), from: m.now, common: m.maybe(0.3)}
	if m.maybe(0.1) {
		mc.from += pick(m, -day, hour, 5*day, 30*day)
	}
	if m.huge && m.maybe(0.4) { // so old that its age does not fit the span of a time
		mc.from = pick[int64](m, -1<<63+1, -1<<62, 1<<62)
	}
	r := Row{"mop": mc.id, "element": mc.element, "collective": c, "commissioned": timeCell(mc.from),
		"common": flagText(mc.common)}
	s := m.owned(c, anyStock)
	if m.oddness == 0 && (s == nil || s.time > mc.from) {
		return
	}
	if s != nil && (m.oddness == 0 || m.maybe(0.85)) {
		r["resource"] = s.id
		if m.maybe(0.7) {
			asked, taken := m.part(s.left)
			s.left -= taken
			r["amount"] = microCell(asked)
		} else {
			s.left = 0
		}
		if m.oddness == 0 || m.maybe(0.5) { // an element of its own, so that its value can be set freely
			mc.element = m.id("element")
			r["element"] = mc.element
			m.add("elements", Row{"element": mc.element, "value": m.valueCell(100),
				"durability": pick(m, "60", "1000", "14400", "300000")})
		}
	}
	m.add("mops", r)
	m.machines = append(m.machines, mc)
}

func (m *maker) passMop() {
	if len(m.machines) == 0 {
		return
	}
	mc := pick(m, m.machines...)
	to := m.partner(mc.owner)
	m.add("mop_transfers", Row{"transfer": m.id("mop_transfers"), "time": timeCell(m.now), "mop": mc.id,
		"from": m.anyone(mc.owner), "to": to})
	mc.owner = to
}

// allocate uses a MoP for a production, mostly of its owner, for a while or with no end.
func (m *maker) allocate() {
	y := m.running()
	if y == nil || len(m.machines) == 0 {
		return
	}
	mc := pick(m, m.machines...)
	for _, other := range m.machines {
		if other.owner == y.owner && m.maybe(0.7) {
			mc = other
		}
	}
	if mc.owner != y.owner && !m.odd(0.2) {
		return
	}
	repurposed := y.common && !mc.common && !m.odd(0.1) || m.odd(0.05)
	start := m.now + pick(m, 0, 0, 0, 1, -3*hour, 30*second)
	r := m.add("mop_allocations", Row{"allocation": m.id("mop_allocations"), "production": y.id, "mop": mc.id,
		"start": timeCell(start), "common": m.label(y.common), "repurposed": flagText(repurposed)})
	if m.maybe(0.75) {
		r["end"] = timeCell(start + pick(m, 0, 1, 59*second, minute, hour, 7*hour, day, 4*day, 12*day, -hour))
	}
	if m.maybe(0.1) {
		r["end"] = timeCell(pick(m, k1, k1+1, k2, k2+1))
	}
}

func (m *maker) writeOffMop() {
	if len(m.machines) == 0 {
		return
	}
	mc := pick(m, m.machines...)
	r := Row{"write_off": m.id("write_offs"), "time": timeCell(m.now), "collective": m.anyone(mc.owner), "mop": mc.id}
	if mc.gone && !m.odd(0.2) {
		return
	}
	mc.gone = true
	how := m.IntN(4)
	if m.oddness == 0 {
		how = 4
	}
	switch how {
	case 0:
		r["value"] = pick(m, "0", "-1", "-5.000001", "-30", "1", "7", "-100000", "100000")
	case 1:
		r["value"] = microCell(m.Int64N(200_000_000) - 100_000_000)
	}
	if m.maybe(0.1) {
		r["amount"] = "1"
	}
	m.add("write_offs", r)
}

// scenarios adds whole situations that chance alone hardly makes.
func (m *maker) scenarios() {
	m.now = pick(m, k1, k1+1, k1+3*day, k2, zero+day)
	if m.odd(0.12) {
		m.ring()
	}
	if m.odd(0.12) {
		c := pick(m, m.collectives...)
		first := m.circle(c, nil)
		if m.maybe(0.4) { // a second circle that lives on the first
			m.circle(c, first)
		}
	}
	if m.odd(0.08) {
		m.emptyHands()
	}
	if m.maybe(0.4) {
		m.relay()
	}
}

// ring makes transfers at equal times that move each other's resources, and draws on them.
func (m *maker) ring() {
	n := 1 + m.IntN(3)
	var ids []string
	for range n {
		ids = append(ids, m.id("resource"))
	}
	c := pick(m, m.collectives...)
	for i := range n {
		m.add("transfers", Row{"transfer": m.id("transfers"), "time": timeCell(m.now), "resource": ids[(i+1)%n],
			"new_resource": ids[i], "from": c, "to": c, "amount": microCell(m.amount())})
		m.newStock(ids[i], c, "", 0, false)
	}
	if m.maybe(0.7) { // out of the ring
		s := m.newStock(m.id("resource"), c, "", 0, false)
		m.add("transfers", Row{"transfer": m.id("transfers"), "time": timeCell(m.now), "resource": ids[0],
			"new_resource": s.id, "from": c, "to": c, "amount": "1"})
		ids = append(ids, s.id)
	}
	if y := m.running(); y != nil {
		m.add("consumptions", Row{"consumption": m.id("consumptions"), "time": timeCell(m.now), "production": y.id,
			"resource": pick(m, ids...), "amount": "1", "common": "false"})
	}
}

// circle makes productions that consume each other's outputs at one moment, some through a transfer, and one of them what is
// fed to it. It gives back one of the outputs.
func (m *maker) circle(c string, feed *stock) *stock {
	n := 1 + m.IntN(3)
	var cycles []*cycle
	var made []*stock
	for range n {
		y := &cycle{id: m.id("production"), owner: c, start: m.now, done: true}
		m.cycles = append(m.cycles, y)
		cycles = append(cycles, y)
		m.add("productions", Row{"production": y.id, "time": timeCell(m.now), "collective": c, "common": "false"})
		m.workOn(y)
		s := m.newStock(m.id("resource"), c, m.products[0], 8_000_000, false)
		m.add("outputs", Row{"resource": s.id, "time": timeCell(m.now), "production": y.id, "product_type": m.products[0],
			"amount": "8", "common": "false", "value": pick(m, "", "", "12")})
		if m.maybe(0.3) {
			t := m.newStock(m.id("resource"), c, m.products[0], 5_000_000, false)
			m.add("transfers", Row{"transfer": m.id("transfers"), "time": timeCell(m.now), "resource": s.id,
				"new_resource": t.id, "from": c, "to": c, "amount": "5"})
			s.left -= 5_000_000
			s = t
		}
		made = append(made, s)
	}
	links := n
	if m.maybe(0.3) {
		links = n - 1 // no circle after all
	}
	for i := range links + m.IntN(2) {
		asked := pick(m, "1", "1", "2.5", "100") // 100 leaves nothing for the next one
		m.add("consumptions", Row{"consumption": m.id("consumptions"), "time": timeCell(m.now), "production": cycles[i%n].id,
			"resource": made[(i+1)%n].id, "amount": asked, "common": "false"})
	}
	if feed != nil {
		m.add("consumptions", Row{"consumption": m.id("consumptions"), "time": timeCell(m.now), "production": cycles[0].id,
			"resource": feed.id, "amount": "0.5", "common": "false"})
	}
	m.finishWith(c, made[0])
	return made[n-1]
}

// finishWith makes a production that lives on the outputs of a circle.
func (m *maker) finishWith(c string, s *stock) {
	y := &cycle{id: m.id("production"), owner: c, start: m.now}
	m.cycles = append(m.cycles, y)
	m.add("productions", Row{"production": y.id, "time": timeCell(m.now), "collective": c, "common": "false"})
	m.add("consumptions", Row{"consumption": m.id("consumptions"), "time": timeCell(m.now + 1), "production": y.id,
		"resource": s.id, "amount": "1", "common": "false"})
	m.now += hour
	m.finish()
	m.now -= hour
}

// emptyHands draws many times from one resource until long after nothing is left.
func (m *maker) emptyHands() {
	if len(m.stocks) == 0 {
		return
	}
	s := pick(m, m.stocks...)
	for i := range 3 + m.Int64N(12) {
		to := m.newStock(m.id("resource"), s.owner, s.product, 0, s.common)
		m.add("transfers", Row{"transfer": m.id("transfers"), "time": timeCell(m.now + i%3), "resource": s.id,
			"new_resource": to.id, "from": s.owner, "to": s.owner, "amount": microCell(1 + s.left/4 + m.Int64N(1_000_000))})
	}
}

// relay passes a resource on again and again; on the way each holder uses a part of it up.
func (m *maker) relay() {
	y := &cycle{id: m.id("production"), owner: pick(m, m.collectives...), start: m.now, done: true}
	m.cycles = append(m.cycles, y)
	m.add("productions", Row{"production": y.id, "time": timeCell(m.now), "collective": y.owner, "common": "false"})
	m.workOn(y)
	m.workOn(y)
	product := m.products[0]
	a := 1 + m.amount()/2
	s := m.newStock(m.id("resource"), y.owner, product, a, false)
	m.add("outputs", Row{"resource": s.id, "time": timeCell(m.now), "production": y.id, "product_type": product,
		"amount": microCell(a), "common": "false"})
	for range 3 + m.IntN(6) {
		m.now += pick(m, 0, 0, 1, hour)
		to := m.partner(s.owner)
		moved := 1 + m.Int64N(s.left)
		s.left -= moved
		next := m.newStock(m.id("resource"), to, product, moved, false)
		m.add("transfers", Row{"transfer": m.id("transfers"), "time": timeCell(m.now), "resource": s.id,
			"new_resource": next.id, "from": s.owner, "to": to, "amount": microCell(moved)})
		if m.maybe(0.5) {
			m.writeOffResource()
		}
		if m.maybe(0.5) {
			m.dispatch()
		}
		if next.left <= 0 {
			return
		}
		s = next
	}
}
