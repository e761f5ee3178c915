package coupon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// builder makes a clean ledger and its input by hand. Subsystems never change unless told otherwise.
type builder struct {
	ledger.Ledger
	in Input
}

// newBuilder has the subsystems of each collective at all times, and wallets.
func newBuilder(wallets int, subsystem ...int32) *builder {
	b := &builder{}
	b.After, b.Until = 100, 200
	b.Collectives.N, b.Collectives.C2I = len(subsystem), make([]uint8, len(subsystem))
	b.WalletIDs = ledger.IntIDs(0, wallets)
	b.IDs[ledger.TWorkloads] = ledger.IntIDs(1000, 1<<20)
	b.in.Subsystem = subsystem
	b.in.ComponentsAt = func(int64) []int32 { return subsystem }
	for c, s := range subsystem {
		if int32(c) == s {
			b.in.Subsystems = append(b.in.Subsystems, s)
		}
	}
	return b
}

func (b *builder) work(time int64, collective, wallet int32, minutes int64) int32 {
	w := &b.Workloads
	w.N++
	w.Time, w.Production, w.Collective = append(w.Time, time), append(w.Production, 0), append(w.Collective, collective)
	w.Wallet, w.Minutes, w.Common = append(w.Wallet, wallet), append(w.Minutes, minutes), append(w.Common, 0)
	return int32(w.N - 1)
}

func (b *builder) revise(after, until int64, subsystem int32, num, den int64) int32 {
	r := &b.Revisions
	r.N++
	r.After, r.Until, r.Subsystem = append(r.After, after), append(r.Until, until), append(r.Subsystem, subsystem)
	r.Num, r.Den = append(r.Num, kernels.I128(num)), append(r.Den, kernels.I128(den))
	return int32(r.N - 1)
}

func (b *builder) claim(time int64, wallet, workload, revision int32) int32 {
	c := &b.CouponClaims
	c.N++
	c.Time, c.Wallet = append(c.Time, time), append(c.Wallet, wallet)
	c.Workload, c.Revision = append(c.Workload, workload), append(c.Revision, revision)
	return int32(c.N - 1)
}

func (b *builder) spend(time int64, wallet, collective int32, value int64) int32 {
	a := &b.Appropriations
	a.N++
	a.Time, a.Wallet = append(a.Time, time), append(a.Wallet, wallet)
	a.Collective, a.Value = append(a.Collective, collective), append(a.Value, value)
	return int32(a.N - 1)
}

// tax gives each subsystem a numerator; a is summed.
func (b *builder) tax(numerators ...int64) {
	n := len(b.in.Subsystems)
	b.in.A, b.in.Numerator = make([]kernels.Int128, n), make([]kernels.Int128, n)
	b.in.TaxNum, b.in.TaxDen = make([]kernels.Int128, n), make([]kernels.Int128, n)
	for k, name := range b.in.Subsystems {
		for i, c := range b.Workloads.Collective {
			if b.in.Subsystem[c] == name && b.InPeriod(b.Workloads.Time[i]) {
				b.in.A[k] = b.in.A[k].AddInt64(b.Workloads.Minutes[i])
			}
		}
		b.in.Numerator[k] = kernels.I128(numerators[k])
		b.in.TaxNum[k], b.in.TaxDen[k] = b.in.Numerator[k], b.in.A[k]
		if b.in.A[k].Sign() == 0 {
			b.in.TaxNum[k], b.in.TaxDen[k] = kernels.NullInt128, kernels.NullInt128
		}
	}
}

func compute(t *testing.T, b *builder) (*Result, []string) {
	t.Helper()
	var first *Result
	var found []ledger.Violation
	for _, threads := range []int{1, 2, 3, 7} {
		res, v, err := Compute(context.Background(), &b.Ledger, b.in, threads)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first, found = res, v
		}
		if !reflect.DeepEqual(res, first) || !reflect.DeepEqual(v, found) {
			t.Fatalf("%d threads give another result than 1", threads)
		}
	}
	var texts []string
	for _, v := range found {
		texts = append(texts, fmt.Sprintf("%s %s %d", v.Rule, ledger.Schema[v.Table].Name, v.Row))
	}
	return first, texts
}

func wants(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// 10 of labour for 7 of coupons, in the order of time, beside a subsystem of its own and one without labour.
func TestCascade(t *testing.T) {
	b := newBuilder(3, 0, 0, 2, 3)
	b.work(200, 1, 0, 3)
	b.work(150, 0, 1, 2)
	b.work(150, 0, 1, 5)
	b.work(100, 0, 1, 9) // before the period
	b.work(120, 2, 2, 4)
	b.work(130, 3, 2, 0) // the only labour of its subsystem: none
	b.tax(3, -4, 5)
	res, found := compute(t, b)
	// Rows 1, 2, 0: ⌊7·2/10⌋ = 1, ⌊7·7/10⌋ = 4, 7. A refund of 4 doubles row 4.
	wants(t, "workloads", res.Workload, []int32{0, 1, 2, 4})
	wants(t, "coupons", res.Coupon, []int64{3, 1, 3, 8})
	wants(t, "residue", res.Residue, "[0 0 0]")
	wants(t, "wallets", res.Wallets.Wallet, []int32{0, 1, 2, 2})
	wants(t, "subsystems", res.Wallets.Subsystem, []int32{0, 0, 2, 3})
	wants(t, "coupons of wallets", res.Wallets.Coupons, "[3 4 8 0]")
	wants(t, "issued", res.Parity.Issued, "[7 8 0]")
	wants(t, "violations", found, "[]")
}

func TestFloor(t *testing.T) {
	b := newBuilder(1, 0)
	for i := range int64(4) {
		b.work(101+i, 0, 0, 5)
	}
	b.tax(7)
	b.in.Floor = true
	res, _ := compute(t, b)
	wants(t, "rows", fmt.Sprint(res.First, res.Workload == nil, res.WorkloadRow(2)), "0 true 2")
	wants(t, "coupons", res.Coupon, []int64{3, 3, 3, 3}) // ⌊5·13/20⌋
	wants(t, "residue", res.Residue, "[1]")
	wants(t, "issued", res.Parity.Issued, "[12]")
}

func TestRevisionsThatDoNotHold(t *testing.T) {
	b := newBuilder(1, 0, 0, 2)
	b.revise(20, 20, 0, 1, 2)
	b.revise(30, 20, 0, 1, 2)
	b.revise(0, 20, 0, 1, 0)
	b.revise(0, 20, 0, 1, -1)
	b.revise(0, 20, 0, 3, 2)
	b.revise(0, 20, 0, -3, 2)
	b.revise(0, 20, 1, 2, 2)
	b.revise(0, 20, 0, -2, 2)  // on the collectives of the one before it
	b.revise(0, 20, 2, -2, 2)  // of another subsystem
	b.revise(19, 40, 0, 1, 2)  // overlaps with 6
	b.revise(20, 39, 1, 1, 2)  // does not, and is taken before 9
	b.revise(10, 15, 0, 1, 2)  // is taken first of all
	b.revise(15, 16, 2, 1, 2)  // so is this
	b.revise(16, 41, 2, 1, 2)  // overlaps with 8, which overlaps with 12 and is bad itself
	b.revise(-50, 10, 0, 0, 1) // touches 11
	b.tax(0, 0)
	res, found := compute(t, b)
	var valid []int
	for rev, ok := range res.ValidRevision {
		if ok {
			valid = append(valid, rev)
		}
	}
	wants(t, "valid", valid, "[10 11 12 13 14]")
	wants(t, "number of violations", len(found), b.Revisions.N-len(valid))
	wants(t, "first", found[0], "bad-revision revisions 0")
}

func TestMismatch(t *testing.T) {
	b := newBuilder(1, 0)
	b.revise(0, 0, 0, 1, 2)
	b.revise(0, 20, 0, 1, 2)
	b.revise(10, 30, 0, 1, 2) // overlaps only with one that does not match
	b.tax(0)
	var asked []int32
	b.in.Mismatch = func(rev int32) (bool, error) {
		asked = append(asked, rev)
		return rev == 1, nil
	}
	res, found := compute(t, b)
	wants(t, "asked", asked[:2], "[1 2]")
	wants(t, "valid", res.ValidRevision, "[false false true]")
	wants(t, "violations", found, "[bad-revision revisions 0 revision-mismatch revisions 1]")
	fault := errors.New("cannot be recomputed")
	b.in.Mismatch = func(int32) (bool, error) { return false, fault }
	if _, _, err := Compute(context.Background(), &b.Ledger, b.in, 1); err != fault {
		t.Fatal(err)
	}
}

// Two collectives apart at k2 were together at the until of a recorded revision.
func TestClaimsAndBalances(t *testing.T) {
	b := newBuilder(4, 0, 1)
	b.in.ComponentsAt = func(at int64) []int32 {
		if at <= 60 {
			return []int32{0, 0}
		}
		return []int32{0, 1}
	}
	rev := b.revise(50, 60, 1, 1, 3)
	bad := b.revise(50, 60, 0, 2, 1)
	other := b.revise(60, 70, 0, 0, 1)
	b.work(50, 0, 0, 9)
	x := b.work(55, 0, 0, 5)
	y := b.work(52, 1, 1, 5)
	z := b.work(65, 1, 1, 7) // not in 0's component
	b.work(199, 1, 3, 1)
	// a = 10, V = ⌊10·2/3⌋ = 6; y first: 3, x: 3.
	b.claim(70, 0, x, rev)
	b.claim(69, 0, x, rev) // the first by time
	b.claim(69, 0, x, rev)
	b.claim(80, 0, y, rev)   // not its wallet
	b.claim(5, 1, y, rev)    // its own time plays no part
	b.claim(70, 1, z, other) // not its component
	b.claim(70, 0, x, other) // not its segment
	b.claim(70, 0, x, bad)   // not valid
	b.claim(70, 0, 0, rev)   // at its after: not in the segment
	b.spend(69, 0, 0, 3)     // at the time of the claim: enough
	b.spend(70, 0, 0, 1)     // overspent
	b.spend(70, 0, 1, 1)     // overspent in the other subsystem
	b.spend(4, 1, 1, 3)      // overspent before its claim
	b.spend(6, 1, 1, 0)      // and no longer after it
	b.spend(6, 2, 1, 0)      // a wallet without labour
	b.tax(0, 0)
	b.in.ProductionEnd, b.in.ProductionTotal = []int64{ledger.NullInt, ledger.NullInt, 5}, []kernels.Int128{kernels.I128(10), kernels.I128(20), kernels.I128(40)}
	b.Productions = ledger.Productions{N: 3, Collective: []int32{0, 0, 0}, Common: []uint8{0, 1, 0}}
	b.MoPs = ledger.MoPs{N: 2, Common: []uint8{0, 1}}
	b.in.MoPOwner, b.in.MoPRemaining = []int32{1, 1}, []kernels.Int128{kernels.I128(100), kernels.I128(200)}
	b.Resources = ledger.Resources{N: 4, Common: []uint8{0, 0, 1, 0}, Collective: []int32{0, 0, 0, 1}}
	b.in.Remaining = []kernels.Int128{kernels.I128(1000), kernels.NullInt128, kernels.I128(2000), kernels.I128(4000)}
	res, found := compute(t, b)
	wants(t, "violations", found, "[bad-claim coupon_claims 0 bad-claim coupon_claims 2 bad-claim coupon_claims 3 bad-claim coupon_claims 5 "+
		"bad-claim coupon_claims 6 bad-claim coupon_claims 7 bad-claim coupon_claims 8 bad-revision revisions 1 "+
		"overspend appropriations 1 overspend appropriations 2 overspend appropriations 3]")
	w, p := &res.Wallets, &res.Parity
	wants(t, "rows", fmt.Sprint(w.Wallet, w.Subsystem), "[0 0 1 2 3] [0 1 1 1 1]")
	wants(t, "claimed", w.Claimed, "[3 0 3 0 0]")
	wants(t, "appropriated", w.Appropriated, "[4 1 3 0 0]")
	wants(t, "balance", w.Balance, "[-1 -1 0 0 0]")
	wants(t, "issued", p.Issued, "[3 4]")
	wants(t, "parity of claims", fmt.Sprint(p.Unclaimed, p.Claimed, p.Appropriated, p.Unspent), "[0 1] [3 3] [4 4] [-1 -1]")
	wants(t, "parity of goods", fmt.Sprint(p.ExclusiveStock, p.WorkInProgress, p.MoPRemaining), "[1000 4000] [10 0] [0 100]")
	wants(t, "difference", p.Difference, "[-1011 -4100]")
	wants(t, "by collective", fmt.Sprint(res.UnspentByCollective, res.StockByCollective), "[-1 -1] [1000 4000]")
}

func TestCouponTooLarge(t *testing.T) {
	for _, floor := range []bool{false, true} {
		b := newBuilder(1, 0)
		b.in.Floor = floor
		b.work(101, 0, 0, 1)
		b.work(102, 0, 0, math.MaxInt64-1)
		b.tax(-math.MaxInt64)
		_, _, err := Compute(context.Background(), &b.Ledger, b.in, 2)
		if err == nil || !strings.Contains(err.Error(), "workloads 1001") {
			t.Fatal(err)
		}
		b = newBuilder(1, 0)
		b.in.Floor = floor
		b.work(5, 0, 0, math.MaxInt64)
		b.revise(0, 10, 0, -1, 1)
		b.tax(0)
		if _, _, err = Compute(context.Background(), &b.Ledger, b.in, 2); err == nil || !strings.Contains(err.Error(), "workloads 1000") {
			t.Fatal(err)
		}
	}
}

// The denominator may have 38 digits; the rest of the whole, 2·(10³⁸ − 1), does not fit 127 bits.
func TestLongestRate(t *testing.T) {
	for _, floor := range []bool{false, true} {
		b := newBuilder(1, 0)
		b.in.Floor = floor
		b.work(5, 0, 0, 1<<61)
		b.revise(0, 10, 0, 0, 1)
		den, _ := kernels.FromBig(bigText("99999999999999999999999999999999999999"))
		b.Revisions.Num[0], b.Revisions.Den[0] = den.Neg(), den
		b.tax(0)
		res, _ := compute(t, b)
		wants(t, "issued", res.Parity.Issued, fmt.Sprint([]int64{1 << 62}))
	}
}

func TestLabourMustMatchTheRevision(t *testing.T) {
	b := newBuilder(1, 0)
	b.work(101, 0, 0, 1)
	b.tax(0)
	b.work(101, 0, 0, 1)
	if _, _, err := Compute(context.Background(), &b.Ledger, b.in, 1); err == nil {
		t.Fatal("2 µmin of labour under a revision of 1")
	}
}
