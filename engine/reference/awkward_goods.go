package reference

// history makes the events of production one after the other.
func (m *maker) history() {
	acts := []struct {
		weight int
		act    func()
	}{
		{5, m.collectivize}, {1, m.recover}, {8, m.begin}, {14, m.work}, {10, m.consume}, {7, m.transfer}, {8, m.allocate},
		{7, m.finish}, {3, m.dispatch}, {4, m.writeOffResource}, {2, m.writeOffMop}, {4, m.commission}, {2, m.passMop},
		{2, m.order},
	}
	sum := 0
	for _, a := range acts {
		sum += a.weight
	}
	for _, m.now = range m.moments() {
		n := m.IntN(sum)
		for _, a := range acts {
			if n -= a.weight; n < 0 {
				a.act()
				break
			}
		}
	}
}

func (m *maker) newStock(id, owner, product string, amount int64, common bool) *stock {
	s := &stock{id: id, owner: owner, product: product, time: m.now, left: amount, common: common}
	m.stocks = append(m.stocks, s)
	return s
}

func (m *maker) collectivize() {
	c, p, a := pick(m, m.collectives...), pick(m, m.products...), m.amount()
	s := m.newStock(m.id("resource"), c, p, a, m.commonProduct[p])
	m.add("collectivizations", Row{"resource": s.id, "time": timeCell(m.now), "collective": c, "product_type": p,
		"amount": microCell(a)})
}

func (m *maker) recover() {
	c, p, a := pick(m, m.collectives...), pick(m, m.products...), m.amount()
	s := m.newStock(m.id("resource"), c, p, a, m.commonProduct[p])
	m.add("recoveries", Row{"resource": s.id, "time": timeCell(m.now), "collective": c, "product_type": p,
		"amount": microCell(a), "from_type": pick(m, m.products...)})
}

func (m *maker) begin() {
	y := &cycle{id: m.id("production"), owner: pick(m, m.collectives...), start: m.now, common: m.maybe(0.35)}
	m.cycles = append(m.cycles, y)
	r := m.add("productions", Row{"production": y.id, "time": timeCell(m.now), "collective": y.owner,
		"common": flagText(y.common)})
	if len(m.orders) > 0 && m.maybe(0.4) {
		r["order"] = pick(m, m.orders...)
	}
	for range m.IntN(3) {
		m.workOn(y)
	}
}

// running picks a production that is not finished; now and then any, so that inputs come after the output.
func (m *maker) running() *cycle {
	var open []*cycle
	for _, y := range m.cycles {
		if !y.done {
			open = append(open, y)
		}
	}
	switch {
	case len(m.cycles) > 0 && m.odd(0.05):
		return pick(m, m.cycles...)
	case len(open) == 0:
		return nil
	}
	return recent(m, open)
}

func (m *maker) label(common bool) string { return flagText(common != m.odd(0.04)) }

func (m *maker) anyone(right string) string {
	if m.odd(0.03) {
		return pick(m, m.collectives...)
	}
	return right
}

func (m *maker) work() {
	if y := m.running(); y != nil {
		m.workOn(y)
	}
}

func (m *maker) workOn(y *cycle) {
	m.worked = append(m.worked, m.add("workloads", Row{"workload": m.id("workload"), "time": timeCell(m.now), "production": y.id,
		"collective": m.anyone(y.owner), "wallet": pick(m, m.wallets...), "minutes": m.valueCell(500),
		"common": m.label(y.common)}))
}

// at is the time of a draw: now, or by mistake before the resource exists.
func (m *maker) at(s *stock) string {
	if m.odd(0.04) {
		return timeCell(s.time - pick(m, 1, hour))
	}
	return timeCell(m.now)
}

// owned picks a resource of a collective, mostly one with something left.
func (m *maker) owned(by string, suits func(*stock) bool) *stock {
	var mine []*stock
	for _, s := range m.stocks {
		if s.owner == by && suits(s) && (s.left > 0 || m.odd(0.1)) {
			mine = append(mine, s)
		}
	}
	switch {
	case len(m.stocks) > 0 && m.odd(0.03):
		return pick(m, m.stocks...)
	case len(mine) == 0:
		return nil
	}
	return recent(m, mine)
}

func anyStock(*stock) bool { return true }

func (m *maker) consume() {
	y := m.running()
	if y == nil {
		return
	}
	s := m.owned(y.owner, func(s *stock) bool { return s.common == y.common })
	if s == nil {
		return
	}
	asked, taken := m.part(s.left)
	s.left -= taken
	m.add("consumptions", Row{"consumption": m.id("consumptions"), "time": m.at(s), "production": y.id, "resource": s.id,
		"amount": microCell(asked), "common": m.label(y.common)})
}

// transfer moves a part of a resource, mostly to a trusted neighbour.
func (m *maker) transfer() {
	if len(m.stocks) == 0 {
		return
	}
	s := recent(m, m.stocks)
	if s.left <= 0 && !m.odd(0.1) {
		return
	}
	to := m.partner(s.owner)
	asked, taken := m.part(s.left)
	s.left -= taken
	made := m.newStock(m.id("resource"), to, s.product, taken, s.common)
	m.add("transfers", Row{"transfer": m.id("transfers"), "time": m.at(s), "resource": s.id, "new_resource": made.id,
		"from": m.anyone(s.owner), "to": to, "amount": microCell(asked)})
}

// partner picks a collective that one trusts now, itself if there is none; by mistake any.
func (m *maker) partner(c string) string {
	if m.odd(0.04) {
		return pick(m, m.collectives...)
	}
	trusted := []string{c}
	for _, r := range m.e["trust"] {
		since, _ := readTime(r["since"])
		if since.Int64() > m.now {
			continue
		}
		if r["until"] != "" {
			if until, _ := readTime(r["until"]); until.Int64() <= m.now {
				continue
			}
		}
		if r["a"] == c {
			trusted = append(trusted, r["b"])
		} else if r["b"] == c {
			trusted = append(trusted, r["a"])
		}
	}
	return recent(m, trusted)
}

// finish gives a production one to three outputs, declared or not, sometimes at different times.
func (m *maker) finish() {
	y := m.running()
	if y == nil {
		return
	}
	y.done = true
	n := pick(m, 1, 1, 1, 2, 2, 3)
	declared := pick(m, 0, 0, 1, 1, 2, 3) // none, none, all exactly twice, all somehow, some
	if m.oddness == 0 {
		declared %= 2
	}
	m.exact[y.id] = declared == 1 && !m.odd(0.1)
	product := pick(m, m.products...)
	for range n {
		if m.maybe(0.4) && (m.oddness > 0 || declared == 1) {
			product = pick(m, m.products...)
		}
		a := m.amount()
		now := m.now
		if m.odd(0.05) {
			m.now += pick(m, 1, hour, 3*day)
		}
		s := m.newStock(m.id("resource"), y.owner, product, a, y.common)
		r := m.add("outputs", Row{"resource": s.id, "time": timeCell(m.now), "production": y.id, "product_type": product,
			"amount": microCell(a), "common": m.label(y.common)})
		s.common = r["common"] == "true"
		if declared == 1 || declared == 2 || declared == 3 && m.maybe(0.5) {
			r["value"] = m.valueCell(400)
		}
		m.now = now
	}
}

func (m *maker) dispatch() {
	c := pick(m, m.collectives...)
	if len(m.c2i) > 0 && !m.odd(0.1) {
		c = pick(m, m.c2i...)
	}
	s := m.owned(c, anyStock)
	if s == nil {
		return
	}
	asked, taken := m.part(s.left)
	s.left -= taken
	m.add("dispatches", Row{"dispatch": m.id("dispatches"), "time": m.at(s), "collective": c, "resource": s.id,
		"amount": microCell(asked)})
}

func (m *maker) writeOffResource() {
	c := pick(m, m.collectives...)
	s := m.owned(c, anyStock)
	if s == nil {
		return
	}
	r := Row{"write_off": m.id("write_offs"), "time": m.at(s), "collective": m.anyone(c), "resource": s.id,
		"reason": pick(m, "", "spoilt", "a\nb")}
	if m.maybe(0.6) {
		asked, taken := m.part(s.left)
		s.left -= taken
		r["amount"] = microCell(asked)
	} else {
		s.left = 0
	}
	switch {
	case m.odd(0.05):
		r["value"] = pick(m, "-1", "100000", "-0.000001")
	case m.oddness > 0 && m.maybe(0.2):
		r["value"] = pick(m, "0", "0.000001", "1", "3.5")
	case m.maybe(0.2):
		r["value"] = "0"
	}
	if m.odd(0.05) && len(m.machines) > 0 {
		r["mop"] = pick(m, m.machines...).id
		if m.maybe(0.3) {
			r["resource"] = ""
		}
	}
	m.add("write_offs", r)
}

func (m *maker) order() {
	a := pick(m, m.collectives...)
	b := m.partner(a)
	r := m.add("orders", Row{"order": m.id("order"), "time": timeCell(m.now), "from": a, "to": b,
		"product_type": pick(m, m.products...), "amount": microCell(m.amount())})
	if len(m.orders) > 0 && m.maybe(0.4) {
		r["parent"] = pick(m, m.orders...)
	}
	if m.maybe(0.4) {
		r["due"] = timeCell(m.now + 30*day)
	}
	m.orders = append(m.orders, r["order"])
	switch m.IntN(4) {
	case 0:
		m.add("order_rejections", Row{"order": r["order"], "time": timeCell(m.now), "reason": "full"})
	case 1:
		m.add("value_estimations", Row{"order": r["order"], "time": timeCell(m.now), "collective": b, "value": m.valueCell(90)})
	}
}
