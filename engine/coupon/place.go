package coupon

import (
	"math/bits"

	"planwerk/engine/spill"
)

// places numbers a set of rows 0, 1, … in their order.
type places struct {
	first int      // without marks: row first is number 0, and so on
	marks []uint64 // bit per row of the set
	ranks []uint32 // rows of the set before each word of marks
}

// of gives the number of a row of the set.
func (p *places) of(row int) int {
	if p.marks == nil {
		return row - p.first
	}
	word := p.marks[row/64]
	return int(p.ranks[row/64]) + bits.OnesCount64(word&(1<<(row%64)-1))
}

// marked numbers the rows in marks, and lists them in space.
func marked(space *spill.Space, marks []uint64) (*places, []int32) {
	p := &places{marks: marks, ranks: make([]uint32, len(marks))}
	n := 0
	for i, word := range marks {
		p.ranks[i] = uint32(n)
		n += bits.OnesCount64(word)
	}
	rows := spill.Make[int32](space, n)[:0]
	for i, word := range marks {
		for ; word != 0; word &= word - 1 {
			rows = append(rows, int32(64*i+bits.TrailingZeros64(word)))
		}
	}
	return p, rows
}
