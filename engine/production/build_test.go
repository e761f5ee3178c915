package production

import (
	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// builder makes a clean ledger by hand. Codes are given out in the order of the calls, so ids are row numbers.
type builder struct {
	ledger.Ledger
	theta []kernels.Int128
}

// newBuilder starts with n producers' collectives, two product types (0 exclusive, 1 common) and one of distribution, the
// last collective.
func newBuilder(n int) *builder {
	b := &builder{}
	b.Until = 1 << 60
	b.Collectives.C2I = append(make([]uint8, n), 1)
	b.Collectives.N = n + 1
	b.ProductTypes.Common, b.ProductTypes.N = []uint8{0, 1}, 2
	return b
}

func (b *builder) resource(origin ledger.TableID, row int, time int64, owner, kind int32, common uint8, amount int64) int32 {
	r := &b.Resources
	r.N++
	r.Origin, r.Row, r.Time = append(r.Origin, origin), append(r.Row, int32(row)), append(r.Time, time)
	r.Collective, r.Type = append(r.Collective, owner), append(r.Type, kind)
	r.Common, r.Amount = append(r.Common, common), append(r.Amount, amount)
	return int32(r.N - 1)
}

func (b *builder) collectivize(time int64, owner, kind int32, amount int64) int32 {
	return b.resource(ledger.TCollectivizations, 0, time, owner, kind, b.ProductTypes.Common[kind], amount)
}

func (b *builder) production(owner int32, common uint8) int32 {
	p := &b.Productions
	p.N++
	p.Time, p.Collective = append(p.Time, 0), append(p.Collective, owner)
	p.Common, p.Order = append(p.Common, common), append(p.Order, -1)
	return int32(p.N - 1)
}

func (b *builder) work(time int64, p int32, minutes int64) int32 {
	w := &b.Workloads
	w.N++
	w.Time, w.Production, w.Minutes = append(w.Time, time), append(w.Production, p), append(w.Minutes, minutes)
	w.Collective, w.Wallet = append(w.Collective, b.Productions.Collective[p]), append(w.Wallet, 0)
	w.Common = append(w.Common, b.Productions.Common[p])
	return int32(w.N - 1)
}

func (b *builder) consume(time int64, p, r int32, amount int64) int32 {
	c := &b.Consumptions
	c.N++
	c.Time, c.Production, c.Resource = append(c.Time, time), append(c.Production, p), append(c.Resource, r)
	c.Amount, c.Common = append(c.Amount, amount), append(c.Common, b.Productions.Common[p])
	return int32(c.N - 1)
}

// output makes a resource; value is what it declares, ledger.NullInt for nothing.
func (b *builder) output(time int64, p, kind int32, amount, value int64) int32 {
	o := &b.Outputs
	r := b.resource(ledger.TOutputs, o.N, time, b.Productions.Collective[p], kind, b.Productions.Common[p], amount)
	o.N++
	o.Resource, o.Time, o.Production = append(o.Resource, r), append(o.Time, time), append(o.Production, p)
	o.ProductType, o.Amount = append(o.ProductType, kind), append(o.Amount, amount)
	o.Value, o.Common = append(o.Value, value), append(o.Common, b.Productions.Common[p])
	return r
}

// transfer moves on part of a resource, which hands down its type and flag.
func (b *builder) transfer(time int64, from int32, to int32, amount int64) int32 {
	kind, common := int32(-1), uint8(0)
	if int(from) < b.Resources.N {
		kind, common = b.Resources.Type[from], b.Resources.Common[from]
	}
	r := b.resource(ledger.TTransfers, b.Transfers.N, time, to, kind, common, amount)
	t := &b.Transfers
	t.N++
	t.Time, t.Resource, t.NewResource = append(t.Time, time), append(t.Resource, from), append(t.NewResource, r)
	t.From, t.To, t.Amount = append(t.From, -1), append(t.To, to), append(t.Amount, amount)
	return r
}

func (b *builder) dispatch(time int64, by, r int32, amount int64) int32 {
	d := &b.Dispatches
	d.N++
	d.Time, d.Collective = append(d.Time, time), append(d.Collective, by)
	d.Resource, d.Amount = append(d.Resource, r), append(d.Amount, amount)
	return int32(d.N - 1)
}

// writeOff loses a resource or ends a MoP; −1 for the one it does not name.
func (b *builder) writeOff(time int64, by, r, mop int32, amount int64) int32 {
	w := &b.WriteOffs
	w.N++
	w.Time, w.Collective, w.Resource = append(w.Time, time), append(w.Collective, by), append(w.Resource, r)
	w.MoP, w.Amount, w.Value = append(w.MoP, mop), append(w.Amount, amount), append(w.Value, ledger.NullInt)
	return int32(w.N - 1)
}

func (b *builder) mop(time int64, owner int32, common uint8, r int32, amount int64) int32 {
	m := &b.MoPs
	m.N++
	m.Element, m.Collective, m.Commissioned = append(m.Element, 0), append(m.Collective, owner), append(m.Commissioned, time)
	m.Common, m.Resource, m.Amount = append(m.Common, common), append(m.Resource, r), append(m.Amount, amount)
	return int32(m.N - 1)
}

func (b *builder) allocate(start int64, p, mop int32, repurposed uint8, theta kernels.Int128) int32 {
	a := &b.MoPAllocations
	a.N++
	a.Production, a.MoP, a.Start = append(a.Production, p), append(a.MoP, mop), append(a.Start, start)
	a.End, a.Common = append(a.End, ledger.NullInt), append(a.Common, b.Productions.Common[p])
	a.Repurposed = append(a.Repurposed, repurposed)
	b.theta = append(b.theta, theta)
	return int32(a.N - 1)
}

// ledger finishes: transfers are made by the owner of what they move unless told otherwise.
func (b *builder) ledger() *ledger.Ledger {
	rs, tr := &b.Resources, &b.Transfers
	for t := range tr.N {
		if tr.From[t] < 0 {
			tr.From[t] = rs.Collective[tr.Resource[t]]
		}
	}
	b.IDs[ledger.TProductions] = ledger.IntIDs(100, b.Productions.N)
	b.IDs[ledger.TMoPAllocations] = ledger.IntIDs(500, b.MoPAllocations.N)
	return &b.Ledger
}
