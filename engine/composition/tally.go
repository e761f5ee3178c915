package composition

import "math/bits"

// tally sums weights over the bits of masks: out[i] = Σ x[j] over j with bit i of roots[j] set, modulo 2⁶⁴.
//
// One table per byte of the mask gathers the weights of all masks with that byte; from it eight sums are folded out at
// the end. So a mask costs eight additions, however many of its bits are set.
type tally struct {
	table [8][256]uint64
}

// fewMasks is how many masks are cheaper to take bit by bit than through the tables.
const fewMasks = 256

func (t *tally) sum(roots, x []uint64) (out [lanes]uint64) {
	if len(roots) < fewMasks {
		for j, m := range roots {
			for ; m != 0; m &= m - 1 {
				out[bits.TrailingZeros64(m)&63] += x[j]
			}
		}
		return out
	}
	t0, t1, t2, t3 := &t.table[0], &t.table[1], &t.table[2], &t.table[3]
	t4, t5, t6, t7 := &t.table[4], &t.table[5], &t.table[6], &t.table[7]
	x = x[:len(roots)]
	for j, m := range roots {
		v := x[j]
		t0[uint8(m)] += v
		t1[uint8(m>>8)] += v
		t2[uint8(m>>16)] += v
		t3[uint8(m>>24)] += v
		t4[uint8(m>>32)] += v
		t5[uint8(m>>40)] += v
		t6[uint8(m>>48)] += v
		t7[uint8(m>>56)] += v
	}
	for b := range t.table {
		t.fold(&t.table[b], (*[8]uint64)(out[8*b:]))
	}
	return out
}

// fold takes eight sums out of one table and clears it: the upper half of what is left holds the entries with the top
// bit set; added to the lower half it leaves a table of one bit less.
func (t *tally) fold(table *[256]uint64, out *[8]uint64) {
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
