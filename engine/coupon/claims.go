package coupon

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// judgeClaims finds the valid claims: of a workload in the segment and component of a valid revision, into that
// workload's own wallet, and the first such by (time, id). As valid revisions do not overlap, a workload has at most
// one. Violations: bad-claim.
//
// A claim's workload is looked at once, for all that is needed of it.
func (s *state) judgeClaims(ctx context.Context) error {
	cl := &s.l.CouponClaims
	p := &postings{account: spill.Make[int32](s.scratch, cl.N), value: spill.Make[int64](s.scratch, cl.N)}
	s.claims = p
	err := s.post(ctx, p, cl.Time, func(row int, sums []kernels.Int128) {
		p.account[row] = -1
		if s.covered(row) {
			work := int(cl.Workload[row])
			c, v := s.l.Workloads.Collective[work], s.rev.coupon[work-s.rev.base]
			p.account[row], p.value[row] = s.walletRow(cl.Wallet[row], s.sub[c]), v
			sums[c] = sums[c].AddInt64(v)
		}
	})
	if err != nil {
		return err
	}
	first, err := s.firstClaims(ctx)
	if err != nil {
		return err
	}
	pieces := shard.Ranges(cl.N, shard.Pieces(cl.N, grain))
	found, err := shard.Concat(ctx, s.threads, len(pieces), func(piece int) ([]ledger.Violation, error) {
		var out []ledger.Violation
		for row := pieces[piece][0]; row < pieces[piece][1]; row++ {
			if p.account[row] < 0 || first[int(cl.Workload[row])-s.rev.base] != int32(row) {
				out = append(out, ledger.Violation{Rule: "bad-claim", Table: ledger.TCouponClaims, Row: int32(row)})
			}
		}
		return out, nil
	})
	spill.Free(s.scratch, first)
	s.dropClaims(found)
	s.found = append(s.found, found...)
	return err
}

// dropClaims takes back what claims have posted that are not the first ones.
func (s *state) dropClaims(bad []ledger.Violation) {
	p, back := s.claims, make([]kernels.Int128, s.l.Collectives.N)
	for _, v := range bad {
		if p.account[v.Row] >= 0 {
			c := s.l.Workloads.Collective[s.l.CouponClaims.Workload[v.Row]]
			back[c] = back[c].Sub(kernels.I128(p.value[v.Row]))
			p.account[v.Row] = -1
		}
	}
	p.byCollective = append(p.byCollective, back)
}

// covered reports whether a claim's revision is valid and gives its workload a coupon for its wallet.
func (s *state) covered(claim int) bool {
	cl, w := &s.l.CouponClaims, &s.l.Workloads
	rev, row := cl.Revision[claim], cl.Workload[claim]
	at := s.rev.segment[rev]
	if at < 0 || cl.Wallet[claim] != w.Wallet[row] {
		return false
	}
	g := &s.rev.segments[at]
	return g.after < w.Time[row] && w.Time[row] <= g.until && g.member[w.Collective[row]] == s.rev.slot[rev]
}

// firstClaims gives, by workload row − base, the first of the claims that are covered, −1 for none.
func (s *state) firstClaims(ctx context.Context) ([]int32, error) {
	cl := &s.l.CouponClaims
	first := spill.Make[int32](s.scratch, len(s.rev.coupon))
	cuts := owners(len(first), s.threads)
	return first, shard.Run(ctx, s.threads, len(cuts), func(piece int) error {
		lo, own := cuts[piece][0]+s.rev.base, first[cuts[piece][0]:cuts[piece][1]]
		for i := range own {
			own[i] = -1
		}
		return blocks(ctx, cl.N, func(from, to int) error {
			for row := from; row < to; row++ {
				k := int(cl.Workload[row]) - lo
				if uint(k) >= uint(len(own)) || s.claims.account[row] < 0 {
					continue
				}
				if own[k] < 0 || cl.Time[row] < cl.Time[own[k]] {
					own[k] = int32(row)
				}
			}
			return nil
		})
	})
}
