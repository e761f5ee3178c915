package plan

import (
	"fmt"
	"math"

	"planwerk/engine/lp"
)

// harmonyRounds bounds the refinements of the curves.
const harmonyRounds = 30

// curveTolerance is the tolerance of a program whose curves have contacts so far apart: a part of the tangents' own error,
// spacing²/8, and no less than a quarter of what is wanted in the end.
func curveTolerance(spacing, wanted float64) float64 {
	return min(max(spacing*spacing/100, wanted/4), max(wanted/4, 1e-4))
}

// harmony solves with coarse curves, then with finer ones around what was found, until the plan's harmony is within the
// tolerance of the bound. What is found with tangents some spacing apart is about as far from the best plan, as harmony
// curves everywhere; so each round's contacts are eight times as close. Each round's plan is the best mixture of the one before and the new one: plans may be mixed, and
// harmony is concave, so it never falls. Prices are kept from the round whose bound was best.
func (s *solver) harmony() error {
	curves := newCurves(s.p)
	for _, c := range curves {
		c.limit = max(2*c.target, 2*c.least)
		c.touch()
	}
	set := s.set.LP
	spacing := 1.0
	if s.set.LP.Finish == "" || s.set.LP.Finish == lp.FinishAuto {
		s.set.LP.Finish = lp.FinishNone // the best plan is no vertex of any of these programs
	}
	var start *lp.Start
	var plan *Point
	var prices []float64
	bound := math.Inf(1)
	for round := 1; ; round++ {
		g, err := harmonyProgram(s.p, curves)
		if err != nil {
			return err
		}
		s.set.LP.Tolerance = curveTolerance(spacing, set.Tolerance)
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
		reached, last := reachedLimits(curves, plan)
		if last {
			s.set.LP.Tolerance = set.Tolerance / 4
			if ended, err := s.endless(curves, plan); err != nil || ended {
				return err
			}
		}
		if c.Gap <= set.Tolerance && !reached {
			return nil
		}
		s.note(round, c.Gap)
		if round == harmonyRounds {
			s.stages[0].Status = lp.IterationLimit
			return nil
		}
		spacing = max(leastSpacing, spacing*finerSpacing)
		net := netPrices(s.p, sol.Y)
		next := make([]*curve, len(curves))
		for i, c := range curves {
			next[i] = c.closer(plan.Delivered[c.product], net[c.product], spacing)
		}
		curves = next
		if g, err = harmonyProgram(s.p, curves); err != nil {
			return err
		}
		start = &lp.Start{X: g.columns(plan), Y: sol.Y}
	}
}

// note logs what a round came to.
func (s *solver) note(round int, gap float64) {
	if s.set.LP.Log != nil {
		s.set.LP.Log(fmt.Sprintf("Round %d: harmony within %.1e of its bound", round, gap))
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
		if c.reached(plan.Delivered[c.product]) {
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

// reachedLimits reports whether a curve ends before the plan does, and whether that end is the last there is.
func reachedLimits(curves []*curve, plan *Point) (reached, last bool) {
	for _, c := range curves {
		if c.reached(plan.Delivered[c.product]) {
			reached, last = true, last || c.last()
		}
	}
	return reached, last
}
