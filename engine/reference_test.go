package engine_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"planwerk/arrow"
	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/engine/reference"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// referenceSeeds is how many awkward ledgers the ordinary tests compare; the stress tests take 10⁴.
var referenceSeeds = uint64(2000)

// TestAgainstReference holds every table of the engine to the slow reference, cell by cell, on awkward ledgers.
func TestAgainstReference(t *testing.T) {
	const lots = 4
	for lot := range uint64(lots) {
		t.Run(fmt.Sprintf("lot=%d", lot), func(t *testing.T) {
			t.Parallel()
			for seed := lot; seed < referenceSeeds; seed += lots {
				againstReference(t, seed)
			}
		})
	}
}

func againstReference(t *testing.T, seed uint64) {
	t.Helper()
	export, params := reference.Awkward(seed)
	want, wantErr := reference.Compute(export, params)
	space := anySpace(t, seed)
	defer space.Close()
	got, gotErr := compute(export, params, 1+int(seed%7), space)
	if (wantErr != nil) != (gotErr != nil) {
		t.Fatalf("seed %d: engine's error %v, reference's %v", seed, gotErr, wantErr)
	}
	if wantErr != nil {
		return
	}
	if len(got.Tables()) != len(want) {
		t.Fatalf("seed %d: %d tables, reference has %d", seed, len(got.Tables()), len(want))
	}
	for _, table := range got.Tables() {
		if diff := difference(&table, want[table.Name]); diff != "" {
			t.Fatalf("seed %d: table %s: %s", seed, table.Name, diff)
		}
	}
}

func compute(export reference.Export, p reference.Params, threads int, space *spill.Space) (*engine.Result, error) {
	job := engine.Job{After: p.After, Until: p.Until, CheckRevisions: p.CheckRevisions, AllViolations: p.AllViolations, Threads: threads, Space: space}
	job.Load = func(ctx context.Context) (*ledger.Raw, error) { return rawIn(spill.From(ctx), export) }
	var err error
	if job.Rounding, err = engine.ParseRounding(p.Rounding); err != nil {
		return nil, err
	}
	if p.WriteoffLimit != nil {
		if job.WriteoffLimit, err = engine.ParseRatio(p.WriteoffLimit.String()); err != nil {
			return nil, err
		}
	}
	for c, umin := range p.DebtIn {
		v, ok := kernels.FromBig(umin)
		if !ok {
			return nil, fmt.Errorf("debt %v", umin)
		}
		job.DebtIn = append(job.DebtIn, engine.Debt{Collective: c, Umin: v})
	}
	return engine.Run(context.Background(), job)
}

// difference tells the first cell in which the engine's table differs from the reference's; "" if none does.
func difference(got *arrow.ResultTable, want reference.Table) string {
	var names []string
	for _, c := range got.Columns {
		names = append(names, c.Name)
	}
	if !slices.Equal(names, want.Columns) {
		return fmt.Sprintf("columns %v, want %v", names, want.Columns)
	}
	rows, err := texts(got)
	if err != nil {
		return err.Error()
	}
	for i := range min(len(rows), len(want.Rows)) {
		for c := range names {
			if rows[i][c] != want.Rows[i][c] {
				return fmt.Sprintf("row %d, column %s: %q, want %q\n got %q\nwant %q", i, names[c], rows[i][c], want.Rows[i][c], rows[i], want.Rows[i])
			}
		}
	}
	if len(rows) != len(want.Rows) {
		extra := append(slices.Clone(rows[min(len(rows), len(want.Rows)):]), want.Rows[min(len(rows), len(want.Rows)):]...)
		return fmt.Sprintf("%d rows, want %d; first beyond: %q", len(rows), len(want.Rows), extra[0])
	}
	return ""
}

// texts prints a result table as its CSV would, through batches of an odd size.
func texts(t *arrow.ResultTable) ([][]string, error) {
	var rows [][]string
	var b arrow.ResultBatch
	for from := int64(0); from < t.Rows; from += 17 {
		to := min(from+17, t.Rows)
		b.Reset(t.Columns, int(to-from))
		if err := t.Fill(from, to, &b); err != nil {
			return nil, err
		}
		for i := range b.N {
			row := make([]string, len(t.Columns))
			for c := range t.Columns {
				row[c] = cell(&t.Columns[c], &b.Columns[c], i)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func cell(c *arrow.ResultColumn, v *arrow.ResultVector, i int) string {
	if len(v.Null) > 0 && v.Null[i] {
		return ""
	}
	switch c.Type {
	case arrow.ColDecimal6:
		return new(big.Rat).SetFrac(kernels.Int128(v.Wide[i]).Big(), big.NewInt(1_000_000)).FloatString(6)
	case arrow.ColDecimal0:
		return kernels.Int128(v.Wide[i]).String()
	case arrow.ColFloat64:
		return strconv.FormatFloat(v.Floats[i], 'g', -1, 64)
	case arrow.ColTime:
		return string(ledger.AppendTime(nil, v.Ints[i]))
	}
	if c.Type == arrow.ColText || c.Type == arrow.ColID && !c.IntIDs {
		return string(v.Text.At(i))
	}
	return strconv.FormatInt(v.Ints[i], 10)
}
