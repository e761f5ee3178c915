package synth

// world holds the sizes from which every row follows.
type world struct {
	cfg  Config
	keys [numStreams]uint64

	rounds   int64 // rounds of production between Start and Until
	slots    int64 // producing collectives, one production each per round
	makers   int64 // slots 0 … makers−1 consume goods and use machines; the rest work by labour alone
	finished int64 // slots that give outputs in the last round
	shops    int64
	shifts   int64 // wallets per place of work
	types    int64
	common   int64 // the first common product type; the exclusive ones come before

	work, workLast layout // workloads of a round; the last round takes what the division leaves over
	use, useLast   layout // consumptions likewise
	outs, allocs   pattern

	zones [numZones]zone
	firm  families
	book  books
}

// Rows per slot that do not depend on the size.
const (
	buildRows     = 8  // workloads of the production that built a slot's machines
	machines      = 12 // units built, and machines per slot
	olds          = 11 // the machine of a slot that was collectivized, with v* = 0
	late          = 10 // the machine commissioned between Start and Until
	lent          = 9  // the machine some slots hand to another collective
	broken        = 8  // the machine some slots write off
	rotating      = 8  // machines 0 … 7 are used in turn
	raws          = 4  // collectivized resources per slot that last for all rounds
	perDispatch   = 6  // dispatches per transfer to a shop
	lentEvery     = 10
	brokenEvery   = 4
	brokenOffset  = 1
	recoverEvery  = 8
	importEvery   = 16
	wasteEvery    = 4
	rejectPeriod  = 16
	rejected      = 5
	microunit     = 1_000_000
	rawAmount     = microunit * microunit // micro-units of a collectivized resource
	historicEvery = 50
)

// newWorld lays everything out; what needs the rates of the recorded revisions needs setRates, too.
func newWorld(cfg Config) *world {
	w := &world{cfg: cfg}
	for s := range w.keys {
		w.keys[s] = mix(mix(cfg.Seed+golden) + uint64(s+1)*golden)
	}
	productions := cfg.Workloads / 20
	w.rounds = min(max(productions/32, 3), 60)
	w.slots = max(productions/(w.rounds+1), zoneGroup)
	w.makers = w.slots - w.slots/8
	w.finished = w.slots - w.slots/8
	w.shifts = max(1, w.rounds/10)
	w.types = max(20, cfg.Workloads/1000)
	w.common = w.types * 3 / 4
	labour := cfg.Workloads - w.slots*buildRows
	w.work = newLayout(w.slots, labour/w.rounds, w.keys[rndWork])
	w.workLast = extend(w.work.counts, w.slots, labour%w.rounds, w.keys[rndWork])
	draws := cfg.Workloads / 2
	w.use = newLayout(w.makers, draws/w.rounds, w.keys[rndConsume])
	w.useLast = extend(w.use.counts, w.makers, draws%w.rounds, w.keys[rndConsume])
	w.outs = newPattern(2, 3, 5, 6)
	w.allocs = newPattern(2, 4, 5, 7)
	w.setZones()
	w.setFamilies()
	w.setCuts()
	return w
}

// workOf and useOf are the layouts of a round.
func (w *world) workOf(r int64) *layout {
	if r == w.rounds-1 {
		return &w.workLast
	}
	return &w.work
}

func (w *world) useOf(r int64) *layout {
	if r == w.rounds-1 {
		return &w.useLast
	}
	return &w.use
}

// outSlots is the number of slots whose production of the round has outputs.
func (w *world) outSlots(r int64) int64 {
	if r == w.rounds-1 {
		return w.finished
	}
	return w.slots
}

// Ids. Resources share one space: collectivized ones, outputs, transferred ones, recovered ones.

func (w *world) production(r, b int64) int64 { return w.slots*(r+1) + b } // r = −1: the prehistory
func (w *world) raw(b, k int64) int64        { return b*(raws+1) + k }
func (w *world) imported(r, i int64) int64 {
	return w.slots*(raws+1) + r*every(w.slots, importEvery) + i
}
func (w *world) builtResource(b int64) int64 {
	return w.imported(w.rounds, 0) + b
}
func (w *world) output(r, b, k int64) int64 {
	return w.builtResource(w.slots) + r*w.outs.start(w.slots) + w.outs.start(b) + k
}
func (w *world) moved(r, b int64) int64 { return w.output(w.rounds, 0, 0) + r*w.slots + b }
func (w *world) recovered(r, i int64) int64 {
	return w.moved(w.rounds, 0) + r*every(w.slots, recoverEvery) + i
}
func (w *world) resources() int64 { return w.recovered(w.rounds, 0) }

// mop is the id of a slot's machine: those in use since the prehistory first, then the old ones, then the late ones.
func (w *world) mop(b, m int64) int64 {
	switch m {
	case olds:
		return w.slots*late + b
	case late:
		return w.slots*(late+1) + b
	}
	return b*late + m
}

func (w *world) order(r, i int64) int64 { return r*every(w.slots, 2) + i }

// every is the number of multiples of k in 0 … n−1.
func every(n, k int64) int64 { return (n + k - 1) / k }

// place is a row of the table workloads taken apart: pos is its place in the order of the round's rows, seat that of its
// place of work.
type place struct{ round, step, slot, pos, seat int64 }

// workload takes a row of the table workloads apart; rounds are −1 in the prehistory.
func (w *world) workload(i int64) place {
	if i < w.slots*buildRows {
		return place{-1, i % buildRows, i / buildRows, i, 0}
	}
	i -= w.slots * buildRows
	r := min(i/w.work.total(), w.rounds-1)
	pos := i - r*w.work.total()
	l := w.workOf(r)
	s, b := l.find(r, pos)
	return place{r, s, b, pos, l.seat(s, b)}
}

// minutes is the labour time of a workload, µmin.
func (w *world) minutes(p place) int64 {
	if p.round < 0 {
		total := w.built(p.slot)
		return mulDiv(total, p.step+1, buildRows) - mulDiv(total, p.step, buildRows)
	}
	h := w.rnd(rndMinutes, p.round*w.workLast.total()+p.seat)
	m := (30 + below(h, 571)) * microunit
	if h&15 == 0 {
		m += microunit / 2
	}
	return m
}

// built is the value of the machines a slot built, µmin.
func (w *world) built(b int64) int64 { return machines * w.rootOf(b).value }

// labour is V(p) of a production by labour alone.
func (w *world) labour(r, b int64) int64 {
	l := w.workOf(r)
	var sum int64
	for s, n := range l.counts {
		if n <= b {
			break
		}
		sum += w.minutes(place{round: r, seat: l.seat(int64(s), b)})
	}
	return sum
}

// wallets is the number of wallets: for each place of work in a round one per shift.
func (w *world) wallets() int64 { return w.shifts * w.work.total() }

// wallet says who did a workload. Some work at the next place, often of another collective and zone, for half of the time.
func (w *world) wallet(p place) int64 {
	total := w.work.total()
	if p.round < 0 {
		return below(w.rnd2(rndWallet, p.slot, p.step), w.wallets())
	}
	seat := p.seat % total
	if w.rnd2(rndWallet, seat, p.round/w.shifts)&31 == 0 {
		seat = (seat + 1) % total
	}
	return p.round%w.shifts*total + seat
}

// amount of an output, micro-units: whole units.
func (w *world) amount(resource int64) int64 {
	return (100 + below(w.rnd(rndAmount, resource), 9900)) * microunit
}

// movedAmount is what the transfer of a production's first output moves.
func (w *world) movedAmount(r, b int64) int64 {
	a := w.amount(w.output(r, b, 0)) / 8
	return a + below(w.rnd2(rndTransfer, r, b), a)
}

// toParent reports whether the production's transfer goes up the heap; else it goes to the slot's shop.
func (w *world) toParent(r, b int64) bool {
	return (r+b)&1 == 1 && w.parent(b) >= 0
}
