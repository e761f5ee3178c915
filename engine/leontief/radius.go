package leontief

import (
	"context"
	"math"
	"sync"

	"planwerk/engine/sparse"
	"planwerk/kernels"
)

// Radius bounds the spectral radius of |M| from both sides.
type Radius struct {
	Lower, Upper float64
	// Products of the strongly connected group that Lower comes from, in rising order; of the one that Upper comes from where
	// they leave open whether the radius is below 1.
	Group    []int32
	Groups   int // groups of several products, or of one that uses itself
	Products int // with the matrix
}

// SpectralRadius bounds the radius of |M| by Collatz and Wielandt's quotients: on a strongly connected group, for any v > 0,
// min (|M|v)ᵢ/vᵢ ≤ ρ ≤ max (|M|v)ᵢ/vᵢ; the radius is the largest over the groups. v comes from power iteration on all
// groups at once, shifted so that it converges on periodic groups too. It ends when the bounds are within tolerance of each other,
// relatively, or after so many products. Rounding errors are allowed for.
func SpectralRadius(ctx context.Context, m *sparse.CSR, tolerance float64, products, threads int) (*Radius, error) {
	s, err := NewSystem(m, threads)
	if err != nil {
		return nil, err
	}
	return s.Radius(ctx, tolerance, products)
}

// closest is the tolerance from which on nothing but it counts, whatever the bounds prove.
const closest = 1e-12

// Radius is SpectralRadius with what the system keeps: the groups, and the vector of the last iteration to begin with. After
// an Update one product with the matrix is enough when its bounds still prove the radius to be below 1: they are as close as
// the change is small.
func (s *System) Radius(ctx context.Context, tolerance float64, products int) (*Radius, error) {
	g, r := s.quotients, &Radius{}
	if g == nil {
		var err error
		if g, err = s.newQuotients(ctx); err != nil {
			return nil, err
		}
	}
	t := *s.on(ctx, s.threads)
	g.team = &t
	if r.Groups = g.groups; r.Groups == 0 {
		return r, nil
	}
	if g.gap > 0 {
		if best, err := g.boundsAgain(r); err != nil {
			return nil, err
		} else if gap := r.Upper - r.Lower; gap <= tolerance*r.Upper || r.Upper < 1 && tolerance > closest {
			r.Group = g.members(g.atFault(r, best))
			return r, nil
		}
		clear(g.lower)
		clear(g.upper)
	} else if g.groups == 1 && s.sign > 0 && g.b.NNZ() >= largeFrom && products > 1 {
		if err := s.approach(g, products-1); err != nil {
			return nil, err
		}
		r.Products = products - 1
	}
	return r, g.iterate(r, tolerance, products)
}

// iterate goes on until the bounds are within tolerance of each other, measuring after every fourth product and the last.
func (g *quotients) iterate(r *Radius, tolerance float64, products int) error {
	for r.Products < products {
		if r.Products%4 != 3 && r.Products+1 < products {
			if err := g.step(); err != nil {
				return err
			}
			r.Products++
			if err := g.goOn(); err != nil {
				return err
			}
			continue
		}
		best, err := g.bounds(r)
		if err != nil {
			return err
		}
		if r.Upper-r.Lower <= tolerance*r.Upper || r.Products >= products {
			r.Group = g.members(g.atFault(r, best))
			break
		}
	}
	return nil
}

// bounds makes a step, takes the bounds from it, and goes on from where it leads.
func (g *quotients) bounds(r *Radius) (best int32, err error) {
	if err := g.step(); err != nil {
		return 0, err
	}
	r.Products++
	if g.quotient == nil {
		g.quotient, g.off = kernels.Large[float64](len(g.v)), kernels.Large[float64](len(g.v))
	}
	if err := g.each(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			g.quotient[i], g.off[i] = g.next[i]/g.v[i], 0
		}
	}); err != nil {
		return 0, err
	}
	for own := range g.shifts {
		g.shifts[own] = g.shift(int32(own))
	}
	if best, err = g.collect(r, g.v); err != nil {
		return 0, err
	}
	g.gap = max(r.Upper-r.Lower, math.SmallestNonzeroFloat64)
	return best, g.normalise()
}

// collect takes bounds and groups from the quotients of a vector.
func (g *quotients) collect(r *Radius, v []float64) (best int32, err error) {
	if best, err = g.measure(v); err != nil {
		return 0, err
	}
	r.Lower, r.Upper = g.lower[best], 0
	for _, u := range g.upper {
		r.Upper = max(r.Upper, u)
	}
	return best, nil
}

// boundsAgain takes the bounds from the vector of the last measure, whose quotients Update kept.
func (g *quotients) boundsAgain(r *Radius) (best int32, err error) {
	clear(g.lower)
	clear(g.upper)
	return g.collect(r, g.next) // where normalise left the vector
}

// set takes a change of |M| in row i and column j into the quotients of the last measure. Rounding is added to what they may
// be off by.
func (g *quotients) set(i, j int32, change float64) {
	if g.gap == 0 || g.group[i] != g.group[j] {
		return
	}
	term := float64(change*g.next[j]) / g.next[i]
	g.quotient[i] += term
	g.off[i] += float64(0x1p-50*(math.Abs(term)+g.quotient[i])) + math.SmallestNonzeroFloat64/g.next[i]
}

func (s *System) newQuotients(ctx context.Context) (*quotients, error) {
	t := s.on(ctx, s.threads)
	b, signed, err := s.absolute(t)
	if err != nil {
		return nil, err
	}
	g := &quotients{team: t, b: b, v: ones(b.Rows), next: make([]float64, b.Rows)}
	g.group, g.count = Groups(b)
	g.lower, g.upper, g.top, g.shifts = make([]float64, g.count), make([]float64, g.count), make([]float64, g.count), make([]float64, g.count)
	g.inside, g.groups = g.real()
	g.leaveOut()
	if !signed {
		s.quotients = g
	}
	return g, nil
}

// approach sets v by power iteration on the whole matrix in single precision, for a matrix with one group. What lies outside
// the group uses it or serves it, but no path leads back, so the vector comes to that of the group there.
func (s *System) approach(g *quotients, products int) error {
	single, err := s.inSingle(g.team)
	if err != nil {
		return err
	}
	n := s.m.Rows
	v, next, shift := kernels.Large[float32](n), kernels.Large[float32](n), kernels.Large[float32](n)
	for i := range v {
		v[i] = 1
	}
	for range products {
		// v' = Mv + ρv/5, ρ about a half: any shift keeps the bounds true. The size stays within single precision by scaling.
		most, err := g.largest(func(lo, hi int) sums {
			for i := lo; i < hi; i++ {
				shift[i] = v[i] * 0.1
			}
			kernels.Sweep32(next[lo:hi], s.m.Ptr[lo:hi+1], s.m.Col, single, v, shift[lo:hi])
			most := float32(0)
			for _, x := range next[lo:hi] {
				most = max(most, x)
			}
			return sums{float64(most)}
		})
		if err != nil {
			return err
		}
		if most[0] > 1e10 || most[0] < 1e-10 {
			by := float32(1 / most[0])
			for i := range next {
				next[i] *= by
			}
		}
		v, next = next, v
	}
	for i, x := range v {
		if g.v[i] = float64(x); !(g.v[i] > 1e-30 && g.v[i] < 1e30) {
			g.v[i] = 1e-30 // any positive value keeps the bounds true
		}
	}
	g.leaveOut()
	return nil
}

// leaveOut sets v to 0 where there is no group with an edge inside. With one group a product with the whole matrix is then
// one within the group.
func (g *quotients) leaveOut() {
	for i, own := range g.group {
		if !g.inside[own] {
			g.v[i] = 0
		}
	}
}

// quotients is the iteration under way.
type quotients struct {
	*team
	b            *sparse.CSR
	group        []int32
	count        int32
	groups       int     // with an edge inside
	gap          float64 // between the bounds of the last measure; 0: none yet
	inside       []bool  // per group: it has an edge inside; others have the radius 0
	v, next      []float64
	lower, upper []float64 // per group, so far
	top          []float64 // per group, the largest of next
	quotient     []float64 // per row, of the last measure; its vector is next after it
	shifts       []float64 // per group, in it
	off          []float64 // per row, what Update's changes may have left quotient off by
}

// real marks and counts the groups with an edge inside.
func (g *quotients) real() (inside []bool, n int) {
	inside = make([]bool, g.count)
	for i := range g.b.Rows {
		if inside[g.group[i]] {
			continue
		}
		cols, vals := g.b.Row(i)
		for k, c := range cols {
			if g.group[c] == g.group[i] && vals[k] != 0 {
				inside[g.group[i]] = true
				n++
				break
			}
		}
	}
	return inside, n
}

// step sets next to (|M| + shift)v within groups. The shift of a group is a fifth of its radius, as far as it is known.
func (g *quotients) step() error {
	return g.each(func(_, lo, hi int) {
		if g.groups == 1 {
			g.b.MulRows(g.next, g.v, lo, hi)
		}
		for i := lo; i < hi; i++ {
			switch own := g.group[i]; {
			case !g.inside[own]:
				g.next[i] = 0
			case g.groups == 1:
				g.next[i] += float64(g.shift(own) * g.v[i])
			default:
				g.next[i] = g.within(i) + float64(g.shift(own)*g.v[i])
			}
		}
	})
}

// shift is what step adds of v itself. Any shift keeps the bounds true.
func (g *quotients) shift(own int32) float64 {
	if u := g.upper[own]; u < 1e100 {
		return 0.2 * u
	}
	return 0
}

// goOn goes on from next, as it is but for what floating point could lose in the products to come.
func (g *quotients) goOn() error {
	g.v, g.next = g.next, g.v
	return g.each(func(_, lo, hi int) {
		for i, x := range g.v[lo:hi] {
			if !(x > 1e-200 && x < 1e200) && g.inside[g.group[lo+i]] {
				if g.v[lo+i] = 1e-200; x > 1 {
					g.v[lo+i] = 1e200
				}
			}
		}
	})
}

// within is row i of |M|v over the products of its own group, in the order of the entries.
func (g *quotients) within(i int) float64 {
	own, sum := g.group[i], 0.0
	cols, vals := g.b.Row(i)
	for k, c := range cols {
		if g.group[c] == own {
			sum += float64(vals[k] * g.v[c])
		}
	}
	return sum
}

// measure takes the quotients of a vector and returns the group with the largest lower bound.
func (g *quotients) measure(v []float64) (best int32, err error) {
	low, high := make([]float64, g.count), make([]float64, g.count)
	for k := range low {
		low[k] = math.Inf(1)
	}
	clear(g.top)
	// Rows of a piece are of few groups, mostly of one: those that follow one another in a group are put together first.
	var guard sync.Mutex
	err = g.each(func(_, lo, hi int) {
		for lo < hi {
			own, end := g.group[lo], lo+1
			for end < hi && g.group[end] == own {
				end++
			}
			if g.inside[own] {
				l, h, t := g.measureRows(own, v, lo, end)
				guard.Lock()
				low[own], high[own], g.top[own] = min(low[own], l), max(high[own], h), max(g.top[own], t)
				guard.Unlock()
			}
			lo = end
		}
	})
	for k := range low {
		if !g.inside[k] {
			continue
		}
		g.lower[k] = max(g.lower[k], low[k], 0)
		if g.upper[k] == 0 || high[k] < g.upper[k] {
			g.upper[k] = max(high[k], 0)
		}
		if g.lower[k] > g.lower[best] {
			best = int32(k)
		}
	}
	return best, err
}

// measureRows takes the quotients of rows of one group.
func (g *quotients) measureRows(own int32, v []float64, from, to int) (low, high, top float64) {
	shift := g.shifts[own]
	low = math.Inf(1)
	for i := from; i < to; i++ {
		terms := int(g.b.Ptr[i+1] - g.b.Ptr[i])
		slack, lost := 4*roundoff(terms), float64(terms+1)*math.SmallestNonzeroFloat64/v[i]+g.off[i] // by rounding, by all else
		q := g.quotient[i]
		low = min(low, float64(q*(1-slack))-lost-shift)
		high = max(high, float64(q*(1+slack))+lost-shift)
		top = max(top, g.next[i])
	}
	return low, high, top
}

// normalise goes on from next, every group scaled to 1 at its largest.
func (g *quotients) normalise() error {
	g.v, g.next = g.next, g.v
	return g.each(func(_, lo, hi int) {
		for i, own := range g.group[lo:hi] {
			if !g.inside[own] {
				continue
			}
			v := &g.v[lo+i]
			if *v /= g.top[own]; !(*v > 1e-280) {
				*v = 1e-280 // any positive value keeps the bounds true
			}
		}
	})
}

func (g *quotients) members(group int32) (list []int32) {
	for i, own := range g.group {
		if own == group {
			list = append(list, int32(i))
		}
	}
	return list
}
