package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"planwerk/bench/hardware"

	"github.com/spf13/cobra"
)

// hardwareFlags are the flags of bench itself.
type hardwareFlags struct {
	quick   bool
	only    []string
	dir     string
	results string
	runs    int
}

// benchCommand measures this machine.
func benchCommand(sh *shell) *cobra.Command {
	var f hardwareFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "measure planwerk on this machine",
		Long: `bench measures this machine: the same seeded workloads at every level of kernels it has, a GPU included, each on one thread
and on all. It prints how much each gets through, the bytes it must touch at least, what share of the machine's own bandwidth
that is, and a digest of the result: the same on every machine, level and number of threads, or bench ends with exit code 5.
Where gcc is installed, loops in C stand beside ours.

The full size takes about ten minutes and 4 GiB of memory; --quick takes seconds, in caches, and shows that everything works.
--level NAME measures that level alone; --level cuda the GPU and the best level of the processors. "bench compare" puts two
reports beside each other, "bench batch" measures the whole batch as a user runs it.

Units: times in milliseconds of wall clock and processor, medians of at least five; items in millions a second; GB are 10^9
bytes.`,
		Example: "  planwerk bench --quick\n  planwerk bench --json > this-machine.json\n  planwerk bench --only SpMV,averages --level avx2 --threads 2",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return sh.benchHardware(cmd.Context(), &f) },
	}
	fs := cmd.Flags()
	fs.BoolVar(&f.quick, "quick", false, "small sizes: seconds instead of minutes")
	fs.StringArrayVar(&f.only, "only", nil, "only workloads whose name contains this; may be given again, or as a list: "+strings.Join(hardware.Names(), "; "))
	fs.StringVar(&f.dir, "dir", "", "where files of the workloads go (default: the system's temporary directory)")
	fs.StringVar(&f.results, "results", "", "also write the report, as a table for README.md with all that was measured, to this JSON file")
	fs.IntVar(&f.runs, "runs", 5, "timed runs of each case, at least 5")
	cmd.AddCommand(benchBatchCommand(sh), benchCompareCommand(sh))
	return cmd
}

// benchHardware measures and prints.
func (sh *shell) benchHardware(ctx context.Context, f *hardwareFlags) error {
	if f.runs < 5 {
		return usagef("--runs %d: give at least 5", f.runs)
	}
	cfg := hardware.Config{Quick: f.quick, Threads: sh.threads, Runs: f.runs, Dir: f.dir, Version: version(),
		Progress: func(workload string, done, total int) {
			sh.meter.report(workload, "workloads", int64(done), int64(total))
		}}
	for _, o := range f.only {
		cfg.Only = append(cfg.Only, chosenNames(o)...)
	}
	switch sh.level {
	case "auto", "cuda":
		d, err := sh.gpu.open()
		if err != nil {
			cfg.NoDevice = err.Error()
		} else {
			cfg.Device = d
		}
		if sh.level == "cuda" {
			cfg.Levels = []string{levelInUse(), hardware.CUDA}
		}
	default:
		cfg.Levels = []string{sh.level}
		cfg.NoDevice = "--level " + sh.level
	}
	r, err := hardware.Run(ctx, cfg)
	sh.meter.close()
	var differs *hardware.Differs
	if err != nil && !errors.As(err, &differs) {
		if r == nil && ctx.Err() == nil && len(cfg.Only) > 0 && strings.HasPrefix(err.Error(), "no workload") {
			return usagef("--only: %w", err)
		}
		return err
	}
	if differs != nil {
		err = &exitError{exitFault, err}
	}
	if f.results != "" {
		if err := r.Table(f.command(sh)).Write(f.results); err != nil {
			return err
		}
	}
	if sh.json {
		if err := sh.printJSON(r); err != nil {
			return err
		}
	} else {
		r.Print(sh.out)
	}
	return err
}

// chosenNames takes one name, which may hold commas, or a list.
func chosenNames(text string) []string {
	for _, n := range hardware.Names() {
		if n == text {
			return []string{text}
		}
	}
	var list []string
	for _, w := range strings.Split(text, ",") {
		if w = strings.TrimSpace(w); w != "" {
			list = append(list, w)
		}
	}
	return list
}

// command is what makes the same report again.
func (f *hardwareFlags) command(sh *shell) string {
	words := []string{"planwerk bench"}
	if f.quick {
		words = append(words, "--quick")
	}
	for _, o := range f.only {
		words = append(words, fmt.Sprintf("--only %q", o))
	}
	if sh.level != "auto" {
		words = append(words, "--level", sh.level)
	}
	return strings.Join(words, " ")
}

// benchCompareCommand prints two machines beside each other.
func benchCompareCommand(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "compare A.json B.json",
		Short: "two machines beside each other",
		Long: `bench compare reads two reports, as "planwerk bench --json" prints or --results writes them, and puts their rows beside each
other: how much each machine gets through, the ratio, the shares of their own bandwidths, and whether the results have the
same bits. Exit code 1 when they do not.

Units: items in millions a second; B : A above 1 when the second machine is the faster one.`,
		Example: "  planwerk bench compare bench/results/2026-11-21-hardware.json this-machine.json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("give two reports; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var reports [2]*hardware.Report
			for i, path := range args {
				r, err := hardware.Read(path)
				if err != nil {
					return inputf("%w", err)
				}
				reports[i] = r
			}
			c, err := hardware.Compare(reports[0], reports[1])
			if err != nil {
				return inputf("%w", err)
			}
			if sh.json {
				err = sh.printJSON(c)
			} else {
				c.Print(sh.out)
			}
			if err == nil && c.Differs > 0 {
				err = violationsf("%d rows have different bits on the two machines", c.Differs)
			}
			return err
		},
	}
}
