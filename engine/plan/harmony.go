package plan

import (
	"math"

	"planwerk/engine/lp"
)

// harmonyRounds bounds the refinements of the curves.
const harmonyRounds = 60

// harmony solves with coarse curves, then with finer ones around what was found, until the plan's harmony is within the
// tolerance of the bound. Each round's plan is the best mixture of the one before and the new one: plans may be mixed, and
// harmony is concave, so it never falls. Prices are kept from the round whose bound was best.
func (s *solver) harmony() error {
	curves := newCurves(s.p)
	for _, c := range curves {
		c.limit = max(2*c.target, 2*c.least)
		c.touch()
	}
	set := s.set.LP
	s.set.LP.Tolerance /= 4 // of the programs, so that there is room for the tangents' own error
	var start *lp.Start
	var plan *Point
	var prices []float64
	bound := math.Inf(1)
	for round := 1; ; round++ {
		g, err := harmonyProgram(s.p, curves)
		if err != nil {
			return err
		}
		sol, err := s.run(g, start)
		if err != nil {
			return err
		}
		s.stages = nil
		if sol.Status != lp.Optimal {
			s.keep(g, sol, 0)
			return nil
		}
		plan = mixed(curves, plan, g.point(sol.X))
		c, err := harmonyCertificate(s.p, plan, sol.Y)
		if err != nil {
			return err
		}
		if prices == nil || c.DualObjective < bound {
			bound, prices = c.DualObjective, sol.Y
		}
		if c, err = harmonyCertificate(s.p, plan, prices); err != nil {
			return err
		}
		s.keep(g, &lp.Solution{Status: sol.Status, X: g.columns(plan), Y: prices, Certificate: sol.Certificate, Method: sol.Method}, 0)
		reached := reachedLimits(curves, plan)
		if reached {
			if ended, err := s.endless(curves, plan); err != nil || ended {
				return err
			}
		}
		if c.Gap <= set.Tolerance && !reached {
			return nil
		}
		if round == harmonyRounds {
			s.stages[0].Status = lp.IterationLimit
			return nil
		}
		net := netPrices(s.p, sol.Y)
		next := make([]*curve, len(curves))
		for i, c := range curves {
			next[i] = c.closer(plan.Delivered[c.product], net[c.product])
		}
		curves = next
		if g, err = harmonyProgram(s.p, curves); err != nil {
			return err
		}
		start = &lp.Start{X: g.columns(plan), Y: sol.Y}
	}
}

// harmonyCertificate certifies a plan at some prices.
func harmonyCertificate(p *Problem, plan *Point, prices []float64) (lp.Certificate, error) {
	g, err := certifiedCurves(p, plan, prices)
	if err != nil {
		return lp.Certificate{}, err
	}
	return certifyHarmony(g, plan, prices), nil
}

// mixed is the mixture of two plans with the greatest harmony, by bisection of its slope along the way from a to b.
func mixed(curves []*curve, a, b *Point) *Point {
	if a == nil {
		return b
	}
	slope := func(share float64) float64 {
		sum := 0.0
		for _, c := range curves {
			from, to := a.Delivered[c.product], b.Delivered[c.product]
			at := from + float64(share*(to-from))
			sum += float64(c.weight / c.target * harmonySlope(at/c.target-1) * (to - from))
		}
		return sum
	}
	lo, hi := 0.0, 1.0
	if slope(1) >= 0 {
		lo = 1
	}
	for range 50 {
		if mid := (lo + hi) / 2; slope(mid) > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	mix := func(u, v []float64) []float64 {
		out := make([]float64, len(u))
		for i := range u {
			out[i] = float64((1-lo)*u[i]) + float64(lo*v[i])
		}
		return out
	}
	out := &Point{Levels: mix(a.Levels, b.Levels), StockUsed: mix(a.StockUsed, b.StockUsed), Delivered: mix(a.Delivered, b.Delivered),
		Shortfall: make([]float64, len(a.Shortfall))}
	for _, c := range curves {
		out.Shortfall[c.product] = max(0, c.target-out.Delivered[c.product])
	}
	return out
}

// netPrices are what a delivery takes per unit of a product: its price less that of what comes back.
func netPrices(p *Problem, prices []float64) []float64 {
	net := make([]float64, len(p.Products))
	copy(net, prices)
	for _, r := range p.Recycling {
		net[r.Used] -= float64(r.Share * prices[r.Recovered])
	}
	return net
}

// endless looks for deliveries that can grow for ever, among those that have reached a limit: a direction in which they do,
// with nothing that resources, stocks and maxima would end. It keeps that as the outcome.
func (s *solver) endless(curves []*curve, plan *Point) (bool, error) {
	p, b := s.p, newBuilder(s.p)
	for i := range b.rowHi {
		if i >= len(p.Products) {
			b.rowHi[i] = 0
		}
	}
	for j := range b.hi {
		b.lo[j] = 0
		if !math.IsInf(b.hi[j], 1) {
			b.hi[j] = 0
		}
	}
	for _, c := range curves {
		if c.ends() && plan.Delivered[c.product] > limitReached*c.limit {
			b.delivery(c.product, b.column("grow:"+p.Name(c.product), -1, 0, 1), 1)
		}
	}
	g, err := b.program(stageHarmony, p)
	if err != nil {
		return false, err
	}
	sol, err := s.run(g, &lp.Start{X: make([]float64, len(b.cost)), Y: make([]float64, len(b.rowLo))})
	if err != nil || sol.Status != lp.Optimal || sol.Certificate.Objective > -0.5 {
		return false, err
	}
	sol.Ray, sol.Status = sol.X, lp.Unbounded
	sol.Certificate.Status = lp.Unbounded
	s.stages = nil
	s.keep(g, sol, 0)
	return true, nil
}

// reachedLimits reports whether a curve ends before the plan does.
func reachedLimits(curves []*curve, plan *Point) bool {
	for _, c := range curves {
		if c.ends() && plan.Delivered[c.product] > limitReached*c.limit {
			return true
		}
	}
	return false
}
