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

// mostKept is how many corrections wait until they are added to the answers.
const mostKept = 3

// sidesRefiner is Refined for up to sixteen right-hand sides. Vectors are interleaved, side k of product i at i·Sides + k.
// The residual is not computed anew after a cycle but goes on from the one before, r ← r − d + Md, and its rounding errors are
// added up. Corrections stay in single precision and become answers in one pass over all of them (settle).
type sidesRefiner struct {
	*team
	m              *sparse.CSR
	single         []float32
	sides          [][]float64
	x              [][]float64              // answers, as far as corrections are in them
	r              []float64                // residuals; nil before the first cycle, when they are the sides
	c              []float32                // the same, scaled
	ring           [4][]float32             // d after k sweeps in ring[k%4]; nil: to be made
	kept           [][]float32              // corrections that are not in x yet, in units of scale
	spare          [][]float32              // vectors for the ring
	scale, inverse [kernels.Sides]float64   // powers of two: r is scale·c. The inverse is 0 for sides not in the cycles.
	over           [][kernels.Sides]float64 // per piece of rows: by how much a correction was too large for certify
	state          [kernels.Sides]sideState
	pace           pace
	cycles         int
	products       int
}

// sideState is what is known of one side.
type sideState struct {
	active, done bool // in the cycles; at its goal
	goal, norm   float64
	squares      float64 // of the residual
	rest         residual
}

// solveRefined solves up to sixteen sides. A side that the cycles do not bring to its goal is finished by itself.
func (s *System) solveRefined(ctx context.Context, sides [][]float64, set Settings) ([]*Solution, error) {
	begun := time.Now()
	f, err := s.refineSides(ctx, sides, set)
	for err == nil && f.more() && f.products < set.Products {
		err = f.cycle()
	}
	if err == nil {
		err = f.settle(true)
	}
	if err != nil {
		return nil, err
	}
	out := make([]*Solution, len(sides))
	for k := range sides {
		state := &f.state[k]
		sol := &Solution{X: f.x[k], Method: Refined, Preconditioner: None, Converged: true}
		switch {
		case state.norm == 0: // the side is zero, and so is its answer
		case state.done:
			sol.Residual, sol.Relative = state.rest.bound, state.rest.norm/state.norm
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
	f := &sidesRefiner{team: t, m: s.m, single: single, sides: sides, c: kernels.Large[float32](s.m.Rows * kernels.Sides),
		over: make([][kernels.Sides]float64, len(t.pieces))}
	type size struct{ squares, most [kernels.Sides]float64 }
	parts := make([]size, len(t.pieces))
	if err := f.each(func(p, lo, hi int) {
		for k, b := range sides {
			parts[p].squares[k], parts[p].most[k] = kernels.Dot(b[lo:hi], b[lo:hi]), kernels.NormInf(b[lo:hi])
		}
	}); err != nil {
		return nil, err
	}
	for k := range sides {
		squares, most := 0.0, 0.0
		for p := range parts {
			squares, most = squares+parts[p].squares[k], larger(most, parts[p].most[k])
		}
		norm := math.Sqrt(squares)
		f.state[k] = sideState{active: norm > 0, norm: norm, goal: set.Tolerance * norm, squares: squares}
		if f.scale[k] = powerOfTwo(most); norm > 0 {
			f.inverse[k] = 1 / f.scale[k]
		}
	}
	return f, f.begin()
}

// begin sets c to the sides, each scaled so that its largest entry is about 1.
func (f *sidesRefiner) begin() error {
	return f.each(func(_, lo, hi int) {
		chunks(lo, hi, func(lo, hi int) {
			c := f.c[lo*kernels.Sides : hi*kernels.Sides]
			for k, b := range f.sides {
				for i, v := range b[lo:hi] {
					c[i*kernels.Sides+k] = float32(v * f.inverse[k])
				}
			}
		})
	})
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
	if len(f.kept) == mostKept {
		if err := f.settle(false); err != nil {
			return err
		}
	}
	need := 1.0
	for k := range f.state {
		if s := &f.state[k]; s.active {
			need = min(need, s.goal/math.Sqrt(s.squares))
		}
	}
	sweeps := f.pace.sweeps(need)
	if err := f.sweep(sweeps); err != nil {
		return err
	}
	f.products += sweeps + 1
	f.cycles++
	before := f.state
	if err := f.correct(f.kept[len(f.kept)-1]); err != nil {
		return err
	}
	return f.judge(&before, sweeps)
}

// sweep makes the sweeps of a cycle and keeps each side's best mean of the last three iterates, in single precision.
func (f *sidesRefiner) sweep(sweeps int) error {
	for k := range f.ring {
		if f.ring[k] == nil {
			f.ring[k] = f.vector()
		}
	}
	parts := make([][6][kernels.Sides]float64, len(f.pieces))
	last, d := f.c, (&refiner{c: f.c, ring: f.ring}).lastFour(sweeps)
	for k := 1; k <= sweeps; k++ {
		next := f.ring[k%4]
		if err := f.each(func(p, lo, hi int) {
			at, end := lo*kernels.Sides, hi*kernels.Sides
			kernels.SweepSides32(next[at:end], f.m.Ptr[lo:hi+1], f.m.Col, f.single, last, f.c[at:end])
			if k == sweeps {
				kernels.DifferenceGram32(&parts[p], d[0][at:end], d[1][at:end], d[2][at:end], d[3][at:end])
			}
		}); err != nil {
			return err
		}
		last = next
	}
	w := weights(parts)
	slot := (sweeps + 1) % 4 // of the oldest iterate
	to := f.ring[slot]
	f.ring[slot], f.kept = nil, append(f.kept, to)
	return f.each(func(_, lo, hi int) {
		at, end := lo*kernels.Sides, hi*kernels.Sides
		kernels.MeanSides32(to[at:end], d[1][at:end], d[2][at:end], d[3][at:end], w)
	})
}

// weights are those of each side's mean, from the products of the differences by piece of rows.
func weights(parts [][6][kernels.Sides]float64) *[3][kernels.Sides]float32 {
	w := new([3][kernels.Sides]float32)
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
	return w
}

// vector gives a vector in single precision of all sides.
func (f *sidesRefiner) vector() []float32 {
	if n := len(f.spare); n > 0 {
		v := f.spare[n-1]
		f.spare = f.spare[:n-1]
		return v
	}
	return kernels.Large[float32](len(f.c))
}

// correct brings the residuals up to date after a correction.
func (f *sidesRefiner) correct(d []float32) error {
	first := f.r == nil
	if first {
		f.r = kernels.Large[float64](len(f.c))
	}
	parts := make([][kernels.Sides]float64, len(f.pieces))
	err := f.each(func(p, lo, hi int) {
		var md, b block64
		chunks(lo, hi, func(lo, hi int) {
			at, end := lo*kernels.Sides, hi*kernels.Sides
			product := md[:end-at]
			kernels.ProductSides32(product, f.m.Ptr[lo:hi+1], f.m.Col, f.m.Val, d)
			old := f.r[at:end]
			if first {
				old = b.gather(f.sides, lo, hi)
			}
			kernels.CorrectSides32(f.r[at:end], f.c[at:end], old, product, d[at:end], &f.scale, &f.inverse, &parts[p])
		})
	})
	for k := range f.sides {
		if s := &f.state[k]; s.active {
			s.squares = 0
			for p := range parts {
				s.squares += parts[p][k]
			}
		}
	}
	return err
}

// judge decides which sides go on.
func (f *sidesRefiner) judge(before *[kernels.Sides]sideState, sweeps int) error {
	slowest := 0.0
	var rests []int
	for k := range f.state {
		if s := &f.state[k]; s.active {
			share := math.Sqrt(s.squares / before[k].squares)
			slowest = larger(slowest, share)
			if s.active = !(math.Sqrt(s.squares) <= s.goal) && share <= gain(sweeps); !s.active {
				rests = append(rests, k)
			}
		}
	}
	f.pace.learn(slowest, sweeps)
	if len(rests) == 0 || !f.more() {
		return nil
	}
	// What is left of the others is corrected no further.
	for _, k := range rests {
		f.inverse[k] = 0
	}
	return f.each(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			for _, k := range rests {
				f.c[i*kernels.Sides+k] = 0
			}
		}
	})
}
