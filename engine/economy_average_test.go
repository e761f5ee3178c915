package engine

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
	"planwerk/engine/leontief"
)

// sell moves what is left of each day's goods to the shop, which hands out those of the days before first and keeps the others.
func (s steady) sell(t map[string][]map[string]string, days, first int) {
	for day := range days {
		at := func(hour int) string {
			return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC).AddDate(0, 0, day).Format(time.RFC3339)
		}
		for i := range s.minutes {
			left := s.left(i)
			if left == 0 {
				continue
			}
			good, sold := fmt.Sprintf("r%d-%d", day, i), fmt.Sprintf("s%d-%d", day, i)
			t["transfers"] = append(t["transfers"], map[string]string{"transfer": "t" + sold, "time": at(6), "resource": good, "new_resource": sold,
				"from": "works", "to": "shop", "amount": fmt.Sprint(left)})
			if day < first {
				t["dispatches"] = append(t["dispatches"], map[string]string{"dispatch": "d" + sold, "time": at(7), "collective": "shop", "resource": sold, "amount": fmt.Sprint(left)})
			}
		}
	}
}

// left is how many of a day's 100 units of a type the next day does not use.
func (s steady) left(i int) int64 {
	left := int64(100)
	for j := range s.minutes {
		left -= s.inputs[j][i]
	}
	return left
}

// errors gives by how much the books are off on each day: the first makes goods by fifty times their direct labour, and
// every other day's goods inherit the error of what they are made of, e ← eA.
func (s steady) errors(values []float64, days int) [][]float64 {
	list := [][]float64{make([]float64, len(values))}
	for j, v := range values {
		list[0][j] = 50*float64(s.minutes[j])/100 - v
	}
	for day := 1; day < days; day++ {
		e := make([]float64, len(values))
		for j := range e {
			for i, amount := range s.inputs[j] {
				e[j] += list[day-1][i] * float64(amount) / 100
			}
		}
		list = append(list, e)
	}
	return list
}

// TestAveragesOfASteadyLedger: the socially necessary averages of a steady economy's shop are its labour values and what is left,
// in the goods on stock, of the error that its books began with. Rounding adds no more than a µmin for each draw and each sum of
// a cycle, passed on through (I − A)⁻¹.
func TestAveragesOfASteadyLedger(t *testing.T) {
	ctx, random := context.Background(), rand.New(rand.NewPCG(13, 4))
	const days = 40
	for _, n := range []int{1, 3, 6} {
		s := randomSteady(n, random)
		farthest := math.Inf(1)
		for _, first := range []int{2, 15, 30} {
			raw := s.ledger(days)
			s.sell(raw, days, first)
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			job := Job{Threads: 2, After: start.AddDate(0, 0, days-5).UnixMicro(), Until: start.AddDate(0, 0, days).UnixMicro(),
				Load: func(context.Context) (*ledger.Raw, error) { return ledgertest.Raw(raw) }}
			table, err := Economy(ctx, job)
			if err != nil {
				t.Fatal(err)
			}
			res, err := leontief.Compute(ctx, table, leontief.Request{})
			if err != nil {
				t.Fatal(err)
			}
			batch, err := Run(ctx, job)
			if err != nil {
				t.Fatal(err)
			}
			off := s.compare(t, batch, res, first, days)
			if off > farthest*math.Pow(res.Radius.Upper, 5) && off > 1e-8 {
				t.Errorf("n=%d: averages of stocks from day %d on are off by %g, of older ones by %g; radius %.3f", n, first, off, farthest, res.Radius.Upper)
			}
			farthest = off
		}
	}
}

// compare holds the averages to what theory says, and gives how far they are from the labour values at most.
func (s steady) compare(t *testing.T, batch *Result, res *leontief.Result, first, days int) (off float64) {
	t.Helper()
	n := len(s.minutes)
	errors := s.errors(res.Values.X, days)
	rounding := res.Values.Bound + float64(n+2)*1e-6/100*2*res.Values.Dominator.Norm
	averages, want := batch.Averages, 0
	for j := range n {
		if s.left(j) > 0 {
			want++
		}
	}
	if len(averages.Value) != want {
		t.Fatalf("n=%d: %d averages, want %d", n, len(averages.Value), want)
	}
	for k, j := range averages.ProductType {
		expected := res.Values.X[j]
		for _, e := range errors[first:] {
			expected += e[j] / float64(days-first)
		}
		got := averages.Value[k].Float64() / averages.Amount[k].Float64()
		if math.Abs(got-expected) > rounding+1e-13*expected {
			t.Errorf("n=%d, stocks from day %d on, type %d: average %v, theory %v ± %g, value %v", n, first, j, got, expected, rounding, res.Values.X[j])
		}
		if rounded := averages.Average[k].Float64() / 1e6; math.Abs(rounded-got) > 0.51e-6 {
			t.Errorf("n=%d type %d: average %v is given as %v", n, j, got, rounded)
		}
		off = max(off, math.Abs(got-res.Values.X[j])/res.Values.X[j])
	}
	return off
}
