package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// The definition in big integers, at all levels: durabilities and ages at the edges of 32 bits, values up to all that fits
// 63 bits together.
func TestDepreciationInBigIntegers(t *testing.T) {
	before, _ := LevelInUse()
	defer SetLevel(before)
	r := rand.New(rand.NewPCG(1, 12))
	for round := range 2000 {
		durability := []int64{0, 1, 2, math.MaxUint32 - 1, math.MaxUint32}
		for range r.IntN(40) {
			durability = append(durability, r.Int64N(1<<(1+r.IntN(32))))
		}
		slices.Sort(durability)
		durability = slices.Compact(durability)
		value := make([]Int128, len(durability))
		left := int64(math.MaxInt64)
		for c := range value {
			v := r.Int64N(left>>(1+r.IntN(20)) + 1)
			if round%3 == 0 {
				v = left / 2
			}
			value[c], left = I128(v), left-v
		}
		ages := []int64{math.MinInt64, -1, 0, 1, math.MaxUint32, math.MaxUint32 + 1, math.MaxInt64}
		for range r.IntN(30) {
			ages = append(ages, durability[r.IntN(len(durability))]+r.Int64N(3)-1, r.Int64N(1<<33))
		}
		got := make([]Int128, len(ages))
		for l := Scalar; l <= MachineLevel(); l++ {
			SetLevel(l)
			NewDepreciation(durability, value).Each(got, ages)
			for i, k := range ages {
				if want := bigDepreciation(durability, value, k); got[i].Big().Cmp(want) != 0 {
					t.Fatalf("level %s, durabilities %v, values %v, age %d: %v, want %v", l, durability, value, k, got[i], want)
				}
			}
		}
	}
}

func bigDepreciation(durability []int64, value []Int128, k int64) *big.Int {
	sum := new(big.Int)
	for c, d := range durability {
		switch {
		case k <= 0:
		case k >= d:
			sum.Add(sum, value[c].Big())
		default:
			x := new(big.Int).Mul(value[c].Big(), big.NewInt(k))
			sum.Add(sum, x.Quo(x, big.NewInt(d)))
		}
	}
	return sum
}
