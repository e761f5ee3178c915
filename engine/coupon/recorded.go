package coupon

import (
	"cmp"
	"context"
	"math"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// recorded holds the valid recorded revisions, those of one segment of time together, and the coupons they gave.
type recorded struct {
	segments []segment
	segment  []int32 // per revision: its segment, −1 when not valid
	slot     []int32 // per revision: its number within the segment
	base     int     // row of the first coupon
	coupon   []int64 // by row − base
}

// segment is the valid revisions over one segment of time.
type segment struct {
	after, until int64
	member       []int32 // per collective: the slot of its revision, −1 for none
	rates        []rate
}

// judgeRevisions takes recorded revisions by (until, id). One holds if its rate is one, if no earlier valid one covers a
// collective of its component at an overlapping time, and, where that is checked, if a recomputation gives its rate.
// Violations: bad-revision, revision-mismatch.
func (s *state) judgeRevisions(context.Context) error {
	rv := &s.l.Revisions
	s.rev = &recorded{segment: make([]int32, rv.N), slot: make([]int32, rv.N)}
	s.res.ValidRevision = make([]bool, rv.N)
	order := make([]int32, rv.N)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(rv.Until[a], rv.Until[b]) })
	covered := make([]int64, s.l.Collectives.N) // until when valid revisions cover each collective
	for c := range covered {
		covered[c] = math.MinInt64
	}
	var now component
	first := 0 // first segment with the until at hand
	for i, rev := range order {
		if i == 0 || rv.Until[rev] != rv.Until[order[i-1]] {
			now = newComponent(s.in.ComponentsAt(rv.Until[rev]))
			first = len(s.rev.segments)
		}
		s.rev.segment[rev] = -1
		collectives := now.of(rv.Subsystem[rev])
		if !isRate(rv, rev) || covers(covered, collectives, rv.After[rev]) {
			s.add("bad-revision", ledger.TRevisions, int(rev))
			continue
		}
		if s.in.Mismatch != nil {
			differs, err := s.in.Mismatch(rev)
			if err != nil {
				return err
			}
			if differs {
				s.add("revision-mismatch", ledger.TRevisions, int(rev))
				continue
			}
		}
		s.res.ValidRevision[rev] = true
		for _, c := range collectives {
			covered[c] = rv.Until[rev]
		}
		s.rev.hold(rv, rev, first, collectives, s.l.Collectives.N)
	}
	return nil
}

// isRate reports after < until, m > 0 and −m ≤ n ≤ m.
func isRate(rv *ledger.Revisions, rev int32) bool {
	n, m := rv.Num[rev], rv.Den[rev]
	return rv.After[rev] < rv.Until[rev] && m.Sign() > 0 && m.Neg().Cmp(n) <= 0 && n.Cmp(m) <= 0
}

// covers reports whether an earlier valid revision reaches past after for one of the collectives; as revisions are taken
// by until, that is an overlap.
func covers(covered []int64, collectives []int32, after int64) bool {
	for _, c := range collectives {
		if covered[c] > after {
			return true
		}
	}
	return false
}

// hold puts a valid revision into the segment of its times; those with its until begin at first.
func (r *recorded) hold(rv *ledger.Revisions, rev int32, first int, collectives []int32, n int) {
	at := first
	for at < len(r.segments) && r.segments[at].after != rv.After[rev] {
		at++
	}
	if at == len(r.segments) {
		g := segment{after: rv.After[rev], until: rv.Until[rev], member: make([]int32, n)}
		for c := range g.member {
			g.member[c] = -1
		}
		r.segments = append(r.segments, g)
	}
	g := &r.segments[at]
	slot := int32(len(g.rates))
	for _, c := range collectives {
		g.member[c] = slot
	}
	g.rates = append(g.rates, newRate(rv.Num[rev], rv.Den[rev]))
	r.segment[rev], r.slot[rev] = int32(at), slot
}

// component lists collectives by subsystem.
type component struct {
	name  []int32 // per collective
	start []int32
	list  []int32
}

func newComponent(name []int32) component {
	c := component{name: name, start: make([]int32, len(name)+2), list: make([]int32, len(name))}
	for _, k := range name {
		c.start[k+2]++
	}
	for k := 2; k < len(c.start); k++ {
		c.start[k] += c.start[k-1]
	}
	for i, k := range name {
		c.list[c.start[k+1]] = int32(i)
		c.start[k+1]++
	}
	return c
}

// of gives the collectives of the subsystem that holds one of them.
func (c *component) of(collective int32) []int32 {
	k := c.name[collective]
	return c.list[c.start[k]:c.start[k+1]]
}

// issueRecorded gives the workloads of valid recorded revisions their coupons: V = ⌊a·(m − n)/m⌋ over the segment.
func (s *state) issueRecorded(ctx context.Context) error {
	r := s.rev
	shares := make([]share, len(r.segments))
	low, high := s.l.Workloads.N, 0
	for i := range r.segments {
		g := &r.segments[i]
		sh := &shares[i]
		*sh = share{l: s.l, line: s.line, member: g.member, rates: g.rates, floor: s.in.Floor}
		sh.from, sh.to = s.line.segment(g.after, g.until)
		if s.line.order != nil && sh.from < sh.to {
			low, high = 0, s.l.Workloads.N
		} else if sh.from < sh.to {
			low, high = min(low, sh.from), max(high, sh.to)
		}
	}
	if low >= high {
		return nil
	}
	r.base, r.coupon = low, spill.Make[int64](s.scratch, high-low)
	for i := range shares {
		sh := &shares[i]
		sh.out, sh.place = r.coupon, &places{first: low}
		if err := sh.measure(ctx, s.threads); err != nil {
			return err
		}
		for k := range sh.rates {
			sh.rates[k].value, _ = sh.rates[k].of(sh.rates[k].whole) // at most 2·a
		}
		issued, err := sh.issue(ctx, s.threads)
		if err != nil {
			return err
		}
		s.issued = sumOf([][]kernels.Int128{s.issued, issued}, len(s.issued))
	}
	return nil
}
