package leontief

import (
	"context"
	"math"
	"time"

	"planwerk/engine/sparse"
)

// blockWidth is the most right-hand sides that go through the matrix at once: two cache lines per product.
const blockWidth = 16

// block is several systems with one matrix under way. Vectors are interleaved: side k of product i at i·width + k.
type block struct {
	*team
	m        *sparse.CSR
	width    int
	b        []float64
	pre      preconditioner
	sums     [][2][blockWidth]float64 // per piece
	products int
	most     int
}

// scalars holds one number per side.
type scalars [blockWidth]float64

func solveBlock(ctx context.Context, m *sparse.CSR, sides [][]float64, s Settings) ([]*Solution, error) {
	begun := time.Now()
	width := 8
	if len(sides) > 8 {
		width = 16
	}
	p := &block{team: newTeam(ctx, m, s.Threads), m: m, width: width, b: interleave(sides, width), most: s.Products}
	p.sums = make([][2][blockWidth]float64, len(p.pieces))
	p.pre = (&problem{team: p.team, m: m}).diagonal()
	norms, _, err := p.dots(func(lo, hi int, a, _ *scalars) { p.addSquares(a, p.b, lo, hi) })
	if err != nil {
		return nil, err
	}
	var goal scalars
	for k := range goal {
		goal[k] = s.Tolerance / 2 * math.Sqrt(norms[k])
	}
	x := append([]float64(nil), p.b...)
	if s.Device != nil {
		err = p.bicgstabOn(s.Device, x, &goal)
	} else {
		err = p.bicgstab(x, &goal)
	}
	if err != nil {
		return nil, err
	}
	return p.finish(sides, x, &norms, s, begun)
}

// finish takes the sides apart. Those whose true residual is not at its goal go on by themselves.
func (p *block) finish(sides [][]float64, x []float64, norms *scalars, s Settings, begun time.Time) ([]*Solution, error) {
	rest, err := p.residuals(x)
	if err != nil {
		return nil, err
	}
	out := make([]*Solution, len(sides))
	for k := range sides {
		z := make([]float64, p.m.Rows)
		for i := range z {
			z[i] = x[i*p.width+k]
		}
		sol := &Solution{X: z, Method: BiCGSTAB, Preconditioner: Diagonal, Residual: rest[k].bound, Converged: true}
		norm := math.Sqrt(norms[k])
		if norm > 0 {
			sol.Relative = rest[k].norm / norm
		}
		if !(rest[k].norm <= s.Tolerance*norm || rest[k].norm <= rest[k].floor) {
			again := s
			again.Warm = z
			if sol, err = Solve(p.ctx, p.m, sides[k], again); err != nil {
				return nil, err
			}
		}
		sol.Products += p.products
		sol.Seconds = time.Since(begun).Seconds()
		out[k] = sol
	}
	return out, nil
}

// residuals are those of all sides, as problem.residual gives one.
func (p *block) residuals(x []float64) (all [blockWidth]residual, err error) {
	p.products++
	parts := make([][blockWidth]residual, len(p.pieces))
	mx, size := make([]float64, len(x)), make([]float64, len(x))
	b, magnitude := Absolute(p.m), x
	for _, v := range x {
		if v < 0 || b != p.m {
			magnitude = make([]float64, len(x))
			for i, v := range x {
				magnitude[i] = math.Abs(v)
			}
			break
		}
	}
	err = p.each(func(piece, lo, hi int) {
		p.m.MulMultiRows(mx, x, p.width, lo, hi)
		b.MulMultiRows(size, magnitude, p.width, lo, hi)
		part := &parts[piece]
		for i := lo; i < hi; i++ {
			slack := roundoff(int(p.m.Ptr[i+1]-p.m.Ptr[i])) * 2
			for k := range p.width {
				at := i*p.width + k
				d := math.Abs(p.b[at] - x[at] + mx[at])
				err := float64(slack * (math.Abs(p.b[at]) + math.Abs(x[at]) + size[at]))
				part[k].norm += float64(d * d)
				part[k].floor += float64(err * err)
				part[k].bound = larger(part[k].bound, d+err)
			}
		}
	})
	for k := range p.width {
		for _, part := range parts {
			all[k].norm, all[k].floor = all[k].norm+part[k].norm, all[k].floor+part[k].floor
			all[k].bound = larger(all[k].bound, part[k].bound)
		}
		all[k].norm, all[k].floor = math.Sqrt(all[k].norm), math.Sqrt(all[k].floor)
	}
	return all, err
}

func interleave(sides [][]float64, width int) []float64 {
	x := make([]float64, len(sides[0])*width)
	for k, v := range sides {
		for i, y := range v {
			x[i*width+k] = y
		}
	}
	return x
}

// dots adds up what f gives, per side, over the pieces in their order.
func (p *block) dots(f func(lo, hi int, a, b *scalars)) (a, b scalars, err error) {
	err = p.each(func(piece, lo, hi int) {
		var sa, sb scalars
		f(lo, hi, &sa, &sb)
		p.sums[piece] = [2][blockWidth]float64{sa, sb}
	})
	for _, s := range p.sums {
		for k := range p.width {
			a[k] += s[0][k]
			b[k] += s[1][k]
		}
	}
	return a, b, err
}

func (p *block) addSquares(a *scalars, v []float64, lo, hi int) { p.addDots(a, v, v, lo, hi) }

func (p *block) addDots(a *scalars, v, w []float64, lo, hi int) {
	for at := lo * p.width; at < hi*p.width; at += 8 {
		x, y := (*[8]float64)(v[at:]), (*[8]float64)(w[at:])
		s := a[at%p.width : at%p.width+8 : at%p.width+8]
		for k := range x {
			s[k] += float64(x[k] * y[k])
		}
	}
}

// axpy adds f·v to w, side by side.
func (p *block) axpy(f *scalars, v, w []float64, lo, hi int) {
	for at := lo * p.width; at < hi*p.width; at += 8 {
		x, y := (*[8]float64)(v[at:]), (*[8]float64)(w[at:])
		c := f[at%p.width : at%p.width+8 : at%p.width+8]
		for k := range x {
			y[k] += float64(c[k] * x[k])
		}
	}
}

// apply sets dst to (I − M)x.
func (p *block) apply(dst, x []float64, lo, hi int) {
	p.m.MulMultiRows(dst, x, p.width, lo, hi)
	d, v := dst[lo*p.width:hi*p.width], x[lo*p.width:hi*p.width]
	for i, y := range v {
		d[i] = y - d[i]
	}
}

// through sets dst to K⁻¹src.
func (p *block) through(dst, src []float64, lo, hi int) {
	d, ok := p.pre.(diagonal)
	if !ok {
		return // dst is src
	}
	for i := lo; i < hi; i++ {
		for at := i * p.width; at < (i+1)*p.width; at++ {
			dst[at] = src[at] * d[i]
		}
	}
}

// bicgstab is problem.bicgstab for all sides at once; a side that is done, or breaks down, stands still.
func (p *block) bicgstab(x []float64, goal *scalars) error {
	w := make([]float64, 7*len(x))
	take := func() (v []float64) { v, w = w[:len(x):len(x)], w[len(x):]; return v }
	r, shadow, dir, v, t, hat, hat2 := take(), take(), take(), take(), take(), take(), take()
	if _, plain := p.pre.(identity); plain {
		hat, hat2 = dir, r // K⁻¹ changes nothing
	}
	rho, err := p.begin(x, r, shadow)
	if err != nil {
		return err
	}
	var alpha, omega, beta scalars
	active := p.start(&rho, goal)
	for active.any() && p.products < p.most {
		err := p.each(func(_, lo, hi int) {
			p.direct(dir, r, v, &beta, &omega, lo, hi)
			p.through(hat, dir, lo, hi)
		})
		if err != nil {
			return err
		}
		s, _, err := p.dots(func(lo, hi int, a, _ *scalars) { p.apply(v, hat, lo, hi); p.addDots(a, shadow, v, lo, hi) })
		if err != nil {
			return err
		}
		minus := active.ratio(&alpha, &rho, &s)
		s, _, err = p.dots(func(lo, hi int, a, _ *scalars) {
			p.axpy(&minus, v, r, lo, hi)
			p.through(hat2, r, lo, hi)
			p.addSquares(a, r, lo, hi)
		})
		if err != nil {
			return err
		}
		half := active.reached(&s, goal) // done in the middle of a step: ω stays 0
		s, tt, err := p.dots(func(lo, hi int, a, b *scalars) {
			p.apply(t, hat2, lo, hi)
			p.addDots(a, t, r, lo, hi)
			p.addSquares(b, t, lo, hi)
		})
		p.products += 2
		if err != nil {
			return err
		}
		minus = half.less(active).ratio(&omega, &s, &tt)
		s, tt, err = p.dots(func(lo, hi int, a, b *scalars) {
			p.axpy(&alpha, hat, x, lo, hi)
			p.axpy(&omega, hat2, x, lo, hi)
			p.axpy(&minus, t, r, lo, hi)
			p.addDots(a, shadow, r, lo, hi)
			p.addSquares(b, r, lo, hi)
		})
		if err != nil {
			return err
		}
		active = active.reached(&tt, goal).or(half).less(active)
		active.next(&beta, &alpha, &omega, &rho, &s)
	}
	return nil
}

// next sets β for another step of the sides marked; one that cannot go on is marked no more.
func (m *mask) next(beta, alpha, omega, rho, s *scalars) {
	for k := range m {
		if beta[k] = s[k] / rho[k] * (alpha[k] / omega[k]); m[k] && !usable(beta[k]) {
			m[k] = false
		}
		if rho[k] = s[k]; !m[k] {
			beta[k], alpha[k], omega[k] = 0, 0, 0
		}
	}
}

// begin sets the residuals and their shadows and returns their squares.
func (p *block) begin(x, r, shadow []float64) (scalars, error) {
	p.products++
	rho, _, err := p.dots(func(lo, hi int, a, _ *scalars) {
		p.apply(r, x, lo, hi)
		for i := lo * p.width; i < hi*p.width; i++ {
			r[i] = p.b[i] - r[i]
			shadow[i] = r[i]
		}
		p.addSquares(a, r, lo, hi)
	})
	return rho, err
}

// direct sets dir to r + β(dir − ω v).
func (p *block) direct(dir, r, v []float64, beta, omega *scalars, lo, hi int) {
	for at := lo * p.width; at < hi*p.width; at += 8 {
		d, x, y := (*[8]float64)(dir[at:]), (*[8]float64)(r[at:]), (*[8]float64)(v[at:])
		b, o := beta[at%p.width:at%p.width+8:at%p.width+8], omega[at%p.width:at%p.width+8:at%p.width+8]
		for k := range d {
			d[k] = x[k] + float64(b[k]*(d[k]-float64(o[k]*y[k])))
		}
	}
}

// mask marks sides.
type mask [blockWidth]bool

// start marks the sides that are not solved by their start.
func (p *block) start(squares, goal *scalars) (m mask) {
	for k := range p.width {
		m[k] = squares[k] > goal[k]*goal[k]
	}
	return m
}

func (m mask) any() bool { return m != mask{} }

// reached marks those of m whose squared norm is within the goal, or no number.
func (m mask) reached(squares, goal *scalars) (out mask) {
	for k := range m {
		out[k] = m[k] && !(squares[k] > goal[k]*goal[k])
	}
	return out
}

func (m mask) or(n mask) (out mask) {
	for k := range m {
		out[k] = m[k] || n[k]
	}
	return out
}

// less marks those of n that m does not.
func (m mask) less(n mask) (out mask) {
	for k := range m {
		out[k] = n[k] && !m[k]
	}
	return out
}

// ratio sets to = a/b for the sides marked, 0 for others and where it is of no use, and returns its negative.
func (m mask) ratio(to, a, b *scalars) (minus scalars) {
	for k := range m {
		if to[k] = a[k] / b[k]; !m[k] || !usable(to[k]) {
			to[k] = 0
		}
		minus[k] = -to[k]
	}
	return minus
}
