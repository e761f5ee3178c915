package main

import (
	"encoding/json"
	"time"

	"planwerk/arrow"
	"planwerk/engine"
)

// account is the outcome of a batch: what summary.json holds and --json prints, and what the text for people is made of.
type account struct {
	Out           string             `json:"out,omitempty"`
	ResultRoot    string             `json:"result_root"`
	After         string             `json:"after"`
	Until         string             `json:"until"`
	Subsystems    []subsystemAccount `json:"subsystems"`
	Totals        subsystemTotals    `json:"totals"`
	Tables        map[string]int64   `json:"tables"`     // rows of each result table
	Inputs        map[string]int64   `json:"inputs"`     // rows read of each ledger table
	Violations    map[string]int64   `json:"violations"` // rows by rule
	Notices       []string           `json:"notices"`
	Stages        []stageAccount     `json:"stages"`
	InputRows     int64              `json:"input_rows"`
	InputBytes    int64              `json:"input_bytes"`
	Seconds       float64            `json:"seconds"`
	RowsPerSecond float64            `json:"rows_per_second"`
	Threads       int                `json:"threads"`
	Level         string             `json:"level"`
	GPU           string             `json:"gpu,omitempty"` // what one had to do with it
	MemoryBytes   int64              `json:"memory_bytes"`
	Columns       *columnsAccount    `json:"columns,omitempty"` // of a ledger that is not small
}

// subsystemAccount is a row of the revisions table as text; labour time in minutes.
type subsystemAccount struct {
	Subsystem string      `json:"subsystem"`
	A         string      `json:"a"`
	C         string      `json:"c"`
	W         string      `json:"w"`
	DebtIn    string      `json:"debt_in"`
	DebtOut   string      `json:"debt_out"`
	Numerator string      `json:"tax_numerator,omitempty"`
	Denom     string      `json:"tax_denominator,omitempty"`
	Rate      json.Number `json:"tax_rate,omitempty"`
}

// subsystemTotals counts what the subsystems hold.
type subsystemTotals struct {
	Subsystems int64 `json:"subsystems"`
	Coupons    int64 `json:"coupons"`
	Wallets    int64 `json:"wallets"`
	Violations int64 `json:"violations"`
}

// stageAccount is what a stage cost.
type stageAccount struct {
	Name       string  `json:"name"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
}

// mostListed bounds the subsystems an account lists; the table holds all.
const mostListed = 1000

// newAccount reads an account off a result.
func newAccount(sh *shell, c *computation) (*account, error) {
	a := &account{
		After: c.parameter("after"), Until: c.parameter("until"), Tables: map[string]int64{}, Inputs: map[string]int64{},
		Violations: map[string]int64{}, Notices: append([]string{}, c.result.Notices...), Threads: sh.threads, Level: sh.levelName(), GPU: sh.gpuUse(),
		Subsystems: []subsystemAccount{},
	}
	for i := range c.tables {
		t := &c.tables[i]
		a.Tables[t.Name] = t.Rows
		if t.Name != "revisions" {
			continue
		}
		if err := a.addSubsystems(t); err != nil {
			return nil, err
		}
	}
	for _, v := range c.result.Violations {
		a.Violations[v.Rule]++
	}
	for _, f := range c.inputs.Files {
		a.Inputs[f.Table] += f.Rows
		a.InputRows += f.Rows
		a.InputBytes += f.Bytes
	}
	a.Notices = append(a.Notices, c.inputs.Notices...)
	a.Totals = subsystemTotals{Subsystems: int64(len(c.result.Revision.Subsystem)), Coupons: int64(len(c.result.Coupons.Coupon)),
		Wallets: int64(len(c.result.Coupons.Wallets.Wallet)), Violations: int64(len(c.result.Violations))}
	a.addTimings(c.result.Timings, time.Since(c.begun))
	a.Columns = c.columns()
	return a, nil
}

func (a *account) addSubsystems(t *arrow.ResultTable) error {
	text, err := readTable(t, mostListed)
	if err != nil {
		return err
	}
	for i := range text.rows {
		cell := func(column string) string { return text.cell(i, column) }
		a.Subsystems = append(a.Subsystems, subsystemAccount{cell("subsystem"), cell("a"), cell("c"), cell("w"), cell("debt_in"), cell("debt_out"),
			cell("tax_numerator"), cell("tax_denominator"), json.Number(cell("tax_rate"))})
	}
	return nil
}

func (a *account) addTimings(timings []engine.Timing, total time.Duration) {
	for _, t := range timings {
		a.Stages = append(a.Stages, stageAccount{t.Stage, t.Wall.Seconds(), t.CPU.Seconds()})
	}
	a.Seconds = total.Seconds()
	if a.Seconds > 0 {
		a.RowsPerSecond = float64(a.InputRows) / a.Seconds
	}
	a.MemoryBytes = memoryInUse()
}
