package main

import (
	"context"
	"fmt"
	"strings"

	"planwerk/arrow"
	"planwerk/engine/ledger"
)

// readPlan is what --dry-run prints: what a batch would read.
type readPlan struct {
	Files  []plannedFile `json:"files"`
	Bytes  int64         `json:"bytes"`
	Rows   int64         `json:"rows"`         // of the files whose rows are known
	Memory int64         `json:"memory_bytes"` // a rough estimate of what the batch needs
}

// plannedFile is a file that would be read; Rows is −1 where only reading tells.
type plannedFile struct {
	Table string `json:"table"`
	Path  string `json:"path"`
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`
}

// dryRun lists what the flags would read; of all that it reads the manifest alone.
func (sh *shell) dryRun(ctx context.Context, f *ledgerFlags) error {
	dir, err := arrow.OpenDirectory(f.ledger, func(name string) bool {
		_, known := ledger.TableByName(name)
		return known
	})
	if err != nil {
		return err
	}
	plan := readPlan{Files: []plannedFile{}}
	for id := range ledger.Schema {
		def := &ledger.Schema[id]
		for _, file := range dir.Tables[def.Name] {
			if err := ctx.Err(); err != nil {
				return err
			}
			p := plannedFile{def.Name, file.Name, file.Rows, file.Bytes}
			plan.Files = append(plan.Files, p)
			plan.Bytes += p.Bytes
			plan.Rows += max(p.Rows, 0)
			plan.Memory += memoryFor(def, p)
		}
	}
	if len(plan.Files) == 0 {
		return inputf("%s holds no table of a ledger export; \"planwerk schema\" lists them", f.ledger)
	}
	if len(dir.Ignored) > 0 {
		sh.notices([]string{"no tables of the export, ignored: " + strings.Join(dir.Ignored, ", ")})
	}
	if sh.json {
		return sh.printJSON(plan)
	}
	plan.print(sh)
	return nil
}

// Rough sizes for the estimate: what a cell takes as it was read and once more in the clean ledger, and what an unknown
// row takes in a file.
const (
	cellBytes        = 16
	fileBytesPerCell = 6
)

// memoryFor estimates what a file's rows need during a batch, in bytes.
func memoryFor(def *ledger.TableDef, f plannedFile) int64 {
	cells := int64(len(def.Columns))
	rows := f.Rows
	if rows < 0 {
		rows = f.Bytes / (cells * fileBytesPerCell)
	}
	return rows * cells * cellBytes
}

func (p *readPlan) print(sh *shell) {
	g := &grid{head: []string{"table", "file", "rows", "bytes"}}
	for _, f := range p.Files {
		rows := "?" // only reading tells
		if f.Rows >= 0 {
			rows = humanCount(f.Rows)
		}
		g.rows = append(g.rows, []string{f.Table, f.Path, rows, humanCount(f.Bytes)})
	}
	g.print(sh.out)
	fmt.Fprintf(sh.out, "\n%d files, %s; about %s of memory for the batch", len(p.Files), humanBytes(p.Bytes), humanBytes(p.Memory))
	if sh.memory > 0 && p.Memory > int64(sh.memory) {
		fmt.Fprintf(sh.out, ", more than --memory %s", sh.memory.String())
	}
	fmt.Fprintln(sh.out, ". Nothing was read.")
}
