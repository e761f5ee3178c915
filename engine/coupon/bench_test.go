package coupon

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// society has a wallet per 10 workloads, 40 % of the workloads claimed under two recorded revisions of each subsystem and
// then half as many appropriations as workloads. Hardly a row breaks a rule.
func society(workloads int, inOrder bool) *builder {
	r := rand.New(rand.NewPCG(1, 5))
	subsystem := make([]int32, 1000)
	for c := range subsystem {
		subsystem[c] = int32(c % 20)
	}
	wallets := workloads/10 + 1
	b := newBuilder(wallets, subsystem...)
	b.After, b.Until = 2000, 3000
	time := func(i, n int, from, to int64) int64 {
		if inOrder {
			return from + (to-from)*int64(i)/int64(n)
		}
		return from + r.Int64N(to-from)
	}
	home := make([]int32, wallets)
	for w := range home {
		home[w] = r.Int32N(1000)
	}
	for i := range workloads {
		w := r.Int32N(int32(wallets))
		b.work(time(i, workloads, 1, 3001), home[w], w, r.Int64N(5e8))
	}
	for k := range int32(20) {
		b.revise(0, 1000, k, 1, 3)
		b.revise(1000, 2000, k, 1, 3)
	}
	for row := range int32(workloads) {
		at := b.Workloads.Time[row]
		if at > 2000 || r.IntN(10) >= 6 {
			continue
		}
		rev := 2*(b.Workloads.Collective[row]%20) + int32(min(1, at/1001))
		b.claim(time(int(row), workloads, 2000, 2500), b.Workloads.Wallet[row], row, rev)
	}
	for i := range workloads / 2 {
		w := r.Int32N(int32(wallets))
		b.spend(time(i, workloads/2, 2500, 3001), w, home[w], r.Int64N(1e6))
	}
	b.tax(make([]int64, 20)...)
	return b
}

// BenchmarkCompute gives coupons to PLANWERK_WORKLOADS workloads (500 000 unless told otherwise).
func BenchmarkCompute(b *testing.B) {
	n := 500_000
	if s, err := strconv.Atoi(os.Getenv("PLANWERK_WORKLOADS")); err == nil {
		n = s
	}
	for _, inOrder := range []bool{true, false} {
		e := society(n, inOrder)
		for _, threads := range []int{1, 2} {
			b.Run("inorder="+strconv.FormatBool(inOrder)+"/"+strconv.Itoa(threads), func(b *testing.B) {
				for range b.N {
					if _, _, err := Compute(context.Background(), &e.Ledger, e.in, threads); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "workloads/s")
			})
		}
	}
}
