package planproblem

import (
	"context"
	"fmt"
	"math"
	"slices"

	"planwerk/arrow"
	"planwerk/engine/plan"
)

// Compare finds the first cell of the plan's tables that is not what an answer has: an *arrow.Error with table, column and
// row. Figures may lie plan.SameFigure apart, as a share of the figure; in balances, as a share of the largest quantity of
// their row.
func (p *Plan) Compare(ctx context.Context, of *plan.Problem, a *plan.Answer) error {
	tables := PlanTables(of, a)
	for _, t := range p.result.Manifest.Tables {
		if !slices.ContainsFunc(tables, func(w arrow.ResultTable) bool { return w.Name == t.Name }) {
			return &arrow.Error{File: p.result.Dir, Table: t.Name, What: "is no table of this plan"}
		}
	}
	for i := range tables {
		if err := p.compare(ctx, &tables[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) compare(ctx context.Context, want *arrow.ResultTable) error {
	fault := func(format string, args ...any) error {
		return &arrow.Error{Table: want.Name, What: fmt.Sprintf(format, args...)}
	}
	if _, there := p.result.Table(want.Name); !there {
		return fault("the plan has no such table")
	}
	rows := int64(0)
	var b arrow.ResultBatch
	err := p.result.Scan(ctx, want.Name, func(first int64, columns []arrow.ResultColumn, was *arrow.ResultBatch) error {
		rows = first + int64(was.N)
		if rows > want.Rows {
			return fault("it has more rows than the %d of the problem", want.Rows)
		}
		if len(columns) != len(want.Columns) {
			return fault("it has %d columns, a plan has %d", len(columns), len(want.Columns))
		}
		b.Reset(want.Columns, was.N)
		if err := want.Fill(first, rows, &b); err != nil {
			return err
		}
		return differing(want, columns, was, &b, first)
	})
	if err == nil && rows < want.Rows {
		err = fault("it has %d rows, the problem %d", rows, want.Rows)
	}
	return err
}

// differing finds the first cell of a batch that differs.
func differing(want *arrow.ResultTable, columns []arrow.ResultColumn, was, now *arrow.ResultBatch, first int64) error {
	fault := func(row, c int, said, gives any) error {
		return &arrow.Error{Table: want.Name, Column: want.Columns[c].Name, Row: first + int64(row) + 1,
			What: fmt.Sprintf("of %s the plan says %v, the problem with the plan's levels and prices gives %v", now.Columns[0].Text.At(row), said, gives)}
	}
	for c := range want.Columns {
		if columns[c].Name != want.Columns[c].Name || columns[c].Type != want.Columns[c].Type || columns[c].IntIDs {
			return &arrow.Error{Table: want.Name, Column: columns[c].Name, What: fmt.Sprintf("is not the column %s of a plan", want.Columns[c].Name)}
		}
	}
	for row := range was.N {
		unit := largestQuantity(want, now, row)
		for c := range want.Columns {
			a, b := &was.Columns[c], &now.Columns[c]
			if want.Columns[c].Type != arrow.ColFloat64 {
				if said, gives := a.Text.At(row), b.Text.At(row); string(said) != string(gives) {
					return fault(row, c, fmt.Sprintf("%q", said), fmt.Sprintf("%q", gives))
				}
				continue
			}
			size := unit
			if want.Columns[c].Name == "shadow_price" {
				size = 0
			}
			if said, gives := a.Floats[row], b.Floats[row]; !(math.Abs(said-gives) <= plan.SameFigure*max(size, math.Abs(said), math.Abs(gives))) {
				return fault(row, c, said, gives)
			}
		}
	}
	return nil
}

// largestQuantity is that of a row of balances, whose columns but the price are all in the product's unit; 0 elsewhere.
func largestQuantity(t *arrow.ResultTable, b *arrow.ResultBatch, row int) float64 {
	size := 0.0
	if t.Name != "balances" {
		return size
	}
	for c := range t.Columns {
		if t.Columns[c].Type == arrow.ColFloat64 && t.Columns[c].Name != "shadow_price" {
			size = max(size, math.Abs(b.Columns[c].Floats[row]))
		}
	}
	return size
}
