package production

import (
	"context"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// economy makes a ledger in the proportions of a nightly batch: per production 20 workloads, 10 consumptions, 4 outputs,
// 1 transfer, 4 allocations. Productions end one after the other, eight at a time; a tenth of what they consume comes
// out of no production.
// With one collective and one kind of product hardly a row breaks a rule; with more, most do.
func economy(productions int, collectives, kinds int32) *builder {
	r := rand.New(rand.NewPCG(1, 9))
	b := newBuilder(int(collectives))
	m := b.mop(0, 0, 0, -1, null)
	for range productions / 10 {
		b.collectivize(0, r.Int32N(collectives), r.Int32N(kinds), 1<<40)
	}
	for p := range int32(productions) {
		end := int64(p/8) + 1
		b.production(r.Int32N(collectives), uint8(r.Int32N(kinds)))
		for range 10 {
			back := r.Int32N(min(int32(b.Resources.N), 4000))
			b.consume(end, p, int32(b.Resources.N)-1-back, 1+r.Int64N(200))
			b.work(end, p, r.Int64N(1e9))
			b.work(end-r.Int64N(2), p, r.Int64N(1e9))
		}
		for i := range 4 {
			b.allocate(end-1, p, m, 0, kernels.I128(r.Int64N(1e6)))
			declared := r.Int64N(1000)
			if i == 3 && (kinds == 1 || p%4 != 0) {
				declared = null
			}
			b.output(end, p, r.Int32N(kinds), 1e4+r.Int64N(1000), declared)
		}
		b.transfer(end, int32(b.Resources.N)-1, r.Int32N(collectives), 1+r.Int64N(1000))
	}
	return b
}

func TestThreadsAgreeOnALargeLedger(t *testing.T) {
	b := economy(30_000, 50, 2)
	// Many that need nothing of each other make a level of many pieces.
	for p := range int32(20_000) {
		q := b.production(0, 0)
		b.work(1, q, int64(p))
		b.output(2, q, 0, 1, null)
	}
	l := b.ledger()
	var first *Result
	var found []ledger.Violation
	for _, threads := range []int{1, 2, 3, 7} {
		res, v, err := Compute(context.Background(), l, Ends(l, threads), b.theta, threads)
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
	// What was put in is in what is left, in what left the economy unvalued or unassigned, or in draws of uncounted rows.
	var in, left kernels.Int128
	for p := range first.Total {
		in = in.Add(first.Workloads[p]).Add(first.Transferred[p])
		left = left.Add(first.Unassigned[p])
	}
	for r := range first.Value {
		if !first.RemainingValue[r].IsNull() {
			left = left.Add(first.RemainingValue[r])
		}
	}
	if in != left || in.Sign() <= 0 {
		t.Fatalf("%v went in, %v is left", in, left)
	}
}

// BenchmarkCompute values PLANWERK_PRODUCTIONS productions (100 000 unless told otherwise).
func BenchmarkCompute(b *testing.B) {
	n := 100_000
	if s, err := strconv.Atoi(os.Getenv("PLANWERK_PRODUCTIONS")); err == nil {
		n = s
	}
	e := economy(n, 1, 1)
	l := e.ledger()
	for _, threads := range []int{1, 2} {
		b.Run(strconv.Itoa(threads), func(b *testing.B) {
			for range b.N {
				if _, _, err := Compute(context.Background(), l, Ends(l, threads), e.theta, threads); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(l.Workloads.N+l.Consumptions.N+l.Outputs.N+l.Transfers.N+l.MoPAllocations.N)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
