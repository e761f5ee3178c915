package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"planwerk/arrow"
	"planwerk/datasets"
	"planwerk/engine/ledger"
	"planwerk/engine/lp"
	"planwerk/engine/plan"
	"planwerk/ledgeradapter/native"
	"planwerk/ledgeradapter/planproblem"
)

// planModel is the version of the plan model that a manifest names.
const planModel = "plan-1"

// demoPlan begins what a manifest names when the problem was an embedded example.
const demoPlan = "embedded:plan_"

// planning is a problem that was read, and the plan made of it.
type planning struct {
	flags    *planFlags
	given    *plan.Problem // as read
	problem  *plan.Problem // over regions and periods
	answer   *plan.Answer
	source   string // as the manifest names it
	inputs   []arrow.InputFile
	notices  []string
	begun    time.Time
	rootHash string
}

// plan reads, plans, writes and reports.
func (sh *shell) plan(ctx context.Context, f *planFlags) error {
	pl, err := sh.readProblem(ctx, f)
	if err != nil {
		return err
	}
	return sh.planOf(ctx, pl)
}

// planOf plans a problem that was read.
func (sh *shell) planOf(ctx context.Context, pl *planning) error {
	f := pl.flags
	err := sh.expand(pl)
	if err != nil {
		return err
	}
	set := f.settings(sh)
	pl.notices = append(pl.notices, plan.Surprises(pl.given, f.expansion())...)
	pl.notices = append(pl.notices, plan.Notices(pl.problem, set)...)
	sh.notices(pl.notices)
	if err := sh.writeProblems(ctx, pl, set); err != nil {
		return err
	}
	if f.out == "" && f.demo == "" {
		sh.meter.close()
		return nil
	}
	if f.warm != "" {
		if err := isResult(f.warm); err != nil {
			return inputf("--warm: %w; name a directory that planwerk plan wrote", err)
		}
		earlier, err := planproblem.OpenPlan(ctx, f.warm)
		if err != nil {
			return damagedWarm(f.warm, err)
		}
		if err := sh.related(pl, earlier); err != nil {
			return err
		}
		set.Warm = earlier.Warm()
	}
	sh.meter.report("planning", "", 0, -1)
	if pl.answer, err = plan.Solve(ctx, pl.problem, set); err != nil {
		return inputf("%w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	unanswered := pl.answer.Explanation != nil
	if f.out != "" && !unanswered {
		if err := sh.writePlan(ctx, pl); err != nil {
			return err
		}
	}
	sh.meter.close()
	if err := sh.printPlan(pl); err != nil {
		return err
	}
	if pl.answer.Status != lp.Optimal {
		return unsolvedf("%s: %s", pl.source, unsolvedText(pl.answer))
	}
	return nil
}

// related refuses an earlier plan that has nothing of the problem, and tells of one that has little of it.
func (sh *shell) related(pl *planning, earlier *planproblem.Plan) error {
	known := 0
	for i := range pl.problem.Techniques {
		if _, there := earlier.Levels[pl.problem.Techniques[i].ID]; there {
			known++
		}
	}
	switch n := len(pl.problem.Techniques); {
	case n > 0 && known == 0 && !pl.flags.replans:
		return inputf("--warm %s: it has none of this problem's techniques; leave --warm out to begin anew", pl.flags.warm)
	case known < n/2:
		sh.notices([]string{fmt.Sprintf("--warm %s: it has %d of this problem's %d techniques; the others begin at 0", pl.flags.warm, known, n)})
	}
	return nil
}

// damagedWarm says what to do about an earlier result that is no start.
func damagedWarm(dir string, err error) error {
	return inputf("--warm: %w; \"planwerk verify %s\" checks all of it; leave --warm out to begin anew", err, dir)
}

// unsolvedText is a status in a few words.
func unsolvedText(a *plan.Answer) string {
	switch {
	case a.Explanation != nil && len(a.Explanation.Words) > 0:
		return string(a.Status) + ": " + a.Explanation.Words[0]
	case a.Explanation == nil:
		return string(a.Status) + "; the plan is the best found so far"
	}
	return string(a.Status)
}

// readProblem reads the problem from where the flags say.
func (sh *shell) readProblem(ctx context.Context, f *planFlags) (*planning, error) {
	pl := &planning{flags: f, begun: time.Now()}
	if f.ledger != "" {
		return pl, sh.problemFromLedger(ctx, pl)
	}
	dir := f.problem
	if f.demo != "" {
		temp, err := sh.planExample(f.demo)
		if err != nil {
			return nil, err
		}
		dir, pl.source = temp, demoPlan+f.demo
	} else if abs, err := filepath.Abs(dir); err == nil {
		pl.source = abs
	}
	var in *planproblem.Inputs
	var err error
	pl.given, in, err = planproblem.Read(ctx, dir, planproblem.Options{Threads: sh.threads, Memory: int64(sh.memory), NoVerify: f.noVerify,
		Progress: func(table string, done, total int64) { sh.meter.report("reading "+table, "rows", done, total) }})
	if err == nil {
		pl.inputs, pl.notices = in.Files, in.Notices
	}
	return pl, err
}

// planExample unpacks an embedded problem for the time of the run.
func (sh *shell) planExample(name string) (string, error) {
	_, files, err := datasets.FindPlan(name)
	if err != nil {
		return "", err
	}
	temp, err := os.MkdirTemp("", "planwerk-plan-")
	if err != nil {
		return "", err
	}
	sh.disk.keep(temp)
	dir := filepath.Join(temp, "problem")
	return dir, datasets.Unpack(files, dir)
}

// problemFromLedger makes the problem from an export.
func (sh *shell) problemFromLedger(ctx context.Context, pl *planning) error {
	f := pl.flags
	pl.source = f.ledger
	if abs, err := filepath.Abs(f.ledger); err == nil {
		pl.source = abs
	}
	l, in, err := sh.ledgerOf(ctx, f.ledger, f.after.umicros, f.until.umicros, f.noVerify)
	if err != nil {
		return err
	}
	pl.inputs, pl.notices = manifestInputs(in), in.Notices
	given, notices := plan.FromLedger(l)
	pl.given, pl.notices = given, append(pl.notices, notices...)
	return nil
}

// ledgerOf reads an export as at the end of a period.
func (sh *shell) ledgerOf(ctx context.Context, dir string, after, until int64, noVerify bool) (*ledger.Ledger, *native.Inputs, error) {
	raw, in, err := native.Load(ctx, dir, native.Options{Threads: sh.threads, Memory: int64(sh.memory), NoVerify: noVerify,
		Progress: func(table string, done, total int64) { sh.meter.report("reading "+table, "rows", done, total) }})
	if err != nil {
		return nil, nil, err
	}
	l, findings, err := ledger.Build(ctx, raw, after, until, sh.threads)
	if err == nil && len(findings) > 0 {
		in.Notices = append(in.Notices, fmt.Sprintf("%d rows are not as they must be and have no part; \"planwerk violations\" names them", len(findings)))
	}
	return l, in, err
}

// writeProblems writes what --write-problem and --mps ask for.
func (sh *shell) writeProblems(ctx context.Context, pl *planning, set plan.Settings) error {
	f := pl.flags
	if f.writeProblem != "" {
		err := sh.disk.writing(func() error {
			return planproblem.WriteProblem(ctx, f.writeProblem, pl.problem, f.format, f.force)
		})
		if err != nil {
			return err
		}
	}
	if f.mps == "" {
		return nil
	}
	program, err := plan.Program(pl.problem, set)
	if err != nil {
		return inputf("%w", err)
	}
	return sh.disk.writing(func() error { return writeMPS(f.mps, program, f.force) })
}

// writeMPS writes a program beside its place first, so that the file appears whole.
func writeMPS(path string, program *lp.Problem, force bool) error {
	if _, err := os.Lstat(path); err == nil && !force {
		return usagef("--mps %s exists already; --force replaces it", path)
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".tmp-mps-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	w := bufio.NewWriterSize(out, 1<<20)
	var pack *gzip.Writer
	if strings.HasSuffix(path, ".gz") {
		if pack, err = gzip.NewWriterLevel(out, gzip.BestSpeed); err != nil {
			return err
		}
		w.Reset(pack)
	}
	err = lp.WriteMPS(w, program)
	if err == nil {
		err = w.Flush()
	}
	if err == nil && pack != nil {
		err = pack.Close()
	}
	if err == nil {
		err = out.Chmod(0o644)
	}
	if err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(out.Name(), path)
}

// parameters are those that change the plan.
func (pl *planning) parameters() []arrow.Parameter {
	f := pl.flags
	list := []arrow.Parameter{{Name: "objective", Value: f.objective}, {Name: "regions", Value: strconv.FormatBool(f.regions)},
		{Name: "periods", Value: strconv.Itoa(f.periods)}, {Name: "closing", Value: f.closing}, {Name: "need_steps", Value: strconv.Itoa(f.needSteps)},
		{Name: "max_fulfilment", Value: strconv.FormatFloat(f.maxFulfilment, 'g', -1, 64)},
		{Name: "tolerance", Value: strconv.FormatFloat(f.solver.Tolerance, 'g', -1, 64)}}
	if f.finish != string(lp.FinishAuto) {
		list = append(list, arrow.Parameter{Name: "finish", Value: f.finish})
	}
	if f.ledger != "" {
		list = append(list, arrow.Parameter{Name: "after", Value: strconv.FormatInt(f.after.umicros, 10)},
			arrow.Parameter{Name: "until", Value: strconv.FormatInt(f.until.umicros, 10)})
	}
	return list
}

// writePlan puts the plan into the directory the flags name.
func (sh *shell) writePlan(ctx context.Context, pl *planning) error {
	man := arrow.Manifest{Engine: "planwerk " + version(), ModelVersion: planModel, Ledger: pl.source, Inputs: pl.inputs, Run: sh.runOf(pl.begun)}
	certificate, err := planproblem.CertificateJSON(pl.problem, pl.answer)
	if err != nil {
		return err
	}
	options := arrow.WriteOptions{Format: pl.flags.format, Threads: sh.threads, Force: pl.flags.force,
		Extra:    []arrow.ExtraFile{{Name: planproblem.CertificateFile, Data: certificate}},
		Progress: func(table string, done, total int64) { sh.meter.report("writing "+table, "rows", done, total) }}
	return sh.disk.writing(func() error {
		pl.rootHash, err = arrow.WriteResult(ctx, pl.flags.out, planproblem.PlanTables(pl.problem, pl.answer), pl.parameters(), man,
			func(root string) any { return pl.account(sh, root) }, options)
		return err
	})
}
