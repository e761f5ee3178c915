package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"planwerk/engine/lp"

	"github.com/spf13/cobra"
)

// solveCommand solves a linear program from an MPS file.
func solveCommand(sh *shell) *cobra.Command {
	var settings lp.Settings
	var method, finish string
	var limit seconds
	cmd := &cobra.Command{
		Use:   "solve FILE.mps[.gz]",
		Short: "solve a linear program",
		Long: `solve reads a linear program in MPS format, fixed or free, plain or gzip, and solves it. It prints a log; the last line, or
under --json the only one, holds status, objective, bound, residuals, whether a vertex was reached, iterations and seconds.

Status is optimal (exit 0), infeasible, unbounded, iteration_limit or time_limit (exit 4), or interrupted (exit 130 or 143; a
large program may not be done with its certificate within the second there is). Objective, residuals and gap are recomputed
from the program as given; bound is proved: no feasible point is better. What other readers may take otherwise in a file is
said in a notice, or refused.

Units: objective and bound in the file's own; residuals and gap are relative, without a unit; times in seconds.`,
		Example: "  planwerk solve afiro.mps\n  planwerk solve plan.mps.gz --tolerance 1e-8 --time-limit 60 --json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("give one MPS file; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			settings.Method, settings.TimeLimit, settings.Threads = lp.Method(method), time.Duration(limit), sh.threads
			settings.Finish = lp.Finish(finish)
			gpu := sh.solver()
			settings.Device, settings.DeviceFallback = gpu.machine, gpu.fallback
			if err := checkSolve(&settings); err != nil {
				return err
			}
			return sh.solve(cmd.Context(), args[0], settings)
		},
	}
	fs := cmd.Flags()
	fs.Float64Var(&settings.Tolerance, "tolerance", 1e-6, "largest relative residual and gap")
	fs.Var(&limit, "time-limit", "stop after so many seconds with the best point so far (default none)")
	fs.IntVar(&settings.Iterations, "iterations", 0, "stop after so many iterations; deterministic, unlike --time-limit (default none)")
	fs.StringVar(&method, "method", "auto", "auto|pdhg|ipm|plan")
	fs.StringVar(&finish, "finish", string(lp.FinishAuto), finishHelp)
	fs.BoolVar(&settings.NoPresolve, "no-presolve", false, "solve the program as it stands")
	return cmd
}

const finishHelp = "auto|none|vertex: take the optimum on to a vertex, accurate to rounding; auto does for general programs"

// seconds is a flag holding a time in seconds, such as 20 or 0.5, or with a unit, such as 5m.
type seconds time.Duration

func (s *seconds) Type() string { return "seconds" }

func (s *seconds) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatFloat(time.Duration(*s).Seconds(), 'g', -1, 64)
}

func (s *seconds) Set(text string) error {
	d, err := time.ParseDuration(text)
	if f, bare := strconv.ParseFloat(text, 64); bare == nil && f < 1e9 {
		d, err = time.Duration(f*float64(time.Second)), nil
	}
	if err != nil || d <= 0 {
		return fmt.Errorf("give seconds above 0, such as 20 or 0.5")
	}
	*s = seconds(d)
	return nil
}

func checkSolve(s *lp.Settings) error {
	switch s.Method {
	case lp.Auto, lp.PDHG, lp.IPM, lp.Plan:
	default:
		return usagef("--method %s: give auto, pdhg, ipm or plan", s.Method)
	}
	switch s.Finish {
	case "", lp.FinishAuto, lp.FinishNone, lp.FinishVertex:
	default:
		return usagef("--finish %s: give auto, none or vertex", s.Finish)
	}
	if !(s.Tolerance > 0 && s.Tolerance < 1) {
		return usagef("--tolerance %v: give a number between 0 and 1, such as 1e-6", s.Tolerance)
	}
	if s.Iterations < 0 {
		return usagef("--iterations %d: give a number above 0", s.Iterations)
	}
	return nil
}

// solved is the last line of a solve: infinite numbers are null.
type solved struct {
	File           string   `json:"file"`
	Status         string   `json:"status"`
	Objective      jsonReal `json:"objective"`
	Bound          jsonReal `json:"bound"`
	PrimalResidual jsonReal `json:"primal_residual"`
	DualResidual   jsonReal `json:"dual_residual"`
	Gap            jsonReal `json:"gap"`
	MaxViolation   jsonReal `json:"max_violation"`
	Iterations     int      `json:"iterations"`
	Seconds        jsonReal `json:"seconds"`
	Method         string   `json:"method"`
	Vertex         bool     `json:"vertex"` // an optimal vertex was reached, accurate to rounding
	Digest         string   `json:"digest"`
	Level          string   `json:"level"`
	GPU            string   `json:"gpu,omitempty"` // what one had to do with it
}

// jsonReal is a number that JSON may not be able to hold.
type jsonReal float64

func (r jsonReal) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(r), 0) || math.IsNaN(float64(r)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

// solve reads, solves and reports.
func (sh *shell) solve(ctx context.Context, path string, settings lp.Settings) error {
	problem, err := lp.ReadMPSFile(path)
	if err != nil {
		return err
	}
	sh.notices(problem.Notices)
	settings.Log = func(line string) { fmt.Fprintln(sh.out, line) }
	switch {
	case sh.quiet:
		settings.Log = nil
	case sh.json:
		settings.Log = func(line string) { sh.log.Info(line) }
	}
	sol, err := lp.Solve(ctx, problem, settings)
	if err != nil {
		return err
	}
	c := &sol.Certificate
	last := solved{path, string(sol.Status), jsonReal(c.Objective), jsonReal(c.Bound), jsonReal(c.PrimalResidual), jsonReal(c.DualResidual),
		jsonReal(c.Gap), jsonReal(c.MaxViolation), c.Iterations, jsonReal(c.Seconds), string(sol.Method), sol.Vertex, c.Digest, sh.levelName(), sh.gpuUse()}
	if sh.json {
		err = sh.printJSON(last)
	} else {
		_, err = fmt.Fprintf(sh.out, "status=%s objective=%.12g bound=%.12g primal_residual=%.3g dual_residual=%.3g gap=%.3g vertex=%t iterations=%d seconds=%.3f\n",
			last.Status, c.Objective, notSubnormal(c.Bound), c.PrimalResidual, c.DualResidual, c.Gap, last.Vertex, c.Iterations, c.Seconds)
	}
	if err == nil && sol.Status != lp.Optimal {
		err = unsolvedf("%s: %s", path, sol.Status)
	}
	return err
}
