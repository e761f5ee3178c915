package ledger

import (
	"context"
	"fmt"

	"planwerk/engine/spill"
)

// Rules that Build itself checks.
const (
	RuleBadValue  = "bad-value"
	RuleDuplicate = "duplicate-id"
	RuleDangling  = "dangling-reference"
)

// Finding is a row that Build reports, as text, since the row itself may be gone.
type Finding struct {
	Rule   string
	Table  TableID
	ID     string
	Detail string
	Time   int64 // NullInt: untimed, always listed
}

// Build makes the ledger as at until (k2) for the period ]after, until], both µs, out of an export: MODEL.md §10, the
// first four checks, in their order. It takes the export apart to save memory: raw must not be used afterwards.
// The ledger does not depend on the order of the export's rows or on threads. Its large columns lie in the Space of raw.
func Build(ctx context.Context, raw *Raw, after, until int64, threads int) (*Ledger, []Finding, error) {
	b := &builder{ctx: ctx, threads: threads, raw: raw, space: raw.Space, scratch: raw.Space.Sub(), l: &Ledger{After: after, Until: until, Space: raw.Space}, lookups: map[string]*lookup{}}
	defer b.scratch.Close()
	for t := range TableID(NumTables) {
		if err := b.prepare(t); err != nil {
			return nil, nil, err
		}
	}
	steps := []func() error{b.wallets}
	for _, t := range buildOrder {
		steps = append(steps, func() error { return b.table(t) })
		if t == TProductions {
			steps = append(steps, b.resources)
		}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, context.Cause(ctx)
		}
	}
	b.fill()
	return b.l, b.findings, nil
}

// buildOrder has every table after those its required ids point into. The four tables that create resources come after
// productions, together.
var buildOrder = []TableID{
	TCollectives, TTrust, TProductTypes, TOrders, TElements, TElementParts, TProductions,
	TMoPs, TMoPTransfers, TWorkloads, TConsumptions, TMoPAllocations, TDispatches, TWriteOffs, TRevisions,
	TCouponClaims, TAppropriations, TOrderRejections, TValueEstimations, TCitizens,
}

// resourceTables create resources.
var resourceTables = []TableID{TCollectivizations, TOutputs, TTransfers, TRecoveries}

type builder struct {
	ctx      context.Context
	threads  int
	raw      *Raw
	space    *spill.Space // for what goes into the ledger
	scratch  *spill.Space // for what Build alone needs
	l        *Ledger
	findings []Finding
	rows     [NumTables][]int32 // rows still there, in order of their ids; nil: all, in the order they have
	lookups  map[string]*lookup // by domain, once its table is done
}

// count is the number of rows of a table still there.
func (b *builder) count(t TableID) int {
	if b.rows[t] == nil {
		return b.raw.Tables[t].Rows
	}
	return len(b.rows[t])
}

// row is the raw row at a position.
func (b *builder) row(t TableID, at int) int {
	if b.rows[t] == nil {
		return at
	}
	return int(b.rows[t][at])
}

// prepare normalises a table's columns, cuts it as at k2, drops bad values and duplicates of its primary id, and sorts.
func (b *builder) prepare(t TableID) error {
	tab, def := &b.raw.Tables[t], &Schema[t]
	for c := range tab.Cols {
		col := &tab.Cols[c]
		if def.Columns[c].Kind == KindID && col.Keys == nil {
			if len(col.Int) == 0 && tab.Rows > 0 && !col.Absent && !def.Columns[c].Optional {
				return fmt.Errorf("table %s: column %s has no rows", def.Name, def.Columns[c].Name)
			}
			col.Keys = NewKeysIn(b.space, tab.Rows)
			if len(col.Int) > 0 {
				col.Keys.Set(0, col.Int)
				spill.Free(b.space, col.Int)
				col.Int = nil
			}
		}
		if def.Columns[c].Kind == KindWide && len(col.Wide) == 0 && tab.Rows > 0 {
			return fmt.Errorf("table %s: column %s has no rows", def.Name, def.Columns[c].Name)
		}
	}
	if err := b.check(t); err != nil {
		return err
	}
	return b.sort(t)
}

// find reports a raw row.
func (b *builder) find(rule string, t TableID, row int) {
	tab, def := &b.raw.Tables[t], &Schema[t]
	cell := func(dst []byte, c int) []byte { return tab.appendRaw(dst, def, c, row) }
	f := Finding{Rule: rule, Table: t, ID: rowID(def, cell), Detail: rowDetail(def, cell), Time: NullInt}
	if def.Time >= 0 {
		f.Time = tab.Cols[def.Time].Int[row]
	}
	b.findings = append(b.findings, f)
}

// appendRaw appends the canonical text of a raw cell.
func (tab *RawTable) appendRaw(dst []byte, def *TableDef, c, row int) []byte {
	col := &tab.Cols[c]
	if def.Columns[c].Kind == KindID {
		return col.Domain.AppendText(dst, col.Keys.At(row))
	}
	return col.appendCell(dst, def.Columns[c].Kind, row)
}

// rowText is what duplicates are compared by: the table's name and its cells, joined by 0x1F.
func (b *builder) rowText(t TableID, row int) string {
	def := &Schema[t]
	text := []byte(def.Name)
	for c := range def.Columns {
		text = b.raw.Tables[t].appendRaw(append(text, 0x1F), def, c, row)
	}
	return string(text)
}
