package ledger

// Kind is how a column is held after loading (FORMAT.md).
type Kind uint8

const (
	KindID      Kind = iota // a key of a Domain; canonical text is what counts
	KindValue               // int64 µmin; decimal with at most six places outside
	KindAmount              // int64 micro-units; likewise
	KindTime                // int64 µs since the epoch, UTC
	KindMinutes             // int64 whole minutes (durability)
	KindFlag                // uint8: 0 false, 1 true
	KindText                // utf8; empty is null
	KindWide                // decimal(38,0) as Int128
	KindDecimal             // int64 millionths, no unit (a tier weight)
)

// Domain names of shared id spaces; a column whose domain is "" is private to its table.
const (
	DomCollective  = "collective"
	DomProductType = "product_type"
	DomElement     = "element"
	DomMoP         = "mop"
	DomResource    = "resource"
	DomProduction  = "production"
	DomWorkload    = "workload"
	DomWallet      = "wallet"
	DomOrder       = "order"
	DomRevision    = "revision"
)

// TableID is a table's rank in FORMAT.md; canonical order uses it at equal times.
type TableID uint8

const (
	TCollectives TableID = iota
	TTrust
	TProductTypes
	TElements
	TElementParts
	TMoPs
	TMoPTransfers
	TCollectivizations
	TProductions
	TWorkloads
	TConsumptions
	TMoPAllocations
	TOutputs
	TTransfers
	TDispatches
	TWriteOffs
	TRecoveries
	TRevisions
	TCouponClaims
	TAppropriations
	TOrders
	TOrderRejections
	TValueEstimations
	TCitizens
	NumTables
)

// ColumnDef is one column of the export schema.
type ColumnDef struct {
	Name     string
	Kind     Kind
	Optional bool   // may be null or absent
	Signed   bool   // a value that may be negative
	Domain   string // of an id; "" when private
	Doc      string
}

// TableDef is one table of the export schema; the first column is the primary id unless Key says otherwise.
type TableDef struct {
	Name    string
	Columns []ColumnDef
	Key     []int  // columns of the primary id
	Time    int    // the column that says when the row was recorded; −1 for an untimed table
	Creates string // domain the primary id belongs to ("" if private)
	Doc     string
}

func id(name, domain, doc string) ColumnDef {
	return ColumnDef{Name: name, Kind: KindID, Domain: domain, Doc: doc}
}
func col(name string, k Kind, doc string) ColumnDef { return ColumnDef{Name: name, Kind: k, Doc: doc} }
func opt(c ColumnDef) ColumnDef                     { c.Optional = true; return c }
func signed(c ColumnDef) ColumnDef                  { c.Signed = true; return c }
func common() ColumnDef                             { return col("common", KindFlag, "common (true) or exclusive") }
func at() ColumnDef                                 { return col("time", KindTime, "when the ledger recorded the row") }

// Schema is the export, version 1: the one place where it is defined. Index by TableID.
var Schema = [NumTables]TableDef{
	TCollectives: {Name: "collectives", Time: -1, Key: []int{0}, Creates: DomCollective, Doc: "collectives of producers and of distribution", Columns: []ColumnDef{
		id("collective", DomCollective, "primary id"), col("kind", KindText, "c2c (producers) or c2i (distribution to individuals)"),
		opt(col("region", KindText, "")), opt(col("name", KindText, ""))}},
	TTrust: {Name: "trust", Time: 2, Key: []int{0, 1, 2}, Doc: "strong trust between two collectives, undirected; primary id: the unordered pair with since", Columns: []ColumnDef{
		id("a", DomCollective, ""), id("b", DomCollective, ""), col("since", KindTime, "alive from here"), opt(col("until", KindTime, "alive before this"))}},
	TProductTypes: {Name: "product_types", Time: -1, Key: []int{0}, Creates: DomProductType, Doc: "types of products", Columns: []ColumnDef{
		id("product_type", DomProductType, "primary id"), opt(col("name", KindText, "")), opt(col("unit", KindText, "")), common()}},
	TElements: {Name: "elements", Time: -1, Key: []int{0}, Creates: DomElement, Doc: "product elements (MODEL.md §1)", Columns: []ColumnDef{
		id("element", DomElement, "primary id"), opt(id("product_type", DomProductType, "")), col("value", KindValue, "simple value v"),
		opt(col("durability", KindMinutes, "own durability in minutes; ignored for composites"))}},
	TElementParts: {Name: "element_parts", Time: -1, Key: []int{0, 1}, Doc: "direct parts; primary id: the pair", Columns: []ColumnDef{
		id("element", DomElement, "the whole"), id("part", DomElement, "a direct part of it")}},
	TMoPs: {Name: "mops", Time: 3, Key: []int{0}, Creates: DomMoP, Doc: "means of production (MODEL.md §2)", Columns: []ColumnDef{
		id("mop", DomMoP, "primary id"), id("element", DomElement, "root element"), id("collective", DomCollective, "owner at commissioning"),
		col("commissioned", KindTime, "age 0"), common(), opt(id("resource", DomResource, "the resource it was commissioned from")),
		opt(col("amount", KindAmount, "drawn at commissioning; null = all that is left"))}},
	TMoPTransfers: {Name: "mop_transfers", Time: 1, Key: []int{0}, Doc: "changes of a MoP's owner", Columns: []ColumnDef{
		id("transfer", "", "primary id"), at(), id("mop", DomMoP, ""), id("from", DomCollective, ""), id("to", DomCollective, "")}},
	TCollectivizations: {Name: "collectivizations", Time: 1, Key: []int{0}, Creates: DomResource, Doc: "resources of value 0 entering the ledger", Columns: []ColumnDef{
		id("resource", DomResource, "primary id"), at(), id("collective", DomCollective, "owner"), id("product_type", DomProductType, ""), col("amount", KindAmount, "")}},
	TProductions: {Name: "productions", Time: 1, Key: []int{0}, Creates: DomProduction, Doc: "production cycles (MODEL.md §3)", Columns: []ColumnDef{
		id("production", DomProduction, "primary id"), at(), id("collective", DomCollective, ""), common(), opt(id("order", DomOrder, ""))}},
	TWorkloads: {Name: "workloads", Time: 1, Key: []int{0}, Creates: DomWorkload, Doc: "labour done", Columns: []ColumnDef{
		id("workload", DomWorkload, "primary id"), at(), id("production", DomProduction, ""), id("collective", DomCollective, ""),
		id("wallet", DomWallet, ""), col("minutes", KindValue, "labour time"), common()}},
	TConsumptions: {Name: "consumptions", Time: 1, Key: []int{0}, Doc: "resources used up by a production", Columns: []ColumnDef{
		id("consumption", "", "primary id"), at(), id("production", DomProduction, ""), id("resource", DomResource, ""), col("amount", KindAmount, ""), common()}},
	TMoPAllocations: {Name: "mop_allocations", Time: 3, Key: []int{0}, Doc: "use of a MoP by a production", Columns: []ColumnDef{
		id("allocation", "", "primary id"), id("production", DomProduction, ""), id("mop", DomMoP, ""), col("start", KindTime, ""),
		opt(col("end", KindTime, "")), common(), col("repurposed", KindFlag, "an exclusive MoP used for a common production")}},
	TOutputs: {Name: "outputs", Time: 1, Key: []int{0}, Creates: DomResource, Doc: "resources a production made", Columns: []ColumnDef{
		id("resource", DomResource, "primary id"), at(), id("production", DomProduction, ""), id("product_type", DomProductType, ""),
		col("amount", KindAmount, ""), opt(col("value", KindValue, "declared")), common()}},
	TTransfers: {Name: "transfers", Time: 1, Key: []int{0}, Doc: "part of a resource moves to another collective as a new resource", Columns: []ColumnDef{
		id("transfer", "", "primary id"), at(), id("resource", DomResource, "drawn from"), id("new_resource", DomResource, "created"),
		id("from", DomCollective, ""), id("to", DomCollective, ""), col("amount", KindAmount, "")}},
	TDispatches: {Name: "dispatches", Time: 1, Key: []int{0}, Doc: "goods handed to individuals", Columns: []ColumnDef{
		id("dispatch", "", "primary id"), at(), id("collective", DomCollective, ""), id("resource", DomResource, ""), col("amount", KindAmount, "")}},
	TWriteOffs: {Name: "write_offs", Time: 1, Key: []int{0}, Doc: "losses of a resource or the end of a MoP: exactly one of the two", Columns: []ColumnDef{
		id("write_off", "", "primary id"), at(), id("collective", DomCollective, ""), opt(id("resource", DomResource, "")), opt(id("mop", DomMoP, "")),
		opt(col("amount", KindAmount, "null = all that is left")), opt(signed(col("value", KindValue, "declared, signed"))), opt(col("reason", KindText, ""))}},
	TRecoveries: {Name: "recoveries", Time: 1, Key: []int{0}, Creates: DomResource, Doc: "recycled resources, value 0 like a collectivization", Columns: []ColumnDef{
		id("resource", DomResource, "primary id"), at(), id("collective", DomCollective, "owner"), id("product_type", DomProductType, ""),
		col("amount", KindAmount, ""), id("from_type", DomProductType, "recycled from")}},
	TRevisions: {Name: "revisions", Time: 2, Key: []int{0}, Creates: DomRevision, Doc: "recorded final revisions", Columns: []ColumnDef{
		id("revision", DomRevision, "primary id"), col("after", KindTime, "k1"), col("until", KindTime, "k2"), id("subsystem", DomCollective, "a collective of the subsystem"),
		col("tax_numerator", KindWide, ""), col("tax_denominator", KindWide, "")}},
	TCouponClaims: {Name: "coupon_claims", Time: 1, Key: []int{0}, Doc: "coupons claimed under a recorded revision", Columns: []ColumnDef{
		id("claim", "", "primary id"), at(), id("wallet", DomWallet, ""), id("workload", DomWorkload, ""), id("revision", DomRevision, "")}},
	TAppropriations: {Name: "appropriations", Time: 1, Key: []int{0}, Doc: "coupons spent", Columns: []ColumnDef{
		id("appropriation", "", "primary id"), at(), id("wallet", DomWallet, ""), id("collective", DomCollective, ""), col("value", KindValue, "")}},
	TOrders: {Name: "orders", Time: 1, Key: []int{0}, Creates: DomOrder, Doc: "demand between collectives", Columns: []ColumnDef{
		id("order", DomOrder, "primary id"), at(), id("from", DomCollective, ""), id("to", DomCollective, ""), id("product_type", DomProductType, ""),
		col("amount", KindAmount, ""), opt(col("due", KindTime, "")), opt(id("parent", DomOrder, ""))}},
	TOrderRejections: {Name: "order_rejections", Time: 1, Key: []int{0, 1}, Doc: "primary id: order with time", Columns: []ColumnDef{
		id("order", DomOrder, ""), at(), opt(col("reason", KindText, ""))}},
	TValueEstimations: {Name: "value_estimations", Time: 1, Key: []int{0, 1}, Doc: "primary id: order with time", Columns: []ColumnDef{
		id("order", DomOrder, ""), at(), id("collective", DomCollective, ""), signed(col("value", KindValue, ""))}},
	TCitizens: {Name: "citizens", Time: -1, Key: []int{0}, Doc: "who holds a wallet", Columns: []ColumnDef{
		id("wallet", DomWallet, "primary id"), opt(col("tier", KindDecimal, "weight")), opt(id("block", "", "")), opt(id("state", "", "")), opt(col("category", KindText, ""))}},
}

// TableByName finds a table of the export schema.
func TableByName(name string) (TableID, bool) {
	for t := range Schema {
		if Schema[t].Name == name {
			return TableID(t), true
		}
	}
	return 0, false
}
