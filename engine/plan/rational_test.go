package plan

import (
	"math"
	"math/big"
	"testing"

	"planwerk/engine/lp"
)

// exact checks a plan of least labour from the problem's tables alone, in rationals: how far balances and resources are
// missed, and the dual bound min over plans of labour − Σ prices·(what is missing), which no plan beats.
type exact struct {
	p    *Problem
	a    *Answer
	miss *big.Rat // largest violation
}

func rat(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }

func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// check returns labour and bound; hard demands only.
func (e *exact) check(demand []float64) (labour, bound *big.Rat) {
	p, a := e.p, e.a
	left := make([]*big.Rat, len(p.Products))
	room := make([]*big.Rat, len(p.Resources))
	reduced := make([]*big.Rat, len(p.Techniques))
	labour, bound = new(big.Rat), new(big.Rat)
	for i := range left {
		left[i] = rat(-demand[i])
		bound.Add(bound, mul(rat(a.ProductPrice[i]), rat(demand[i])))
	}
	for _, s := range p.Stocks { // all of a stock is there for the bound
		left[s.Product].Add(left[s.Product], rat(a.StockUsedOf(int(s.Product))))
		bound.Sub(bound, mul(rat(a.ProductPrice[s.Product]), rat(s.Quantity)))
	}
	for r := range room {
		room[r] = rat(p.Resources[r].Available)
		bound.Sub(bound, mul(rat(a.ResourcePrice[r]), rat(p.Resources[r].Available)))
	}
	for j := range reduced {
		reduced[j] = rat(p.Techniques[j].Labour)
		labour.Add(labour, mul(rat(p.Techniques[j].Labour), rat(a.Levels[j])))
	}
	for _, f := range p.Flows {
		q := rat(f.Quantity)
		left[f.Product].Add(left[f.Product], mul(q, rat(a.Levels[f.Technique])))
		reduced[f.Technique].Sub(reduced[f.Technique], mul(q, rat(a.ProductPrice[f.Product])))
	}
	for _, u := range p.Uses {
		q := rat(u.Quantity)
		room[u.Resource].Sub(room[u.Resource], mul(q, rat(a.Levels[u.Technique])))
		reduced[u.Technique].Add(reduced[u.Technique], mul(q, rat(a.ResourcePrice[u.Resource])))
	}
	for j, r := range reduced {
		t := &p.Techniques[j]
		switch {
		case r.Sign() > 0:
			bound.Add(bound, mul(r, rat(t.Minimum)))
		case r.Sign() < 0 && math.IsInf(t.Maximum, 1): // a cap that no good plan reaches stands in for none
			bound.Add(bound, mul(r, rat(1e6)))
		case r.Sign() < 0:
			bound.Add(bound, mul(r, rat(t.Maximum)))
		}
	}
	e.miss = new(big.Rat)
	for _, v := range append(left, room...) {
		if short := new(big.Rat).Neg(v); short.Cmp(e.miss) > 0 {
			e.miss = short
		}
	}
	return labour, bound
}

// TestCertificateInRationals: residual, objective and bound of the certificate are those that independent exact
// arithmetic finds.
func TestCertificateInRationals(t *testing.T) {
	for name, p := range map[string]*Problem{
		"bread and steel": problem(t, breadSteel),
		"closing":         expanded(t, problem(t, closingEconomy), Expansion{Periods: 3}),
		"bounds":          problem(t, "tech a 3 = 2 x\ntech b 5 = 3 x, 1 y\ntech c 1 = 1 y\nbound b 1 2\nbound a 0 4\ntarget x 12 at-least\ntarget y 3 at-least\nstock x 1"),
	} {
		a := solved(t, p, Settings{Objective: Labour}, lp.Optimal)
		demand := make([]float64, len(p.Products))
		for _, k := range p.Targets {
			if k.Kind == AtLeast {
				demand[k.Product] += k.Quantity
			}
		}
		e := &exact{p: p, a: a}
		labour, bound := e.check(demand)
		c := &a.Last().Certificate
		same := func(what string, want *big.Rat, got, unit float64) {
			if w, _ := want.Float64(); math.Abs(w-got) > 1e-12*unit {
				t.Errorf("%s: %s %.17g, exactly %.17g", name, what, got, w)
			}
		}
		same("objective", labour, c.Objective, 1+math.Abs(c.Objective))
		same("largest violation", e.miss, c.MaxViolation, 1)
		exactBound, _ := bound.Float64()
		if c.Bound > c.Objective+1e-9*math.Abs(c.Objective) || math.Abs(exactBound-c.Bound) > 1e-5*math.Abs(c.Objective) {
			t.Errorf("%s: bound %v, the exact one %v, objective %v", name, c.Bound, exactBound, c.Objective)
		}
		if c.ProvedGap > 1e-7 {
			t.Errorf("%s: proved gap %v", name, c.ProvedGap)
		}
	}
}

// TestFarkasInRationals: the prices of an explanation prove that the targets cannot be met: what the targets are worth is
// more than what all there is could give, and no technique gains.
func TestFarkasInRationals(t *testing.T) {
	p := problem(t, breadSteel)
	p.Resources[0].Available = 20
	a := solved(t, p, Settings{}, lp.Infeasible)
	y := a.Explanation.Dual
	np := len(p.Products)
	need, have := new(big.Rat), new(big.Rat)
	for _, k := range p.Targets {
		if k.Kind == AtLeast {
			need.Add(need, mul(rat(y[k.Product]), rat(k.Quantity)))
		}
	}
	for r := range p.Resources {
		have.Sub(have, mul(rat(y[np+r]), rat(p.Resources[r].Available)))
	}
	gain := make([]*big.Rat, len(p.Techniques))
	for j := range gain {
		gain[j] = new(big.Rat)
	}
	for _, f := range p.Flows {
		gain[f.Technique].Add(gain[f.Technique], mul(rat(y[f.Product]), rat(f.Quantity)))
	}
	for _, u := range p.Uses {
		gain[u.Technique].Add(gain[u.Technique], mul(rat(y[np+int(u.Resource)]), rat(u.Quantity)))
	}
	for j, g := range gain {
		if v, _ := g.Float64(); v > 1e-9 {
			t.Errorf("%s gains %v at the ray's prices", p.Techniques[j].ID, v)
		}
	}
	n, _ := need.Float64()
	h, _ := have.Float64()
	if !(n > h*1.5) {
		t.Errorf("the targets are worth %v, all there is %v", n, h)
	}
}
