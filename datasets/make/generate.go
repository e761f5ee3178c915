package synth

import (
	"context"
	"fmt"

	"planwerk/arrow"
)

// partRows is the size of a file of a table, and the size from which tables are folders of parts.
const partRows = 1 << 25

// Generate writes a ledger export to dir, which must not exist, be empty or, with Force, hold an export: complete, with a
// manifest, or not at all. Memory does not grow with the size. Without planted violations no row breaks a rule of MODEL.md §10, and the
// recorded revisions have the rates that their periods have.
func Generate(ctx context.Context, dir string, cfg Config) error {
	if err := cfg.complete(); err != nil {
		return err
	}
	opt := arrow.ExportOptions{Format: cfg.Format, Threads: cfg.Threads, Force: cfg.Force, Progress: cfg.Progress}
	if cfg.Workloads > partRows {
		opt.PartRows = partRows
	}
	export, err := arrow.NewExport(dir, opt)
	if err != nil {
		return err
	}
	defer export.Abort()
	w := newWorld(cfg)
	if err := w.setRates(ctx); err != nil {
		return err
	}
	for _, t := range w.tables() {
		if err := export.WriteTable(ctx, w.resultTable(t)); err != nil {
			return fmt.Errorf("generate: %w", err)
		}
	}
	return export.Commit()
}

func (w *world) resultTable(t *table) arrow.ResultTable {
	columns, cols := w.columnsOf(t)
	f := &filler{w: w, t: t, cols: cols, hash: w.cfg.IDs == "hash"}
	if w.cfg.Shuffle && t.rows() > 1 {
		p := newPermutation(t.rows(), w.keys[rndShuffle]+uint64(t.id))
		f.perm = &p
	}
	return arrow.ResultTable{Name: t.name(), Columns: columns, Rows: t.rows(), Fill: f.fill}
}

// Rows tells the number of rows of each table, by name, without writing them.
func Rows(cfg Config) (map[string]int64, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	rows := map[string]int64{}
	for _, t := range newWorld(cfg).tables() {
		rows[t.name()] = t.rows()
	}
	return rows, nil
}
