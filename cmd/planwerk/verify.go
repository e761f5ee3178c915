package main

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/revision"
	"planwerk/kernels"
	"planwerk/ledgeradapter/planproblem"

	"github.com/spf13/cobra"
)

// verifyCommand recomputes a result.
func verifyCommand(sh *shell) *cobra.Command {
	var ledger string
	var filesOnly bool
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "recompute a result from its inputs and compare the Merkle roots",
		Long: `verify checks a result directory twice: that its files are those its manifest lists, with the roots it lists, and that the
ledger it was computed from gives the same roots again, with the parameters it records. It says which table differs, and
where first. A result that does not hold is bad input (exit 3).

Of a plan every column of every table, the certificates (residuals, objective, proved bound) and the figures of summary.json are
computed again from the problem its manifest names (or --ledger) and the plan's own levels, stocks used, deliveries and prices. They
must agree to 1e-9 of the figure, in balances of the row's largest quantity; a stage called optimal must have residuals and
a gap of at most 10 tolerances. Of a result of
leontief the values and outputs are put into their equations again, with the input files its manifest names: residuals, error
bounds and total labour must be no worse than it says.

Units: as in the result, values and labour time in minutes, amounts in units of the product type.`,
		Example: "  planwerk verify planwerk-demo\n  planwerk verify january --ledger /mnt/export",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("give one result directory; see %q", cmd.CommandPath()+" --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.verify(cmd.Context(), args[0], ledger, filesOnly)
		},
	}
	cmd.Flags().StringVar(&ledger, "ledger", "", "directory of the ledger export, where it is not the one the manifest names")
	cmd.Flags().BoolVar(&filesOnly, "files-only", false, "check the files alone, recompute nothing")
	return cmd
}

// verified is the outcome of verify under --json.
type verified struct {
	Dir        string `json:"dir"`
	Files      int    `json:"files"`
	Recomputed bool   `json:"recomputed"`
	ResultRoot string `json:"result_root"`
}

func (sh *shell) verify(ctx context.Context, dir, ledger string, filesOnly bool) error {
	if err := isResult(dir); err != nil {
		return err
	}
	man, err := arrow.CheckResult(ctx, dir)
	if err != nil && man != nil && !filesOnly && ctx.Err() == nil {
		return sh.located(ctx, dir, man, ledger, err)
	}
	if err != nil {
		return err
	}
	if planproblem.IsPlan(man) {
		return sh.verifyPlan(ctx, dir, man, ledger, filesOnly)
	}
	if !filesOnly && isEconomy(man) {
		return sh.verifyEconomy(ctx, dir, man, ledger)
	}
	if !filesOnly {
		if err := sh.recompute(ctx, dir, man, ledger); err != nil {
			return err
		}
	}
	sh.meter.close()
	if sh.json {
		return sh.printJSON(verified{dir, len(man.Outputs), !filesOnly, man.ResultRoot})
	}
	fmt.Fprintf(sh.out, "%d files are as the manifest lists them.\n", len(man.Outputs))
	if !filesOnly {
		fmt.Fprintf(sh.out, "%d tables recomputed from %d input files: the same roots.\n", len(man.Tables), len(man.Inputs))
	}
	_, err = fmt.Fprintf(sh.out, "Root: %s\n", man.ResultRoot)
	return err
}

// isResult refuses a directory that holds no result.
func isResult(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, arrow.ManifestFile)); err != nil {
		return inputf("%s is no result: it has no %s", dir, arrow.ManifestFile)
	}
	return nil
}

// recompute runs the batch a manifest describes and compares the roots of its tables.
func (sh *shell) recompute(ctx context.Context, dir string, man *arrow.Manifest, ledger string) error {
	c, err := sh.recomputed(ctx, dir, man, ledger)
	if err != nil {
		return err
	}
	defer c.close()
	if err := compareInputs("ledger", man.Inputs, manifestInputs(c.inputs)); err != nil {
		sh.log.Warn(err.Error())
	}
	return sh.compareRoots(ctx, dir, man, c)
}

// recomputed runs the batch a manifest describes.
func (sh *shell) recomputed(ctx context.Context, dir string, man *arrow.Manifest, ledger string) (*computation, error) {
	if man.ModelVersion != "" && man.ModelVersion != engine.ModelVersion {
		return nil, inputf("%s was computed by model version %s, this program computes version %s", dir, man.ModelVersion, engine.ModelVersion)
	}
	job, err := jobOf(man.Parameters)
	if err != nil {
		return nil, inputf("%s/%s: %w", dir, arrow.ManifestFile, err)
	}
	job.Threads = sh.threads
	if ledger == "" {
		ledger = man.Ledger
	}
	if ledger == demoLedger {
		if ledger, err = sh.demoDirectory(); err != nil {
			return nil, err
		}
	}
	if ledger == "" {
		return nil, usagef("the manifest of %s names no ledger; give --ledger", dir)
	}
	if _, err := os.Stat(ledger); err != nil {
		return nil, inputf("the ledger %s is not there; give its directory with --ledger, or check the files alone with --files-only", ledger)
	}
	return sh.computeJob(ctx, job, ledger, false, dir)
}

// jobOf reads a job back from the parameters of a manifest.
func jobOf(parameters []arrow.Parameter) (engine.Job, error) {
	var job engine.Job
	var err error
	for _, p := range parameters {
		switch {
		case p.Name == "after":
			job.After, err = parseTime(p.Value)
		case p.Name == "until":
			job.Until, err = parseTime(p.Value)
		case p.Name == "rounding":
			job.Rounding, err = engine.ParseRounding(p.Value)
		case p.Name == "writeoff_limit":
			job.WriteoffLimit, err = limitOf(p.Value)
		case p.Name == "check_revisions":
			job.CheckRevisions = p.Value == "true"
		case p.Name == "all_violations":
			job.AllViolations = p.Value == "true"
		case strings.HasPrefix(p.Name, "debt_in/"):
			var umin kernels.Int128
			umin, err = wideOf(p.Value)
			job.DebtIn = append(job.DebtIn, engine.Debt{Collective: strings.TrimPrefix(p.Name, "debt_in/"), Umin: umin})
		case p.Name == "model_version":
		default:
			err = fmt.Errorf("this program does not know it")
		}
		if err != nil {
			return job, fmt.Errorf("parameter %s = %q: %w", p.Name, p.Value, err)
		}
	}
	return job, nil
}

func limitOf(text string) (*revision.Ratio, error) {
	if text == "off" {
		return nil, nil
	}
	return engine.ParseRatio(text)
}

func wideOf(text string) (kernels.Int128, error) {
	if n, ok := new(big.Int).SetString(text, 10); ok {
		if v, fits := kernels.FromBig(n); fits {
			return v, nil
		}
	}
	return kernels.Int128{}, fmt.Errorf("not an integer of 128 bits")
}

// compareInputs says which input file is not the one the manifest recorded. That alone is no fault: the same rows may
// come in other files.
func compareInputs(what string, recorded, now []arrow.InputFile) error {
	known := map[string]arrow.InputFile{}
	for _, f := range recorded {
		known[f.Path] = f
	}
	for _, f := range now {
		was, found := known[f.Path]
		switch {
		case !found:
			return fmt.Errorf("the %s has a file %s that the result was not computed from", what, f.Path)
		case was.SHA256 != "" && was.SHA256 != f.SHA256:
			return fmt.Errorf("the %s's file %s is not the one the result was computed from", what, f.Path)
		}
		delete(known, f.Path)
	}
	if gone := sortedKeys(known); len(gone) > 0 {
		return fmt.Errorf("the %s no longer has the file %s", what, gone[0])
	}
	return nil
}

// compareRoots recomputes the roots of the tables the result holds.
func (sh *shell) compareRoots(ctx context.Context, dir string, man *arrow.Manifest, c *computation) error {
	c.only(tableNames(man))
	if missing := len(man.Tables) - len(c.tables); missing > 0 {
		return inputf("%s holds %d tables that this program does not compute", dir, missing)
	}
	roots, err := arrow.RootsOf(ctx, c.tables, arrow.WriteOptions{Threads: sh.threads,
		Progress: func(table string, done, total int64) { sh.meter.report("hashing "+table, "rows", done, total) }})
	if err != nil {
		return err
	}
	for i, r := range roots {
		at := slices.IndexFunc(man.Tables, func(t arrow.TableSummary) bool { return t.Name == r.Name })
		if want := &man.Tables[at]; want.Root != r.Root.String() || want.Rows != r.Rows {
			place, err := firstDifference(ctx, dir, &c.tables[i], false)
			if err != nil {
				return err
			}
			if place == "" {
				place = "all cells are the same, but not their types"
			}
			return inputf("%s: table %s differs from what the ledger gives: %s", dir, r.Name, place)
		}
	}
	if root := arrow.ResultRoot(roots, c.result.Parameters()).String(); root != man.ResultRoot {
		return inputf("%s: every table agrees, but the parameters give the root %s instead of %s", dir, root, man.ResultRoot)
	}
	return nil
}

func tableNames(man *arrow.Manifest) []string {
	names := make([]string, len(man.Tables))
	for i := range man.Tables {
		names[i] = man.Tables[i].Name
	}
	return names
}

// firstDifference finds where a table of a result and the recomputed one part, floats aside; asIs reads files that are not
// those of the manifest.
func firstDifference(ctx context.Context, dir string, t *arrow.ResultTable, asIs bool) (string, error) {
	r, err := arrow.OpenResult(dir)
	if err != nil {
		return "", err
	}
	r.AsIs = asIs
	place, rows := "", int64(0)
	var b arrow.ResultBatch
	err = r.Scan(ctx, t.Name, func(first int64, columns []arrow.ResultColumn, was *arrow.ResultBatch) error {
		rows = first + int64(was.N)
		n := min(int64(was.N), t.Rows-first)
		if place != "" || n <= 0 {
			return nil
		}
		b.Reset(t.Columns, int(n))
		if err := t.Fill(first, first+n, &b); err != nil {
			return err
		}
		place = differingCell(t, columns, was, &b, first)
		return nil
	})
	if err == nil && place == "" && rows != t.Rows {
		place = fmt.Sprintf("it has %d rows, not %d", rows, t.Rows)
	}
	return place, err
}

func differingCell(t *arrow.ResultTable, columns []arrow.ResultColumn, was, now *arrow.ResultBatch, first int64) string {
	for row := range now.N {
		for c := range t.Columns {
			if t.Columns[c].Type == arrow.ColFloat64 {
				continue
			}
			old, fresh := cellText(&columns[c], &was.Columns[c], row), cellText(&t.Columns[c], &now.Columns[c], row)
			if old != fresh {
				return fmt.Sprintf("row %d, column %s has %q, the ledger gives %q", first+int64(row), t.Columns[c].Name, old, fresh)
			}
		}
	}
	return ""
}
