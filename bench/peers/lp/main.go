// Command lp measures planwerk's linear programming against other solvers on the same programs: planning programs of
// several sizes, seeded, written as MPS files that all peers read. Peers that are not installed are left out; HiGHS is
// taken from scipy and from the npm package "highs" (found by NODE_PATH), GLPK and Clp by their commands. Times are seconds
// on the clock and of processor time: of solving for planwerk and for peers that tell it, of the whole command else. Every
// peer has the same limit on the clock; one that does not solve a program, or needs a quarter of the limit for it, is not given
// the larger ones.
//
//	go run ./bench/peers/lp -products 2000,10000 -limit 120,180 -out bench/results
package main

import (
	"flag"
	"fmt"
	"math"
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
	Solving    float64 `json:"solving_seconds"` // on the clock, without reading where the peer says so
}

// instance is one program and all answers to it.
type instance struct {
	Name        string         `json:"name"`
	Rows        int            `json:"rows"`
	Columns     int            `json:"columns"`
	Nonzeros    int            `json:"nonzeros"`
	Limit       int            `json:"limit_seconds"`
	Planwerk    []answer       `json:"planwerk"` // the first is the one that is compared
	Certificate lp.Certificate `json:"certificate"`
	Peers       []answer       `json:"peers"`
}

func main() {
	products := flag.String("products", "2000,10000", "sizes of the planning programs, in products")
	alone := flag.String("alone", "", "sizes that planwerk solves and the peers do not")
	limits := flag.String("limit", "60", "seconds on the clock for each solver, per size")
	jobs := flag.Int("jobs", 1, "peers at a time, each on one thread")
	only := flag.String("peers", "", "run only peers whose name holds one of these words, separated by commas")
	before := flag.String("before", "", "what to put before each peer's command, such as: chrt -f 5")
	out := flag.String("out", "bench/results", "where the table goes")
	programs := flag.String("netlib", "", "folder of general programs with their optima (optimal.csv): solve these instead")
	tolerance := flag.Float64("tolerance", 1e-6, "of the general programs")
	finish := flag.String("finish", string(lp.FinishAuto), "auto|none|vertex: whether general programs are taken to a vertex")
	flag.Parse()
	if *programs != "" {
		if err := netlib(general{*programs, *tolerance, *limits, lp.Finish(*finish)}, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := run(*products, *alone, *limits, *jobs, choice{strings.Split(*only, ","), strings.Fields(*before)}, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(products, alone, limits string, jobs int, which choice, out string) error {
	dir, err := os.MkdirTemp("", "planwerk-lp-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var all []instance
	slow := map[string]bool{}
	limit := 0
	for k, list := range []string{products, alone} {
		for at, text := range strings.Split(list, ",") {
			if text == "" {
				continue
			}
			n, err := strconv.Atoi(text)
			if err != nil {
				return err
			}
			if given := strings.Split(limits, ","); at < len(given) {
				if limit, err = strconv.Atoi(given[at]); err != nil {
					return err
				}
			}
			in, err := measure(n, limit, jobs, dir, k == 0, which, slow)
			if err != nil {
				return err
			}
			all = append(all, in)
		}
	}
	return write(all, out)
}

// ways are how planwerk solves a planning program: as a plan to 1e-6, on one thread and on two, and on to the exact vertex.
var ways = []struct {
	name string
	set  lp.Settings
}{
	{"planwerk", lp.Settings{Threads: 1}},
	{"planwerk, 2 threads", lp.Settings{Threads: 2}},
	{"planwerk, exact vertex", lp.Settings{Threads: 1, Finish: lp.FinishVertex}},
}

// hopeless is the part of its limit after which a peer is not given larger programs: their time grows with the square of the
// size or faster.
const hopeless = 4

// measure solves one program with everything that is there, and notes the peers that do not solve it.
func measure(n, limit, jobs int, dir string, peers bool, which choice, slow map[string]bool) (instance, error) {
	resources := 20
	if n >= 5000 {
		resources = 50
	}
	p := lptest.Planning(n, resources, 1)
	in := instance{Name: p.Name, Rows: p.Rows(), Columns: p.Cols(), Nonzeros: p.A.NNZ(), Limit: limit}
	fmt.Printf("%s: %d rows, %d columns, %d nonzeros; limit %d s\n", in.Name, in.Rows, in.Columns, in.Nonzeros, limit)
	for k, w := range ways {
		cpu, begun := bench.ProcessorTime(), time.Now()
		s, err := lp.Solve(context(), p, w.set)
		if err != nil {
			return in, err
		}
		took := time.Since(begun).Seconds()
		c := &s.Certificate
		a := answer{w.name, string(s.Status), c.Objective, bench.ProcessorTime() - cpu, took, took}
		report(a, 0)
		fmt.Printf("    proved gap %.2e, largest shortfall %.1e\n", c.ProvedGap, c.MaxShortfall)
		in.Planwerk = append(in.Planwerk, a)
		if k == 0 {
			in.Certificate = s.Certificate
		}
	}
	if !peers {
		return in, nil
	}
	path, err := writeProgram(p, dir)
	if err != nil {
		return in, err
	}
	in.Peers = solvePeers(which.of(installed(path, dir, limit)), limit, jobs, slow)
	for _, a := range in.Peers {
		if a.Status == leftOut {
			continue
		}
		report(a, in.Planwerk[0].Objective)
		slow[a.Solver] = a.Status != "optimal" || a.Seconds > float64(limit)/hopeless
	}
	fmt.Println("  planwerk : best peer =", strings.Join(in.best(), ", "))
	return in, nil
}

// writeProgram writes the MPS file that all peers read.
func writeProgram(p *lp.Problem, dir string) (string, error) {
	path := filepath.Join(dir, p.Name+".mps")
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	if err := lp.WriteMPS(f, p); err != nil {
		return "", err
	}
	return path, f.Close()
}

// leftOut is the status of a peer that was too slow for a smaller program.
const leftOut = "left out"

// solvePeers runs the peers, so many at a time, without those that were too slow for a smaller program.
func solvePeers(found []peer, limit, jobs int, slow map[string]bool) []answer {
	answers := make([]answer, len(found))
	var wait sync.WaitGroup
	turn := make(chan struct{}, jobs)
	for k, p := range found {
		if slow[p.name] {
			answers[k] = answer{Solver: p.name, Status: leftOut}
			continue
		}
		turn <- struct{}{}
		wait.Go(func() {
			answers[k] = p.solve(limit)
			fmt.Fprintf(os.Stderr, "  %s: %s\n", p.name, answers[k].Status)
			<-turn
		})
	}
	wait.Wait()
	return answers
}

// report prints an answer, and how far its objective is from another, 0: none.
func report(a answer, from float64) {
	apart := ""
	if from != 0 && a.Status == "optimal" {
		apart = fmt.Sprintf("  objectives differ by %.1e", difference(a.Objective, from))
	}
	fmt.Printf("  %-24s %-12s objective %-16.9g solving %8.2f s, in all %8.2f s, of processor %8.2f s%s\n", a.Solver, a.Status, a.Objective,
		a.Solving, a.Seconds, a.CPUSeconds, apart)
}

func difference(a, b float64) float64 { return math.Abs(a-b) / (1 + math.Abs(b)) }

// write saves the table.
func write(all []instance, out string) error {
	t := bench.NewTable("solve", "go run ./bench/peers/lp", "instance", "rows", "columns", "nonzeros", "planwerk, s", "proved gap",
		"best peer, s", "ratio", "objectives differ by")
	for _, in := range all {
		row := []string{in.Name, strconv.Itoa(in.Rows), strconv.Itoa(in.Columns), strconv.Itoa(in.Nonzeros),
			fmt.Sprintf("%.2f", in.Planwerk[0].Solving), fmt.Sprintf("%.1e", in.Certificate.ProvedGap)}
		t.Cells = append(t.Cells, append(row, in.best()...))
	}
	t.Raw = all
	return t.Write(filepath.Join(out, time.Now().UTC().Format(time.DateOnly)+"-solve.json"))
}

// best describes the peer that solves fastest: its time, how much longer it takes, how far its objective is.
func (in instance) best() []string {
	var best *answer
	for k := range in.Peers {
		if a := &in.Peers[k]; a.Status == "optimal" && (best == nil || a.Solving < best.Solving) {
			best = a
		}
	}
	own := in.Planwerk[0]
	switch {
	case len(in.Peers) == 0:
		return []string{"not run", "", ""}
	case best == nil:
		return []string{"none", fmt.Sprintf("> %.0f", float64(in.Limit)/own.Solving), ""}
	}
	return []string{fmt.Sprintf("%.2f (%s)", best.Solving, best.Solver), fmt.Sprintf("%.1f", best.Solving/own.Solving),
		fmt.Sprintf("%.1e", difference(best.Objective, own.Objective))}
}
