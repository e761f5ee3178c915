package coupon

import (
	"context"
	"slices"
	"sort"

	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// pairWallets finds the rows of the wallets: each pair of a wallet and a subsystem that a workload or an appropriation
// names. Most wallets have one; the others' pairs are listed and sorted.
func (s *state) pairWallets(ctx context.Context) error {
	w, a := &s.l.Workloads, &s.l.Appropriations
	cuts := owners(s.l.WalletIDs.Len(), s.threads)
	parts, err := shard.Collect(ctx, s.threads, len(cuts), func(piece int) (*pairs, error) {
		p := newPairs(s.scratch, cuts[piece][0], cuts[piece][1])
		err := p.scan(ctx, w.Wallet, w.Collective, s.sub)
		if err == nil {
			err = p.scan(ctx, a.Wallet, a.Collective, s.sub)
		}
		return p, err
	})
	if err != nil {
		return err
	}
	ws := &s.res.Wallets
	total := 0
	for _, p := range parts {
		total += p.count()
	}
	space := s.l.Space
	ws.Wallet, ws.Subsystem = spill.Make[int32](space, total)[:0], spill.Make[int32](space, total)[:0]
	s.start = spill.Make[int32](s.scratch, s.l.WalletIDs.Len()+1)[:0]
	for _, p := range parts {
		s.start = p.list(ws, s.start)
		spill.Free(s.scratch, p.one)
	}
	s.start = append(s.start, int32(total))
	wide := func() []kernels.Int128 { return spill.Make[kernels.Int128](space, total) }
	ws.Coupons, ws.Claimed, ws.Appropriated, ws.Balance = wide(), wide(), wide(), wide()
	return nil
}

// pairs are those of the wallets from … to.
type pairs struct {
	from, to int
	one      []int32  // per wallet: the first subsystem met, −1 for none
	more     []uint64 // wallet << 32 | subsystem: the others, perhaps several times
	limit    int      // length of more at which repetitions are dropped
}

func newPairs(space *spill.Space, from, to int) *pairs {
	p := &pairs{from: from, to: to, one: spill.Make[int32](space, to-from), limit: 1 << 16}
	for i := range p.one {
		p.one[i] = -1
	}
	return p
}

func (p *pairs) scan(ctx context.Context, wallets, collectives, sub []int32) error {
	return blocks(ctx, len(wallets), func(from, to int) error {
		for row := from; row < to; row++ {
			k := int(wallets[row]) - p.from
			if uint(k) >= uint(len(p.one)) {
				continue
			}
			switch at := sub[collectives[row]]; p.one[k] {
			case at:
			case -1:
				p.one[k] = at
			default:
				p.more = append(p.more, uint64(wallets[row])<<32|uint64(at))
			}
		}
		if len(p.more) > p.limit {
			p.compact()
		}
		return nil
	})
}

// compact sorts the other pairs and drops repetitions; the next time comes when the list has doubled.
func (p *pairs) compact() {
	slices.Sort(p.more)
	p.more = slices.Compact(p.more)
	p.limit = max(1<<16, 2*len(p.more))
}

// count compacts and gives the number of pairs.
func (p *pairs) count() int {
	p.compact()
	n := len(p.more)
	for _, at := range p.one {
		if at >= 0 {
			n++
		}
	}
	return n
}

// list appends the pairs in order, and per wallet where its rows begin.
func (p *pairs) list(ws *Wallets, start []int32) []int32 {
	rest := p.more
	for k, one := range p.one {
		start = append(start, int32(len(ws.Wallet)))
		wallet := int32(p.from + k)
		for len(rest) > 0 && int32(rest[0]>>32) == wallet {
			at := int32(uint32(rest[0]))
			if one >= 0 && one < at {
				ws.Wallet, ws.Subsystem = append(ws.Wallet, wallet), append(ws.Subsystem, one)
				one = -1
			}
			ws.Wallet, ws.Subsystem = append(ws.Wallet, wallet), append(ws.Subsystem, at)
			rest = rest[1:]
		}
		if one >= 0 {
			ws.Wallet, ws.Subsystem = append(ws.Wallet, wallet), append(ws.Subsystem, one)
		}
	}
	return start
}

// walletRow finds the row of a pair that is there.
func (s *state) walletRow(wallet, at int32) int32 {
	from, to := s.start[wallet], s.start[wallet+1]
	if to-from == 1 {
		return from
	}
	list := s.res.Wallets.Subsystem[from:to]
	return from + int32(sort.Search(len(list), func(i int) bool { return list[i] >= at }))
}

// creditCoupons adds the period's coupons to the rows of their wallets.
func (s *state) creditCoupons(ctx context.Context) error {
	w, r, ws := &s.l.Workloads, s.res, &s.res.Wallets
	cuts := owners(s.l.WalletIDs.Len(), s.threads)
	return shard.Run(ctx, s.threads, len(cuts), func(piece int) error {
		lo, span := uint32(cuts[piece][0]), uint32(cuts[piece][1]-cuts[piece][0])
		return blocks(ctx, len(r.Coupon), func(from, to int) error {
			for i := from; i < to; i++ {
				row := r.WorkloadRow(i)
				if wallet := w.Wallet[row]; uint32(wallet)-lo < span {
					at := s.walletRow(wallet, s.sub[w.Collective[row]])
					ws.Coupons[at] = ws.Coupons[at].AddInt64(r.Coupon[i])
				}
			}
			return nil
		})
	})
}
