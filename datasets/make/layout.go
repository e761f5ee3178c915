package synth

import "sort"

// layout says how many rows each slot has in a round: step s has one row for each of the slots 0 … counts[s]−1. Counts
// fall, so that slot b has as many rows as there are steps with counts[s] > b. Within a step the rows come in a random
// order, another one in each round.
type layout struct {
	counts []int64
	starts []int64 // rows before step s; one more than counts
	orders []permutation
}

// maxSteps bounds the rows of one slot in a round, and with it the size of a layout.
const maxSteps = 4096

// newLayout spreads total rows over slots by a Zipf law with exponent 1/2, exactly.
func newLayout(slots, total int64, key uint64) layout {
	var counts []int64
	left := total
	base := max(1, total/max(1, slots)/2)
	for s := int64(0); s < maxSteps && left > 0; s++ {
		n := slots
		if s >= base {
			n = slots * base * base / ((s + 1) * (s + 1))
		}
		if n = min(n, left); n == 0 {
			break
		}
		counts = append(counts, n)
		left -= n
	}
	return extend(counts, slots, left, key)
}

// extend adds rows in steps that begin at slot 0.
func extend(counts []int64, slots, more int64, key uint64) layout {
	counts = append([]int64(nil), counts...)
	for more > 0 {
		n := min(slots, more)
		counts = append(counts, n)
		more -= n
	}
	sort.Slice(counts, func(i, j int) bool { return counts[i] > counts[j] })
	l := layout{counts: counts, starts: make([]int64, len(counts)+1), orders: make([]permutation, len(counts))}
	for s, n := range counts {
		l.orders[s] = newPermutation(n, key+uint64(s))
		l.starts[s+1] = l.starts[s] + n
	}
	return l
}

func (l *layout) total() int64 { return l.starts[len(l.counts)] }

// rows is the number of rows of a slot.
func (l *layout) rows(slot int64) int64 {
	return int64(sort.Search(len(l.counts), func(s int) bool { return l.counts[s] <= slot }))
}

// find gives step and slot of a row of a round.
func (l *layout) find(round, row int64) (step, slot int64) {
	lo, hi := 0, len(l.counts)
	for hi-lo > 1 {
		if m := int(uint(lo+hi) >> 1); l.starts[m] <= row {
			lo = m
		} else {
			hi = m
		}
	}
	return int64(lo), l.orders[lo].at(row-l.starts[lo], uint64(round)*golden)
}

// seat numbers the places of work of a round: a slot keeps its seats from round to round.
func (l *layout) seat(step, slot int64) int64 { return l.starts[step] + slot }

// pattern is a fixed number of rows per slot that repeats every four slots.
type pattern struct {
	n    [4]int64
	off  [4]int64
	sum  int64
	slot []int64 // which of the four a row of the group belongs to
}

func newPattern(n ...int64) pattern {
	var p pattern
	copy(p.n[:], n)
	for t, k := range p.n {
		p.off[t] = p.sum
		p.sum += k
		for range k {
			p.slot = append(p.slot, int64(t))
		}
	}
	return p
}

// start is the number of rows of the slots before slot b.
func (p *pattern) start(b int64) int64 { return b>>2*p.sum + p.off[b&3] }

// find gives the slot and the place in it of a row.
func (p *pattern) find(row int64) (slot, k int64) {
	t := p.slot[row%p.sum]
	return row/p.sum<<2 + t, row%p.sum - p.off[t]
}
