package plan

import (
	"math"
	"testing"

	"planwerk/engine/lp"
)

// breadSteel is datasets/plan_bread_steel: its README works the figures below out by hand.
const breadSteel = `
	tech mill 370  = 1 steel, -0.2 steel, -0.5 bread ; 1 furnace, 370 labour
	tech bakery 10 = 1 bread, -0.1 steel             ; 10 labour
	tech hand 70   = 1 bread                         ; 70 labour
	tech print 20  = 1 book                          ; 20 labour, 1 paper
	resource furnace 150
	resource labour 100000
	resource paper 250
	target bread 1000 at-least
	target steel 35 at-least
	target book 400 aim`

// TestLabour: without scarcity labour values 60 and 500 and λ·y = l·x = 77500; with 150 furnace hours hand baking sets the
// price of bread.
func TestLabour(t *testing.T) {
	p := problem(t, breadSteel)
	a := solved(t, p, Settings{Objective: Labour}, lp.Optimal)
	for id, want := range map[string]float64{"mill": 150, "bakery": 850, "hand": 225, "print": 0} {
		close(t, id, a.level(t, p, id), want)
	}
	for name, want := range map[string]float64{"bread": 70, "steel": 600, "furnace": 75, "labour": 0, "book": 0} {
		close(t, "price of "+name, a.price(t, p, name), want)
	}
	close(t, "labour", a.Labour, 79750)
	close(t, "objective", a.Last().Certificate.Objective, 79750)
	p.Resources[0].Available = 1000
	a = solved(t, p, Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour", a.Labour, 77500)
	close(t, "value of bread", a.price(t, p, "bread"), 60)
	close(t, "value of steel", a.price(t, p, "steel"), 500)
	close(t, "reduced cost of hand baking", a.ReducedCosts[2], 10)
	if a.At[2] != Lower || a.At[0] != Between {
		t.Errorf("hand baking at %v, mill at %v", a.At[2], a.At[0])
	}
}

// TestAims: 250 books of 400; steps of 100, the last weighs 1/4, the one before 2/4 per share of the need.
func TestAims(t *testing.T) {
	p := problem(t, breadSteel)
	a := solved(t, p, Settings{}, lp.Optimal)
	close(t, "books", a.level(t, p, "print"), 250)
	close(t, "shortfall", a.Shortfall[p.Find("book")[0]], 150)
	close(t, "weighted shortfall", a.Stages[0].Certificate.Objective, 100./400/4+50./400*2/4)
	close(t, "labour", a.Stages[1].Certificate.Objective, 84750)
	close(t, "price of steel", a.price(t, p, "steel"), 600)
	if a.Stages[0].Unit != "weighted shortfall" || a.Last().Unit != "minutes" {
		t.Errorf("units %s, %s", a.Stages[0].Unit, a.Last().Unit)
	}
	// One step: every part of the need counts the same.
	a = solved(t, p, Settings{NeedSteps: 1}, lp.Optimal)
	close(t, "weighted shortfall in one step", a.Stages[0].Certificate.Objective, 150./400)
	// A heavier need gets the paper first; needs of the same weight share it, for first parts count most.
	q := problem(t, `
		tech print 20 = 1 book ; 1 paper
		tech bind 5 = 1 pad ; 1 paper
		resource paper 100
		target book 100 aim
		target pad 100 aim`)
	a = solved(t, q, Settings{}, lp.Optimal)
	close(t, "books of half the paper", a.Delivered[0], 50)
	close(t, "pads of half the paper", a.Delivered[1], 50)
	q.Targets[0].Weight = 10
	a = solved(t, q, Settings{}, lp.Optimal)
	close(t, "books that weigh more", a.Delivered[0], 100)
	// Without aims there is one stage.
	q = problem(t, "tech print 20 = 1 book\ntarget book 3 at-least")
	if a = solved(t, q, Settings{}, lp.Optimal); len(a.Stages) != 1 {
		t.Errorf("%d stages without aims", len(a.Stages))
	}
}

// TestFulfilment: paper for 250 of 400 books bounds the factor; Kantorovich's machines make 86 2/3 sets, and his resolving
// multipliers are the prices: part 1 is worth twice part 2.
func TestFulfilment(t *testing.T) {
	p := problem(t, breadSteel)
	a := solved(t, p, Settings{Objective: Fulfilment}, lp.Optimal)
	close(t, "factor", a.Factor, 0.625)
	close(t, "bread", a.Delivered[p.Find("bread")[0]], 625)
	close(t, "labour", a.Labour, 0.625*77500+5000)
	k := problem(t, `
		tech milling1 480 = 10 part1 ; 1 milling
		tech milling2 480 = 20 part2 ; 1 milling
		tech turret1 480 = 20 part1 ; 1 turret
		tech turret2 480 = 30 part2 ; 1 turret
		tech auto1 480 = 30 part1 ; 1 auto
		tech auto2 480 = 80 part2 ; 1 auto
		resource milling 3
		resource turret 3
		resource auto 1
		target part1 1 at-least
		target part2 1 at-least`)
	a = solved(t, k, Settings{Objective: Fulfilment, MaxFulfilment: 1000}, lp.Optimal)
	close(t, "sets", a.Factor, 260./3)
	close(t, "milling for part 1", a.level(t, k, "milling1"), 8./3)
	first := a.Stages[0]
	close(t, "multiplier of part 1", first.Prices[0], 2./3)
	close(t, "multiplier of part 2", first.Prices[1], 1./3)
	close(t, "a day of the automatic", -first.Prices[4], 80./3)
	close(t, "bound", first.Certificate.Bound, 260./3)
	a = solved(t, k, Settings{Objective: Fulfilment, MaxFulfilment: 10}, lp.Optimal)
	close(t, "sets at most", a.Factor, 10)
}

// TestHarmony: with labour left over bread stays at its hard 1000 (a minute gives 1/70000 there) and steel takes the rest,
// (100000 − 84750)/600 above 35.
func TestHarmony(t *testing.T) {
	p := problem(t, breadSteel)
	a := solved(t, p, Settings{Objective: HarmonySum, LP: lp.Settings{Tolerance: 1e-7}}, lp.Optimal)
	steel := 35 + 15250./600
	close(t, "steel", a.Delivered[p.Find("steel")[0]], steel)
	close(t, "bread", a.Delivered[p.Find("bread")[0]], 1000)
	close(t, "book", a.Delivered[p.Find("book")[0]], 250)
	want := math.Log(steel/35) + Harmony(-0.375)
	close(t, "harmony", a.Last().Certificate.Objective, want)
	close(t, "price of labour", a.price(t, p, "labour"), 1/steel/600)
	// Two needs that share 150 hours of labour: h'(s)/(target·labour) is equal, so with targets of 100 each s is equal.
	q := problem(t, `
		tech weave 1 = 1 cloth ; 1 hour
		tech bake 1 = 1 bread ; 1 hour
		resource hour 150
		target cloth 100 aim
		target bread 100 aim`)
	a = solved(t, q, Settings{Objective: HarmonySum, LP: lp.Settings{Tolerance: 1e-7}}, lp.Optimal)
	close(t, "cloth", a.Delivered[0], 75)
	close(t, "price of an hour", a.price(t, q, "hour"), 1.25/100)
	close(t, "harmony", a.Last().Certificate.Objective, 2*Harmony(-0.25))
	// Plenty: log utility spends equal hours.
	q.Resources[0].Available = 1000
	a = solved(t, q, Settings{Objective: HarmonySum, LP: lp.Settings{Tolerance: 1e-7}}, lp.Optimal)
	close(t, "cloth in plenty", a.Delivered[0], 500)
	close(t, "harmony in plenty", a.Last().Certificate.Objective, 2*math.Log(5))
}

// TestCurve: tangents are never below harmony, and equal it where they touch.
func TestCurve(t *testing.T) {
	for _, least := range []float64{0, 30, 130} {
		c := &curve{target: 100, weight: 2, least: least, limit: math.Inf(1)}
		c.touch(0.37, 0.12, 0.62)
		x := make([]float64, len(c.lengths))
		for d := least; d < 100000; d = d*1.01 + 0.1 {
			c.fill(d, x)
			if got := c.read(x); math.Abs(got-d) > 1e-9*d {
				t.Fatalf("filled %v, read %v", d, got)
			}
			sum := c.value(least)
			for k, v := range x {
				sum += c.slopes[k] * v
			}
			if h := c.value(d); sum < h-1e-9 {
				t.Fatalf("at %v the tangents give %v, harmony is %v", d, sum, h)
			}
		}
		if s := 0.37; least < 130 {
			c.fill(100*(1+s), x)
			sum := c.value(least)
			for k, v := range x {
				sum += c.slopes[k] * v
			}
			if h := c.value(100 * (1 + s)); math.Abs(sum-h) > 1e-12 {
				t.Errorf("where they touch the tangents give %v, harmony is %v", sum, h)
			}
		}
		for k := 1; k < len(c.slopes); k++ {
			if c.slopes[k] >= c.slopes[k-1] || c.lengths[k-1] < 0 {
				t.Errorf("segment %d: slopes %v, %v, length %v", k, c.slopes[k-1], c.slopes[k], c.lengths[k-1])
			}
		}
	}
}
