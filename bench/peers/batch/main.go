// Command batch measures the whole batch against the same definitions as SQL in DuckDB: cascades as window functions,
// v* as a recursive query, the levels of productions and the components of trust as loops around SQL. Both read one
// Parquet export and write their tables as Parquet, each run a process of its own; the tables are compared row by row.
// planwerk also checks every rule, settles, compares coupons with goods and makes Merkle roots; the SQL does not.
//
//	(cd bench/peers/duckdb && go build -o duckdb .)
//	go run ./bench/peers/batch -workloads 1000000,10000000 -dir /tmp/batch -out bench/results
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"planwerk/bench"
	"planwerk/kernels/system"
)

func main() {
	cfg := config{log: os.Stderr}
	workloads := flag.String("workloads", "1000000,10000000", "sizes, in rows of the table workloads")
	flag.StringVar(&cfg.dir, "dir", "", "where exports are written, or are already, and results; exports stay there. Empty: a temporary folder")
	flag.StringVar(&cfg.planwerk, "planwerk", "", "the program to measure; empty: built from this tree")
	flag.StringVar(&cfg.duckdb, "duckdb", "bench/peers/duckdb/duckdb", "DuckDB's runner")
	flag.StringVar(&cfg.memory, "memory", "14GiB", "memory that either may use")
	flag.IntVar(&cfg.threads, "threads", 2, "threads of either")
	flag.IntVar(&cfg.repeat, "repeat", 5, "runs of each")
	out := flag.String("out", "", "folder for the table; empty: none is written")
	flag.Parse()
	if err := run(&cfg, *workloads, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// config is what is measured.
type config struct {
	dir, planwerk, duckdb, memory string
	threads, repeat               int
	log                           io.Writer
}

// comparison is one size.
type comparison struct {
	Workloads int64         `json:"workloads"`
	Rows      int64         `json:"rows"`
	Planwerk  []bench.Usage `json:"planwerk"`
	SQL       []bench.Usage `json:"sql"`
	Said      []any         `json:"sql_stages"` // by run, of the SQL's own account
	Tables    []checked     `json:"tables"`
}

// checked is what the runner's comparison says of a table.
type checked struct {
	Table     string `json:"table"`
	Rows      int64  `json:"rows"`
	Different int64  `json:"different"`
}

func run(cfg *config, workloads, out string) error {
	if _, err := os.Stat(cfg.duckdb); err != nil {
		return fmt.Errorf("%s is not built: bench/peers/README.md says how", cfg.duckdb)
	}
	if cfg.dir == "" {
		dir, err := os.MkdirTemp("", "planwerk-batch-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cfg.dir = dir
	}
	if cfg.planwerk == "" {
		cfg.planwerk = filepath.Join(cfg.dir, "planwerk")
		if text, err := exec.Command("go", "build", "-o", cfg.planwerk, "planwerk/cmd/planwerk").CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, text)
		}
	}
	t := bench.NewTable("sql", "go run ./bench/peers/batch -workloads "+workloads, "workloads", "rows", "planwerk s (CPU)", "peak GiB", "DuckDB's SQL s (CPU)",
		"peak GiB", "SQL / planwerk, wall", "CPU", "tables equal", "runs")
	var all []comparison
	for _, text := range strings.Split(workloads, ",") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		c, err := cfg.compare(n)
		if err != nil {
			return fmt.Errorf("%d workloads: %w", n, err)
		}
		all = append(all, c)
		t.Cells = append(t.Cells, c.cells())
		fmt.Println(strings.Join(t.Cells[len(t.Cells)-1], " | "))
	}
	t.Raw = all
	if out == "" {
		return nil
	}
	return t.Write(filepath.Join(out, time.Now().UTC().Format(time.DateOnly)+"-sql.json"))
}

// compare measures one size, planwerk and SQL in turn.
func (cfg *config) compare(workloads int64) (c comparison, err error) {
	c.Workloads = workloads
	at := func(what string) string { return filepath.Join(cfg.dir, fmt.Sprintf("%s-%d", what, workloads)) }
	export, result, sql := at("export"), at("result"), at("sql")
	defer os.RemoveAll(result)
	defer os.RemoveAll(sql)
	threads := fmt.Sprint(cfg.threads)
	if _, statErr := os.Stat(filepath.Join(export, "manifest.json")); statErr != nil {
		if _, _, err := cfg.process(cfg.planwerk, "generate", "--out", export, "--workloads", fmt.Sprint(workloads), "--seed", "1", "--quiet"); err != nil {
			return c, err
		}
	}
	const after, until = "2026-03-01", "2026-04-01"
	for range cfg.repeat {
		u, _, err := cfg.process(cfg.planwerk, "batch", "--ledger", export, "--after", after, "--until", until, "--out", result, "--force", "--quiet",
			"--threads", threads, "--memory", cfg.memory)
		if err != nil {
			return c, err
		}
		c.Planwerk = append(c.Planwerk, u)
		u, said, err := cfg.process(cfg.duckdb, "batch", export, after, until, sql, threads, cfg.memory)
		if err != nil {
			return c, err
		}
		c.SQL = append(c.SQL, u)
		var account any
		if err := json.Unmarshal(said, &account); err != nil {
			return c, err
		}
		c.Said = append(c.Said, account)
	}
	_, said, err := cfg.process(cfg.duckdb, "check", result, sql, threads, cfg.memory)
	if err == nil {
		err = json.Unmarshal(said, &c.Tables)
	}
	if err == nil && len(c.Tables) == 0 {
		err = errors.New("no table was compared")
	}
	if err != nil {
		return c, err
	}
	c.Rows, err = inputRows(result)
	return c, err
}

// process runs a program and measures it.
func (cfg *config) process(name string, args ...string) (u bench.Usage, out []byte, err error) {
	fmt.Fprintln(cfg.log, filepath.Base(name), strings.Join(args, " "))
	cmd := exec.Command(name, args...)
	cmd.Stderr = cfg.log
	begun := time.Now()
	out, err = cmd.Output()
	u.Seconds = time.Since(begun).Seconds()
	if s := cmd.ProcessState; s != nil {
		u.CPUSeconds = (s.UserTime() + s.SystemTime()).Seconds()
		u.PeakBytes = system.PeakBytes(s)
	}
	fmt.Fprintf(cfg.log, "  %.1f s wall, %.1f s CPU, peak %.2f GiB\n", u.Seconds, u.CPUSeconds, float64(u.PeakBytes)/(1<<30))
	return u, out, err
}

// inputRows is what planwerk's summary says of the export.
func inputRows(result string) (int64, error) {
	text, err := os.ReadFile(filepath.Join(result, "summary.json"))
	if err != nil {
		return 0, err
	}
	var s struct {
		Rows int64 `json:"input_rows"`
	}
	return s.Rows, json.Unmarshal(text, &s)
}

// cells is the size's row of the table: medians of the runs, greatest peaks.
func (c *comparison) cells() []string {
	wall, cpu, peak := summary(c.Planwerk)
	sqlWall, sqlCPU, sqlPeak := summary(c.SQL)
	equal, rows := 0, int64(0)
	for _, t := range c.Tables {
		if t.Different == 0 {
			equal++
		}
		rows += t.Rows
	}
	return []string{fmt.Sprintf("%.3g M", float64(c.Workloads)/1e6), fmt.Sprintf("%.3g M", float64(c.Rows)/1e6),
		fmt.Sprintf("%.1f (%.1f)", wall, cpu), fmt.Sprintf("%.1f", peak), fmt.Sprintf("%.1f (%.1f)", sqlWall, sqlCPU), fmt.Sprintf("%.1f", sqlPeak),
		fmt.Sprintf("%.1f", sqlWall/wall), fmt.Sprintf("%.1f", sqlCPU/cpu), fmt.Sprintf("%d of %d (%d rows)", equal, len(c.Tables), rows), fmt.Sprint(len(c.SQL))}
}

func summary(runs []bench.Usage) (wall, cpu, peakGiB float64) {
	var walls, cpus []float64
	for _, u := range runs {
		walls, cpus = append(walls, u.Seconds), append(cpus, u.CPUSeconds)
		peakGiB = max(peakGiB, float64(u.PeakBytes)/(1<<30))
	}
	slices.Sort(walls)
	slices.Sort(cpus)
	return walls[len(walls)/2], cpus[len(cpus)/2], peakGiB
}
