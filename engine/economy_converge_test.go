package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
	"planwerk/engine/leontief"
)

// TestValuesConvergeToTheBooks: the books of a steady economy begin with goods worth far too much. What they say a unit is
// worth comes to the labour values of A and l, period by period, at the rate at which the error is used up in production.
func TestValuesConvergeToTheBooks(t *testing.T) {
	s := randomSteady(5, rand.New(rand.NewPCG(12, 3)))
	raw := s.ledger(40)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	last := math.Inf(1)
	for _, day := range []int{2, 6, 10, 14, 18} {
		job := Job{Threads: 2, After: start.AddDate(0, 0, day).UnixMicro(), Until: start.AddDate(0, 0, day+3).UnixMicro(),
			Load: func(context.Context) (*ledger.Raw, error) { return ledgertest.Raw(raw) }}
		table, err := Economy(context.Background(), job)
		if err != nil {
			t.Fatal(err)
		}
		res, err := leontief.Compute(context.Background(), table, leontief.Request{})
		if err != nil {
			t.Fatal(err)
		}
		off := 0.0
		for j, v := range res.Values.X {
			off = max(off, math.Abs(table.Price[j]/table.Output[j]-v)/v)
		}
		// Each day's goods are made of those of the day before: an error shrinks by the radius of A a day, in the long run.
		if most := last * 3 * math.Pow(res.Radius.Upper, 4); off > max(most, 1e-6) {
			t.Errorf("from day %d the books are off by %g, four days before by %g, radius %.3f", day, off, last, res.Radius.Upper)
		}
		if day == 2 && off < 1e-3 {
			t.Errorf("the books are right from the beginning: %g", off)
		}
		last = off
	}
	if last > 1e-4 {
		t.Errorf("after 18 days the books are still off by %g", last)
	}
}
