package plan

import (
	"fmt"
	"math"
	"slices"

	"planwerk/engine/lp"
)

// How far what a plan says may lie from what its problem, levels and prices give.
const (
	// SameFigure is a share: of a figure, or of the largest quantity of its row. Machines that fuse multiplication and
	// addition round differently.
	SameFigure = 1e-9
	// claimed is in tolerances: how large the residuals and the gap of an optimal stage may be. A stage is solved to one of
	// them; a second stage may give up one of the first's objective, and is certified as the first one, too.
	claimed = 10
)

// Restore gives an answer again from the problem, the plan and the prices alone: certificates as Recheck computes them, and
// every column of the tables. Kind, Held, Prices and Status of the stages are given; CheckStages judges them.
func Restore(p *Problem, set Settings, pt *Point, stages []*Stage) (*Answer, error) {
	if err := set.fill(); err != nil {
		return nil, err
	}
	if err := Recheck(p, set, pt, stages); err != nil {
		return nil, err
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("plan: no stages")
	}
	g, err := stageProgram(p, &set, pt, len(stages)-1, stages)
	if err != nil {
		return nil, err
	}
	a := &Answer{Status: stages[len(stages)-1].Status, Point: *pt, Stages: stages}
	again := g.point(g.columns(pt))
	for i, unit := range g.demand {
		if !sameFigure(pt.Delivered[i], again.Delivered[i], unit) {
			a.Delivered = slices.Clone(again.Delivered)
		}
		if !sameFigure(pt.Shortfall[i], again.Shortfall[i], unit) {
			a.Shortfall = slices.Clone(again.Shortfall)
		}
	}
	a.read(p, g)
	return a, nil
}

func sameFigure(a, b, unit float64) bool {
	return math.Abs(a-b) <= SameFigure*max(unit, math.Abs(a), math.Abs(b))
}

// stagesOf are the kinds of the stages of an objective.
func stagesOf(p *Problem, objective Objective) []stageKind {
	switch objective {
	case Fulfilment:
		return []stageKind{stageFulfilment, stageLabour}
	case HarmonySum:
		return []stageKind{stageHarmony}
	case Aims:
		if slices.ContainsFunc(p.Targets, func(t Target) bool { return t.Kind == Aim && t.Quantity > 0 }) {
			return []stageKind{stageShortfall, stageLabour}
		}
	}
	return []stageKind{stageLabour}
}

// CheckStages compares what restored stages say of themselves with the objective and their certificates: stages that the
// objective does not have, and stages that are called optimal without being so, are errors.
func CheckStages(p *Problem, set Settings, stages []*Stage) error {
	if err := set.fill(); err != nil {
		return err
	}
	kinds := stagesOf(p, set.Objective)
	if len(stages) == 0 || len(stages) > len(kinds) {
		return fmt.Errorf("plan: %d stages; the objective %s has %d", len(stages), set.Objective, len(kinds))
	}
	if len(stages) > 1 {
		first, held := stages[0].Certificate.Objective, stages[1].Held
		if !(math.Abs(first-held) <= claimed*set.LP.Tolerance*(1+math.Abs(first))) && stages[1].Status == lp.Optimal {
			return fmt.Errorf("plan: the second stage holds a %s of %.12g; that of the plan is %.12g", stages[0].Kind, held, first)
		}
	}
	for k, s := range stages {
		c := &s.Certificate
		most := claimed * set.LP.Tolerance
		switch {
		case s.Kind != string(kinds[k]):
			return fmt.Errorf("plan: stage %d is called %s; the objective %s has %s there", k+1, s.Kind, set.Objective, kinds[k])
		case s.Unit != kinds[k].unit():
			return fmt.Errorf("plan: the unit of stage %s is said to be %q; it is %q", s.Kind, s.Unit, kinds[k].unit())
		case s.Status == lp.Infeasible || s.Status == lp.Unbounded || !known(s.Status):
			return fmt.Errorf("plan: stage %s is said to be %q, which is no status of a plan", s.Kind, s.Status)
		case s.Status == lp.Optimal && !(c.PrimalResidual <= most && c.DualResidual <= most && c.Gap <= most):
			return fmt.Errorf("plan: stage %s is said to be optimal to %.3g, but its primal residual is %.3g, its dual residual %.3g and its gap %.3g",
				s.Kind, set.LP.Tolerance, c.PrimalResidual, c.DualResidual, c.Gap)
		}
	}
	return nil
}

func known(s lp.Status) bool {
	return slices.Contains([]lp.Status{lp.Optimal, lp.IterationLimit, lp.TimeLimit, lp.Interrupted}, s)
}
