package synth

import "planwerk/engine/ledger"

// collectivizationsTable: what slots began with, then imports in each round.
func (w *world) collectivizationsTable() *table {
	begin, end := date(2025, 12, 20), date(2025, 12, 22)
	first := block{w.slots * (raws + 1), func(i int64, r *row) {
		b, k := i/(raws+1), i%(raws+1)
		*r = row{i, within(begin, end, i, w.slots*(raws+1)), b, w.productType(w.rnd(rndType, i), w.isCommon(b)), rawAmount}
		if k == raws {
			r[4] = microunit // the old machine
		}
	}}
	n := every(w.slots, importEvery)
	imports := w.perRound(func(int64) int64 { return n }, func(r, i int64, out *row) {
		res, b := w.imported(r, i), i*importEvery
		*out = row{res, w.at(r, phImport, i, n), b, w.productType(w.rnd(rndType, res), w.isCommon(b)), w.amount(res)}
	})
	return newTable(ledger.TCollectivizations, append([]block{first}, imports...)...)
}

func (w *world) recoveriesTable() *table {
	n := every(w.slots, recoverEvery)
	return newTable(ledger.TRecoveries, w.perRound(func(int64) int64 { return n }, func(r, i int64, out *row) {
		res, b := w.recovered(r, i), i*recoverEvery
		h := w.rnd(rndType, res)
		common := w.isCommon(b)
		*out = row{res, w.at(r, phRecover, i, n), b, w.productType(h, common), w.amount(res), w.productType(mix(h), common)}
	})...)
}

// consumptionsTable: the first two draw what the slots below in the heap sent in the round before, the third a raw
// material, the others the slot's own outputs of the last three rounds in turn.
func (w *world) consumptionsTable() *table {
	return newTable(ledger.TConsumptions, w.perRound(func(r int64) int64 { return w.useOf(r).total() }, func(r, i int64, out *row) {
		l := w.useOf(r)
		j, b := l.find(r, i)
		id := r*w.use.total() + i
		res, amount := w.draw(r, b, j, w.rnd(rndConsume, id))
		*out = row{id, w.at(r, phConsume, i, l.total()), w.production(r, b), res, amount, flag(w.isCommon(b))}
	})...)
}

// draw says what the j-th consumption of a production takes.
func (w *world) draw(r, b, j int64, h uint64) (resource, amount int64) {
	if j < 2 && r > 0 {
		if c := w.child(b, j); c >= 0 && w.toParent(r-1, c) {
			a := w.movedAmount(r-1, c) / 2
			return w.moved(r-1, c), a + below(h, a) + 1
		}
	}
	outs := w.outs.n[b&3]
	from := r - 1 - j/outs%3
	rows := w.useLast.rows(b)
	if j == 2 || from < 0 {
		return w.raw(b, j%raws), 1 + below(h, rawAmount/(w.rounds*(rows+1)))
	}
	res := w.output(from, b, j%outs)
	a := w.amount(res) / (4 * every(rows, outs))
	return res, a + below(h, a)
}

func (w *world) outputsTable() *table {
	built := block{w.slots, func(b int64, r *row) {
		common := w.isCommon(b)
		res := w.builtResource(b)
		*r = row{res, w.buildTime(b, buildRows+1), w.production(-1, b), w.productType(w.rnd(rndType, res), common), machines * microunit, null, flag(common)}
		if b&1 == 0 {
			r[5] = w.built(b)
		}
	}}
	made := w.perRound(func(r int64) int64 { return w.outs.start(w.outSlots(r)) }, func(r, i int64, out *row) {
		b, k := w.outs.find(i)
		res, common := w.output(r, b, k), w.isCommon(b)
		*out = row{res, w.endTime(r, b), w.production(r, b), w.productType(w.rnd2(rndType, b, r/20), common), w.amount(res), null, flag(common)}
		if b >= w.makers { // by labour alone: several types, values declared
			out[3] = w.productType(w.rnd(rndType, res), common)
			out[5] = w.declared(r, b, k)
		}
	})
	return newTable(ledger.TOutputs, append([]block{built}, made...)...)
}

func (w *world) transfersTable() *table {
	return newTable(ledger.TTransfers, w.perRound(w.outSlots, func(r, b int64, out *row) {
		to := w.shop(b)
		if w.toParent(r, b) {
			to = w.parent(b)
		}
		*out = row{r*w.slots + b, w.at(r, phTransfer, b, w.slots), w.output(r, b, 0), w.moved(r, b), b, to, w.movedAmount(r, b)}
	})...)
}

// dispatchesTable: shops hand out what slots sent them in the rounds in which it was their turn.
func (w *world) dispatchesTable() *table {
	sent := func(r int64) int64 { return every(max(0, w.outSlots(r)-r&1), 2) }
	before, orders := make([]int64, w.rounds+1), make([]permutation, w.rounds)
	for r := range w.rounds {
		before[r+1] = before[r] + perDispatch*sent(r)
		orders[r] = newPermutation(sent(r), w.keys[rndDispatch]+uint64(r))
	}
	return newTable(ledger.TDispatches, w.perRound(func(r int64) int64 { return perDispatch * sent(r) }, func(r, i int64, out *row) {
		n := sent(r)
		b := r&1 + 2*orders[r].at(i%n, uint64(i/n)*golden)
		id := before[r] + i
		a := w.movedAmount(r, b) / (2 * (perDispatch + 1))
		*out = row{id, w.at(r, phDispatch, i, perDispatch*n), w.shop(b), w.moved(r, b), a + below(w.rnd(rndDispatch, id), a)}
	})...)
}

// writeOffsTable: goods made by labour alone in all rounds, parts of other goods in the current period, machines.
func (w *world) writeOffsTable() *table {
	var blocks []block
	var done int64
	add := func(n int64, make func(i int64) waste) {
		before := done
		done += n
		blocks = append(blocks, block{n, func(i int64, r *row) {
			x := make(i)
			*r = row{before + i, x.time, x.slot, x.resource, x.mop, x.amount, x.declared, below(w.rnd(rndText, before+i), int64(len(reasons)))}
		}})
	}
	for r := range w.rounds {
		if r < w.rounds-1 {
			add(w.slots-w.makers, func(i int64) waste { return w.wasteLabour(r, i) })
		}
		if w.at(r, phWaste2, 0, 1) > cut2 {
			add(every(w.makers, wasteEvery), func(i int64) waste { return w.wasteGood(r, i) })
		}
		add(w.brokenIn(r), func(q int64) waste { return w.wasteMachine(r, q) })
	}
	t := newTable(ledger.TWriteOffs, blocks...)
	t.text = func(_ int, code int64) string { return reasons[code] }
	return t
}
