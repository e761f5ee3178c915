package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
)

// shell is what every subcommand is given: where to write, how to speak, and the settings all commands share.
type shell struct {
	out, err io.Writer
	log      *slog.Logger // to err: lines of text, or JSON objects under --json
	meter    meter        // progress of long work
	disk     disk         // what must not be left behind
	ending   atomic.Bool  // the command has returned, or was given up: one of them says how it ended
	started  bool         // the command line was understood; errors from here on are not about usage

	json, quiet bool
	threads     int
	memory      byteSize // 0: no limit of our own
	spill       string   // folder for the columns of a ledger larger than memory
	level       string
	gpu         graphics
	work        context.Context // of the command; nil before it has begun
}

func newShell(out, err io.Writer) *shell {
	return &shell{out: guarded(out), err: err, log: slog.New(plainHandler{err, slog.LevelInfo}), meter: silentMeter{}, threads: runtime.NumCPU(), level: "auto"}
}

// addFlags declares the flags all commands share.
func (sh *shell) addFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.BoolVar(&sh.json, "json", false, "machine-readable: one JSON object per log line on stderr, the outcome as JSON on stdout")
	f.BoolVar(&sh.quiet, "quiet", false, "no progress and no notices, only errors and the outcome")
	f.IntVar(&sh.threads, "threads", sh.threads, "threads to compute with; results do not depend on it")
	f.Var(&sh.memory, "memory", "memory to stay within, such as 12GiB; a tenth and 64 MiB more are let pass")
	f.StringVar(&sh.spill, "spill", "", "folder for the columns of a ledger larger than memory (default beside the result)")
	f.StringVar(&sh.level, "level", sh.level, "kernels to use: "+strings.Join(levelNames(), "|")+"; results do not depend on it")
}

// mostThreads is more than any machine has; the runtime would take minutes to prepare for millions.
const mostThreads = 1 << 12

// begin applies the shared settings before a command runs.
func (sh *shell) begin() error {
	if sh.threads < 1 {
		return usagef("--threads %d: give at least 1", sh.threads)
	}
	if sh.threads > mostThreads {
		return usagef("--threads %d: give at most %d", sh.threads, mostThreads)
	}
	runtime.GOMAXPROCS(sh.threads)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25) // columns hold no pointers: collecting costs little, doubling the heap would cost the ledger's size
	}
	if sh.memory > 0 {
		debug.SetMemoryLimit(int64(sh.memory))
	}
	if err := setLevel(sh.level); err != nil {
		return err
	}
	if err := sh.needGPU(); err != nil {
		return err
	}
	least := slog.LevelInfo
	if sh.quiet {
		least = slog.LevelError
	}
	if sh.json {
		sh.speakJSON(least)
	} else {
		sh.log = slog.New(plainHandler{sh.err, least})
	}
	sh.startMeter(least)
	sh.started = true
	return nil
}

// guardMemory gives a command a context that ends when it needs more memory than --memory allows.
func (sh *shell) guardMemory(cmd *cobra.Command) {
	sh.work = cmd.Context()
	if sh.memory > 0 {
		guard := memoryGuard{limit: sh.memory, inUse: memoryInUse, every: 100 * time.Millisecond}
		sh.work, _ = guard.watch(sh.work) // until the process ends
		cmd.SetContext(sh.work)
	}
}

// speakJSON turns log lines into JSON objects.
func (sh *shell) speakJSON(least slog.Level) {
	sh.log = slog.New(slog.NewJSONHandler(sh.err, &slog.HandlerOptions{Level: least}))
}

// notices passes on what a reader or the engine wants the user to know.
func (sh *shell) notices(texts []string) {
	for _, t := range texts {
		sh.log.Warn(t)
	}
}

// printJSON writes the outcome of a command under --json: one object on one line of stdout.
func (sh *shell) printJSON(v any) error {
	enc := json.NewEncoder(sh.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// finish reports a command's error, if any, on one line and returns the exit code.
func (sh *shell) finish(ctx context.Context, err error) int {
	sh.meter.close()
	var memory exceeded
	if err != nil && sh.work != nil && errors.As(context.Cause(sh.work), &memory) {
		err = inputf("%w", memory)
	}
	code := exitCode(ctx, err, sh.started)
	if err == nil {
		return code
	}
	text := oneLine(err.Error())
	var signal stopped
	if errors.As(context.Cause(ctx), &signal) {
		text = signal.text()
	}
	if code == exitUsage && !strings.Contains(text, "--help") {
		text += " (see --help)"
	}
	sh.log.Error(text, "exit", code)
	return code
}

// fault reports a bug of ours on one line: what, where, and how to tell us.
func (sh *shell) fault(cause any, stack []byte) int {
	sh.meter.close()
	text := fmt.Sprintf("internal fault: %v at %s; this is a bug: please report it with this line, the command line and the output of \"planwerk info\" (PLANWERK_TRACE=1 prints the whole trace)",
		cause, faultPlace(string(stack)))
	sh.log.Error(oneLine(text), "exit", exitFault)
	if os.Getenv("PLANWERK_TRACE") != "" {
		sh.err.Write(stack)
	}
	return exitFault
}

// faultPlace finds the line of our code that a panic's stack begins at.
func faultPlace(stack string) string {
	_, after, found := strings.Cut(stack, "panic(")
	if !found {
		after = stack
	}
	for _, line := range strings.Split(after, "\n") {
		place := strings.TrimSpace(line)
		if !strings.HasPrefix(line, "\t") || strings.Contains(place, "/runtime/") {
			continue
		}
		if i := strings.LastIndex(place, " +0x"); i > 0 {
			place = place[:i]
		}
		parts := strings.Split(place, "/")
		return strings.Join(parts[max(0, len(parts)-3):], "/")
	}
	return "an unknown place"
}
