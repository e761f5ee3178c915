package leontief

import (
	"math"

	"planwerk/kernels"
)

// Refinement in cycles (Refined). A cycle takes the residual r in double precision, sweeps d ← r + Md in single precision,
// which makes the residual of d a multiple of M's powers, and adds to the answer the mean of the last three iterates that
// leaves the smallest residual (reduced rank extrapolation: Eddy 1979; Sidi, Vector Extrapolation Methods, 2017, §2.4). That
// mean takes away the few slow directions of an economy (all products together, large regions); what is left shrinks by the
// sweeps alone. Single precision halves the bytes per entry; the residual between cycles is exact to double precision, so
// the answer is as accurate as any other method's.

// Lengths of cycles, in sweeps. A residual that is at its goal but for a little gets fewer than leastSweeps.
const (
	firstSweeps = 6
	leastSweeps = 2
	mostSweeps  = 9 // more reach what single precision can tell
)

// refinedFrom is the fewest entries for which Auto takes Refined for one right-hand side: below, a solve is a matter of a quarter
// of a millisecond. Several sides take it whatever the size: block BiCGSTAB takes 2 to 3.5 times as long for sixteen of them
// from 800 to 200 000 entries on, and longer than one after another for two (BenchmarkSides).
const refinedFrom = 1 << 14

// largeFrom is from how many entries on a product is worth saving where bounds are sought.
const largeFrom = 1 << 18

// refinedGain is how much a cycle must at least reduce the residual; Auto takes BiCGSTAB where it does not.
const refinedGain = 0.1

// gain is refinedGain for a cycle of some sweeps: what is too short for a mean of three takes away less.
func gain(sweeps int) float64 {
	if sweeps > leastSweeps {
		return refinedGain
	}
	return 0.9
}

// pace chooses the lengths of cycles from what the ones before achieved.
type pace struct{ perDegree float64 } // logarithm of the reduction per power of M; 0: not known

// learn notes that a cycle of some sweeps reduced the residual to a share of what it was. The product in double precision
// that follows a cycle counts as a power too.
func (p *pace) learn(share float64, sweeps int) {
	if share > 0 && share < 1 {
		p.perDegree = math.Log(share) / float64(sweeps+1)
	}
}

// sweeps is the length of the next cycle when the residual is to shrink to the share need: the one with which all cycles
// to come cost least, a product in double precision reckoned as one and a half in single.
func (p *pace) sweeps(need float64) int {
	switch {
	case p.perDegree == 0 || !(need > 0):
		return firstSweeps
	case need > 0.6: // powers of M alone, in which the radius is felt: about a half each
		return 0
	case need > 0.35:
		return 1
	}
	degrees := math.Log(min(need/2, 0.5)) / p.perDegree
	best, least := mostSweeps, math.Inf(1)
	for cycles := 1.0; cycles <= 12; cycles++ {
		k := max(int(math.Ceil(degrees/cycles))-1, leastSweeps)
		if cost := cycles * (float64(k) + 1.5); k <= mostSweeps && cost < least {
			best, least = k, cost
		}
	}
	return best
}

// refiner is Refined for one right-hand side.
type refiner struct {
	*problem
	single []float32
	pace   pace
	c      []float32    // the residual, scaled
	ring   [4][]float32 // the last iterates: d after k sweeps in ring[k%4]
	before float64      // the norm of the residual a cycle began with; 0: there was none
	made   int          // its sweeps
}

func newRefiner(p *problem) (*refiner, error) {
	single, err := p.system.inSingle(p.team)
	if err != nil {
		return nil, err
	}
	n := len(p.b)
	f := &refiner{problem: p, single: single, c: kernels.Large[float32](n)}
	for k := range f.ring {
		f.ring[k] = kernels.Large[float32](n)
	}
	p.r, p.gain = kernels.Large[float64](n), 1
	if p.settings.Warm != nil { // as a cold solve of about the same system went
		f.pace.perDegree = p.system.perDegree
	}
	return f, nil
}

// cycle improves x. It begins from the residual that p.residual left in p.r; without one x becomes 0.
func (f *refiner) cycle(x []float64, goal float64) error {
	norm := f.rNorm
	if norm == 0 {
		s, err := f.sum(func(lo, hi int) sums {
			clear(x[lo:hi])
			copy(f.r[lo:hi], f.b[lo:hi])
			return sums{kernels.Dot(f.b[lo:hi], f.b[lo:hi])}
		})
		if err != nil {
			return err
		}
		norm = math.Sqrt(s[0])
	}
	if f.before > 0 {
		f.pace.learn(norm/f.before, f.made)
		if f.settings.Warm == nil {
			f.system.perDegree = f.pace.perDegree
		}
	}
	f.before, f.made = norm, f.pace.sweeps(goal/norm)
	f.gain = gain(f.made)
	f.products += f.made
	scale, err := f.start()
	if err != nil {
		return err
	}
	last := f.c
	for k := 1; k <= f.made; k++ {
		next := f.ring[k%4]
		if err := f.each(func(_, lo, hi int) {
			kernels.Sweep32(next[lo:hi], f.m.Ptr[lo:hi+1], f.m.Col, f.single, last, f.c[lo:hi])
		}); err != nil {
			return err
		}
		last = next
	}
	return f.add(x, scale)
}

// start sets c to the residual, scaled by a power of two so that its largest entry is about 1, and returns what undoes it.
func (f *refiner) start() (float64, error) {
	most, err := f.largest(func(lo, hi int) sums { return sums{kernels.NormInf(f.r[lo:hi])} })
	if err != nil {
		return 0, err
	}
	scale := powerOfTwo(most[0])
	inverse := 1 / scale
	return scale, f.each(func(_, lo, hi int) {
		c := f.c[lo:hi]
		for i, v := range f.r[lo:hi] {
			c[i] = float32(v * inverse)
		}
	})
}

// powerOfTwo is the largest power of two that is at most v, within what can be inverted; 1 for what is no positive number.
func powerOfTwo(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 1) {
		return 1
	}
	_, e := math.Frexp(v)
	return math.Ldexp(1, min(max(e-1, -1000), 1000))
}

// add adds the best mean of the last three iterates to x.
func (f *refiner) add(x []float64, scale float64) error {
	d := f.lastFour(f.made)
	parts := make([][6][kernels.Sides]float64, len(f.pieces))
	if err := f.each(func(p, lo, hi int) {
		kernels.DifferenceGram32(&parts[p], d[0][lo:hi], d[1][lo:hi], d[2][lo:hi], d[3][lo:hi])
	}); err != nil {
		return err
	}
	var gram [6]float64
	for p := range parts {
		for k := range gram {
			gram[k] += kernels.SumFloat64(parts[p][k][:])
		}
	}
	w := meanOf(&gram)
	for k := range w {
		w[k] *= scale
	}
	return f.each(func(_, lo, hi int) {
		d1, d2, d3, out := d[1][lo:hi], d[2][lo:hi], d[3][lo:hi], x[lo:hi]
		for i := range out {
			out[i] += (float64(w[0]*float64(d1[i])) + float64(w[1]*float64(d2[i]))) + float64(w[2]*float64(d3[i]))
		}
	})
}

// lastFour are the iterates after k−3, …, k sweeps; after none it is c.
func (f *refiner) lastFour(k int) (d [4][]float32) {
	for q := range d {
		if at := k - 3 + q; at > 0 {
			d[q] = f.ring[at%4]
		} else {
			d[q] = f.c
		}
	}
	return d
}

// meanOf gives the weights, adding up to 1, with which three vectors make the shortest sum, from their products 11, 12, 13,
// 22, 23, 33: G w ∝ 1. Where that says nothing, the last vector alone.
func meanOf(g *[6]float64) [3]float64 {
	last := [3]float64{0, 0, 1}
	if g[0] == 0 && g[3] > 0 && g[5] > 0 {
		return meanOfTwo(g[3], g[4], g[5])
	}
	if !(g[0] > 0 && g[3] > 0 && g[5] > 0) {
		return last
	}
	// Scaled to a diagonal of ones, with a little added to it: what single precision cannot tell is not to be divided by.
	const ridge = 1e-13
	s := [3]float64{1 / math.Sqrt(g[0]), 1 / math.Sqrt(g[3]), 1 / math.Sqrt(g[5])}
	a, b, c := g[1]*s[0]*s[1], g[2]*s[0]*s[2], g[4]*s[1]*s[2]
	// LDLᵀ of [1 a b; a 1 c; b c 1], then forward and back with the right-hand side s.
	d1 := 1 + float64(ridge)
	l21, l31 := a/d1, b/d1
	d2 := d1 - float64(l21*a)
	l32 := (c - float64(l31*a)) / d2
	d3 := d1 - float64(l31*b) - float64(float64(l32*l32)*d2)
	y2 := s[1] - float64(l21*s[0])
	y3 := s[2] - float64(l31*s[0]) - float64(l32*y2)
	w3 := y3 / d3
	w2 := y2/d2 - float64(l32*w3)
	w1 := s[0]/d1 - float64(l21*w2) - float64(l31*w3)
	w := [3]float64{w1 * s[0], w2 * s[1], w3 * s[2]}
	sum := w[0] + w[1] + w[2]
	for k := range w {
		if w[k] /= sum; !(math.Abs(w[k]) < 1e3) || !(d2 > 0 && d3 > 0) {
			return last
		}
	}
	return w
}

// meanOfTwo is meanOf where the first vector is nothing, as after two sweeps.
func meanOfTwo(a, b, c float64) [3]float64 {
	w := (c - b) / ((a - b) + (c - b))
	if !(math.Abs(w) < 1e3) {
		w = 0
	}
	return [3]float64{0, w, 1 - w}
}
