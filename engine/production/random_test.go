package production

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// randomLedger draws a small ledger in which times meet often, amounts run out, and transfers and productions go round.
func randomLedger(r *rand.Rand) *builder {
	b := newBuilder(2)
	time := func() int64 { return r.Int64N(4) }
	owner := func() int32 { return r.Int32N(3) }
	size := func() int64 {
		if r.IntN(4) == 0 {
			return 1 + r.Int64N(1<<62)
		}
		return 1 + r.Int64N(20)
	}
	maybe := func(v int64, odds int) int64 {
		if r.IntN(odds) == 0 {
			return null
		}
		return v
	}
	for range 1 + r.IntN(6) {
		b.production(owner(), uint8(r.IntN(2)))
	}
	production := func() int32 { return r.Int32N(int32(b.Productions.N)) }
	for range r.IntN(3) {
		b.collectivize(time(), owner(), r.Int32N(2), size())
	}
	for range 1 + r.IntN(10) {
		b.output(time(), production(), r.Int32N(2), size(), maybe(size()-1, 1+r.IntN(4)))
	}
	resource := func() int32 { return r.Int32N(int32(b.Resources.N)) }
	for range r.IntN(8) {
		b.transfer(time(), resource(), owner(), size())
	}
	for t := range b.Transfers.N {
		if r.IntN(3) == 0 {
			b.Transfers.Resource[t] = resource()
		}
	}
	for range r.IntN(14) {
		b.consume(time(), production(), resource(), size())
	}
	for range r.IntN(8) {
		b.work(time(), production(), size())
	}
	for range r.IntN(3) {
		b.dispatch(time(), owner(), resource(), size())
	}
	for range r.IntN(3) {
		b.mop(time(), owner(), uint8(r.IntN(2)), resource()*r.Int32N(2), maybe(size(), 3))
	}
	for range r.IntN(4) {
		b.writeOff(time(), owner(), resource()-r.Int32N(2), r.Int32N(int32(b.MoPs.N+2))/2-1, maybe(size(), 3))
	}
	for range r.IntN(3) * min(b.MoPs.N, 1) {
		b.allocate(time(), production(), r.Int32N(int32(b.MoPs.N)), uint8(r.IntN(2)), kernels.MulInt64(size(), size()%(1<<31)))
	}
	return b
}

func TestAgainstTheModelInBigIntegers(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for seed := range uint64(rounds) {
		b := randomLedger(rand.New(rand.NewPCG(seed, 3)))
		res, _ := compute(t, b)
		theta := make([]*big.Int, len(b.theta))
		for i := range theta {
			theta[i] = b.theta[i].Big()
		}
		s := newSlow(&b.Ledger, theta)
		if !agrees(t, s, res) || !conserves(t, s, res) || !reports(t, b, s, res) {
			t.Fatalf("seed %d", seed)
		}
	}
}

func same(t *testing.T, what string, at int, got kernels.Int128, want *big.Int) bool {
	t.Helper()
	if want == nil && got.IsNull() || want != nil && !got.IsNull() && got.Big().Cmp(want) == 0 {
		return true
	}
	t.Errorf("%s %d: %v, want %v", what, at, got, want)
	return false
}

func agrees(t *testing.T, s *slow, res *Result) bool {
	ok := true
	for r := range s.l.Resources.N {
		ok = same(t, "value of resource", r, res.Value[r], s.value(int32(r))) && ok
		if res.Moved[r] != s.amount[int32(r)] || res.RemainingAmount[r] != s.left[int32(r)] {
			t.Errorf("amounts of resource %d: %d, %d left, want %d, %d", r, res.Moved[r], res.RemainingAmount[r], s.amount[int32(r)], s.left[int32(r)])
			ok = false
		}
	}
	for p := range s.l.Productions.N {
		ok = same(t, "V of production", p, res.Total[p], s.total(int32(p))) && ok
	}
	drawn := func(d draw) *big.Int {
		if _, r, _ := s.of(d); r >= 0 {
			if v := s.share(d); v != nil {
				return v
			}
		}
		return new(big.Int)
	}
	for w := range s.l.WriteOffs.N {
		ok = same(t, "share of write-off", w, res.WriteOffShare[w], drawn(draw{rankWriteOff, int32(w)})) && ok
	}
	for m := range s.l.MoPs.N {
		ok = same(t, "value drawn by MoP", m, res.MoPDrawn[m], drawn(draw{rankMoP, int32(m)})) && ok
	}
	return ok
}

// conserves checks that a resource's value is what is left and what was drawn, and V(p) what its outputs are worth.
func conserves(t *testing.T, s *slow, res *Result) bool {
	ok := true
	for r := range s.l.Resources.N {
		if res.Value[r].IsNull() {
			ok = same(t, "remaining value of resource", r, res.RemainingValue[r], nil) && ok
			continue
		}
		sum := res.RemainingValue[r].Big()
		for _, d := range s.draws() {
			if _, from, _ := s.of(d); from == int32(r) {
				sum.Add(sum, s.share(d))
			}
		}
		ok = same(t, "left and drawn of resource", r, res.Value[r], sum) && ok
	}
	for p := range s.l.Productions.N {
		sum := res.Unassigned[p].Big()
		for o, q := range s.l.Outputs.Production {
			if v := res.Value[s.l.Outputs.Resource[o]]; q == int32(p) && !v.IsNull() {
				sum.Add(sum, v.Big())
			}
		}
		ok = same(t, "outputs of production", p, res.Total[p], sum) && ok
		parts := res.Workloads[p].Big()
		parts.Add(parts, res.Consumed[p].Big()).Add(parts, res.Transferred[p].Big())
		ok = same(t, "parts of production", p, res.Total[p], parts) && ok
	}
	return ok
}

// reports checks the rules that depend on amounts, cycles and values.
func reports(t *testing.T, b *builder, s *slow, res *Result) bool {
	_, found, _ := Compute(t.Context(), &b.Ledger, res.End, b.theta, 1)
	got := map[string]map[draw]bool{"time-order": {}, "overdraw": {}, "production-cycle": {}, "output-value": {}}
	for _, v := range found {
		if set := got[v.Rule]; set != nil {
			rank := 0
			for i, table := range rankTable {
				if table == v.Table {
					rank = i
				}
			}
			set[draw{rank, v.Row}] = true
		}
	}
	want := map[string]map[draw]bool{"time-order": s.broken, "overdraw": s.over, "production-cycle": {}, "output-value": {}}
	for p := range int32(s.l.Productions.N) {
		if s.cyclic[p] {
			want["production-cycle"][draw{0, p}] = true
		}
		outputs, weights := s.weights(p)
		declared, all := new(big.Int), len(outputs) > 0
		for _, o := range outputs {
			all = all && s.l.Outputs.Value[o] != ledger.NullInt
			declared.Add(declared, big.NewInt(s.l.Outputs.Value[o]))
		}
		for _, o := range outputs {
			if weights == nil || all && declared.Cmp(s.total(p)) != 0 {
				want["output-value"][draw{0, o}] = true
			}
		}
		if all {
			same(t, "difference of production", int(p), res.Difference[p], declared.Sub(declared, s.total(p)))
		} else if !res.Difference[p].IsNull() {
			t.Errorf("difference of production %d: %v", p, res.Difference[p])
		}
	}
	for rule := range want {
		for _, sets := range [][2]map[draw]bool{{want[rule], got[rule]}, {got[rule], want[rule]}} {
			for d, yes := range sets[0] {
				if yes && !sets[1][d] {
					t.Errorf("%s at %s %d: found %v, want %v", rule, ledger.Schema[rankTable[d.rank]].Name, d.row, got[rule][d], want[rule][d])
				}
			}
		}
	}
	return !t.Failed()
}

func TestUpToInBigIntegers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		v := kernels.Int128{Hi: r.Int64() >> r.IntN(64), Lo: r.Uint64()}
		total := 1 + r.Int64()>>r.IntN(63)
		q := r.Int64N(total) + r.Int64N(2)
		want := v.Big()
		want.Mul(want, big.NewInt(q)).Div(want, big.NewInt(total))
		if got := upTo(v, q, total); got.Big().Cmp(want) != 0 {
			t.Fatalf("⌊%v·%d/%d⌋ = %v, want %v", v, q, total, got, want)
		}
	}
}
