package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"planwerk/engine/plan"
	"planwerk/ledgeradapter/planproblem"

	"github.com/spf13/cobra"
)

// replanFlags are the flags of replan beside those of plan.
type replanFlags struct {
	planFlags
	export      string // the ledger export
	since       moment
	updated     string
	scale, part float64
}

// replanCommand brings a plan up to date with what was observed.
func replanCommand(sh *shell) *cobra.Command {
	var f replanFlags
	cmd := &cobra.Command{
		Use:   "replan PLAN --ledger DIR --ledger-since T --out DIR",
		Short: "plan again with targets and recycling as a ledger shows them",
		Long: `replan takes an earlier plan and a ledger export, replaces targets by what was handed out to individuals since T and shares
of recycling by what was recovered, and plans again, beginning from the earlier plan. The problem so updated is written as
tables beside the new plan, which names it as its problem. Settings are those of the earlier plan unless flags say otherwise.

Product types of the ledger are products of the same id. --scale says how many times what was observed the plan's period
takes: 3 if ten days were observed and the plan is for thirty; without it a plan made from a ledger knows, any other takes 1.

Units: labour in minutes, quantities in units of the products and resources.`,
		Example: "  planwerk replan january --ledger export --ledger-since 2026-01-20 --scale 3 --out february",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("give the directory of one earlier plan; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.replan(cmd.Context(), cmd, args[0], &f)
		},
	}
	f.addPlanning(cmd)
	fs := cmd.Flags()
	fs.StringVar(&f.export, "ledger", "", "directory of the ledger export (required)")
	fs.Var(&f.since, "ledger-since", "what happened after this time counts as observed (required)")
	fs.Var(&f.until, "until", "and up to this time (default: all that the export has)")
	fs.Float64Var(&f.scale, "scale", 0, "times what was observed that the plan's period takes")
	fs.Float64Var(&f.part, "trust", 1, "share of the new targets that is observed; the rest is the old target")
	fs.StringVar(&f.updated, "updated", "", "directory for the updated problem (default: that of --out with -problem)")
	return cmd
}

// endOfTime is later than anything a ledger records, and within RFC 3339.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// settleReplan finds what is wrong with the flags.
func (f *replanFlags) settleReplan(cmd *cobra.Command, sh *shell, earlier string) error {
	switch {
	case f.export == "":
		return usagef("--ledger is missing: name the directory of the export")
	case !f.since.set:
		return usagef("--ledger-since is missing: the time from which on consumption counts as observed")
	case f.until.set && f.until.umicros <= f.since.umicros:
		return usagef("nothing is observed: --ledger-since %s is not before --until %s", f.since.text, f.until.text)
	case cmd.Flags().Changed("scale") && !(f.scale > 0 && f.scale <= 1e18):
		return usagef("--scale %v: give a number above 0", f.scale)
	case !(f.part >= 0 && f.part <= 1):
		return usagef("--trust %v: give a share between 0 and 1", f.part)
	case f.out == "":
		return usagef("--out is missing: name a directory for the plan")
	}
	if info, err := os.Stat(f.export); err != nil || !info.IsDir() {
		return inputf("--ledger %s: there is no such directory", f.export)
	}
	if f.updated == "" {
		f.updated = filepath.Clean(f.out) + "-problem"
	}
	for flag, dir := range map[string]string{"out": f.out, "updated": f.updated} {
		for what, read := range map[string]string{"ledger": f.export, "earlier plan": earlier} {
			if inside(dir, read) {
				return usagef("--%s %s lies inside of the %s, which is only read; name another directory", flag, dir, what)
			}
		}
	}
	if inside(f.updated, f.out) || inside(f.out, f.updated) {
		return usagef("--updated %s and --out %s lie in each other; name two directories", f.updated, f.out)
	}
	return f.settlePlanning(sh)
}

// replan updates the problem of an earlier plan and plans again.
func (sh *shell) replan(ctx context.Context, cmd *cobra.Command, earlier string, f *replanFlags) error {
	if err := isResult(earlier); err != nil {
		return err
	}
	made, err := planproblem.OpenPlan(ctx, earlier)
	if err != nil {
		return err
	}
	was, err := planFlagsOf(made.Manifest.Parameters)
	if err != nil {
		return inputf("%s: %w", earlier, err)
	}
	f.inherit(cmd, was)
	f.replans = true
	if err := f.settleReplan(cmd, sh, earlier); err != nil {
		return err
	}
	was.nameSource(made.Manifest.Ledger)
	pl, err := sh.readProblem(ctx, was)
	if err != nil {
		return err
	}
	until := endOfTime
	if f.until.set {
		until = f.until.umicros
	}
	l, in, err := sh.ledgerOf(ctx, f.export, f.since.umicros, until, f.noVerify)
	if err != nil {
		return err
	}
	pl.notices = append(pl.notices, in.Notices...)
	next, notices, err := plan.Update(pl.given, plan.Observe(l, f.times(was, until)), f.part)
	if err != nil {
		return usagef("%w", err)
	}
	pl.notices = append(pl.notices, notices...)
	return sh.planUpdated(ctx, pl, next, earlier, f)
}

// planUpdated writes the updated problem, reads it back as any problem is read, and plans it from the earlier plan. An
// updated problem that this call wrote is taken back if no plan comes of it.
func (sh *shell) planUpdated(ctx context.Context, pl *planning, next *plan.Problem, earlier string, f *replanFlags) error {
	_, there := os.Stat(f.updated)
	fresh := errors.Is(there, os.ErrNotExist)
	err := sh.disk.writing(func() error { return planproblem.WriteProblem(ctx, f.updated, next, f.format, f.force) })
	if err != nil {
		return err
	}
	f.problem, f.warm = f.updated, earlier
	again, err := sh.readProblem(ctx, &f.planFlags)
	if err == nil {
		again.notices = append(pl.notices, again.notices...)
		err = sh.planOf(ctx, again)
	}
	if err != nil {
		if _, there := os.Stat(f.out); fresh && errors.Is(there, os.ErrNotExist) {
			err = errors.Join(err, os.RemoveAll(f.updated))
		}
	}
	return err
}

// inherit takes over the earlier plan's settings where no flag says otherwise.
func (f *replanFlags) inherit(cmd *cobra.Command, was *planFlags) {
	for flag, apply := range map[string]func(){
		"objective":      func() { f.objective = was.objective },
		"closing":        func() { f.closing = was.closing },
		"regions":        func() { f.regions = was.regions },
		"periods":        func() { f.periods = was.periods },
		"need-steps":     func() { f.needSteps = was.needSteps },
		"max-fulfilment": func() { f.maxFulfilment = was.maxFulfilment },
		"finish":         func() { f.finish = was.finish },
		"tolerance":      func() { f.solver.Tolerance = was.solver.Tolerance },
	} {
		if !cmd.Flags().Changed(flag) {
			apply()
		}
	}
}

// times is the factor from what was observed to the plan's period.
func (f *replanFlags) times(was *planFlags, until int64) float64 {
	switch {
	case f.scale > 0:
		return f.scale
	case was.after.set && f.until.set:
		return float64(was.until.umicros-was.after.umicros) / float64(until-f.since.umicros)
	}
	return 1
}
