package synth

import (
	"planwerk/arrow"
)

// cells fills the columns of a row of a table; out has a place per column.
type cells func(row int64, out []cell)

// cell is an integer, a number or a text, or null.
type cell struct {
	id    int64
	real  float64
	text  string
	empty bool
}

// table makes a table out of a function of the row number.
func (e *economy) table(name string, rows int64, columns []arrow.ResultColumn, fill cells) arrow.ResultTable {
	return arrow.ResultTable{Name: name, Columns: columns, Rows: rows, Fill: func(from, to int64, b *arrow.ResultBatch) error {
		out := make([]cell, len(columns))
		for row := from; row < to; row++ {
			clear(out)
			fill(row, out)
			for c := range columns {
				v, k := &b.Columns[c], row-from
				switch columns[c].Type {
				case arrow.ColID:
					v.Ints[k] = out[c].id
				case arrow.ColFloat64:
					v.Floats[k] = out[c].real
				default:
					v.Text.AppendString(out[c].text)
				}
				if out[c].empty {
					v.Null[k] = true
				}
			}
		}
		return nil
	}}
}

func idColumn(name string) arrow.ResultColumn {
	return arrow.ResultColumn{Name: name, Type: arrow.ColID, IntIDs: true}
}

func realColumn(name string) arrow.ResultColumn {
	return arrow.ResultColumn{Name: name, Type: arrow.ColFloat64}
}

// ioTables are the coefficients of each product's first technique, and its labour and demand.
func (e *economy) ioTables() []arrow.ResultTable {
	return []arrow.ResultTable{
		e.table("coefficients", int64(e.Products*e.Inputs), []arrow.ResultColumn{idColumn("row"), idColumn("col"), realColumn("value")}, func(row int64, out []cell) {
			i, k := int(row)/e.Inputs, int(row)%e.Inputs
			in := e.inputs[i*e.Techniques*e.Inputs+k]
			out[0].id, out[1].id, out[2].real = int64(in.product), int64(i), in.units()
		}),
		e.table("vectors", int64(e.Products), []arrow.ResultColumn{idColumn("product"), realColumn("labour"), realColumn("demand")}, func(row int64, out []cell) {
			out[0].id, out[1].real, out[2].real = row, e.labour(int(row)*e.Techniques), e.demand[row]
		}),
	}
}

func (in input) units() float64 { return float64(in.quantity) / (1 / tenth) }

// flow is the k-th flow of a technique: its output first, then its inputs.
func (e *economy) flow(j, k int) (product int, quantity float64) {
	if k == 0 {
		return j / e.Techniques, 1
	}
	in := e.inputs[j*e.Inputs+k-1]
	return int(in.product), -in.units()
}

// planTables are the tables of the plan problem (FORMAT.md §2).
func (e *economy) planTables() []arrow.ResultTable {
	flows, uses := 1+e.Inputs, e.uses()
	upper := realColumn("maximum")
	upper.Nullable = true
	list := []arrow.ResultTable{
		e.table("products", int64(e.Products), []arrow.ResultColumn{idColumn("product")}, func(row int64, out []cell) { out[0].id = row }),
		e.table("techniques", int64(e.techniques()), []arrow.ResultColumn{idColumn("technique"), realColumn("labour"), upper}, func(row int64, out []cell) {
			most := e.maximum(int(row))
			out[0].id, out[1].real, out[2].real, out[2].empty = row, e.labour(int(row)), most, most == 0
		}),
		e.table("flows", int64(e.techniques()*flows), []arrow.ResultColumn{idColumn("technique"), idColumn("product"), realColumn("quantity")}, func(row int64, out []cell) {
			product, quantity := e.flow(int(row)/flows, int(row)%flows)
			out[0].id, out[1].id, out[2].real = row/int64(flows), int64(product), quantity
		}),
		e.table("targets", int64(len(e.targets)), []arrow.ResultColumn{idColumn("product"), realColumn("quantity"), {Name: "kind", Type: arrow.ColText}}, func(row int64, out []cell) {
			i := e.targets[row]
			out[0].id, out[1].real, out[2].text = int64(i), e.demand[i], "at-least"
		}),
	}
	if uses == 0 {
		return list
	}
	return append(list,
		e.table("resources", int64(e.Resources), []arrow.ResultColumn{idColumn("resource"), realColumn("available")}, func(row int64, out []cell) {
			out[0].id, out[1].real = row, e.available(int(row))
		}),
		e.table("uses", int64(e.techniques()*uses), []arrow.ResultColumn{idColumn("technique"), idColumn("resource"), realColumn("quantity")}, func(row int64, out []cell) {
			j := int(row) / uses
			r, quantity := e.resource(j, int(row)%uses)
			out[0].id, out[1].id, out[2].real = int64(j), int64(r), quantity
		}))
}
