package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"planwerk/bench"

	"github.com/spf13/cobra"
)

// benchBatchCommand measures the nightly batch.
func benchBatchCommand(sh *shell) *cobra.Command {
	var sizes []string
	var dir, out string
	var keep bool
	cmd := &cobra.Command{
		Use:   "batch [--workloads N,N…] [--dir DIR] [--results FILE]",
		Short: "generate, batch and verify at several sizes, each a process of its own",
		Long: `bench batch generates an export of each size, runs the batch on it and verifies the result. 100M takes about 10 GiB of disk
and 16 GiB of memory.

Units: sizes in rows of the table workloads (100k, 10M), times in seconds, memory in bytes.`,
		Example: "  planwerk bench batch --workloads 1M,10M,100M --dir /scratch --results bench/results/batch.json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg := bench.BatchConfig{Dir: dir, Keep: keep, Threads: sh.threads, Log: sh.err}
			for _, s := range sizes {
				var n count
				if err := n.Set(s); err != nil {
					return usagef("--workloads %s: %w", s, err)
				}
				cfg.Workloads = append(cfg.Workloads, int64(n))
			}
			return sh.benchBatch(cmd.Context(), cfg, out)
		},
	}
	fs := cmd.Flags()
	fs.StringSliceVar(&sizes, "workloads", []string{"100k"}, "sizes, rows of the table workloads")
	fs.StringVar(&dir, "dir", "", "where exports and results go (default: a temporary directory)")
	fs.StringVar(&out, "results", "", "also write the table, with all that was measured, to this JSON file")
	fs.BoolVar(&keep, "keep", false, "keep exports and results, and take exports that are there already")
	return cmd
}

func (sh *shell) benchBatch(ctx context.Context, cfg bench.BatchConfig, out string) (err error) {
	if cfg.Binary, err = os.Executable(); err != nil {
		return err
	}
	if cfg.Dir == "" {
		if cfg.Dir, err = os.MkdirTemp("", "planwerk-bench-"); err != nil {
			return err
		}
		sh.disk.keep(cfg.Dir)
	}
	if sh.memory > 0 {
		cfg.Memory = fmt.Sprint(int64(sh.memory))
	}
	if sh.quiet {
		cfg.Log = io.Discard
	}
	runs, err := bench.Batch(ctx, cfg)
	if err != nil {
		return err
	}
	var sizes []string
	for _, n := range cfg.Workloads {
		sizes = append(sizes, fmt.Sprint(n))
	}
	table := bench.BatchTable("planwerk bench batch --workloads "+strings.Join(sizes, ","), runs)
	if out != "" {
		if err := table.Write(out); err != nil {
			return err
		}
	}
	if sh.json {
		return json.NewEncoder(sh.out).Encode(table)
	}
	fmt.Fprintf(sh.out, "%s, commit %s\n%s\n", table.Machine, table.Commit, strings.Join(table.Columns, " | "))
	for _, row := range table.Cells {
		fmt.Fprintln(sh.out, strings.Join(row, " | "))
	}
	return nil
}
