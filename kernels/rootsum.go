package kernels

// SumBlock is the largest number of rows that RowSums.Add takes at once.
const SumBlock = 512

// Bits of the two numbers in a weight of RowSums.
const (
	WeightBits = 28
	NumberBits = 4
)

// RowSums adds up, for each of the roots of a sweep, the weights of the vertices it reaches. A weight holds two numbers:
// one of WeightBits below, one of NumberBits above it.
type RowSums struct {
	weight [RowLanes]uint64 // in the order of place
	number [RowLanes]uint64

	bits  [SumBlock / 8 * 256]uint8              // of 256 roots: a byte for eight rows and one root
	table [SumBlock / 16 * planes * 4 * 16]uint8 // digits of the sums of four weights
	byte  [8][256]uint64                         // without vector instructions: sums by byte
}

// planes is the number of digits of six bits in sums of four weights: five for the lower numbers, one for the upper ones.
const planes = 6

// Clear makes all sums 0.
func (s *RowSums) Clear() { clear(s.weight[:]); clear(s.number[:]) }

// Sum gives root i's sums of both numbers.
func (s *RowSums) Sum(i int) (weight, number uint64) {
	p := place(i)
	return s.weight[p], s.number[p]
}

// place says where the sums of root i lie: with 256 roots in eight bytes of 32 bits each, by bit, then the even bytes
// before the odd ones.
func place(i int) int { return i&^255 | i&7<<5 | i>>3&1<<4 | i>>4&15 }

// Add adds the weights of the rows to the sums of the roots in them, modulo 2⁶⁴:
//
//	for j, row := range rows { for each root i in row { both sums of i += both numbers of weight[j] } }
//
// There are at most SumBlock rows, and as many weights.
func (s *RowSums) Add(rows []RootRow, weight []uint32) {
	weight = weight[:len(rows)]
	if level >= AVX2 && len(rows) > 0 {
		s.addAVX2(rows, weight)
		return
	}
	for w := range len(RootRow{}) {
		s.gather(rows, w, weight)
		for b := range s.byte {
			s.halve(&s.byte[b], w*64+b*8)
		}
	}
}

// gather adds both numbers of each weight, apart, to the sums by byte of one word of its row.
func (s *RowSums) gather(rows []RootRow, w int, weight []uint32) {
	for j := range rows {
		m, x := rows[j][w], uint64(weight[j])
		if m == 0 {
			continue
		}
		x = x>>WeightBits<<40 | x&(1<<WeightBits-1)
		for b := range s.byte {
			s.byte[b][uint8(m>>(8*b))] += x
		}
	}
}

// halve takes the sums of eight roots, from the given one on, out of the sums by byte and clears these: the upper half of
// what is left holds the entries with the top bit set; added to the lower half it leaves a table of one bit less.
func (s *RowSums) halve(table *[256]uint64, root int) {
	for bit := 7; bit >= 0; bit-- {
		half := 1 << bit
		lower, upper := table[:half], table[half:2*half]
		sum := uint64(0)
		for i, v := range upper {
			sum += v
			lower[i] += v
			upper[i] = 0
		}
		p := place(root + bit)
		s.weight[p] += sum & (1<<40 - 1)
		s.number[p] += sum >> 40
	}
	table[0] = 0
}

// addAVX2 takes the method of the four Russians: the sums of any four weights, cut into digits of six bits, stand in
// tables of 16 bytes, and one shuffle looks up one digit for 32 roots.
func (s *RowSums) addAVX2(rows []RootRow, weight []uint32) {
	groups := (len(rows) + 15) / 16
	if len(rows)%16 != 0 { // zeros behind the last one: what the rows there hold does not count
		var last [SumBlock]uint32
		copy(last[:], weight)
		weight = last[:]
	}
	high := sumTablesAVX2(&s.table[0], &weight[0], groups)>>16 != 0
	for c := range RowLanes / 256 {
		if !s.bytesAVX2(rows, c) {
			continue
		}
		for k := range 8 {
			at := 256*c + 32*k
			sumLowAVX2(&s.weight[at], &s.bits[32*k], &s.table[0], groups)
			if high {
				sumHighAVX2(&s.weight[at], &s.number[at], &s.bits[32*k], &s.table[0], groups)
			}
		}
	}
}

// bytesAVX2 fills bits from 256 roots; false when none is in any row.
func (s *RowSums) bytesAVX2(rows []RootRow, c int) bool {
	whole := len(rows) / 8
	some := uint64(0)
	if whole > 0 {
		some = rowBytesAVX2(&s.bits[0], &rows[0][4*c], whole)
	}
	if rest := rows[8*whole:]; len(rest) > 0 {
		var last [8]RootRow
		copy(last[:], rest)
		some |= rowBytesAVX2(&s.bits[256*whole], &last[0][4*c], 1)
	}
	return some != 0
}
