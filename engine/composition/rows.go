package composition

import (
	"context"
	"math/bits"
	"slices"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// columns are the weights of the vertices in pieces as kernels.RowSums takes them, one column for WeightBits of the
// values, and the numbers of elements with the first one, or, when some are too large for that, in columns of their own.
type columns struct {
	x      [][]uint32
	values int // how many are of values; the others are of numbers
}

func (f *folded) columns() *columns {
	c := &columns{}
	c.cut(f.weight)
	c.values = len(c.x)
	if slices.Max(f.count)>>kernels.NumberBits > 0 {
		c.cut(f.count)
		return c
	}
	for v, n := range f.count {
		c.x[0][v] |= uint32(n) << kernels.WeightBits
	}
	return c
}

// cut adds the columns of some numbers, at least one.
func (c *columns) cut(numbers []int64) {
	most := bits.Len64(uint64(slices.Max(numbers)))
	for shift := 0; shift == 0 || shift < most; shift += kernels.WeightBits {
		x := make([]uint32, len(numbers))
		for v, n := range numbers {
			x[v] = uint32(n>>shift) & (1<<kernels.WeightBits - 1)
		}
		c.x = append(c.x, x)
	}
}

// rowSummer sums over what up to kernels.RowLanes roots reach. One is kept per thread.
type rowSummer struct {
	*columns
	sweep  *kernels.RowSweep
	sums   []kernels.RowSums // per column
	vertex []int32
	sets   []kernels.RootRow
	weight [kernels.SumBlock]uint32
}

func newRowSummer(n int, c *columns) *rowSummer {
	return &rowSummer{columns: c, sweep: kernels.NewRowSweep(n), sums: make([]kernels.RowSums, len(c.x)),
		vertex: make([]int32, kernels.SumBlock), sets: make([]kernels.RootRow, kernels.SumBlock)}
}

// sum fills the sums and numbers of what the roots reach.
func (f *folded) sum(ctx context.Context, threads int, sum, count []int64) error {
	if len(f.roots) == 0 {
		return nil
	}
	c := f.columns()
	batches := shard.Pieces(len(f.roots), kernels.RowLanes)
	_, err := shard.Fold(ctx, threads, batches, func() *rowSummer { return newRowSummer(f.n, c) }, func(s *rowSummer, piece int) error {
		roots := f.roots[piece*kernels.RowLanes : min((piece+1)*kernels.RowLanes, len(f.roots))]
		s.run(&f.graph, roots)
		for i, r := range roots {
			sum[r], count[r] = s.of(i)
		}
		return nil
	})
	return err
}

// run sweeps and sums.
func (s *rowSummer) run(g *graph, roots []int32) {
	for c := range s.sums {
		s.sums[c].Clear()
	}
	s.sweep.Start(roots)
	for n := len(s.vertex); n == len(s.vertex); {
		n = s.sweep.Next(g.first, g.part, s.vertex, s.sets)
		for c, x := range s.x {
			for j, v := range s.vertex[:n] {
				s.weight[j] = x[v]
			}
			s.sums[c].Add(s.sets[:n], s.weight[:n])
		}
	}
}

// of gives the sum and number of root i.
func (s *rowSummer) of(i int) (sum, count int64) {
	_, number := s.sums[0].Sum(i)
	count = int64(number)
	for c := range s.sums {
		part, _ := s.sums[c].Sum(i)
		if c < s.values {
			sum += int64(part << (kernels.WeightBits * c))
		} else {
			count += int64(part << (kernels.WeightBits * (c - s.values)))
		}
	}
	return sum, count
}
