package shard

import (
	"math/bits"
	"sort"
)

// Pieces is the number of pieces of about grain items each that n items make: at least 1 when n > 0, 0 otherwise.
// It depends on the data only.
func Pieces(n, grain int) int {
	if n <= 0 {
		return 0
	}
	return 1 + (n-1)/max(grain, 1)
}

// Ranges cuts 0 … n into at most pieces half-open ranges in order, none empty, whose lengths differ by at most one.
func Ranges(n, pieces int) [][2]int {
	pieces = min(pieces, n)
	if pieces <= 0 {
		if n > 0 {
			return [][2]int{{0, n}}
		}
		return nil
	}
	out := make([][2]int, pieces)
	size, rest, at := n/pieces, n%pieces, 0
	for i := range out {
		next := at + size
		if i < rest {
			next++
		}
		out[i] = [2]int{at, next}
		at = next
	}
	return out
}

// Weighted cuts len(prefix)−1 items into at most pieces half-open ranges in order, none empty, of about equal weight.
// Item i weighs prefix[i+1] − prefix[i] ≥ 0, so the row pointers of a compressed matrix serve as they are. Cut k lies
// at the first item before which at least k/pieces of the whole weight is; one item is never split.
func Weighted(prefix []int64, pieces int) [][2]int {
	n := len(prefix) - 1
	if n <= 0 {
		return nil
	}
	total := uint64(prefix[n] - prefix[0])
	if total == 0 || pieces <= 1 {
		return Ranges(n, max(pieces, 1))
	}
	out := make([][2]int, 0, min(pieces, n))
	at := 0
	for k := 1; k <= pieces && at < n; k++ {
		next := n
		if k < pieces {
			hi, lo := bits.Mul64(total, uint64(k))
			goal, _ := bits.Div64(hi, lo, uint64(pieces))
			next = at + sort.Search(n-at, func(i int) bool { return uint64(prefix[at+i]-prefix[0]) >= goal })
		}
		if next > at {
			out = append(out, [2]int{at, next})
			at = next
		}
	}
	return out
}
