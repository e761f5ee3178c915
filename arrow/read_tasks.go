package arrow

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// workerCount is the number of goroutines for n tasks.
func workerCount(opt Options, n int) int {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	return min(opt.Threads, n)
}

// runTasks does tasks 0 … n−1 on workers, each with what worker makes for it; leave is called when a worker ends. A
// panic of a task is its error. After a failure only tasks before it are still begun, so that the error returned is
// that of the first failing task in order.
func runTasks(ctx context.Context, workers, n int, worker func(w int) func(i int) error, leave func(w int)) error {
	var next atomic.Int64
	var mu sync.Mutex
	var failure error
	failed := int64(math.MaxInt64)
	fail := func(i int64, err error) {
		mu.Lock()
		defer mu.Unlock()
		if i < failed {
			failed, failure = i, err
		}
	}
	stop := func(i int64) bool {
		mu.Lock()
		defer mu.Unlock()
		return i > failed
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			if leave != nil {
				defer leave(w)
			}
			task := worker(w)
			for {
				i := next.Add(1) - 1
				if i >= int64(n) || stop(i) {
					return
				}
				if err := ctx.Err(); err != nil {
					fail(-1, err)
					return
				}
				if err := guarded(func() error { return task(int(i)) }); err != nil {
					fail(i, err)
				}
			}
		})
	}
	wg.Wait()
	return failure
}

func guarded(f func() error) (err error) {
	defer catch(&err, "reading")
	return f()
}
