package shard

import (
	"context"
	"sync"
)

// Fold runs f over all pieces as Run does; each goroutine keeps one accumulator of its own, made by fresh when it is
// first needed and handed to f with every piece it takes. All accumulators are returned, in no particular order and
// holding no particular pieces: the caller's way of putting them together must not depend on either, as integer sums
// do not. Scratch memory is another use.
func Fold[T any](ctx context.Context, threads, pieces int, fresh func() T, f func(acc T, piece int) error) ([]T, error) {
	var mu sync.Mutex
	var all, free []T
	take := func() T {
		mu.Lock()
		defer mu.Unlock()
		if n := len(free); n > 0 {
			t := free[n-1]
			free = free[:n-1]
			return t
		}
		t := fresh()
		all = append(all, t)
		return t
	}
	err := Run(ctx, threads, pieces, func(piece int) error {
		acc := take()
		err := f(acc, piece)
		mu.Lock()
		free = append(free, acc)
		mu.Unlock()
		return err
	})
	return all, err
}
