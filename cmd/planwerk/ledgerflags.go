package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/revision"
	"planwerk/kernels"

	"github.com/spf13/cobra"
)

// ledgerFlags are the flags of every command that computes from a ledger.
type ledgerFlags struct {
	ledger, out, format, rounding, debtIn string
	after, until                          moment
	limit                                 ratio
	checkRevisions, allViolations         bool
	strict, force, noVerify, dryRun       bool
}

var resultFormats = []string{"parquet", "arrow", "csv"}

// add declares them on a command.
func (f *ledgerFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.ledger, "ledger", "", "directory of the ledger export (required)")
	fs.Var(&f.after, "after", "the period begins after this time (required)")
	fs.Var(&f.until, "until", "and ends with this time (required)")
	f.addOutput(cmd)
	fs.StringVar(&f.rounding, "rounding", "cascade", "rounding of coupons: cascade|floor")
	fs.Var(&f.limit, "writeoff-limit", "most of the labour that write-offs may take in one revision, such as 1/10; the rest is debt (default off)")
	fs.StringVar(&f.debtIn, "debt-in", "", "revisions table of an earlier result, or its directory: debts to begin with, in minutes")
	fs.BoolVar(&f.checkRevisions, "check-revisions", false, "recompute every recorded revision")
	fs.BoolVar(&f.allViolations, "all-violations", false, "list violations outside of the period as well")
	fs.BoolVar(&f.strict, "strict", false, "exit 1 when there are violations")
	fs.BoolVar(&f.noVerify, "no-verify", false, "do not hash the files that the export's manifest lists")
	fs.BoolVar(&f.dryRun, "dry-run", false, "only say what would be read: files, rows, bytes, memory")
}

// addOutput declares the flags that say where a result goes.
func (f *ledgerFlags) addOutput(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", f.out, "directory of the result; it appears when it is complete")
	fs.StringVar(&f.format, "format", "parquet", "files of the result: "+strings.Join(resultFormats, "|"))
	fs.BoolVar(&f.force, "force", false, "replace an existing result")
}

// check finds what is wrong with the flags before anything is read.
func (f *ledgerFlags) check(needOut bool) error {
	switch {
	case f.ledger == "":
		return usagef("--ledger is missing: name the directory of the export")
	case !f.after.set || !f.until.set:
		return usagef("--after and --until are both needed: the period, such as --after 2026-01-01 --until 2026-02-01")
	case f.after.umicros >= f.until.umicros:
		return usagef("the period is empty: --after %s is not before --until %s", f.after.text, f.until.text)
	case needOut && f.out == "" && !f.dryRun:
		return usagef("--out is missing: name a directory for the result")
	}
	info, err := os.Stat(f.ledger)
	if err != nil {
		return inputf("--ledger %s: there is no such directory", f.ledger)
	}
	if !info.IsDir() {
		return inputf("--ledger %s is a file; an export is a directory", f.ledger)
	}
	return f.checkOut()
}

// checkOut refuses early what writing would refuse after all the work, and a result inside of the ledger.
func (f *ledgerFlags) checkOut() error {
	if !slices.Contains(resultFormats, f.format) {
		return usagef("--format %s: give one of %s", f.format, strings.Join(resultFormats, ", "))
	}
	if f.out == "" || f.dryRun {
		return nil
	}
	if f.ledger != "" && inside(f.out, f.ledger) {
		return usagef("--out %s lies inside of the ledger, which is only read; name another directory", f.out)
	}
	if info, err := os.Stat(f.out); err == nil && !info.IsDir() {
		return usagef("--out %s is a file; name a directory", f.out)
	}
	if entries, err := os.ReadDir(f.out); err == nil && len(entries) > 0 && !f.force {
		return usagef("--out %s exists already; --force replaces a result, or name another directory", f.out)
	}
	if err := arrow.CheckTarget(f.out, f.force); err != nil {
		if base := baseOf(err); base != err {
			return usagef("--out %s cannot be made: %w", f.out, base)
		}
		return usagef("--out %w", err)
	}
	return canMake(f.out)
}

// canMake tries, before all the work, whether a directory could be made at path: something is made and taken back in the
// nearest folder there is.
func canMake(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return usagef("--out %s: %w", path, err)
	}
	parent := filepath.Dir(abs)
	for parent != filepath.Dir(parent) {
		if _, err := os.Stat(parent); err == nil {
			break
		}
		parent = filepath.Dir(parent)
	}
	probe, err := os.MkdirTemp(parent, ".tmp-planwerk-")
	if err != nil {
		return usagef("--out %s cannot be made: %w", path, baseOf(err))
	}
	return os.Remove(probe)
}

// job is the batch the flags ask for, without the reading of the ledger.
func (f *ledgerFlags) job(sh *shell) (engine.Job, error) {
	rounding, err := engine.ParseRounding(f.rounding)
	if err != nil {
		return engine.Job{}, usagef("--%w", err)
	}
	job := engine.Job{
		After: f.after.umicros, Until: f.until.umicros, Rounding: rounding,
		CheckRevisions: f.checkRevisions, AllViolations: f.allViolations, Threads: sh.threads, Device: sh.machine(),
	}
	if f.limit.set {
		job.WriteoffLimit = &revision.Ratio{Num: f.limit.num, Den: f.limit.den}
	}
	if f.debtIn != "" {
		job.DebtIn, err = readDebts(f.debtIn)
	}
	return job, err
}

// readDebts reads the debts an earlier result left. A subsystem without one has no part in the parameters of the next.
func readDebts(path string) ([]engine.Debt, error) {
	rows, err := arrow.ReadDebts(path)
	if err != nil {
		return nil, fmt.Errorf("--debt-in: %w", err)
	}
	var debts []engine.Debt
	for _, r := range rows {
		if umin := kernels.Int128(r.DebtOut); umin.Sign() != 0 {
			debts = append(debts, engine.Debt{Collective: r.Subsystem, Umin: umin})
		}
	}
	return debts, nil
}
