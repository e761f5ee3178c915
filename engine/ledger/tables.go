package ledger

import (
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// Codes are int32, −1 for none. Flags are 0 or 1. Nullable int64 columns hold NullInt where null. Every table is sorted
// by its primary id; for the tables of a shared domain a row's number is its code.

// Collectives: row = collective code.
type Collectives struct {
	N   int
	C2I []uint8 // 1 for c2i, 0 for c2c
}

// Trust edges, undirected; alive at t when Since ≤ t and (Until null or > t).
type Trust struct {
	N            int
	A, B         []int32
	Since, Until []int64
}

// ProductTypes: row = product type code.
type ProductTypes struct {
	N      int
	Common []uint8
}

// Elements: row = element code. Value in µmin ≥ 0; Durability in minutes, NullInt where null.
type Elements struct {
	N           int
	ProductType []int32
	Value       []int64
	Durability  []int64
}

// ElementParts are the edges whole → part.
type ElementParts struct {
	N             int
	Element, Part []int32
}

// MoPs: row = MoP code.
type MoPs struct {
	N            int
	Element      []int32
	Collective   []int32
	Commissioned []int64
	Common       []uint8
	Resource     []int32
	Amount       []int64 // NullInt: all that is left
}

// MoPTransfers change a MoP's owner.
type MoPTransfers struct {
	N        int
	Time     []int64
	MoP      []int32
	From, To []int32
}

// Productions: row = production code.
type Productions struct {
	N          int
	Time       []int64
	Collective []int32
	Common     []uint8
	Order      []int32
}

// Workloads: row = workload code. Minutes in µmin ≥ 0.
type Workloads struct {
	N          int
	Time       []int64
	Production []int32
	Collective []int32
	Wallet     []int32
	Minutes    []int64
	Common     []uint8
}

// Consumptions draw from a resource for a production.
type Consumptions struct {
	N          int
	Time       []int64
	Production []int32
	Resource   []int32
	Amount     []int64
	Common     []uint8
}

// MoPAllocations use a MoP in a production. An End after k2 is NullInt already.
type MoPAllocations struct {
	N          int
	Production []int32
	MoP        []int32
	Start, End []int64
	Common     []uint8
	Repurposed []uint8
}

// Resources unites all tables that create resources; row = resource code.
type Resources struct {
	N          int
	Origin     []TableID // TCollectivizations, TOutputs, TRecoveries or TTransfers
	Row        []int32   // the row of that table
	Time       []int64   // when it was created
	Collective []int32   // owner
	Type       []int32   // product type; a transferred one inherits; −1 in a ring of transfers, which has no root
	Common     []uint8   // by the output's flag, else the product type's, inherited by transfers; 0 in a ring
	Amount     []int64   // micro-units; of a transferred resource what the transfer asks for, before clipping
}

// Outputs finalise a production. Resource is the resource code; Value is declared, NullInt where null.
type Outputs struct {
	N           int
	Resource    []int32
	Time        []int64
	Production  []int32
	ProductType []int32
	Amount      []int64
	Value       []int64
	Common      []uint8
}

// Transfers move part of Resource into NewResource.
type Transfers struct {
	N           int
	Time        []int64
	Resource    []int32
	NewResource []int32
	From, To    []int32
	Amount      []int64
}

// Dispatches hand goods to individuals.
type Dispatches struct {
	N          int
	Time       []int64
	Collective []int32
	Resource   []int32
	Amount     []int64
}

// WriteOffs lose a resource or end a MoP. Amount NullInt: all that is left. Value declared, signed, NullInt where null.
type WriteOffs struct {
	N          int
	Time       []int64
	Collective []int32
	Resource   []int32
	MoP        []int32
	Amount     []int64
	Value      []int64
}

// Recoveries and Collectivizations create resources of value 0; what they hold is in Resources.
type Recoveries struct {
	N        int
	FromType []int32
	Resource []int32
}

// Revisions are recorded final revisions; row = revision code.
type Revisions struct {
	N            int
	After, Until []int64
	Subsystem    []int32 // a collective code
	Num, Den     []kernels.Int128
}

// CouponClaims claim a workload's coupon under a recorded revision.
type CouponClaims struct {
	N        int
	Time     []int64
	Wallet   []int32
	Workload []int32
	Revision []int32
}

// Appropriations spend coupons. Value in µmin ≥ 0.
type Appropriations struct {
	N          int
	Time       []int64
	Wallet     []int32
	Collective []int32
	Value      []int64
}

// Orders: row = order code. Amount in micro-units.
type Orders struct {
	N           int
	Time        []int64
	From, To    []int32
	ProductType []int32
	Amount      []int64
	Due         []int64
	Parent      []int32
}

// OrderRejections and ValueEstimations answer orders.
type OrderRejections struct {
	N     int
	Order []int32
	Time  []int64
}

// ValueEstimations estimate an order's value in µmin.
type ValueEstimations struct {
	N          int
	Order      []int32
	Time       []int64
	Collective []int32
	Value      []int64
}

// Citizens hold wallets. Tier in millionths, NullInt where null.
type Citizens struct {
	N      int
	Wallet []int32
	Tier   []int64
}

// Ledger is the clean ledger as at Until (k2), for the period ]After, Until] in µs.
type Ledger struct {
	After, Until int64

	// IDs[t] names the rows of table t by primary id; for tables of a shared domain it is the domain's. nil for tables
	// with compound ids and those that create resources (their ids are in ResourceIDs): RowID serves all.
	IDs [NumTables]*IDs
	// Dictionaries of the shared domains that are not a table's row numbers.
	ResourceIDs, WalletIDs *IDs

	Collectives      Collectives
	Trust            Trust
	ProductTypes     ProductTypes
	Elements         Elements
	ElementParts     ElementParts
	MoPs             MoPs
	MoPTransfers     MoPTransfers
	Productions      Productions
	Workloads        Workloads
	Consumptions     Consumptions
	MoPAllocations   MoPAllocations
	Resources        Resources
	Outputs          Outputs
	Transfers        Transfers
	Dispatches       Dispatches
	WriteOffs        WriteOffs
	Recoveries       Recoveries
	Revisions        Revisions
	CouponClaims     CouponClaims
	Appropriations   Appropriations
	Orders           Orders
	OrderRejections  OrderRejections
	ValueEstimations ValueEstimations
	Citizens         Citizens

	// Space is where large columns lie, for those that computations make too; nil: the Go heap.
	Space *spill.Space

	tables [NumTables]cleanTable // all columns generically, for details of violations
}

// InPeriod reports k1 < t ≤ k2.
func (l *Ledger) InPeriod(t int64) bool { return t > l.After && t <= l.Until }

// Violation is a row that breaks a rule of MODEL.md §10, found after Build.
type Violation struct {
	Rule  string
	Table TableID
	Row   int32
	Extra string // more than the row's own values: a cycle by ids
}
