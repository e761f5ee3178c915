package composition

import (
	"context"
	"math/bits"

	"planwerk/engine/shard"
)

// mesh is a graph with its edges both ways, its elements numbered as a flood from one of them meets them: breadth first
// over parts and wholes alike, so that what is near in the graph is near in memory, whatever the elements were called.
type mesh struct {
	parts, wholes graph
	name          []int32 // per number: the element
	level         []int32 // the numbers with which the levels of the flood begin
}

// Hubs have more parts or wholes than hubEdges. The flood does not go on through so many: it would be everywhere at once.
const hubEdges = 64

// ahead is how many elements the flood looks up before it takes them. All the look-ups wait for memory together, and not
// each for the one before it.
const ahead = 64

// flood numbers the elements and brings the edges into the order of the numbers.
func (g *graph) flood(ctx context.Context, threads int) (*mesh, error) {
	around, err := g.around(ctx, threads)
	if err != nil {
		return nil, err
	}
	f := &flooder{mesh: &mesh{parts: unfilled(g), wholes: unfilled(g), name: make([]int32, g.n+1)}, around: around, seen: make([]uint64, g.n/64+1)}
	for t := range int32(g.n) {
		if f.seen[t>>6]>>(t&63)&1 == 0 {
			f.push(t)
			if err := f.spread(ctx); err != nil {
				return nil, err
			}
		}
	}
	m := f.mesh
	m.name = m.name[:g.n]
	number := inverse(m.name, g.n)
	both := []*graph{&m.parts, &m.wholes}
	err = shard.Run(ctx, threads, len(both), func(piece int) error {
		for i, u := range both[piece].part {
			both[piece].part[i] = number[u]
		}
		return nil
	})
	return m, err
}

// unfilled has the elements of g and room for its edges.
func unfilled(g *graph) graph {
	return graph{n: g.n, first: make([]int32, g.n+1), part: make([]int32, len(g.part))}
}

// inverse gives the place of each element 0 … n−1 in order, none where it has no place.
func inverse(order []int32, n int) []int32 {
	place := make([]int32, n)
	if len(order) < n {
		for t := range place {
			place[t] = none
		}
	}
	for i, t := range order {
		place[t] = int32(i)
	}
	return place
}

type flooder struct {
	*mesh
	around     *surroundings
	seen       []uint64 // bit per element
	head, tail int      // name[head:tail] wait
	touched    int32
}

// push lets t wait unless it was seen. There is one place in name beyond the last, which the next element that was seen
// is written to and stays out of: no branch is taken that would have to be guessed.
func (f *flooder) push(t int32) {
	word := f.seen[t>>6]
	f.name[f.tail] = t
	f.tail += int(^word >> (t & 63) & 1)
	f.seen[t>>6] = word | 1<<(t&63)
}

// spread floods everything that is in reach of what waits.
func (f *flooder) spread(ctx context.Context) error {
	for f.head < f.tail {
		f.level = append(f.level, int32(f.head))
		for end := f.tail; f.head < end; {
			if f.head>>6&(1<<10-1) == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			batch := f.name[f.head:min(f.head+ahead, end)]
			f.touch(batch)
			for _, t := range batch {
				row := f.around.row[f.around.first[t]:f.around.first[t+1]]
				f.take(&f.wholes, row[1:1+row[0]])
				f.take(&f.parts, row[1+row[0]:])
				f.head++
			}
		}
	}
	return nil
}

// touch looks up where the edges of a batch begin, then the first of them.
func (f *flooder) touch(batch []int32) {
	first, row := f.around.first, f.around.row
	at, sum := uint32(0), int32(0)
	for _, t := range batch {
		at += first[t]
	}
	for _, t := range batch {
		sum += row[first[t]]
	}
	f.touched = int32(at) + sum // so that no look-up is left out
}

// take copies the edges of the element at head and pushes their ends.
func (f *flooder) take(to *graph, ends []int32) {
	at := to.first[f.head]
	to.first[f.head+1] = at + int32(len(ends))
	if len(ends) > hubEdges {
		copy(to.part[at:], ends)
		return
	}
	row := to.part[at:][:len(ends)]
	for i, u := range ends { // few: a loop is quicker than a call of copy
		row[i] = u
		f.push(u)
	}
}

// aroundPieces is into how many pieces the edges are cut for turning them.
const aroundPieces = 16

// surroundings have a row for each element t, row[first[t]:first[t+1]]: the number of its wholes, these, ascending, and
// its parts.
type surroundings struct {
	first []uint32
	row   []int32
}

// around makes the surroundings. Edges are first put into buckets by their part, whose counters fit a near cache.
func (g *graph) around(ctx context.Context, threads int) (*surroundings, error) {
	shift := max(0, bits.Len(uint(g.n))-8)
	buckets := g.n>>shift + 1
	ranges := shard.Ranges(g.n, aroundPieces)
	next := make([][]int32, len(ranges)) // per piece and bucket: how many edges, then where the next one goes
	err := shard.Run(ctx, threads, len(ranges), func(piece int) error {
		next[piece] = make([]int32, buckets)
		for _, u := range g.part[g.first[ranges[piece][0]]:g.first[ranges[piece][1]]] {
			next[piece][u>>shift]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	begin := make([]int32, buckets+1)
	at := int32(0)
	for b := range buckets {
		for piece := range next {
			next[piece][b], at = at, at+next[piece][b]
		}
		begin[b+1] = at
	}
	edges := make([]uint64, len(g.part)) // part·2³² + whole
	err = shard.Run(ctx, threads, len(ranges), func(piece int) error {
		next := next[piece]
		for t := ranges[piece][0]; t < ranges[piece][1]; t++ {
			for _, u := range g.parts(int32(t)) {
				edges[next[u>>shift]] = uint64(u)<<32 | uint64(t)
				next[u>>shift]++
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s := &surroundings{first: make([]uint32, g.n+1), row: make([]int32, 2*len(g.part)+g.n)}
	err = shard.Run(ctx, threads, buckets, func(b int) error {
		s.fill(g, edges[begin[b]:begin[b+1]], begin[b], b<<shift, min((b+1)<<shift, g.n))
		return nil
	})
	return s, err
}

// fill makes the rows of elements lo … hi−1 from the edges to them, in rising order of wholes, and from their parts.
// There are before edges to the elements below lo.
func (s *surroundings) fill(g *graph, edges []uint64, before int32, lo, hi int) {
	end := s.first[1:] // by element: how many wholes, then where the row has been filled to
	for _, e := range edges {
		end[e>>32]++
	}
	at := uint32(before) + uint32(g.first[lo]) + uint32(lo)
	for t := lo; t < hi; t++ {
		wholes, parts := end[t], g.parts(int32(t))
		s.row[at] = int32(wholes)
		end[t] = at + 1
		at += 1 + wholes
		for _, u := range parts {
			s.row[at] = u
			at++
		}
	}
	for _, e := range edges {
		s.row[end[e>>32]] = int32(uint32(e))
		end[e>>32]++
	}
	for t := lo; t < hi; t++ {
		end[t] += uint32(g.first[t+1] - g.first[t])
	}
}
