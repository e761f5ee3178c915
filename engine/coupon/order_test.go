package coupon

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Times in order, nearly so, in a few heaps, over the whole of int64, and all but one at one time.
func TestTimeline(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 150_000
	kinds := map[string]func(i int) int64{
		"in order":    func(i int) int64 { return int64(i / 3) },
		"nearly":      func(i int) int64 { return int64(i) - r.Int64N(2) },
		"random":      func(int) int64 { return r.Int64N(1000) },
		"heaps":       func(int) int64 { return r.Int64N(3)<<50 + r.Int64N(1<<20) },
		"whole range": func(int) int64 { return int64(r.Uint64()) },
		"one outlier": func(i int) int64 { return math.MaxInt64 * int64(min(1, i%(n-1))-1) },
		"falling":     func(i int) int64 { return int64(-i) },
	}
	for name, at := range kinds {
		time := make([]int64, n)
		for i := range time {
			time[i] = at(i)
		}
		want := make([]int, n)
		for i := range want {
			want[i] = i
		}
		slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(time[a], time[b]) })
		for _, threads := range []int{1, 2, 7} {
			line, err := newTimeline(context.Background(), nil, threads, time)
			if err != nil {
				t.Fatal(err)
			}
			if (line.order == nil) != slices.IsSorted(time) {
				t.Fatalf("%s: sorted what is in order, or not what is not", name)
			}
			for i := range want {
				if line.row(i) != want[i] {
					t.Fatalf("%s, %d threads: place %d holds row %d, want %d", name, threads, i, line.row(i), want[i])
				}
			}
			after, until := time[n/3], time[n/2]
			from, to := line.segment(min(after, until), max(after, until))
			for i := range n {
				in := min(after, until) < time[line.row(i)] && time[line.row(i)] <= max(after, until)
				if in != (from <= i && i < to) {
					t.Fatalf("%s: segment %d … %d, and place %d", name, from, to, i)
				}
			}
		}
	}
}

func TestPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	marks := make([]uint64, 50)
	var want []int32
	for row := range int32(64 * 50) {
		if r.IntN(3) == 0 || row/64 == 7 {
			marks[row/64] |= 1 << (row % 64)
			want = append(want, row)
		}
	}
	p, rows := marked(nil, marks)
	if !slices.Equal(rows, want) {
		t.Fatal("the list of marked rows")
	}
	for i, row := range want {
		if p.of(int(row)) != i {
			t.Fatalf("row %d is number %d, want %d", row, p.of(int(row)), i)
		}
	}
}

// A wallet that works in two subsystems by turns, often enough for repetitions to be dropped on the way.
func TestManyPairs(t *testing.T) {
	b := newBuilder(3, 0, 1, 2)
	for i := range int32(300_000) {
		b.work(int64(i), i%3, 1+i%2, 1)
	}
	b.After, b.Until = -1, 1<<40
	b.tax(0, 0, 0)
	res, _ := compute(t, b)
	wants(t, "rows", []any{res.Wallets.Wallet, res.Wallets.Subsystem}, "[[1 1 1 2 2 2] [0 1 2 0 1 2]]")
	wants(t, "coupons", res.Wallets.Coupons, "[50000 50000 50000 50000 50000 50000]")
}

func TestCancelled(t *testing.T) {
	b := newBuilder(1, 0)
	b.work(150, 0, 0, 1)
	b.tax(0)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Compute(ctx, &b.Ledger, b.in, 2); err != context.Canceled {
		t.Fatal(err)
	}
}
