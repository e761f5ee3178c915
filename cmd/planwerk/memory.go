package main

import (
	"context"
	"time"
)

// memorySlack is what the program itself takes beside the data that --memory is about.
const memorySlack = 64 << 20

// memoryPatience is how long memory may stay above the limit: garbage is collected meanwhile, data stays.
const memoryPatience = time.Second

// memoryGuard ends work that needs more memory than --memory allows, before the system ends it without a word.
type memoryGuard struct {
	limit byteSize
	inUse func() int64 // bytes
	every time.Duration
}

// exceeded is why the guard ended the work.
type exceeded struct{ limit byteSize }

func (e exceeded) Error() string {
	return "more memory is needed than --memory " + e.limit.String() + " allows; raise the limit (batch --dry-run estimates what is needed)"
}

// watch returns a context that ends when memory stays above the limit. stop ends the watching.
func (g memoryGuard) watch(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	most := int64(min(float64(g.limit)*1.1+memorySlack, 1<<62))
	go func() {
		tick := time.NewTicker(g.every)
		defer tick.Stop()
		patience := int(memoryPatience / g.every)
		for above := 0; ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if above++; g.inUse() <= most {
				above = 0
			}
			if above > patience {
				cancel(exceeded{g.limit})
				return
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}
