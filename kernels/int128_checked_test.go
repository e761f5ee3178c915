package kernels

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestCheckedAgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	fits := func(v *big.Int) bool { return new(big.Int).Rsh(v, 64).IsInt64() && v.Cmp(NullInt128.Big()) != 0 }
	for range 200_000 {
		a, b := awkward(r), awkward(r)
		want := new(big.Int).Add(a.Big(), b.Big())
		if got, ok := a.AddChecked(b); ok != fits(want) || ok && got.Big().Cmp(want) != 0 {
			t.Fatalf("%v + %v = %v %v, want %v", a, b, got, ok, want)
		}
		want.Sub(a.Big(), b.Big())
		if got, ok := a.SubChecked(b); ok != fits(want) || ok && got.Big().Cmp(want) != 0 {
			t.Fatalf("%v - %v = %v %v, want %v", a, b, got, ok, want)
		}
	}
}
