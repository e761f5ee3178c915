package reference

import (
	"math/big"
	"strconv"
)

// recordRevisions makes recorded revisions: mostly one after the other, some bad, overlapping or with a wrong rate.
func (m *maker) recordRevisions() {
	n := pick(m, 0, 1, 1, 2, 3)
	after := pick(m, zero-1, zero, zero+day)
	for range n {
		until := after + pick(m, 2*day, 4*day, 5*day+1, 9*day)
		if m.maybe(0.2) {
			until = max(after+1, pick(m, k1, k1+1, k2, k2+1))
		}
		for _, c := range m.collectives {
			if m.maybe(0.5) {
				m.recordRevision(c, after, until)
			}
		}
		if m.odd(0.08) { // one that begins earlier and ends later, or at the same time
			m.recordRevision(pick(m, m.collectives...), after-hour, until+pick(m, 0, 1, day))
		}
		after = until
		if m.odd(0.1) {
			after -= hour
		}
	}
}

func (m *maker) recordRevision(c string, after, until int64) {
	r := m.add("revisions", Row{"revision": m.id("revision"), "after": timeCell(after), "until": timeCell(until), "subsystem": c,
		"tax_numerator": strconv.Itoa(m.IntN(6)), "tax_denominator": strconv.Itoa(5 + m.IntN(20))})
	switch {
	case m.odd(0.02):
		r["after"] = timeCell(until)
	case m.odd(0.02):
		r["tax_denominator"] = pick(m, "0", "-5")
	case m.odd(0.02):
		r["tax_numerator"] = pick(m, "50", "-50")
	case m.maybe(0.05):
		r["tax_numerator"] = pick(m, "-5", "-1", "5")
		r["tax_denominator"] = "5"
	case m.maybe(0.03):
		r["tax_denominator"] = "99999999999999999999999999999999999999"
		r["tax_numerator"] = pick(m, "33333333333333333333333333333333333333", "-99999999999999999999999999999999999999",
			"99999999999999999999999999999999999998")
	case m.maybe(0.7):
		m.honest = append(m.honest, r)
	}
}

// derived reads the ledger as it stands now; the generator's own rows are always readable.
func (m *maker) derived(until int64) *book {
	l, err := open(m.e, until)
	if err != nil {
		panic("reference: the generator made an unreadable ledger: " + err.Error())
	}
	return derive(l)
}

// adjust sets values that only a computation can know: MoPs worth exactly what they drew, outputs declared at exactly V(p),
// recorded revisions with the right rate. Each may put an earlier one out again; most hold.
func (m *maker) adjust(p Params) {
	b := m.derived(last + 100*day)
	for _, r := range m.e["mops"] {
		root := b.mops[r["mop"]]
		if root == nil || r["resource"] == "" || !m.maybe(0.7) {
			continue
		}
		drawn := b.drawn(b.draws[root.row])
		for _, el := range m.e["elements"] {
			own := len(b.elements[r["element"]].below) == 0
			if el["element"] == r["element"] && own && drawn.IsInt64() {
				el["value"] = shortDecimal(drawn)
			}
		}
	}
	m.declareExactly()
	asAt := map[int64]*book{}
	for _, r := range m.honest {
		until, _ := strconv.ParseInt(r["until"], 10, 64)
		after, _ := strconv.ParseInt(r["after"], 10, 64)
		if asAt[until] == nil {
			asAt[until] = m.derived(until)
		}
		b := asAt[until]
		own := b.revise(after, p.WriteoffLimit, nil)[b.subsystem[r["subsystem"]]]
		rate := own.rate()
		if rate == nil || rate.Num().CmpAbs(max38) >= 0 || rate.Denom().CmpAbs(max38) >= 0 {
			continue
		}
		scale := big.NewInt(pick[int64](m, 1, 1, 2))
		r["tax_numerator"] = new(big.Int).Mul(rate.Num(), scale).String()
		r["tax_denominator"] = new(big.Int).Mul(rate.Denom(), scale).String()
	}
}

// declareExactly makes declared values sum to V(p). A production with one output keeps its value, so all of those are set
// at once; some of those with several are set one by one in order of their end, as their shares change what comes later.
func (m *maker) declareExactly() {
	b := m.derived(last + 100*day)
	set := func(b *book, p *production) {
		left := new(big.Int).Set(b.input(p))
		for i, r := range p.outputs {
			share := new(big.Int).Set(left)
			if i < len(p.outputs)-1 && left.IsInt64() && left.Sign() > 0 {
				share = big.NewInt(m.Int64N(left.Int64()))
			}
			left.Sub(left, share)
			for _, out := range m.e["outputs"] {
				if out["resource"] == r.id("resource") && share.IsInt64() {
					out["value"] = shortDecimal(share)
				}
			}
		}
	}
	for _, y := range m.cycles {
		if p := b.production[y.id]; p != nil && m.exact[y.id] && len(p.outputs) == 1 {
			set(b, p)
		}
	}
	some := 3
	for _, y := range m.cycles { // in order of their beginning, which is near enough
		if p := b.production[y.id]; p != nil && m.exact[y.id] && len(p.outputs) > 1 && some > 0 {
			some--
			b := m.derived(last + 100*day)
			set(b, b.production[y.id])
		}
	}
}

// money makes claims and appropriations on top of the recorded revisions.
func (m *maker) money(p Params) {
	b := m.derived(last + 100*day)
	for _, v := range b.rows["revisions"] {
		then := b.components(v.at("until"))
		for _, w := range b.rows["workloads"] {
			t := w.at("time")
			fits := v.at("after") < t && t <= v.at("until") && then[w.id("collective")] == then[v.id("subsystem")]
			if fits && m.maybe(0.6) || m.odd(0.01) {
				m.claimed(w, v)
			}
		}
	}
	most := 25
	if len(m.e["coupon_claims"]) == 0 {
		most = 4
	}
	for range m.IntN(most) {
		c := pick(m, m.collectives...)
		wallet := pick(m, m.wallets...)
		if claims := m.e["coupon_claims"]; len(claims) > 0 && m.maybe(0.7) {
			wallet = pick(m, claims...)["wallet"]
		}
		if len(m.c2i) > 0 && !m.odd(0.1) {
			c = pick(m, m.c2i...)
		}
		m.add("appropriations", Row{"appropriation": m.id("appropriations"), "time": timeCell(m.late(k1 - day)),
			"wallet": wallet, "collective": c, "value": m.valueCell(pick[int64](m, 2, 10, 40, 400))})
	}
}

// late picks a time from t on.
func (m *maker) late(t int64) int64 {
	if m.maybe(0.3) {
		return pick(m, k1, k1+1, k1+day, k2-1, k2, k2+1)
	}
	return t + m.Int64N(max(1, last-t))
}

func (m *maker) claimed(w, v *row) {
	r := Row{"claim": m.id("coupon_claims"), "time": timeCell(m.late(v.at("until"))), "wallet": w.id("wallet"),
		"workload": w.id("workload"), "revision": v.id("revision")}
	if m.odd(0.04) {
		r["wallet"] = pick(m, m.wallets...)
	}
	m.add("coupon_claims", r)
	if m.odd(0.06) {
		again := Row{"claim": m.id("coupon_claims"), "time": timeCell(m.late(v.at("until"))), "wallet": w.id("wallet"), "workload": r["workload"],
			"revision": r["revision"]}
		m.add("coupon_claims", again)
	}
}
