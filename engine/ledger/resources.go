package ledger

import (
	"maps"
	"math/bits"
	"slices"

	"planwerk/engine/spill"
)

// wallets makes the dictionary of wallets: one exists by being named.
func (b *builder) wallets() error {
	var columns []*Keys
	for t := range Schema {
		for c, cd := range Schema[t].Columns {
			if cd.Domain == DomWallet && b.raw.Tables[t].Rows > 0 {
				columns = append(columns, b.raw.Tables[t].Cols[c].Keys)
			}
		}
	}
	b.l.WalletIDs = b.unionIDs(b.raw.Domains[DomWallet], columns)
	b.lookups[DomWallet] = newLookup(b.scratch, b.l.WalletIDs)
	return nil
}

// unionIDs is the dictionary of all keys in some columns.
func (b *builder) unionIDs(d *Domain, columns []*Keys) *IDs {
	scratch := b.scratch.Sub()
	defer scratch.Close()
	texts := spill.Make[bool](scratch, d.Bound())
	ints := newIntSet(scratch, columns)
	for _, k := range columns {
		for r := range k.Len() {
			switch key := k.At(r); {
			case key >= 0:
				ints.add(key)
			case key != NullKey:
				texts[-1-key] = true
			}
		}
	}
	named := 0
	for _, used := range texts {
		if used {
			named++
		}
	}
	keys := ints.sorted(b.space, named)
	for i, used := range texts {
		if used {
			keys = append(keys, -1-int64(i))
		}
	}
	all := NewKeysIn(scratch, len(keys))
	all.Set(0, keys)
	if order := sortRows(b.threads, scratch, d, all, nil); order != nil {
		for i, r := range order {
			keys[i] = all.At(int(r))
		}
	}
	return b.newIDs(d, keys)
}

// intSet collects integers: in a bitmap where they are dense, else in a map.
type intSet struct {
	bits   []uint64
	sparse map[Key]struct{}
}

func newIntSet(space *spill.Space, columns []*Keys) *intSet {
	var most Key
	total := 0
	for _, k := range columns {
		total += k.Len()
		for r := range k.Len() {
			most = max(most, k.At(r))
		}
	}
	if most > 8*int64(total)+1024 {
		return &intSet{sparse: map[Key]struct{}{}}
	}
	return &intSet{bits: spill.Make[uint64](space, int(most/64+1))}
}

func (s *intSet) add(k Key) {
	if s.bits != nil {
		s.bits[k/64] |= 1 << (k % 64)
		return
	}
	s.sparse[k] = struct{}{}
}

// sorted lists the integers, with room for more keys behind them.
func (s *intSet) sorted(space *spill.Space, more int) []Key {
	if s.bits == nil {
		keys := spill.Make[Key](space, len(s.sparse)+more)[:0]
		keys = slices.AppendSeq(keys, maps.Keys(s.sparse))
		slices.Sort(keys)
		return keys
	}
	n := 0
	for _, word := range s.bits {
		n += bits.OnesCount64(word)
	}
	keys := spill.Make[Key](space, n+more)[:0]
	for i, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			keys = append(keys, int64(64*i+bits.TrailingZeros64(word)))
		}
	}
	return keys
}

// resources settles the tables that create resources: duplicates over all of them, what dangles, and their codes.
func (b *builder) resources() error {
	sorted := b.dedupeResources()
	for _, t := range resourceTables {
		if err := b.dropDangling(t, func(c int) bool { return t == TTransfers && c == 2 }); err != nil {
			return err
		}
	}
	b.nameResources(sorted)
	if b.dropTransfers() {
		b.nameResources(b.sortResources())
	}
	b.name(TTransfers)
	for _, t := range resourceTables {
		if err := b.encode(t); err != nil {
			return err
		}
	}
	b.unite()
	return nil
}

// creating is the column of a table that names the resource it creates.
func creating(t TableID) int {
	if t == TTransfers {
		return 3
	}
	return 0
}

// allResources gathers the ids of all resources, table after table.
func (b *builder) allResources() *Keys {
	n := 0
	for _, t := range resourceTables {
		n += b.count(t)
	}
	keys, at := NewKeysIn(b.scratch, n), 0
	batch := make([]Key, 0, 1024)
	for _, t := range resourceTables {
		col := b.raw.Tables[t].Cols[creating(t)].Keys
		for i := range b.count(t) {
			if batch = append(batch, col.At(b.row(t, i))); len(batch) == cap(batch) {
				keys.Set(at, batch)
				at, batch = at+len(batch), batch[:0]
			}
		}
	}
	keys.Set(at, batch)
	return keys
}

// resourceRow is the raw row behind the i-th of allResources.
func (b *builder) resourceRow(i int) tableRow {
	for _, t := range resourceTables {
		if i < b.count(t) {
			return tableRow{t, b.row(t, i)}
		}
		i -= b.count(t)
	}
	panic("ledger: no such resource")
}

// sortedKeys are ids and the order of their rows; nil is the order they are in.
type sortedKeys struct {
	keys  *Keys
	order []int32
}

func (s *sortedKeys) free(space *spill.Space) {
	spill.Free(space, s.order)
	s.keys.free()
}

func (b *builder) sortResources() *sortedKeys {
	keys := b.allResources()
	return &sortedKeys{keys, sortRows(b.threads, b.scratch, b.raw.Domains[DomResource], keys, nil)}
}

// dedupeResources drops doubled resources. It gives the ids of all as they were before.
func (b *builder) dedupeResources() *sortedKeys {
	sorted := b.sortResources()
	keys, order := sorted.keys, sorted.order
	if order == nil {
		order = identity(b.scratch, keys.Len())
		defer spill.Free(b.scratch, order)
	}
	drops := map[TableID]dropSet{}
	for _, t := range resourceTables {
		drops[t] = newDropSet()
	}
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && keys.At(int(order[to])) == keys.At(int(order[from])) {
			to++
		}
		if to-from > 1 {
			group := make([]tableRow, 0, to-from)
			for _, i := range order[from:to] {
				group = append(group, b.resourceRow(int(i)))
			}
			b.dropDuplicates(group, func(r tableRow) { drops[r.table].add(r.row) })
		}
		from = to
	}
	for _, t := range resourceTables {
		b.drop(t, drops[t])
	}
	return sorted
}

// nameResources makes the dictionary of the resources that are there now, from their ids as they were sorted if none has been
// dropped since.
func (b *builder) nameResources(sorted *sortedKeys) {
	left := 0
	for _, t := range resourceTables {
		left += b.count(t)
	}
	if left < sorted.keys.Len() {
		sorted.free(b.scratch)
		sorted = b.sortResources()
	}
	b.l.ResourceIDs = b.dictionary(b.raw.Domains[DomResource], sorted.keys, sorted.order)
	b.lookups[DomResource] = newLookup(b.scratch, b.l.ResourceIDs)
	sorted.free(b.scratch)
}

// dropTransfers reports and drops transfers of resources that are not there, and then those of what they would have
// created, until none is left; it reports whether it dropped any.
func (b *builder) dropTransfers() bool {
	cols, look, n := b.raw.Tables[TTransfers].Cols, b.lookups[DomResource], b.count(TTransfers)
	source := func(at int) int32 { return look.code(cols[2].Keys.At(b.row(TTransfers, at))) }
	var queue []int
	for at := range n {
		if source(at) < 0 {
			queue = append(queue, at)
		}
	}
	if len(queue) == 0 {
		return false
	}
	first, next := filled(b.scratch, look.ids.Len()), filled(b.scratch, n) // transfers by the resource they draw from, as linked lists
	for at := range n {
		if s := source(at); s >= 0 {
			first[s], next[at] = int32(at), first[s]
		}
	}
	drop := newDropSet()
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		r := b.row(TTransfers, at)
		b.find(RuleDangling, TTransfers, r)
		drop.add(r)
		for other := first[look.code(cols[3].Keys.At(r))]; other >= 0; other = next[other] {
			queue = append(queue, int(other))
		}
	}
	b.drop(TTransfers, drop)
	return true
}

// unite makes the table of all resources, with type and flag inherited along transfers.
func (b *builder) unite() {
	l, n := b.l, b.l.ResourceIDs.Len()
	r := &l.Resources
	s := b.space
	*r = Resources{N: n, Origin: spill.Make[TableID](s, n), Row: spill.Make[int32](s, n), Time: spill.Make[int64](s, n),
		Collective: spill.Make[int32](s, n), Type: filled(s, n), Common: spill.Make[uint8](s, n), Amount: spill.Make[int64](s, n)}
	for _, t := range resourceTables {
		tab := &l.tables[t]
		codes, times, amounts := tab.cols[creating(t)].codes, tab.cols[1].Int, b.ints(t, "amount")
		for row, code := range codes {
			r.Origin[code], r.Row[code], r.Time[code], r.Amount[code] = t, int32(row), times[row], amounts[row]
		}
	}
	common := b.flags(TProductTypes, "common")
	for _, t := range []TableID{TCollectivizations, TRecoveries, TOutputs} {
		owners, types := b.codes(t, "collective"), b.codes(t, "product_type")
		for row, code := range l.tables[t].cols[0].codes {
			r.Type[code] = types[row]
			if t != TOutputs {
				r.Collective[code], r.Common[code] = owners[row], common[types[row]]
			}
		}
	}
	owners, made, flags := b.codes(TProductions, "collective"), b.codes(TOutputs, "production"), b.flags(TOutputs, "common")
	for row, code := range l.tables[TOutputs].cols[0].codes {
		r.Collective[code], r.Common[code] = owners[made[row]], flags[row]
	}
	copyOwners(r.Collective, b.codes(TTransfers, "new_resource"), b.codes(TTransfers, "to"))
	r.inherit(b.scratch, b.codes(TTransfers, "resource"))
}

func copyOwners(owner, created, to []int32) {
	for row, code := range created {
		owner[code] = to[row]
	}
}

// inherit hands product type and flag down chains of transfers; source is the resource each transfer draws from.
func (r *Resources) inherit(scratch *spill.Space, source []int32) {
	const open, onPath, done = 0, 1, 2
	state := spill.Make[uint8](scratch, r.N)
	var path []int32
	for start := range r.N {
		path = path[:0]
		at := int32(start)
		for r.Origin[at] == TTransfers && state[at] == open {
			state[at] = onPath
			path = append(path, at)
			at = source[r.Row[at]]
		}
		kind, flag := r.Type[at], r.Common[at]
		if state[at] == onPath { // a ring has no root
			kind, flag = -1, 0
		}
		for _, p := range slices.Backward(path) {
			r.Type[p], r.Common[p], state[p] = kind, flag, done
		}
	}
}
