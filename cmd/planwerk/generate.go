package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	synth "planwerk/datasets/make"

	"github.com/spf13/cobra"
)

// generateFlags are the settings of a synthetic export.
type generateFlags struct {
	out, format, ids                 string
	workloads, elements, descendants count
	seed                             uint64
	violations                       float64
	shuffle, force                   bool
}

// generateCommand writes a synthetic ledger export.
func generateCommand(sh *shell) *cobra.Command {
	f := generateFlags{workloads: 100_000}
	cmd := &cobra.Command{
		Use:   "generate --out DIR --workloads N --seed S",
		Short: "write a synthetic ledger export of any size",
		Long: `generate writes a whole ledger export, all tables, with balanced books: 100k workloads are a small one, 100M a large one.
The same settings and seed give the same bytes, at any number of threads.

Units: --workloads and --elements count rows (10M, 100k, 2500), --violations is a share of rows between 0 and 0.5. Labour
time in the tables is in minutes, amounts in units of the product type.`,
		Example: "  planwerk generate --out export --workloads 1M --seed 7\n  planwerk batch --ledger export --after 2026-03-01 --until 2026-04-01 --out result",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return sh.generate(cmd.Context(), &f)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.out, "out", "", "directory of the export; it appears when it is complete (required)")
	fs.Var(&f.workloads, "workloads", fmt.Sprintf("rows of the table workloads, at least %d; the other tables follow in proportion", synth.MinWorkloads))
	fs.Uint64Var(&f.seed, "seed", 1, "seed")
	fs.StringVar(&f.format, "format", "parquet", "files of the export: "+strings.Join(exportFormats, "|"))
	fs.StringVar(&f.ids, "ids", "int", "ids: int|text|hash (32 bytes)")
	fs.Var(&f.elements, "elements", "product elements (default workloads / 100)")
	fs.Var(&f.descendants, "descendants", "mean number of elements below one in the families (default 170)")
	fs.Float64Var(&f.violations, "violations", 0, "share of rows that break a rule on purpose")
	fs.BoolVar(&f.shuffle, "shuffle", false, "rows in random order instead of the order of time")
	fs.BoolVar(&f.force, "force", false, "replace an existing export")
	cmd.AddCommand(generateEconomyCommand(sh))
	return cmd
}

var exportFormats = []string{"parquet", "arrow", "arrows", "csv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "jsonl.zst"}

// generate writes an export, complete or not at all.
func (sh *shell) generate(ctx context.Context, f *generateFlags) error {
	if f.out == "" {
		return usagef("--out is missing: name a directory for the export")
	}
	if !slices.Contains(exportFormats, f.format) {
		return usagef("--format %s: give one of %s", f.format, strings.Join(exportFormats, ", "))
	}
	config := synth.Config{
		Workloads: int64(f.workloads), Seed: f.seed, Format: f.format, IDs: f.ids, Elements: int64(f.elements), Descendants: int64(f.descendants),
		Violations: f.violations, Shuffle: f.shuffle, Force: f.force, Threads: sh.threads,
		Progress: func(table string, done, total int64) { sh.meter.report("writing "+table, "rows", done, total) },
	}
	rows, err := synth.Rows(config)
	if err != nil {
		return usagef("%w", err)
	}
	if err := sh.disk.writing(func() error { return synth.Generate(ctx, f.out, config) }); err != nil {
		return err
	}
	sh.meter.close()
	after, until := synth.Period()
	if sh.json {
		return sh.printJSON(map[string]any{"out": f.out, "seed": f.seed, "rows": rows, "after": dateOf(after), "until": dateOf(until)})
	}
	_, err = fmt.Fprintf(sh.out, "Export: %s workloads and what goes with them in %s\nNext:   planwerk batch --ledger %s --after %s --until %s --out result\n",
		humanCount(int64(f.workloads)), f.out, f.out, dateOf(after), dateOf(until))
	return err
}

// dateOf prints midnight of a day, given in µs since the epoch, as a date.
func dateOf(umicros int64) string { return time.UnixMicro(umicros).UTC().Format(time.DateOnly) }
