package coupon

import (
	"context"
	"fmt"
	"math"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/kernels"
)

// rate is what one revision gives for labour: value over the whole, for cascade rounding; (den − num)/den for floor.
type rate struct {
	whole, value kernels.Int128 // Σ labour of the segment, and the coupons for it
	num, den     kernels.Int128
	rest         kernels.Int128 // den − num ≥ 0, or null when it does not fit
}

func newRate(num, den kernels.Int128) rate {
	r := rate{num: num, den: den, rest: den.Sub(num)}
	if r.rest.Sign() < 0 {
		r.rest = kernels.NullInt128
	}
	return r
}

// of gives ⌊labour · (den − num) / den⌋.
func (r *rate) of(labour kernels.Int128) (kernels.Int128, bool) {
	if !r.rest.IsNull() {
		return kernels.MulDivFloor(labour, r.rest, r.den)
	}
	v, ok := kernels.MulDivFloor(labour, r.num.Neg(), r.den)
	return v.Add(labour), ok
}

// share gives workloads at the places from … to of the timeline their coupons under some rates.
type share struct {
	l        *ledger.Ledger
	line     *timeline
	from, to int
	member   []int32 // per collective: which rate, −1 for none
	rates    []rate
	floor    bool
	out      []int64 // coupons, by place
	place    *places

	kept   int // rows that have a rate
	pieces [][2]int
	before [][]kernels.Int128 // per piece and rate: labour before the piece
}

// measure sums the labour under each rate, piece by piece.
func (s *share) measure(ctx context.Context, threads int) error {
	n := s.to - s.from
	s.pieces = shard.Ranges(n, min(shard.Threads(threads), shard.Pieces(n, max(grain, 4*len(s.rates)))))
	w := &s.l.Workloads
	kept := make([]int, len(s.pieces))
	sums, err := shard.Collect(ctx, threads, len(s.pieces), func(piece int) ([]kernels.Int128, error) {
		sum := make([]kernels.Int128, len(s.rates))
		return sum, s.eachBlock(ctx, piece, func(from, to int) error {
			n := 0
			for i := from; i < to; i++ {
				row := s.line.row(i)
				if k := s.member[w.Collective[row]]; k >= 0 {
					sum[k] = sum[k].AddInt64(w.Minutes[row])
					n++
				}
			}
			kept[piece] += n
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, n := range kept {
		s.kept += n
	}
	total := make([]kernels.Int128, len(s.rates))
	s.before = sums
	for _, sum := range sums {
		for k := range sum {
			sum[k], total[k] = total[k], total[k].Add(sum[k])
		}
	}
	for k := range total {
		s.rates[k].whole = total[k]
	}
	return nil
}

func (s *share) eachBlock(ctx context.Context, piece int, f func(from, to int) error) error {
	lo := s.from + s.pieces[piece][0]
	return blocks(ctx, s.pieces[piece][1]-s.pieces[piece][0], func(from, to int) error { return f(lo+from, lo+to) })
}

// issue writes the coupons, by cascade or floor rounding, and adds them up by collective.
func (s *share) issue(ctx context.Context, threads int) ([]kernels.Int128, error) {
	sums, err := shard.Collect(ctx, threads, len(s.pieces), func(piece int) ([]kernels.Int128, error) {
		given := make([]kernels.Int128, s.l.Collectives.N)
		if s.floor {
			return given, s.eachBlock(ctx, piece, func(from, to int) error { return s.floors(from, to, given) })
		}
		upto := s.before[piece]
		done := make([]kernels.Int128, len(s.rates))
		for k := range done {
			if s.rates[k].whole.Sign() > 0 {
				done[k], _ = kernels.MulDivFloor(s.rates[k].value, upto[k], s.rates[k].whole)
			}
		}
		return given, s.eachBlock(ctx, piece, func(from, to int) error { return s.cascade(from, to, upto, done, given) })
	})
	return sumOf(sums, s.l.Collectives.N), err
}

// cascade rounds so that the coupons under a rate sum to its value: upto is the labour so far, done the coupons for it.
func (s *share) cascade(from, to int, upto, done, given []kernels.Int128) error {
	w := &s.l.Workloads
	for i := from; i < to; i++ {
		row := s.line.row(i)
		c := w.Collective[row]
		k := s.member[c]
		if k < 0 || s.rates[k].whole == (kernels.Int128{}) {
			continue
		}
		upto[k] = upto[k].AddInt64(w.Minutes[row])
		next, ok := kernels.MulDivFloor(s.rates[k].value, upto[k], s.rates[k].whole)
		coupon := next.Sub(done[k])
		if !ok || !coupon.IsInt64() || coupon.Int64() == math.MinInt64 {
			return s.tooLarge(row)
		}
		done[k] = next
		given[c] = given[c].Add(coupon)
		s.out[s.place.of(row)] = coupon.Int64()
	}
	return nil
}

// floors rounds each coupon down by itself.
func (s *share) floors(from, to int, given []kernels.Int128) error {
	w := &s.l.Workloads
	for i := from; i < to; i++ {
		row := s.line.row(i)
		c := w.Collective[row]
		k := s.member[c]
		if k < 0 {
			continue
		}
		coupon, ok := s.rates[k].of(kernels.I128(w.Minutes[row]))
		if !ok || !coupon.IsInt64() || coupon.Int64() == math.MinInt64 {
			return s.tooLarge(row)
		}
		given[c] = given[c].Add(coupon)
		s.out[s.place.of(row)] = coupon.Int64()
	}
	return nil
}

func (s *share) tooLarge(row int) error {
	return fmt.Errorf("workloads %s: its coupon does not fit 64 bits of µmin", idText(s.l.IDs[ledger.TWorkloads], int32(row)))
}

// sumOf adds lists of n sums element by element.
func sumOf(lists [][]kernels.Int128, n int) []kernels.Int128 {
	total := make([]kernels.Int128, n)
	for _, list := range lists {
		for i := range list {
			total[i] = total[i].Add(list[i])
		}
	}
	return total
}
