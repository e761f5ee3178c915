package reference

import (
	"math/big"
	"slices"
)

// production is a production cycle: §3.
type production struct {
	id           string
	row          *row
	outputs      []*row // in canonical order
	workloads    []*row
	consumptions []*row
	allocations  []*row
	ended        bool
	end          int64 // time of the earliest output, where there is one
	circular     bool  // on a production cycle
}

func byTime(c string) func(a, b *row) int {
	return func(a, b *row) int {
		if a.at(c) != b.at(c) {
			return cmpInt(a.at(c), b.at(c))
		}
		return compareIDs(a.key(), b.key())
	}
}

// openProductions collects what belongs to each production, and finds its end.
func (b *book) openProductions() {
	b.production = map[string]*production{}
	for _, r := range b.rows["productions"] {
		b.production[r.id("production")] = &production{id: r.id("production"), row: r}
	}
	of := func(r *row) *production { return b.production[r.id("production")] }
	for _, r := range b.rows["workloads"] {
		of(r).workloads = append(of(r).workloads, r)
	}
	for _, r := range b.rows["consumptions"] {
		of(r).consumptions = append(of(r).consumptions, r)
	}
	for _, r := range b.rows["mop_allocations"] {
		of(r).allocations = append(of(r).allocations, r)
	}
	for _, r := range b.rows["outputs"] {
		of(r).outputs = append(of(r).outputs, r)
	}
	for _, p := range b.production {
		slices.SortFunc(p.outputs, byTime("time"))
		if len(p.outputs) > 0 {
			p.ended, p.end = true, p.outputs[0].at("time")
		}
	}
}

// after says whether a time is after the production's end.
func (p *production) after(t int64) bool { return p.ended && t > p.end }

// roots are the productions whose outputs p consumes, in counted draws of more than nothing.
func (b *book) roots(p *production) []string {
	var ids []string
	for _, r := range p.consumptions {
		d := b.draws[r]
		if p.after(d.time) || d.taken.Sign() == 0 {
			continue
		}
		s := d.from
		for s.source != nil { // a positive amount came through transfers of positive amounts only
			s = s.source
		}
		if s.row.table.name == "outputs" {
			ids = append(ids, s.row.id("production"))
		}
	}
	slices.SortFunc(ids, compareIDs)
	return slices.Compact(ids)
}

// findCircular marks and reports the productions on a cycle.
func (b *book) findCircular() {
	next := map[string][]string{}
	for id, p := range b.production {
		next[id] = b.roots(p)
	}
	below := map[string]map[string]bool{}
	for id := range b.production {
		below[id] = reachable(id, func(id string) []string { return next[id] })
	}
	for _, r := range b.rows["productions"] {
		id := r.id("production")
		if !below[id][id] {
			continue
		}
		b.production[id].circular = true
		text := cycleText(id, func(id string) string {
			for _, other := range next[id] {
				if below[other][id] {
					return other
				}
			}
			panic("reference: no way on from production " + id)
		})
		b.violations = append(b.violations, violation{"production-cycle", r, text})
	}
}

// weights are what the outputs share V(p) by, or nil if they cannot: declared values, else amounts of one product type.
func (b *book) weights(p *production) []*big.Int {
	var declared, amounts []*big.Int
	sum := new(big.Int)
	single := true
	for _, r := range p.outputs {
		v := new(big.Int)
		if r.has("value") {
			v = r.num("value")
		}
		declared = append(declared, v)
		amounts = append(amounts, r.num("amount"))
		sum.Add(sum, v)
		single = single && r.id("product_type") == p.outputs[0].id("product_type")
	}
	switch {
	case sum.Sign() > 0:
		return declared
	case single:
		return amounts
	}
	return nil
}

// outputShares are the values of the outputs of a production that has valued ones.
func (b *book) outputShares(p *production) []*big.Int {
	q := b.weights(p)
	return cascade(b.input(p), q, total(q))
}

func total(q []*big.Int) *big.Int {
	sum := new(big.Int)
	for _, v := range q {
		sum.Add(sum, v)
	}
	return sum
}

// work, consumed and transferred are the parts of V(p), each without what comes after its end.
func (b *book) work(p *production) *big.Int {
	sum := new(big.Int)
	for _, r := range p.workloads {
		if !p.after(r.at("time")) {
			sum.Add(sum, r.num("minutes"))
		}
	}
	return sum
}

func (b *book) consumed(p *production) *big.Int {
	sum := new(big.Int)
	for _, r := range p.consumptions {
		if !p.after(r.at("time")) {
			sum.Add(sum, b.drawn(b.draws[r]))
		}
	}
	return sum
}

func (b *book) transferred(p *production) *big.Int {
	sum := new(big.Int)
	for _, r := range p.allocations {
		sum.Add(sum, b.uses[r].value)
	}
	return sum
}

// input is V(p).
func (b *book) input(p *production) *big.Int {
	if b.inputs[p] == nil {
		b.inputs[p] = total([]*big.Int{b.work(p), b.consumed(p), b.transferred(p)})
	}
	return b.inputs[p]
}

// declared is the sum of the declared values of the outputs: nil if none is declared; all says that every output is.
func (p *production) declared() (sum *big.Int, all bool) {
	all = len(p.outputs) > 0
	for _, r := range p.outputs {
		if !r.has("value") {
			all = false
			continue
		}
		if sum == nil {
			sum = new(big.Int)
		}
		sum = new(big.Int).Add(sum, r.num("value"))
	}
	return sum, all
}

// difference is declared − V(p) where all outputs are declared, else nil.
func (b *book) difference(p *production) *big.Int {
	sum, all := p.declared()
	if !all {
		return nil
	}
	return new(big.Int).Sub(sum, b.input(p))
}

// checkProductions reports after-output, output-time and output-value.
func (b *book) checkProductions() {
	for _, p := range b.production {
		for _, r := range slices.Concat(p.workloads, p.consumptions) {
			if p.after(r.at("time")) {
				b.report("after-output", r)
			}
		}
		for _, r := range p.allocations {
			if p.after(r.at("start")) {
				b.report("after-output", r)
			}
		}
		difference := b.difference(p)
		for _, r := range p.outputs {
			if r.at("time") != p.end {
				b.report("output-time", r)
			}
			if b.weights(p) == nil || difference != nil && difference.Sign() != 0 {
				b.report("output-value", r)
			}
		}
	}
}
