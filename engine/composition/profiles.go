package composition

import (
	"context"
	"math"
	"slices"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/kernels"
)

// profiles gives each MoP the depreciation profile of its product, nil where a durability in it is null. MoPs with the
// same root element share one.
func (v *Values) profiles(ctx context.Context, l *ledger.Ledger, threads int) ([]*Profile, error) {
	number := make([]int32, v.graph.n)
	for i, t := range v.order {
		number[t] = int32(i)
	}
	wanted := make([]bool, len(v.order))
	for _, t := range l.MoPs.Element {
		if v.Durability[t] != ledger.NullInt { // null as soon as one below is
			wanted[number[t]] = true
		}
	}
	ordered, err := v.graph.numbered(ctx, v.order, threads)
	if err != nil {
		return nil, err
	}
	p := &profiler{g: ordered, made: make([]*Profile, len(v.order))}
	var roots []int32
	for i, w := range wanted {
		if w {
			roots = append(roots, int32(i))
		}
	}
	p.classify(v, l)
	batches := shard.Pieces(len(roots), lanes)
	_, err = shard.Fold(ctx, threads, batches, func() *classSweeper { return p.sweeper() }, func(s *classSweeper, piece int) error {
		p.sweep(s, roots[piece*lanes:min((piece+1)*lanes, len(roots))])
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]*Profile, l.MoPs.N)
	for m, t := range l.MoPs.Element {
		if v.Durability[t] != ledger.NullInt {
			out[m] = p.made[number[t]]
		}
	}
	return out, nil
}

// profiler makes the profiles of many roots. All numbers of elements are places in Values.order.
type profiler struct {
	g       *graph
	simple  []int64
	wide    bool    // all simple values together do not fit 63 bits
	classes []int64 // the distinct durabilities, ascending
	class   []int32 // per element; none where the durability is null
	made    []*Profile
}

func (p *profiler) classify(v *Values, l *ledger.Ledger) {
	n := len(v.order)
	p.simple, p.class = make([]int64, n), make([]int32, n)
	var total kernels.Int128
	for i, t := range v.order {
		p.simple[i] = l.Elements.Value[t]
		total = total.AddInt64(p.simple[i])
		if d := v.Durability[t]; d != ledger.NullInt {
			p.classes = append(p.classes, d)
		}
	}
	p.wide = !total.IsInt64()
	slices.Sort(p.classes)
	p.classes = slices.Compact(p.classes)
	for i, t := range v.order {
		p.class[i] = none
		if d := v.Durability[t]; d != ledger.NullInt {
			c, _ := slices.BinarySearch(p.classes, d)
			p.class[i] = int32(c)
		}
	}
}

// classSweeper sweeps, sorts what was reached by durability, and sums class by class.
type classSweeper struct {
	sweeper
	first  []int32 // per class: where its vertices begin, when sorted by counting
	order  []uint64
	masks  []rootSet
	values []uint64
	open   [lanes]struct {
		durability []int64
		value      []kernels.Int128
	}
}

func (p *profiler) sweeper() *classSweeper {
	return &classSweeper{sweeper: *newSweeper(p.g.n, p.g.n+1), first: make([]int32, len(p.classes)+1)}
}

func (p *profiler) sweep(s *classSweeper, roots []int32) {
	s.sweeper.sweep(p.g, roots, func() { p.profile(s, roots) })
}

// profile makes the profiles of the roots of the last sweep, class by class.
func (p *profiler) profile(s *classSweeper, roots []int32) {
	p.sort(s)
	for i := range roots {
		s.open[i].durability, s.open[i].value = nil, nil
	}
	for lo := 0; lo < len(s.order); {
		class := s.order[lo] >> 32
		hi := lo + 1
		for hi < len(s.order) && s.order[hi]>>32 == class {
			hi++
		}
		p.sumClass(s, p.classes[class], s.order[lo:hi])
		lo = hi
	}
	for i, r := range roots {
		p.made[r] = NewProfile(s.open[i].durability, s.open[i].value)
	}
}

// sort fills s.order with class·2³² + place in s.vertex, ascending: by counting when the classes are few. A vertex
// whose durability is null is reached by no root that has a profile, so every vertex here has a class.
func (p *profiler) sort(s *classSweeper) {
	s.order = s.order[:0]
	if len(p.classes) > 2*len(s.vertex) {
		for j, v := range s.vertex {
			s.order = append(s.order, uint64(p.class[v])<<32|uint64(j))
		}
		slices.Sort(s.order)
		return
	}
	clear(s.first)
	for _, v := range s.vertex {
		s.first[p.class[v]+1]++
	}
	for c := range p.classes {
		s.first[c+1] += s.first[c]
	}
	s.order = slices.Grow(s.order, len(s.vertex))[:len(s.vertex)]
	for j, v := range s.vertex {
		c := p.class[v]
		s.order[s.first[c]] = uint64(c)<<32 | uint64(j)
		s.first[c]++
	}
}

// sumClass adds one class to the profiles of the roots that have a value in it.
func (p *profiler) sumClass(s *classSweeper, durability int64, places []uint64) {
	s.masks = s.masks[:0]
	for _, o := range places {
		s.masks = append(s.masks, s.roots[uint32(o)])
	}
	var low, high [lanes]uint64
	if p.wide {
		low = s.tally.sum(s.masks, p.weights(s, places, 0, math.MaxUint32))
		high = s.tally.sum(s.masks, p.weights(s, places, 32, math.MaxUint32))
	} else {
		low = s.tally.sum(s.masks, p.weights(s, places, 0, math.MaxUint64))
	}
	for i := range lanes {
		if low[i]|high[i] == 0 {
			continue
		}
		o := &s.open[i]
		o.durability = append(o.durability, durability)
		o.value = append(o.value, kernels.MulInt64(int64(high[i]), 1<<32).Add(kernels.Int128{Lo: low[i]}))
	}
}

func (p *profiler) weights(s *classSweeper, places []uint64, shift int, mask uint64) []uint64 {
	s.values = s.values[:0]
	for _, o := range places {
		s.values = append(s.values, uint64(p.simple[s.vertex[uint32(o)]])>>shift&mask)
	}
	return s.values
}
