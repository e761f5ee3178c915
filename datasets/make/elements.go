package synth

import "math"

// families lays out the product elements: families of depth × width elements first, in levels from the whole down, then
// single elements without parts. Each element of a level has up to three parts in the next level (sometimes one of them in
// the level after that), shared with others of its family.
type families struct {
	depth, width int64
	count        int64
	singles      int64
	scale        int64 // mean simple value, µmin
	tops         int64 // machines' root elements per family: the first of level 0
	used         int64 // families that machines come from
	roots        []root
}

// root is an element from which machines are made.
type root struct {
	element int64
	value   int64 // v*, µmin
	profile []class
}

// class is one row of a depreciation profile (MODEL.md §2).
type class struct{ durability, value int64 }

const (
	partsPerElement = 3
	maxDepth        = 12
	maxRoots        = 1 << 15
	maxSwept        = 1 << 24          // elements looked at to value the roots
	meanRootValue   = 5000 * microunit // µmin
	year            = 365 * 24 * 60    // minutes
)

var durabilities = [...]int64{year / 2, year, 2 * year, 3 * year, 4 * year, 5 * year, 6 * year, 8 * year, 9 * year, 10 * year, 12 * year, 15 * year}

// reached is the expected number of elements below one at each level of a family, and its mean, if parts are drawn
// independently: a level of width W from which n were drawn has W·(1 − (1 − 1/W)^n) distinct ones.
func reached(depth, width int64) (mean, top float64) {
	w := float64(width)
	level, sum := 1.0, 0.0
	per := math.Min(partsPerElement, w)
	for k := int64(1); k < depth; k++ {
		level = float64(w * -math.Expm1(per*level*math.Log1p(-1/(w+1e-9)))) // rounded here: no fused sums on any machine
		top += level
		sum += top
	}
	return sum / float64(depth), top
}

func (w *world) setFamilies() {
	f := &w.firm
	total := w.cfg.Elements
	f.singles = max(16, total/50)
	want := float64(w.cfg.Descendants)
	f.depth = min(max(2, int64(math.Log2(want+1))+2), maxDepth)
	f.width = 1
	for most := (total - f.singles) / f.depth; f.width < most; f.width += max(1, f.width/64) {
		if mean, _ := reached(f.depth, f.width); mean >= want {
			break
		}
	}
	f.width = max(1, min(f.width, (total-f.singles)/f.depth))
	f.count = (total - f.singles) / f.size()
	f.singles = total - f.count*f.size()
	_, top := reached(f.depth, f.width)
	f.scale = int64(float64(meanRootValue)/(top+1)) + 1
	f.tops = min(f.width, 8)
	f.used = max(1, min(f.count, maxRoots/f.tops, maxSwept/f.size()))
	f.roots = make([]root, 0, f.used*f.tops)
	for fam := range f.used {
		w.addRoots(fam)
	}
}

func (f *families) size() int64          { return f.depth * f.width }
func (f *families) single(i int64) int64 { return f.count*f.size() + i%f.singles }

// Kinds of single elements, by their number: old machines (v = 0), tools, goods without a durability, others.
const (
	singleOld = iota
	singleTool
	singleGood
	singleOther
	singleKinds
)

// singleOf is the i-th single element of a kind.
func (f *families) singleOf(kind, i int64) int64 {
	n := f.singles / singleKinds
	return f.count*f.size() + i%n*singleKinds + kind
}

// element is the simple value and the own durability (null for composites and goods) of an element.
func (w *world) element(e int64) (value, durability int64) {
	f := &w.firm
	h := w.rnd(rndValue, e)
	value = below(h, 2*f.scale)
	if value > 100_000 {
		value -= value % 1000
	}
	durability = durabilities[below(w.rnd(rndDurability, e), int64(len(durabilities)))]
	if s := e - f.count*f.size(); s >= 0 {
		switch s % singleKinds {
		case singleOld:
			value = 0
		case singleGood:
			durability = null
		}
	} else if e%f.size()/f.width < f.depth-1 {
		durability = null
	}
	return value, durability
}

// partCount is the number of direct parts of an element of a family that is not on its last level.
func (f *families) partCount() int64 { return min(partsPerElement, f.width) }

// partRows is the number of rows of the table element_parts.
func (f *families) partRows() int64 { return f.count * (f.depth - 1) * f.width * f.partCount() }

// parts lists the direct parts of an element that has some.
func (w *world) parts(e int64, buf []int64) []int64 {
	f := &w.firm
	first := e / f.size() * f.size()
	level := e % f.size() / f.width
	buf = buf[:0]
	for j := range f.partCount() {
		h := w.rnd2(rndPart, e, j)
		base := first + (level+1)*f.width
		if j == 2 && h&3 == 0 && level+2 < f.depth {
			base += f.width
		}
		p := below(mix(h), f.width)
		for again := true; again; {
			again = false
			for _, q := range buf {
				if q == base+p {
					p, again = (p+1)%f.width, true
				}
			}
		}
		buf = append(buf, base+p)
	}
	return buf
}

// addRoots values the root elements of a family: what they reach, each element once, by durability.
func (w *world) addRoots(fam int64) {
	f := &w.firm
	n, first := f.size(), fam*f.size()
	d := make([]int64, n)
	parts := make([]int64, 0, (n-f.width)*f.partCount())
	for e := int64(0); e < n-f.width; e++ {
		parts = append(parts, w.parts(first+e, make([]int64, 0, partsPerElement))...)
	}
	for e := n - 1; e >= 0; e-- {
		if e >= n-f.width {
			_, d[e] = w.element(first + e)
			continue
		}
		d[e] = math.MaxInt64
		for _, p := range parts[e*f.partCount() : (e+1)*f.partCount()] {
			d[e] = min(d[e], d[p-first])
		}
	}
	seen := make([]int64, n)
	for top := range f.tops {
		seen[top] = top + 1
		sums := map[int64]int64{}
		for e := top; e < n; e++ { // parts come after wholes, so one sweep reaches all
			if seen[e] != top+1 {
				continue
			}
			v, _ := w.element(first + e)
			sums[d[e]] += v
			if e < n-f.width {
				for _, p := range parts[e*f.partCount() : (e+1)*f.partCount()] {
					seen[p-first] = top + 1
				}
			}
		}
		r := root{element: first + top}
		for _, dur := range durabilities {
			if v := sums[dur]; v > 0 {
				r.value += v
				r.profile = append(r.profile, class{dur, v})
			}
		}
		f.roots = append(f.roots, r)
	}
}

// rootOf is what the machines of a slot are made from; a few kinds are in wide use.
func (w *world) rootOf(b int64) *root {
	return &w.firm.roots[skewed(w.rnd(rndRoot, b), int64(len(w.firm.roots)))]
}

// transferred is T(k) of MODEL.md §2 for an age in minutes.
func (r *root) transferred(age int64) int64 {
	var t int64
	for _, c := range r.profile {
		t += mulDiv(c.value, min(max(age, 0), c.durability), c.durability)
	}
	return t
}

// over is what a machine of that age gave beyond its estimate (MODEL.md §2).
func (r *root) over(age int64) int64 {
	var t int64
	for _, c := range r.profile {
		if age > c.durability {
			t += mulDiv(c.value, age-c.durability, c.durability)
		}
	}
	return min(t, r.value)
}

// age of a slot's machine at a time, whole minutes.
func (w *world) age(b, m, t int64) int64 { return max(0, (t-w.commissioned(b, m))/minute) }
