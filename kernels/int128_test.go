package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// awkward draws integers weighted to the edges of 64 and 128 bits.
func awkward(r *rand.Rand) Int128 {
	edges := []Int128{{}, {0, 1}, {-1, math.MaxUint64}, {0, math.MaxUint64}, {0, 1 << 63}, {math.MaxInt64, math.MaxUint64}, {math.MinInt64, 1}, {1, 0}}
	if r.IntN(3) == 0 {
		return edges[r.IntN(len(edges))]
	}
	v := Int128{int64(r.Uint64()), r.Uint64()}
	switch r.IntN(4) {
	case 0:
		return I128(int64(v.Lo))
	case 1:
		return Int128{0, v.Lo}
	case 2:
		return Int128{v.Hi >> 30, v.Lo}
	}
	return v
}

func wrap(v *big.Int) Int128 {
	m := new(big.Int).And(v, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), big.NewInt(1)))
	return Int128{int64(new(big.Int).Rsh(m, 64).Uint64()), new(big.Int).And(m, new(big.Int).SetUint64(math.MaxUint64)).Uint64()}
}

func TestInt128AgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		a, b, d := awkward(r), awkward(r), awkward(r)
		if got, want := a.Add(b), wrap(new(big.Int).Add(a.Big(), b.Big())); got != want {
			t.Fatalf("%v + %v = %v, want %v", a, b, got, want)
		}
		if got, want := a.Sub(b), wrap(new(big.Int).Sub(a.Big(), b.Big())); got != want {
			t.Fatalf("%v - %v = %v, want %v", a, b, got, want)
		}
		if got, want := a.Cmp(b), a.Big().Cmp(b.Big()); got != want {
			t.Fatalf("cmp %v %v = %d, want %d", a, b, got, want)
		}
		if got, want := a.Sign(), a.Big().Sign(); got != want {
			t.Fatalf("sign %v = %d", a, got)
		}
		if got, want := a.IsInt64(), a.Big().IsInt64(); got != want {
			t.Fatalf("IsInt64 %v = %v", a, got)
		}
		x, y := int64(a.Lo), int64(b.Lo)
		if got, want := MulInt64(x, y).Big(), new(big.Int).Mul(big.NewInt(x), big.NewInt(y)); got.Cmp(want) != 0 {
			t.Fatalf("%d * %d = %v, want %v", x, y, got, want)
		}
		checkMulDiv(t, a, b, d)
	}
}

func checkMulDiv(t *testing.T, v, q, d Int128) {
	t.Helper()
	if d.Sign() <= 0 {
		return
	}
	p := new(big.Int).Mul(v.Big(), q.Big())
	want := new(big.Int).Div(p, d.Big()) // Euclidean: equals floor for a positive divisor
	got, ok := MulDivFloor(v, q, d)
	fits := new(big.Int).Rsh(want, 64).IsInt64()
	if ok != fits || ok && got.Big().Cmp(want) != 0 {
		t.Fatalf("⌊%v·%v/%v⌋ = %v %v, want %v", v, q, d, got, ok, want)
	}
}
