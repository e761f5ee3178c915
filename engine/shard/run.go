package shard

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"planwerk/kernels"
)

// Panic is what a panic in a piece becomes on its way to the caller of Run.
type Panic struct {
	Value any    // what the piece panicked with
	Stack string // where
}

// Error lets a caller that recovers print the cause with the worker's stack.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n%s", p.Value, p.Stack) }

// Threads gives the number of threads a setting means: itself, or all the machine offers when it is below 1.
func Threads(threads int) int {
	if threads < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return threads
}

// Run calls f(0), …, f(pieces−1), each once, on up to threads goroutines that take the next piece when free; the
// caller's is one of them. It returns when all have ended.
//
// After a failure no further piece is begun, and the error of the smallest failing piece is returned; since pieces are
// begun in order that piece does not depend on the threads. A panic in a piece is raised again in the caller's
// goroutine as *Panic. When ctx ends before all pieces are done, its error is returned.
func Run(ctx context.Context, threads, pieces int, f func(piece int) error) error {
	threads = min(Threads(threads), pieces)
	r := run{pieces: int64(pieces), failed: int64(pieces), f: f}
	var wait sync.WaitGroup
	for range threads - 1 {
		wait.Go(func() { r.work(ctx) })
	}
	if threads > 0 {
		r.work(ctx)
	}
	wait.Wait()
	switch {
	case r.panic != nil:
		panic(r.panic)
	case r.err != nil:
		return r.err
	case r.done.Load() < int64(pieces):
		return context.Cause(ctx)
	}
	return nil
}

type run struct {
	pieces     int64
	f          func(int) error
	next, done atomic.Int64
	stop       atomic.Bool

	mu     sync.Mutex
	failed int64 // smallest failing piece
	err    error
	panic  *Panic
}

func (r *run) work(ctx context.Context) {
	for !r.stop.Load() && ctx.Err() == nil {
		piece := r.next.Add(1) - 1
		if piece >= r.pieces {
			return
		}
		if err, p := r.call(int(piece)); err != nil || p != nil {
			r.fail(piece, err, p)
			return
		}
		r.done.Add(1)
	}
}

func (r *run) call(piece int) (err error, p *Panic) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if inner, ok := v.(*Panic); ok {
			p = inner
			return
		}
		p = &Panic{Value: v, Stack: string(debug.Stack())}
	}()
	return r.f(piece), nil
}

func (r *run) fail(piece int64, err error, p *Panic) {
	r.stop.Store(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if piece < r.failed {
		r.failed, r.err, r.panic = piece, err, p
	}
}

// Collect runs f over all pieces as Run does and gives what each returned, in the order of the pieces.
func Collect[T any](ctx context.Context, threads, pieces int, f func(piece int) (T, error)) ([]T, error) {
	out := make([]T, pieces)
	err := Run(ctx, threads, pieces, func(piece int) (err error) {
		out[piece], err = f(piece)
		return err
	})
	return out, err
}

// Concat runs f over all pieces and puts the lists they return behind one another, in the order of the pieces.
func Concat[T any](ctx context.Context, threads, pieces int, f func(piece int) ([]T, error)) ([]T, error) {
	parts, err := Collect(ctx, threads, pieces, f)
	if err != nil {
		return nil, err
	}
	var out []T
	for _, p := range parts {
		out = append(out, p...)
	}
	return out, nil
}

// SumInt128 adds what f gives for each piece. The caller knows that the sum fits.
func SumInt128(ctx context.Context, threads, pieces int, f func(piece int) (kernels.Int128, error)) (kernels.Int128, error) {
	parts, err := Collect(ctx, threads, pieces, f)
	var sum kernels.Int128
	for _, p := range parts {
		sum = sum.Add(p)
	}
	return sum, err
}

// SumFloat64 adds what f gives for each piece, in the order of the pieces.
func SumFloat64(ctx context.Context, threads, pieces int, f func(piece int) (float64, error)) (float64, error) {
	parts, err := Collect(ctx, threads, pieces, f)
	var sum float64
	for _, p := range parts {
		sum += p
	}
	return sum, err
}
