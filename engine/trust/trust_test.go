package trust

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

const open = ledger.NullInt

type edge struct {
	a, b         int32
	since, until int64
}

func ledgerOf(collectives int, edges ...edge) *ledger.Ledger {
	l := &ledger.Ledger{}
	l.Collectives.N = collectives
	l.IDs[ledger.TCollectives] = ledger.IntIDs(100, collectives)
	for _, e := range edges {
		x := &l.Trust
		x.A, x.B, x.Since, x.Until = append(x.A, e.a), append(x.B, e.b), append(x.Since, e.since), append(x.Until, e.until)
		x.N++
	}
	return l
}

func TestComponentsByHand(t *testing.T) {
	l := ledgerOf(6, edge{4, 2, 10, open}, edge{2, 1, 10, 20}, edge{5, 5, 0, open}, edge{3, 4, 15, 16})
	for _, c := range []struct {
		time int64
		want []int32
	}{
		{9, []int32{0, 1, 2, 3, 4, 5}},
		{10, []int32{0, 1, 1, 3, 1, 5}},
		{15, []int32{0, 1, 1, 1, 1, 5}},
		{16, []int32{0, 1, 1, 3, 1, 5}},
		{20, []int32{0, 1, 2, 3, 2, 5}}, // until is the first moment without
	} {
		if got := Components(l, c.time); !slices.Equal(got, c.want) {
			t.Errorf("components at %d: %v, want %v", c.time, got, c.want)
		}
	}
}

func TestComponentsAgainstSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		n := 1 + r.IntN(60)
		l := randomTrust(r, n, r.IntN(2*n))
		time := r.Int64N(12)
		got := Components(l, time)
		for c := range n {
			if want := smallestWithin(l, int32(c), time); got[c] != want {
				t.Fatalf("component of %d is %d, want %d", c, got[c], want)
			}
		}
	}
}

func randomTrust(r *rand.Rand, n, edges int) *ledger.Ledger {
	var list []edge
	for range edges {
		e := edge{int32(r.IntN(n)), int32(r.IntN(n)), r.Int64N(10), open}
		if r.IntN(2) == 0 {
			e.until = r.Int64N(12)
		}
		list = append(list, e)
	}
	return ledgerOf(n, list...)
}

func smallestWithin(l *ledger.Ledger, c int32, time int64) int32 {
	seen := map[int32]bool{c: true}
	for grown := true; grown; {
		grown = false
		for i := range l.Trust.N {
			a, b := l.Trust.A[i], l.Trust.B[i]
			if alive(l.Trust.Since[i], l.Trust.Until[i], time) && seen[a] != seen[b] {
				seen[a], seen[b], grown = true, true, true
			}
		}
	}
	for u := range seen {
		c = min(c, u)
	}
	return c
}

// A long chain in the worst order neither recurses nor takes quadratic time.
func TestComponentsOfALongChain(t *testing.T) {
	const n = 1 << 20
	l := ledgerOf(n)
	for i := int32(n - 1); i > 0; i-- {
		x := &l.Trust
		x.A, x.B, x.Since, x.Until = append(x.A, i), append(x.B, i-1), append(x.Since, 0), append(x.Until, open)
		x.N++
	}
	for c, s := range Components(l, 5) {
		if s != 0 {
			t.Fatalf("collective %d is in %d", c, s)
		}
	}
}

func TestCheckAgainstAllEdges(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 300 {
		l := randomTrust(r, 1+r.IntN(5), r.IntN(40))
		draw := func() (int64, int32, int32) {
			return r.Int64N(14) - 1, int32(r.IntN(l.Collectives.N)), int32(r.IntN(l.Collectives.N))
		}
		var want []ledger.Violation
		expect := func(table ledger.TableID, row int, time int64, from, to int32) {
			trusts := from == to
			for i := range l.Trust.N {
				e := &l.Trust
				pair := e.A[i] == from && e.B[i] == to || e.A[i] == to && e.B[i] == from
				trusts = trusts || pair && alive(e.Since[i], e.Until[i], time)
			}
			if !trusts {
				want = append(want, ledger.Violation{Rule: "no-strong-trust", Table: table, Row: int32(row)})
			}
		}
		for i := range r.IntN(20) {
			x := &l.MoPTransfers
			time, from, to := draw()
			x.Time, x.From, x.To, x.N = append(x.Time, time), append(x.From, from), append(x.To, to), i+1
			expect(ledger.TMoPTransfers, i, time, from, to)
		}
		for i := range r.IntN(20) {
			x := &l.Transfers
			time, from, to := draw()
			x.Time, x.From, x.To, x.N = append(x.Time, time), append(x.From, from), append(x.To, to), i+1
			expect(ledger.TTransfers, i, time, from, to)
		}
		for i := range r.IntN(20) {
			x := &l.Orders
			time, from, to := draw()
			x.Time, x.From, x.To, x.N = append(x.Time, time), append(x.From, from), append(x.To, to), i+1
			expect(ledger.TOrders, i, time, from, to)
		}
		if got := Check(l); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestTrustAtTheEdgesOfTime(t *testing.T) {
	l := ledgerOf(3, edge{0, 1, -math.MaxInt64, open}, edge{1, 2, math.MaxInt64, open})
	s := newStrong(l)
	if !s.trusts(1, 0, math.MaxInt64) || !s.trusts(0, 1, -math.MaxInt64) || !s.trusts(2, 1, math.MaxInt64) || s.trusts(1, 2, math.MaxInt64-1) || s.trusts(0, 2, 0) {
		t.Error("trust at the first and last moments")
	}
}

func values(v ...int64) []kernels.Int128 {
	out := make([]kernels.Int128, len(v))
	for i := range v {
		out[i] = kernels.I128(v[i])
	}
	return out
}

func show(s *Settlement) (out []string) {
	for i := range s.Part {
		out = append(out, fmt.Sprint(s.Before[i], " ", s.Part[i], ": ", s.Unspent[i], " ", s.Stock[i], " ", s.Balance[i], " ", s.Target[i], " ", s.Move[i]))
	}
	return out
}

func TestSettleByHand(t *testing.T) {
	l := ledgerOf(9)
	before := []int32{0, 0, 0, 0, 4, 4, 6, 6, 8}
	after := []int32{0, 1, 0, 1, 1, 5, 6, 6, 6} // 4 joins 1 and 3, 8 joins 6 and 7
	unspent := values(10, 20, 30, 40, 5, 6, 7, 8, 9)
	stock := values(1, 2, 0, 4, 0, 0, 1, 1, 1)
	s, err := Settle(l, before, after, unspent, stock)
	if err != nil {
		t.Fatal(err)
	}
	// Of 0: parts {0,2} and {1,3}, balances 39 and 54; 93 shared 1:6 is 13 (of 13.28…) and 80. Of 4: 11 in equal parts is 5 and 6.
	want := []string{"0 0: 40 1 39 13 26", "0 1: 60 6 54 80 -26", "4 4: 5 0 5 5 0", "4 5: 6 0 6 6 0"}
	if got := show(s); !slices.Equal(got, want) {
		t.Errorf("\n%q, want\n%q", got, want)
	}
}

func TestSettleConserves(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 300 {
		n := 1 + r.IntN(30)
		l := randomTrust(r, n, r.IntN(n+5))
		before, after := Components(l, 3), Components(l, 8)
		unspent, stock := make([]kernels.Int128, n), make([]kernels.Int128, n)
		for i := range n {
			unspent[i] = kernels.MulInt64(r.Int64()-1<<62, r.Int64N(4))
			stock[i] = kernels.MulInt64(r.Int64(), r.Int64N(3))
		}
		s, err := Settle(l, before, after, unspent, stock)
		if err != nil {
			t.Fatal(err)
		}
		moved := map[int32]*big.Int{}
		parts := map[int32]int{}
		for i, b := range s.Before {
			if moved[b] == nil {
				moved[b] = new(big.Int)
			}
			moved[b].Add(moved[b], s.Move[i].Big())
			parts[b]++
			if s.Target[i].Add(s.Move[i]) != s.Balance[i] || s.Balance[i] != s.Unspent[i].Sub(s.Stock[i]) {
				t.Fatalf("row %d does not add up: %v", i, show(s)[i])
			}
		}
		for b, sum := range moved {
			if sum.Sign() != 0 || parts[b] < 2 {
				t.Fatalf("moves of %d sum to %v over %d parts", b, sum, parts[b])
			}
		}
	}
}

func TestSettleRefusesWhatDoesNotFit(t *testing.T) {
	huge := kernels.Int128{Hi: math.MaxInt64, Lo: math.MaxUint64}
	_, err := Settle(ledgerOf(3), []int32{0, 0, 0}, []int32{0, 1, 1}, []kernels.Int128{{}, huge, huge}, make([]kernels.Int128, 3))
	if err == nil || err.Error() != "settlements: part 101: column balance: the sum does not fit 128 bits" {
		t.Errorf("%v", err)
	}
}
