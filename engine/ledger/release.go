package ledger

// ReleaseGoods gives back the memory of what only valuing goods needs: the tables of draws, outputs and orders, when
// and whence resources came, spans of allocations. Rows of these tables can no longer be printed; Rows still counts them.
func (l *Ledger) ReleaseGoods() {
	for _, t := range []TableID{TCollectivizations, TOutputs, TTransfers, TRecoveries, TConsumptions, TDispatches, TMoPAllocations,
		TMoPTransfers, TOrders, TOrderRejections, TValueEstimations} {
		l.tables[t].cols = nil
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
	a, r := &l.MoPAllocations, &l.Resources
	*a = MoPAllocations{N: a.N, Production: a.Production, MoP: a.MoP}
	*r = Resources{N: r.N, Collective: r.Collective, Type: r.Type, Common: r.Common}
}

// ReleaseLabour gives back the memory of what only coupons need; result tables still read wallets, collectives and
// minutes of workloads.
func (l *Ledger) ReleaseLabour() {
	for _, t := range []TableID{TWorkloads, TCouponClaims, TAppropriations} {
		l.tables[t].cols = nil
	}
	w := &l.Workloads
	*w = Workloads{N: w.N, Collective: w.Collective, Wallet: w.Wallet, Minutes: w.Minutes}
	l.CouponClaims = CouponClaims{N: l.CouponClaims.N}
	l.Appropriations = Appropriations{N: l.Appropriations.N}
}
