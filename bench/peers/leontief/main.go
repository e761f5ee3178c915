// Command leontief measures x = Ax + y on generated economies, ours and the peers' on the same files in one run, and plots
// the cost against the number of products (README.md in this folder). It is run as "go run ./bench/peers/leontief".
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	synth "planwerk/datasets/make"
	"planwerk/kernels/system"
)

// config is what the command line says.
type config struct {
	sizes       []int
	inputs      int
	runs        int
	peers       string // folder of compiled peers; none when empty
	peersUpTo   int    // most products that peers are asked to solve
	sidesUpTo   int
	dir         string
	results     string
	plot        string
	tolerance   float64
	keepEconomy bool
	earlier     string // results of an earlier run of smaller sizes, to go before these
}

func main() {
	log.SetFlags(0)
	cfg, err := parse()
	if err == nil {
		err = run(context.Background(), cfg)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func parse() (*config, error) {
	cfg := &config{}
	sizes := flag.String("sizes", "1000,10000,100000", "numbers of products, rising")
	flag.IntVar(&cfg.inputs, "inputs", 20, "inputs of each product")
	flag.IntVar(&cfg.runs, "runs", 5, "timed runs, at least 5; one for a solve that takes more than 5 s")
	flag.StringVar(&cfg.peers, "peers", "", "folder with the compiled peers eigen and petsc; scipy runs as /usr/bin/python3")
	flag.IntVar(&cfg.peersUpTo, "peers-up-to", 1_000_000, "most products that peers solve")
	flag.IntVar(&cfg.sidesUpTo, "sides-up-to", 1_000_000, "most products for which sixteen right-hand sides are measured")
	flag.StringVar(&cfg.dir, "dir", os.TempDir(), "where economies are written, or lie already")
	flag.StringVar(&cfg.results, "results", "", "JSON file for all that was measured")
	flag.StringVar(&cfg.plot, "plot", "", "draw the cost against the products to this name with .svg and .png")
	flag.Float64Var(&cfg.tolerance, "tolerance", 1e-12, "relative residual")
	flag.BoolVar(&cfg.keepEconomy, "keep", true, "keep the economies that were written")
	flag.StringVar(&cfg.earlier, "after", "", "results of an earlier run, which go before these in the table and the plot")
	flag.Parse()
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 2 || len(cfg.sizes) > 0 && n <= cfg.sizes[len(cfg.sizes)-1] {
			return nil, fmt.Errorf("-sizes %s: give rising numbers above 1", *sizes)
		}
		cfg.sizes = append(cfg.sizes, n)
	}
	if cfg.runs < 5 {
		return nil, fmt.Errorf("-runs %d: give at least 5", cfg.runs)
	}
	return cfg, nil
}

// measured is one size.
type measured struct {
	Products  int       `json:"products"`
	Nonzeros  int       `json:"nonzeros"`
	Generate  seconds   `json:"generate"` // zero when the files were there
	Load      seconds   `json:"load"`
	Cases     []outcome `json:"cases"`
	Peers     []peer    `json:"peers,omitempty"`
	MemoryKiB int64     `json:"peak_memory_kib"` // of this process so far
}

// seconds of wall clock and processor.
type seconds struct {
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
}

func run(ctx context.Context, cfg *config) error {
	all, err := before(cfg.earlier)
	if err != nil {
		return err
	}
	for _, n := range cfg.sizes {
		m, err := cfg.size(ctx, n)
		if err != nil {
			return fmt.Errorf("%d products: %w", n, err)
		}
		m.print()
		all = append(all, *m)
	}
	if cfg.results != "" {
		t := table(all)
		if err := t.Write(cfg.results); err != nil {
			return err
		}
	}
	if cfg.plot != "" {
		return draw(all, cfg.plot)
	}
	return nil
}

// before reads what an earlier run measured.
func before(path string) (all []measured, err error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var t struct{ Raw []measured }
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t.Raw, nil
}

// size writes an economy if it is not there, and measures.
func (cfg *config) size(ctx context.Context, n int) (*measured, error) {
	m := &measured{Products: n}
	dir := filepath.Join(cfg.dir, fmt.Sprintf("economy-%d-%d", n, cfg.inputs))
	if _, err := os.Stat(filepath.Join(dir, "io", "vectors.csv")); err != nil {
		var made error
		m.Generate = clocked(func() {
			made = synth.GenerateEconomy(ctx, dir, synth.EconomyConfig{Products: n, Techniques: 1, Inputs: min(cfg.inputs, n-1), Seed: 1})
		})
		if made != nil {
			return nil, made
		}
		if err := os.RemoveAll(filepath.Join(dir, "plan")); err != nil {
			return nil, err
		}
	}
	if !cfg.keepEconomy {
		defer func() {
			if err := os.RemoveAll(dir); err != nil {
				log.Print(err)
			}
		}()
	}
	if err := cfg.ours(ctx, m, dir); err != nil {
		return nil, err
	}
	m.MemoryKiB = system.PeakOfThis() >> 10
	return m, nil
}

func (m *measured) print() {
	fmt.Printf("%d products, %d nonzeros: load %.2f s (%.2f CPU), peak %.2f GiB\n", m.Products, m.Nonzeros, m.Load.Wall, m.Load.CPU, float64(m.MemoryKiB)/(1<<20))
	for _, c := range m.Cases {
		fmt.Printf("  %-46s %8.4f s %8.4f CPU  %6.2f x one  %2d products, residual %.1e\n", c.Case, c.Wall, c.CPU, c.Wall/m.Cases[0].Wall, c.Matrix, c.Residual)
	}
	for _, p := range m.Peers {
		fmt.Printf("  %-46s %8.4f s %8.4f CPU  %6.2f x one  %2d steps, residual %.1e\n", p.Peer, p.Wall, p.CPU, p.Wall/m.Cases[0].Wall, p.Steps, p.Checked)
	}
}
