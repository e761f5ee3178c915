package composition

import "math/bits"

// tally sums weights over root sets: out[i] = Σ x[j] over j with bit i of roots[j] set, modulo 2⁶⁴.
//
// One table per byte of a word gathers the weights of all sets with that byte; from it eight sums are folded out at the
// end. So a word costs eight additions, however many of its bits are set.
type tally struct {
	table [8][256]uint64
}

// fewSets is how many sets are cheaper to take bit by bit than through the tables.
const fewSets = 128

func (t *tally) sum(roots []rootSet, x []uint64) (out [lanes]uint64) {
	if len(roots) < fewSets {
		for j := range roots {
			for w, m := range roots[j] {
				for ; m != 0; m &= m - 1 {
					out[(w<<6|bits.TrailingZeros64(m))&(lanes-1)] += x[j]
				}
			}
		}
		return out
	}
	for w := range words {
		t.gather(roots, w, x)
		for b := range t.table {
			halve(&t.table[b], (*[8]uint64)(out[64*w+8*b:]))
		}
	}
	return out
}

// gather fills the tables for one word of each set.
func (t *tally) gather(roots []rootSet, w int, x []uint64) {
	t0, t1, t2, t3 := &t.table[0], &t.table[1], &t.table[2], &t.table[3]
	t4, t5, t6, t7 := &t.table[4], &t.table[5], &t.table[6], &t.table[7]
	x = x[:len(roots)]
	w &= words - 1
	for j := range roots {
		m, v := roots[j][w], x[j]
		if m == 0 {
			continue
		}
		t0[uint8(m)] += v
		t1[uint8(m>>8)] += v
		t2[uint8(m>>16)] += v
		t3[uint8(m>>24)] += v
		t4[uint8(m>>32)] += v
		t5[uint8(m>>40)] += v
		t6[uint8(m>>48)] += v
		t7[uint8(m>>56)] += v
	}
}

// halve takes eight sums out of one table and clears it: the upper half of what is left holds the entries with the top
// bit set; added to the lower half it leaves a table of one bit less.
func halve(table *[256]uint64, out *[8]uint64) {
	for bit := 7; bit >= 0; bit-- {
		half := 1 << bit
		lower, upper := table[:half], table[half:2*half]
		sum := uint64(0)
		for i, v := range upper {
			sum += v
			lower[i] += v
			upper[i] = 0
		}
		out[bit] = sum
	}
	table[0] = 0
}
