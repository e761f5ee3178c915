package ledger

import (
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// column finds a clean column by name.
func (b *builder) column(t TableID, name string) *cleanColumn {
	for c := range Schema[t].Columns {
		if Schema[t].Columns[c].Name == name {
			return &b.l.tables[t].cols[c]
		}
	}
	panic("ledger: no column " + Schema[t].Name + "." + name)
}

// ints is a column of integers; nulls throughout if the export does not have it.
func (b *builder) ints(t TableID, name string) []int64 {
	c := b.column(t, name)
	if c.Absent && c.Int == nil {
		c.Int = spill.Make[int64](b.space, b.l.tables[t].rows)
		for i := range c.Int {
			c.Int[i] = NullInt
		}
	}
	return c.Int
}

func (b *builder) flags(t TableID, name string) []uint8 { return b.column(t, name).Flag }

func (b *builder) wide(t TableID, name string) []kernels.Int128 { return b.column(t, name).Wide }

// codes is a column of ids; nil if it does not exist, since rows are then their own codes.
func (b *builder) codes(t TableID, name string) []int32 {
	for c := range Schema[t].Columns {
		if Schema[t].Columns[c].Name == name {
			return b.l.tables[t].cols[c].codes
		}
	}
	return nil
}

// fill hands the clean columns to the typed tables.
func (b *builder) fill() {
	l := b.l
	n := func(t TableID) int { return l.tables[t].rows }
	i, c, f := b.ints, b.codes, b.flags

	l.Collectives = Collectives{n(TCollectives), b.kinds()}
	l.Trust = Trust{n(TTrust), c(TTrust, "a"), c(TTrust, "b"), i(TTrust, "since"), i(TTrust, "until")}
	l.ProductTypes = ProductTypes{n(TProductTypes), f(TProductTypes, "common")}
	l.Elements = Elements{n(TElements), c(TElements, "product_type"), i(TElements, "value"), i(TElements, "durability")}
	l.ElementParts = ElementParts{n(TElementParts), c(TElementParts, "element"), c(TElementParts, "part")}
	l.MoPs = MoPs{n(TMoPs), c(TMoPs, "element"), c(TMoPs, "collective"), i(TMoPs, "commissioned"), f(TMoPs, "common"), c(TMoPs, "resource"), i(TMoPs, "amount")}
	l.MoPTransfers = MoPTransfers{n(TMoPTransfers), i(TMoPTransfers, "time"), c(TMoPTransfers, "mop"), c(TMoPTransfers, "from"), c(TMoPTransfers, "to")}
	l.Productions = Productions{n(TProductions), i(TProductions, "time"), c(TProductions, "collective"), f(TProductions, "common"), c(TProductions, "order")}
	l.Workloads = Workloads{n(TWorkloads), i(TWorkloads, "time"), c(TWorkloads, "production"), c(TWorkloads, "collective"), c(TWorkloads, "wallet"), i(TWorkloads, "minutes"), f(TWorkloads, "common")}
	l.Consumptions = Consumptions{n(TConsumptions), i(TConsumptions, "time"), c(TConsumptions, "production"), c(TConsumptions, "resource"), i(TConsumptions, "amount"), f(TConsumptions, "common")}
	a := TMoPAllocations
	l.MoPAllocations = MoPAllocations{n(a), c(a, "production"), c(a, "mop"), i(a, "start"), i(a, "end"), f(a, "common"), f(a, "repurposed")}
	o := TOutputs
	l.Outputs = Outputs{n(o), c(o, "resource"), i(o, "time"), c(o, "production"), c(o, "product_type"), i(o, "amount"), i(o, "value"), f(o, "common")}
	t := TTransfers
	l.Transfers = Transfers{n(t), i(t, "time"), c(t, "resource"), c(t, "new_resource"), c(t, "from"), c(t, "to"), i(t, "amount")}
	l.Dispatches = Dispatches{n(TDispatches), i(TDispatches, "time"), c(TDispatches, "collective"), c(TDispatches, "resource"), i(TDispatches, "amount")}
	w := TWriteOffs
	l.WriteOffs = WriteOffs{n(w), i(w, "time"), c(w, "collective"), c(w, "resource"), c(w, "mop"), i(w, "amount"), i(w, "value")}
	l.Recoveries = Recoveries{n(TRecoveries), c(TRecoveries, "from_type"), c(TRecoveries, "resource")}
	r := TRevisions
	l.Revisions = Revisions{n(r), i(r, "after"), i(r, "until"), c(r, "subsystem"), b.wide(r, "tax_numerator"), b.wide(r, "tax_denominator")}
	b.fillClaims()
}

func (b *builder) fillClaims() {
	l := b.l
	n := func(t TableID) int { return l.tables[t].rows }
	i, c := b.ints, b.codes
	l.CouponClaims = CouponClaims{n(TCouponClaims), i(TCouponClaims, "time"), c(TCouponClaims, "wallet"), c(TCouponClaims, "workload"), c(TCouponClaims, "revision")}
	l.Appropriations = Appropriations{n(TAppropriations), i(TAppropriations, "time"), c(TAppropriations, "wallet"), c(TAppropriations, "collective"), i(TAppropriations, "value")}
	o := TOrders
	l.Orders = Orders{n(o), i(o, "time"), c(o, "from"), c(o, "to"), c(o, "product_type"), i(o, "amount"), i(o, "due"), c(o, "parent")}
	l.OrderRejections = OrderRejections{n(TOrderRejections), c(TOrderRejections, "order"), i(TOrderRejections, "time")}
	v := TValueEstimations
	l.ValueEstimations = ValueEstimations{n(v), c(v, "order"), i(v, "time"), c(v, "collective"), i(v, "value")}
	l.Citizens = Citizens{n(TCitizens), c(TCitizens, "wallet"), i(TCitizens, "tier")}
}

func (b *builder) kinds() []uint8 {
	text := &b.column(TCollectives, "kind").Text
	c2i := make([]uint8, b.l.tables[TCollectives].rows)
	for row := range c2i {
		if text.At(row) == "c2i" {
			c2i[row] = 1
		}
	}
	return c2i
}
