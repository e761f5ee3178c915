package arrow

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

func bigOf(a Int128) *big.Int {
	v := new(big.Int).Lsh(big.NewInt(a.Hi), 64)
	return v.Add(v, new(big.Int).SetUint64(a.Lo))
}

// awkward128 draws integers weighted to powers of ten and two and their neighbours.
func awkward128(r *rand.Rand) Int128 {
	v := new(big.Int)
	switch r.IntN(4) {
	case 0:
		v.Exp(big.NewInt(10), big.NewInt(int64(r.IntN(39))), nil)
	case 1:
		v.Lsh(big.NewInt(1), uint(r.IntN(127)))
	case 2:
		v.SetUint64(r.Uint64N(1 << r.IntN(63)))
	default:
		v.Lsh(new(big.Int).SetUint64(r.Uint64()), uint(r.IntN(63)))
	}
	v.Add(v, big.NewInt(int64(r.IntN(3)-1)))
	if r.IntN(2) == 0 {
		v.Neg(v)
	}
	lo := new(big.Int).And(v, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
	return Int128{new(big.Int).Rsh(v, 64).Int64(), lo}
}

func TestInt128Text(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := []Int128{{}, {Hi: math.MinInt64}, {Hi: math.MaxInt64, Lo: math.MaxUint64}, {Hi: -1, Lo: math.MaxUint64}, decimalLimit}
	for range 20000 {
		values = append(values, awkward128(r))
	}
	million := big.NewInt(1_000_000)
	for _, a := range values {
		want := bigOf(a).String()
		if got := a.String(); got != want {
			t.Fatalf("%+v prints %s, want %s", a, got, want)
		}
		abs := new(big.Int).Abs(bigOf(a))
		q, m := new(big.Int).QuoRem(abs, million, new(big.Int))
		text := q.String() + "." + strings.Repeat("0", 6-len(m.String())) + m.String()
		if a.Hi < 0 {
			text = "-" + text
		}
		if got := string(a.appendMillionths(nil)); got != text {
			t.Fatalf("%+v prints %s, want %s", a, got, text)
		}
		if a.Hi == math.MinInt64 && a.Lo == 0 {
			continue // −2¹²⁷ has no positive counterpart; no decimal(38) is that large
		}
		if back, ok := parseDecimal([]byte(text), 6); !ok || back != a {
			t.Fatalf("%s reads as %v %v, want %v", text, back, ok, a)
		}
		if back, ok := parseDecimal([]byte(want), 0); !ok || back != a {
			t.Fatalf("%s reads as %v %v", want, back, ok)
		}
		var b [16]byte
		a.putBigEndian(b[:])
		if back := bigEndian128(b[:]); back != a {
			t.Fatalf("%v reads back from bytes as %v", a, back)
		}
	}
}

func TestInt128Limit(t *testing.T) {
	limit, _ := new(big.Int).SetString("1"+strings.Repeat("0", 38), 10)
	if bigOf(decimalLimit).Cmp(limit) != 0 {
		t.Fatalf("decimalLimit is %v", decimalLimit)
	}
	for _, c := range []struct {
		text string
		fits bool
	}{
		{strings.Repeat("9", 38), true}, {"1" + strings.Repeat("0", 38), false},
		{"-" + strings.Repeat("9", 38), true}, {"-1" + strings.Repeat("0", 38), false}, {"0", true}, {"-1", true},
	} {
		a, ok := parseDecimal([]byte(c.text), 0)
		if !ok || a.fits38() != c.fits {
			t.Errorf("%s: parsed %v, fits38 %v, want %v", c.text, ok, a.fits38(), c.fits)
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, text := range []string{"", "-", ".", "1.", ".5", "-.5", "1.0000000", "1e3", "+1", " 1", "1 ", "1..2", "0x1", "--1",
		strings.Repeat("9", 40), "NaN", "1.2.3"} {
		if a, ok := parseDecimal([]byte(text), 6); ok {
			t.Errorf("%q was read as %v", text, a)
		}
	}
	if _, ok := parseDecimal([]byte("1.0"), 0); ok {
		t.Error("an integer column took a decimal point")
	}
}
