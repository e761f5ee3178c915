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

	"planwerk/engine/lp"
)

// netlib solves the programs named in dir/optimal.csv (columns name, rows, columns, nonzeros, optimal) and writes one line
// for each.
func netlib(dir string, limit int, w io.Writer) error {
	f, err := os.Open(filepath.Join(dir, "optimal.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	right := 0
	fmt.Fprintf(w, "%-10s %6s %6s %8s %-16s %-5s %20s %20s %9s %9s\n", "name", "rows", "cols", "nonzeros", "status", "by", "objective", "optimum", "apart", "CPU s")
	for _, l := range lines[1:] {
		p, err := lp.ReadMPSFile(filepath.Join(dir, l[0]+".mps.gz"))
		if err != nil {
			return err
		}
		optimum, err := strconv.ParseFloat(l[4], 64)
		if err != nil {
			return err
		}
		cpu := processorTime()
		s, err := lp.Solve(context(), p, lp.Settings{Threads: 1, TimeLimit: wallPerCPU * time.Duration(limit) * time.Second})
		if err != nil {
			return err
		}
		apart := math.Abs(s.Certificate.Objective-optimum) / (1 + math.Abs(optimum))
		if s.Status == lp.Optimal && apart <= 1e-4 {
			right++
		}
		fmt.Fprintf(w, "%-10s %6d %6d %8d %-16s %-5s %20.11g %20.11g %9.1e %9.2f\n", l[0], p.Rows(), p.Cols(), p.A.NNZ(), s.Status, s.Method,
			s.Certificate.Objective, optimum, apart, processorTime()-cpu)
	}
	fmt.Fprintf(w, "%d of %d optimal within 1e-4 of the optimum\n", right, len(lines)-1)
	return nil
}
