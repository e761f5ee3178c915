// Command averages measures the totals and averages by product type of a large table (MODEL.md §4 without its
// subsystems), planwerk's against DuckDB's, ClickHouse's and Polars': from a zstd Parquet file, from an uncompressed Arrow
// IPC file and in memory, each a process of its own, all in one run. Every answer is compared with planwerk's, and
// planwerk's time with that of reading the same bytes from memory: the floor.
//
// Peers that are not installed are left out: bench/peers/README.md says how to install them.
//
//	go run ./bench/peers/averages -rows 100000000 -dir /tmp/averages -out bench/results
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"planwerk/bench"
)

func main() {
	cfg := config{}
	flag.Int64Var(&cfg.rows, "rows", 100_000_000, "rows of the table")
	flag.StringVar(&cfg.dir, "dir", "", "where the files are written, or are already; they stay there. Empty: a temporary folder")
	flag.StringVar(&cfg.peers, "peers", "bench/peers", "folder of the peers' runners")
	flag.StringVar(&cfg.modules, "modules", "", "folder whose node_modules hold chdb and nodejs-polars; empty: that of the runner")
	flag.IntVar(&cfg.threads, "threads", 2, "threads of every engine")
	flag.IntVar(&cfg.repeat, "repeat", 5, "measured runs of each, after one that is not")
	out := flag.String("out", "", "folder for the table; empty: none is written")
	worker := flag.String("worker", "", "measure one engine of planwerk's (parquet, ipc or memory) and print what it took")
	answer := flag.String("answer", "", "with -worker: where its answer goes")
	flag.Parse()
	var err error
	if *worker != "" {
		err = work(&cfg, *worker, *answer)
	} else {
		err = run(&cfg, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// config is what is measured.
type config struct {
	rows                int64
	dir, peers, modules string
	threads, repeat     int
}

func (c *config) parquet() string {
	return filepath.Join(c.dir, fmt.Sprintf("averages-%d.parquet", c.rows))
}
func (c *config) ipc() string { return filepath.Join(c.dir, fmt.Sprintf("averages-%d.arrow", c.rows)) }

// run measures everything that is there and writes the table.
func run(cfg *config, out string) error {
	if cfg.dir == "" {
		dir, err := os.MkdirTemp("", "planwerk-averages-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cfg.dir = dir
	}
	if err := data(cfg.parquet(), cfg.ipc(), cfg.rows); err != nil {
		return err
	}
	all, err := measure(cfg)
	if err != nil {
		return err
	}
	t := table(cfg, all)
	for _, row := range append([][]string{t.Columns}, t.Cells...) {
		fmt.Printf("%-34s %-8s %9s %9s %9s %8s %12s %14s %s\n", row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8])
	}
	if out == "" {
		return nil
	}
	return t.Write(filepath.Join(out, time.Now().UTC().Format(time.DateOnly)+"-averages.json"))
}

// table sets the figures beside each other: walls against the floor, processor time against DuckDB's of the same kind.
func table(cfg *config, all []measurement) *bench.Table {
	t := bench.NewTable("averages", fmt.Sprintf("go run ./bench/peers/averages -rows %d", cfg.rows), "engine", "from", "wall s", "CPU s", "peak GiB",
		"M rows/s", "wall / floor", "CPU / DuckDB's", "answer")
	floor, duck := map[string]float64{}, map[string]float64{}
	for _, m := range all {
		if m.peer == modeFloor {
			floor[m.Mode] = m.Wall
		}
		if m.peer == "duckdb" {
			duck[m.Mode] = m.CPU
		}
	}
	ratio := func(a, b float64) string {
		if a == 0 || b == 0 {
			return ""
		}
		return fmt.Sprintf("%.2f", a/b)
	}
	for _, m := range all {
		t.Cells = append(t.Cells, []string{strings.TrimSpace(m.Engine + " " + m.Version), m.Mode, fmt.Sprintf("%.3f", m.Wall), fmt.Sprintf("%.3f", m.CPU),
			fmt.Sprintf("%.2f", float64(m.PeakBytes)/(1<<30)), fmt.Sprintf("%.0f", float64(cfg.rows)/m.Wall/1e6), ratio(m.Wall, floor[m.Mode]), ratio(m.CPU, duck[m.Mode]), m.Answer})
	}
	t.Raw = all
	return t
}
