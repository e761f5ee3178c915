package main

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Memory above the limit for a moment is garbage; memory that stays above it ends the work, with a word.
func TestMemoryGuard(t *testing.T) {
	var inUse atomic.Int64
	guard := memoryGuard{limit: 1 << 20, inUse: inUse.Load, every: memoryPatience / 100}
	ctx, stop := guard.watch(context.Background())
	defer stop()
	inUse.Store(1<<20 + memorySlack)
	select {
	case <-ctx.Done():
		t.Fatalf("ended within the limit: %v", context.Cause(ctx))
	case <-time.After(2 * memoryPatience):
	}
	inUse.Store(2<<20 + memorySlack)
	<-ctx.Done()
	var e exceeded
	if !errors.As(context.Cause(ctx), &e) || !strings.Contains(e.Error(), "--memory 1 MiB") {
		t.Errorf("%v", context.Cause(ctx))
	}
}

// A command that needs too much ends with exit 3 and one line that says what to do.
func TestTooMuchMemory(t *testing.T) {
	var held []byte
	o := withCommand(t, func(ctx context.Context) error {
		held = make([]byte, 3*memorySlack)
		for i := range held {
			held[i] = 1
		}
		<-ctx.Done()
		return ctx.Err()
	}, "--memory", "1MiB")
	if len(held) == 0 || held[len(held)-1] != 1 {
		t.Fatal("nothing was held")
	}
	if o.code != exitInput || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, "raise the limit") {
		t.Errorf("exit %d: %q", o.code, o.stderr)
	}
}

// TestMemoryGuardOfEverything: the largest limit there is does not end anything.
func TestMemoryGuardOfEverything(t *testing.T) {
	guard := memoryGuard{limit: math.MaxInt64, inUse: func() int64 { return 1 << 30 }, every: memoryPatience / 100}
	ctx, stop := guard.watch(context.Background())
	defer stop()
	select {
	case <-ctx.Done():
		t.Fatalf("ended: %v", context.Cause(ctx))
	case <-time.After(2 * memoryPatience):
	}
}
