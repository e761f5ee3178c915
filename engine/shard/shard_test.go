package shard

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"planwerk/kernels"
)

// covers fails unless the ranges are in order, none is empty and together they are 0 … n.
func covers(t *testing.T, ranges [][2]int, n int) {
	t.Helper()
	at := 0
	for _, r := range ranges {
		if r[0] != at || r[1] <= r[0] {
			t.Fatalf("ranges %v do not cover 0…%d in order", ranges, n)
		}
		at = r[1]
	}
	if at != n {
		t.Fatalf("ranges %v end at %d, want %d", ranges, at, n)
	}
}

func TestRanges(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 8, 100, 1023} {
		for _, pieces := range []int{-1, 0, 1, 2, 3, 7, 8, 1024} {
			got := Ranges(n, pieces)
			covers(t, got, n)
			if len(got) > max(pieces, 1) {
				t.Fatalf("%d ranges for %d pieces", len(got), pieces)
			}
			for _, r := range got {
				if d := (r[1] - r[0]) - n/len(got); d < 0 || d > 1 {
					t.Fatalf("n=%d pieces=%d: uneven %v", n, pieces, got)
				}
			}
		}
	}
}

func TestWeighted(t *testing.T) {
	covers(t, Weighted(nil, 3), 0)
	covers(t, Weighted([]int64{5}, 3), 0)
	covers(t, Weighted([]int64{0, 0, 0}, 2), 2)
	covers(t, Weighted([]int64{0, 0, math.MaxInt64}, 5), 2)
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		n, pieces := 1+r.IntN(60), 1+r.IntN(9)
		prefix := make([]int64, n+1)
		prefix[0] = r.Int64N(100)
		heaviest := int64(0)
		for i := range n {
			w := r.Int64N(1 << r.IntN(12))
			heaviest = max(heaviest, w)
			prefix[i+1] = prefix[i] + w
		}
		got := Weighted(prefix, pieces)
		covers(t, got, n)
		if len(got) > pieces {
			t.Fatalf("%d ranges for %d pieces", len(got), pieces)
		}
		for _, g := range got {
			if w := prefix[g[1]] - prefix[g[0]]; w > (prefix[n]-prefix[0])/int64(pieces)+heaviest+1 && prefix[n] > prefix[0] {
				t.Fatalf("range %v weighs %d of %d in %d pieces, heaviest %d", g, w, prefix[n]-prefix[0], pieces, heaviest)
			}
		}
	}
}

func TestRunEachPieceOnce(t *testing.T) {
	for _, threads := range []int{0, 1, 2, 3, 7, 64} {
		for _, pieces := range []int{0, 1, 2, 100} {
			seen := make([]atomic.Int32, pieces)
			if err := Run(context.Background(), threads, pieces, func(i int) error { seen[i].Add(1); return nil }); err != nil {
				t.Fatal(err)
			}
			for i := range seen {
				if seen[i].Load() != 1 {
					t.Fatalf("threads=%d: piece %d ran %d times", threads, i, seen[i].Load())
				}
			}
		}
	}
}

func TestRunGivesTheSmallestFailure(t *testing.T) {
	first, second := errors.New("piece 11"), errors.New("piece 12")
	for _, threads := range []int{1, 2, 3, 7} {
		for range 200 {
			err := Run(context.Background(), threads, 40, func(i int) error {
				switch i {
				case 11:
					return first
				case 12, 13, 14:
					return second
				}
				return nil
			})
			if err != first {
				t.Fatalf("threads=%d: %v", threads, err)
			}
		}
	}
}

func TestRunCarriesPanics(t *testing.T) {
	for _, threads := range []int{1, 3} {
		func() {
			defer func() {
				p, ok := recover().(*Panic)
				if !ok || p.Value != "broken" || p.Stack == "" || p.Error() == "" {
					t.Fatalf("threads=%d: recovered %v", threads, p)
				}
			}()
			_ = Run(context.Background(), threads, 9, func(i int) error {
				if i == 5 {
					panic("broken")
				}
				return nil
			})
		}()
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	var ran atomic.Int32
	err := Run(ctx, 2, 1000, func(i int) error {
		if ran.Add(1) == 10 {
			cancel(why)
		}
		return nil
	})
	if err != why || ran.Load() > 11 {
		t.Fatalf("%v after %d pieces", err, ran.Load())
	}
	if err := Run(ctx, 2, 0, nil); err != nil {
		t.Fatalf("nothing to do, but %v", err)
	}
}

func TestSumsAndLists(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 7} {
		sum, err := SumInt128(context.Background(), threads, 100, func(i int) (kernels.Int128, error) { return kernels.MulInt64(math.MaxInt64, int64(i)), nil })
		if want := kernels.MulInt64(math.MaxInt64, 4950); err != nil || sum != want {
			t.Fatalf("%v %v, want %v", sum, err, want)
		}
		f, err := SumFloat64(context.Background(), threads, 3, func(i int) (float64, error) { return []float64{1e16, 1, -1e16}[i], nil })
		if err != nil || f != 0 {
			t.Fatalf("%v %v: not added in order", f, err)
		}
		list, err := Concat(context.Background(), threads, 4, func(i int) ([]int, error) { return []int{i, i}[:i%3], nil })
		if err != nil || len(list) != 3 || list[0] != 1 || list[1] != 2 || list[2] != 2 {
			t.Fatalf("%v %v", list, err)
		}
	}
	if Pieces(0, 5) != 0 || Pieces(5, 5) != 1 || Pieces(6, 5) != 2 || Pieces(6, 0) != 6 {
		t.Fatal("pieces")
	}
}

func TestFold(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 7} {
		accs, err := Fold(context.Background(), threads, 1000, func() *int { return new(int) }, func(acc *int, i int) error { *acc += i; return nil })
		sum := 0
		for _, a := range accs {
			sum += *a
		}
		if err != nil || sum != 499500 || len(accs) > threads {
			t.Fatalf("threads=%d: %d in %d accumulators, %v", threads, sum, len(accs), err)
		}
	}
}
