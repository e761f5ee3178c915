package lp

import (
	"context"
	"math"
	"time"

	"planwerk/engine/shard"
)

// runState is what the phases of one Solve share.
type runState struct {
	threads  int
	deadline time.Time // zero: none
	log      *logger
	warm     *Start
	other    *elsewhere // nil: none
}

// Solve solves p. Errors are for programs and settings that make no sense; every mathematical outcome, limits and
// interruption too, is a status of the solution, with the best point known and its certificate.
func Solve(ctx context.Context, p *Problem, set Settings) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	silent := set.Log == nil
	if err := set.fill(p); err != nil {
		return nil, err
	}
	started := time.Now()
	run := &runState{threads: shard.Threads(set.Threads), warm: signed(p, set.Warm)}
	if !silent {
		run.log = &logger{write: set.Log, started: started}
	}
	if set.TimeLimit > 0 {
		run.deadline = started.Add(set.TimeLimit)
	}
	run.log.problem(p)
	q := *p // minimised, in the solver's own signs
	q.Maximise = false
	out, method, err := solveLoosened(ctx, &q, &set, run)
	if err == nil && out.status == Unbounded {
		out, err = reachable(ctx, &q, &set, run, out)
	}
	if err != nil {
		return nil, err
	}
	sol := report(p, &set, out, method)
	sol.Certificate.Seconds = time.Since(started).Seconds()
	run.log.result(&sol.Certificate)
	return sol, nil
}

// reachable makes sure that an unbounded program has a feasible point at all: a direction in which the objective falls for
// ever is worth nothing where there is no place to begin from.
func reachable(ctx context.Context, p *Problem, set *Settings, run *runState, out outcome) (outcome, error) {
	run.log.note("Unbounded if there is any feasible point; one is looked for")
	q := *p
	q.C = make([]float64, p.Cols())
	own := *run
	own.warm = nil
	any, _, err := solvePlaced(ctx, &q, set, &own)
	if err == nil && any.status == Infeasible {
		any.iters += out.iters
		return any, nil
	}
	return out, err
}

// solveMinimised goes through the phases: structure, presolve, the method, the way back.
func solveMinimised(ctx context.Context, p *Problem, set *Settings, run *runState) (outcome, Method) {
	if out, crossed := crossedBounds(p); crossed {
		return out, set.Method
	}
	if set.Method == Plan || set.Method == Auto {
		if s := detectPlan(p, run.threads); s != nil && (set.Method == Plan || s.worthwhile()) {
			if out := solvePlanTo(ctx, p, s, set, run); out.status != "" {
				return out, Plan
			}
		} else if set.Method == Plan {
			run.log.note("The program has no Leontief structure; other methods take over")
		}
	}
	if set.NoPresolve {
		return solveReduced(ctx, p, set, run)
	}
	s := newPresolver(p)
	if !s.run() {
		run.log.note("Presolve: infeasible, for %s", s.infeasible)
		out, method := solveReduced(ctx, p, set, run) // for the ray that proves it
		if out.status != Infeasible {
			out.ray = nil
		}
		out.status = Infeasible
		return out, method
	}
	q, rows, cols := s.reduced()
	run.log.note("Presolve: %d rows, %d cols, %d nonzeros left", q.Rows(), q.Cols(), q.A.NNZ())
	sub := *run
	sub.warm = shrink(run.warm, rows, cols)
	out, method := solveReduced(ctx, q, set, &sub)
	if out.status == Infeasible || out.status == Unbounded {
		run.log.note("The reduced program is %s; the program as given is solved for the proof", out.status)
		full, fullMethod := solveReduced(ctx, p, set, run)
		if full.status == out.status {
			return full, fullMethod
		}
	}
	out.x, out.y = s.restore(rows, cols, out.x, out.y)
	out.ray = nil
	clip(p, out.x)
	out.vertex = false
	if out.status == Optimal && !accepted(p, &out, set.Tolerance) {
		if next, ok := rescue(ctx, p, set, run, out); ok {
			return next, method
		}
		run.log.note("The point brought back misses the tolerance; the program as given is solved from there")
		again := *run
		again.warm = &Start{X: out.x, Y: out.y}
		return solveReduced(ctx, p, set, &again)
	}
	return out, method
}

// solveReduced chooses and runs a general method.
func solveReduced(ctx context.Context, p *Problem, set *Settings, run *runState) (outcome, Method) {
	if p.Rows() == 0 || p.Cols() == 0 || p.A.NNZ() == 0 {
		return solveSeparable(p), set.Method
	}
	if set.Method != PDHG {
		if out, ran := solveIPM(ctx, p, set, run); ran && out.status != "" {
			return out, IPM
		} else if ran {
			run.log.note("Interior point ended early (%s)", out.note)
			if next, ok := rescue(ctx, p, set, run, out); ok {
				return next, IPM
			}
			run.log.note("The first-order method goes on")
			next := *run
			next.warm = &Start{X: out.x, Y: out.y}
			return solvePDHG(ctx, p, set, &next), PDHG
		}
	}
	run.log.table("restarted reflected Halpern PDHG")
	return solvePDHG(ctx, p, set, run), PDHG
}

// accepted reports whether the certificate of a point is within the tolerance.
func accepted(p *Problem, out *outcome, tol float64) bool {
	e := evaluate(p, out.x, out.y, 1)
	primal, dual := math.Sqrt(e.primal)/(1+e.normB), math.Sqrt(e.dual)/(1+e.normC)
	return primal <= tol && dual <= tol && relativeGap(e.objective.value(), e.dualObjective.value()) <= tol
}

// crossedBounds finds a row or column whose bounds cross: infeasible, and proved by the bounds themselves.
func crossedBounds(p *Problem) (outcome, bool) {
	cross := func(lo, hi []float64) bool {
		for i := range lo {
			if lo[i] > hi[i] {
				return true
			}
		}
		return false
	}
	if cross(p.ColLower, p.ColUpper) || cross(p.RowLower, p.RowUpper) {
		return outcome{status: Infeasible, x: make([]float64, p.Cols()), y: make([]float64, p.Rows())}, true
	}
	return outcome{}, false
}

// solveSeparable solves a program whose rows bind nothing: every column goes to its best bound.
func solveSeparable(p *Problem) outcome {
	out := outcome{status: Optimal, x: make([]float64, p.Cols()), y: make([]float64, p.Rows())}
	for j, c := range p.C {
		lo, hi := openBound(p.ColLower[j]), openBound(p.ColUpper[j])
		out.x[j] = min(max(0, lo), hi)
		side := lo
		if c < 0 {
			side = hi
		}
		if c != 0 && math.IsInf(side, 0) && out.status == Optimal {
			out.status, out.ray = Unbounded, make([]float64, p.Cols())
			out.ray[j] = -math.Copysign(1, c)
		} else if c != 0 && !math.IsInf(side, 0) {
			out.x[j] = side
		}
	}
	for i := range p.Rows() {
		if openBound(p.RowLower[i]) > 0 || openBound(p.RowUpper[i]) < 0 {
			out.status, out.ray = Infeasible, make([]float64, p.Rows())
			out.ray[i] = 1
			if openBound(p.RowUpper[i]) < 0 {
				out.ray[i] = -1
			}
			break
		}
	}
	return out
}

// signed turns the duals of a start to the minimised program's signs.
func signed(p *Problem, w *Start) *Start {
	if w == nil || !p.Maximise {
		return w
	}
	return &Start{X: w.X, Y: negated(w.Y)}
}

// clip moves x into the column bounds.
func clip(p *Problem, x []float64) {
	for j, v := range x {
		x[j] = min(max(v, openBound(p.ColLower[j])), openBound(p.ColUpper[j]))
	}
}

func negated(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, a := range v {
		out[i] = -a
	}
	return out
}

// visible reports that a point's violations are small beside the quantities it deals with, too: right-hand sides far from
// what the rows come to may hide them in the norm that residuals are relative to.
func visible(p *Problem, x []float64, tol float64) bool {
	const leeway = 100 // the two norms differ by less than this where nothing is hidden
	miss, size := 0.0, 0.0
	for i := range p.Rows() {
		lo, hi := openBound(p.RowLower[i]), openBound(p.RowUpper[i])
		cols, vals := p.A.Row(i)
		sum := 0.0
		for k, j := range cols {
			sum += vals[k] * x[j]
		}
		out := max(lo-sum, sum-hi, 0)
		near := min(rowSize(lo, hi), math.Abs(sum)+out)
		miss, size = miss+out*out, size+near*near
	}
	return math.Sqrt(miss) <= leeway*tol*(1+math.Sqrt(size))
}

// report turns an outcome into a solution: allowed signs of duals, reduced costs, signs of the maximised objective,
// certificate, and a status that the certificate supports.
func report(p *Problem, set *Settings, out outcome, method Method) *Solution {
	clip(p, out.x)
	for i, v := range out.y {
		out.y[i] = allowed(v, openBound(p.RowLower[i]), openBound(p.RowUpper[i])) + 0
	}
	reduced := make([]double, p.Cols())
	for j, c := range p.C {
		reduced[j].hi = c
	}
	for i := range p.Rows() {
		cols, vals := p.A.Row(i)
		for k, j := range cols {
			reduced[j] = reduced[j].addProduct(-vals[k], out.y[i])
		}
	}
	sol := &Solution{Status: out.status, X: out.x, Y: out.y, ReducedCosts: make([]float64, p.Cols()), Ray: out.ray, Method: method,
		Vertex: out.vertex && out.status == Optimal}
	for j, r := range reduced {
		sol.ReducedCosts[j] = r.value()
	}
	if p.Maximise {
		sol.Y, sol.ReducedCosts = negated(sol.Y), negated(sol.ReducedCosts)
	}
	sol.Certificate = Certify(p, sol.X, sol.Y)
	c := &sol.Certificate
	if sol.Status == Optimal && !(max(c.PrimalResidual, c.DualResidual, c.Gap) <= set.Tolerance && visible(p, sol.X, set.Tolerance)) {
		sol.Status, sol.Vertex = IterationLimit, false // a method's opinion that the program as given does not support
	}
	if sol.Status == Unbounded && !math.IsInf(c.Bound, 0) {
		sol.Status, sol.Ray = IterationLimit, nil // there is a bound, proved: the ray was none, by a rounding
	}
	sol.Certificate.Status, sol.Certificate.Iterations = sol.Status, out.iters
	sol.Certificate.Digest = digest(sol.Status, sol.X, sol.Y)
	return sol
}
