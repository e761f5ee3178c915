package coupon

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// balance takes valid claims and appropriations by (time, claims first, id), and keeps each row's balance. Violations:
// overspend, for each appropriation after which a balance is below zero.
func (s *state) balance(ctx context.Context) error {
	claims, err := newTimeline(ctx, s.scratch, s.threads, s.l.CouponClaims.Time)
	if err != nil {
		return err
	}
	spent, err := newTimeline(ctx, s.scratch, s.threads, s.l.Appropriations.Time)
	if err != nil {
		return err
	}
	cuts := owners(s.l.WalletIDs.Len(), s.threads)
	tellers := make([]teller, len(cuts))
	err = shard.Run(ctx, s.threads, len(cuts), func(piece int) error {
		tellers[piece] = teller{state: s, lo: uint32(cuts[piece][0]), span: uint32(cuts[piece][1] - cuts[piece][0]),
			unspent: make([]kernels.Int128, s.l.Collectives.N), first: s.start[cuts[piece][0]]}
		tellers[piece].accounts = spill.Make[account](s.scratch, int(s.start[cuts[piece][1]]-s.start[cuts[piece][0]]))
		if err := tellers[piece].run(ctx, claims, spent); err != nil {
			return err
		}
		tellers[piece].close()
		return nil
	})
	if err != nil {
		return err
	}
	sums := make([][]kernels.Int128, len(tellers))
	var over []int32
	for i := range tellers {
		sums[i] = tellers[i].unspent
		over = append(over, tellers[i].over...)
	}
	s.res.UnspentByCollective = sumOf(sums, s.l.Collectives.N)
	for _, row := range over {
		s.add("overspend", ledger.TAppropriations, int(row))
	}
	return nil
}

// teller keeps the balances of the wallets lo … lo + span.
type teller struct {
	*state
	lo, span uint32
	first    int32 // row of the first account
	accounts []account
	unspent  []kernels.Int128 // per collective
	over     []int32
}

// account is what one row of the wallets has claimed and spent so far; side by side, as both are needed at random rows.
type account struct{ claimed, spent kernels.Int128 }

func (t *teller) run(ctx context.Context, claims, spent *timeline) error {
	a := &t.l.Appropriations
	next := 0 // claim
	err := blocks(ctx, a.N, func(from, to int) error {
		for i := from; i < to; i++ {
			row := spent.row(i)
			wallet := a.Wallet[row]
			if uint32(wallet)-t.lo >= t.span {
				continue
			}
			for ; next < len(claims.time) && claims.time[claims.row(next)] <= a.Time[row]; next++ {
				t.credit(claims.row(next))
			}
			c, v := a.Collective[row], kernels.I128(a.Value[row])
			at := &t.accounts[t.walletRow(wallet, t.sub[c])-t.first]
			at.spent = at.spent.Add(v)
			if at.claimed.Cmp(at.spent) < 0 {
				t.over = append(t.over, int32(row))
			}
			t.unspent[c] = t.unspent[c].Sub(v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	rest := next
	return blocks(ctx, len(claims.time)-rest, func(from, to int) error {
		for i := from; i < to; i++ {
			t.credit(claims.row(rest + i))
		}
		return nil
	})
}

// credit adds a claim of the teller's own, if it is valid.
func (t *teller) credit(claim int) {
	wallet := t.l.CouponClaims.Wallet[claim]
	if uint32(wallet)-t.lo >= t.span || !t.valid[claim] {
		return
	}
	row := int(t.l.CouponClaims.Workload[claim])
	c := t.l.Workloads.Collective[row]
	v := t.rev.coupon[row-t.rev.base]
	at := &t.accounts[t.walletRow(wallet, t.sub[c])-t.first]
	at.claimed = at.claimed.AddInt64(v)
	t.unspent[c] = t.unspent[c].AddInt64(v)
}

// close writes the accounts into the rows of the wallets.
func (t *teller) close() {
	w := &t.res.Wallets
	for i, a := range t.accounts {
		row := int(t.first) + i
		w.Claimed[row], w.Appropriated[row], w.Balance[row] = a.claimed, a.spent, a.claimed.Sub(a.spent)
	}
	spill.Free(t.scratch, t.accounts)
	t.accounts = nil
}
