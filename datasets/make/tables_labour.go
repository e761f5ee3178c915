package synth

import "planwerk/engine/ledger"

// ordersTable: in each round, orders to every second slot by the slot above it in the heap, or by itself.
func (w *world) ordersTable() *table {
	n := every(w.slots, 2)
	return newTable(ledger.TOrders, w.perRound(func(int64) int64 { return n }, func(r, i int64, out *row) {
		b := 2 * i
		from := w.parent(b)
		if from < 0 {
			from = b
		}
		id := w.order(r, i)
		h := w.rnd(rndOrder, id)
		*out = row{id, w.at(r, phOrder, i, n), from, b, w.productType(h, w.isCommon(b)), (1 + below(mix(h), 1000)) * microunit, null, null}
		if h&3 != 0 {
			out[6] = w.roundStart(r + 1)
		}
		if h&12 == 0 && i > 0 {
			out[7] = w.order(r, i/2)
		}
	})...)
}

func (w *world) rejectionsTable() *table {
	n := every(max(0, every(w.slots, 2)-rejected), rejectPeriod)
	t := newTable(ledger.TOrderRejections, w.perRound(func(int64) int64 { return n }, func(r, q int64, out *row) {
		*out = row{w.order(r, q*rejectPeriod+rejected), w.at(r, phReply, q, n), int64(len(reasons) - 1)}
	})...)
	t.text = func(_ int, code int64) string { return reasons[code] }
	return t
}

func (w *world) estimationsTable() *table {
	orders := every(w.slots, 2)
	n := orders - every(max(0, orders-rejected), rejectPeriod)
	return newTable(ledger.TValueEstimations, w.perRound(func(int64) int64 { return n }, func(r, q int64, out *row) {
		i := q/(rejectPeriod-1)*rejectPeriod + q%(rejectPeriod-1)
		if i%rejectPeriod >= rejected {
			i++
		}
		id := w.order(r, i)
		*out = row{id, w.at(r, phReply, q, n), 2 * i, (500 + below(w.rnd(rndOrder, ^id), 20_000)) * microunit}
	})...)
}

func (w *world) productionsTable() *table {
	built := block{w.slots, func(b int64, r *row) {
		*r = row{b, w.buildTime(b, 0), b, flag(w.isCommon(b)), null}
	}}
	rounds := w.perRound(func(int64) int64 { return w.slots }, func(r, b int64, out *row) {
		*out = row{w.production(r, b), w.at(r, phProduction, b, w.slots), b, flag(w.isCommon(b)), null}
		if b&1 == 0 && b/2%rejectPeriod != rejected {
			out[4] = w.order(r, b/2)
		}
	})
	return newTable(ledger.TProductions, append([]block{built}, rounds...)...)
}

func (w *world) workloadsTable() *table {
	return newTable(ledger.TWorkloads, block{w.cfg.Workloads, func(i int64, r *row) {
		p := w.workload(i)
		*r = row{i, w.workTime(i, p), w.production(p.round, p.slot), p.slot, w.wallet(p), w.minutes(p), flag(w.isCommon(p.slot))}
	}})
}

func (w *world) allocationsTable() *table {
	n := w.allocs.start(w.makers)
	return newTable(ledger.TMoPAllocations, w.perRound(func(int64) int64 { return n }, func(r, i int64, out *row) {
		b, k := w.allocs.find(i)
		a := w.allocation(r, b, k)
		*out = row{r*n + i, w.production(r, b), w.mop(b, a.machine), a.start, a.end, flag(w.isCommon(b)), flag(a.repurposed)}
	})...)
}

// revisionsTable: the recorded revisions; planted ones with an impossible rate after them.
func (w *world) revisionsTable() *table {
	cuts := [3]int64{startTime, cut1, cut2}
	good := block{int64(len(w.book.rows)), func(i int64, r *row) {
		x := w.book.rows[i]
		*r = row{i, cuts[x.segment], cuts[x.segment+1], w.slotOf(x.comp, 0), x.n, x.m}
	}}
	bad := block{w.planted(2), func(i int64, r *row) {
		*r = row{int64(len(w.book.rows)) + i, cut1, cut2 - i*hour, w.slotOf(0, 0), 3 + i, 2}
	}}
	return newTable(ledger.TRevisions, good, bad)
}

// Of each five workloads of a recorded segment three are claimed.
const claimPeriod, claimsPerPeriod = 5, 3

var claimedPlaces = [claimsPerPeriod]int64{0, 2, 3}

const spendDays = 20 * day // claims of a segment are spread over so long after its revision, and what they pay for too

func (w *world) claims(g int) int64 {
	return (w.book.first[g+1] - w.book.first[g]) / claimPeriod * claimsPerPeriod
}

// claimed is the workload of the q-th claim of a segment: people claim in any order.
func (w *world) claimed(g int, q int64) int64 {
	q = w.book.claims[g].at(q, 0)
	return w.book.first[g] + q/claimsPerPeriod*claimPeriod + claimedPlaces[q%claimsPerPeriod]
}

func (w *world) claimsTable() *table {
	var blocks []block
	for g, cut := range [2]int64{cut1, cut2} {
		n := w.claims(g)
		var before int64
		if g > 0 {
			before = w.claims(0)
		}
		blocks = append(blocks, block{n, func(q int64, r *row) {
			l := w.claimed(g, q)
			p := w.workload(l)
			z, _ := w.zoneOf(p.slot)
			*r = row{before + q, within(cut+hour, cut+hour+spendDays, q, n), w.wallet(p), l, w.book.revision[g][comp(z)]}
		}})
	}
	return newTable(ledger.TCouponClaims, blocks...)
}

// Of four claims in a row each pays for one appropriation, and one of them for a second one.
const claimsPerSpend, spendsPerGroup = 4, 5

// appropriationsTable: each is paid out of one claim, two days or more after it, with at most 9/10 of its coupon spent.
func (w *world) appropriationsTable() *table {
	var blocks []block
	var before int64
	for g, cut := range [2]int64{cut1, cut2} {
		n := w.claims(g) / claimsPerSpend * spendsPerGroup
		first := before
		before += n
		blocks = append(blocks, block{n, func(x int64, r *row) {
			group, t := x/spendsPerGroup, x%spendsPerGroup
			h := w.rnd(rndSpend, first+x)
			share := 400 + below(h, 200) // thousandths
			if t == claimsPerSpend {
				t, share = group%claimsPerSpend, share/2
			}
			l := w.claimed(g, group*claimsPerSpend+t)
			p := w.workload(l)
			z, _ := w.zoneOf(p.slot)
			rate := w.rate(int64(g), z)
			// Two less than the exact share: the cascade may round it down by one, and so does V.
			coupon := max(0, mulDiv(w.minutes(p), rate.m-rate.n, rate.m)-2)
			v := coupon / 1000 * share
			*r = row{first + x, within(cut+3*day, cut+3*day+spendDays, x, n), w.wallet(p),
				w.zoneShop(z, skewed(mix(h), w.zones[z].shops)), v - v%10_000}
		}})
	}
	return newTable(ledger.TAppropriations, blocks...)
}
