package leontief

import (
	"math"

	"planwerk/kernels"
)

// chunk is how many products the loops between layouts take at once, so that their parts of all vectors stay in the nearest
// cache.
const chunk = 64

// chunks calls g for parts of rows lo … hi−1.
func chunks(lo, hi int, g func(lo, hi int)) {
	for ; lo < hi; lo += chunk {
		g(lo, min(lo+chunk, hi))
	}
}

// block64 is a chunk of interleaved vectors.
type block64 [chunk * kernels.Sides]float64

// gather interleaves entries lo … hi−1 of vectors.
func (b *block64) gather(vectors [][]float64, lo, hi int) []float64 {
	for k, v := range vectors {
		for i, x := range v[lo:hi] {
			b[i*kernels.Sides+k] = x
		}
	}
	return b[:(hi-lo)*kernels.Sides]
}

// scatter is the way back.
func (b *block64) scatter(vectors [][]float64, lo, hi int) {
	for k, v := range vectors {
		for i := range v[lo:hi] {
			v[lo+i] = b[i*kernels.Sides+k]
		}
	}
}

// settle adds the corrections that were kept to the answers and, in the end, bounds the residuals.
func (f *sidesRefiner) settle(last bool) error {
	begun := f.x != nil
	for len(f.x) < len(f.sides) {
		f.x = append(f.x, kernels.Large[float64](f.m.Rows))
	}
	parts := make([][2][kernels.Sides]float64, len(f.pieces))
	err := f.each(func(p, lo, hi int) {
		var x, b block64
		chunks(lo, hi, func(lo, hi int) {
			at, end := lo*kernels.Sides, hi*kernels.Sides
			part := x[:end-at]
			if clear(part); begun {
				x.gather(f.x, lo, hi)
			}
			for q, d := range f.kept {
				kernels.AddSides32(part, d[at:end], &f.scale, f.limit(q), &f.over[p])
			}
			if x.scatter(f.x, lo, hi); last && f.r != nil {
				factor := f.roundoff(lo, hi)
				kernels.ErrorSides(part, b.gather(f.sides, lo, hi), f.r[at:end], factor[:hi-lo], &parts[p])
			}
		})
	})
	f.spare, f.kept = append(f.spare, f.kept...), f.kept[:0]
	if last {
		f.certify(parts)
	}
	return err
}

// limit is what share of the answer it leads to the q-th of the kept corrections may be for the proof of certify: the first of
// all is the answer, and only must not be negative; later ones must be within x/8, x/16, …
func (f *sidesRefiner) limit(q int) float64 {
	if q += f.cycles - len(f.kept); q > 0 {
		return math.Ldexp(1, -q-2)
	}
	return 1
}

// roundoff is what share of |b| + |x| + |r| rounding may have done to the residuals of rows lo … hi−1.
//
// A cycle's r differs from r_old − d + Md by at most γ(|r_old| + |d| + M|d|), γ as in the function roundoff, and rounding the
// answer by u|x| costs the residual u(|x| + M|x|). The first d is the answer so far and, where it is nowhere negative,
// M|d| = Md ≤ |r| + |b| + |d|. A later d was checked to be within x/8, x/16, …, so that x stays of one size and Mx tells M|d|.
// So every cycle costs at most 4γ(|b| + |x| + |r|), with room for one more.
func (f *sidesRefiner) roundoff(lo, hi int) (factor [chunk]float64) {
	many := float64(4 * (f.cycles + 1))
	for i := lo; i < hi; i++ {
		factor[i-lo] = many * roundoff(int(f.m.Ptr[i+1]-f.m.Ptr[i]))
	}
	return factor
}

// certify decides which sides are at their goals, from the errors that rounding may have made.
func (f *sidesRefiner) certify(parts [][2][kernels.Sides]float64) {
	for k := range f.sides {
		s, floor, doubtful := &f.state[k], 0.0, false
		s.rest = residual{norm: math.Sqrt(s.squares)}
		for p := range parts {
			floor += parts[p][0][k]
			s.rest.bound = larger(s.rest.bound, parts[p][1][k])
			doubtful = doubtful || f.over[p][k] > 0
		}
		s.rest.floor = math.Sqrt(floor)
		s.done = !doubtful && (s.rest.norm <= s.goal || s.rest.norm <= s.rest.floor)
	}
}
