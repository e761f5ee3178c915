// Command lp measures planwerk's linear programming against other solvers on the same programs: planning programs of
// several sizes, written as MPS. Peers that are not installed are left out. Times are seconds of processor time, of
// reading and solving for the peers, of solving for planwerk; every peer has the same limit. Peers run side by side: the
// clock says nothing then, processor time does.
//
//	go run ./bench/peers/lp -products 2000,10000 -limit 60 -out bench/results
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"planwerk/bench"
	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// answer is what a solver said of a program.
type answer struct {
	Solver     string  `json:"solver"`
	Status     string  `json:"status"`
	Objective  float64 `json:"objective"`
	CPUSeconds float64 `json:"cpu_seconds"`
	Seconds    float64 `json:"seconds"`
}

// instance is one program and all answers to it.
type instance struct {
	Name        string         `json:"name"`
	Rows        int            `json:"rows"`
	Columns     int            `json:"columns"`
	Nonzeros    int            `json:"nonzeros"`
	Planwerk    answer         `json:"planwerk"`
	Certificate lp.Certificate `json:"certificate"`
	Peers       []answer       `json:"peers"`
}

func main() {
	products := flag.String("products", "2000,10000", "sizes of the planning programs, in products")
	alone := flag.String("alone", "", "sizes that planwerk solves and the peers do not")
	limit := flag.Int("limit", 60, "seconds of processor time for each solver")
	out := flag.String("out", "bench/results", "where the table goes")
	threads := flag.Int("threads", 1, "threads of planwerk")
	programs := flag.String("netlib", "", "folder of general programs with their optima (optimal.csv): solve these instead")
	tolerance := flag.Float64("tolerance", 1e-6, "of the general programs")
	finish := flag.String("finish", string(lp.FinishAuto), "auto|none|vertex: whether general programs are taken to a vertex")
	flag.Parse()
	if *programs != "" {
		if err := netlib(general{*programs, *tolerance, *limit, lp.Finish(*finish)}, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := run(*products, *alone, *limit, *threads, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(products, alone string, limit, threads int, out string) error {
	dir, err := os.MkdirTemp("", "planwerk-lp-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var all []instance
	for k, list := range []string{products, alone} {
		for _, text := range strings.Split(list, ",") {
			if text == "" {
				continue
			}
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			in, err := measure(n, limit, threads, dir, k == 0)
			if err != nil {
				return err
			}
			all = append(all, in)
		}
	}
	return write(all, limit, out)
}

// measure solves one program with everything that is there.
func measure(n, limit, threads int, dir string, peers bool) (instance, error) {
	resources := 20
	if n >= 5000 {
		resources = 50
	}
	p := lptest.Planning(n, resources, 1)
	in := instance{Name: p.Name, Rows: p.Rows(), Columns: p.Cols(), Nonzeros: p.A.NNZ()}
	cpu, begun := processorTime(), time.Now()
	s, err := lp.Solve(context(), p, lp.Settings{Threads: threads})
	if err != nil {
		return in, err
	}
	in.Certificate = s.Certificate
	in.Planwerk = answer{"planwerk", string(s.Status), s.Certificate.Objective, processorTime() - cpu, time.Since(begun).Seconds()}
	fmt.Printf("%s: %d rows, %d columns, %d nonzeros\n", in.Name, in.Rows, in.Columns, in.Nonzeros)
	report(in.Planwerk)
	fmt.Printf("    proved gap %.2e, largest shortfall %.1e\n", s.Certificate.ProvedGap, s.Certificate.MaxShortfall)
	if !peers {
		return in, nil
	}
	path := filepath.Join(dir, in.Name+".mps")
	f, err := os.Create(path)
	if err != nil {
		return in, err
	}
	if err := lp.WriteMPS(f, p); err != nil {
		return in, err
	}
	if err := f.Close(); err != nil {
		return in, err
	}
	found := installed(path, dir, limit)
	in.Peers = make([]answer, len(found))
	var wait sync.WaitGroup
	for k, peer := range found {
		wait.Go(func() { in.Peers[k] = peer.solve(limit) })
	}
	wait.Wait()
	for _, a := range in.Peers {
		report(a)
	}
	return in, nil
}

func report(a answer) {
	fmt.Printf("  %-24s %-22s objective %-16.9g %8.2f s of processor, %8.2f s\n", a.Solver, a.Status, a.Objective, a.CPUSeconds, a.Seconds)
}

// write saves the table.
func write(all []instance, limit int, out string) error {
	t := bench.NewTable("solve", "go run ./bench/peers/lp", "instance", "rows", "columns", "nonzeros", "planwerk, CPU s", "proved gap",
		"best peer, CPU s", "ratio", "objectives differ by")
	for _, in := range all {
		row := []string{in.Name, strconv.Itoa(in.Rows), strconv.Itoa(in.Columns), strconv.Itoa(in.Nonzeros),
			fmt.Sprintf("%.2f", in.Planwerk.CPUSeconds), fmt.Sprintf("%.1e", in.Certificate.ProvedGap)}
		t.Cells = append(t.Cells, append(row, in.best(limit)...))
	}
	t.Raw = all
	return t.Write(filepath.Join(out, time.Now().UTC().Format(time.DateOnly)+"-solve.json"))
}

// best describes the fastest peer: its time, how much longer it took, how far its objective is.
func (in instance) best(limit int) []string {
	var best *answer
	for k := range in.Peers {
		if a := &in.Peers[k]; a.Status == "optimal" && (best == nil || a.CPUSeconds < best.CPUSeconds) {
			best = a
		}
	}
	switch {
	case len(in.Peers) == 0:
		return []string{"not run", "", ""}
	case best == nil:
		return []string{fmt.Sprintf("none in %d", limit), fmt.Sprintf("> %.0f", float64(limit)/in.Planwerk.CPUSeconds), ""}
	}
	apart := (best.Objective - in.Planwerk.Objective) / (1 + in.Planwerk.Objective)
	return []string{fmt.Sprintf("%.1f (%s)", best.CPUSeconds, best.Solver), fmt.Sprintf("%.0f", best.CPUSeconds/in.Planwerk.CPUSeconds),
		fmt.Sprintf("%.1e", max(apart, -apart))}
}
