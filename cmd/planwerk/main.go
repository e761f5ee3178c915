package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit code. Nothing below it calls os.Exit but signals.go.
func run(args []string, stdout, stderr io.Writer) (code int) {
	sh := newShell(stdout, stderr)
	if slices.Contains(args, "--json") {
		sh.speakJSON(slog.LevelInfo) // errors in the command line itself, too
	}
	defer func() {
		if fault := recover(); fault != nil {
			code = sh.fault(fault, debug.Stack())
		}
	}()
	defer sh.disk.clean()
	ctx, stop := withSignals(context.Background(), sh.giveUp)
	defer stop()
	root := newRoot(sh)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if !sh.ending.CompareAndSwap(false, true) {
		select {} // giveUp ends the process
	}
	return sh.finish(ctx, err)
}
