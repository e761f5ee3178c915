package plan

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"planwerk/engine/lp"
)

// TestExplained: what is lacking is named, and by how much. 35 t of steel take 43.75 furnace hours; 20 are 45.7 %.
func TestExplained(t *testing.T) {
	p := problem(t, breadSteel)
	p.Resources[0].Available = 20
	for _, o := range []Objective{Labour, Aims, HarmonySum} {
		e := solved(t, p, Settings{Objective: o}, lp.Infeasible).Explanation
		if len(e.Targets) != 1 || e.Targets[0].ID != "steel" || len(e.Lacking) != 1 || e.Lacking[0].ID != "furnace" {
			t.Errorf("%s: targets %v, lacking %v", o, e.Targets, e.Lacking)
		}
		close(t, "need", e.Need, 43.75)
		close(t, "factor", e.Factor, 20/43.75)
		if words := strings.Join(e.Words, " "); !strings.Contains(words, "steel (35)") || !strings.Contains(words, "furnace, of which there is 20") {
			t.Errorf("%s: %s", o, words)
		}
	}
	// Through: flour is lacking ovens' hours only through bread.
	q := problem(t, `
		tech mill 1 = 1 flour ; 2 stone
		tech bake 1 = 1 bread, -0.5 flour
		resource stone 10
		target bread 20 at-least`)
	e := solved(t, q, Settings{}, lp.Infeasible).Explanation
	if len(e.Through) != 1 || e.Through[0].ID != "flour" || e.Lacking[0].ID != "stone" {
		t.Errorf("through %v, lacking %v", e.Through, e.Lacking)
	}
	close(t, "stone needed", e.Need, 20)
	// No technique at all; a technique that uses more than it makes; a maximum; a minimum that cannot be kept.
	has := func(text, want string) {
		t.Helper()
		e := solved(t, problem(t, text), Settings{}, lp.Infeasible).Explanation
		if words := strings.Join(e.Words, " "); !strings.Contains(words, want) {
			t.Errorf("%q does not say %q", words, want)
		}
	}
	has("tech a 1 = 1 x\ntarget y 1 at-least", "no technique makes them")
	has("tech a 1 = 1 x, -1.5 x\ntarget x 1 at-least", "more of them than it gives")
	has("tech a 1 = 1 x\nbound a 0 5\ntarget x 8 at-least\nstock x 1", "a (at most 5)")
	has("tech a 1 = 1 x, -1 y\nbound a 2 9\ntarget x 1 at-least", "cannot")
}

// TestFixedExplained: levels that cannot be kept whatever the targets, and those without which the targets could be met, are
// named first; the targets are not to blame.
func TestFixedExplained(t *testing.T) {
	const economy = "tech bake 1 = 1 bread, -1 steel ; 1 hours\ntech mill 1 = 1 steel ; 1 hours\nresource hours 100\ntarget bread 20 at-least\n"
	for bounds, want := range map[string][]string{
		"bound mill 200 inf":                 {"cannot be kept, whatever the targets: mill (at least 200).", "lacking: hours", "they take 200 where there is 100"},
		"bound bake 50 50\nbound mill 0 10":  {"cannot be kept, whatever the targets: bake (fixed at 50).", "mill (at most 10)", "they take 50 where there is 10"},
		"bound bake 40 40\nbound mill 5 5":   {"cannot be kept, whatever the targets: bake (fixed at 40).", "mill (fixed at 5)"},
		"bound mill 90 inf":                  {"could all be met without them: mill (at least 90).", "lacking: hours", "50 %"},
		"bound bake 5 5":                     {"could all be met without them: bake (fixed at 5).", "25 %"},
		"bound bake 0 0":                     {"could all be met without them: bake (fixed at 0).", "would help and may not run: bake"},
		"bound bake 0 10\nbound mill 70 inf": {"These hard targets cannot all be met: bread (20).", "bake (at most 10)"},
	} {
		for _, o := range []Objective{Labour, Aims} {
			words := solved(t, problem(t, economy+bounds), Settings{Objective: o}, lp.Infeasible).Explanation.Words
			if text := strings.Join(words, " "); !strings.Contains(words[0], want[0]) || slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(text, w) }) {
				t.Errorf("%s: %q does not say %q", bounds, words, want)
			}
		}
	}
}

func TestUnbounded(t *testing.T) {
	p := problem(t, "tech a 1 = 1 x\ntech b -2 = 1 y\ntarget x 1 at-least")
	e := solved(t, p, Settings{Objective: Labour}, lp.Unbounded).Explanation
	if words := strings.Join(e.Words, " "); len(e.Ray) == 0 || !strings.Contains(words, "b (-2)") {
		t.Errorf("ray %v: %s", e.Ray, words)
	}
	p = problem(t, "tech a 1 = 1 x\ntarget x 1 aim")
	e = solved(t, p, Settings{Objective: HarmonySum, LP: lp.Settings{Tolerance: 1e-6}}, lp.Unbounded).Explanation
	if len(e.Ray) != 1 || e.Ray[0].ID != "a" {
		t.Errorf("ray %v", e.Ray)
	}
}

// TestMetamorphic: a doubled technique, other units of level, of a product and of labour, and rows in another order leave the
// plan's value as it is.
func TestMetamorphic(t *testing.T) {
	for _, o := range []Objective{Labour, Fulfilment, HarmonySum, Aims} {
		set := Settings{Objective: o, LP: lp.Settings{Tolerance: 1e-8}}
		if o == HarmonySum {
			set.LP.Tolerance = 1e-7
		}
		value := func(p *Problem) [2]float64 {
			a := solved(t, p, set, lp.Optimal)
			return [2]float64{a.Stages[0].Certificate.Objective, a.Labour}
		}
		want := value(problem(t, breadSteel))
		same := func(what string, p *Problem) {
			t.Helper()
			got := value(p)
			for k := range got {
				close(t, fmt.Sprintf("%s, %s, value %d", o, what, k), got[k], want[k])
			}
		}
		same("doubled technique", problem(t, strings.Replace(breadSteel, "tech print", "tech bakery2 10 = 1 bread, -0.1 steel ; 10 labour\n tech print", 1)))
		p := problem(t, breadSteel) // a level of the mill is 7 t
		p.Techniques[0].Labour *= 7
		for k := range p.Flows {
			if p.Flows[k].Technique == 0 {
				p.Flows[k].Quantity *= 7
			}
		}
		for k := range p.Uses {
			if p.Uses[k].Technique == 0 {
				p.Uses[k].Quantity *= 7
			}
		}
		same("level in sevens", p)
		p = problem(t, breadSteel) // steel in kg
		steel := p.Find("steel")[0]
		for k := range p.Flows {
			if p.Flows[k].Product == steel {
				p.Flows[k].Quantity *= 1000
			}
		}
		for k := range p.Targets {
			if p.Targets[k].Product == steel {
				p.Targets[k].Quantity *= 1000
			}
		}
		same("steel in kilograms", p)
		p = problem(t, breadSteel)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(p.Flows), func(i, j int) { p.Flows[i], p.Flows[j] = p.Flows[j], p.Flows[i] })
		slices.Reverse(p.Uses)
		slices.Reverse(p.Targets)
		same("other order", p)
	}
}

// TestSameBits: a plan has the same bits on any number of threads.
func TestSameBits(t *testing.T) {
	for _, o := range []Objective{Labour, Fulfilment, HarmonySum, Aims} {
		digests := map[string]bool{}
		for _, threads := range []int{1, 2, 5} {
			a := solved(t, problem(t, breadSteel), Settings{Objective: o, LP: lp.Settings{Tolerance: 1e-7, Threads: threads}}, lp.Optimal)
			digests[a.Last().Certificate.Digest] = true
		}
		if len(digests) != 1 {
			t.Errorf("%s: %d digests on three numbers of threads", o, len(digests))
		}
	}
}

// TestRecheck: certificates computed again are the same, and another plan has another one.
func TestRecheck(t *testing.T) {
	for _, o := range []Objective{Labour, Fulfilment, HarmonySum, Aims} {
		set := Settings{Objective: o, LP: lp.Settings{Tolerance: 1e-7}}
		p := problem(t, breadSteel)
		a := solved(t, p, set, lp.Optimal)
		var again []*Stage
		for _, s := range a.Stages {
			c := *s
			c.Certificate = lp.Certificate{}
			again = append(again, &c)
		}
		if err := Recheck(p, set, &a.Point, again); err != nil {
			t.Fatal(err)
		}
		for k := range again {
			if again[k].Certificate != a.Stages[k].Certificate {
				t.Errorf("%s, stage %d: %+v, was %+v", o, k, again[k].Certificate, a.Stages[k].Certificate)
			}
		}
		a.Levels[0] *= 0.99
		if err := Recheck(p, set, &a.Point, again); err != nil {
			t.Fatal(err)
		}
		if c := again[0].Certificate; c.MaxShortfall < 1e-3 || c.Digest == a.Stages[0].Certificate.Digest {
			t.Errorf("%s: a plan with less steel is certified: %+v", o, c)
		}
	}
}

// TestWarm: from the plan itself the first-order method needs fewer iterations, also after a small change of targets.
func TestWarm(t *testing.T) {
	p := problem(t, breadSteel)
	set := Settings{Objective: Labour, LP: lp.Settings{Method: lp.PDHG, Tolerance: 1e-8, NoPresolve: true}}
	cold := solved(t, p, set, lp.Optimal)
	w := &Warm{Levels: map[string]float64{}, Prices: map[string]map[string]float64{"labour": {}}}
	for j, v := range cold.Levels {
		w.Levels[p.Techniques[j].ID] = v
	}
	for i, v := range cold.ProductPrice {
		w.Prices["labour"][p.Name(int32(i))] = v
	}
	for r, v := range cold.ResourcePrice {
		w.Prices["labour"][ResourceRow(p.Resources[r].ID)] = -v
	}
	set.Warm = w
	if again := solved(t, p, set, lp.Optimal); again.Iterations > cold.Iterations/2 {
		t.Errorf("%d iterations from the plan itself, %d cold", again.Iterations, cold.Iterations)
	}
	p.Targets[0].Quantity *= 1.01
	a := solved(t, p, set, lp.Optimal)
	close(t, "labour for 1 % more bread", a.Labour, 79750+10*70)
}

func TestLimits(t *testing.T) {
	p := problem(t, breadSteel)
	a, err := Solve(context.Background(), p, Settings{LP: lp.Settings{Method: lp.PDHG, Iterations: 3, NoPresolve: true}})
	if err != nil || a.Status != lp.IterationLimit || len(a.Stages) != 1 || a.Explanation != nil {
		t.Fatalf("%+v, %v", a, err)
	}
	if c := a.Last().Certificate; c.Status != lp.IterationLimit || math.IsNaN(c.Objective) {
		t.Errorf("certificate %+v", c)
	}
	for _, bad := range []Settings{{Objective: "profit"}, {NeedSteps: -1}, {MaxFulfilment: math.NaN()}, {LP: lp.Settings{Tolerance: 2}}} {
		if _, err := Solve(context.Background(), p, bad); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
	p.Growth = []Growth{{1, 2}}
	if _, err := Solve(context.Background(), p, Settings{}); err == nil {
		t.Error("a problem over periods is planned without expanding it")
	}
}
