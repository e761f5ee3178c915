package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"planwerk/bench"
	"planwerk/engine/lp"
)

// general says how the general programs are solved.
type general struct {
	dir       string
	tolerance float64
	limit     string // seconds on the clock for each
	finish    lp.Finish
}

// netlib solves the programs named in dir/optimal.csv (columns name, rows, columns, nonzeros, optimal), one after the
// other, and writes one line for each: how far from the optimum (which has 11 digits), the certificate's own gap, how many
// variables are strictly between their bounds (at a vertex no more than there are rows), and the time.
func netlib(g general, w io.Writer) error {
	f, err := os.Open(filepath.Join(g.dir, "optimal.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	limit, err := strconv.Atoi(g.limit)
	if err != nil {
		return err
	}
	right, close9, vertices, wall, cpu := 0, 0, 0, 0.0, 0.0
	fmt.Fprintf(w, "tolerance %g, limit %d s on the clock, finish %s, one thread\n", g.tolerance, limit, g.finish)
	fmt.Fprintf(w, "%-10s %6s %6s %8s %-10s %-5s %20s %20s %8s %8s %8s %8s %8s %8s\n", "name", "rows", "cols", "nonzeros", "status", "by", "objective",
		"optimum", "apart", "gap", "residual", "between", "wall s", "CPU s")
	for _, l := range lines[1:] {
		p, err := lp.ReadMPSFile(filepath.Join(g.dir, l[0]+".mps.gz"))
		if err != nil {
			return err
		}
		optimum, err := strconv.ParseFloat(l[4], 64)
		if err != nil {
			return err
		}
		before, begun := bench.ProcessorTime(), time.Now()
		s, err := lp.Solve(context(), p, lp.Settings{Threads: 1, Tolerance: g.tolerance, TimeLimit: time.Duration(limit) * time.Second, Finish: g.finish})
		if err != nil {
			return err
		}
		c := &s.Certificate
		took, used := time.Since(begun).Seconds(), bench.ProcessorTime()-before
		apart := math.Abs(c.Objective-optimum) / max(1, math.Abs(optimum))
		wall, cpu = wall+took, cpu+used
		inside := between(p, s.X)
		if s.Status == lp.Optimal {
			right += count(apart <= 1e-4)
			close9 += count(apart <= 1e-9)
			vertices += count(inside <= p.Rows())
		}
		fmt.Fprintf(w, "%-10s %6d %6d %8d %-10s %-5s %20.12g %20.11g %8.1e %8.1e %8.1e %8d %8.2f %8.2f\n", l[0], p.Rows(), p.Cols(), p.A.NNZ(), s.Status,
			s.Method, c.Objective, optimum, apart, c.Gap, max(c.PrimalResidual, c.DualResidual), inside, took, used)
	}
	fmt.Fprintf(w, "%d of %d optimal within 1e-4 of the optimum, %d within 1e-9; %d with no more variables between their bounds than rows; %.2f s on the clock, %.2f s of processor\n",
		right, len(lines)-1, close9, vertices, wall, cpu)
	return nil
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// between counts the values strictly between their bounds.
func between(p *lp.Problem, x []float64) int {
	n := 0
	for j, v := range x {
		n += count(v > p.ColLower[j] && v < p.ColUpper[j])
	}
	return n
}
