package main

import (
	"context"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/ledgeradapter/native"
)

// computation is a batch that was run: its result, and what it was read from.
type computation struct {
	job    engine.Job
	result *engine.Result
	tables []arrow.ResultTable
	inputs *native.Inputs
	ledger string // as the manifest names it
	begun  time.Time
	space  *spill.Space // where its columns lie
	need   int64        // estimate of their size in bytes
	limit  int64        // memory there is to use, in bytes; 0: not known
}

// close gives the memory of the result back.
func (c *computation) close() { c.space.Close() }

// compute reads the ledger and runs the batch the flags ask for.
func (sh *shell) compute(ctx context.Context, f *ledgerFlags) (*computation, error) {
	job, err := f.job(sh)
	if err != nil {
		return nil, err
	}
	return sh.computeJob(ctx, job, f.ledger, f.noVerify, f.out)
}

// computeJob runs a job over the export in a directory. Columns that need files have them beside the directory out.
func (sh *shell) computeJob(ctx context.Context, job engine.Job, dir string, noVerify bool, out string) (*computation, error) {
	c := &computation{begun: time.Now(), ledger: dir}
	if err := sh.place(c, dir, out); err != nil {
		return nil, err
	}
	job.Space = c.space
	if abs, err := filepath.Abs(dir); err == nil {
		c.ledger = abs
	}
	options := native.Options{Threads: sh.threads, Memory: c.readingMemory(), NoVerify: noVerify,
		Progress: func(table string, done, total int64) { sh.meter.report("reading "+table, "rows", done, total) }}
	job.Load = func(ctx context.Context) (*ledger.Raw, error) {
		raw, inputs, err := native.Load(ctx, dir, options)
		if err == nil && c.inputs == nil {
			c.inputs = inputs
			sh.notices(inputs.Notices)
		}
		return raw, err
	}
	job.Progress = func(stage string, done, total int64) {
		if stage != "load" {
			sh.meter.report(stage, "", done, total)
		}
	}
	result, err := engine.Run(ctx, job)
	if err != nil {
		c.close()
		return nil, err
	}
	sh.notices(result.Notices)
	c.job, c.result, c.tables = job, result, result.Tables()
	return c, nil
}

// parameter is the text of one of the parameters that change results.
func (c *computation) parameter(name string) string {
	for _, p := range c.result.Parameters() {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// only keeps the tables named.
func (c *computation) only(names []string) {
	c.tables = slices.DeleteFunc(c.tables, func(t arrow.ResultTable) bool { return !slices.Contains(names, t.Name) })
}

// write puts the result into the directory the flags name and returns the account of the batch.
func (sh *shell) write(ctx context.Context, c *computation, f *ledgerFlags) (*account, error) {
	a, err := newAccount(sh, c)
	if err != nil {
		return nil, err
	}
	about := sh.runOf(c.begun)
	about.Stages = manifestStages(a.Stages)
	man := arrow.Manifest{
		Engine: "planwerk " + version(), ModelVersion: engine.ModelVersion, Ledger: c.ledger, Inputs: manifestInputs(c.inputs),
		Run: about,
	}
	summary := func(root string) any {
		a.ResultRoot, a.Seconds = root, time.Since(c.begun).Seconds()
		return a
	}
	options := arrow.WriteOptions{Format: f.format, Threads: sh.threads, Force: f.force,
		Progress: func(table string, done, total int64) { sh.meter.report("writing "+table, "rows", done, total) }}
	err = sh.disk.writing(func() error {
		a.ResultRoot, err = arrow.WriteResult(ctx, f.out, c.tables, c.result.Parameters(), man, summary, options)
		return err
	})
	a.Out = f.out
	return a, err
}

func manifestInputs(in *native.Inputs) []arrow.InputFile {
	files := make([]arrow.InputFile, len(in.Files))
	for i, f := range in.Files {
		files[i] = arrow.InputFile{Path: f.Path, Table: f.Table, Rows: f.Rows, Bytes: f.Bytes, SHA256: f.SHA256}
	}
	return files
}

func manifestStages(stages []stageAccount) []arrow.Stage {
	out := make([]arrow.Stage, len(stages))
	for i, s := range stages {
		out[i] = arrow.Stage{Name: s.Name, Seconds: s.Seconds}
	}
	return out
}

// version is the version this program was built at.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok || build.Main.Version == "" {
		return "(devel)"
	}
	return build.Main.Version
}
