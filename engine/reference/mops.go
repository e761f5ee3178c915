package reference

import (
	"math/big"
	"slices"
)

// mop is a means of production: §2.
type mop struct {
	id        string
	row       *row
	element   *element
	ended     bool // written off
	end       int64
	writeOff  *row
	transfers []*row // by (time, id)
}

// use is an allocation as it counts.
type use struct {
	start, end int64    // effective; it counts for nothing unless start < end
	value      *big.Int // θ between them
}

func (b *book) openMops() {
	b.mops = map[string]*mop{}
	for _, r := range b.rows["mops"] {
		b.mops[r.id("mop")] = &mop{id: r.id("mop"), row: r, element: b.elements[r.id("element")]}
	}
	for _, r := range b.rows["mop_transfers"] {
		m := b.mops[r.id("mop")]
		m.transfers = append(m.transfers, r)
	}
	for _, m := range b.mops {
		slices.SortFunc(m.transfers, byTime("time"))
	}
	b.sortOutWriteOffs()
}

// sortOutWriteOffs leaves out write-offs that name none or both of resource and MoP, and all but the first of one MoP.
func (b *book) sortOutWriteOffs() {
	b.leftOut = map[*row]bool{}
	rows := slices.Clone(b.rows["write_offs"])
	slices.SortFunc(rows, byTime("time"))
	for _, r := range rows {
		if r.has("resource") == r.has("mop") {
			b.leftOut[r] = true
			b.report("bad-write-off", r)
			continue
		}
		if !r.has("mop") {
			continue
		}
		m := b.mops[r.id("mop")]
		if m.ended {
			b.leftOut[r] = true
			b.report("double-write-off", r)
			continue
		}
		m.ended, m.end, m.writeOff = true, r.at("time"), r
	}
}

// durable says whether the MoP can give value: no durability in it is null.
func (m *mop) durable() bool { return m.element.profile != nil }

// age is whole minutes since commissioning, 0 before.
func (m *mop) age(at int64) *big.Int {
	since := new(big.Int).Sub(big.NewInt(at), big.NewInt(m.row.at("commissioned")))
	if since.Sign() < 0 {
		return new(big.Int)
	}
	return since.Div(since, big.NewInt(60_000_000))
}

// theta is the value transferred between two times; 0 if the second is not later.
func (m *mop) theta(from, to int64) *big.Int {
	if !m.durable() || to <= from {
		return new(big.Int)
	}
	return new(big.Int).Sub(m.element.transferred(m.age(to)), m.element.transferred(m.age(from)))
}

// owner is the collective that owns a MoP at a time.
func (m *mop) owner(at int64) string {
	owner := m.row.id("collective")
	for _, r := range m.transfers {
		if r.at("time") <= at {
			owner = r.id("to")
		}
	}
	return owner
}

// allocate finds the effective start and end of every allocation, taking those of one MoP by (start, id).
func (b *book) allocate() {
	b.uses = map[*row]*use{}
	rows := slices.Clone(b.rows["mop_allocations"])
	slices.SortFunc(rows, byTime("start"))
	busy := map[string]*big.Int{} // until when a MoP is used already; nil for not yet
	for _, r := range rows {
		m := b.mops[r.id("mop")]
		u := &use{start: r.at("start"), end: b.naturalEnd(r, m)}
		b.uses[r] = u
		if cursor := busy[m.id]; cursor != nil && u.start < cursor.Int64() {
			if u.end > u.start {
				b.report("mop-overlap", r)
			}
			u.start = cursor.Int64()
		}
		if u.end > u.start {
			busy[m.id] = big.NewInt(u.end)
		}
		u.value = m.theta(u.start, u.end)
		if !m.durable() {
			b.report("no-durability", r)
		}
	}
}

func (b *book) naturalEnd(r *row, m *mop) int64 {
	end := b.until
	if r.has("end") {
		end = min(end, r.at("end"))
	}
	if p := b.production[r.id("production")]; p.ended {
		end = min(end, p.end)
	}
	if m.ended {
		end = min(end, m.end)
	}
	return end
}

// account is where a MoP stands at k2.
type account struct{ value, transferred, writtenOff, remaining *big.Int }

func (b *book) account(m *mop) account {
	a := account{new(big.Int), new(big.Int), new(big.Int), new(big.Int)}
	if m.element.aggregate != nil {
		a.value = m.element.aggregate
	}
	if !m.durable() {
		return a
	}
	last := b.until
	if m.ended {
		last = m.end
		a.writtenOff = b.writtenOff[m.writeOff]
	}
	a.transferred = m.element.transferred(m.age(last))
	if !m.ended {
		a.remaining = new(big.Int).Sub(a.value, a.transferred)
	}
	return a
}

// valueWriteOffs finds what each write-off counts, clipping what is declared.
func (b *book) valueWriteOffs() {
	b.writtenOff = map[*row]*big.Int{}
	for _, r := range b.rows["write_offs"] {
		if b.leftOut[r] {
			continue
		}
		low, high := new(big.Int), new(big.Int)
		if r.has("resource") {
			high = b.drawn(b.draws[r])
		} else {
			m := b.mops[r.id("mop")]
			if !m.durable() {
				b.report("no-durability", r)
				b.writtenOff[r] = new(big.Int)
				continue
			}
			k := m.age(r.at("time"))
			low, high = new(big.Int).Neg(m.element.over(k)), m.element.remaining(k)
		}
		b.writtenOff[r] = high
		if v := r.num("value"); v != nil {
			b.writtenOff[r] = v
			if v.Cmp(low) < 0 || v.Cmp(high) > 0 {
				b.report("write-off-value", r)
				b.writtenOff[r] = least(high, v)
				if v.Cmp(low) < 0 {
					b.writtenOff[r] = low
				}
			}
		}
	}
}

// checkMops reports mop-origin.
func (b *book) checkMops() {
	for _, r := range b.rows["mops"] {
		d := b.draws[r]
		v := b.mops[r.id("mop")].element.aggregate
		if d == nil || v == nil || b.drawn(d).Cmp(v) != 0 {
			b.report("mop-origin", r)
		}
	}
}
