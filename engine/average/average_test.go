package average

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// stock is a ledger of resources with what is left of each.
type stock struct {
	*ledger.Ledger
	subsystem []int32
	amount    []int64
	value     []kernels.Int128
}

func newStock(types int, c2i ...uint8) *stock {
	l := &ledger.Ledger{}
	l.Collectives = ledger.Collectives{N: len(c2i), C2I: c2i}
	l.ProductTypes.N = types
	l.IDs[ledger.TCollectives] = ledger.IntIDs(10, len(c2i))
	l.IDs[ledger.TProductTypes] = ledger.IntIDs(500, types)
	return &stock{Ledger: l, subsystem: make([]int32, len(c2i))}
}

func (s *stock) add(collective, typ int32, amount int64, value kernels.Int128) {
	r := &s.Resources
	r.Collective, r.Type, r.N = append(r.Collective, collective), append(r.Type, typ), r.N+1
	s.amount, s.value = append(s.amount, amount), append(s.value, value)
}

func (s *stock) compute(t testing.TB, threads int) *Averages {
	t.Helper()
	a, err := Compute(t.Context(), s.Ledger, s.subsystem, s.amount, s.value, threads)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *Averages) lines() (out []string) {
	for i := range a.Subsystem {
		out = append(out, fmt.Sprint(a.Subsystem[i], " ", a.ProductType[i], ": ", a.Value[i], "/", a.Amount[i], " = ", a.Average[i]))
	}
	return out
}

func TestAverageByHand(t *testing.T) {
	s := newStock(3, 1, 0, 1, 1)
	s.subsystem = []int32{0, 0, 0, 3}
	s.add(0, 2, 3_000_000, kernels.I128(10_000_000))
	s.add(2, 2, 4_000_000, kernels.I128(10_000_000)) // same subsystem: 20 min over 7 units
	s.add(1, 2, 1_000_000, kernels.I128(99_000_000)) // a producer's
	s.add(0, 2, 1_000_000, kernels.NullInt128)       // unvalued
	s.add(3, 2, 2_000_000, kernels.I128(1))          // another subsystem: half a µmin per unit goes to the even side
	s.add(3, 0, 2_000_000, kernels.I128(3))          // one and a half goes to two
	s.add(3, 1, 0, kernels.Int128{})                 // nothing left
	s.add(3, -1, 5, kernels.I128(5))                 // a ring of transfers has no type
	want := []string{"0 2: 20000000/7000000 = 2857143", "3 0: 3/2000000 = 2", "3 2: 1/2000000 = 0"}
	if got := s.compute(t, 1).lines(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTag(t *testing.T) {
	for _, c := range []struct{ q, value, amount, want int64 }{
		{3, 10, 3, 10}, {1, 10, 3, 4}, {0, 10, 3, 0}, {2, 0, 3, 0}, {1, -10, 3, -3}, {1_500_000, 20_000_000, 7_000_000, 4_285_715},
	} {
		if got, err := Tag(c.q, kernels.I128(c.value), kernels.I128(c.amount)); err != nil || got != kernels.I128(c.want) {
			t.Errorf("⌈%d·%d/%d⌉ = %v %v, want %d", c.q, c.value, c.amount, got, err, c.want)
		}
	}
	if _, err := Tag(1, kernels.I128(1), kernels.Int128{}); err == nil {
		t.Error("a tag over an amount of 0")
	}
	if _, err := Tag(math.MaxInt64, kernels.Int128{Hi: math.MaxInt64}, kernels.I128(1)); err == nil {
		t.Error("a tag beyond 128 bits")
	}
}

func TestRatioAgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		v := kernels.MulInt64(r.Int64()>>r.IntN(63), r.Int64N(1<<(1+r.IntN(62))))
		a := kernels.I128(1 + r.Int64N(1<<(1+r.IntN(62))))
		if r.IntN(4) == 0 {
			a = kernels.I128(2 * (1 + r.Int64N(1000)))
		}
		if r.IntN(2) == 0 {
			v = v.Neg()
		}
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(v.Big(), big.NewInt(1e6)), a.Big())
		got, ok := Ratio(v, a)
		if !ok {
			if f, _ := exact.Float64(); math.Abs(f) < 1.6e38 {
				t.Fatalf("%v/%v does not fit?", v, a)
			}
			continue
		}
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt(got.Big()))
		switch off.Abs(off).Cmp(big.NewRat(1, 2)) {
		case 1:
			t.Fatalf("%v/%v = %v is off by %v", v, a, got, off)
		case 0:
			if got.Lo&1 != 0 {
				t.Fatalf("%v/%v = %v is odd at a tie", v, a, got)
			}
		}
	}
}

func TestAveragesAgainstMaps(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for i := range 60 {
		types := 1 + r.IntN(50)
		c2i := make([]uint8, 1+r.IntN(20))
		if i%10 == 0 {
			types, c2i = 100_000, make([]uint8, 200) // more keys than the plain array takes
		}
		for c := range c2i {
			c2i[c] = uint8(r.IntN(2))
		}
		s := newStock(types, c2i...)
		for c := range s.subsystem {
			s.subsystem[c] = int32(c / 3 * 3)
		}
		for range r.IntN(200_000) / (1 + i%7*100) {
			value := kernels.MulInt64(r.Int64N(1000), r.Int64())
			switch r.IntN(9) {
			case 0:
				value = kernels.NullInt128
			case 1, 2, 3, 4, 5:
				value = kernels.I128(value.Int64() >> r.IntN(63))
			}
			s.add(int32(r.IntN(len(c2i))), int32(r.IntN(types+1)-1), r.Int64N(5)*r.Int64N(1e9), value)
		}
		want := slowAverages(s)
		for _, threads := range []int{1, 2, 3, 7} {
			if got := s.compute(t, threads); !reflect.DeepEqual(got, want) {
				t.Fatalf("case %d, %d threads: %d rows, want %d", i, threads, len(got.Value), len(want.Value))
			}
		}
	}
}

func slowAverages(s *stock) *Averages {
	value, amount := map[[2]int32]*big.Int{}, map[[2]int32]*big.Int{}
	for i := range s.Resources.N {
		c, typ := s.Resources.Collective[i], s.Resources.Type[i]
		if s.Collectives.C2I[c] == 0 || typ < 0 || s.value[i].IsNull() {
			continue
		}
		key := [2]int32{s.subsystem[c], typ}
		if value[key] == nil {
			value[key], amount[key] = new(big.Int), new(big.Int)
		}
		value[key].Add(value[key], s.value[i].Big())
		amount[key].Add(amount[key], big.NewInt(s.amount[i]))
	}
	var keys [][2]int32
	for k := range value {
		if amount[k].Sign() > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	a := &Averages{}
	for _, k := range keys {
		v, _ := kernels.FromBig(value[k])
		q, _ := kernels.FromBig(amount[k])
		avg, _ := Ratio(v, q)
		a.Subsystem, a.ProductType = append(a.Subsystem, k[0]), append(a.ProductType, k[1])
		a.Value, a.Amount, a.Average = append(a.Value, v), append(a.Amount, q), append(a.Average, avg)
	}
	return a
}

func TestAverageBeyond128Bits(t *testing.T) {
	s := newStock(1, 1)
	s.add(0, 0, 1, kernels.Int128{Hi: math.MaxInt64 / 1000})
	_, err := Compute(t.Context(), s.Ledger, s.subsystem, s.amount, s.value, 1)
	if err == nil || err.Error() != "averages: subsystem 10, product type 500: column average does not fit 128 bits" {
		t.Errorf("%v", err)
	}
	s.add(0, 0, 1, kernels.Int128{Hi: math.MaxInt64})
	_, err = Compute(t.Context(), s.Ledger, s.subsystem, s.amount, s.value, 1)
	if err == nil || err.Error() != "averages: resource 1: column total_value: the sum does not fit 128 bits" {
		t.Errorf("%v", err)
	}
}
