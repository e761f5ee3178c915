package plan

import (
	"context"
	"fmt"
	"time"

	"planwerk/engine/lp"
)

// Objective says what a plan is to be best in.
type Objective string

const (
	Labour     Objective = "labour"
	Fulfilment Objective = "fulfilment"
	HarmonySum Objective = "harmony"
	Aims       Objective = "aims"
)

// Settings say how to plan. The zero value is aims in 4 steps, fulfilment up to 1, lp's defaults.
type Settings struct {
	Objective     Objective
	NeedSteps     int     // of shortfall of each aim; 0: 4
	MaxFulfilment float64 // 0: 1
	LP            lp.Settings
	Warm          *Warm // an earlier plan to begin from
}

// DefaultNeedSteps is the number of steps of a need.
const DefaultNeedSteps = 4

func (s *Settings) fill() error {
	if s.Objective == "" {
		s.Objective = Aims
	}
	switch s.Objective {
	case Labour, Fulfilment, HarmonySum, Aims:
	default:
		return fmt.Errorf("objective %q is none of labour, fulfilment, harmony, aims", s.Objective)
	}
	if s.NeedSteps == 0 {
		s.NeedSteps = DefaultNeedSteps
	}
	if s.NeedSteps < 1 || s.NeedSteps > 1000 {
		return fmt.Errorf("%d steps of a need; give 1 to 1000", s.NeedSteps)
	}
	if s.MaxFulfilment == 0 {
		s.MaxFulfilment = 1
	}
	if !(s.MaxFulfilment > 0) {
		return fmt.Errorf("a greatest fulfilment of %v", s.MaxFulfilment)
	}
	if s.LP.Tolerance == 0 {
		s.LP.Tolerance = 1e-6
	}
	return nil
}

// solver is one Solve under way.
type solver struct {
	ctx      context.Context
	p        *Problem
	set      Settings
	deadline time.Time
	iters    int
	stages   []*Stage
	program  *program     // of the last stage
	last     *lp.Solution // its solution
}

// Solve plans. The problem must be a plain one, as Expand gives it. Errors are for problems and settings that make no
// sense; infeasible, unbounded and limits are statuses of the answer.
func Solve(ctx context.Context, p *Problem, set Settings) (*Answer, error) {
	begun := time.Now()
	if err := set.fill(); err != nil {
		return nil, err
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if len(p.Transport)+len(p.Storage)+len(p.Investments)+len(p.Growth) > 0 {
		return nil, fmt.Errorf("plan: the problem is over regions or periods; expand it first")
	}
	s := &solver{ctx: ctx, p: p, set: set}
	if set.LP.TimeLimit > 0 {
		s.deadline = begun.Add(set.LP.TimeLimit)
	}
	run := map[Objective]func() error{Labour: s.labour, Fulfilment: s.fulfilment, HarmonySum: s.harmony, Aims: s.aims}[set.Objective]
	if err := run(); err != nil {
		return nil, err
	}
	a, err := s.answer()
	if err == nil {
		a.Seconds = time.Since(begun).Seconds()
	}
	return a, err
}

// run solves a program, from an earlier plan or the stage before where there is one.
func (s *solver) run(g *program, start *lp.Start) (*lp.Solution, error) {
	set := s.set.LP
	if !s.deadline.IsZero() {
		set.TimeLimit = max(time.Millisecond, time.Until(s.deadline))
	}
	set.Warm = start
	if start == nil && s.set.Warm != nil {
		set.Warm = s.set.Warm.start(g)
	}
	if set.Log != nil {
		set.Log(fmt.Sprintf("Stage: %s, in %s", g.kind, g.kind.unit()))
	}
	sol, err := lp.Solve(s.ctx, g.lp, set)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	s.iters += sol.Certificate.Iterations
	return sol, nil
}

// keep makes a solved program the last stage.
func (s *solver) keep(g *program, sol *lp.Solution, held float64) {
	s.program, s.last = g, sol
	s.stages = append(s.stages, &Stage{Kind: string(g.kind), Unit: g.kind.unit(), Held: held, Prices: sol.Y, Status: sol.Status,
		Iterations: sol.Certificate.Iterations, Seconds: sol.Certificate.Seconds})
}

func (s *solver) labour() error {
	g, err := labourProgram(s.p)
	if err != nil {
		return err
	}
	sol, err := s.run(g, nil)
	if err == nil {
		s.keep(g, sol, 0)
	}
	return err
}

// aims is least shortfall, then least labour; without aims the second alone.
func (s *solver) aims() error {
	g, err := shortfallProgram(s.p, s.set.NeedSteps)
	if err != nil {
		return err
	}
	if len(g.aims) == 0 {
		return s.labour()
	}
	sol, err := s.run(g, nil)
	if err != nil {
		return err
	}
	s.keep(g, sol, 0)
	if sol.Status != lp.Optimal {
		return nil
	}
	return s.second(sol, func(relax float64) (*program, float64, error) {
		v := max(0, sol.Certificate.Objective)
		held := v + relax*(1+v)
		h, err := aimsProgram(s.p, s.set.NeedSteps, held)
		return h, held, err
	})
}

// fulfilment is the greatest factor, then least labour at that factor.
func (s *solver) fulfilment() error {
	g, err := factorProgram(s.p, s.set.MaxFulfilment, false)
	if err != nil {
		return err
	}
	sol, err := s.run(g, nil)
	if err != nil {
		return err
	}
	s.keep(g, sol, 0)
	if sol.Status != lp.Optimal {
		return nil
	}
	return s.second(sol, func(relax float64) (*program, float64, error) {
		factor := max(0, sol.X[g.factor]*(1-relax))
		if most := s.set.MaxFulfilment; relax == 0 && sol.X[g.factor] > most*(1-s.set.LP.Tolerance) {
			factor = most
		}
		h, err := factorLabourProgram(s.p, factor)
		return h, factor, err
	})
}

// second solves for least labour with the first stage's value held. It is relaxed by a thousandth of the tolerance where
// the first stage is more accurate than that, and not at all where the first stage reached the most there can be, so that
// round figures stay round; where that leaves no room, by the tolerance.
func (s *solver) second(first *lp.Solution, program func(relax float64) (*program, float64, error)) error {
	relax := s.set.LP.Tolerance
	if f := s.program.factor; f >= 0 && first.X[f] > s.set.MaxFulfilment*(1-relax) {
		relax = 0
	} else if first.Method == lp.IPM {
		relax /= 1000
	}
	for ; ; relax = s.set.LP.Tolerance {
		g, held, err := program(relax)
		if err != nil {
			return err
		}
		sol, err := s.run(g, s.from(first, g))
		if err != nil {
			return err
		}
		if sol.Status == lp.Optimal || relax == s.set.LP.Tolerance || s.ctx.Err() != nil || sol.Status == lp.TimeLimit {
			if sol.Status == lp.Infeasible { // by rounding: the first stage's plan stands, but it is not the one of least labour
				s.stages[0].Status = lp.IterationLimit
				return nil
			}
			s.keep(g, sol, held)
			return nil
		}
	}
}

// from starts a second stage at the first one's plan; an earlier plan's prices are the better ones where there are any.
func (s *solver) from(first *lp.Solution, g *program) *lp.Start {
	start := &lp.Start{X: columnsOf(s.program, first.X, g), Y: make([]float64, len(g.lp.RowLower))}
	if s.set.Warm != nil {
		if w := s.set.Warm.start(g); w != nil {
			start.Y = w.Y
		}
	}
	return start
}

// columnsOf carries a plan from one program over to another of the same problem.
func columnsOf(from *program, x []float64, to *program) []float64 {
	return to.columns(from.point(x))
}

// Program is the linear program of the first stage, as --mps writes it. Of harmony it has the coarse curves.
func Program(p *Problem, set Settings) (*lp.Problem, error) {
	if err := set.fill(); err != nil {
		return nil, err
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	g, err := firstProgram(p, &set)
	if err != nil {
		return nil, err
	}
	return g.lp, nil
}

func firstProgram(p *Problem, set *Settings) (*program, error) {
	switch set.Objective {
	case Fulfilment:
		return factorProgram(p, set.MaxFulfilment, false)
	case HarmonySum:
		curves := newCurves(p)
		for _, c := range curves {
			c.touch()
		}
		return harmonyProgram(p, curves)
	case Aims:
		if g, err := shortfallProgram(p, set.NeedSteps); err != nil || len(g.aims) > 0 {
			return g, err
		}
	}
	return labourProgram(p)
}

// Notices says what of a problem has no part in a plan.
func Notices(p *Problem, set Settings) (notices []string) {
	aims := 0
	for _, t := range p.Targets {
		if t.Kind == Aim {
			aims++
		}
	}
	if set.Objective == Labour && aims > 0 {
		notices = append(notices, fmt.Sprintf("of %d targets those of the kind aim, %d, have no part in the objective labour", len(p.Targets), aims))
	}
	if len(p.Targets) == 0 {
		notices = append(notices, "there are no targets: the best plan is to do nothing")
	}
	return notices
}
