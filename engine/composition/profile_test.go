package composition

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// slowProfile is a profile by the book: value of each durability, in big integers.
type slowProfile map[int64]*big.Int

func mulDiv(v *big.Int, q, d int64) *big.Int {
	return new(big.Int).Div(new(big.Int).Mul(v, big.NewInt(q)), big.NewInt(d))
}

func (s slowProfile) total() *big.Int {
	sum := new(big.Int)
	for _, v := range s {
		sum.Add(sum, v)
	}
	return sum
}

func (s slowProfile) transferred(k int64) *big.Int {
	sum := new(big.Int)
	for d, v := range s {
		switch {
		case k > 0 && d == 0:
			sum.Add(sum, v)
		case d > 0:
			sum.Add(sum, mulDiv(v, min(k, d), d))
		}
	}
	return sum
}

func (s slowProfile) over(k int64) *big.Int {
	sum := new(big.Int)
	for d, v := range s {
		if 0 < d && d < k {
			sum.Add(sum, mulDiv(v, k-d, d))
		}
	}
	if all := s.total(); sum.Cmp(all) > 0 {
		return all
	}
	return sum
}

func same(t *testing.T, what string, k int64, got kernels.Int128, want *big.Int) {
	t.Helper()
	if got.Big().Cmp(want) != 0 {
		t.Fatalf("%s(%d) = %v, want %v", what, k, got, want)
	}
}

func TestProfileAgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	for i := range 2000 {
		slow := slowProfile{}
		for range 1 + r.IntN(40) {
			d := r.Int64N(1 << (1 + r.IntN(62)))
			v := big.NewInt(r.Int64N(1 << (1 + r.IntN(62))))
			if i%5 == 0 {
				v.Mul(v, big.NewInt(r.Int64N(1<<31)))
			}
			slow[d] = v
		}
		var durability []int64
		for d := range slow {
			durability = append(durability, d)
		}
		slices.Sort(durability)
		var value []kernels.Int128
		for _, d := range durability {
			v, _ := kernels.FromBig(slow[d])
			value = append(value, v)
		}
		p := NewProfile(durability, value)
		ages := []int64{-5, 0, 1, math.MaxInt64, r.Int64N(1 << (1 + r.IntN(62)))}
		for _, d := range durability[:min(3, len(durability))] {
			ages = append(ages, d-1, d, d+1)
		}
		for _, k := range ages {
			want := slow.transferred(max(k, 0))
			same(t, "T", k, p.Transferred(k), want)
			same(t, "remaining", k, p.Remaining(k), want.Sub(slow.total(), want))
			same(t, "over", k, p.Over(k), slow.over(k))
		}
	}
}

// The profiles of random products are those of their sets, whether values fit 63 bits together or not, and whether
// there are few durabilities or many.
func TestProfilesAgainstSets(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 8))
	for i := range 60 {
		p := layered(r, 60+r.IntN(600), 5, 3, 20)
		for e := range p.value {
			switch i % 3 {
			case 1:
				p.value[e] = math.MaxInt64 - r.Int64N(5)
			case 2:
				p.durability[e] = r.Int64N(1 << 40)
			}
		}
		if i%4 == 0 {
			p.durability[r.IntN(len(p.parts))] = ledger.NullInt
		}
		l := p.ledger()
		for e := 0; e < len(p.parts); e += 1 + r.IntN(3) {
			l.MoPs.Element = append(l.MoPs.Element, int32(e))
		}
		l.MoPs.N = len(l.MoPs.Element)
		v, _ := compute(t, l, 1)
		got, err := v.profiles(t.Context(), l, 1+i%3)
		if err != nil {
			t.Fatal(err)
		}
		for m, e := range l.MoPs.Element {
			checkProfile(t, p, v, e, got[m])
		}
	}
}

func checkProfile(t *testing.T, p *product, v *Values, e int32, got *Profile) {
	t.Helper()
	if v.Durability[e] == ledger.NullInt {
		if got != nil {
			t.Fatalf("element %d has a profile but no durability", e)
		}
		return
	}
	want := slowProfile{}
	set := below(p, int(e))
	set[e] = true
	for u := range set {
		if p.value[u] == 0 {
			continue
		}
		d := v.Durability[u]
		if want[d] == nil {
			want[d] = new(big.Int)
		}
		want[d].Add(want[d], big.NewInt(p.value[u]))
	}
	if len(got.Durability) != len(want) || got.Total() != v.Aggregate[e] || !slices.IsSorted(got.Durability) {
		t.Fatalf("element %d: %d classes of total %v, want %d of %v", e, len(got.Durability), got.Total(), len(want), v.Aggregate[e])
	}
	for i, d := range got.Durability {
		if want[d] == nil || got.Value[i].Big().Cmp(want[d]) != 0 {
			t.Fatalf("element %d: V_%d = %v, want %v", e, d, got.Value[i], want[d])
		}
	}
}
