package main

import (
	"context"
	"fmt"
	"strings"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/ledger"
)

// readPlan is what --dry-run prints: what a batch would read.
type readPlan struct {
	Files  []plannedFile `json:"files"`
	Bytes  int64         `json:"bytes"`
	Rows   int64         `json:"rows"`         // of the files whose rows are known
	Memory int64         `json:"memory_bytes"` // an estimate of what the batch needs to hold all its columns
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
	plan := readPlan{Files: []plannedFile{}, Memory: memoryFor(dir)}
	for id := range ledger.Schema {
		name := ledger.Schema[id].Name
		for _, file := range dir.Tables[name] {
			if err := ctx.Err(); err != nil {
				return err
			}
			plan.Files = append(plan.Files, plannedFile{name, file.Name, file.Rows, file.Bytes})
			plan.Bytes += file.Bytes
			plan.Rows += max(file.Rows, 0)
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

// fileBytesPerCell is what a cell takes in a file, about, where the number of rows is not known.
const fileBytesPerCell = 2

// memoryFor estimates what a batch over a directory needs, in bytes.
func memoryFor(dir *arrow.Directory) int64 {
	var rows [ledger.NumTables]int64
	for t := range ledger.Schema {
		def := &ledger.Schema[t]
		for _, f := range dir.Tables[def.Name] {
			n := f.Rows
			if n < 0 {
				n = f.Bytes / (int64(len(def.Columns)) * fileBytesPerCell)
			}
			rows[t] += n
		}
	}
	return engine.Estimate(rows)
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
		fmt.Fprintf(sh.out, ", more than --memory %s: columns go to files", sh.memory.String())
	}
	fmt.Fprintln(sh.out, ". Nothing was read.")
}
