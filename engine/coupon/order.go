package coupon

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

const (
	// block is how many rows are scanned between two looks at the context.
	block = 1 << 17
	// grain is how many rows make one piece of parallel work.
	grain = 1 << 16
	// mostOwners bounds the owners of one scan: each reads all rows, so more of them stop paying.
	mostOwners = 16
)

// timeline gives the rows of a table in the order of (time, row).
type timeline struct {
	space *spill.Space
	time  []int64
	order []uint32 // nil when the rows are in that order already
}

func (t *timeline) row(i int) int {
	if t.order == nil {
		return i
	}
	return int(t.order[i])
}

// segment gives the places from … to of the rows with after < time ≤ until.
func (t *timeline) segment(after, until int64) (from, to int) {
	n := len(t.time)
	from = sort.Search(n, func(i int) bool { return t.time[t.row(i)] > after })
	return from, from + sort.Search(n-from, func(i int) bool { return t.time[t.row(from+i)] > until })
}

// newTimeline sorts only what is not in order; its lists lie in space.
func newTimeline(ctx context.Context, space *spill.Space, threads int, time []int64) (*timeline, error) {
	pieces := shard.Ranges(len(time), shard.Pieces(len(time), grain))
	spans, err := shard.Collect(ctx, threads, len(pieces), func(piece int) (span, error) {
		s := span{inOrder: true, least: time[pieces[piece][0]], most: time[pieces[piece][0]]}
		last := time[max(pieces[piece][0]-1, 0)]
		for _, t := range time[pieces[piece][0]:pieces[piece][1]] {
			s.inOrder = s.inOrder && last <= t
			last = t
			s.least, s.most = min(s.least, t), max(s.most, t)
		}
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	line := &timeline{time: time, space: space}
	whole := span{inOrder: true}
	for i, s := range spans {
		if i == 0 {
			whole = s
		}
		whole = span{whole.inOrder && s.inOrder, min(whole.least, s.least), max(whole.most, s.most)}
	}
	if whole.inOrder {
		return line, nil
	}
	line.order = spill.Make[uint32](space, len(time))
	starts, err := line.scatter(ctx, threads, whole)
	if err != nil {
		return nil, err
	}
	return line, shard.Run(ctx, threads, len(starts)-1, func(bucket int) error {
		return line.sort(ctx, line.order[starts[bucket]:starts[bucket+1]])
	})
}

// span is what one look at some times tells.
type span struct {
	inOrder     bool
	least, most int64
}

const buckets = 4096

// bucket of a time, in equal steps from least to most.
func (s span) bucket(t int64) int {
	width := uint64(s.most-s.least)/buckets + 1 // the difference fits uint64, wrapped or not
	return int(uint64(t-s.least) / width)
}

// scatter puts all rows into the buckets of their times, ascending within each, and gives where each bucket starts.
func (t *timeline) scatter(ctx context.Context, threads int, whole span) ([]int, error) {
	n := len(t.time)
	pieces := shard.Ranges(n, min(shard.Pieces(n, grain), 4*shard.Threads(threads)))
	counts := make([][buckets]int, len(pieces))
	err := shard.Run(ctx, threads, len(pieces), func(piece int) error {
		for _, at := range t.time[pieces[piece][0]:pieces[piece][1]] {
			counts[piece][whole.bucket(at)]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	starts, at := make([]int, buckets+1), 0
	for b := range buckets {
		starts[b] = at
		for piece := range counts {
			count := counts[piece][b]
			counts[piece][b] = at
			at += count
		}
	}
	starts[buckets] = at
	return starts, shard.Run(ctx, threads, len(pieces), func(piece int) error {
		for row := pieces[piece][0]; row < pieces[piece][1]; row++ {
			cursor := &counts[piece][whole.bucket(t.time[row])]
			t.order[*cursor] = uint32(row)
			*cursor++
		}
		return nil
	})
}

// sort puts ascending rows into the order of (time, row): small lists by comparing, larger ones by buckets again.
func (t *timeline) sort(ctx context.Context, rows []uint32) error {
	if len(rows) == 0 {
		return nil
	}
	s := span{inOrder: true, least: t.time[rows[0]], most: t.time[rows[0]]}
	last := s.least
	for _, row := range rows {
		at := t.time[row]
		s.inOrder = s.inOrder && last <= at
		last = at
		s.least, s.most = min(s.least, at), max(s.most, at)
	}
	if s.inOrder {
		return nil
	}
	if len(rows) <= 4*buckets {
		t.compare(rows)
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var starts [buckets + 2]int
	for _, row := range rows {
		starts[s.bucket(t.time[row])+2]++
	}
	for b := 2; b < len(starts); b++ {
		starts[b] += starts[b-1]
	}
	sorted := spill.Make[uint32](t.space, len(rows))
	for _, row := range rows {
		cursor := &starts[s.bucket(t.time[row])+1]
		sorted[*cursor] = row
		*cursor++
	}
	copy(rows, sorted)
	spill.Free(t.space, sorted)
	for b := range buckets {
		if err := t.sort(ctx, rows[starts[b]:starts[b+1]]); err != nil {
			return err
		}
	}
	return nil
}

func (t *timeline) compare(rows []uint32) {
	type timed struct {
		time int64
		row  uint32
	}
	list := make([]timed, len(rows))
	for i, row := range rows {
		list[i] = timed{t.time[row], row}
	}
	slices.SortFunc(list, func(a, b timed) int { return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.row, b.row)) })
	for i := range list {
		rows[i] = list[i].row
	}
}

// blocks calls f for consecutive ranges of 0 … n until ctx ends or f fails.
func blocks(ctx context.Context, n int, f func(from, to int) error) error {
	for from := 0; from < n; from += block {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := f(from, min(n, from+block)); err != nil {
			return err
		}
	}
	return nil
}

// owners cuts 0 … n among the threads. Each owner scans all rows and handles those of its own codes, so sums by code
// need no atomics.
func owners(n, threads int) [][2]int { return shard.Ranges(n, min(shard.Threads(threads), mostOwners)) }
