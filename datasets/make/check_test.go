package synth

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"planwerk/engine/ledger"
)

// checker finds broken rules of MODEL.md §10 by plain maps and a walk through time. It knows nothing of how the generator
// works. It is exact for ledgers without violations; in others it finds each rule, but not always each row.
type checker struct {
	rows  [ledger.NumTables][]row
	found map[string]int
	note  map[string]string // the first row per rule

	res      map[int64]*resource
	prod     map[int64]*made
	machines map[int64]*machine
	drawn    map[[2]int64]int64 // value drawn by a row: table and id
}

type resource struct {
	time, owner, amount, left, value int64
	common                           bool
}

type made struct {
	collective, end, value int64
	common                 bool
	outputs                []row
}

type machine struct {
	owner, commissioned, ended int64
	common                     bool
	value                      int64
	profile                    map[int64]int64
	durable                    bool
}

func load(w *world) *checker {
	c := &checker{found: map[string]int{}, note: map[string]string{}}
	for _, t := range w.tables() {
		for i := range t.rows() {
			var r row
			t.fill(i, &r)
			if w.cfg.Violations > 0 {
				w.plant(t, i, &r)
			}
			c.rows[t.id] = append(c.rows[t.id], r)
		}
	}
	return c
}

func (c *checker) report(rule string, t ledger.TableID, r row) {
	if c.found[rule]++; c.found[rule] == 1 {
		c.note[rule] = fmt.Sprint(ledger.Schema[t].Name, " ", r[:len(ledger.Schema[t].Columns)])
	}
}

// check runs all checks in the order of the model.
func (c *checker) check() {
	c.keep("bad-value", c.badValue)
	c.duplicates()
	for again := true; again; {
		again = c.dangling()
	}
	c.elements()
	c.walk()
	c.labels()
	c.trade()
	c.overlaps()
	c.claims()
}

func (c *checker) keep(rule string, bad func(t ledger.TableID, r *row) bool) bool {
	any := false
	for t := range ledger.NumTables {
		c.rows[t] = slices.DeleteFunc(c.rows[t], func(r row) bool {
			b := bad(t, &r)
			if b {
				c.report(rule, t, r)
			}
			any = any || b
			return b
		})
	}
	return any
}

func (c *checker) badValue(t ledger.TableID, r *row) bool {
	for i, d := range ledger.Schema[t].Columns {
		x := r[i]
		if x == null {
			if !d.Optional {
				return true
			}
			continue
		}
		if d.Kind == ledger.KindAmount && x <= 0 || d.Kind == ledger.KindMinutes && x < 0 {
			return true
		}
		if d.Kind == ledger.KindValue && x < 0 && t != ledger.TWriteOffs && t != ledger.TValueEstimations {
			return true
		}
	}
	return false
}

func (c *checker) duplicates() {
	seen := map[string]bool{}
	c.keep("duplicate-id", func(t ledger.TableID, r *row) bool {
		def := &ledger.Schema[t]
		key := def.Name
		if def.Creates == ledger.DomResource {
			key = def.Creates
		}
		for _, k := range def.Key {
			key += fmt.Sprint("/", r[k])
		}
		dup := seen[key]
		seen[key] = true
		if t == ledger.TTransfers {
			id := fmt.Sprint(ledger.DomResource, "/", r[3])
			dup = dup || seen[id]
			seen[id] = true
		}
		return dup
	})
}

func (c *checker) dangling() bool {
	ids := map[string]map[int64]bool{}
	add := func(domain string, id int64) {
		if ids[domain] == nil {
			ids[domain] = map[int64]bool{}
		}
		ids[domain][id] = true
	}
	for t := range ledger.NumTables {
		for _, r := range c.rows[t] {
			add(ledger.Schema[t].Creates, r[0])
			if t == ledger.TTransfers {
				add(ledger.DomResource, r[3])
			}
		}
	}
	return c.keep("dangling-reference", func(t ledger.TableID, r *row) bool {
		for i, d := range ledger.Schema[t].Columns {
			if d.Kind == ledger.KindID && d.Domain != "" && d.Domain != ledger.DomWallet && r[i] != null && !ids[d.Domain][r[i]] {
				if !d.Optional {
					return true
				}
				c.report("dangling-reference", t, *r)
				r[i] = null
			}
		}
		return false
	})
}

// elements finds cycles and values machines.
func (c *checker) elements() {
	parts := map[int64][]int64{}
	for _, r := range c.rows[ledger.TElementParts] {
		parts[r[0]] = append(parts[r[0]], r[1])
	}
	own := map[int64][2]int64{}
	for _, r := range c.rows[ledger.TElements] {
		own[r[0]] = [2]int64{r[2], r[3]}
	}
	state, dur := map[int64]int{}, map[int64]int64{}
	var visit func(e int64) int64
	visit = func(e int64) int64 {
		if state[e] == 1 {
			c.report("element-cycle", ledger.TElements, row{e})
			return null
		}
		if state[e] == 2 {
			return dur[e]
		}
		state[e] = 1
		d := own[e][1]
		for i, p := range parts[e] {
			if pd := visit(p); i == 0 || pd < d { // null is the smallest integer
				d = pd
			}
		}
		state[e], dur[e] = 2, d
		return d
	}
	for _, r := range c.rows[ledger.TElements] {
		visit(r[0])
	}
	c.machines = map[int64]*machine{}
	for _, r := range c.rows[ledger.TMoPs] {
		m := &machine{owner: r[2], commissioned: r[3], ended: 1 << 62, common: r[4] == 1, profile: map[int64]int64{}, durable: true}
		seen := map[int64]bool{r[1]: true}
		for queue := []int64{r[1]}; len(queue) > 0; queue = queue[1:] {
			e := queue[0]
			m.value += own[e][0]
			m.profile[dur[e]] += own[e][0]
			m.durable = m.durable && dur[e] != null
			for _, p := range parts[e] {
				if !seen[p] {
					seen[p] = true
					queue = append(queue, p)
				}
			}
		}
		c.machines[r[0]] = m
	}
}

// transferred is T at a time, by big integers.
func (m *machine) transferred(t int64) int64 {
	age := max(0, (t-m.commissioned)/60_000_000)
	var sum int64
	for d, v := range m.profile {
		sum += quo(v, min(age, d), d)
	}
	return sum
}

func quo(v, q, d int64) int64 {
	x := new(big.Int).Mul(big.NewInt(v), big.NewInt(q))
	return x.Div(x, big.NewInt(d)).Int64()
}

// labels: separation, collective-mismatch, not-c2i.
func (c *checker) labels() {
	for _, r := range c.rows[ledger.TWorkloads] {
		p := c.prod[r[2]]
		if p.collective != r[3] {
			c.report("collective-mismatch", ledger.TWorkloads, r)
		}
		if p.common != (r[6] == 1) {
			c.report("separation", ledger.TWorkloads, r)
		}
	}
	for _, r := range c.rows[ledger.TConsumptions] {
		if p := c.prod[r[2]]; p.common != (r[5] == 1) || c.res[r[3]] == nil || c.res[r[3]].common != p.common {
			c.report("separation", ledger.TConsumptions, r)
		}
	}
	for _, r := range c.rows[ledger.TOutputs] {
		if c.prod[r[2]].common != (r[6] == 1) {
			c.report("separation", ledger.TOutputs, r)
		}
	}
	for _, r := range c.rows[ledger.TMoPAllocations] {
		p, m := c.prod[r[1]], c.machines[r[2]]
		if p.common != (r[5] == 1) || p.common && !m.common && r[6] == 0 {
			c.report("separation", ledger.TMoPAllocations, r)
		}
	}
	c2i := map[int64]bool{}
	for _, r := range c.rows[ledger.TCollectives] {
		c2i[r[0]] = r[1] == 1
	}
	for _, r := range c.rows[ledger.TDispatches] {
		if !c2i[r[2]] {
			c.report("not-c2i", ledger.TDispatches, r)
		}
	}
	for _, r := range c.rows[ledger.TAppropriations] {
		if !c2i[r[3]] {
			c.report("not-c2i", ledger.TAppropriations, r)
		}
	}
}

// trade: strong trust between the two sides at the time of the row.
func (c *checker) trade() {
	type pair [2]int64
	edges := map[pair][]row{}
	for _, r := range c.rows[ledger.TTrust] {
		p := pair{min(r[0], r[1]), max(r[0], r[1])}
		edges[p] = append(edges[p], r)
	}
	test := func(t ledger.TableID, from, to int) {
		for _, r := range c.rows[t] {
			a, b := min(r[from], r[to]), max(r[from], r[to])
			if a != b && !slices.ContainsFunc(edges[pair{a, b}], func(e row) bool { return e[2] <= r[1] && (e[3] == null || e[3] > r[1]) }) {
				c.report("no-strong-trust", t, r)
			}
		}
	}
	test(ledger.TTransfers, 4, 5)
	test(ledger.TMoPTransfers, 3, 4)
	test(ledger.TOrders, 2, 3)
}

// overlaps: allocations of one machine one after another.
func (c *checker) overlaps() {
	by := map[int64][]row{}
	for _, r := range c.rows[ledger.TMoPAllocations] {
		if !c.machines[r[2]].durable {
			c.report("no-durability", ledger.TMoPAllocations, r)
		}
		by[r[2]] = append(by[r[2]], r)
	}
	for _, list := range by {
		slices.SortFunc(list, func(a, b row) int { return cmp.Or(cmp.Compare(a[3], b[3]), cmp.Compare(a[0], b[0])) })
		cursor := int64(null)
		for _, r := range list {
			end := c.naturalEnd(r)
			if end > r[3] && r[3] < cursor {
				c.report("mop-overlap", ledger.TMoPAllocations, r)
			}
			cursor = max(cursor, end)
		}
	}
}

func (c *checker) naturalEnd(r row) int64 {
	end := min(untilTime, c.prod[r[1]].end, c.machines[r[2]].ended)
	if r[4] != null {
		end = min(end, r[4])
	}
	return end
}
