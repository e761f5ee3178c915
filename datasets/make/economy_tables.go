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
					if columns[c].IntIDs {
						v.Ints[k] = out[c].id
					} else {
						v.Text.AppendString(out[c].text)
					}
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

// reference is a column that refers to products: by number, or with their regions where there are some.
func (e *economy) reference(name string) arrow.ResultColumn {
	return arrow.ResultColumn{Name: name, Type: arrow.ColID, IntIDs: e.Shape.Regions == 1}
}

// refer fills such a column.
func (e *economy) refer(c *cell, product int) {
	if c.id = int64(product); e.Shape.Regions > 1 {
		c.text = e.productID(product)
	}
}

// products is the table of that name: goods by region where there are some.
func (e *economy) products() arrow.ResultTable {
	columns := []arrow.ResultColumn{idColumn("product")}
	if e.Shape.Regions > 1 {
		columns = append(columns, arrow.ResultColumn{Name: "region", Type: arrow.ColText})
	}
	return e.table("products", int64(e.Products), columns, func(row int64, out []cell) {
		if out[0].id = row % int64(e.goods()); e.Shape.Regions > 1 {
			out[1].text = e.region(int(row))
		}
	})
}

// moves are the tables transport and storage, of economies that have them.
func (e *economy) moves() (list []arrow.ResultTable) {
	text := func(name string) arrow.ResultColumn { return arrow.ResultColumn{Name: name, Type: arrow.ColText} }
	if len(e.ways) > 0 {
		list = append(list, e.table("transport", int64(len(e.ways)), []arrow.ResultColumn{idColumn("product"), text("from"), text("to"), realColumn("labour"), realColumn("loss")},
			func(row int64, out []cell) {
				i := int(e.ways[row])
				out[0].id, out[1].text, out[2].text = int64(i%e.goods()), e.region(i), e.region(e.wayTo(i))
				out[3].real, out[4].real = e.carrying(i), lost
			}))
	}
	if len(e.stored) > 0 {
		list = append(list, e.table("storage", int64(len(e.stored)), []arrow.ResultColumn{e.reference("product"), realColumn("labour"), realColumn("loss")},
			func(row int64, out []cell) {
				i := int(e.stored[row])
				e.refer(&out[0], i)
				out[1].real, out[2].real = e.storing(i), lost
			}))
	}
	return list
}

// planTables are the tables of the plan problem (FORMAT.md §2).
func (e *economy) planTables() []arrow.ResultTable {
	flows, uses := 1+e.Inputs, e.uses()
	upper := realColumn("maximum")
	upper.Nullable = true
	list := []arrow.ResultTable{
		e.products(),
		e.table("techniques", int64(e.techniques()), []arrow.ResultColumn{idColumn("technique"), realColumn("labour"), upper}, func(row int64, out []cell) {
			most := e.maximum(int(row))
			out[0].id, out[1].real, out[2].real, out[2].empty = row, e.labour(int(row)), most, most == 0
		}),
		e.table("flows", int64(e.techniques()*flows+len(e.joints)), []arrow.ResultColumn{idColumn("technique"), e.reference("product"), realColumn("quantity")}, func(row int64, out []cell) {
			j, k := int(row)/flows, int(row)%flows
			var product int
			if j < e.techniques() {
				product, out[2].real = e.flow(j, k)
			} else {
				j = int(e.joints[int(row)-e.techniques()*flows])
				product, out[2].real, _ = e.joint(j)
			}
			out[0].id = int64(j)
			e.refer(&out[1], product)
		}),
		e.table("targets", int64(len(e.targets)), []arrow.ResultColumn{e.reference("product"), realColumn("quantity"), {Name: "kind", Type: arrow.ColText}}, func(row int64, out []cell) {
			i := e.targets[row]
			e.refer(&out[0], int(i))
			out[1].real, out[2].text = e.demand[i], "at-least"
		}),
	}
	list = append(list, e.moves()...)
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
