package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// withSignals returns a context that the first interrupt or termination signal ends: the command stops its work, removes
// what it was writing and returns. A second signal ends the process at once.
func withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for seen := 0; ; seen++ {
			select {
			case s := <-signals:
				if seen > 0 {
					os.Exit(stopped{s}.code())
				}
				cancel(stopped{s})
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
