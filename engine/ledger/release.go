package ledger

import (
	"unsafe"

	"planwerk/engine/spill"
)

// ReleaseNames gives back the memory of what nothing but Build looks at: citizens.
func (l *Ledger) ReleaseNames() {
	l.release(TCitizens)
	l.Citizens = Citizens{N: l.Citizens.N}
}

// ReleaseGoods gives back the memory of what only valuing goods needs: the tables of draws, outputs and orders, when
// and whence resources came, spans of allocations. Rows of these tables can no longer be printed; Rows still counts them.
func (l *Ledger) ReleaseGoods() {
	a, r := &l.MoPAllocations, &l.Resources
	for _, t := range []TableID{TCollectivizations, TOutputs, TTransfers, TRecoveries, TConsumptions, TDispatches, TMoPAllocations,
		TMoPTransfers, TOrders, TOrderRejections, TValueEstimations} {
		l.release(t, a.Production, a.MoP)
	}
	l.Consumptions = Consumptions{N: l.Consumptions.N}
	l.Outputs = Outputs{N: l.Outputs.N}
	l.Transfers = Transfers{N: l.Transfers.N}
	l.Dispatches = Dispatches{N: l.Dispatches.N}
	l.Recoveries = Recoveries{N: l.Recoveries.N}
	l.MoPTransfers = MoPTransfers{N: l.MoPTransfers.N}
	l.Orders = Orders{N: l.Orders.N}
	l.OrderRejections = OrderRejections{N: l.OrderRejections.N}
	l.ValueEstimations = ValueEstimations{N: l.ValueEstimations.N}
	*a = MoPAllocations{N: a.N, Production: a.Production, MoP: a.MoP}
	spill.Free(l.Space, r.Origin)
	spill.Free(l.Space, r.Row)
	spill.Free(l.Space, r.Time)
	spill.Free(l.Space, r.Amount)
	*r = Resources{N: r.N, Collective: r.Collective, Type: r.Type, Common: r.Common}
}

// ReleaseLabour gives back the memory of what only coupons need; result tables still read wallets, collectives and
// minutes of workloads.
func (l *Ledger) ReleaseLabour() {
	w := &l.Workloads
	for _, t := range []TableID{TWorkloads, TCouponClaims, TAppropriations} {
		l.release(t, w.Collective, w.Wallet)
	}
	*w = Workloads{N: w.N, Collective: w.Collective, Wallet: w.Wallet, Minutes: w.Minutes}
	l.CouponClaims = CouponClaims{N: l.CouponClaims.N}
	l.Appropriations = Appropriations{N: l.Appropriations.N}
}

// release gives back a table's columns but those of the codes kept and of minutes.
func (l *Ledger) release(t TableID, keep ...[]int32) {
	for c := range l.tables[t].cols {
		col := &l.tables[t].cols[c]
		if Schema[t].Columns[c].Name != "minutes" {
			spill.Free(l.Space, col.Int)
		}
		spill.Free(l.Space, col.Flag)
		spill.Free(l.Space, col.Wide)
		kept := false
		for _, k := range keep {
			kept = kept || unsafe.SliceData(k) == unsafe.SliceData(col.codes)
		}
		if !kept {
			spill.Free(l.Space, col.codes)
		}
	}
	l.tables[t].cols = nil
}
