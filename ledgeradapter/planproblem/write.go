package planproblem

import (
	"context"
	"math"

	"planwerk/arrow"
	"planwerk/engine/plan"
)

// column is a column to write, by row: a text, a number or a whole number; NaN and
// arrow.NullInt are null where that may be.
type column struct {
	arrow.ResultColumn
	text   func(i int) string
	number func(i int) float64
	whole  func(i int) int64
}

func idColumn(name string, text func(i int) string) column {
	return column{ResultColumn: arrow.ResultColumn{Name: name, Type: arrow.ColID}, text: text}
}

func textColumn(name string, text func(i int) string) column {
	return column{ResultColumn: arrow.ResultColumn{Name: name, Type: arrow.ColText, Nullable: true}, text: text}
}

func floatColumn(name string, number func(i int) float64) column {
	return column{ResultColumn: arrow.ResultColumn{Name: name, Type: arrow.ColFloat64}, number: number}
}

// sparseColumn is a float column that has nulls, where number is NaN.
func sparseColumn(name string, number func(i int) float64) column {
	c := floatColumn(name, number)
	c.Nullable = true
	return c
}

// newTable makes a table of columns.
func newTable(name string, rows int, columns ...column) arrow.ResultTable {
	t := arrow.ResultTable{Name: name, Rows: int64(rows)}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.ResultColumn)
	}
	t.Fill = func(from, to int64, b *arrow.ResultBatch) error {
		for k := range columns {
			columns[k].fill(int(from), int(to), &b.Columns[k])
		}
		return nil
	}
	return t
}

func (c *column) fill(from, to int, v *arrow.ResultVector) {
	for i := from; i < to; i++ {
		switch {
		case c.text != nil:
			s := c.text(i)
			v.Text.AppendString(s)
			if c.Nullable {
				v.Null[i-from] = s == ""
			}
		case c.whole != nil:
			v.Ints[i-from] = c.whole(i)
			if c.Nullable && v.Ints[i-from] == arrow.NullInt {
				v.Null[i-from], v.Ints[i-from] = true, 0
			}
		default:
			x := c.number(i)
			if c.Nullable && math.IsNaN(x) {
				v.Null[i-from], x = true, 0
			}
			v.Floats[i-from] = x + 0 // no −0
		}
	}
}

// WriteProblem writes a problem as tables into a new directory, complete or not at all. A problem that Expand made has
// no tables of regions and periods.
func WriteProblem(ctx context.Context, dir string, p *plan.Problem, format string, force bool) error {
	e, err := arrow.NewExport(dir, arrow.ExportOptions{Format: format, Force: force})
	if err != nil {
		return err
	}
	defer e.Abort()
	for _, t := range problemTables(p) {
		if t.Rows == 0 && t.Name != "products" {
			continue
		}
		if err := e.WriteTable(ctx, t); err != nil {
			return err
		}
	}
	return e.Commit()
}

func problemTables(p *plan.Problem) []arrow.ResultTable {
	product := func(i int32) string { return p.Name(i) }
	technique := func(j int32) string { return p.Techniques[j].ID }
	resource := func(r int32) string { return p.Resources[r].ID }
	return append([]arrow.ResultTable{
		newTable("products", len(p.Products), idColumn("product", func(i int) string { return p.Products[i].ID }),
			textColumn("region", func(i int) string { return p.Products[i].Region }), textColumn("unit", func(i int) string { return p.Products[i].Unit })),
		newTable("techniques", len(p.Techniques), idColumn("technique", func(i int) string { return p.Techniques[i].ID }),
			floatColumn("labour", func(i int) float64 { return p.Techniques[i].Labour }),
			floatColumn("minimum", func(i int) float64 { return p.Techniques[i].Minimum }),
			sparseColumn("maximum", func(i int) float64 { return finiteOr(p.Techniques[i].Maximum) })),
		newTable("flows", len(p.Flows), idColumn("technique", func(i int) string { return technique(p.Flows[i].Technique) }),
			idColumn("product", func(i int) string { return product(p.Flows[i].Product) }),
			floatColumn("quantity", func(i int) float64 { return p.Flows[i].Quantity })),
		newTable("resources", len(p.Resources), idColumn("resource", func(i int) string { return p.Resources[i].ID }),
			floatColumn("available", func(i int) float64 { return p.Resources[i].Available }),
			floatColumn("price", func(i int) float64 { return p.Resources[i].Price })),
		newTable("uses", len(p.Uses), idColumn("technique", func(i int) string { return technique(p.Uses[i].Technique) }),
			idColumn("resource", func(i int) string { return resource(p.Uses[i].Resource) }),
			floatColumn("quantity", func(i int) float64 { return p.Uses[i].Quantity })),
		newTable("targets", len(p.Targets), idColumn("product", func(i int) string { return product(p.Targets[i].Product) }),
			floatColumn("quantity", func(i int) float64 { return p.Targets[i].Quantity }),
			floatColumn("weight", func(i int) float64 { return p.Targets[i].Weight }),
			textColumn("kind", func(i int) string { return p.Targets[i].Kind.String() })),
		newTable("stocks", len(p.Stocks), idColumn("product", func(i int) string { return product(p.Stocks[i].Product) }),
			floatColumn("quantity", func(i int) float64 { return p.Stocks[i].Quantity })),
	}, timeTables(p)...)
}

// timeTables are the tables of recycling, regions and periods.
func timeTables(p *plan.Problem) []arrow.ResultTable {
	whole := func(name string, f func(i int) int64) column {
		return column{ResultColumn: arrow.ResultColumn{Name: name, Type: arrow.ColInt64}, whole: f}
	}
	product := func(i int32) string { return p.Name(i) }
	return []arrow.ResultTable{
		newTable("recycling", len(p.Recycling), idColumn("product", func(i int) string { return product(p.Recycling[i].Used) }),
			idColumn("recovered", func(i int) string { return product(p.Recycling[i].Recovered) }),
			floatColumn("share", func(i int) float64 { return p.Recycling[i].Share }),
			whole("lag", func(i int) int64 { return int64(p.Recycling[i].Lag) })),
		newTable("transport", len(p.Transport), idColumn("product", func(i int) string { return p.Products[p.Transport[i].From].ID }),
			textColumn("from", func(i int) string { return p.Products[p.Transport[i].From].Region }),
			textColumn("to", func(i int) string { return p.Products[p.Transport[i].To].Region }),
			floatColumn("labour", func(i int) float64 { return p.Transport[i].Labour }), floatColumn("loss", func(i int) float64 { return p.Transport[i].Loss })),
		newTable("storage", len(p.Storage), idColumn("product", func(i int) string { return product(p.Storage[i].Product) }),
			floatColumn("labour", func(i int) float64 { return p.Storage[i].Labour }), floatColumn("loss", func(i int) float64 { return p.Storage[i].Loss })),
		newTable("investments", len(p.Investments), idColumn("technique", func(i int) string { return p.Techniques[p.Investments[i].Technique].ID }),
			idColumn("resource", func(i int) string { return p.Resources[p.Investments[i].Resource].ID }),
			floatColumn("quantity", func(i int) float64 { return p.Investments[i].Quantity }),
			whole("lag", func(i int) int64 { return int64(p.Investments[i].Lag) }), lifeColumn(p)),
		newTable("growth", len(p.Growth), whole("period", func(i int) int64 { return int64(p.Growth[i].Period) }),
			floatColumn("factor", func(i int) float64 { return p.Growth[i].Factor })),
	}
}

// lifeColumn is null where an investment lasts for ever.
func lifeColumn(p *plan.Problem) column {
	return column{ResultColumn: arrow.ResultColumn{Name: "life", Type: arrow.ColInt64, Nullable: true}, whole: func(i int) int64 {
		if p.Investments[i].Life == 0 {
			return arrow.NullInt
		}
		return int64(p.Investments[i].Life)
	}}
}

// finiteOr is NaN, a null, for an infinite bound.
func finiteOr(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}
