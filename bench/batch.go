package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"planwerk/kernels/system"
)

// BatchConfig is a run of the nightly batch at several sizes.
type BatchConfig struct {
	Binary    string  // the planwerk to measure
	Dir       string  // where exports and results go; they are removed afterwards unless Keep
	Workloads []int64 // sizes, in rows of the table workloads
	Memory    string  // --memory of the batch; "" for none
	Threads   int
	Keep      bool
	Log       io.Writer
}

// Usage is what a process cost.
type Usage struct {
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
	PeakBytes  int64   `json:"peak_bytes"`
}

// BatchRun is one size of the batch: three processes, and the batch's own account of itself.
type BatchRun struct {
	Workloads   int64   `json:"workloads"`
	Rows        int64   `json:"rows"`
	ExportBytes int64   `json:"export_bytes"`
	Generate    Usage   `json:"generate"`
	Batch       Usage   `json:"batch"`
	Verify      Usage   `json:"verify"`
	Root        string  `json:"root"`
	Stages      []Stage `json:"stages"`
}

// Stage is a stage of the batch as its summary.json tells.
type Stage struct {
	Name       string  `json:"name"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
}

// Batch generates an export of each size, runs the batch on it and verifies the result.
func Batch(ctx context.Context, cfg BatchConfig) ([]BatchRun, error) {
	var runs []BatchRun
	for _, n := range cfg.Workloads {
		r, err := cfg.one(ctx, n)
		if err != nil {
			return runs, fmt.Errorf("%d workloads: %w", n, err)
		}
		runs = append(runs, *r)
	}
	return runs, nil
}

func (cfg *BatchConfig) one(ctx context.Context, workloads int64) (r *BatchRun, err error) {
	r = &BatchRun{Workloads: workloads}
	export, result := filepath.Join(cfg.Dir, fmt.Sprintf("export-%d", workloads)), filepath.Join(cfg.Dir, fmt.Sprintf("result-%d", workloads))
	if !cfg.Keep {
		defer os.RemoveAll(export)
		defer os.RemoveAll(result)
	}
	run := func(u *Usage, args ...string) {
		if err == nil {
			*u, err = cfg.process(ctx, args)
		}
	}
	batch := []string{"batch", "--ledger", export, "--after", "2026-03-01", "--until", "2026-04-01", "--out", result, "--force"}
	verify := []string{"verify", result}
	if cfg.Memory != "" {
		batch, verify = append(batch, "--memory", cfg.Memory), append(verify, "--memory", cfg.Memory)
	}
	if _, statErr := os.Stat(filepath.Join(export, "manifest.json")); statErr != nil || !cfg.Keep {
		run(&r.Generate, "generate", "--out", export, "--workloads", fmt.Sprint(workloads), "--seed", "1", "--force")
	}
	run(&r.Batch, batch...)
	run(&r.Verify, verify...)
	if err != nil {
		return nil, err
	}
	return r, r.readSummary(result)
}

// process runs the binary and measures it.
func (cfg *BatchConfig) process(ctx context.Context, args []string) (Usage, error) {
	args = append(args, "--quiet")
	if cfg.Threads > 0 {
		args = append(args, "--threads", fmt.Sprint(cfg.Threads))
	}
	fmt.Fprintf(cfg.Log, "planwerk %s\n", strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, cfg.Binary, args...)
	cmd.Stdout, cmd.Stderr = cfg.Log, cfg.Log
	begun := time.Now()
	err := cmd.Run()
	u := Usage{Seconds: time.Since(begun).Seconds()}
	if cmd.ProcessState != nil {
		u.CPUSeconds = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		u.PeakBytes = system.PeakBytes(cmd.ProcessState)
	}
	fmt.Fprintf(cfg.Log, "  %.1f s wall, %.1f s CPU, peak %.2f GiB\n", u.Seconds, u.CPUSeconds, float64(u.PeakBytes)/(1<<30))
	return u, err
}

// readSummary takes over what the batch says of itself.
func (r *BatchRun) readSummary(result string) error {
	text, err := os.ReadFile(filepath.Join(result, "summary.json"))
	if err != nil {
		return err
	}
	var s struct {
		Root   string  `json:"result_root"`
		Rows   int64   `json:"input_rows"`
		Bytes  int64   `json:"input_bytes"`
		Stages []Stage `json:"stages"`
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(result, "summary.json"), err)
	}
	r.Root, r.Rows, r.ExportBytes, r.Stages = s.Root, s.Rows, s.Bytes, s.Stages
	return nil
}

// BatchTable puts runs into the table of README.md.
func BatchTable(command string, runs []BatchRun) *Table {
	t := NewTable("batch", command, "workloads", "rows", "export", "generate s (CPU)", "batch s (CPU)", "of it load", "productions", "coupons", "M rows/s", "peak GiB", "verify s")
	for _, r := range runs {
		stage := func(name string) string {
			for _, s := range r.Stages {
				if s.Name == name {
					return fmt.Sprintf("%.1f (%.1f)", s.Seconds, s.CPUSeconds)
				}
			}
			return "–"
		}
		t.Cells = append(t.Cells, []string{
			millions(r.Workloads), millions(r.Rows), fmt.Sprintf("%.2f GiB", float64(r.ExportBytes)/(1<<30)),
			r.Generate.cell(),
			r.Batch.cell(), stage("load"), stage("productions"), stage("coupons"),
			fmt.Sprintf("%.1f", float64(r.Rows)/r.Batch.Seconds/1e6), fmt.Sprintf("%.1f", float64(r.Batch.PeakBytes)/(1<<30)),
			fmt.Sprintf("%.1f", r.Verify.Seconds),
		})
	}
	t.Raw = runs
	return t
}

// cell prints seconds and processor seconds; a step that was not run has none.
func (u Usage) cell() string {
	if u.Seconds == 0 {
		return "was there"
	}
	return fmt.Sprintf("%.1f (%.1f)", u.Seconds, u.CPUSeconds)
}

// millions prints a count as 0.1 M, 10 M, 324 M.
func millions(n int64) string {
	if n < 10_000_000 {
		return fmt.Sprintf("%.3g M", float64(n)/1e6)
	}
	return fmt.Sprintf("%.0f M", float64(n)/1e6)
}
