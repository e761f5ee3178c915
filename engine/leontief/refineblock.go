package leontief

import (
	"context"
	"math"
	"time"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// refinedSides is the fewest right-hand sides that go through the matrix at once: below, one after another takes less.
const refinedSides = 4

// sidesRefiner is Refined for up to sixteen right-hand sides. Vectors in single precision are interleaved, side k of
// product i at i·Sides + k; so is the residual. The residual is not computed anew after a cycle but goes on from the one
// before, r ← r − d + Md, and its rounding errors are added up.
type sidesRefiner struct {
	*team
	m        *sparse.CSR
	single   []float32
	sides    [][]float64
	x        [][]float64
	r        []float64
	c        []float32
	ring     [4][]float32
	scale    [kernels.Sides]float64 // powers of two: the residual is scale·c
	state    [kernels.Sides]sideState
	pace     pace
	cycles   int
	products int
}

// sideState is what is known of one side.
type sideState struct {
	active, done bool // in the cycles; at its goal
	goal, norm   float64
	squares      float64 // of the residual
	most         float64 // its largest entry
	rest         residual
	doubtful     bool // a correction too large for the bound of rounding errors
}

// solveRefined solves up to sixteen sides. A side that the cycles do not bring to its goal is finished by itself.
func (s *System) solveRefined(ctx context.Context, sides [][]float64, set Settings) ([]*Solution, error) {
	begun := time.Now()
	f, err := s.refineSides(ctx, sides, set)
	if err != nil {
		return nil, err
	}
	for f.cycles == 0 || f.more() && f.products < set.Products {
		if err := f.cycle(); err != nil {
			return nil, err
		}
	}
	out := make([]*Solution, len(sides))
	for k := range sides {
		state := &f.state[k]
		sol := &Solution{X: f.x[k], Method: Refined, Preconditioner: None, Converged: true}
		switch {
		case state.norm == 0: // the side is zero, and so is its answer
		case state.done:
			sol.Residual, sol.Relative = state.rest.bound, math.Sqrt(state.squares)/state.norm
		default:
			again := set
			again.Warm, again.Method = f.x[k], Auto
			if sol, err = s.Solve(ctx, sides[k], again); err != nil {
				return nil, err
			}
		}
		sol.Products += f.products
		sol.Seconds = time.Since(begun).Seconds()
		out[k] = sol
	}
	return out, nil
}

func (s *System) refineSides(ctx context.Context, sides [][]float64, set Settings) (*sidesRefiner, error) {
	t := s.on(ctx, set.Threads)
	single, err := s.inSingle(t)
	if err != nil {
		return nil, err
	}
	size := s.m.Rows * kernels.Sides
	f := &sidesRefiner{team: t, m: s.m, single: single, sides: sides, x: make([][]float64, len(sides)), r: kernels.Large[float64](size), c: kernels.Large[float32](size)}
	for k := range f.ring {
		f.ring[k] = kernels.Large[float32](size)
	}
	for k, b := range sides {
		f.x[k] = kernels.Large[float64](len(b))
	}
	err = f.measure(func(p *sideState, k, lo, hi int) {
		b := sides[k][lo:hi]
		p.squares, p.most = kernels.Dot(b, b), kernels.NormInf(b)
	}, func(k int, all *sideState) {
		norm := math.Sqrt(all.squares)
		f.state[k] = sideState{active: norm > 0, norm: norm, goal: set.Tolerance * norm, squares: all.squares, most: all.most}
	})
	return f, err
}

// measure has every piece of rows say something of every side, adds it up in the order of the pieces, and hands it to take.
func (f *sidesRefiner) measure(of func(p *sideState, k, lo, hi int), take func(k int, all *sideState)) error {
	parts := make([][kernels.Sides]sideState, len(f.pieces))
	if err := f.each(func(p, lo, hi int) {
		for k := range f.sides {
			of(&parts[p][k], k, lo, hi)
		}
	}); err != nil {
		return err
	}
	f.total(parts, take)
	return nil
}

func (f *sidesRefiner) total(parts [][kernels.Sides]sideState, take func(k int, all *sideState)) {
	for k := range f.sides {
		var all sideState
		for p := range parts {
			part := &parts[p][k]
			all.squares, all.most = all.squares+part.squares, larger(all.most, part.most)
			all.rest.floor, all.rest.bound = all.rest.floor+part.rest.floor, larger(all.rest.bound, part.rest.bound)
			all.doubtful = all.doubtful || part.doubtful
		}
		take(k, &all)
	}
}

// more tells whether a side is still in the cycles.
func (f *sidesRefiner) more() bool {
	for k := range f.state {
		if f.state[k].active {
			return true
		}
	}
	return false
}

// cycle is refiner.cycle for all sides: they share its length, not its weights.
func (f *sidesRefiner) cycle() error {
	need := 1.0
	for k := range f.state {
		if s := &f.state[k]; s.active {
			need = min(need, s.goal/math.Sqrt(s.squares))
		}
	}
	sweeps := f.pace.sweeps(need)
	if err := f.begin(); err != nil {
		return err
	}
	last := f.c
	for k := 1; k <= sweeps; k++ {
		next := f.ring[k%4]
		if err := f.each(func(_, lo, hi int) {
			at, end := lo*kernels.Sides, hi*kernels.Sides
			kernels.SweepSides32(next[at:end], f.m.Ptr[lo:hi+1], f.m.Col, f.single, last, f.c[at:end])
		}); err != nil {
			return err
		}
		last = next
	}
	f.products += sweeps + 1
	f.cycles++
	d, err := f.mean(sweeps)
	if err != nil {
		return err
	}
	before := f.state
	if err := f.correct(d); err != nil {
		return err
	}
	return f.judge(&before, sweeps)
}

// judge decides which sides are done and which go on.
func (f *sidesRefiner) judge(before *[kernels.Sides]sideState, sweeps int) error {
	slowest, rests := 0.0, false
	for k := range f.state {
		if s := &f.state[k]; s.active {
			share := math.Sqrt(s.squares / before[k].squares)
			slowest = larger(slowest, share)
			s.active = !(math.Sqrt(s.squares) <= s.goal) && share <= refinedGain
			rests = rests || !s.active
		}
	}
	f.pace.learn(slowest, sweeps)
	if !rests {
		return nil
	}
	return f.measure(f.certify, func(k int, all *sideState) {
		s := &f.state[k]
		s.rest = residual{math.Sqrt(s.squares), all.rest.bound, math.Sqrt(all.rest.floor)}
		s.done = !s.doubtful && (s.rest.norm <= s.goal || s.rest.norm <= s.rest.floor)
	})
}

// chunk is how many products the loops between layouts take at once, so that their parts of all vectors stay in the nearest
// cache.
const chunk = 64

// chunks calls g for parts of rows lo … hi−1.
func chunks(lo, hi int, g func(lo, hi int)) {
	for ; lo < hi; lo += chunk {
		g(lo, min(lo+chunk, hi))
	}
}

// residualOf copies the residual of side k for products lo … hi−1, no more than a chunk.
func (f *sidesRefiner) residualOf(to *[chunk]float64, k, lo, hi int) []float64 {
	out := to[:hi-lo]
	if f.cycles == 0 {
		copy(out, f.sides[k][lo:hi])
		return out
	}
	r := f.r[lo*kernels.Sides+k:]
	for i := range out {
		out[i] = r[i*kernels.Sides]
	}
	return out
}

// begin sets c to the residuals, each scaled so that its largest entry is about 1. Sides that are not active get zeros.
func (f *sidesRefiner) begin() error {
	var inverse [kernels.Sides]float64
	for k := range f.sides {
		if f.scale[k] = powerOfTwo(f.state[k].most); f.state[k].active {
			inverse[k] = 1 / f.scale[k]
		}
	}
	return f.each(func(_, lo, hi int) {
		var part [chunk]float64
		chunks(lo, hi, func(lo, hi int) {
			c := f.c[lo*kernels.Sides : hi*kernels.Sides]
			for k := range f.sides {
				for i, v := range f.residualOf(&part, k, lo, hi) {
					c[i*kernels.Sides+k] = float32(v * inverse[k])
				}
			}
		})
	})
}

// mean sets the oldest iterate to each side's best mean of the three that came after, in single precision, and returns it.
func (f *sidesRefiner) mean(sweeps int) ([]float32, error) {
	d := (&refiner{c: f.c, ring: f.ring}).lastFour(sweeps)
	parts := make([][6][kernels.Sides]float64, len(f.pieces))
	if err := f.each(func(p, lo, hi int) {
		at, end := lo*kernels.Sides, hi*kernels.Sides
		kernels.DifferenceGram32(&parts[p], d[0][at:end], d[1][at:end], d[2][at:end], d[3][at:end])
	}); err != nil {
		return nil, err
	}
	var w [3][kernels.Sides]float32
	for k := range kernels.Sides {
		var gram [6]float64
		for p := range parts {
			for q := range gram {
				gram[q] += parts[p][q][k]
			}
		}
		for q, v := range meanOf(&gram) {
			w[q][k] = float32(v)
		}
	}
	to := f.ring[(sweeps+1)%4]
	return to, f.each(func(_, lo, hi int) {
		for at := lo * kernels.Sides; at < hi*kernels.Sides; at += kernels.Sides {
			a, b, c := (*[kernels.Sides]float32)(d[1][at:]), (*[kernels.Sides]float32)(d[2][at:]), (*[kernels.Sides]float32)(d[3][at:])
			out := (*[kernels.Sides]float32)(to[at:])
			for k := range out {
				out[k] = (float32(w[0][k]*a[k]) + float32(w[1][k]*b[k])) + float32(w[2][k]*c[k])
			}
		}
	})
}

// correct adds scale·d to the answers of the active sides and brings their residuals up to date.
func (f *sidesRefiner) correct(d []float32) error {
	parts := make([][kernels.Sides]sideState, len(f.pieces))
	err := f.each(func(p, lo, hi int) {
		var md [chunk * kernels.Sides]float64
		chunks(lo, hi, func(lo, hi int) {
			kernels.ProductSides32(md[:(hi-lo)*kernels.Sides], f.m.Ptr[lo:hi+1], f.m.Col, f.m.Val, d)
			for k := range f.sides {
				if f.state[k].active {
					f.correctSide(&parts[p][k], k, lo, hi, d, &md)
				}
			}
		})
	})
	f.total(parts, func(k int, all *sideState) {
		if s := &f.state[k]; s.active {
			s.squares, s.most, s.doubtful = all.squares, all.most, s.doubtful || all.doubtful
		}
	})
	return err
}

// correctSide is correct for one side and some products. Its first correction is the answer so far; a later one that is not
// within x/8, x/16, … makes the side doubtful.
func (f *sidesRefiner) correctSide(s *sideState, k, lo, hi int, d []float32, md *[chunk * kernels.Sides]float64) {
	scale, limit := f.scale[k], math.Ldexp(1, -f.cycles-1)
	x, b := f.x[k][lo:hi], f.sides[k][lo:hi]
	r, c := f.r[lo*kernels.Sides+k:], d[lo*kernels.Sides+k:]
	squares, most, within := 0.0, s.most, true
	for i := range x {
		at := i * kernels.Sides
		step := scale * float64(c[at])
		old := b[i]
		if f.cycles > 1 {
			old = r[at]
			within = within && math.Abs(step) <= limit*x[i]
		} else {
			within = within && step >= 0
		}
		v := old - step + scale*md[at+k]
		r[at] = v
		x[i] += step
		squares += float64(v * v)
		most = larger(most, math.Abs(v))
	}
	s.squares, s.most, s.doubtful = s.squares+squares, most, s.doubtful || !within
}

// certify bounds the residual of a side.
//
// What rounding may have done to an entry: a cycle's r differs from r_old − d + Md by at most γ(|r_old| + |d| + M|d|), γ as
// in roundoff, and rounding the answer by u|x| costs the residual u(|x| + M|x|). The first d is the answer so far and, where
// it is nowhere negative, M|d| = Md ≤ |r| + |b| + |d|. A later d was checked to be within x/8, x/16, …, so that x stays of one
// size and Mx tells M|d|. So every cycle costs at most 4γ(|b| + |x| + |r|), with room for one more.
func (f *sidesRefiner) certify(s *sideState, k, lo, hi int) {
	many := float64(4 * (f.cycles + 1))
	b, x, r := f.sides[k], f.x[k], f.r[lo*kernels.Sides+k:]
	for i := lo; i < hi; i++ {
		v := math.Abs(r[(i-lo)*kernels.Sides])
		err := many * roundoff(int(f.m.Ptr[i+1]-f.m.Ptr[i])) * (math.Abs(b[i]) + x[i] + v)
		s.rest.floor += float64(err * err)
		s.rest.bound = larger(s.rest.bound, v+err)
	}
}
