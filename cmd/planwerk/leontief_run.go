package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/engine/leontief"
	"planwerk/ledgeradapter/iotable"
	"planwerk/ledgeradapter/native"
)

// economy is a table that was read and what was computed from it.
type economy struct {
	table      *leontief.Table
	result     *leontief.Result
	comparison *leontief.Comparison // nil without values or prices
	inputs     []arrow.InputFile
	ledger     string
	notices    []string
	begun      time.Time
	reading    time.Duration
}

// leontief reads, computes, writes and reports.
func (sh *shell) leontief(ctx context.Context, f *leontiefFlags) error {
	e := &economy{begun: time.Now()}
	sh.meter.report("reading", "", 0, 1)
	err := e.read(ctx, sh, f)
	if err != nil {
		return err
	}
	e.reading = time.Since(e.begun)
	request := f.request(sh)
	if e.table.Labour == nil && e.table.Demand == nil && !f.multipliers {
		e.notices = append(e.notices, "neither labour nor demand is named, so that only the spectral radius is found; name --labour-column or --demand-column")
	}
	if err := e.warmStart(ctx, f.warm, &request); err != nil {
		return err
	}
	sh.meter.report("solving", "", 0, 1)
	if e.result, err = leontief.Compute(ctx, e.table, request); err != nil {
		return leontiefError(err)
	}
	e.notices = slices.Concat(e.notices, e.table.Notices, e.result.Notices)
	sh.notices(e.notices)
	if e.result.Values != nil && e.table.Output != nil && e.table.Price != nil {
		if e.comparison, err = leontief.Compare(e.result.Values.X, e.table.Output, e.table.Price); err != nil {
			sh.log.Warn(err.Error())
		}
	}
	return sh.reportEconomy(ctx, e, f)
}

// leontiefError gives what mathematics refuses its exit code.
func leontiefError(err error) error {
	var not *leontief.NotProductive
	var limit *leontief.NotSolved
	if errors.As(err, &not) || errors.As(err, &limit) {
		return unsolvedf("%w", err)
	}
	return err
}

func (e *economy) readTable(f *leontiefFlags) error {
	table, inputs, err := iotable.Read(f.source)
	if err != nil {
		return err
	}
	e.table = table
	for _, in := range inputs {
		path := in.Path
		if f.source.FS == nil {
			if abs, err := filepath.Abs(path); err == nil {
				path = abs
			}
		}
		e.inputs = append(e.inputs, arrow.InputFile{Path: path, Rows: in.Rows, Bytes: in.Bytes, SHA256: in.SHA256})
	}
	return nil
}

// readLedger takes the production cycles of the period.
func (e *economy) readLedger(ctx context.Context, sh *shell, f *leontiefFlags) error {
	job, err := f.ledger.job(sh)
	if err != nil {
		return err
	}
	options := native.Options{Threads: sh.threads, Memory: int64(sh.memory), NoVerify: f.ledger.noVerify,
		Progress: func(table string, done, total int64) { sh.meter.report("reading "+table, "rows", done, total) }}
	job.Load = func(ctx context.Context) (*ledger.Raw, error) {
		raw, inputs, err := native.Load(ctx, f.ledger.ledger, options)
		if err == nil {
			e.inputs = manifestInputs(inputs)
			sh.notices(inputs.Notices)
		}
		return raw, err
	}
	job.Progress = func(stage string, done, total int64) { sh.meter.report(stage, "", done, total) }
	if e.ledger, err = filepath.Abs(f.ledger.ledger); err != nil {
		return err
	}
	e.table, err = engine.Economy(ctx, job)
	if none := (*leontief.NoEconomy)(nil); errors.As(err, &none) {
		return inputf("%s: %w", f.ledger.ledger, err)
	}
	return err
}

// warmStart takes the values and outputs of an earlier result; products it does not know start as without it.
func (e *economy) warmStart(ctx context.Context, dir string, r *leontief.Request) error {
	if dir == "" {
		return nil
	}
	earlier, err := arrow.OpenResult(dir)
	if err != nil {
		return damagedWarm(dir, err)
	}
	if !isEconomy(earlier.Manifest) {
		return inputf("--warm: %s is a result of another command; name a directory that planwerk leontief wrote", dir)
	}
	at := make(map[string]int, e.table.N())
	for i := range e.table.N() {
		at[e.table.Code(i)] = i
	}
	for _, start := range []struct {
		table, column string
		otherwise     []float64
		to            *[]float64
	}{{"labour_values", "value", e.table.Labour, &r.WarmValues}, {"gross_outputs", "output", e.table.Demand, &r.WarmOutputs}} {
		if _, has := earlier.Table(start.table); !has || start.otherwise == nil {
			continue
		}
		x, known := slices.Clone(start.otherwise), 0
		err := earlier.Scan(ctx, start.table, func(first int64, columns []arrow.ResultColumn, b *arrow.ResultBatch) error {
			id := slices.IndexFunc(columns, func(c arrow.ResultColumn) bool { return c.Name == "product" })
			value := slices.IndexFunc(columns, func(c arrow.ResultColumn) bool { return c.Name == start.column })
			if id < 0 || value < 0 || columns[value].Type != arrow.ColFloat64 {
				return fmt.Errorf("%s: table %s has no columns product and %s", dir, start.table, start.column)
			}
			for i := range b.N {
				if v := b.Columns[value].Floats[i]; math.IsNaN(v) || math.IsInf(v, 0) {
					return &arrow.Error{Table: start.table, Column: start.column, Row: first + int64(i) + 1, What: fmt.Sprintf("%v is no figure to start from", v)}
				}
				if k, ok := at[cellCSV(&columns[id], &b.Columns[id], i)]; ok {
					x[k] = b.Columns[value].Floats[i]
					known++
				}
			}
			return nil
		})
		if err != nil {
			return damagedWarm(dir, err)
		}
		switch n := e.table.N(); {
		case known == 0:
			return inputf("--warm: %s has none of this economy's products in table %s; name a result of the same economy, or leave --warm out", dir, start.table)
		case known < n:
			e.notices = append(e.notices, fmt.Sprintf("--warm: %d of the %d products are in table %s of %s; the others start as without it", known, n, start.table, dir))
		}
		*start.to = x
	}
	return nil
}

// read takes the economy from the ledger or the table that the flags name.
func (e *economy) read(ctx context.Context, sh *shell, f *leontiefFlags) error {
	if f.ledger.ledger != "" {
		return e.readLedger(ctx, sh, f)
	}
	return e.readTable(f)
}
