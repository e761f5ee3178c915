package leontief

import (
	"context"
	"fmt"
	"math"

	"planwerk/engine/shard"
	"planwerk/kernels"
)

// Answer is one of the two systems of an economy, solved.
type Answer struct {
	*Solution
	Dominator *Dominator // nil when |M| has none
	Bound     float64    // ‖z − z*‖∞ is at most this; +Inf without a dominator
}

// Result is what Compute found.
type Result struct {
	Radius      *Radius
	Values      *Answer   // λ, labour per unit; nil without labour
	Outputs     *Answer   // x; nil without demand
	Multipliers []float64 // column sums of (I − A)⁻¹: output needed, directly and indirectly, per unit; nil unless asked for
	// Total labour both ways and how far apart they are, relative to the larger; 0 without labour or demand.
	ByValues, ByOutputs, Apart float64
	Notices                    []string

	byRow, byColumn *System // A and Aᵀ; byColumn is nil until values are asked for
}

// Request says what Compute is to find beside what the table has vectors for.
type Request struct {
	Settings
	Multipliers     bool
	RadiusTolerance float64 // default 1e-9, with at most RadiusProducts products
	RadiusProducts  int     // default 400, 24 for large matrices
	WarmValues      []float64
	WarmOutputs     []float64
	// Earlier is what Compute found for the same matrix A, as it was or as Result.Update changed it. Its values and outputs are
	// where this computation starts, and what it found out about A is not sought again.
	Earlier *Result
}

// Compute finds labour values and gross outputs of an economy, each with its error bound. An economy that is not productive
// is a *NotProductive error.
func Compute(ctx context.Context, t *Table, req Request) (*Result, error) {
	check := t.Check
	if e := req.Earlier; e != nil && e.of(t) {
		check = t.checkVectors // the matrix was checked then, and Update looks at what it sets
	}
	if err := check(); err != nil {
		return nil, err
	}
	r := &Result{}
	if err := r.begin(t, &req); err != nil {
		return nil, err
	}
	if err := r.productivity(ctx, t, req); err != nil {
		return nil, err
	}
	if err := r.proved(ctx, t, r.solve(ctx, t, req)); err != nil {
		return nil, err
	}
	r.total(t)
	return r, nil
}

// solve finds what the table has right-hand sides for.
func (r *Result) solve(ctx context.Context, t *Table, req Request) error {
	if t.Labour != nil || req.Multipliers {
		if err := r.values(ctx, t, req); err != nil {
			return err
		}
	}
	if t.Demand == nil {
		return nil
	}
	settings := req.Settings
	settings.Warm = req.WarmOutputs
	var err error
	r.Outputs, err = r.byRow.solveBounded(ctx, t.Demand, settings, "gross outputs")
	return err
}

// begin takes over what an earlier computation knows of the matrix.
func (r *Result) begin(t *Table, req *Request) (err error) {
	if e := req.Earlier; e != nil && e.of(t) {
		r.byRow, r.byColumn = e.byRow, e.byColumn
		r.byRow.threads = shard.Threads(req.Threads)
		if r.byColumn != nil {
			r.byColumn.threads = r.byRow.threads
		}
		if req.WarmValues == nil && e.Values != nil {
			req.WarmValues = e.Values.X
		}
		if req.WarmOutputs == nil && e.Outputs != nil {
			req.WarmOutputs = e.Outputs.X
		}
		return nil
	}
	r.byRow, err = NewSystem(t.A, req.Threads)
	return err
}

// of tells whether the result is of the table's matrix.
func (r *Result) of(t *Table) bool { return r.byRow != nil && r.byRow.m == t.A }

// Update sets coefficients of the matrix the result is of: units of product row[k] used per unit of product col[k]. See
// System.Update. Values and outputs stay those of the matrix before, until Compute takes the result as its Earlier.
func (r *Result) Update(row, col []int32, val []float64) error {
	at, err := r.byRow.m.Places(row, col, val, r.byRow.threads)
	if err != nil {
		return err
	}
	if r.byColumn == nil {
		r.byRow.set(row, at, val)
		return nil
	}
	mirrored, err := r.byColumn.m.Places(col, row, val, r.byColumn.threads)
	if err != nil {
		return err
	}
	return shard.Run(context.Background(), r.byRow.threads, 2, func(piece int) error {
		if piece == 0 {
			r.byRow.set(row, at, val)
		} else {
			r.byColumn.set(col, mirrored, val)
		}
		return nil
	})
}

// productivity bounds the radius and refuses an economy whose A ≥ 0 has one of 1 or more. With negative entries the radius of
// |A| decides nothing by itself.
func (r *Result) productivity(ctx context.Context, t *Table, req Request) (err error) {
	tolerance, products := req.RadiusTolerance, req.RadiusProducts
	if tolerance <= 0 {
		tolerance = 1e-9
	}
	if products <= 0 {
		products = 400
		if t.A.NNZ() >= largeFrom { // no more than a solve costs
			products = 24
		}
	}
	r.Radius, err = r.byRow.Radius(ctx, tolerance, products)
	if err != nil || r.Radius.Lower < 1 {
		return err
	}
	if Absolute(t.A) == t.A {
		return r.notProductive(t)
	}
	r.Notices = append(r.Notices, fmt.Sprintf("with negative coefficients taken as positive the spectral radius is at least %.9g: there is no error bound, and values may be negative", r.Radius.Lower))
	return nil
}

// values solves for λ, and for multipliers in the same pass.
func (r *Result) values(ctx context.Context, t *Table, req Request) error {
	if r.byColumn == nil {
		var err error
		if r.byColumn, err = NewSystem(t.A.TransposeOn(shard.Threads(req.Threads)), req.Threads); err != nil {
			return err
		}
	}
	settings := req.Settings
	settings.Warm = req.WarmValues
	if !req.Multipliers {
		var err error
		r.Values, err = r.byColumn.solveBounded(ctx, t.Labour, settings, "labour values")
		return err
	}
	sides := [][]float64{ones(t.N())}
	if t.Labour != nil {
		sides = append(sides, t.Labour)
	}
	solutions, err := r.byColumn.SolveMany(ctx, sides, req.Settings)
	if err != nil {
		return err
	}
	d, err := r.byColumn.Dominator(ctx)
	if err != nil {
		return err
	}
	m, err := r.byColumn.bounded(solutions[0], d, "multipliers", settings)
	if err != nil {
		return err
	}
	if r.Multipliers = m.X; t.Labour != nil {
		r.Values, err = r.byColumn.bounded(solutions[1], d, "labour values", settings)
	}
	return err
}

func (s *System) solveBounded(ctx context.Context, b []float64, settings Settings, what string) (*Answer, error) {
	d, err := s.Dominator(ctx)
	if err != nil {
		return nil, err
	}
	sol, err := s.Solve(ctx, b, settings)
	if err != nil {
		return nil, err
	}
	return s.bounded(sol, d, what, settings)
}

// bounded is an answer with its bound. Near the edge of productivity rounding errors may explain the residual of numbers that
// are nowhere near the answer, and in units very far apart a small residual says little: where M ≥ 0 there must be a bound, and
// where the residual is not small beside the right-hand side the bound must prove a digit. Negative entries may leave no way to a
// bound; there a small residual is what can be had, and Result.noteUnbounded says so.
func (s *System) bounded(sol *Solution, d *Dominator, what string, settings Settings) (*Answer, error) {
	if !sol.Converged {
		return nil, unsolved(what, sol)
	}
	a := &Answer{Solution: sol, Dominator: d, Bound: d.ErrorBound(sol.Residual)}
	small := sol.Relative <= max(10*settings.Tolerance, SmallRelative) && (s.sign < 0 || !math.IsInf(a.Bound, 1))
	if !small && !(a.Bound < kernels.NormInf(sol.X)) && sol.Residual > 0 {
		e := unsolved(what, sol)
		e.Unproved = true
		return nil, e
	}
	return a, nil
}

// SmallRelative is the relative residual up to which an answer stands without a digit that its bound proves.
const SmallRelative = 1e-12

// NotSolved is the error of a system that a method did not solve within its limits.
type NotSolved struct {
	What     string
	Method   Method
	Products int
	Relative float64
	Unproved bool   // rounding errors explain the residual, and no digit of the answer could be proved
	Why      string // the method did not begin; "": it did
}

func (e *NotSolved) Error() string {
	if e.Why != "" {
		return fmt.Sprintf("%s: %s", e.What, e.Why)
	}
	if e.Unproved {
		return fmt.Sprintf("%s: no digit of what %s gives could be proved, by rounding errors (relative residual %.3g); the economy is near the edge of being productive, or its products are counted in units of very different size",
			e.What, e.Method, e.Relative)
	}
	if math.IsInf(e.Relative, 0) || math.IsNaN(e.Relative) || e.Relative == 0 {
		return fmt.Sprintf("%s: %s came to numbers beyond what floating point holds, after %d products with the matrix; give larger units for what is counted in very small ones",
			e.What, e.Method, e.Products)
	}
	return fmt.Sprintf("%s: %s left a relative residual of %.3g after %d products with the matrix; another --method or a larger --tolerance may do, or the economy is at the edge of being productive",
		e.What, e.Method, e.Relative, e.Products)
}

func unsolved(what string, s *Solution) *NotSolved {
	return &NotSolved{What: what, Method: s.Method, Products: s.Products, Relative: s.Relative}
}

// total computes the total labour λ·y and l·x.
func (r *Result) total(t *Table) {
	if r.Values == nil || r.Outputs == nil {
		return
	}
	r.ByValues, r.ByOutputs = kernels.Dot(r.Values.X, t.Demand), kernels.Dot(t.Labour, r.Outputs.X)
	if most := max(math.Abs(r.ByValues), math.Abs(r.ByOutputs)); most > 0 {
		r.Apart = math.Abs(r.ByValues-r.ByOutputs) / most
	}
	for i, v := range r.Outputs.X {
		if v < -r.Outputs.Bound {
			r.Notices = append(r.Notices, fmt.Sprintf("some gross outputs are negative (the first, %s: %.6g): final demand holds negative entries", t.Code(i), v))
			break
		}
	}
}
