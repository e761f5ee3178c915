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
		h, err := factorLabourProgram(s.p, factor)
		return h, factor, err
	})
}

// second solves for least labour with the first stage's value held. A vertex-accurate first stage is relaxed by a
// thousandth of the tolerance only, so that round figures stay round; where that leaves no room, by the tolerance.
func (s *solver) second(first *lp.Solution, program func(relax float64) (*program, float64, error)) error {
	relax := s.set.LP.Tolerance
	if first.Method == lp.IPM {
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
			if sol.Status == lp.Infeasible || sol.Status == lp.Unbounded {
				return nil // the first stage's plan stands
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

// harmonyRounds bounds the refinements of the curves.
const harmonyRounds = 40

// harmony solves with coarse curves, then with finer ones around what was found, until the plan's harmony is within the
// tolerance of the bound.
func (s *solver) harmony() error {
	curves := newCurves(s.p)
	for _, c := range curves {
		c.limit = max(2*c.target, 2*c.least)
		c.touch(0, 0)
	}
	var start *lp.Start
	for round := 0; ; round++ {
		g, err := harmonyProgram(s.p, curves)
		if err != nil {
			return err
		}
		sol, err := s.run(g, start)
		if err != nil {
			return err
		}
		s.stages = nil
		s.keep(g, sol, 0)
		if sol.Status != lp.Optimal {
			return nil
		}
		pt := g.point(sol.X)
		h, err := certifiedCurves(s.p, pt)
		if err != nil {
			return err
		}
		if certifyHarmony(h, pt, sol.Y).Gap <= s.set.LP.Tolerance && !reachedLimits(curves, pt) {
			return nil
		}
		if round == harmonyRounds {
			s.stages[0].Status = lp.IterationLimit
			return nil
		}
		next := make([]*curve, len(curves))
		for i, c := range curves {
			next[i] = c.closer(pt.Delivered[c.product])
		}
		curves = next
		if g, err = harmonyProgram(s.p, curves); err != nil {
			return err
		}
		start = &lp.Start{X: g.columns(pt), Y: sol.Y}
	}
}

// reachedLimits reports whether a curve ends before the plan does.
func reachedLimits(curves []*curve, pt *Point) bool {
	for _, c := range curves {
		if c.ends() && pt.Delivered[c.product] > limitReached*c.limit {
			return true
		}
	}
	return false
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
			c.touch(0, 0)
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
