package production

import (
	"context"
	"math"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// graph says which productions consumed what which others made.
type graph struct {
	inputs *grouping // consumptions that count and take something, by production
	makers []int32   // by place in inputs: the production that made the resource, −1 for none
}

// newGraph lists the counted consumptions by production with their makers; counted is each consumption's production or −1.
func newGraph(ctx context.Context, l *ledger.Ledger, d *Draws, counted []int32, threads int) (*graph, error) {
	inputs, err := group(ctx, l.Space, threads, l.Productions.N, counted)
	if err != nil {
		return nil, err
	}
	g := &graph{inputs: inputs, makers: spill.Make[int32](l.Space, len(inputs.Rows))}
	pieces := shard.Ranges(len(g.makers), shard.Pieces(len(g.makers), grain))
	err = shard.Run(ctx, threads, len(pieces), func(piece int) error {
		for i := pieces[piece][0]; i < pieces[piece][1]; i++ {
			g.makers[i] = d.makerOf(l, l.Consumptions.Resource[inputs.Rows[i]])
		}
		return nil
	})
	return g, err
}

// levels orders productions such that each needs only productions of earlier levels, those on a common cycle apart.
type levels struct {
	start []int64 // order[start[i]:start[i+1]] is level i
	order []int32
	cycle []int32 // per production: number of the cycle component it lies in, 0 for none; nil when there is no cycle
}

func (v *levels) onCycle(p int32) bool { return v.cycle != nil && v.cycle[p] != 0 }

// visit is a production whose makers are being followed, and the place of the next one.
type visit struct {
	production int32
	at         int64
}

// search finds strongly connected components (Tarjan 1972) from consumers to makers, so that a component is complete
// after all it depends on, with a stack of its own: chains may be as long as there are productions.
type search struct {
	g      *graph
	level  []int32
	number []int32 // order of first visit, from 1; 0 unvisited
	low    []int32 // smallest number known to be reachable; 0 once the component is complete
	cycle  []int32
	cycles int32
	visits []visit
	open   []int32 // visited, component not complete
	count  int32
}

// findLevels puts the order into space. It takes time linear in productions and consumptions.
func findLevels(ctx context.Context, space *spill.Space, g *graph) (*levels, error) {
	n := len(g.inputs.Start) - 1
	scratch := space.Sub()
	defer scratch.Close()
	s := search{g: g, level: spill.Make[int32](scratch, n), number: spill.Make[int32](scratch, n), low: spill.Make[int32](scratch, n)}
	for p := range n {
		if p%block == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if s.number[p] == 0 {
			s.from(int32(p))
		}
	}
	v := &levels{cycle: s.cycle, order: spill.Make[int32](space, n)}
	deepest := int32(-1)
	for _, level := range s.level {
		deepest = max(deepest, level)
	}
	v.start = make([]int64, deepest+3)
	for _, level := range s.level {
		v.start[level+2]++
	}
	for i := 2; i < len(v.start); i++ {
		v.start[i] += v.start[i-1]
	}
	for p, level := range s.level {
		v.order[v.start[level+1]] = int32(p)
		v.start[level+1]++
	}
	v.start = v.start[:deepest+2]
	return v, nil
}

func (s *search) from(p int32) {
	s.enter(p)
	for len(s.visits) > 0 {
		top := &s.visits[len(s.visits)-1]
		v := top.production
		if top.at == s.g.inputs.Start[v+1] {
			s.leave(v)
			continue
		}
		q := s.g.makers[top.at]
		top.at++
		switch {
		case q < 0:
		case q == v:
			s.markCycle(v, s.cycleOf(v))
		case s.number[q] == 0:
			s.enter(q)
		case s.low[q] == 0:
			s.level[v] = max(s.level[v], s.level[q]+1)
		default:
			s.low[v] = min(s.low[v], s.number[q])
		}
	}
}

func (s *search) enter(p int32) {
	s.count++
	s.number[p], s.low[p] = s.count, s.count
	s.visits = append(s.visits, visit{p, s.g.inputs.Start[p]})
	s.open = append(s.open, p)
}

// leave ends the visit of v: its component is complete if nothing above it on the stack was reached.
func (s *search) leave(v int32) {
	s.visits = s.visits[:len(s.visits)-1]
	if s.low[v] == s.number[v] {
		s.complete(v)
	}
	if len(s.visits) == 0 {
		return
	}
	u := s.visits[len(s.visits)-1].production
	if s.low[v] == 0 {
		s.level[u] = max(s.level[u], s.level[v]+1)
	} else {
		s.low[u] = min(s.low[u], s.low[v])
	}
}

// complete takes the component of v off the stack; its productions share a level, as they do not wait for each other.
func (s *search) complete(v int32) {
	first := len(s.open) - 1
	level := s.level[v]
	for s.open[first] != v {
		level = max(level, s.level[s.open[first]])
		first--
	}
	component := s.open[first:]
	cycle := int32(0)
	if len(component) > 1 {
		cycle = s.cycleOf(v)
	}
	for _, p := range component {
		s.level[p], s.low[p] = level, 0
		if cycle != 0 {
			s.markCycle(p, cycle)
		}
	}
	s.open = s.open[:first]
}

// cycleOf gives a new component number for v, or the one it has as a consumer of its own output.
func (s *search) cycleOf(v int32) int32 {
	if s.cycle != nil && s.cycle[v] != 0 {
		return s.cycle[v]
	}
	s.cycles++
	return s.cycles
}

func (s *search) markCycle(p, cycle int32) {
	if s.cycle == nil {
		s.cycle = make([]int32, len(s.level))
	}
	s.cycle[p] = cycle
}

// next gives the smallest production of p's component whose output p consumed.
func (g *graph) next(v *levels, p int32) int32 {
	least := int32(math.MaxInt32)
	for i := g.inputs.Start[p]; i < g.inputs.Start[p+1]; i++ {
		if q := g.makers[i]; q >= 0 && v.cycle[q] == v.cycle[p] {
			least = min(least, q)
		}
	}
	return least
}

// reportCycles gives a production-cycle for every production on a cycle, with the one it runs into: from it, step to the
// smallest production of its component whose output it consumed until one comes twice. Time linear in the productions.
func (g *graph) reportCycles(l *ledger.Ledger, v *levels) []ledger.Violation {
	if v.cycle == nil {
		return nil
	}
	texts := make(map[int32]string) // by production
	onPath := make(map[int32]int)   // place on the path at hand
	var found []ledger.Violation
	for p := range v.cycle {
		if v.cycle[p] == 0 {
			continue
		}
		var path []int32
		at := int32(p)
		for {
			if _, known := texts[at]; known {
				break
			}
			if from, twice := onPath[at]; twice {
				texts[at] = cycleText(l, path[from:])
				break
			}
			onPath[at] = len(path)
			path = append(path, at)
			at = g.next(v, at)
		}
		text := texts[at]
		for _, q := range path {
			texts[q] = text
			delete(onPath, q)
		}
		found = append(found, ledger.Violation{Rule: "production-cycle", Table: ledger.TProductions, Row: int32(p), Extra: text})
	}
	return found
}

// cycleText prints a cycle from its smallest id, closed by it.
func cycleText(l *ledger.Ledger, cycle []int32) string {
	ids := l.IDs[ledger.TProductions]
	return ledger.CycleText(cycle, func(p int32) string { return idText(ids, p) })
}
