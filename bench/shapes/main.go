// Command shapes solves planning programs of other shapes than the usual one: other seeds, shares of hubs, capacities and
// joint products, resources, regions and periods. It prints method, times, iterations and certificate of each.
//
//	go run ./bench/shapes -products 10000 -threads 2
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"planwerk/bench"
	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// shape is a program by name.
type shape struct {
	name string
	make func(n int) *lp.Problem
}

func usual(n int) lptest.Shape {
	return lptest.Shape{Products: n, Resources: 50, Seed: 1, Near: 0.7, Limited: 0.3, Available: 0.98}
}

func changed(name string, change func(s *lptest.Shape)) shape {
	return shape{name, func(n int) *lp.Problem {
		s := usual(n)
		change(&s)
		return lptest.PlanningOf(s)
	}}
}

// blocks makes a program of parts that have n products together.
func blocks(name string, parts int, round bool) shape {
	return shape{name, func(n int) *lp.Problem {
		var list []*lp.Problem
		for b := range parts {
			s := usual(n / parts)
			s.Seed, s.Resources = uint64(b+1), 20
			list = append(list, lptest.PlanningOf(s))
		}
		return lptest.Blocks(list, n/parts, round, 1)
	}}
}

func shapes() []shape {
	list := []shape{changed("usual", func(*lptest.Shape) {})}
	for seed := uint64(2); seed <= 4; seed++ {
		list = append(list, changed(fmt.Sprintf("seed %d", seed), func(s *lptest.Shape) { s.Seed = seed }))
	}
	return append(list,
		changed("hubs 0 %", func(s *lptest.Shape) { s.Near = 1 }),
		changed("hubs 60 %", func(s *lptest.Shape) { s.Near = 0.4 }),
		changed("hubs 90 %", func(s *lptest.Shape) { s.Near = 0.1 }),
		changed("capacities 0 %", func(s *lptest.Shape) { s.Limited = 0 }),
		changed("capacities 60 %", func(s *lptest.Shape) { s.Limited = 0.6 }),
		changed("capacities 90 %", func(s *lptest.Shape) { s.Limited = 0.9 }),
		changed("joint products 5 %", func(s *lptest.Shape) { s.Joint = 0.05 }),
		changed("joint products 20 %", func(s *lptest.Shape) { s.Joint = 0.2 }),
		changed("resources x 0.95", func(s *lptest.Shape) { s.Available = 0.95 }),
		changed("resources x 10", func(s *lptest.Shape) { s.Available = 10 }),
		changed("5 resources", func(s *lptest.Shape) { s.Resources = 5 }),
		changed("200 resources", func(s *lptest.Shape) { s.Resources = 200 }),
		blocks("4 regions", 4, true), blocks("5 periods", 5, false))
}

func main() {
	products := flag.Int("products", 10_000, "products in all")
	threads := flag.Int("threads", 1, "threads")
	only := flag.String("only", "", "this shape only")
	limit := flag.Duration("limit", 10*time.Minute, "limit on the clock for each")
	log := flag.Bool("log", false, "show the solver's log")
	flag.Parse()
	fmt.Printf("%-22s %7s %7s %8s %-15s %-5s %9s %9s %10s %15s %9s %9s\n", "shape", "rows", "columns", "nonzeros", "status", "by", "CPU s", "s",
		"iterations", "objective", "gap", "shortfall")
	for _, s := range shapes() {
		if *only != "" && s.name != *only {
			continue
		}
		p := s.make(*products)
		set := lp.Settings{Threads: *threads, TimeLimit: *limit}
		if *log {
			set.Log = func(l string) { fmt.Println(l) }
		}
		cpu, begun := bench.ProcessorTime(), time.Now()
		sol, err := lp.Solve(context.Background(), p, set)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		c := &sol.Certificate
		fmt.Printf("%-22s %7d %7d %8d %-15s %-5s %9.2f %9.2f %10d %15.9g %9.1e %9.1e\n", s.name, p.Rows(), p.Cols(), p.A.NNZ(), sol.Status, sol.Method,
			bench.ProcessorTime()-cpu, time.Since(begun).Seconds(), c.Iterations, c.Objective, c.ProvedGap, c.MaxShortfall)
	}
}
