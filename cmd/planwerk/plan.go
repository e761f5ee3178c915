package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"planwerk/datasets"
	"planwerk/engine/lp"
	"planwerk/engine/plan"

	"github.com/spf13/cobra"
)

// planFlags are the flags of plan and replan.
type planFlags struct {
	ledgerFlags // ledger, after, until, out, format, force, noVerify

	problem, warm, writeProblem, mps string
	objective, closing, demo         string
	method, finish                   string
	regions, log, replans            bool
	periods, needSteps               int
	maxFulfilment                    float64
	solver                           lp.Settings
	limit                            seconds
}

// planCommand plans.
func planCommand(sh *shell) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan --problem DIR --out DIR",
		Short: "the best plan for given targets, with shadow prices and a proof",
		Long: `plan reads a plan problem, a directory of the tables products, techniques, flows, resources, uses, targets, stocks,
recycling, transport, storage, investments and growth, and finds the best plan: how much of each technique. With
--from-ledger the problem comes from what an export records of a period.

Objectives: labour, the least labour that meets the at-least targets; fulfilment, the greatest common factor by which all
targets are met, then least labour; harmony, the greatest sum of a concave function of every target's fulfilment; aims, the
at-least targets met, least weighted shortfall of the others, then least labour.

The result is a directory: activities, balances, resources, certificate.json, summary.json and a manifest. Shadow prices say
what another unit would be worth. The certificate is computed from the problem as given; bound is proved. Targets that cannot
be met are explained, and nothing is written (exit 4).

Units: labour in minutes, quantities in units of the products and resources, shadow prices in minutes of labour per unit after
a labour stage, else in units of the objective per unit (the summary says which).`,
		Example: "  planwerk plan --demo\n  planwerk plan --demo=periods\n  planwerk plan --problem economy --objective labour --out plan\n" +
			"  planwerk plan --from-ledger export --after 2026-01-01 --until 2026-02-01 --out plan --periods 3 --json",
		Args: func(cmd *cobra.Command, args []string) error {
			if f.demo != "" && len(args) == 1 && slices.Contains(planDemos(), args[0]) {
				return usagef("write --demo=%s, without a space", args[0])
			}
			return noArguments(cmd, args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.settle(cmd, sh); err != nil {
				return err
			}
			return sh.plan(cmd.Context(), &f)
		},
	}
	f.add(cmd)
	return cmd
}

// add declares the flags.
func (f *planFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.problem, "problem", "", "directory of the plan problem")
	fs.StringVar(&f.ledger, "from-ledger", "", "make the problem from this ledger export, with --after and --until")
	fs.Var(&f.after, "after", "the period of --from-ledger begins after this time")
	fs.Var(&f.until, "until", "and ends with this time")
	fs.StringVar(&f.demo, "demo", "", "plan an example that is part of the program and explain it: "+strings.Join(planDemos(), "|"))
	fs.Lookup("demo").NoOptDefVal = datasets.PlanExamples[0].Name
	f.addPlanning(cmd)
}

// addPlanning declares the flags that plan and replan share.
func (f *planFlags) addPlanning(cmd *cobra.Command) {
	fs := cmd.Flags()
	f.addOutput(cmd)
	fs.StringVar(&f.objective, "objective", string(plan.Aims), "labour|fulfilment|harmony|aims")
	fs.IntVar(&f.needSteps, "need-steps", plan.DefaultNeedSteps, "aims: steps of a need, the first of which counts most")
	fs.Float64Var(&f.maxFulfilment, "max-fulfilment", 1, "fulfilment: factor beyond which more is not wanted")
	fs.BoolVar(&f.regions, "regions", false, "goods may be carried between regions (table transport)")
	fs.IntVar(&f.periods, "periods", 0, "repeat the problem over so many periods, with storage, investments and growth")
	fs.StringVar(&f.closing, "closing", string(plan.Keep), "what the last period leaves: keep (opening stocks and capacities)|free|price")
	fs.Float64Var(&f.solver.Tolerance, "tolerance", 1e-6, "largest relative residual and gap")
	fs.Var(&f.limit, "time-limit", "stop after so many seconds with the best plan so far (default none)")
	fs.IntVar(&f.solver.Iterations, "iterations", 0, "stop each stage after so many iterations; deterministic, unlike --time-limit (default none)")
	fs.StringVar(&f.method, "method", "auto", "auto|pdhg|ipm|plan")
	fs.StringVar(&f.finish, "finish", string(lp.FinishAuto), finishHelp)
	fs.StringVar(&f.warm, "warm", "", "begin from this earlier plan")
	fs.StringVar(&f.writeProblem, "write-problem", "", "write the problem over regions and periods as tables into this directory")
	fs.StringVar(&f.mps, "mps", "", "write the linear program of the first stage to this MPS file, gzip when the name ends in .gz")
	fs.BoolVar(&f.log, "log", false, "show the solver's log on stderr")
	fs.BoolVar(&f.noVerify, "no-verify", false, "do not hash the files of the problem")
}

func planDemos() []string {
	var names []string
	for _, e := range datasets.PlanExamples {
		names = append(names, e.Name)
	}
	return names
}

// settle finds what is wrong with the flags before anything is read, and what an example brings along.
func (f *planFlags) settle(cmd *cobra.Command, sh *shell) error {
	sources := 0
	for _, given := range []bool{f.problem != "", f.ledger != "", f.demo != ""} {
		if given {
			sources++
		}
	}
	if sources != 1 {
		return usagef("give one of --problem DIR, --from-ledger DIR and --demo")
	}
	if f.demo != "" {
		e, _, err := datasets.FindPlan(f.demo)
		if err != nil {
			return usagef("--demo=%s: give one of %s", f.demo, strings.Join(planDemos(), ", "))
		}
		f.follow(cmd, e)
	}
	if f.ledger != "" {
		switch {
		case !f.after.set || !f.until.set:
			return usagef("--after and --until are both needed: the period of the ledger to plan from")
		case f.after.umicros >= f.until.umicros:
			return usagef("the period is empty: --after %s is not before --until %s", f.after.text, f.until.text)
		}
	}
	for flag, dir := range map[string]string{"problem": f.problem, "from-ledger": f.ledger} {
		if dir == "" {
			continue
		}
		if info, err := os.Stat(dir); err != nil {
			return inputf("--%s %s: there is no such directory", flag, dir)
		} else if !info.IsDir() {
			return inputf("--%s %s is a file; name the directory that holds the tables", flag, dir)
		}
	}
	return f.settlePlanning(sh)
}

// follow takes over what an example is worked out for, unless flags say otherwise.
func (f *planFlags) follow(cmd *cobra.Command, e *datasets.PlanExample) {
	set := func(flag string, apply func()) {
		if !cmd.Flags().Changed(flag) {
			apply()
		}
	}
	set("objective", func() { f.objective = e.Objective })
	set("regions", func() { f.regions = e.Regions })
	set("periods", func() { f.periods = e.Periods })
	if e.MaxFulfilment > 0 {
		set("max-fulfilment", func() { f.maxFulfilment = e.MaxFulfilment })
	}
}

// settlePlanning checks what plan and replan share.
func (f *planFlags) settlePlanning(sh *shell) error {
	f.solver.Method, f.solver.TimeLimit, f.solver.Threads = lp.Method(f.method), time.Duration(f.limit), sh.threads
	f.solver.Finish = lp.Finish(f.finish)
	gpu := sh.solver()
	f.solver.Device, f.solver.DeviceFallback = gpu.machine, gpu.fallback
	if err := checkSolve(&f.solver); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{"labour", "fulfilment", "harmony", "aims"}, f.objective):
		return usagef("--objective %s: give labour, fulfilment, harmony or aims", f.objective)
	case !slices.Contains([]string{"keep", "free", "price"}, f.closing):
		return usagef("--closing %s: give keep, free or price", f.closing)
	case f.needSteps < 1 || f.needSteps > 1000:
		return usagef("--need-steps %d: give 1 to 1000", f.needSteps)
	case !(f.maxFulfilment > 0):
		return usagef("--max-fulfilment %v: give a number above 0", f.maxFulfilment)
	case f.periods < 0:
		return usagef("--periods %d: give a number above 0", f.periods)
	case f.out == "" && f.writeProblem == "" && f.mps == "" && f.demo == "":
		return usagef("--out is missing: name a directory for the plan")
	}
	for flag, path := range map[string]string{"out": f.out, "write-problem": f.writeProblem, "mps": f.mps} {
		for what, read := range map[string]string{"problem": f.problem, "ledger": f.ledger} {
			if path != "" && read != "" && inside(path, read) {
				return usagef("--%s %s lies inside of the %s, which is only read; name another directory", flag, path, what)
			}
		}
	}
	if f.mps != "" && (f.writeProblem == "" || !inside(f.mps, f.writeProblem)) {
		if err := canHold("--mps", f.mps); err != nil {
			return err
		}
	}
	return f.checkOut()
}

// expansion is the regions and periods the flags ask for.
func (f *planFlags) expansion() plan.Expansion {
	return plan.Expansion{Regions: f.regions, Periods: f.periods, Closing: plan.Closing(f.closing)}
}

// settings are what the plan is to be.
func (f *planFlags) settings(sh *shell) plan.Settings {
	set := plan.Settings{Objective: plan.Objective(f.objective), NeedSteps: f.needSteps, MaxFulfilment: f.maxFulfilment, LP: f.solver}
	if f.log {
		set.LP.Log = func(line string) {
			if sh.json {
				sh.log.Info(line)
			} else {
				fmt.Fprintln(sh.err, line)
			}
		}
	}
	return set
}
