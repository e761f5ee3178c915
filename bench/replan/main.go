// Command replan measures what a plan costs after a change of targets when it begins from the plan before, beside the same
// program solved from nothing: planning programs of several sizes, with two kinds of change. Every change is solved by both,
// one after the other, in processor time and on the clock, lowest of the runs.
//
//	go run ./bench/replan -products 2000,10000,50000 -threads 1 -runs 3
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"planwerk/bench"
	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// changes are the ways in which targets change.
var changes = []struct {
	name  string
	apply func(r *rand.Rand, target float64) float64
}{
	{"every target by up to 1 %", func(r *rand.Rand, v float64) float64 { return v * (0.99 + 0.02*r.Float64()) }},
	{"1 % of the targets, halved to doubled", func(r *rand.Rand, v float64) float64 {
		if f := math.Exp2(2*r.Float64() - 1); r.Float64() < 0.01 {
			return v * f
		}
		return v
	}},
}

type flags struct {
	threads, runs, only int
	log                 bool
	profile             string
}

func main() {
	products := flag.String("products", "2000,10000", "sizes of the planning programs, in products")
	var f flags
	flag.IntVar(&f.threads, "threads", 1, "threads")
	flag.IntVar(&f.runs, "runs", 3, "runs of each solve")
	flag.IntVar(&f.only, "change", -1, "this change only, counted from 0")
	flag.BoolVar(&f.log, "log", false, "show the log of the solves from the plan before")
	flag.StringVar(&f.profile, "profile", "", "file for a profile of the solves from the plan before")
	flag.Parse()
	for _, text := range strings.Split(*products, ",") {
		n, err := strconv.Atoi(text)
		if err == nil {
			err = f.measure(n)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// measure solves the programs of a size.
func (f *flags) measure(n int) error {
	resources := 20
	if n >= 5000 {
		resources = 50
	}
	p := lptest.Planning(n, resources, 1)
	before, err := lp.Solve(context.Background(), p, lp.Settings{Threads: f.threads})
	if err != nil {
		return err
	}
	targets := slices.Clone(p.RowLower)
	for k, c := range changes {
		if f.only >= 0 && k != f.only {
			continue
		}
		r := rand.New(rand.NewPCG(uint64(n), 0x6368616e))
		for i := range n {
			p.RowLower[i] = c.apply(r, targets[i])
		}
		fmt.Printf("%s, %s, %d threads\n", p.Name, c.name, f.threads)
		cold, err := f.solve("from nothing", p, nil, false)
		if err != nil {
			return err
		}
		warm, err := f.solve("from the plan before", p, &lp.Start{X: before.X, Y: before.Y}, f.log)
		if err != nil {
			return err
		}
		fmt.Printf("  %-22s %.1f %% of the processor time, %.1f %% on the clock\n", "ratio", 100*warm.cpu/cold.cpu, 100*warm.wall/cold.wall)
	}
	return nil
}

type cost struct{ cpu, wall float64 }

// solve solves a program several times and prints the lowest times.
func (f *flags) solve(how string, p *lp.Problem, start *lp.Start, log bool) (cost, error) {
	least := cost{math.Inf(1), math.Inf(1)}
	set := lp.Settings{Threads: f.threads, Warm: start}
	if log {
		set.Log = func(l string) { fmt.Println(l) }
	}
	if start != nil && f.profile != "" {
		out, err := os.Create(f.profile)
		if err != nil {
			return least, err
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			return least, err
		}
		defer pprof.StopCPUProfile()
	}
	var s *lp.Solution
	for range f.runs {
		cpu, begun := bench.ProcessorTime(), time.Now()
		var err error
		if s, err = lp.Solve(context.Background(), p, set); err != nil {
			return least, err
		}
		least.cpu = min(least.cpu, bench.ProcessorTime()-cpu)
		least.wall = min(least.wall, time.Since(begun).Seconds())
	}
	c := &s.Certificate
	fmt.Printf("  %-22s %s by %s, %8.3f s of processor %8.3f s on the clock, objective %.9g, proved gap %.1e, largest shortfall %.1e, %d iterations\n",
		how, s.Status, s.Method, least.cpu, least.wall, c.Objective, c.ProvedGap, c.MaxShortfall, c.Iterations)
	return least, nil
}
