package plan

import (
	"fmt"
	"math"
	"slices"

	"planwerk/engine/lp"
)

// boundOf is the bound of a technique that counts where a unit of it is worth w.
func boundOf(t *Technique, w float64) Reason {
	r := Reason{ID: t.ID, Weight: w, Quantity: t.Maximum, Bound: "at most"}
	if w < 0 {
		r.Quantity, r.Bound = t.Minimum, "at least"
	}
	if t.Minimum == t.Maximum {
		r.Bound = "fixed at"
	}
	return r
}

// fixedProgram is the greatest share, at most 1, of all minimum levels that can be kept with no targets at all: technique j
// runs at share·minimum_j and up to maximum_j − minimum_j more.
func fixedProgram(p *Problem) (*program, error) {
	b := newBuilder(p)
	col := b.column("share", -1, 0, 1)
	for j := range p.Techniques {
		b.lo[j], b.hi[j] = 0, p.Techniques[j].Maximum-p.Techniques[j].Minimum
	}
	for _, f := range p.Flows {
		if least := p.Techniques[f.Technique].Minimum; least > 0 {
			b.put(int(f.Product), col, float64(f.Quantity*least))
		}
	}
	for _, u := range p.Uses {
		if least := p.Techniques[u.Technique].Minimum; least > 0 {
			b.put(len(p.Products)+int(u.Resource), col, float64(u.Quantity*least))
		}
	}
	g, err := b.program(stageFulfilment, p)
	if err == nil {
		g.factor = col
	}
	return g, err
}

// whyFixed explains minimum and fixed levels that cannot be kept whatever the targets; nil: they can.
func (s *solver) whyFixed() *Explanation {
	if !slices.ContainsFunc(s.p.Techniques, func(t Technique) bool { return t.Minimum > 0 }) {
		return nil
	}
	g, err := fixedProgram(s.p)
	if err != nil {
		return nil
	}
	sol, err := s.run(g, nil)
	if err != nil || sol.Status != lp.Optimal || sol.X[g.factor] >= 1-s.set.LP.Tolerance {
		return nil
	}
	ray := oriented(g, sol.Y)
	e := &Explanation{Dual: ray, Factor: max(0, sol.X[g.factor])}
	np := len(s.p.Products)
	for i, y := range ray[:np] {
		if y > 0 {
			e.Through = append(e.Through, Reason{ID: s.p.Name(int32(i)), Weight: y})
		}
	}
	for k := range s.p.Resources {
		if y, r := -ray[np+k], &s.p.Resources[k]; y > 0 {
			e.Have += y * r.Available
			e.Lacking = append(e.Lacking, Reason{ID: r.ID, Weight: y, Quantity: r.Available})
		}
	}
	e.fixedLevels(s.p, g.worth(ray))
	e.trim()
	e.infeasibleWords()
	return e
}

// fixedLevels lists minimum levels by what they take, and what maxima and stocks let others give.
func (e *Explanation) fixedLevels(p *Problem, worth []float64) {
	for j := range p.Techniques {
		t, w := &p.Techniques[j], worth[j]
		r := boundOf(t, w)
		switch {
		case w < 0 && t.Minimum > 0:
			e.Need -= w * t.Minimum
			e.Fixed = append(e.Fixed, r)
		case w > 0 && t.Maximum == 0:
			e.Closed = append(e.Closed, r)
		case w > 0 && !math.IsInf(t.Maximum, 1):
			e.Have += w * t.Maximum
			e.Bounds = append(e.Bounds, r)
		}
	}
	for k, s := range p.Stocks {
		if w := worth[len(p.Techniques)+k]; w > 0 {
			e.Have += w * s.Quantity
			e.Stocks = append(e.Stocks, Reason{ID: p.Name(s.Product), Weight: w, Quantity: s.Quantity})
		}
	}
}

// blameFixed says first whether the targets could be met if the minimum and fixed levels that stand in the way were free.
func (s *solver) blameFixed(e *Explanation) {
	var free []Reason
	at := map[string]bool{}
	for _, r := range slices.Concat(e.Bounds, e.Closed) {
		if r.Bound != "at most" {
			free = append(free, r)
			at[r.ID] = true
		}
	}
	if free == nil {
		return
	}
	p := *s.p
	p.Techniques = slices.Clone(s.p.Techniques)
	for j := range p.Techniques {
		if t := &p.Techniques[j]; at[t.ID] {
			if t.Minimum == t.Maximum {
				t.Maximum = math.Inf(1)
			}
			t.Minimum = 0
		}
	}
	g, err := factorProgram(&p, 1, true)
	if err != nil {
		return
	}
	sol, err := s.run(g, nil)
	if err == nil && sol.Status == lp.Optimal && sol.X[g.factor] >= 1-s.set.LP.Tolerance {
		e.Words = append([]string{fmt.Sprintf("Levels that are fixed stand in the way of the hard targets, which could all be met without them: %s.", names(free, true))}, e.Words...)
	}
}

// whyOverdrawn explains resources of which there is less than nothing and to which no technique adds; nil: there are none.
func (p *Problem) whyOverdrawn() *Explanation {
	added := make([]bool, len(p.Resources))
	for _, u := range p.Uses {
		added[u.Resource] = added[u.Resource] || u.Quantity < 0
	}
	e := &Explanation{}
	for k := range p.Resources {
		if r := &p.Resources[k]; r.Available < 0 && !added[k] {
			e.Lacking = append(e.Lacking, Reason{ID: r.ID, Weight: 1, Quantity: r.Available})
		}
	}
	if e.Lacking == nil {
		return nil
	}
	e.trim()
	e.say("Whatever is done or left undone, there is less than nothing of what no technique adds to: %s.", names(e.Lacking, true))
	return e
}
