package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"planwerk/arrow"
	"planwerk/engine/lp"
	"planwerk/engine/plan"
	"planwerk/ledgeradapter/planproblem"
)

// verifiedPlan is the outcome of verify for a plan under --json.
type verifiedPlan struct {
	Dir        string `json:"dir"`
	Files      int    `json:"files"`
	Recomputed bool   `json:"recomputed"`
	ResultRoot string `json:"result_root"`
	planproblem.Certificates
}

// verifyPlan computes the certificates, every column of the tables and the summary of a plan again, from the problem its
// manifest names and the plan's own levels, stocks, deliveries and prices: one pass over the matrix per stage.
func (sh *shell) verifyPlan(ctx context.Context, dir string, man *arrow.Manifest, source string, filesOnly bool) error {
	out := verifiedPlan{Dir: dir, Files: len(man.Outputs), Recomputed: !filesOnly, ResultRoot: man.ResultRoot}
	if !filesOnly {
		var err error
		if out.Certificates, err = sh.recheckPlan(ctx, dir, man, source, planproblem.OpenPlan); err != nil {
			return err
		}
	}
	sh.meter.close()
	if sh.json {
		return sh.printJSON(out)
	}
	fmt.Fprintf(sh.out, "%d files are as the manifest lists them.\n", len(man.Outputs))
	if !filesOnly {
		fmt.Fprintf(sh.out, "%d tables and summary.json: every column is what the problem with the plan's levels and prices gives.\n", len(man.Tables))
	}
	for _, c := range out.Stages {
		fmt.Fprintf(sh.out, "%s: %.10g %s, bound %.10g, gap %.2g, primal residual %.2g, dual residual %.2g, largest shortfall %.2g: as the certificate says.\n",
			c.Stage, float64(c.Objective), c.Unit, notSubnormal(float64(c.Bound)), float64(c.Gap), float64(c.PrimalResidual), float64(c.DualResidual), float64(c.MaxShortfall))
	}
	_, err := fmt.Fprintf(sh.out, "Root: %s\n", man.ResultRoot)
	return err
}

// recheckPlan computes a plan again and compares.
func (sh *shell) recheckPlan(ctx context.Context, dir string, man *arrow.Manifest, source string, open func(context.Context, string) (*planproblem.Plan, error)) (c planproblem.Certificates, err error) {
	if man.ModelVersion != planModel {
		return c, inputf("%s was made by plan model %q, this program has %s", dir, man.ModelVersion, planModel)
	}
	made, err := open(ctx, dir)
	if err != nil {
		return c, err
	}
	pl, err := sh.restore(ctx, made, source)
	if err != nil {
		return c, fmt.Errorf("%s: %w", dir, err)
	}
	c = planproblem.CertificatesOf(pl.problem, pl.answer)
	if err := sh.comparePlan(ctx, dir, made, pl); err != nil {
		if changed := compareInputs("problem", man.Inputs, pl.inputs); changed != nil {
			return c, inputf("%s: %w; %w", dir, err, changed)
		}
		return c, inputf("%s: %w", dir, err)
	}
	return c, nil
}

// notSubnormal shows what only rounding away from 0 has made as 0.
func notSubnormal(v float64) float64 {
	if math.Abs(v) < 0x1p-1022 {
		return 0
	}
	return v
}

// restore reads the problem again and computes the answer that the plan's levels and prices give.
func (sh *shell) restore(ctx context.Context, made *planproblem.Plan, source string) (*planning, error) {
	f, err := planFlagsOf(made.Manifest.Parameters)
	if err != nil {
		return nil, inputf("%s: %w", arrow.ManifestFile, err)
	}
	if source == "" {
		source = made.Manifest.Ledger
	}
	f.nameSource(source)
	pl, err := sh.readProblem(ctx, f)
	if err != nil {
		return nil, err
	}
	if err := sh.expand(pl); err != nil {
		return nil, err
	}
	point, stages, err := made.Stages(pl.problem)
	if err != nil {
		return nil, err
	}
	if pl.answer, err = plan.Restore(pl.problem, f.settings(sh), point, stages); err != nil {
		return nil, inputf("%w", err)
	}
	return pl, nil
}

// comparePlan finds the first figure of a plan's files that is not what its problem, levels and prices give.
func (sh *shell) comparePlan(ctx context.Context, dir string, made *planproblem.Plan, pl *planning) error {
	if err := made.Compare(ctx, pl.problem, pl.answer); err != nil {
		return err
	}
	if err := plan.CheckStages(pl.problem, pl.flags.settings(sh), pl.answer.Stages); err != nil {
		return err
	}
	now := planproblem.CertificatesOf(pl.problem, pl.answer)
	if err := compareCertificates(&made.Certificates, &now); err != nil {
		return err
	}
	return compareSummary(filepath.Join(dir, arrow.SummaryFile), pl.account(sh, made.Manifest.ResultRoot), &made.Certificates)
}

// compareSummary finds the first figure of a plan's summary that is not what the plan gives. How it was computed (times,
// threads, level, notices, iterations) is not checked; certificates are those of certificate.json.
func compareSummary(path string, now *planAccount, certificates *planproblem.Certificates) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var said planAccount
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("%s: %w", arrow.SummaryFile, err)
	}
	now.Certificates = *certificates
	now.Out, now.Notices, now.WallSeconds, now.Threads, now.Level, now.GPU = said.Out, said.Notices, said.WallSeconds, said.Threads, said.Level, said.GPU
	if agree(float64(said.Labour), float64(now.Labour), 0) {
		now.Labour = said.Labour
	}
	was, err := fieldsOf(&said)
	if err != nil {
		return err
	}
	gives, err := fieldsOf(now)
	if err != nil {
		return err
	}
	for _, key := range slices.Concat([]string{"status", "objective"}, sortedKeys(gives), sortedKeys(was)) {
		switch same := string(was[key]) == string(gives[key]); {
		case !same && key == "stages":
			return fmt.Errorf("%s: its stages are not those of %s", arrow.SummaryFile, planproblem.CertificateFile)
		case !same:
			return fmt.Errorf("%s says %s of %s, the plan gives %s", arrow.SummaryFile, orNothing(was[key]), key, orNothing(gives[key]))
		}
	}
	return nil
}

// fieldsOf are the fields of an account as JSON.
func fieldsOf(a *planAccount) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(a)
	fields := map[string]json.RawMessage{}
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	return fields, err
}

func orNothing(field json.RawMessage) string {
	if len(field) == 0 {
		return "nothing"
	}
	return string(field)
}

// nameSource sets where a problem comes from, as a manifest names it.
func (f *planFlags) nameSource(source string) {
	if name, embedded := strings.CutPrefix(source, demoPlan); embedded {
		f.demo = name
	} else if f.after.set {
		f.ledger = source
	} else {
		f.problem = source
	}
}

// planFlagsOf reads the flags of a plan back from the parameters of a manifest.
func planFlagsOf(parameters []arrow.Parameter) (*planFlags, error) {
	f := &planFlags{finish: string(lp.FinishAuto)}
	var err error
	for _, p := range parameters {
		switch p.Name {
		case "objective":
			f.objective = p.Value
		case "closing":
			f.closing = p.Value
		case "regions":
			f.regions, err = strconv.ParseBool(p.Value)
		case "periods":
			f.periods, err = strconv.Atoi(p.Value)
		case "need_steps":
			f.needSteps, err = strconv.Atoi(p.Value)
		case "max_fulfilment":
			f.maxFulfilment, err = strconv.ParseFloat(p.Value, 64)
		case "tolerance":
			f.solver.Tolerance, err = strconv.ParseFloat(p.Value, 64)
		case "finish":
			f.finish = p.Value
		case "after":
			err = f.after.Set(p.Value)
		case "until":
			err = f.until.Set(p.Value)
		case "model_version":
		default:
			err = fmt.Errorf("this program does not know it")
		}
		if err != nil {
			return nil, fmt.Errorf("parameter %s = %q: %w", p.Name, p.Value, err)
		}
	}
	return f, nil
}

// compareCertificates finds the first figure of a certificate that is not what the plan gives.
func compareCertificates(was, now *planproblem.Certificates) error {
	if len(was.Stages) != len(now.Stages) {
		return fmt.Errorf("the certificate has %d stages, the plan %d", len(was.Stages), len(now.Stages))
	}
	for k := range was.Stages {
		a, b := &was.Stages[k], &now.Stages[k]
		if a.Digest != b.Digest {
			return fmt.Errorf("stage %s: the certificate is for other levels (activities), stocks used, deliveries and shortfalls (balances) or prices than the tables have", a.Stage)
		}
		for _, f := range []struct {
			name string
			a, b planproblem.Real
			unit float64
		}{
			{"objective", a.Objective, b.Objective, 0}, {"bound", a.Bound, b.Bound, 0}, {"gap", a.Gap, b.Gap, 1}, {"proved_gap", a.ProvedGap, b.ProvedGap, 1},
			{"primal_residual", a.PrimalResidual, b.PrimalResidual, 1}, {"dual_residual", a.DualResidual, b.DualResidual, 1},
			{"max_shortfall", a.MaxShortfall, b.MaxShortfall, 1}, {"max_violation", a.MaxViolation, b.MaxViolation, 1},
		} {
			if !agree(float64(f.a), float64(f.b), f.unit) {
				return fmt.Errorf("stage %s: the certificate's %s is %v, the plan gives %v", a.Stage, f.name, float64(f.a), float64(f.b))
			}
		}
	}
	// What stands at the top is the last stage, but for iterations and seconds, which are those of all.
	last, top := was.Stages[len(was.Stages)-1], was.Certificate
	top.Iterations, top.Seconds = last.Iterations, last.Seconds
	if !sameCertificate(&last, &top) {
		return fmt.Errorf("the certificate's figures are not those of its last stage")
	}
	return nil
}

func sameCertificate(a, b *planproblem.Certificate) bool {
	return a.Stage == b.Stage && a.Unit == b.Unit && a.Status == b.Status && a.Digest == b.Digest && agree(float64(a.Objective), float64(b.Objective), 0) &&
		agree(float64(a.Bound), float64(b.Bound), 0) && agree(float64(a.Gap), float64(b.Gap), 0) && agree(float64(a.MaxShortfall), float64(b.MaxShortfall), 0) &&
		agree(float64(a.PrimalResidual), float64(b.PrimalResidual), 0) && agree(float64(a.DualResidual), float64(b.DualResidual), 0)
}

// agree compares two figures; what is not a finite number in JSON is null, and NaN when read.
func agree(a, b, unit float64) bool {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	if !finite(a) || !finite(b) {
		return finite(a) == finite(b)
	}
	return math.Abs(a-b) <= plan.SameFigure*max(unit, math.Abs(a), math.Abs(b))
}
