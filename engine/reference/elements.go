package reference

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// element is a product element: §1.
type element struct {
	id         string
	row        *row
	value      *big.Int            // simple value v(t)
	parts      []string            // c(t), in order
	below      map[string]bool     // s(t)
	circular   bool                // on a cycle, or reaching one
	durability *big.Int            // d(t), nil for null
	aggregate  *big.Int            // v*(t), nil for null
	profile    map[string]*big.Int // durability as text to the value of all elements that have it; nil if a durability is null
}

// compose builds all elements of a ledger.
func compose(l *ledger) map[string]*element {
	all := map[string]*element{}
	for _, r := range l.rows["elements"] {
		all[r.id("element")] = &element{id: r.id("element"), row: r, value: r.num("value")}
	}
	for _, r := range l.rows["element_parts"] {
		e := all[r.id("element")]
		e.parts = append(e.parts, r.id("part"))
	}
	for _, e := range all {
		slices.SortFunc(e.parts, compareIDs)
		e.below = reachable(e.id, func(id string) []string { return all[id].parts })
	}
	for _, e := range all {
		e.circular = e.below[e.id]
		for u := range e.below {
			e.circular = e.circular || all[u].below[u]
		}
	}
	for _, e := range all {
		if !e.circular {
			e.durability = durability(e, all)
			e.aggregate = new(big.Int).Set(e.value)
			for u := range e.below {
				e.aggregate.Add(e.aggregate, all[u].value)
			}
		}
	}
	for _, e := range all {
		e.profile = profile(e, all)
	}
	return all
}

// reachable gives what can be reached from start by at least one step.
func reachable(start string, next func(string) []string) map[string]bool {
	seen := map[string]bool{}
	todo := slices.Clone(next(start))
	for len(todo) > 0 {
		id := todo[0]
		todo = todo[1:]
		if !seen[id] {
			seen[id] = true
			todo = append(todo, next(id)...)
		}
	}
	return seen
}

// durability is d(t) of an element that reaches no cycle ([S] eq. 3).
func durability(e *element, all map[string]*element) *big.Int {
	if len(e.parts) == 0 {
		return e.row.num("durability")
	}
	var least *big.Int
	for _, part := range e.parts {
		d := durability(all[part], all)
		if d == nil {
			return nil
		}
		if least == nil || d.Cmp(least) < 0 {
			least = d
		}
	}
	return least
}

func profile(e *element, all map[string]*element) map[string]*big.Int {
	if e.circular {
		return nil
	}
	classes := map[string]*big.Int{}
	ids := []string{e.id}
	for u := range e.below {
		ids = append(ids, u)
	}
	for _, u := range ids {
		d := all[u].durability
		if d == nil {
			return nil
		}
		sum := classes[d.String()]
		if sum == nil {
			sum = new(big.Int)
			classes[d.String()] = sum
		}
		sum.Add(sum, all[u].value)
	}
	return classes
}

// transferred is T(k): the value given up to an age of k minutes.
func (e *element) transferred(k *big.Int) *big.Int {
	sum := new(big.Int)
	for text, v := range e.profile {
		d, _ := new(big.Int).SetString(text, 10)
		switch {
		case d.Sign() == 0 && k.Sign() > 0:
			sum.Add(sum, v)
		case d.Sign() > 0:
			sum.Add(sum, mulDiv(v, least(k, d), d))
		}
	}
	return sum
}

// over is what the product gave beyond its estimate at an age of k minutes.
func (e *element) over(k *big.Int) *big.Int {
	sum := new(big.Int)
	for text, v := range e.profile {
		d, _ := new(big.Int).SetString(text, 10)
		if d.Sign() > 0 && d.Cmp(k) < 0 {
			sum.Add(sum, mulDiv(v, new(big.Int).Sub(k, d), d))
		}
	}
	return least(e.aggregate, sum)
}

// remaining is v* − T(k).
func (e *element) remaining(k *big.Int) *big.Int {
	return new(big.Int).Sub(e.aggregate, e.transferred(k))
}

func least(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// mulDiv is ⌊a·b/c⌋ for c > 0, toward −∞.
func mulDiv(a, b, c *big.Int) *big.Int {
	// Div is Euclidean, which for a positive divisor is the floor.
	return new(big.Int).Div(new(big.Int).Mul(a, b), c)
}

// cascade shares v over the parts q of the total a: §0. A total of 0 gives zeros.
func cascade(v *big.Int, q []*big.Int, a *big.Int) []*big.Int {
	parts := make([]*big.Int, len(q))
	sum, before := new(big.Int), new(big.Int)
	for i := range q {
		if a.Sign() == 0 {
			parts[i] = new(big.Int)
			continue
		}
		sum = new(big.Int).Add(sum, q[i])
		now := mulDiv(v, sum, a)
		parts[i] = new(big.Int).Sub(now, before)
		before = now
	}
	return parts
}

// cycleText walks from start by next until an id comes twice, and prints the repeated stretch from its smallest id.
func cycleText(start string, next func(string) string) string {
	var path []string
	id := start
	for !slices.Contains(path, id) {
		path = append(path, id)
		id = next(id)
	}
	ring := path[slices.Index(path, id):]
	low := slices.Index(ring, slices.MinFunc(ring, compareIDs))
	ring = append(slices.Clone(ring[low:]), ring[:low]...)
	first := ring[0]
	if n := len(ring); n > 32 {
		ring = append(ring[:32:32], fmt.Sprintf("(%d more)", n-32))
	}
	return " cycle=" + strings.Join(append(ring, first), ">")
}

// checkElements reports element-cycle.
func checkElements(l *ledger, all map[string]*element) {
	next := func(id string) string {
		for _, part := range all[id].parts {
			if all[part].circular {
				return part
			}
		}
		panic("reference: no way on from " + id)
	}
	for _, r := range l.rows["elements"] {
		if e := all[r.id("element")]; e.circular {
			l.violations = append(l.violations, violation{"element-cycle", r, cycleText(e.id, next)})
		}
	}
}
