package synth

import (
	"cmp"
	"math/big"
	"slices"

	"planwerk/engine/ledger"
)

// event is a row with the place it has among rows of the same time.
type event struct {
	time int64
	kind int
	t    ledger.TableID
	r    row
}

// walkOrder: what creates resources, what draws from them in the order of MODEL.md §3, machines' owners.
var walkOrder = []struct {
	t    ledger.TableID
	time int
}{{ledger.TCollectivizations, 1}, {ledger.TRecoveries, 1}, {ledger.TOutputs, 1}, {ledger.TConsumptions, 1}, {ledger.TTransfers, 1},
	{ledger.TDispatches, 1}, {ledger.TWriteOffs, 1}, {ledger.TMoPs, 3}, {ledger.TMoPTransfers, 1}, {ledger.TMoPAllocations, 3}}

// walk goes through the ledger in the order of time and keeps the books.
func (c *checker) walk() {
	c.res, c.prod, c.drawn = map[int64]*resource{}, map[int64]*made{}, map[[2]int64]int64{}
	for _, r := range c.rows[ledger.TProductions] {
		c.prod[r[0]] = &made{collective: r[2], common: r[3] == 1, end: 1 << 62}
	}
	for _, r := range c.rows[ledger.TOutputs] {
		p := c.prod[r[2]]
		p.outputs = append(p.outputs, r)
		p.end = min(p.end, r[1])
	}
	for _, r := range c.rows[ledger.TWorkloads] {
		if p := c.prod[r[2]]; r[1] > p.end {
			c.report("after-output", ledger.TWorkloads, r)
		} else {
			p.value += r[5]
		}
	}
	var events []event
	for k, o := range walkOrder {
		for _, r := range c.rows[o.t] {
			events = append(events, event{r[o.time], k, o.t, r})
		}
	}
	slices.SortFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.kind, b.kind), cmp.Compare(a.r[0], b.r[0]))
	})
	common := map[int64]bool{}
	for _, r := range c.rows[ledger.TProductTypes] {
		common[r[0]] = r[3] == 1
	}
	for _, e := range events {
		c.step(e, common)
	}
}

func (c *checker) step(e event, common map[int64]bool) {
	r := e.r
	switch e.t {
	case ledger.TCollectivizations, ledger.TRecoveries:
		c.res[r[0]] = &resource{time: r[1], owner: r[2], amount: r[4], left: r[4], common: common[r[3]]}
	case ledger.TOutputs:
		c.output(r)
	case ledger.TConsumptions:
		p := c.prod[r[2]]
		v, _ := c.draw(e, r[3], r[4], p.collective)
		if r[1] > p.end {
			c.report("after-output", e.t, r)
			return
		}
		if o := c.res[r[3]]; o != nil && r[1] == p.end && slices.ContainsFunc(p.outputs, func(q row) bool { return q[0] == r[3] }) {
			c.report("production-cycle", e.t, r)
		}
		p.value += v
	case ledger.TTransfers:
		v, q := c.draw(e, r[2], r[6], r[4])
		from := c.res[r[2]]
		c.res[r[3]] = &resource{time: r[1], owner: r[5], amount: q, left: q, value: v, common: from != nil && from.common}
	case ledger.TDispatches:
		c.draw(e, r[3], r[4], r[2])
	case ledger.TWriteOffs:
		c.writeOff(e)
	case ledger.TMoPs:
		v := int64(-1)
		if r[5] != null {
			v, _ = c.draw(e, r[5], r[6], r[2])
		}
		if m := c.machines[r[0]]; v != m.value || !m.durable {
			c.report("mop-origin", e.t, r)
		}
	case ledger.TMoPTransfers:
		m := c.machines[r[2]]
		if m.owner != r[3] {
			c.report("not-owner", e.t, r)
		}
		m.owner = r[4]
	case ledger.TMoPAllocations:
		p, m := c.prod[r[1]], c.machines[r[2]]
		if m.owner != p.collective || r[3] > m.ended {
			c.report("not-owner", e.t, r)
		}
		if r[3] > p.end {
			c.report("after-output", e.t, r)
		} else if end := c.naturalEnd(r); end > r[3] {
			p.value += m.transferred(end) - m.transferred(r[3])
		}
	}
}

// draw takes an amount (null: the rest) from a resource by the cascade and returns value and amount.
func (c *checker) draw(e event, id, amount, who int64) (value, taken int64) {
	o := c.res[id]
	if o == nil {
		c.report("time-order", e.t, e.r)
		return 0, 0
	}
	if o.owner != who {
		c.report("not-owner", e.t, e.r)
	}
	if amount == null {
		amount = o.left
	}
	if amount > o.left {
		c.report("overdraw", e.t, e.r)
		amount = o.left
	}
	if o.amount > 0 {
		before := o.amount - o.left
		value = quo(o.value, before+amount, o.amount) - quo(o.value, before, o.amount)
	}
	o.left -= amount
	c.drawn[[2]int64{int64(e.t), e.r[0]}] = value
	return value, amount
}

// output makes one output; the first of a production settles the values of all.
func (c *checker) output(r row) {
	p := c.prod[r[2]]
	if r[1] != p.end {
		c.report("output-time", ledger.TOutputs, r)
	}
	var weights, before, declared, all int64
	oneType, complete := true, true
	for _, o := range p.outputs {
		complete = complete && o[5] != null
		declared += max(o[5], 0)
		oneType = oneType && o[3] == p.outputs[0][3]
	}
	weight := func(o row) int64 { return o[4] }
	if declared > 0 {
		weight = func(o row) int64 { return max(o[5], 0) }
	}
	for _, o := range p.outputs {
		all += weight(o)
		if o[0] < r[0] {
			before += weight(o)
		}
	}
	weights = weight(r)
	if declared == 0 && !oneType || complete && declared != p.value {
		c.report("output-value", ledger.TOutputs, r)
	}
	v := quo(p.value, before+weights, all) - quo(p.value, before, all)
	c.res[r[0]] = &resource{time: r[1], owner: p.collective, amount: r[4], left: r[4], value: v, common: r[6] == 1}
}

func (c *checker) writeOff(e event) {
	r := e.r
	if (r[3] == null) == (r[4] == null) {
		c.report("bad-write-off", e.t, r)
		return
	}
	low, high := int64(0), int64(0)
	if r[3] != null {
		high, _ = c.draw(e, r[3], r[5], r[2])
	} else {
		m := c.machines[r[4]]
		if m.ended != 1<<62 {
			c.report("double-write-off", e.t, r)
			return
		}
		if m.owner != r[2] {
			c.report("not-owner", e.t, r)
		}
		m.ended = r[1]
		age := (r[1] - m.commissioned) / 60_000_000
		for d, v := range m.profile {
			if d > 0 && age > d {
				low -= quo(v, age-d, d)
			}
		}
		low, high = max(low, -m.value), m.value-m.transferred(r[1])
	}
	v := high
	if r[6] != null {
		if r[6] < low || r[6] > high {
			c.report("write-off-value", e.t, r)
		}
		v = min(max(r[6], low), high)
	}
	c.drawn[[2]int64{int64(e.t), r[0]}] = v
}

// components names each collective's component at a time by its smallest member.
func (c *checker) components(at int64) map[int64]int64 {
	up := map[int64]int64{}
	for _, r := range c.rows[ledger.TCollectives] {
		up[r[0]] = r[0]
	}
	find := func(x int64) int64 {
		for up[x] != x {
			x = up[x]
		}
		return x
	}
	for _, r := range c.rows[ledger.TTrust] {
		if r[2] <= at && (r[3] == null || r[3] > at) {
			a, b := find(r[0]), find(r[1])
			up[max(a, b)] = min(a, b)
		}
	}
	out := map[int64]int64{}
	for x := range up {
		out[x] = find(x)
	}
	return out
}

// claims checks recorded revisions, claims and balances.
func (c *checker) claims() {
	type key [2]int64 // revision, workload
	coupons := map[key]int64{}
	for _, rev := range c.rows[ledger.TRevisions] {
		if rev[4] > rev[5] {
			c.report("bad-revision", ledger.TRevisions, rev)
			continue
		}
		of := c.components(rev[2])
		inside := func(collective, t int64) bool { return of[collective] == of[rev[3]] && t > rev[1] && t <= rev[2] }
		c.checkRate(rev, inside)
		var list []row
		var a, before int64
		for _, l := range c.rows[ledger.TWorkloads] {
			if inside(l[3], l[1]) {
				list = append(list, l)
				a += l[5]
			}
		}
		slices.SortFunc(list, func(x, y row) int { return cmp.Or(cmp.Compare(x[1], y[1]), cmp.Compare(x[0], y[0])) })
		v := quo(a, rev[5]-rev[4], rev[5])
		for _, l := range list {
			coupons[key{rev[0], l[0]}] = quo(v, before+l[5], a) - quo(v, before, a)
			before += l[5]
		}
	}
	work := map[int64]row{}
	for _, l := range c.rows[ledger.TWorkloads] {
		work[l[0]] = l
	}
	of := c.components(untilTime)
	claimed := map[key]bool{}
	var moves []event
	for _, r := range c.rows[ledger.TCouponClaims] {
		k := key{r[4], r[3]}
		v, ok := coupons[k]
		if !ok || claimed[k] || work[r[3]][4] != r[2] {
			c.report("bad-claim", ledger.TCouponClaims, r)
			continue
		}
		claimed[k] = true
		moves = append(moves, event{r[1], 0, ledger.TCouponClaims, row{r[0], r[2], of[work[r[3]][3]], v}})
	}
	for _, r := range c.rows[ledger.TAppropriations] {
		moves = append(moves, event{r[1], 1, ledger.TAppropriations, row{r[0], r[2], of[r[3]], -r[4]}})
	}
	slices.SortFunc(moves, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.kind, b.kind), cmp.Compare(a.r[0], b.r[0]))
	})
	balance := map[key]int64{}
	for _, m := range moves {
		k := key{m.r[1], m.r[2]}
		if balance[k] += m.r[3]; balance[k] < 0 && m.kind == 1 {
			c.report("overspend", m.t, m.r)
		}
	}
}

// checkRate recomputes (c + w)/a of a recorded revision.
func (c *checker) checkRate(rev row, inside func(collective, t int64) bool) {
	var a, n int64
	for _, l := range c.rows[ledger.TWorkloads] {
		if inside(l[3], l[1]) {
			a += l[5]
			n += l[5] * l[6]
		}
	}
	for _, r := range c.rows[ledger.TMoPAllocations] {
		p, m := c.prod[r[1]], c.machines[r[2]]
		if from, to := max(r[3], rev[1]), min(c.naturalEnd(r), rev[2]); inside(p.collective, rev[2]) && r[5] == 1 && r[6] == 1 && !m.common && to > from {
			n += m.transferred(to) - m.transferred(from)
		}
	}
	for _, r := range c.rows[ledger.TWriteOffs] {
		common := r[3] != null && (c.res[r[3]] == nil || c.res[r[3]].common) || r[4] != null && c.machines[r[4]].common
		if inside(r[2], r[1]) && !common {
			n += c.drawn[[2]int64{int64(ledger.TWriteOffs), r[0]}]
		}
	}
	left := new(big.Int).Mul(big.NewInt(n), big.NewInt(rev[5]))
	if left.Cmp(new(big.Int).Mul(big.NewInt(a), big.NewInt(rev[4]))) != 0 {
		c.report("revision-mismatch", ledger.TRevisions, rev)
	}
}
