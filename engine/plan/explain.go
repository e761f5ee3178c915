package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"planwerk/engine/lp"
)

// Explanation says in words and in figures why there is no plan.
type Explanation struct {
	Words   []string  `json:"words"`             // sentences
	Targets []Reason  `json:"targets,omitempty"` // that cannot be met together: products
	Through []Reason  `json:"through,omitempty"` // products on the way to them
	Lacking []Reason  `json:"lacking,omitempty"` // resources that do not suffice
	Fixed   []Reason  `json:"fixed,omitempty"`   // techniques whose levels cannot be kept, whatever the targets
	Bounds  []Reason  `json:"bounds,omitempty"`  // techniques whose maximum, minimum or fixed level stands in the way
	Closed  []Reason  `json:"closed,omitempty"`  // techniques that would help and may not run: their maximum is 0
	Stocks  []Reason  `json:"stocks,omitempty"`  // opening stocks that do not suffice
	Ray     []Reason  `json:"ray,omitempty"`     // techniques that run without end
	Need    float64   `json:"need,omitempty"`    // what targets take at least, in the certificate's unit
	Have    float64   `json:"have,omitempty"`    // what there is at most
	Factor  float64   `json:"factor,omitempty"`  // Have/Need where one figure tells: the share of the targets that could be met at best
	Dual    []float64 `json:"-"`                 // the Farkas ray, per row; or the ray, per column
	inexact bool      // something without a bound is worth something at the ray's prices: they prove nothing by themselves
}

// Reason is a row or column that takes part, with its weight in the proof and its quantity.
type Reason struct {
	ID       string  `json:"id"`
	Weight   float64 `json:"weight"`
	Quantity float64 `json:"quantity"`
	Bound    string  `json:"bound,omitempty"` // of techniques, which of theirs Quantity is: "at least", "at most", "fixed at"
}

// mostReasons bounds what an explanation lists of a kind: the weightiest.
const mostReasons = 10

// Shares below which a part of a proof is not worth a word: of the largest of its kind, and of all that there is.
const (
	negligible = 1e-6
	faint      = 1e-4
)

// whyInfeasible explains hard targets that cannot all be met by how far they could be met together: the prices of the
// greatest factor below 1 are a Farkas ray, and the one that says most. Where that has no answer, because levels are fixed
// that cannot be, the solver's ray is read.
func (s *solver) whyInfeasible() *Explanation {
	if e := s.p.whyOverdrawn(); e != nil {
		return e
	}
	if e := s.whyFixed(); e != nil {
		return e
	}
	g, err := factorProgram(s.p, 1, true)
	if err == nil && s.set.Objective != Fulfilment {
		var sol *lp.Solution
		sol, err = s.run(g, nil)
		if err == nil && sol.Status == lp.Optimal && sol.X[g.factor] < 1-s.set.LP.Tolerance {
			var h *program
			if h, err = labourProgram(s.p); err == nil {
				e := h.whyInfeasible(sol.Y)
				s.blameFixed(e)
				return e
			}
		}
	}
	if len(s.program.aims) > 0 { // whose ray knows no hard targets from aims
		if h, err := labourProgram(s.p); err == nil {
			if sol, err := s.run(h, nil); err == nil && sol.Status == lp.Infeasible && sol.Ray != nil {
				return h.whyInfeasible(sol.Ray)
			}
		}
	}
	return s.program.whyInfeasible(s.last.Ray)
}

// whyInfeasible reads a Farkas ray: prices y of products (≥ 0) and resources (≤ 0) at which the targets are worth more
// than all that techniques within their bounds, stocks and resources can give.
func (g *program) whyInfeasible(ray []float64) *Explanation {
	e := &Explanation{Dual: ray}
	if ray == nil {
		e.say("The hard targets cannot all be met within the resources, stocks and bounds of techniques. There is no certificate that says which.")
		return e
	}
	ray = oriented(g, ray)
	np := len(g.p.Products)
	for i := range g.p.Products {
		y, lower := ray[i], g.lp.RowLower[i]
		if y <= 0 {
			continue
		}
		r := Reason{ID: g.p.Name(int32(i)), Weight: y, Quantity: max(lower, 0)}
		if lower > 0 {
			e.Need += y * lower
			e.Targets = append(e.Targets, r)
		} else {
			e.Have -= y * lower // recovered from what is delivered
			e.Through = append(e.Through, r)
		}
	}
	for k := range g.p.Resources {
		if y := -ray[np+k]; y > 0 {
			r := &g.p.Resources[k]
			e.Have += y * r.Available
			e.Lacking = append(e.Lacking, Reason{ID: r.ID, Weight: y, Quantity: r.Available})
		}
	}
	g.boundsInTheWay(e, ray)
	e.trim()
	e.infeasibleWords()
	return e
}

// oriented scales a ray so that resources (or else products) weigh 1 at most; product prices are ≥ 0, those of resources ≤ 0.
func oriented(g *program, ray []float64) []float64 {
	np := len(g.p.Products)
	out := make([]float64, len(ray))
	size := 0.0
	sign := 1.0
	sum := 0.0
	for i, v := range ray {
		if i < np {
			sum += v
		} else {
			sum -= v
		}
	}
	if sum < 0 {
		sign = -1
	}
	for i, v := range ray {
		v *= sign
		if (i < np) == (v > 0) && v != 0 {
			out[i] = v
		}
		if i >= np && i < np+len(g.p.Resources) {
			size = max(size, -out[i])
		}
	}
	if largest := slices.Max(append([]float64{0}, out...)); size <= negligible*largest {
		size = largest
	}
	if size > 0 {
		for i := range out {
			out[i] /= size
		}
	}
	return out
}

// worth is what a unit of each column is worth at the prices of rows; 0 where that is nothing up to rounding.
func (g *program) worth(prices []float64) []float64 {
	worth := make([]float64, len(g.lp.C))
	size := make([]float64, len(g.lp.C))
	for i := range g.lp.RowLower {
		cols, vals := g.lp.A.Row(i)
		for k, j := range cols {
			worth[j] += vals[k] * prices[i]
			size[j] += math.Abs(vals[k] * prices[i])
		}
	}
	for j := range worth {
		if math.Abs(worth[j]) <= 1e-9*size[j] {
			worth[j] = 0
		}
	}
	return worth
}

// boundsInTheWay adds what columns can give at most at the ray's prices.
func (g *program) boundsInTheWay(e *Explanation, ray []float64) {
	nt := len(g.p.Techniques)
	for j, w := range g.worth(ray) {
		if w == 0 {
			continue
		}
		bound := g.lp.ColUpper[j]
		if w < 0 {
			bound = g.lp.ColLower[j]
		}
		if w > 0 && math.IsInf(bound, 1) {
			e.inexact = true
		}
		if math.IsInf(bound, 0) || (bound == 0 && w < 0) {
			continue
		}
		e.Have += w * bound
		switch {
		case j < nt && bound == 0:
			e.Closed = append(e.Closed, boundOf(&g.p.Techniques[j], w))
		case j < nt:
			e.Bounds = append(e.Bounds, boundOf(&g.p.Techniques[j], w))
		case j < nt+len(g.p.Stocks):
			e.Stocks = append(e.Stocks, Reason{ID: g.p.Name(g.p.Stocks[j-nt].Product), Weight: w, Quantity: bound})
		}
	}
}

// trim keeps the weightiest of each list.
func (e *Explanation) trim() {
	keep := func(list []Reason, size func(Reason) float64) []Reason {
		slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(size(b), size(a)) })
		for k := range list {
			if size(list[k]) <= negligible*size(list[0]) || k == mostReasons {
				return list[:k]
			}
		}
		return list
	}
	value := func(r Reason) float64 { return math.Abs(r.Weight * r.Quantity) }
	weight := func(r Reason) float64 { return math.Abs(r.Weight) }
	e.Targets, e.Through = keep(e.Targets, value), keep(e.Through, weight)
	// A resource that takes part with next to nothing is an inaccuracy of the solver; one of which there is nothing is not.
	e.Lacking = slices.DeleteFunc(e.Lacking, func(r Reason) bool { return r.Quantity != 0 && value(r) <= faint*math.Abs(e.Have) })
	e.Lacking, e.Bounds, e.Stocks = keep(e.Lacking, weight), keep(e.Bounds, value), keep(e.Stocks, value)
	e.Fixed, e.Closed = keep(e.Fixed, value), keep(e.Closed, weight)
}

func (e *Explanation) say(format string, args ...any) {
	e.Words = append(e.Words, fmt.Sprintf(format, args...))
}

// names lists what takes part, with quantities where they say something.
func names(list []Reason, quantities bool) string {
	out := make([]string, len(list))
	for k, r := range list {
		out[k] = r.ID
		if quantities {
			out[k] = fmt.Sprintf("%s (%s%.6g)", r.ID, strings.TrimLeft(r.Bound+" ", " "), r.Quantity)
		}
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " and " + out[n-1]
	}
	return strings.Join(out, "")
}

func (e *Explanation) infeasibleWords() {
	switch {
	case len(e.Fixed) > 0:
		e.say("Levels that are fixed cannot be kept, whatever the targets: %s.", names(e.Fixed, true))
	case len(e.Targets) > 0:
		e.say("These hard targets cannot all be met: %s.", names(e.Targets, true))
	default:
		e.say("What is fixed (minimum levels, closing stocks) cannot be kept.")
	}
	if len(e.Through) > 0 {
		e.say("On the way to them: %s.", names(e.Through, false))
	}
	switch {
	case len(e.Lacking) == 1:
		r := e.Lacking[0]
		e.say("The resource that is lacking: %s, of which there is %.6g.", r.ID, r.Quantity)
	case len(e.Lacking) > 1:
		e.say("The resources that are lacking: %s.", names(e.Lacking, true))
	}
	if len(e.Bounds) > 0 {
		e.say("Bounds of techniques that stand in the way: %s.", names(e.Bounds, true))
	}
	if len(e.Closed) > 0 {
		e.say("Techniques that would help and may not run: %s.", names(e.Closed, true))
	}
	if len(e.Stocks) > 0 {
		e.say("Opening stocks help and do not suffice: %s.", names(e.Stocks, true))
	}
	switch {
	case len(e.Fixed) > 0:
		e.say("Weighed together, they take %.6g where there is %.6g.", e.Need, e.Have)
	case len(e.Lacking)+len(e.Bounds)+len(e.Closed) == 0 && e.inexact:
		e.say("What is lacking cannot be told: the figures of the problem lie too far apart.")
	case len(e.Lacking)+len(e.Bounds)+len(e.Closed) == 0 && len(e.Targets) > 0:
		e.say("No amount of labour or resources would help: no technique makes them, or making them takes more of them than it gives.")
	case len(e.Lacking) == 1 && len(e.Bounds)+len(e.Stocks) == 0 && e.Need > 0:
		e.Factor = e.Have / e.Need
		e.say("At the least the targets take %.6g of %s, so %.4g %% of them could be met at best; %.6g more of it is needed.",
			e.Need, e.Lacking[0].ID, 100*e.Factor, e.Need-e.Have)
	case e.Need > 0 && e.Have >= 0:
		e.Factor = e.Have / e.Need
		e.say("Weighed together, the targets take at least %.6g where there is %.6g: %.4g %% of them could be met at best.", e.Need, e.Have, 100*e.Factor)
	}
}

// whyUnbounded reads a ray: levels that can grow together without end, better and better.
func (g *program) whyUnbounded(ray []float64) *Explanation {
	e := &Explanation{Dual: ray}
	var gains []Reason // techniques that are counted as gains themselves
	cost := techniqueCosts(g.p)
	for j := range min(len(ray), len(g.p.Techniques)) {
		if v := ray[j]; v > 0 {
			r := Reason{ID: g.p.Techniques[j].ID, Weight: v}
			e.Ray = append(e.Ray, r)
			if g.kind == stageLabour && cost[j] < 0 {
				r.Quantity = cost[j]
				gains = append(gains, r)
			}
		}
	}
	slices.SortStableFunc(e.Ray, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	for k, r := range e.Ray {
		if k == mostReasons || r.Weight <= negligible*e.Ray[0].Weight {
			e.Ray = e.Ray[:k]
			break
		}
	}
	e.say("The plan has no best: it gets better without end, counted in %s.", g.kind.unit())
	if len(e.Ray) > 0 {
		e.say("These techniques can grow together for ever: %s.", names(e.Ray, false))
	}
	switch {
	case len(gains) > 0:
		e.say("Labour and prices below 0 make a gain of a unit of: %s.", names(gains[:min(len(gains), mostReasons)], true))
	case g.kind != stageLabour:
		e.say("No resource limits them; give the resources, labour among them, that there are.")
	}
	return e
}
