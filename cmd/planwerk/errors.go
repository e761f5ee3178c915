package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"planwerk/arrow"
)

// Exit codes of every command. A command stopped by a signal ends with 128 + its number, as a shell reports it.
const (
	exitDone       = 0
	exitViolations = 1 // under --strict
	exitUsage      = 2
	exitInput      = 3
	exitUnsolved   = 4 // limit reached, infeasible, unbounded
	exitFault      = 5
)

// exitError carries the exit code an error stands for.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usagef is an error in how the command was called.
func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// inputf is an error in what the command was given to read.
func inputf(format string, args ...any) error {
	return &exitError{exitInput, fmt.Errorf(format, args...)}
}

// unsolvedf says that a problem was read and not solved.
func unsolvedf(format string, args ...any) error {
	return &exitError{exitUnsolved, fmt.Errorf(format, args...)}
}

// violationsf says that a ledger breaks rules, under --strict.
func violationsf(format string, args ...any) error {
	return &exitError{exitViolations, fmt.Errorf(format, args...)}
}

// stopped is the cause of a context a signal ended.
type stopped struct{ signal os.Signal }

func (s stopped) Error() string { return "stopped by " + s.signal.String() }

// text is the line that reports it.
func (s stopped) text() string { return s.Error() + "; what was being written is removed" }

// code is 128 + the signal's number.
func (s stopped) code() int {
	if n, ok := s.signal.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return exitFault
}

// exitCode is what an error means to the caller of the process. Whatever is not said otherwise comes from reading or
// writing files and is bad input.
func exitCode(ctx context.Context, err error, started bool) int {
	var coded *exitError
	var signal stopped
	switch {
	case err == nil:
		return exitDone
	case errors.As(context.Cause(ctx), &signal):
		return signal.code()
	case errors.As(err, &coded):
		return coded.code
	case !started, errors.Is(err, fs.ErrExist), errors.Is(err, arrow.ErrExists):
		return exitUsage
	}
	return exitInput
}
