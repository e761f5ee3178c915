package plan

import (
	"math"
	"strings"
	"testing"

	"planwerk/engine/lp"
)

// TestSurprises: what may not be meant is said once, with the first row of it; the examples hold nothing of the kind.
func TestSurprises(t *testing.T) {
	if got := Surprises(problem(t, breadSteel), Expansion{}); got != nil {
		t.Errorf("bread and steel: %q", got)
	}
	f := func(want string, e Expansion, change func(p *Problem)) {
		t.Helper()
		p := problem(t, breadSteel)
		change(p)
		if got := Surprises(p, e); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	f("table flows: rows that name the same technique and product again are added up: 2, the first of them row 8 (bakery, bread)", Expansion{},
		func(p *Problem) { p.Flows = append(p.Flows, p.Flows[3], p.Flows[0]) })
	f("table uses: rows that name the same technique and resource again are added up: 1, the first of them row 7", Expansion{},
		func(p *Problem) { p.Uses = append(p.Uses, p.Uses[1]) })
	f("table recycling: rows that name the same products again are added up: 1, the first of them row 2 (steel, bread)", Expansion{},
		func(p *Problem) {
			p.Recycling = []Recycling{{Used: 0, Recovered: 1, Share: 0.1}, {Used: 0, Recovered: 1, Share: 0.2}, {Used: 0, Recovered: 1, Lag: 1}}
		})
	f("table investments: rows that name the same technique and resource again are added up: 1, the first of them row 3 (mill, furnace)", Expansion{},
		func(p *Problem) { p.Investments = []Investment{{Lag: 1}, {Lag: 2}, {Lag: 1, Quantity: 3}} })
	f("table techniques: labour below 0 counts as a gain; rows: 2, the first of them row 2 (bakery, -1)", Expansion{},
		func(p *Problem) { p.Techniques[1].Labour, p.Techniques[3].Labour = -1, -2 })
	f("table resources: a price below 0 counts as a gain; rows: 1", Expansion{}, func(p *Problem) { p.Resources[1].Price = -1 })
	f("of each unit of steel that is delivered, 1.5 units of it come back", Expansion{},
		func(p *Problem) { p.Recycling = []Recycling{{Share: 0.5}, {Share: 1, Lag: 1}} })
	f("used by no technique, and so without effect: land and 1 more", Expansion{},
		func(p *Problem) { p.Resources = append(p.Resources, Resource{ID: "land"}, Resource{ID: "sea"}) })
	f("table growth: rows of later periods than the 2 of the plan have no part: 1", Expansion{Periods: 2},
		func(p *Problem) { p.Growth = []Growth{{2, 1}, {3, 2}} })
}

// TestFulfilmentAtItsMost: a factor that reaches its maximum has a bound, even where no scarcity gives prices.
func TestFulfilmentAtItsMost(t *testing.T) {
	for _, most := range []float64{0.25, 1, 40} {
		for _, text := range []string{breadSteel, "tech bake 2 = 1 bread\n tech idle 0 =\n target bread 10 at-least", "tech bake 0 = 1 bread\n target bread 10 aim"} {
			p := problem(t, text)
			if text == breadSteel {
				for r := range p.Resources {
					p.Resources[r].Available *= 1000
				}
			}
			a := solved(t, p, Settings{Objective: Fulfilment, MaxFulfilment: most}, lp.Optimal)
			for _, s := range a.Stages {
				if c := s.Certificate; math.IsInf(c.Bound, 0) || !(c.ProvedGap <= 1e-6) {
					t.Errorf("%q up to %v: %s %v with the bound %v", text, most, s.Kind, c.Objective, c.Bound)
				}
			}
			close(t, "factor", a.Factor, most)
		}
	}
}

// TestEndlessSecondStage: where labour can fall for ever at the least shortfall there is no plan, and that is said.
func TestEndlessSecondStage(t *testing.T) {
	p := problem(t, breadSteel+"\n tech dream -5 = 1 bread")
	for _, objective := range []Objective{Aims, Fulfilment} {
		a, err := Solve(t.Context(), p, Settings{Objective: objective})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != lp.Unbounded || a.Explanation == nil || !strings.Contains(strings.Join(a.Explanation.Words, " "), "dream") {
			t.Errorf("%s: %s, %+v", objective, a.Status, a.Explanation)
		}
	}
}

// TestFiguresFarApart: a resource that means "enough" hides no shortage, and an explanation claims nothing that its prices
// do not prove.
func TestFiguresFarApart(t *testing.T) {
	p := problem(t, breadSteel)
	p.Resources[2].Available = 1e18 // paper
	a := solved(t, p, Settings{}, lp.Optimal)
	close(t, "labour", a.Labour, 87750)
	p = problem(t, breadSteel)
	p.Targets[0].Quantity = 1e18 // bread
	a = solved(t, p, Settings{}, lp.Infeasible)
	if words := strings.Join(a.Explanation.Words, " "); strings.Contains(words, "No amount of labour") {
		t.Errorf("hand baking makes bread as long as there is labour: %q", words)
	}
}

// TestOverdrawn: less than nothing of a resource is named as the reason, and aims are never called hard targets.
func TestOverdrawn(t *testing.T) {
	for _, objective := range []Objective{Aims, Labour, Fulfilment, HarmonySum} {
		p := problem(t, breadSteel)
		p.Resources[2].Available = -5
		a := solved(t, p, Settings{Objective: objective}, lp.Infeasible)
		if words := strings.Join(a.Explanation.Words, " "); words != "Whatever is done or left undone, there is less than nothing of what no technique adds to: paper (-5)." {
			t.Errorf("%s: %q", objective, words)
		}
	}
	// Making paper takes paper from another resource, of which there is not enough.
	p := problem(t, breadSteel+"\n tech mill2 1 = ; -1 paper, 1 wood\n resource wood 3")
	p.Resources[2].Available = -5
	a := solved(t, p, Settings{}, lp.Infeasible)
	if words := strings.Join(a.Explanation.Words, " "); strings.Contains(words, "book (400)") || !strings.Contains(words, "wood (3)") {
		t.Errorf("%q", words)
	}
}
