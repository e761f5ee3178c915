package plan

import (
	"fmt"
	"slices"
)

// Surprises says what of a problem, as read, is taken in a way that its author may not have meant. None of it is a fault.
func Surprises(p *Problem, e Expansion) (notices []string) {
	say := func(format string, args ...any) { notices = append(notices, fmt.Sprintf(format, args...)) }
	p.sayRepeated(say)
	p.sayGains(say)
	back := map[int32]float64{}
	for _, r := range p.Recycling {
		if r.Used == r.Recovered {
			back[r.Used] += r.Share
		}
	}
	for i := range p.Products {
		if share := back[int32(i)]; share >= 1 {
			say("table recycling: of each unit of %s that is delivered, %v units of it come back; nothing has to be made of it again", p.Name(int32(i)), share)
		}
	}
	used := make([]bool, len(p.Resources))
	for _, u := range p.Uses {
		used[u.Resource] = true
	}
	if k := slices.Index(used, false); k >= 0 {
		say("table resources: used by no technique, and so without effect: %s", andMore(used, false, p.Resources[k].ID))
	}
	beyond := 0
	for _, g := range p.Growth {
		if e.Periods > 0 && g.Period > e.Periods {
			beyond++
		}
	}
	if beyond > 0 {
		say("table growth: rows of later periods than the %d of the plan have no part: %d", e.Periods, beyond)
	}
	return notices
}

// andMore names the first of a list that is so, and says how many more there are.
func andMore(list []bool, so bool, first string) string {
	n := 0
	for _, v := range list {
		if v == so {
			n++
		}
	}
	if n == 1 {
		return first
	}
	return fmt.Sprintf("%s and %d more", first, n-1)
}

// sayRepeated tells of rows that say again what another row says: their quantities count together.
func (p *Problem) sayRepeated(say func(string, ...any)) {
	tell := func(table, what string, first, count int, a, b string) {
		if count > 0 {
			say("table %s: rows that name the same %s again are added up: %d, the first of them row %d (%s, %s)", table, what, count, first+1, a, b)
		}
	}
	first, n := repeated(len(p.Flows), len(p.Techniques), 2*len(p.Products), func(i int) (int32, int32) {
		f := &p.Flows[i]
		if f.Quantity < 0 {
			return f.Technique, 2*f.Product + 1 // made and used of the same product are two things
		}
		return f.Technique, 2 * f.Product
	})
	if n > 0 {
		f := &p.Flows[first]
		tell("flows", "technique and product", first, n, p.Techniques[f.Technique].ID, p.Name(f.Product))
	}
	first, n = repeated(len(p.Uses), len(p.Techniques), len(p.Resources), func(i int) (int32, int32) { return p.Uses[i].Technique, p.Uses[i].Resource })
	if n > 0 {
		u := &p.Uses[first]
		tell("uses", "technique and resource", first, n, p.Techniques[u.Technique].ID, p.Resources[u.Resource].ID)
	}
	first, n = again(p.Recycling, func(r Recycling) Recycling { return Recycling{Used: r.Used, Recovered: r.Recovered, Lag: r.Lag} })
	if n > 0 {
		tell("recycling", "products", first, n, p.Name(p.Recycling[first].Used), p.Name(p.Recycling[first].Recovered))
	}
	first, n = again(p.Investments, func(v Investment) Investment { v.Quantity = 0; return v })
	if n > 0 {
		v := &p.Investments[first]
		tell("investments", "technique and resource", first, n, p.Techniques[v.Technique].ID, p.Resources[v.Resource].ID)
	}
}

// again finds the first row with the key of a row before it, and counts them.
func again[T comparable](list []T, key func(T) T) (first, count int) {
	seen := make(map[T]bool, len(list))
	first = len(list)
	for i, v := range list {
		if seen[key(v)] {
			count, first = count+1, min(first, i)
		}
		seen[key(v)] = true
	}
	return first, count
}

// repeated finds the first of n rows that has the pair of a row before it, and counts them. Pairs are of one of groups and
// one of things.
func repeated(n, groups, things int, pair func(i int) (group, thing int32)) (first, count int) {
	at := make([]int32, groups+1) // rows of each group, in order: a counting sort
	for i := range n {
		g, _ := pair(i)
		at[g+1]++
	}
	for g := range groups {
		at[g+1] += at[g]
	}
	order := make([]int32, n)
	for i := range n {
		g, _ := pair(i)
		order[at[g]] = int32(i)
		at[g]++
	}
	last := make([]int32, things) // the last group, counted from 1, that had a thing
	first = n
	for _, i := range order {
		g, thing := pair(int(i))
		if last[thing] == g+1 {
			count, first = count+1, min(first, int(i))
		}
		last[thing] = g + 1
	}
	return first, count
}

// sayGains tells of costs below zero: doing more of them counts as a gain.
func (p *Problem) sayGains(say func(string, ...any)) {
	tell := func(table, column string, n int, figure func(i int) (string, float64)) {
		count, first := 0, -1
		for i := range n {
			if _, v := figure(i); v < 0 {
				if count++; first < 0 {
					first = i
				}
			}
		}
		if count > 0 {
			id, v := figure(first)
			say("table %s: %s below 0 counts as a gain; rows: %d, the first of them row %d (%s, %v)", table, column, count, first+1, id, v)
		}
	}
	tell("techniques", "labour", len(p.Techniques), func(i int) (string, float64) { return p.Techniques[i].ID, p.Techniques[i].Labour })
	tell("resources", "a price", len(p.Resources), func(i int) (string, float64) { return p.Resources[i].ID, p.Resources[i].Price })
	tell("storage", "labour", len(p.Storage), func(i int) (string, float64) { return p.Name(p.Storage[i].Product), p.Storage[i].Labour })
	tell("transport", "labour", len(p.Transport), func(i int) (string, float64) { return p.Name(p.Transport[i].From), p.Transport[i].Labour })
}
