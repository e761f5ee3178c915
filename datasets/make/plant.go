package synth

import (
	"planwerk/engine/ledger"
)

// nowhere is the number of no row of any table.
const nowhere = int64(1) << 40

// excess is an amount or value, in millionths, beyond anything there is.
const excess = int64(1e15)

// planted is how many of n extra bad rows are wanted: none in a clean ledger, else at least two where there are two.
func (w *world) planted(n int64) int64 {
	if w.cfg.Violations == 0 {
		return 0
	}
	return min(n, max(2, int64(w.cfg.Violations*float64(n))))
}

// plant breaks a rule in about the wanted share of rows: row i of a table in order of time. Each way to break a row of the
// table occurs at least once, however small the share. A broken row may break others that lean on it.
func (w *world) plant(t *table, i int64, r *row) {
	ways := faults[t.id]
	n := int64(len(ways))
	for k := range n {
		if at := t.rows() / (n + 1) * (k + 1); i == at-at%late {
			ways[k](w, i, r)
			return
		}
	}
	h := w.rnd2(rndPlant, int64(t.id), i)
	if n > 0 && float64(h>>11) < w.cfg.Violations*(1<<53) {
		ways[below(mix(h), n)](w, i, r)
	}
}

type fault func(w *world, i int64, r *row)

// set, flip: a cell gets a wrong value, or the other flag.
func set(c int, v int64) fault { return func(_ *world, _ int64, r *row) { r[c] = v } }
func flip(c int) fault         { return func(_ *world, _ int64, r *row) { r[c] ^= 1 } }

// twice gives a row the id of the row before.
func twice(_ *world, i int64, r *row) {
	if i > 0 {
		r[0]--
	}
}

// made is the round and slot of a production by its number.
func (w *world) made(production int64) (r, b int64) {
	return production/w.slots - 1, production % w.slots
}

// ended is when a production had its outputs.
func (w *world) ended(production int64) int64 {
	r, b := w.made(production)
	if r < 0 {
		return w.buildTime(b, buildRows+1)
	}
	return w.endTime(r, b)
}

// abroad is a slot of another zone than a collective's.
func (w *world) abroad(collective int64) int64 {
	if collective < w.slots {
		if z, _ := w.zoneOf(collective); z == 0 {
			return w.slotOf(1, 0)
		}
	}
	return w.slotOf(0, 0)
}

// neighbour puts the next slot in place of a collective.
func neighbour(c int) fault {
	return func(w *world, _ int64, r *row) { r[c] = (r[c] + 1) % w.slots }
}

// stranger puts a slot of another zone in place of a collective.
func stranger(c int) fault {
	return func(w *world, _ int64, r *row) { r[c] = w.abroad(r[c]) }
}

// faults lists the ways to break a row, by table. Tables of which everything hangs (collectives, product types, elements
// of families) are left alone; cycles of elements and impossible revisions are rows of their own.
var faults = [ledger.NumTables][]fault{
	ledger.TMoPs: {
		func(_ *world, _ int64, r *row) { r[5], r[6] = null, null },               // mop-origin
		func(w *world, i int64, r *row) { r[1] = w.firm.singleOf(singleGood, i) }, // no-durability
		neighbour(2), // not-owner
		func(w *world, i int64, r *row) { r[3] = w.endTime(w.rounds-1, 0) }, // commissioned late
	},
	ledger.TMoPTransfers:      {stranger(4), neighbour(3)},
	ledger.TCollectivizations: {faultImport},
	ledger.TProductions:       {set(4, nowhere)},
	ledger.TWorkloads: {
		set(5, -microunit), stranger(3), flip(6), twice, set(2, nowhere), set(4, null),
		func(w *world, _ int64, r *row) { r[1] = w.ended(r[2]) + second }, // after-output
	},
	ledger.TConsumptions: {
		set(4, excess), set(4, 0), flip(5), twice, set(3, nowhere),
		func(w *world, _ int64, r *row) { r[1] = w.ended(r[2]) + second }, // after-output
		func(w *world, _ int64, r *row) { // time-order: an output of its own production, before that is there
			round, b := w.made(r[2])
			r[3] = w.output(round, b, 0)
		},
		func(w *world, _ int64, r *row) { // not-owner
			_, b := w.made(r[2])
			r[3] = w.raw((b+1)%w.slots, 0)
		},
		func(w *world, _ int64, r *row) { // production-cycle: at the very time of the output
			round, b := w.made(r[2])
			r[1], r[3], r[4] = w.ended(r[2]), w.output(round, b, w.outs.n[b&3]-1), microunit
		},
	},
	ledger.TMoPAllocations: {
		flip(5), faultOverlap, faultOverlap,
		func(w *world, _ int64, r *row) { r[2] = w.mop((r[2]/late+1)%w.slots, 0) },     // not-owner
		func(w *world, _ int64, r *row) { r[3], r[4] = w.ended(r[1])+second, null },    // after-output
		func(w *world, i int64, r *row) { r[2] = w.mop(i%w.slots, broken); r[6] ^= 1 }, // not-owner, separation
	},
	ledger.TOutputs: {
		func(_ *world, _ int64, r *row) { r[1] += minute }, // output-time
		faultValue, faultValue, flip(6), set(4, 0), set(5, -1),
		func(w *world, _ int64, r *row) { r[0] = w.imported(0, 0) }, // duplicate-id, over two tables
	},
	ledger.TTransfers: {
		stranger(5), neighbour(4), set(6, excess), twice,
		func(_ *world, _ int64, r *row) { r[2] = r[3] }, // time-order: into itself
	},
	ledger.TDispatches: {neighbour(2), set(4, excess), twice},
	ledger.TWriteOffs: {
		func(w *world, _ int64, r *row) { r[3], r[4] = w.raw(r[2], 0), w.mop(r[2], broken) }, // bad-write-off
		func(_ *world, _ int64, r *row) { r[3], r[4] = null, null },                          // bad-write-off
		func(w *world, _ int64, r *row) { r[3], r[4] = null, w.mop(brokenOffset, broken) },   // double-write-off
		set(6, excess), set(3, nowhere),
	},
	ledger.TRecoveries:       {twice, set(4, -microunit)},
	ledger.TCouponClaims:     {faultWallet, faultWallet, set(4, nowhere), faultAgain, faultAgain},
	ledger.TAppropriations:   {set(4, excess), set(3, 0), set(4, -1)},
	ledger.TOrders:           {stranger(2), set(7, nowhere), set(5, 0)},
	ledger.TOrderRejections:  {set(0, nowhere), set(1, null)},
	ledger.TValueEstimations: {set(0, nowhere), set(2, nowhere)},
	ledger.TCitizens:         {twice},
}

// PlantedRules are the rules of MODEL.md §10 that a ledger with a share of violations breaks, if it is not tiny.
// revision-mismatch is found only where recorded revisions are checked.
var PlantedRules = []string{"after-output", "bad-claim", "bad-revision", "bad-value", "bad-write-off", "collective-mismatch",
	"dangling-reference", "double-write-off", "duplicate-id", "element-cycle", "mop-origin", "mop-overlap", "no-durability",
	"no-strong-trust", "not-c2i", "not-owner", "output-time", "output-value", "overdraw", "overspend", "production-cycle",
	"revision-mismatch", "separation", "time-order", "write-off-value"}

// faultImport spoils the amount of an import, which nothing draws from.
func faultImport(w *world, i int64, r *row) {
	if i >= w.imported(0, 0) {
		r[4] = 0
	}
}

// faultOverlap uses the machine of the allocation before, which began earlier and still runs.
func faultOverlap(w *world, i int64, r *row) {
	n := w.allocs.start(w.makers)
	b, k := w.allocs.find(i % n)
	if k > 0 {
		r[2] = w.mop(b, w.allocation(i/n, b, k-1).machine)
	}
}

// faultValue makes the outputs of a production impossible to value, or declares too much.
func faultValue(w *world, _ int64, r *row) {
	if r[5] != null {
		r[5] += microunit
		return
	}
	r[3] = (r[3] + 1) % w.types
}

func faultWallet(w *world, _ int64, r *row) { r[2] = (r[2] + 1) % w.wallets() }

// faultAgain claims the workload of the claim before once more.
func faultAgain(w *world, i int64, r *row) {
	g, q := 0, i
	if n := w.claims(0); i >= n {
		g, q = 1, i-n
	}
	if q > 0 {
		r[3] = w.claimed(g, q-1)
		r[2] = w.wallet(w.workload(r[3]))
	}
}
