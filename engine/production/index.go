package production

import (
	"context"

	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

const (
	// block is how many rows are scanned between two looks at the context.
	block = 1 << 17
	// grain is how many rows, resources or productions make one piece of parallel work.
	grain = 1 << 16
	// mostOwners bounds the owners of one scan: each reads all rows, so more of them stop paying.
	mostOwners = 16
)

// blocks calls f for consecutive ranges of 0 … n until ctx ends.
func blocks(ctx context.Context, n int, f func(from, to int)) error {
	for from := 0; from < n; from += block {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		f(from, min(n, from+block))
	}
	return nil
}

// owners cuts 0 … n among the threads. Each owner scans all rows and handles those of its own codes: so sums by code
// need no atomics, which would serialise the cache misses of random codes.
func owners(n, threads int) [][2]int { return shard.Ranges(n, min(shard.Threads(threads), mostOwners)) }

// grouping lists numbers by code: those of code k are Rows[Start[k]:Start[k+1]], ascending.
type grouping struct {
	Start []int64
	Rows  []uint32
}

// free gives the lists back.
func (g *grouping) free(space *spill.Space) {
	spill.Free(space, g.Start)
	spill.Free(space, g.Rows)
	*g = grouping{}
}

func (g *grouping) of(k int32) []uint32 { return g.Rows[g.Start[k]:g.Start[k+1]] }

// group lists the numbers 0, 1, … of the codes in all columns, one column behind the other, by code below n; negative
// codes are left out. The lists lie in space.
func group(ctx context.Context, space *spill.Space, threads, n int, columns ...[]int32) (*grouping, error) {
	start := spill.Make[int64](space, n+2)
	cuts := owners(n, threads)
	err := shard.Run(ctx, threads, len(cuts), func(piece int) error {
		lo, span := uint32(cuts[piece][0]), uint32(cuts[piece][1]-cuts[piece][0])
		counts := start[cuts[piece][0]+2:]
		for _, codes := range columns {
			err := blocks(ctx, len(codes), func(from, to int) {
				for _, c := range codes[from:to] {
					if k := uint32(c) - lo; k < span {
						counts[k]++
					}
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for k := 2; k < len(start); k++ {
		start[k] += start[k-1]
	}
	rows := spill.Make[uint32](space, int(start[n+1]))
	err = shard.Run(ctx, threads, len(cuts), func(piece int) error {
		lo, span := uint32(cuts[piece][0]), uint32(cuts[piece][1]-cuts[piece][0])
		cursor := start[cuts[piece][0]+1:]
		base := 0
		for _, codes := range columns {
			err := blocks(ctx, len(codes), func(from, to int) {
				for i, c := range codes[from:to] {
					if k := uint32(c) - lo; k < span {
						rows[cursor[k]] = uint32(base + from + i)
						cursor[k]++
					}
				}
			})
			if err != nil {
				return err
			}
			base += len(codes)
		}
		return nil
	})
	return &grouping{Start: start[:n+1], Rows: rows}, err
}
