// Command lpscale measures the plan method against the size of the program: planning programs of lptest.Planning, solved
// to a strict certificate, every solve in a process of its own so that its peak memory is its own. Results are a table,
// the raw lines, and a plot of cost against size on logarithmic axes.
//
//	go run ./bench/lpscale -products 1000,10000,100000 -threads 1,2 -out bench/results/lpscale
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"planwerk/bench"
	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// solved is one solve.
type solved struct {
	Products    int            `json:"products"`
	Rows        int            `json:"rows"`
	Columns     int            `json:"columns"`
	Nonzeros    int            `json:"nonzeros"`
	Seed        uint64         `json:"seed"`
	Threads     int            `json:"threads"`
	Status      lp.Status      `json:"status"`
	Method      lp.Method      `json:"method"`
	Seconds     float64        `json:"seconds"`
	CPUSeconds  float64        `json:"cpu_seconds"`
	Before      int64          `json:"before_bytes"` // resident with the program in memory, before solving
	Peak        int64          `json:"peak_bytes"`   // largest resident while solving
	Arrays      int64          `json:"array_bytes"`  // of the program itself
	Steps       string         `json:"steps"`        // what the log says of Newton and conjugate gradient steps
	Certificate lp.Certificate `json:"certificate"`
}

func main() {
	products := flag.String("products", "1000,2000", "sizes, in products")
	threads := flag.String("threads", "1,2", "threads")
	seed := flag.Uint64("seed", 1, "seed of the programs")
	repeat := flag.Int("repeat", 1, "solves of each kind; the quickest counts")
	out := flag.String("out", "", "path of the results, without extension; empty: only print")
	alone := flag.Bool("alone", false, "solve one size with one count of threads in this process and print it as JSON")
	join := flag.String("join", "", "results (JSON, by commas) to put into one table and plot; nothing is solved")
	flag.Parse()
	run := func() error {
		if *join != "" {
			return joined(strings.Split(*join, ","), *out)
		}
		sizes, err := numbers(*products)
		if err != nil {
			return err
		}
		counts, err := numbers(*threads)
		if err != nil {
			return err
		}
		if *alone {
			return solveOne(sizes[0], counts[0], *seed)
		}
		return measure(sizes, counts, *seed, *repeat, *out)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func numbers(list string) ([]int, error) {
	var out []int
	for _, text := range strings.Split(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number above zero", text)
		}
		out = append(out, n)
	}
	return out, nil
}

// measure solves every size with every count of threads, in processes of their own.
func measure(sizes, counts []int, seed uint64, repeat int, out string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	command := strings.Join(append([]string{"go run ./bench/lpscale"}, os.Args[1:]...), " ")
	var all []solved
	for _, n := range sizes {
		for _, t := range counts {
			best := solved{}
			for range repeat {
				child := exec.Command(self, "-alone", "-products", strconv.Itoa(n), "-threads", strconv.Itoa(t), "-seed", fmt.Sprint(seed))
				child.Stderr = os.Stderr
				text, err := child.Output()
				if err != nil {
					return fmt.Errorf("%d products, %d threads: %w", n, t, err)
				}
				var one solved
				if err := json.Unmarshal(text, &one); err != nil {
					return err
				}
				fmt.Println(one.line())
				if best.Products == 0 || one.Seconds < best.Seconds {
					best = one
				}
			}
			all = append(all, best)
		}
	}
	if out == "" {
		return nil
	}
	return write(all, command, out)
}

// write keeps solves as a table with its raw figures, and as a plot.
func write(all []solved, command, out string) error {
	table := bench.NewTable("plans", command, "products", "threads", "status", "seconds", "processor", "iterations", "peak", "gap", "shortfall")
	for k := range all {
		table.Cells = append(table.Cells, all[k].cells())
	}
	table.Raw = all
	if err := table.Write(out + ".json"); err != nil {
		return err
	}
	return draw(all, out)
}

// joined puts runs of different sizes into one table. Its command is those of the runs, one after another.
func joined(paths []string, out string) error {
	if out == "" {
		return errors.New("-join needs -out, the path of the joined results")
	}
	var all []solved
	var commands []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var one struct {
			Command string   `json:"command"`
			Raw     []solved `json:"raw"`
		}
		if err := json.Unmarshal(text, &one); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		all, commands = append(all, one.Raw...), append(commands, one.Command)
	}
	return write(all, strings.Join(commands, "; "), out)
}

func (s *solved) line() string {
	c := &s.Certificate
	return fmt.Sprintf("%d products, %d rows, %d columns, %d nonzeros, %d threads: %s by %s in %.3f s, %.3f s of processor, %d iterations (%s), objective %.9g, proved gap %.2e, shortfall %.1e, peak %.0f MB (%.0f MB before, arrays %.0f MB), digest %.8s",
		s.Products, s.Rows, s.Columns, s.Nonzeros, s.Threads, s.Status, s.Method, s.Seconds, s.CPUSeconds, c.Iterations, s.Steps, c.Objective,
		c.ProvedGap, c.MaxShortfall, megabytes(s.Peak), megabytes(s.Before), megabytes(s.Arrays), c.Digest)
}

func (s *solved) cells() []string {
	c := &s.Certificate
	return []string{strconv.Itoa(s.Products), strconv.Itoa(s.Threads), string(s.Status), fmt.Sprintf("%.3f", s.Seconds), fmt.Sprintf("%.3f", s.CPUSeconds),
		strconv.Itoa(c.Iterations), fmt.Sprintf("%.0f MB", megabytes(s.Peak)), fmt.Sprintf("%.1e", c.ProvedGap), fmt.Sprintf("%.1e", c.MaxShortfall)}
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// solveOne solves one program here and prints what it took.
func solveOne(n, threads int, seed uint64) error {
	resources := 50
	if n < 5000 {
		resources = 20
	}
	p := lptest.Planning(n, resources, seed)
	s := solved{Products: n, Rows: p.Rows(), Columns: p.Cols(), Nonzeros: p.A.NNZ(), Seed: seed, Threads: threads,
		Arrays: int64(12*p.A.NNZ() + 8*(p.Rows()+1) + 16*p.Rows() + 24*p.Cols())}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25) // as planwerk does
	}
	debug.FreeOSMemory()
	// The kernel's peak begins anew; where it cannot, the peak is that of making the program too.
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	s.Before = status("VmRSS")
	set := lp.Settings{Threads: threads, Method: lp.Plan, Log: func(line string) {
		if k, l := strings.LastIndexByte(line, '('), strings.LastIndexByte(line, ')'); strings.Contains(line, "CG steps)") && k < l {
			s.Steps = line[k+1 : l]
		}
		fmt.Fprintln(os.Stderr, line)
	}}
	begun, used := time.Now(), bench.ProcessorTime()
	sol, err := lp.Solve(context.Background(), p, set)
	if err != nil {
		return err
	}
	s.Seconds, s.CPUSeconds, s.Peak = time.Since(begun).Seconds(), bench.ProcessorTime()-used, status("VmHWM")
	s.Status, s.Method, s.Certificate = sol.Status, sol.Method, sol.Certificate
	return json.NewEncoder(os.Stdout).Encode(&s)
}

// status is an entry of the kernel's account of this process, in bytes.
func status(name string) int64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), name+": %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}
