package plan

import (
	"math"

	"planwerk/engine/lp"
)

// Answer is a plan. Vectors follow the rows of the problem's tables. With the statuses infeasible and unbounded only
// Status, Words and Explanation mean something.
type Answer struct {
	Status Status
	Point
	ReducedCosts []float64 // per technique, in the last stage's unit per unit of level
	At           []Place   // per technique

	Made, Used, Recovered []float64 // per product
	Target                []float64 // per product: hard and aimed at, as the objective counts them
	ProductPrice          []float64 // per product, in the last stage's unit per unit
	StockOf               []int32   // per product: its row of Stocks, −1: none

	ResourceUsed  []float64
	ResourcePrice []float64 // what another unit would be worth, in the last stage's unit

	Labour      float64  // minutes, with priced resources
	Stages      []*Stage // one or two
	Explanation *Explanation
	Iterations  int
	Seconds     float64
}

// Status is the outcome of planning.
type Status = lp.Status

// Place says where between its bounds a level lies.
type Place uint8

const (
	Between Place = iota
	Lower
	Upper
)

func (p Place) String() string { return [...]string{"between", "lower", "upper"}[p] }

// Last is the stage whose prices the answer shows.
func (a *Answer) Last() *Stage { return a.Stages[len(a.Stages)-1] }

// answer reads the last program's solution and certifies every stage with it.
func (s *solver) answer() (*Answer, error) {
	p, g, sol := s.p, s.program, s.last
	a := &Answer{Status: s.stages[len(s.stages)-1].Status, Stages: s.stages, Iterations: s.iters}
	if a.Status == lp.Infeasible {
		a.Explanation = s.whyInfeasible()
		a.Stages[len(a.Stages)-1].Certificate = sol.Certificate
		return a, nil
	}
	if a.Status == lp.Unbounded {
		a.Explanation = g.whyUnbounded(sol.Ray)
		a.Stages[len(a.Stages)-1].Certificate = sol.Certificate
		return a, nil
	}
	a.Point = *g.point(sol.X)
	for _, v := range [][]float64{a.Levels, a.StockUsed, a.Delivered, a.Shortfall} {
		for i := range v {
			v[i] += 0 // −0 is 0 in files
		}
	}
	if err := s.certified(a); err != nil {
		return nil, err
	}
	a.read(p, g)
	return a, nil
}

// certified computes the certificates of the answer. Where they do not bear out that it is optimal, its status says so: the
// last point of two stages has to do for both, and what is small in one may be large in the other.
func (s *solver) certified(a *Answer) error {
	if err := Recheck(s.p, s.set, &a.Point, a.Stages); err != nil || a.Status != lp.Optimal || CheckStages(s.p, s.set, a.Stages) == nil {
		return err
	}
	for _, stage := range a.Stages {
		stage.Status = lp.IterationLimit
	}
	a.Status = lp.IterationLimit
	return Recheck(s.p, s.set, &a.Point, a.Stages)
}

// read fills the tables in from the point and the last stage's prices.
func (a *Answer) read(p *Problem, g *program) {
	np := len(p.Products)
	prices := a.Last().Prices
	a.ProductPrice = prices[:np:np]
	a.ResourcePrice = make([]float64, len(p.Resources))
	for r := range p.Resources {
		a.ResourcePrice[r] = 0 - prices[np+r]
	}
	a.Target = g.demand
	a.balances(p)
	a.ReducedCosts = make([]float64, len(p.Techniques))
	copy(a.ReducedCosts, g.lp.C)
	a.ResourceUsed = make([]float64, len(p.Resources))
	for _, u := range p.Uses {
		a.ResourceUsed[u.Resource] += float64(u.Quantity * a.Levels[u.Technique])
		a.ReducedCosts[u.Technique] -= float64(u.Quantity * prices[np+int(u.Resource)])
	}
	for _, f := range p.Flows {
		a.ReducedCosts[f.Technique] -= float64(f.Quantity * prices[f.Product])
	}
	a.At = make([]Place, len(p.Techniques))
	for j, cost := range techniqueCosts(p) {
		t := &p.Techniques[j]
		a.Labour += float64(cost * a.Levels[j])
		switch z := a.Levels[j]; {
		case near(z, t.Minimum):
			a.At[j] = Lower
		case near(z, t.Maximum):
			a.At[j] = Upper
		}
	}
}

// near reports that a level lies on a bound, up to what a solver can tell.
func near(v, bound float64) bool {
	return !math.IsInf(bound, 0) && math.Abs(v-bound) <= 1e-7*max(1, math.Abs(bound))
}

func (a *Answer) balances(p *Problem) {
	np := len(p.Products)
	a.Made, a.Used, a.Recovered, a.StockOf = make([]float64, np), make([]float64, np), make([]float64, np), make([]int32, np)
	for i := range a.StockOf {
		a.StockOf[i] = -1
	}
	for k, s := range p.Stocks {
		a.StockOf[s.Product] = int32(k)
	}
	for _, f := range p.Flows {
		if f.Quantity > 0 {
			a.Made[f.Product] += float64(f.Quantity * a.Levels[f.Technique])
		} else {
			a.Used[f.Product] -= float64(f.Quantity * a.Levels[f.Technique])
		}
	}
	for _, r := range p.Recycling {
		a.Recovered[r.Recovered] += float64(r.Share * a.Delivered[r.Used])
	}
}

// StockUsedOf is the stock used of a product.
func (a *Answer) StockUsedOf(product int) float64 {
	if k := a.StockOf[product]; k >= 0 {
		return a.StockUsed[k]
	}
	return 0
}
