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
	goal         float64
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
		case state.goal == 0: // the side is zero, and so is its answer
		case state.done:
			sol.Residual, sol.Relative = state.rest.bound, state.rest.norm/(state.goal/set.Tolerance)
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
	f := &sidesRefiner{team: t, m: s.m, single: single, sides: sides, x: make([][]float64, len(sides)), r: make([]float64, size), c: make([]float32, size)}
	for k := range f.ring {
		f.ring[k] = make([]float32, size)
	}
	for k, b := range sides {
		f.x[k] = make([]float64, len(b))
		norm, err := t.dot(b, b)
		if err != nil {
			return nil, err
		}
		norm = math.Sqrt(norm)
		f.state[k] = sideState{active: norm > 0, goal: set.Tolerance * norm, rest: residual{norm: norm}}
	}
	return f, nil
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
			need = min(need, s.goal/s.rest.norm)
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
	f.judge(&before, sweeps)
	return nil
}

// judge decides which sides are done and which go on.
func (f *sidesRefiner) judge(before *[kernels.Sides]sideState, sweeps int) {
	slowest := 0.0
	for k := range f.state {
		s := &f.state[k]
		if !s.active {
			continue
		}
		share := s.rest.norm / before[k].rest.norm
		slowest = larger(slowest, share)
		reached := s.rest.norm <= s.goal || s.rest.norm <= s.rest.floor
		s.done = reached && !s.doubtful
		s.active = !reached && share <= refinedGain
	}
	f.pace.learn(slowest, sweeps)
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
	parts := make([][kernels.Sides]float64, len(f.pieces))
	if err := f.each(func(p, lo, hi int) {
		var part [chunk]float64
		chunks(lo, hi, func(lo, hi int) {
			for k := range f.sides {
				parts[p][k] = larger(parts[p][k], kernels.NormInf(f.residualOf(&part, k, lo, hi)))
			}
		})
	}); err != nil {
		return err
	}
	var inverse [kernels.Sides]float64
	for k := range f.sides {
		most := 0.0
		for p := range parts {
			most = larger(most, parts[p][k])
		}
		if f.scale[k] = powerOfTwo(most); f.state[k].active {
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
	for k := range f.sides {
		s := &f.state[k]
		if !s.active {
			continue
		}
		rests := make([]residual, len(parts))
		for p := range parts {
			rests[p] = parts[p][k].rest
			s.doubtful = s.doubtful || parts[p][k].doubtful
		}
		s.rest = residuals(rests)
	}
	return err
}

// correctSide is correct for one side and some products.
//
// What rounding may have done to an entry: a cycle's r differs from r_old − d + Md by at most γ(|r_old| + |d| + M|d|), γ as
// in roundoff, and rounding the answer by u|x| costs the residual u(|x| + M|x|). The first d is the answer so far and, where
// it is nowhere negative, M|d| = Md ≤ |r| + |b| + |d|. A later d is checked to be within x/8, x/16, …, so that x stays of one
// size and Mx tells M|d|. So every cycle costs at most 4γ(|b| + |x| + |r|), with room for one more.
func (f *sidesRefiner) correctSide(s *sideState, k, lo, hi int, d []float32, md *[chunk * kernels.Sides]float64) {
	scale, first, many := f.scale[k], f.cycles == 1, float64(4*(f.cycles+1))
	share := math.Ldexp(1, -f.cycles-1)
	b, x := f.sides[k][lo:hi], f.x[k][lo:hi]
	for i := range x {
		at := (lo+i)*kernels.Sides + k
		step := scale * float64(d[at])
		old := b[i]
		if !first {
			old = f.r[at]
			s.doubtful = s.doubtful || !(math.Abs(step) <= share*x[i])
		} else if !(step >= 0) {
			s.doubtful = true
		}
		r := old - step + scale*md[i*kernels.Sides+k]
		f.r[at] = r
		x[i] += step
		slack := roundoff(int(f.m.Ptr[lo+i+1] - f.m.Ptr[lo+i]))
		s.rest.take(r, float64(many*slack*(math.Abs(b[i])+math.Abs(x[i])+math.Abs(r))))
	}
}
