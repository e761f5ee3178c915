package trust

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
)

// Check lists transfers, MoP transfers and orders between collectives without strong trust at their time
// (rule no-strong-trust), table after table in the order of rows.
func Check(l *ledger.Ledger) []ledger.Violation {
	v, err := CheckThreads(context.Background(), l, 1)
	if err != nil { // nothing fails and nobody cancels
		panic(err)
	}
	return v
}

// CheckThreads is Check on several threads; its only error is that of ctx.
func CheckThreads(ctx context.Context, l *ledger.Ledger, threads int) ([]ledger.Violation, error) {
	s := newStrong(l)
	var out []ledger.Violation
	for _, t := range []struct {
		table    ledger.TableID
		n        int
		time     []int64
		from, to []int32
	}{
		{ledger.TMoPTransfers, l.MoPTransfers.N, l.MoPTransfers.Time, l.MoPTransfers.From, l.MoPTransfers.To},
		{ledger.TTransfers, l.Transfers.N, l.Transfers.Time, l.Transfers.From, l.Transfers.To},
		{ledger.TOrders, l.Orders.N, l.Orders.Time, l.Orders.From, l.Orders.To},
	} {
		ranges := shard.Ranges(t.n, shard.Pieces(t.n, 1<<16))
		found, err := shard.Concat(ctx, threads, len(ranges), func(piece int) ([]ledger.Violation, error) {
			var v []ledger.Violation
			for i := ranges[piece][0]; i < ranges[piece][1]; i++ {
				if !s.trusts(t.from[i], t.to[i], t.time[i]) {
					v = append(v, ledger.Violation{Rule: "no-strong-trust", Table: t.table, Row: int32(i)})
				}
			}
			return v, nil
		})
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// strong answers whether two collectives trust each other at a time. For each pair the spans in which an edge is alive
// are merged until they are apart, so the last one that begins by a time decides.
type strong struct {
	first []int32 // first[a]:first[a+1] are the spans whose smaller collective is a
	spans []span  // by (a, b, from)
}

type span struct {
	b          int32 // the larger collective
	from, last int64 // alive from … last, both included
}

func newStrong(l *ledger.Ledger) *strong {
	e := &l.Trust
	s := &strong{first: make([]int32, l.Collectives.N+1)}
	rows := make([]int32, 0, e.N)
	for i := range e.N {
		if e.Until[i] == ledger.NullInt || e.Until[i] > e.Since[i] {
			rows = append(rows, int32(i))
		}
	}
	slices.SortFunc(rows, func(x, y int32) int {
		return cmp.Or(cmp.Compare(min(e.A[x], e.B[x]), min(e.A[y], e.B[y])), cmp.Compare(max(e.A[x], e.B[x]), max(e.A[y], e.B[y])),
			cmp.Compare(e.Since[x], e.Since[y]))
	})
	previous := int32(-1)
	for _, i := range rows {
		a := min(e.A[i], e.B[i])
		n := span{max(e.A[i], e.B[i]), e.Since[i], math.MaxInt64}
		if e.Until[i] != ledger.NullInt {
			n.last = e.Until[i] - 1
		}
		if k := len(s.spans) - 1; a == previous && s.spans[k].b == n.b && s.spans[k].last >= n.from-1 {
			s.spans[k].last = max(s.spans[k].last, n.last)
			continue
		}
		s.spans, previous = append(s.spans, n), a
		s.first[a+1]++
	}
	for a := range l.Collectives.N {
		s.first[a+1] += s.first[a]
	}
	return s
}

func (s *strong) trusts(x, y int32, t int64) bool {
	if x == y {
		return true
	}
	a, b := min(x, y), max(x, y)
	spans := s.spans[s.first[a]:s.first[a+1]]
	i := sort.Search(len(spans), func(i int) bool { return spans[i].b > b || spans[i].b == b && spans[i].from > t }) - 1
	return i >= 0 && spans[i].b == b && t <= spans[i].last
}
