package ledger

import (
	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// table resolves the ids of one table whose required ids point into tables that are done: rows that dangle go, the
// others get codes.
func (b *builder) table(t TableID) error {
	if err := b.dropDangling(t, nil); err != nil {
		return err
	}
	b.name(t)
	return b.encode(t)
}

// dropDangling reports and drops rows with a required id that names nothing. skip excludes a column.
func (b *builder) dropDangling(t TableID, skip func(c int) bool) error {
	gone, err := b.dangling(t, func(c int) bool {
		cd := &Schema[t].Columns[c]
		return !cd.Optional && !b.isOwn(t, c) && (skip == nil || !skip(c))
	})
	if err != nil {
		return err
	}
	drop := newDropSet()
	for _, at := range gone {
		r := b.row(t, int(at))
		b.find(RuleDangling, t, r)
		drop.add(r)
	}
	b.drop(t, drop)
	return nil
}

// isOwn reports whether a column is the primary id of the table's rows, or an id private to the table.
func (b *builder) isOwn(t TableID, c int) bool {
	def := &Schema[t]
	return def.Columns[c].Domain == "" || def.Creates != "" && c == def.Key[0] || t == TTransfers && c == 3
}

// dangling gives the positions of rows in which one of the chosen id columns names nothing, in order.
func (b *builder) dangling(t TableID, choose func(c int) bool) ([]int32, error) {
	type column struct {
		keys *Keys
		look *lookup
	}
	var cols []column
	for c, cd := range Schema[t].Columns {
		if cd.Kind == KindID && cd.Domain != "" && choose(c) {
			cols = append(cols, column{b.raw.Tables[t].Cols[c].Keys, b.lookups[cd.Domain]})
		}
	}
	if len(cols) == 0 {
		return nil, nil
	}
	n := b.count(t)
	pieces := shard.Ranges(n, shard.Pieces(n, checkRows))
	found := make([][]int32, len(pieces))
	err := shard.Run(b.ctx, b.threads, len(pieces), func(i int) error {
		for at := pieces[i][0]; at < pieces[i][1]; at++ {
			r := b.row(t, at)
			for _, col := range cols {
				if k := col.keys.At(r); k != NullKey && col.look.code(k) < 0 {
					found[i] = append(found[i], int32(at))
					break
				}
			}
		}
		return nil
	})
	var all []int32
	for _, f := range found {
		all = append(all, f...)
	}
	return all, err
}

// name makes the dictionary of a table's primary ids, and enters it if others point into it.
func (b *builder) name(t TableID) {
	def := &Schema[t]
	if len(def.Key) != 1 || def.Creates == DomResource || t == TCitizens {
		return
	}
	col := &b.raw.Tables[t].Cols[def.Key[0]]
	ids := b.dictionary(col.Domain, col.Keys, b.rows[t])
	b.l.IDs[t] = ids
	if def.Creates != "" {
		b.lookups[def.Creates] = newLookup(b.scratch, ids)
	}
}

// dictionary makes IDs of a column's keys, which are in order and different.
func (b *builder) dictionary(d *Domain, k *Keys, rows []int32) *IDs {
	n := len(rows)
	at := func(i int) Key { return k.At(int(rows[i])) }
	if rows == nil {
		n, at = k.Len(), k.At
	}
	if n > 0 && at(0) >= 0 && at(n-1)-at(0) == int64(n-1) && d.Compare(at(0), at(n-1)) <= 0 && allInts(n, at) {
		return &IDs{domain: d, base: at(0), n: n, ints: true}
	}
	keys := spill.Make[Key](b.space, n)
	b.each(n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			keys[i] = at(i)
		}
	})
	return b.newIDs(d, keys)
}

// newIDs is newIDs of keys in the ledger's space, which go back when the ids are contiguous integers.
func (b *builder) newIDs(d *Domain, keys []Key) *IDs {
	ids := newIDs(d, keys)
	if ids.keys == nil {
		spill.Free(b.space, keys)
	}
	return ids
}

func allInts(n int, at func(int) Key) bool {
	for i := range n {
		if at(i) < 0 {
			return false
		}
	}
	return true
}

// encode turns a table's columns into clean ones: rows in order, ids as codes. The raw columns are given up.
func (b *builder) encode(t TableID) error {
	def, raw := &Schema[t], &b.raw.Tables[t]
	overrides, err := b.nullDangling(t)
	if err != nil {
		return err
	}
	clean := &b.l.tables[t]
	clean.rows, clean.cols = b.count(t), make([]cleanColumn, len(def.Columns))
	for c := range def.Columns {
		out := &clean.cols[c]
		out.RawColumn = raw.Cols[c]
		out.Keys, out.Domain = nil, nil
		if def.Columns[c].Kind != KindID {
			b.gather(&out.RawColumn, def.Columns[c].Kind, b.rows[t])
		} else if err := b.encodeIDs(t, c, out); err != nil {
			return err
		}
		out.dangling = overrides[c]
		raw.Cols[c] = RawColumn{}
	}
	spill.Free(b.scratch, b.rows[t])
	raw.Rows, b.rows[t] = 0, nil
	return nil
}

// nullDangling reports rows with optional ids that name nothing, unless the tables they point into are not in the
// export, and gives what those ids named, by column and position.
func (b *builder) nullDangling(t TableID) ([]map[int32]Key, error) {
	def, raw := &Schema[t], &b.raw.Tables[t]
	overrides := make([]map[int32]Key, len(def.Columns))
	optional := func(c int) bool { return def.Columns[c].Optional && !raw.Cols[c].Absent }
	positions, err := b.dangling(t, optional)
	for _, at := range positions {
		r, report := b.row(t, int(at)), false
		for c, cd := range def.Columns {
			if cd.Kind != KindID || cd.Domain == "" || !optional(c) {
				continue
			}
			if k := raw.Cols[c].Keys.At(r); k != NullKey && b.lookups[cd.Domain].code(k) < 0 {
				if overrides[c] == nil {
					overrides[c] = map[int32]Key{}
				}
				overrides[c][at] = k
				report = report || b.inExport(cd.Domain)
			}
		}
		if report {
			b.find(RuleDangling, t, r)
		}
	}
	return overrides, err
}

// inExport reports whether a table that creates ids of the domain is in the export.
func (b *builder) inExport(domain string) bool {
	for t := range Schema {
		if b.raw.Tables[t].Present && (Schema[t].Creates == domain || domain == DomResource && TableID(t) == TTransfers) {
			return true
		}
	}
	return false
}

// encodeIDs gives an id column its codes, in place where the rows are as they were.
func (b *builder) encodeIDs(t TableID, c int, out *cleanColumn) error {
	cd, keys := &Schema[t].Columns[c], b.raw.Tables[t].Cols[c].Keys
	if cd.Domain == "" {
		if out.ids = b.l.IDs[t]; c != 0 || out.ids == nil {
			out.ids, out.codes = b.privateIDs(t, c)
		}
		keys.free()
		return nil
	}
	look := b.lookups[cd.Domain]
	out.ids = look.ids
	if b.l.IDs[t] == look.ids && c == 0 {
		keys.free()
		return nil
	}
	rows, n := b.rows[t], b.count(t)
	codes := keys.narrow
	if rows != nil || keys.wide != nil {
		codes = spill.Make[int32](b.space, n)
	}
	pieces := shard.Ranges(n, shard.Pieces(n, checkRows))
	err := shard.Run(b.ctx, b.threads, len(pieces), func(i int) error {
		for at := pieces[i][0]; at < pieces[i][1]; at++ {
			codes[at] = look.code(keys.At(b.row(t, at)))
		}
		return nil
	})
	if out.codes = codes; rows != nil || keys.wide != nil {
		keys.free()
	}
	return err
}

// privateIDs makes a dictionary for an id column that is private to its table but not its primary id.
func (b *builder) privateIDs(t TableID, c int) (*IDs, []int32) {
	col := &b.raw.Tables[t].Cols[c]
	n := b.count(t)
	ids := b.unionIDs(col.Domain, []*Keys{col.Keys})
	look, codes := newLookup(b.scratch, ids), spill.Make[int32](b.space, n)
	for at := range codes {
		codes[at] = look.code(col.Keys.At(b.row(t, at)))
	}
	return ids, codes
}

// gather puts a column's cells in the order of rows.
func (b *builder) gather(col *RawColumn, kind Kind, rows []int32) {
	if rows == nil || col.Absent {
		return
	}
	switch kind {
	case KindFlag:
		col.Flag = gathered(b, col.Flag, rows)
	case KindWide:
		col.Wide = gathered(b, col.Wide, rows)
	case KindText:
		if len(col.Text.Offsets) == 0 {
			return
		}
		var text TextColumn
		text.Offsets = make([]int64, 1, len(rows)+1)
		for _, r := range rows {
			text.Append(col.Text.Data[col.Text.Offsets[r]:col.Text.Offsets[r+1]])
		}
		col.Text = text
	default:
		col.Int = gathered(b, col.Int, rows)
	}
}

// gathered gives cells in the order of rows, and the column they come from back.
func gathered[T any](b *builder, from []T, rows []int32) []T {
	out := spill.Make[T](b.space, len(rows))
	b.each(len(rows), func(lo, hi int) {
		for i, r := range rows[lo:hi] {
			out[lo+i] = from[r]
		}
	})
	spill.Free(b.space, from)
	return out
}

// each does f on pieces of 0 … n−1, on the threads there are.
func (b *builder) each(n int, f func(lo, hi int)) {
	(&chunkSort{threads: b.threads}).fill(n, f)
}
