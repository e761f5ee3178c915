package coupon

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/kernels"
)

// parity compares coupons with the exclusive goods there are for them, and names subsystems in the wallets' rows.
func (s *state) parity(ctx context.Context) error {
	stock, err := s.stock(ctx)
	if err != nil {
		return err
	}
	s.res.StockByCollective = stock
	n := len(s.in.Subsystems)
	wide := func() []kernels.Int128 { return make([]kernels.Int128, n) }
	p := &s.res.Parity
	*p = Parity{Issued: s.bySubsystem(s.issued), ExclusiveStock: s.bySubsystem(stock), Unclaimed: wide(), Claimed: wide(), Appropriated: wide(),
		Unspent: wide(), WorkInProgress: wide(), MoPRemaining: wide(), Difference: wide()}
	w := &s.res.Wallets
	for row, k := range w.Subsystem {
		p.Claimed[k] = p.Claimed[k].Add(w.Claimed[row])
		p.Appropriated[k] = p.Appropriated[k].Add(w.Appropriated[row])
		w.Subsystem[row] = s.in.Subsystems[k]
	}
	for row, common := range s.l.Productions.Common {
		if common == 0 && s.in.ProductionEnd[row] == ledger.NullInt {
			k := s.sub[s.l.Productions.Collective[row]]
			p.WorkInProgress[k] = p.WorkInProgress[k].Add(s.in.ProductionTotal[row])
		}
	}
	for row, common := range s.l.MoPs.Common {
		if common == 0 {
			k := s.sub[s.in.MoPOwner[row]]
			p.MoPRemaining[k] = p.MoPRemaining[k].Add(s.in.MoPRemaining[row])
		}
	}
	for k := range n {
		p.Unclaimed[k] = p.Issued[k].Sub(p.Claimed[k])
		p.Unspent[k] = p.Claimed[k].Sub(p.Appropriated[k])
		there := p.ExclusiveStock[k].Add(p.WorkInProgress[k]).Add(p.MoPRemaining[k])
		p.Difference[k] = p.Unclaimed[k].Add(p.Unspent[k]).Sub(there)
	}
	return nil
}

// stock adds the value left of exclusive resources by owner; unvalued ones count 0.
func (s *state) stock(ctx context.Context) ([]kernels.Int128, error) {
	rs := &s.l.Resources
	pieces := shard.Ranges(rs.N, min(shard.Threads(s.threads), shard.Pieces(rs.N, max(grain, 4*s.l.Collectives.N))))
	sums, err := shard.Collect(ctx, s.threads, len(pieces), func(piece int) ([]kernels.Int128, error) {
		sum := make([]kernels.Int128, s.l.Collectives.N)
		for r := pieces[piece][0]; r < pieces[piece][1]; r++ {
			if rs.Common[r] == 0 && !s.in.Remaining[r].IsNull() {
				sum[rs.Collective[r]] = sum[rs.Collective[r]].Add(s.in.Remaining[r])
			}
		}
		return sum, nil
	})
	return sumOf(sums, s.l.Collectives.N), err
}
