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

// steady is an economy that repeats itself every day: type j makes 100 units out of inputs[j] (units of each type) and minutes
// of labour; what is not consumed the next day is dispatched.
type steady struct {
	minutes []int64
	inputs  [][]int64 // [j][i]: units of i for 100 of j
}

func randomSteady(n int, r *rand.Rand) steady {
	s := steady{minutes: make([]int64, n), inputs: make([][]int64, n)}
	for j := range n {
		s.minutes[j] = 100 + r.Int64N(900)
		s.inputs[j] = make([]int64, n)
		for i := range n {
			s.inputs[j][i] = r.Int64N(int64(100/n + 1)) // rows sum to at most 100: never more than is made
		}
	}
	return s
}

// ledger writes the books of some days. On the first one everything is made by labour alone, worth far too much.
func (s steady) ledger(days int) map[string][]map[string]string {
	t := map[string][]map[string]string{"collectives": {{"collective": "works", "kind": "c2c"}, {"collective": "shop", "kind": "c2i"}}}
	add := func(table string, row map[string]string) { t[table] = append(t[table], row) }
	for j := range s.minutes {
		add("product_types", map[string]string{"product_type": fmt.Sprint("type", j), "common": "false"})
	}
	for day := range days {
		at := func(hour int) string {
			return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC).AddDate(0, 0, day).Format(time.RFC3339)
		}
		for j, minutes := range s.minutes {
			p, good := fmt.Sprintf("p%d-%d", day, j), fmt.Sprintf("r%d-%d", day, j)
			if day == 0 {
				minutes *= 50
			}
			add("productions", map[string]string{"production": p, "time": at(1), "collective": "works", "common": "false"})
			add("workloads", map[string]string{"workload": "w" + p, "time": at(2), "production": p, "collective": "works", "wallet": "a", "minutes": fmt.Sprint(minutes), "common": "false"})
			for i, amount := range s.inputs[j] {
				if day > 0 && amount > 0 {
					add("consumptions", map[string]string{"consumption": fmt.Sprint(p, "of", i), "time": at(3), "production": p,
						"resource": fmt.Sprintf("r%d-%d", day-1, i), "amount": fmt.Sprint(amount), "common": "false"})
				}
			}
			add("outputs", map[string]string{"resource": good, "time": at(5), "production": p, "product_type": fmt.Sprint("type", j), "amount": "100", "common": "false"})
		}
	}
	return t
}

// TestEconomyOfASteadyLedger: labour values of A and l out of a steady ledger are the values its books come to.
func TestEconomyOfASteadyLedger(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	for _, n := range []int{1, 3, 6} {
		s := randomSteady(n, r)
		raw := s.ledger(60)
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		job := Job{Threads: 2, After: start.AddDate(0, 0, 50).UnixMicro(), Until: start.AddDate(0, 0, 60).UnixMicro(),
			Load: func(context.Context) (*ledger.Raw, error) { return ledgertest.Raw(raw) }}
		table, err := Economy(context.Background(), job)
		if err != nil {
			t.Fatal(err)
		}
		res, err := leontief.Compute(context.Background(), table, leontief.Request{})
		if err != nil {
			t.Fatal(err)
		}
		for j := range n {
			if table.Output[j] != 1000 || math.Abs(table.Labour[j]-float64(s.minutes[j])/100) > 1e-9 {
				t.Fatalf("type %d: output %v, labour %v per unit; want 1000, %v", j, table.Output[j], table.Labour[j], float64(s.minutes[j])/100)
			}
			cols, vals := table.A.Row(j)
			for k, c := range cols {
				if want := float64(s.inputs[c][j]) / 100; math.Abs(vals[k]-want) > 1e-12 {
					t.Errorf("A[%d][%d] = %v, want %v", j, c, vals[k], want)
				}
			}
			if books := table.Price[j] / table.Output[j]; math.Abs(res.Values.X[j]-books) > 1e-5*books {
				t.Errorf("n=%d type %d: value %v, books %v", n, j, res.Values.X[j], books)
			}
		}
	}
}
