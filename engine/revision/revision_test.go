package revision

import (
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

const open = ledger.NullInt

// books is a ledger over ]10, 20] with what other computations would have found.
type books struct {
	*ledger.Ledger
	in Input
}

func newBooks(subsystem ...int32) *books {
	l := &ledger.Ledger{After: 10, Until: 20}
	l.Collectives.N = len(subsystem)
	l.IDs[ledger.TCollectives] = ledger.IntIDs(100, len(subsystem))
	return &books{l, Input{Subsystem: subsystem}}
}

func (b *books) work(time int64, collective int32, minutes int64, common uint8) {
	w := &b.Workloads
	w.Time, w.Collective, w.Minutes, w.Common = append(w.Time, time), append(w.Collective, collective), append(w.Minutes, minutes), append(w.Common, common)
	w.N++
}

func (b *books) mop(common uint8) int32 {
	b.MoPs.Common = append(b.MoPs.Common, common)
	b.MoPs.N++
	return int32(b.MoPs.N - 1)
}

func (b *books) resource(common uint8) int32 {
	b.Resources.Common = append(b.Resources.Common, common)
	b.Resources.N++
	return int32(b.Resources.N - 1)
}

func (b *books) allocate(collective, mop int32, common, repurposed uint8, theta int64) {
	b.Productions.Collective = append(b.Productions.Collective, collective)
	b.Productions.N++
	a := &b.MoPAllocations
	a.Production, a.MoP = append(a.Production, int32(b.Productions.N-1)), append(a.MoP, mop)
	a.Common, a.Repurposed = append(a.Common, common), append(a.Repurposed, repurposed)
	a.N++
	b.in.ThetaPeriod = append(b.in.ThetaPeriod, kernels.I128(theta))
}

// writeOff adds a write-off; of a resource, share is what it drew; of a MoP it is the first, worth remaining, over.
func (b *books) writeOff(time int64, collective, resource, mop int32, declared int64, share, remaining, over int64) {
	x := &b.WriteOffs
	x.Time, x.Collective, x.Resource, x.MoP = append(x.Time, time), append(x.Collective, collective), append(x.Resource, resource), append(x.MoP, mop)
	x.Value, x.Amount = append(x.Value, declared), append(x.Amount, open)
	x.N++
	b.in.DrawnShare = append(b.in.DrawnShare, kernels.I128(share))
	b.in.RemainingAt, b.in.OverAt = append(b.in.RemainingAt, kernels.I128(remaining)), append(b.in.OverAt, kernels.I128(over))
	b.in.FirstOfMoP = append(b.in.FirstOfMoP, mop >= 0 && resource < 0)
}

func (b *books) compute(t testing.TB, threads int) (*Result, []ledger.Violation) {
	t.Helper()
	r, bad, err := Compute(t.Context(), b.Ledger, b.in, threads)
	if err != nil {
		t.Fatal(err)
	}
	return r, bad
}

func (r *Result) lines() (out []string) {
	for i, s := range r.Subsystem {
		rate := "null"
		if !r.TaxNum[i].IsNull() {
			rate = fmt.Sprint(r.TaxNum[i], "/", r.TaxDen[i])
		}
		out = append(out, fmt.Sprint(s, ": a ", r.A[i], " c ", r.C[i], " w ", r.W[i], " in ", r.DebtIn[i], " out ", r.DebtOut[i], " n ", r.Numerator[i], " rate ", rate))
	}
	return out
}

func (b *books) want(t *testing.T, lines ...string) {
	t.Helper()
	r, _ := b.compute(t, 1)
	if got := r.lines(); !slices.Equal(got, lines) {
		t.Errorf("\n%q, want\n%q", got, lines)
	}
}

func TestSums(t *testing.T) {
	b := newBooks(0, 0, 2)
	b.work(10, 0, 1, 1) // not after k1
	b.work(11, 0, 60, 0)
	b.work(20, 1, 40, 1)
	b.work(21, 1, 7, 1) // after k2
	exclusive, common := b.mop(0), b.mop(1)
	b.allocate(1, exclusive, 1, 1, 5)
	b.allocate(1, exclusive, 1, 0, 100) // not repurposed
	b.allocate(1, exclusive, 0, 1, 100) // not common
	b.allocate(1, common, 1, 1, 100)
	b.allocate(2, exclusive, 1, 1, 3)
	private, shared := b.resource(0), b.resource(1)
	b.writeOff(15, 0, private, -1, open, 9, 0, 0)
	b.writeOff(15, 0, shared, -1, open, 50, 0, 0)
	b.writeOff(10, 0, private, -1, open, 50, 0, 0)
	b.writeOff(20, 2, -1, exclusive, open, 0, 4, 0)
	b.writeOff(20, 2, -1, common, open, 0, 50, 0)
	b.want(t, "0: a 100 c 45 w 9 in 0 out 0 n 54 rate 27/50", "2: a 0 c 3 w 4 in 0 out 7 n 0 rate null")
	r, bad := b.compute(t, 1)
	if len(bad) > 0 || len(r.Notices) > 0 {
		t.Errorf("%v %v", bad, r.Notices)
	}
	want := []int64{9, 50, 50, 4, 50} // whatever the time and label
	for i, w := range want {
		if r.WriteOffValue[i] != kernels.I128(w) {
			t.Errorf("write-off %d counts %v, want %d", i, r.WriteOffValue[i], w)
		}
	}
}

func TestWriteOffs(t *testing.T) {
	b := newBooks(0)
	b.work(15, 0, 1000, 0)
	r, m := b.resource(0), b.mop(0)
	b.writeOff(15, 0, r, m, 5, 7, 7, 7)   // 0: both
	b.writeOff(15, 0, -1, -1, 5, 7, 7, 7) // 1: none
	b.writeOff(15, 0, r, -1, 3, 7, 0, 0)  // 2: less than its share
	b.writeOff(15, 0, r, -1, 8, 7, 0, 0)  // 3: more
	b.writeOff(15, 0, r, -1, -1, 7, 0, 0) // 4: a resource never gives beyond its value
	b.writeOff(15, 0, -1, m, -3, 0, 7, 4) // 5: outlasted its estimate
	b.writeOff(15, 0, -1, m, -5, 0, 7, 4) // 6: by more than its age allows
	b.writeOff(15, 0, -1, m, 8, 0, 7, 4)  // 7: more than remains
	b.writeOff(15, 0, -1, m, open, 0, 7, 4)
	b.writeOff(15, 0, -1, m, 5, 0, 7, 4) // 9: a second one
	b.writeOff(15, 0, -1, m, 5, 0, 0, 0) // 10: no durability
	b.in.FirstOfMoP[9], b.in.RemainingAt[10] = false, kernels.NullInt128
	res, bad := b.compute(t, 1)
	var lines []string
	for _, v := range bad {
		lines = append(lines, fmt.Sprint(v.Rule, " ", v.Row))
	}
	if want := []string{"bad-write-off 0", "bad-write-off 1", "write-off-value 3", "write-off-value 4", "write-off-value 6", "write-off-value 7", "double-write-off 9"}; !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
	for i, w := range []int64{0, 0, 3, 7, 0, -3, -4, 7, 7, 0, 0} {
		if res.WriteOffValue[i] != kernels.I128(w) {
			t.Errorf("write-off %d counts %v, want %d", i, res.WriteOffValue[i], w)
		}
	}
	if res.W[0] != kernels.I128(17) {
		t.Errorf("w = %v, want 17", res.W[0])
	}
}

func TestRefundIsNoticed(t *testing.T) {
	b := newBooks(0)
	b.work(15, 0, 90, 0)
	b.writeOff(15, 0, -1, b.mop(0), -30, 0, 7, 30)
	b.want(t, "0: a 90 c 0 w -30 in 0 out 0 n -30 rate -1/3")
	if r, _ := b.compute(t, 1); len(r.Notices) != 1 || r.Notices[0] != "revisions: subsystem 100: the tax rate is below 0: a refund" {
		t.Errorf("%q", r.Notices)
	}
}

func TestLimitAndDebt(t *testing.T) {
	b := newBooks(0, 0)
	b.work(15, 0, 105, 0)
	b.work(15, 0, 4, 1)
	b.writeOff(15, 0, b.resource(0), -1, open, 30, 0, 0)
	b.want(t, "0: a 109 c 4 w 30 in 0 out 0 n 34 rate 34/109")
	b.in.Limit = &Ratio{1, 10} // ⌊109/10⌋ = 10 counts
	b.want(t, "0: a 109 c 4 w 30 in 0 out 20 n 14 rate 14/109")
	b.in.DebtIn = map[int32]kernels.Int128{1: kernels.I128(7), 0: kernels.I128(-2)}
	b.want(t, "0: a 109 c 4 w 30 in 5 out 25 n 14 rate 14/109")
	b.in.DebtIn[0] = kernels.I128(-40) // less than nothing is due: the limit does not bind
	b.want(t, "0: a 109 c 4 w 30 in -33 out 0 n 1 rate 1/109")
	b.in.Limit, b.in.DebtIn[0] = nil, kernels.I128(100) // c + w' = 141 > a
	b.want(t, "0: a 109 c 4 w 30 in 107 out 32 n 109 rate 1/1")
	b.in.Limit = &Ratio{0, 1}
	b.want(t, "0: a 109 c 4 w 30 in 107 out 137 n 4 rate 4/109")
}

func TestNothingWorked(t *testing.T) {
	b := newBooks(0, 1, 1)
	b.work(15, 1, 0, 1)
	b.in.DebtIn = map[int32]kernels.Int128{2: kernels.I128(-3)}
	b.in.Limit = &Ratio{1, 10}
	b.want(t, "0: a 0 c 0 w 0 in 0 out 0 n 0 rate null", "1: a 0 c 0 w 0 in -3 out -3 n 0 rate null")
}

func TestZeroRate(t *testing.T) {
	b := newBooks(0)
	b.work(15, 0, 12, 0)
	b.want(t, "0: a 12 c 0 w 0 in 0 out 0 n 0 rate 0/1")
}

func TestDebtErrors(t *testing.T) {
	b := newBooks(0, 0)
	b.in.DebtIn = map[int32]kernels.Int128{5: {}}
	if _, _, err := Compute(t.Context(), b.Ledger, b.in, 1); err == nil || err.Error() != "debts in: collective code 5 is not in the ledger" {
		t.Errorf("%v", err)
	}
	huge := kernels.Int128{Hi: math.MaxInt64, Lo: math.MaxUint64}
	b.in.DebtIn = map[int32]kernels.Int128{0: huge, 1: huge}
	if _, _, err := Compute(t.Context(), b.Ledger, b.in, 1); err == nil || err.Error() != "debts in: collective 101: column debt_in: the sum of its subsystem does not fit 128 bits" {
		t.Errorf("%v", err)
	}
	b.in.DebtIn = map[int32]kernels.Int128{0: huge}
	b.writeOff(15, 0, b.resource(0), -1, open, 30, 0, 0)
	if _, _, err := Compute(t.Context(), b.Ledger, b.in, 1); err == nil || err.Error() != "revisions: subsystem 100: column tax_numerator does not fit 128 bits" {
		t.Errorf("%v", err)
	}
}

// Random books: the equation of the columns holds, sums are those of big integers, threads change nothing.
func TestRevisionsAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for i := range 100 {
		n := 1 + r.IntN(12)
		b := newBooks(make([]int32, n)...)
		for c := range n {
			b.in.Subsystem[c] = int32(c / 2 * 2)
		}
		mop, resource := b.mop(0), b.resource(0)
		for range r.IntN(100 + i%10*20_000) {
			b.work(r.Int64N(24), int32(r.IntN(n)), r.Int64(), uint8(r.IntN(2)))
		}
		for range r.IntN(50) {
			b.allocate(int32(r.IntN(n)), mop, uint8(r.IntN(2)), uint8(r.IntN(2)), r.Int64())
			b.writeOff(r.Int64N(24), int32(r.IntN(n)), resource, -1, open, r.Int64(), 0, 0)
		}
		if r.IntN(2) == 0 {
			b.in.Limit = &Ratio{r.Int64N(5), 1 + r.Int64N(20)}
		}
		b.in.DebtIn = map[int32]kernels.Int128{int32(r.IntN(n)): kernels.I128(r.Int64() - 1<<62)}
		want, _ := b.compute(t, 1)
		b.checkSums(t, want)
		for _, threads := range []int{2, 3, 7} {
			if got, _ := b.compute(t, threads); !reflect.DeepEqual(got, want) {
				t.Fatalf("%d threads give another result", threads)
			}
		}
	}
}

func (b *books) checkSums(t *testing.T, r *Result) {
	t.Helper()
	for i, s := range r.Subsystem {
		a := new(big.Int)
		for j := range b.Workloads.N {
			if b.in.Subsystem[b.Workloads.Collective[j]] == s && b.InPeriod(b.Workloads.Time[j]) {
				a.Add(a, big.NewInt(b.Workloads.Minutes[j]))
			}
		}
		sum := r.C[i].Add(r.W[i]).Add(r.DebtIn[i]).Sub(r.DebtOut[i])
		if r.A[i].Big().Cmp(a) != 0 || r.Numerator[i] != sum || r.Numerator[i].Cmp(r.A[i]) > 0 {
			t.Fatalf("%s; a should be %v", r.lines()[i], a)
		}
		if a.Sign() > 0 && new(big.Rat).SetFrac(r.Numerator[i].Big(), a).Cmp(new(big.Rat).SetFrac(r.TaxNum[i].Big(), r.TaxDen[i].Big())) != 0 {
			t.Fatalf("%s: not reduced from n/a", r.lines()[i])
		}
	}
}
