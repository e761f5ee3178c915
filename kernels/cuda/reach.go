package cuda

import (
	"planwerk/kernels/device"
)

// rootsPerBatch is how many roots share a batch, one bit each.
const rootsPerBatch = 256

// Reach sums weights and counts over what each root reaches: levels of the graph one after another, as many batches of
// roots side by side as fit half the free memory.
func (d *Device) Reach(g *device.Graph) (sums, counts []uint64, err error) {
	r := &reach{memory: memory{Device: d}, n: len(g.Weight)}
	sums, counts = make([]uint64, len(g.Roots)), make([]uint64, len(g.Roots))
	if len(g.Roots) == 0 {
		return sums, counts, nil
	}
	levels := layers(g)
	first, wholes := turned(g)
	err = d.do(func() error {
		err := r.place(g, levels, first, wholes)
		for at := 0; err == nil && at < len(g.Roots); at += r.wide * rootsPerBatch {
			end := min(at+r.wide*rootsPerBatch, len(g.Roots))
			err = r.sweep(g.Roots[at:end], levels.ends, sums[at:end], counts[at:end])
		}
		if freed := r.free(); err == nil {
			err = freed
		}
		return err
	})
	return sums, counts, err
}

// reach is a sweep in device memory.
type reach struct {
	memory
	n, wide              int // vertices; batches side by side
	mask, roots          Pointer
	list, first, wholes  Pointer
	weight, count        Pointer
	sums, counts         Pointer
	rootsOut             []int32
	sumsBack, countsBack []uint64
}

func (r *reach) place(g *device.Graph, levels layering, first, wholes []int32) (err error) {
	free, _, err := r.driver.Memory()
	if err != nil {
		return err
	}
	batches := int64(len(g.Roots)+rootsPerBatch-1) / rootsPerBatch
	perBatch := int64(r.n)*32 + rootsPerBatch*20
	fixed := int64(r.n)*(16+4+4) + 4*int64(len(g.Part))
	const mostOnAxis = 1 << 15 // of blocks on the second axis of a launch
	r.wide = int(max(1, min(batches, mostOnAxis, (free/2-fixed)/perBatch)))
	if err = r.room("the element graph", fixed+int64(r.wide)*perBatch); err != nil {
		return err
	}
	for _, v := range []struct {
		to   *Pointer
		from []int32
	}{{&r.list, levels.list}, {&r.first, first}, {&r.wholes, wholes}} {
		if *v.to, err = place(&r.memory, v.from); err != nil {
			return err
		}
	}
	if r.weight, err = place(&r.memory, g.Weight); err != nil {
		return err
	}
	if r.count, err = place(&r.memory, g.Count); err != nil {
		return err
	}
	if err = r.vectors(r.wide*rootsPerBatch, &r.sums, &r.counts); err != nil {
		return err
	}
	if r.roots, err = r.alloc(r.wide*rootsPerBatch, 4); err != nil {
		return err
	}
	r.rootsOut = make([]int32, r.wide*rootsPerBatch)
	r.sumsBack, r.countsBack = make([]uint64, r.wide*rootsPerBatch), make([]uint64, r.wide*rootsPerBatch)
	r.mask, err = r.alloc(r.wide*r.n, 32)
	return err
}

// sweep does one group of batches.
func (r *reach) sweep(roots []int32, ends []int, sums, counts []uint64) error {
	batches := (len(roots) + rootsPerBatch - 1) / rootsPerBatch
	for i := copy(r.rootsOut, roots); i < len(r.rootsOut); i++ {
		r.rootsOut[i] = -1
	}
	if err := toDevice(r.Device, r.roots, r.rootsOut); err != nil {
		return err
	}
	for _, z := range []struct {
		p     Pointer
		bytes int
	}{{r.mask, batches * r.n * 32}, {r.sums, batches * rootsPerBatch * 8}, {r.counts, batches * rootsPerBatch * 8}} {
		if err := r.driver.Zero(z.p, int64(z.bytes), r.stream); err != nil {
			return err
		}
	}
	if err := r.launch("reachSeed", int64(batches)*rootsPerBatch, 1, r.mask, r.roots, r.n); err != nil {
		return err
	}
	for i := 1; i < len(ends); i++ { // those of level 0 have no wholes
		from, to := ends[i-1], ends[i]
		if err := r.launch("reachLevel", int64(to-from)*4, batches, r.mask, r.list, from, to, r.first, r.wholes, r.n); err != nil {
			return err
		}
	}
	stretches := min((r.n+63)/64, max(1, 4096/batches))
	if err := r.launch("reachSum", int64(stretches)*rootsPerBatch, batches, r.mask, r.weight, r.count, r.n, r.sums, r.counts); err != nil {
		return err
	}
	if err := toHost(r.Device, r.sumsBack[:batches*rootsPerBatch], r.sums); err != nil {
		return err
	}
	if err := toHost(r.Device, r.countsBack[:batches*rootsPerBatch], r.counts); err != nil {
		return err
	}
	copy(sums, r.sumsBack)
	copy(counts, r.countsBack)
	return nil
}

// layering lists the vertices by level: the level of a vertex is one more than the highest of its wholes, 0 without any.
type layering struct {
	list []int32
	ends []int // ends[i] is the end of level i in list
}

func layers(g *device.Graph) layering {
	n := len(g.Weight)
	level := make([]int32, n)
	deepest := int32(0)
	for v := range n {
		for _, u := range g.Part[g.First[v]:g.First[v+1]] {
			level[u] = max(level[u], level[v]+1)
		}
		deepest = max(deepest, level[v])
	}
	l := layering{list: make([]int32, n), ends: make([]int, deepest+1)}
	for _, at := range level {
		l.ends[at]++
	}
	sum := 0
	next := make([]int, len(l.ends))
	for i, k := range l.ends {
		next[i] = sum
		sum += k
		l.ends[i] = sum
	}
	for v, at := range level {
		l.list[next[at]] = int32(v)
		next[at]++
	}
	return l
}

// turned lists the wholes of every vertex.
func turned(g *device.Graph) (first, wholes []int32) {
	n := len(g.Weight)
	first = make([]int32, n+1)
	for v := range n {
		for _, u := range g.Part[g.First[v]:g.First[v+1]] {
			first[u+1]++
		}
	}
	for v := range n {
		first[v+1] += first[v]
	}
	wholes = make([]int32, first[n])
	next := append([]int32(nil), first[:n]...)
	for v := range n {
		for _, u := range g.Part[g.First[v]:g.First[v+1]] {
			wholes[next[u]] = int32(v)
			next[u]++
		}
	}
	return first, wholes
}
