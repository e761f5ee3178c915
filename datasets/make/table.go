package synth

import (
	"math"
	"sort"

	"planwerk/engine/ledger"
)

// null stands for null in a row.
const null = math.MinInt64

// maxColumns is the width of the widest table.
const maxColumns = 10

// row holds the cells of one row in schema order: ids by number, values and amounts in millionths, times in µs, flags as
// 0 or 1, texts as codes that the table's text function spells out.
type row [maxColumns]int64

// block is a run of rows of one kind; fill makes its i-th.
type block struct {
	rows int64
	fill func(i int64, r *row)
}

// table is one table of the export, its blocks in order of time.
type table struct {
	id     ledger.TableID
	blocks []block
	starts []int64 // rows before each block; one more than blocks
	text   func(column int, code int64) string
}

func newTable(id ledger.TableID, blocks ...block) *table {
	t := &table{id: id, starts: make([]int64, 1, len(blocks)+1)}
	for _, b := range blocks {
		if b.rows > 0 {
			t.blocks = append(t.blocks, b)
			t.starts = append(t.starts, t.rows()+b.rows)
		}
	}
	return t
}

func (t *table) name() string { return ledger.Schema[t.id].Name }

func (t *table) rows() int64 { return t.starts[len(t.starts)-1] }

// find is the block that holds row i.
func (t *table) find(i int64) int {
	return sort.Search(len(t.blocks), func(k int) bool { return t.starts[k+1] > i })
}

// fill makes row i in order of time.
func (t *table) fill(i int64, r *row) {
	k := t.find(i)
	t.blocks[k].fill(i-t.starts[k], r)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// perRound makes one block for each round.
func (w *world) perRound(rows func(r int64) int64, fill func(r, i int64, out *row)) []block {
	blocks := make([]block, 0, w.rounds)
	for r := range w.rounds {
		blocks = append(blocks, block{rows(r), func(i int64, out *row) { fill(r, i, out) }})
	}
	return blocks
}

// tables lists all tables in the order of the format.
func (w *world) tables() []*table {
	ts := make([]*table, ledger.NumTables)
	for _, t := range []*table{
		w.collectivesTable(), w.trustTable(), w.productTypesTable(), w.elementsTable(), w.elementPartsTable(), w.mopsTable(),
		w.mopTransfersTable(), w.collectivizationsTable(), w.productionsTable(), w.workloadsTable(), w.consumptionsTable(),
		w.allocationsTable(), w.outputsTable(), w.transfersTable(), w.dispatchesTable(), w.writeOffsTable(),
		w.recoveriesTable(), w.revisionsTable(), w.claimsTable(), w.appropriationsTable(), w.ordersTable(),
		w.rejectionsTable(), w.estimationsTable(), w.citizensTable(),
	} {
		ts[t.id] = t
	}
	return ts
}
