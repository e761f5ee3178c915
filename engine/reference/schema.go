package reference

// kind says how the text of a cell is read.
type kind int

const (
	kindID       kind = iota // canonical text; domain says of what
	kindMicro                // decimal text with at most six places, held in millionths
	kindTime                 // RFC 3339, a date, or integer microseconds
	kindMinutes              // whole minutes of durability
	kindFlag                 // true, false, 1, 0
	kindText                 // anything
	kindInteger              // decimal(38,0)
	kindFraction             // a tier: a decimal of any scale, kept as text
)

// column is one column of a ledger table.
type column struct {
	name     string
	kind     kind
	optional bool
	domain   string // of an id: the domain it names or creates
	creates  bool   // the id comes into being by this row
}

// table is one table of the export. Its columns stand in the order of the format.
type table struct {
	name    string
	rank    int    // place in the format, for the canonical order
	time    string // the column that says when the row was recorded; "" for untimed tables
	primary []string
	columns []column
}

func own(name, domain string) column { return column{name: name, domain: domain, creates: true} }
func ref(name, domain string) column { return column{name: name, domain: domain} }
func private(name string) column     { return column{name: name} }
func col(name string, k kind) column { return column{name: name, kind: k} }
func opt(c column) column            { c.optional = true; return c }

var (
	colTime   = col("time", kindTime)
	colAmount = col("amount", kindMicro)
	colCommon = col("common", kindFlag)
	colFrom   = ref("from", "collective")
	colTo     = ref("to", "collective")
	colOwner  = ref("collective", "collective")
	colType   = ref("product_type", "product_type")
	colRes    = ref("resource", "resource")
	colMop    = ref("mop", "mop")
	colProd   = ref("production", "production")
	colWallet = private("wallet")
	colReason = opt(col("reason", kindText))
)

// schema lists the tables of ledger export version 1 in their order.
var schema = numbered([]*table{
	{name: "collectives", columns: []column{own("collective", "collective"), col("kind", kindText),
		opt(col("region", kindText)), opt(col("name", kindText))}},
	{name: "trust", time: "since", primary: []string{"a", "b", "since"}, columns: []column{ref("a", "collective"),
		ref("b", "collective"), col("since", kindTime), opt(col("until", kindTime))}},
	{name: "product_types", columns: []column{own("product_type", "product_type"), opt(col("name", kindText)),
		opt(col("unit", kindText)), colCommon}},
	{name: "elements", columns: []column{own("element", "element"), opt(colType), col("value", kindMicro),
		opt(col("durability", kindMinutes))}},
	{name: "element_parts", primary: []string{"element", "part"}, columns: []column{ref("element", "element"),
		ref("part", "element")}},
	{name: "mops", columns: []column{own("mop", "mop"), ref("element", "element"), colOwner, col("commissioned", kindTime),
		colCommon, opt(colRes), opt(colAmount)}},
	{name: "mop_transfers", time: "time", columns: []column{private("transfer"), colTime, colMop, colFrom, colTo}},
	{name: "collectivizations", time: "time", columns: []column{own("resource", "resource"), colTime, colOwner, colType,
		colAmount}},
	{name: "productions", time: "time", columns: []column{own("production", "production"), colTime, colOwner, colCommon,
		opt(ref("order", "order"))}},
	{name: "workloads", time: "time", columns: []column{own("workload", "workload"), colTime, colProd, colOwner, colWallet,
		col("minutes", kindMicro), colCommon}},
	{name: "consumptions", time: "time", columns: []column{private("consumption"), colTime, colProd, colRes, colAmount,
		colCommon}},
	{name: "mop_allocations", time: "start", columns: []column{private("allocation"), colProd, colMop,
		col("start", kindTime), opt(col("end", kindTime)), colCommon, col("repurposed", kindFlag)}},
	{name: "outputs", time: "time", columns: []column{own("resource", "resource"), colTime, colProd, colType, colAmount,
		opt(col("value", kindMicro)), colCommon}},
	{name: "transfers", time: "time", columns: []column{private("transfer"), colTime, colRes,
		own("new_resource", "resource"), colFrom, colTo, colAmount}},
	{name: "dispatches", time: "time", columns: []column{private("dispatch"), colTime, colOwner, colRes, colAmount}},
	{name: "write_offs", time: "time", columns: []column{private("write_off"), colTime, colOwner, opt(colRes), opt(colMop),
		opt(colAmount), opt(col("value", kindMicro)), colReason}},
	{name: "recoveries", time: "time", columns: []column{own("resource", "resource"), colTime, colOwner, colType, colAmount,
		ref("from_type", "product_type")}},
	{name: "revisions", time: "until", columns: []column{own("revision", "revision"), col("after", kindTime),
		col("until", kindTime), ref("subsystem", "collective"), col("tax_numerator", kindInteger),
		col("tax_denominator", kindInteger)}},
	{name: "coupon_claims", time: "time", columns: []column{private("claim"), colTime, colWallet,
		ref("workload", "workload"), ref("revision", "revision")}},
	{name: "appropriations", time: "time", columns: []column{private("appropriation"), colTime, colWallet, colOwner,
		col("value", kindMicro)}},
	{name: "orders", time: "time", columns: []column{own("order", "order"), colTime, colFrom, colTo, colType, colAmount,
		opt(col("due", kindTime)), opt(ref("parent", "order"))}},
	{name: "order_rejections", time: "time", primary: []string{"order", "time"}, columns: []column{ref("order", "order"),
		colTime, colReason}},
	{name: "value_estimations", time: "time", primary: []string{"order", "time"}, columns: []column{ref("order", "order"),
		colTime, colOwner, col("value", kindMicro)}},
	{name: "citizens", columns: []column{colWallet, opt(col("tier", kindFraction)), opt(private("block")),
		opt(private("state")), opt(col("category", kindText))}},
})

// numbered gives tables their rank and, where none is set, their first column as primary id.
func numbered(tables []*table) []*table {
	for i, t := range tables {
		t.rank = i
		if t.primary == nil {
			t.primary = []string{t.columns[0].name}
		}
	}
	return tables
}

func tableNamed(name string) *table {
	for _, t := range schema {
		if t.name == name {
			return t
		}
	}
	panic("reference: no table " + name)
}

// resourceTables are the tables whose rows create resources, with the column that names the new one.
var resourceTables = []struct{ table, column string }{
	{"collectivizations", "resource"}, {"outputs", "resource"}, {"transfers", "new_resource"}, {"recoveries", "resource"},
}
