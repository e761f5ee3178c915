package synth

// allocation is one use of a machine by a production.
type allocation struct {
	machine    int64 // of the production's slot
	start, end int64 // end null: until the production ends
	repurposed bool
}

// allocation k of the production of a slot in a round.
func (w *world) allocation(r, b, k int64) allocation {
	i := w.allocs.start(b) + k
	a := allocation{machine: (k + r) % rotating, start: w.at(r, phAllocate, i, w.allocs.start(w.makers))}
	if k == 0 && r%4 == 3 {
		a.machine = olds
	}
	a.repurposed = w.isCommon(b) && !machineCommon(true, a.machine)
	h := w.rnd2(rndAllocate, w.production(r, b), k)
	length := w.roundStart(r+1) - w.roundStart(r)
	a.end = a.start + length*3/10 + below(h, length*4/10)
	a.end -= a.end % second
	if h&7 == 0 {
		a.end = null
	}
	return a
}

// machineCommon is the flag of a machine of a slot of that kind: an exclusive slot's are exclusive, every fourth of a
// common one's too.
func machineCommon(common bool, m int64) bool { return common && m%4 != 0 }

// repurposedValue is the θ of an allocation within ]after, until], as seen at until (MODEL.md §6).
func (w *world) repurposedValue(r, b int64, a allocation, after, until int64) int64 {
	end := a.end
	if end == null {
		end = w.endTime(r, b)
	}
	from, to := max(a.start, after), min(end, until)
	if a.start > until || to <= from {
		return 0
	}
	p := w.rootOf(b)
	return p.transferred(w.age(b, a.machine, to)) - p.transferred(w.age(b, a.machine, from))
}

// waste is a write-off; what it takes from w (MODEL.md §6) is value, unknown (null) where it follows from consumptions.
type waste struct {
	time     int64
	slot     int64
	resource int64 // or null
	mop      int64 // or null
	amount   int64 // null: all that is left
	declared int64
	value    int64
	common   bool
}

// wasteLabour is the write-off of a good made by labour alone: its second output, drawn by nothing else.
func (w *world) wasteLabour(r, i int64) waste {
	b := w.makers + i
	o := w.output(r, b, 1)
	h := w.rnd(rndWriteOff, o)
	value := w.declared(r, b, 1)
	x := waste{time: w.at(r, phWaste1, i, w.slots-w.makers), slot: b, resource: o, mop: null, amount: null, declared: null, common: w.isCommon(b)}
	if h&1 == 0 {
		x.amount = w.amount(o) / (2 + below(h>>8, 7))
		value = mulDiv(value, x.amount, w.amount(o))
	}
	x.value = value
	if h&6 == 0 {
		x.declared = value / 2
		x.value = x.declared
	}
	return x
}

// wasteGood is the write-off of part of the last output of a production that consumed goods.
func (w *world) wasteGood(r, i int64) waste {
	b := i * wasteEvery
	o := w.output(r, b, w.outs.n[b&3]-1)
	a := w.amount(o) / 16
	return waste{time: w.at(r, phWaste2, i, w.makers), slot: b, resource: o, mop: null,
		amount: a + below(w.rnd(rndWriteOff, o), a), declared: null, value: null, common: w.isCommon(b)}
}

// wasteMachine ends the machine of the i-th slot that breaks one, in round i mod rounds.
func (w *world) wasteMachine(r, q int64) waste {
	i := r + q*w.rounds
	b := i*brokenEvery + brokenOffset
	x := waste{time: w.at(r, phWaste3, i, w.brokenMachines()), slot: b, resource: null, mop: w.mop(b, broken), amount: null, declared: null}
	p, age := w.rootOf(b), w.age(b, broken, x.time)
	x.value = p.value - p.transferred(age)
	if h := w.rnd(rndWriteOff, x.mop); h&1 == 0 {
		if over := p.over(age); over > 0 {
			x.declared = -over / 2
			x.value = x.declared
		}
	}
	return x
}

func (w *world) brokenMachines() int64 { return every(w.slots-brokenOffset, brokenEvery) }

// brokenIn is the number of machines written off in a round.
func (w *world) brokenIn(r int64) int64 { return every(max(0, w.brokenMachines()-r), w.rounds) }

// declared is the value an output of labour alone declares: V(p) shared with weights 1, 2, 3 …
func (w *world) declared(r, b, k int64) int64 {
	v, n := w.labour(r, b), w.outs.n[b&3]
	all := n * (n + 1) / 2
	return mulDiv(v, (k+1)*(k+2)/2, all) - mulDiv(v, k*(k+1)/2, all)
}
