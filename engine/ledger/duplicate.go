package ledger

import (
	"cmp"
	"slices"

	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// sort puts the rows of a table in order of their primary id and drops duplicates.
func (b *builder) sort(t TableID) error {
	def, tab := &Schema[t], &b.raw.Tables[t]
	if len(def.Key) == 1 {
		col := &tab.Cols[def.Key[0]]
		b.rows[t] = sortRows(b.threads, b.scratch, col.Domain, col.Keys, b.rows[t])
		return b.dedupe(t, func(x, y int) bool { return col.Keys.At(x) == col.Keys.At(y) })
	}
	compare := b.compound(t)
	order := b.rows[t]
	if order == nil {
		order = identity(b.scratch, tab.Rows)
	}
	less := func(x, y int32) int { return cmp.Or(compare(int(x), int(y)), cmp.Compare(x, y)) }
	if !slices.IsSortedFunc(order, less) {
		slices.SortFunc(order, less)
		b.rows[t] = order
	} else if b.rows[t] == nil {
		spill.Free(b.scratch, order)
	}
	return b.dedupe(t, func(x, y int) bool { return compare(x, y) == 0 })
}

// compound compares rows by a compound primary id; trust by the unordered pair with since.
func (b *builder) compound(t TableID) func(x, y int) int {
	def, cols := &Schema[t], b.raw.Tables[t].Cols
	if t == TTrust {
		d := cols[0].Domain
		pair := func(r int) (Key, Key) {
			p, q := cols[0].Keys.At(r), cols[1].Keys.At(r)
			if d.Compare(p, q) > 0 {
				p, q = q, p
			}
			return p, q
		}
		return func(x, y int) int {
			px, qx := pair(x)
			py, qy := pair(y)
			return cmp.Or(d.Compare(px, py), d.Compare(qx, qy), cmp.Compare(cols[2].Int[x], cols[2].Int[y]))
		}
	}
	return func(x, y int) int {
		for _, c := range def.Key {
			var order int
			if def.Columns[c].Kind == KindID {
				order = cols[c].Domain.Compare(cols[c].Keys.At(x), cols[c].Keys.At(y))
			} else {
				order = cmp.Compare(cols[c].Int[x], cols[c].Int[y])
			}
			if order != 0 {
				return order
			}
		}
		return 0
	}
}

// dedupe keeps, of neighbouring rows with the same id, the one with the smallest text.
func (b *builder) dedupe(t TableID, same func(x, y int) bool) error {
	drop := newDropSet()
	twice, err := b.repeated(t, same)
	if err != nil {
		return err
	}
	for i := 0; i < len(twice); {
		group := []tableRow{{t, b.row(t, twice[i])}}
		for next := twice[i]; i < len(twice) && twice[i] == next; i++ {
			next++
			group = append(group, tableRow{t, b.row(t, next)})
		}
		b.dropDuplicates(group, func(r tableRow) { drop.add(r.row) })
	}
	b.drop(t, drop)
	return nil
}

// repeated gives the positions of rows that are the same as the next one, ascending.
func (b *builder) repeated(t TableID, same func(x, y int) bool) ([]int, error) {
	last := b.count(t) - 1
	pieces := shard.Ranges(last, shard.Pieces(last, checkRows))
	return shard.Concat(b.ctx, b.threads, len(pieces), func(i int) (twice []int, _ error) {
		for at := pieces[i][0]; at < pieces[i][1]; at++ {
			if same(b.row(t, at), b.row(t, at+1)) {
				twice = append(twice, at)
			}
		}
		return twice, nil
	})
}

type tableRow struct {
	table TableID
	row   int
}

// dropDuplicates reports and drops all rows of a group with one id but that of the smallest text.
func (b *builder) dropDuplicates(group []tableRow, drop func(tableRow)) {
	texts := make([]string, len(group))
	best := 0
	for i, r := range group {
		texts[i] = b.rowText(r.table, r.row)
		if texts[i] < texts[best] {
			best = i
		}
	}
	for i, r := range group {
		if i != best {
			b.find(RuleDuplicate, r.table, r.row)
			drop(r)
		}
	}
}

// dropSet holds raw rows to drop from a table.
type dropSet map[int]struct{}

func newDropSet() dropSet { return dropSet{} }

func (s dropSet) add(row int) { s[row] = struct{}{} }

// drop removes rows from a table, keeping the order of the others.
func (b *builder) drop(t TableID, gone dropSet) {
	if len(gone) == 0 {
		return
	}
	n := b.count(t)
	kept := spill.Make[int32](b.scratch, n-len(gone))[:0]
	for at := range n {
		r := b.row(t, at)
		if _, ok := gone[r]; !ok {
			kept = append(kept, int32(r))
		}
	}
	spill.Free(b.scratch, b.rows[t])
	b.rows[t] = kept
}
