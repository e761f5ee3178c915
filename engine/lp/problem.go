package lp

import (
	"fmt"
	"math"
	"slices"

	"planwerk/engine/sparse"
)

// Infinite is the size from which a bound counts as infinite, as MPS files use 1e20, 1e30 and the like.
const Infinite = 1e20

// Problem is a linear program
//
//	minimise C·x + C0   subject to   RowLower ≤ A x ≤ RowUpper,   ColLower ≤ x ≤ ColUpper
//
// with two-sided rows. A bound of size Infinite or more is none. Names are optional (nil, or one each).
//
// When Maximise is set, C and C0 hold the negative of an objective that is to be maximised; objective, bound, duals and
// reduced costs of solutions are then reported for the objective as it was meant.
type Problem struct {
	Name               string
	C                  []float64 // per column
	C0                 float64
	A                  *sparse.CSR
	RowLower, RowUpper []float64
	ColLower, ColUpper []float64
	RowNames, ColNames []string
	Maximise           bool
	Notices            []string // what a file says in a way that other readers may take otherwise
	Relaxed            int      // columns that the file declared integer and that are taken as continuous
}

// Rows is the number of rows.
func (p *Problem) Rows() int { return p.A.Rows }

// Cols is the number of columns.
func (p *Problem) Cols() int { return p.A.Cols }

// RowName is the name of row i, or its number where rows have no names.
func (p *Problem) RowName(i int) string {
	if p.RowNames != nil {
		return p.RowNames[i]
	}
	return fmt.Sprintf("row %d", i)
}

// ColName is the name of column j, or its number where columns have no names.
func (p *Problem) ColName(j int) string {
	if p.ColNames != nil {
		return p.ColNames[j]
	}
	return fmt.Sprintf("column %d", j)
}

// Validate says what makes p no linear program: lengths that do not fit, a damaged matrix, a cost that is not finite,
// a bound that is not a number or infinite on the wrong side. Bounds that cross are valid: the program is infeasible.
func (p *Problem) Validate() error {
	if p.A == nil {
		return fmt.Errorf("lp: %s has no matrix", p.Name)
	}
	if err := p.A.Check(); err != nil {
		return fmt.Errorf("lp: matrix of %s: %w", p.Name, err)
	}
	m, n := p.Rows(), p.Cols()
	if len(p.C) != n || len(p.ColLower) != n || len(p.ColUpper) != n || len(p.RowLower) != m || len(p.RowUpper) != m {
		return fmt.Errorf("lp: %s has %d × %d entries in its matrix, %d costs, %d and %d column bounds, %d and %d row bounds",
			p.Name, m, n, len(p.C), len(p.ColLower), len(p.ColUpper), len(p.RowLower), len(p.RowUpper))
	}
	if (p.RowNames != nil && len(p.RowNames) != m) || (p.ColNames != nil && len(p.ColNames) != n) {
		return fmt.Errorf("lp: %s has %d names for %d rows and %d for %d columns", p.Name, len(p.RowNames), m, len(p.ColNames), n)
	}
	if !finite(p.C0) {
		return fmt.Errorf("lp: the constant of the objective is %v", p.C0)
	}
	for j, c := range p.C {
		if !finite(c) {
			return fmt.Errorf("lp: the cost of %s is %v", p.ColName(j), c)
		}
		if err := checkBounds(p.ColLower[j], p.ColUpper[j]); err != nil {
			return fmt.Errorf("lp: %s: %w", p.ColName(j), err)
		}
	}
	for i := range m {
		if err := checkBounds(p.RowLower[i], p.RowUpper[i]); err != nil {
			return fmt.Errorf("lp: %s: %w", p.RowName(i), err)
		}
	}
	return nil
}

func checkBounds(lo, hi float64) error {
	switch {
	case math.IsNaN(lo) || math.IsNaN(hi):
		return fmt.Errorf("a bound is not a number")
	case lo >= Infinite:
		return fmt.Errorf("the lower bound is %v", lo)
	case hi <= -Infinite:
		return fmt.Errorf("the upper bound is %v", hi)
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// clone copies p with its own matrix and bounds, names shared; infinite bounds become ±Inf.
func (p *Problem) clone() *Problem {
	q := *p
	q.A = p.A.Clone()
	q.C = slices.Clone(p.C)
	q.RowLower, q.RowUpper = open(p.RowLower), open(p.RowUpper)
	q.ColLower, q.ColUpper = open(p.ColLower), open(p.ColUpper)
	return &q
}

// open copies bounds, making infinite ones ±Inf.
func open(b []float64) []float64 {
	out := make([]float64, len(b))
	for i, v := range b {
		out[i] = openBound(v)
	}
	return out
}

func openBound(v float64) float64 {
	if v >= Infinite {
		return math.Inf(1)
	}
	if v <= -Infinite {
		return math.Inf(-1)
	}
	return v
}
