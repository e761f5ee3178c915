package coupon

import (
	"context"
	"math"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// balance takes valid claims and appropriations by (time, claims first, id), and keeps each row's balance. Violations:
// overspend, for each appropriation after which a balance is below zero.
//
// The rows that claims and appropriations post to are found first, by piece of their tables: looking up a claim's workload,
// its coupon and its wallet's rows are jumps that do not wait for each other. The tellers, who must go in the order of
// time, then jump only between accounts.
func (s *state) balance(ctx context.Context) error {
	claims := s.claims
	spent, err := s.postAppropriations(ctx)
	if err != nil {
		return err
	}
	s.res.UnspentByCollective = sumOf(append(claims.byCollective, spent.byCollective...), s.l.Collectives.N)
	cuts := owners(len(s.res.Wallets.Wallet), s.threads)
	tellers := make([]teller, len(cuts))
	err = shard.Run(ctx, s.threads, len(cuts), func(piece int) error {
		from, to := cuts[piece][0], cuts[piece][1]
		tellers[piece] = teller{state: s, first: uint32(from), accounts: spill.Make[account](s.scratch, to-from)}
		if err := tellers[piece].run(ctx, claims, spent); err != nil {
			return err
		}
		tellers[piece].close()
		return nil
	})
	for i := range tellers {
		for _, row := range tellers[i].over {
			s.add("overspend", ledger.TAppropriations, int(row))
		}
	}
	return err
}

// postings are the rows of a table in the order of time, and which row of the wallets each goes to.
type postings struct {
	*timeline
	account      []int32            // by row; −1: none
	value        []int64            // by row, in µmin
	byCollective [][]kernels.Int128 // sums of some rows each, with their sign in what is unspent
}

// postAppropriations finds the accounts of appropriations.
func (s *state) postAppropriations(ctx context.Context) (*postings, error) {
	a := &s.l.Appropriations
	p := &postings{account: spill.Make[int32](s.scratch, a.N), value: a.Value}
	return p, s.post(ctx, p, a.Time, func(row int, sums []kernels.Int128) {
		c := a.Collective[row]
		p.account[row] = s.walletRow(a.Wallet[row], s.sub[c])
		sums[c] = sums[c].Sub(kernels.I128(a.Value[row]))
	})
}

// post calls one for every row, in any order, with sums by collective, and puts the rows in order of time.
func (s *state) post(ctx context.Context, p *postings, time []int64, one func(row int, sums []kernels.Int128)) (err error) {
	pieces := shard.Ranges(len(time), shard.Pieces(len(time), grain))
	fresh := func() []kernels.Int128 { return make([]kernels.Int128, s.l.Collectives.N) }
	p.byCollective, err = shard.Fold(ctx, s.threads, len(pieces), fresh, func(sums []kernels.Int128, piece int) error {
		for row := pieces[piece][0]; row < pieces[piece][1]; row++ {
			one(row, sums)
		}
		return nil
	})
	if err == nil {
		p.timeline, err = newTimeline(ctx, s.scratch, s.threads, time)
	}
	return err
}

// teller keeps the balances of the rows first, first + 1, … of the wallets.
type teller struct {
	*state
	first    uint32
	accounts []account
	over     []int32
}

// account is what one row of the wallets has claimed and spent so far; side by side, as both are needed at random rows.
type account struct{ claimed, spent kernels.Int128 }

func (t *teller) run(ctx context.Context, claims, spent *postings) error {
	next := 0 // claim
	err := blocks(ctx, len(spent.time), func(from, to int) error {
		for i := from; i < to; i++ {
			row := spent.row(i)
			at := uint32(spent.account[row]) - t.first
			if at >= uint32(len(t.accounts)) {
				continue
			}
			next = t.credit(claims, next, spent.time[row])
			a := &t.accounts[at]
			a.spent = a.spent.AddInt64(spent.value[row])
			if a.claimed.Cmp(a.spent) < 0 {
				t.over = append(t.over, int32(row))
			}
		}
		return nil
	})
	if err == nil {
		t.credit(claims, next, math.MaxInt64)
	}
	return err
}

// credit adds the claims from the next one up to a time to the teller's own accounts, and gives the first that is later.
func (t *teller) credit(claims *postings, next int, until int64) int {
	for ; next < len(claims.time); next++ {
		row := claims.row(next)
		if claims.time[row] > until {
			break
		}
		if at := uint32(claims.account[row]) - t.first; at < uint32(len(t.accounts)) {
			t.accounts[at].claimed = t.accounts[at].claimed.AddInt64(claims.value[row])
		}
	}
	return next
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
