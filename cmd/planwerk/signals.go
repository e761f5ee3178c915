package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// grace is how long a command has to return after the first signal. A computation that has not by then is ended in the
// middle of its arithmetic: nothing of it is on disk.
const grace = 700 * time.Millisecond

// withSignals returns a context that the first interrupt or termination signal ends: the command stops its work, removes
// what it was writing and returns. giveUp is called if it has not returned after the grace. A second signal ends the
// process at once.
func withSignals(parent context.Context, giveUp func(stopped)) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		var first stopped
		var expired <-chan time.Time
		for {
			select {
			case s := <-signals:
				if first.signal != nil {
					os.Exit(stopped{s}.code())
				}
				first, expired = stopped{s}, time.After(grace)
				cancel(first)
			case <-expired:
				giveUp(first)
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

// disk knows what a command has on disk that must not be left there half done.
type disk struct {
	mu        sync.Mutex
	temporary []string // directories to remove at the end, whatever the end
}

// writing runs work that writes files and, when its context ends, takes them back by itself: the process is not ended
// before it has returned.
func (d *disk) writing(work func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return work()
}

// keep makes a temporary directory known.
func (d *disk) keep(dir string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.temporary = append(d.temporary, dir)
}

// clean removes the temporary directories. It waits for what is being written.
func (d *disk) clean() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, dir := range d.temporary {
		os.RemoveAll(dir)
	}
	d.temporary = nil
}

// giveUp ends the process in the middle of a computation, once nothing is being written any more.
func (sh *shell) giveUp(s stopped) {
	sh.disk.clean()
	if !sh.ending.CompareAndSwap(false, true) {
		return // the command has just returned
	}
	sh.meter.close()
	sh.log.Error(s.text(), "exit", s.code())
	os.Exit(s.code())
}
