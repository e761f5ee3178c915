package lp

import (
	"fmt"
	"math"
	"time"
)

// Version is the version of the solver's log and certificate.
const Version = "1.0"

// logger writes the log line by line, in the form users of HiGHS know. A nil logger is silent.
type logger struct {
	write   func(string)
	started time.Time
	rows    int
	last    time.Time
}

func (l *logger) note(format string, args ...any) {
	if l != nil {
		l.write(fmt.Sprintf(format, args...))
	}
}

func (l *logger) seconds() float64 { return time.Since(l.started).Seconds() }

// problem writes sizes and coefficient ranges.
func (l *logger) problem(p *Problem) {
	if l == nil {
		return
	}
	l.note("planwerk lp %s", Version)
	l.note("LP %s has %d rows; %d cols; %d nonzeros", p.Name, p.Rows(), p.Cols(), p.A.NNZ())
	l.note("Coefficient ranges:")
	for _, part := range []struct {
		name   string
		values [][]float64
	}{{"Matrix", [][]float64{p.A.Val}}, {"Cost", [][]float64{p.C}},
		{"Bound", [][]float64{p.ColLower, p.ColUpper}}, {"RHS", [][]float64{p.RowLower, p.RowUpper}}} {
		lo, hi := ranges(part.values)
		l.note("  %-7s [%.0e, %.0e]", part.name, lo, hi)
	}
	if p.Relaxed > 0 {
		l.note("%d integer columns are taken as continuous", p.Relaxed)
	}
}

// ranges gives the least and largest size of finite values that are not zero.
func ranges(parts [][]float64) (lo, hi float64) {
	lo = math.Inf(1)
	for _, part := range parts {
		for _, v := range part {
			if v = math.Abs(v); v > 0 && v < Infinite {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if hi == 0 {
		lo = 0
	}
	return lo, hi
}

func (l *logger) table(method string) {
	l.note("Solving by %s", method)
	l.note("%10s %18s %18s %9s %9s %9s %8s", "iteration", "primal objective", "dual objective", "primal", "dual", "gap", "seconds")
	if l != nil {
		l.rows, l.last = 0, time.Time{}
	}
}

// iteration writes a line of the table: the first ones, then at most five a second.
func (l *logger) iteration(k int, r residuals, worst float64) {
	if l == nil {
		return
	}
	if l.rows++; l.rows > 10 && time.Since(l.last) < 200*time.Millisecond {
		return
	}
	l.last = time.Now()
	l.note("%10d %18.10e %18.10e %9.2e %9.2e %9.2e %8.2f  worst row %.1e", k, r.objective, r.bound, r.primal, r.dual, r.gap, l.seconds(), worst)
}

// result writes the certificate.
func (l *logger) result(c *Certificate) {
	if l == nil {
		return
	}
	l.note("Status            : %s", c.Status)
	l.note("Objective         : %.12g", c.Objective)
	l.note("Proved bound      : %.12g", c.Bound)
	l.note("Gap               : %.2e   proved %.2e", c.Gap, c.ProvedGap)
	l.note("Primal residual   : %.2e   largest violation %.2e, relative to its bound %.2e", c.PrimalResidual, c.MaxViolation, c.MaxShortfall)
	l.note("Dual residual     : %.2e", c.DualResidual)
	l.note("Iterations        : %d", c.Iterations)
	l.note("Seconds           : %.3f", c.Seconds)
}
