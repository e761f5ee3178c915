package reference

import (
	"math/big"
	"slices"
)

// resource is an amount of one product type with one owner: §3.
type resource struct {
	id      string
	row     *row // what creates it
	time    int64
	owner   string
	source  *resource // of a transferred one
	late    bool      // created by a time-order transfer: amount 0, value 0
	draws   []*draw   // in canonical order
	amount  *big.Int  // nil until settled
	product string    // product type, "" if there is none
	common  bool
}

// draw is what a row takes from a resource.
type draw struct {
	row   *row
	from  *resource
	rank  int
	time  int64
	asked *big.Int // nil: all that is left
	late  bool     // time-order: takes nothing
	taken *big.Int
	value *big.Int // its cascade share; 0 where the resource is unvalued
}

// openResources collects resources and their draws, and settles all amounts.
func (b *book) openResources() {
	b.resources = map[string]*resource{}
	for _, rt := range resourceTables {
		for _, r := range b.rows[rt.table] {
			id := r.id(rt.column)
			b.resources[id] = &resource{id: id, row: r, time: r.at("time"), owner: b.creator(r)}
		}
	}
	for _, r := range b.rows["transfers"] {
		b.resources[r.id("new_resource")].source = b.resources[r.id("resource")]
	}
	b.collectDraws()
	b.findLateTransfers()
	for _, s := range b.resources {
		s.product, s.common = b.nature(s)
		b.settle(s)
	}
}

// creator is the collective that owns what a row creates.
func (b *book) creator(r *row) string {
	switch r.table.name {
	case "outputs":
		return b.production[r.id("production")].row.id("collective")
	case "transfers":
		return r.id("to")
	}
	return r.id("collective")
}

// nature is the product type and the common flag of a resource, inherited along transfers.
func (b *book) nature(s *resource) (product string, common bool) {
	seen := map[*resource]bool{}
	for s.source != nil {
		if seen[s] {
			return "", false // a ring of transfers
		}
		seen[s] = true
		s = s.source
	}
	product = s.row.id("product_type")
	if s.row.table.name == "outputs" {
		return product, s.row.flag("common")
	}
	return product, b.commonType[product]
}

// collectDraws lists who draws from what: consumptions, transfers, dispatches, write-offs, commissionings.
func (b *book) collectDraws() {
	b.draws = map[*row]*draw{}
	for rank, t := range []string{"consumptions", "transfers", "dispatches", "write_offs", "mops"} {
		for _, r := range b.rows[t] {
			if !r.has("resource") || b.leftOut[r] {
				continue
			}
			when := "time"
			if t == "mops" {
				when = "commissioned"
			}
			from := b.resources[r.id("resource")]
			d := &draw{row: r, from: from, rank: rank, time: r.at(when), asked: r.num("amount")}
			d.late = d.time < from.time
			from.draws = append(from.draws, d)
			b.draws[r] = d
		}
	}
	for _, s := range b.resources {
		slices.SortFunc(s.draws, compareDraws)
	}
}

func compareDraws(a, b *draw) int {
	switch {
	case a.time != b.time:
		return cmpInt(a.time, b.time)
	case a.rank != b.rank:
		return a.rank - b.rank
	}
	return compareIDs(a.row.key(), b.row.key())
}

func cmpInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// findLateTransfers marks what transfers before their resource exists and transfers in a ring create.
func (b *book) findLateTransfers() {
	for _, r := range b.rows["transfers"] {
		b.resources[r.id("new_resource")].late = b.draws[r].late
	}
	var ring []*row
	for _, r := range b.rows["transfers"] {
		made := b.resources[r.id("new_resource")]
		seen := map[*resource]bool{}
		s := made
		for s != nil && !s.late && s.source != nil && !seen[s] {
			seen[s] = true
			s = s.source
		}
		if s == made && seen[made] {
			ring = append(ring, r)
		}
	}
	for _, r := range ring {
		b.resources[r.id("new_resource")].late = true
		b.draws[r].late = true
	}
}

// settle finds the amount of a resource and what each draw takes of it.
func (b *book) settle(s *resource) {
	if s.amount != nil {
		return
	}
	switch {
	case s.late:
		s.amount = new(big.Int)
	case s.source != nil:
		b.settle(s.source)
		s.amount = b.draws[s.row].taken
	default:
		s.amount = s.row.num("amount")
	}
	left := new(big.Int).Set(s.amount)
	for _, d := range s.draws {
		switch {
		case d.late:
			d.taken = new(big.Int)
			b.report("time-order", d.row)
		case d.asked == nil:
			d.taken = new(big.Int).Set(left)
		case d.asked.Cmp(left) > 0:
			d.taken = new(big.Int).Set(left)
			b.report("overdraw", d.row)
		default:
			d.taken = new(big.Int).Set(d.asked)
		}
		left.Sub(left, d.taken)
	}
}

// remainingAmount is what all draws leave.
func (s *resource) remainingAmount() *big.Int {
	left := new(big.Int).Set(s.amount)
	for _, d := range s.draws {
		left.Sub(left, d.taken)
	}
	return left
}

// unvalued says whether the value of a resource is null.
func (b *book) unvalued(s *resource) bool {
	switch {
	case s.late:
		return false
	case s.source != nil:
		return b.unvalued(s.source)
	case s.row.table.name == "outputs":
		p := b.production[s.row.id("production")]
		return p.circular || b.weights(p) == nil
	}
	return false
}

// value is the value of a resource, 0 for an unvalued one.
func (b *book) value(s *resource) *big.Int {
	if b.values[s] == nil {
		b.values[s] = b.findValue(s)
	}
	return b.values[s]
}

func (b *book) findValue(s *resource) *big.Int {
	switch {
	case s.amount.Sign() == 0 || b.unvalued(s):
		return new(big.Int)
	case s.source != nil:
		return b.drawn(b.draws[s.row])
	case s.row.table.name == "outputs":
		p := b.production[s.row.id("production")]
		shares := b.outputShares(p)
		return shares[slices.Index(p.outputs, s.row)]
	}
	return new(big.Int) // collectivized and recovered: out of thin air
}

// drawn is the value of a draw.
func (b *book) drawn(d *draw) *big.Int {
	if d.taken.Sign() == 0 {
		return new(big.Int)
	}
	if d.value == nil {
		var q []*big.Int
		for _, other := range d.from.draws {
			q = append(q, other.taken)
		}
		for i, share := range cascade(b.value(d.from), q, d.from.amount) {
			d.from.draws[i].value = share
		}
	}
	return d.value
}

// remainingValue is the value that all draws leave.
func (b *book) remainingValue(s *resource) *big.Int {
	left := new(big.Int).Set(b.value(s))
	for _, d := range s.draws {
		left.Sub(left, b.drawn(d))
	}
	return left
}
