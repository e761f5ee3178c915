package plan

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"planwerk/engine/lp"
)

// TestRegions is datasets/plan_regions: grain one way, cloth the other, northern land short.
func TestRegions(t *testing.T) {
	p := problem(t, `
		tech nfields 10 = 1 grain@north ; 1 land
		tech sfields 30 = 1 grain@south
		tech nlooms 50 = 1 cloth@north
		tech slooms 20 = 1 cloth@south
		resource land 180
		target grain@north 100 at-least
		target grain@south 90 at-least
		target cloth@north 50 at-least
		target cloth@south 50 at-least
		carry grain north south 5 0.1
		carry cloth south north 8 0`)
	q := expanded(t, p, Expansion{Regions: true})
	a := solved(t, q, Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour", a.Labour, 5140)
	close(t, "grain sent", a.level(t, q, "transport:grain:north>south"), 80)
	for name, want := range map[string]float64{"grain@north": 22, "grain@south": 30, "cloth@north": 28, "cloth@south": 20, "land": 12} {
		close(t, "price of "+name, a.price(t, q, name), want)
	}
	alone := expanded(t, p, Expansion{})
	a = solved(t, alone, Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour without trade", a.Labour, 7200)
}

// TestPeriods is datasets/plan_periods: an oven pays if it bakes for three periods.
func TestPeriods(t *testing.T) {
	p := problem(t, `
		tech bake 10 = 1 bread ; 1 oven
		tech hand 30 = 1 bread
		tech build 500 = ; 1 builder
		resource oven 100
		resource builder 1
		target bread 100 at-least
		invest build oven 10 1 0
		growth 2 1.1
		growth 3 1.2
		growth 4 1.3
		growth 5 1.4`)
	q := expanded(t, p, Expansion{Periods: 5})
	a := solved(t, q, Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour", a.Labour, 7600)
	for id, want := range map[string]float64{"build#1": 1, "build#2": 1, "build#3": 0, "hand#4": 10, "hand#5": 20, "bake#5": 120} {
		close(t, id, a.level(t, q, id), want)
	}
	close(t, "price of an oven's place in 5", a.price(t, q, "oven#5"), 20)
	close(t, "price of bread in 4", a.price(t, q, "bread#4"), 30)
	// Ovens that last one period never pay.
	p.Investments[0].Life = 1
	q = expanded(t, p, Expansion{Periods: 5})
	a = solved(t, q, Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour with short-lived ovens", a.Labour, 5000+30*(10+20+30+40))
}

// TestStorage: a harvest in period 1 feeds three periods, less what spoils. 100 wanted in each: 100 + (100 + 100/0.8)/0.8.
func TestStorage(t *testing.T) {
	p := problem(t, `
		tech fields 1 = 1 grain ; 1 harvest
		tech import 1000 = 1 grain
		resource harvest 1000
		target grain 100 at-least
		store grain 0.5 0.2`)
	q := expanded(t, p, Expansion{Periods: 3})
	for r := range q.Resources {
		if r > 0 {
			q.Resources[r].Available = 0
		}
	}
	a := solved(t, q, Settings{Objective: Labour}, lp.Optimal)
	kept2 := 100 / 0.8
	kept1 := (100 + kept2) / 0.8
	close(t, "harvest", a.level(t, q, "fields#1"), 100+kept1)
	close(t, "kept in 1", a.level(t, q, "store:grain#1"), kept1)
	close(t, "labour", a.Labour, 100+kept1+0.5*(kept1+kept2))
	close(t, "price in 3", a.price(t, q, "grain#3"), ((1+0.5)/0.8+0.5)/0.8)
}

// closingEconomy has a stock that a plan would eat up and a machine that wears.
const closingEconomy = `
	tech bake 10 = 1 bread ; 1 oven
	tech build 500 =
	resource oven 100
	target bread 50 at-least
	stock bread 30
	store bread 0 0
	invest build oven 10 1 0
	invest bake oven -0.1 1 0`

// TestClosing: free eats the stock and wears the ovens; keep bakes 30 more and rebuilds what 100 loaves wear off, one oven
// place per 10 loaves; price owes where that is cheaper.
func TestClosing(t *testing.T) {
	p := problem(t, closingEconomy)
	run := func(c Closing) (*Problem, *Answer) {
		q := expanded(t, p, Expansion{Periods: 2, Closing: c})
		return q, solved(t, q, Settings{Objective: Labour}, lp.Optimal)
	}
	q, a := run(Free)
	close(t, "labour, free", a.Labour, 700)
	q, a = run(Keep)
	close(t, "labour, keep", a.Labour, 1000+500)
	close(t, "built", a.level(t, q, "build#1")+a.level(t, q, "build#2"), 1)
	close(t, "kept", a.level(t, q, "keep:bread"), 30)
	// A loaf's labour value is 10 and an oven place's 50, so owing costs the same as keeping, wear apart: a loaf baked wears
	// 0.1 places, 5 minutes. Owing 30 loaves at 10 beats baking them at 15.
	q, a = run(Price)
	close(t, "owed", a.level(t, q, "owe:bread"), 30)
	close(t, "labour, price", a.Labour, 70*15+300)
}

// TestLags: of the cans handed out in a period half their steel comes back the period after; without periods at once.
func TestLags(t *testing.T) {
	p := problem(t, `
		tech mine 100 = 1 steel
		tech press 1 = 1 can, -1 steel
		target can 10 at-least
		recycle can steel 0.5 1`)
	a := solved(t, expanded(t, p, Expansion{}), Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour of one period", a.Labour, 10+500)
	close(t, "steel recovered", a.Recovered[p.Find("steel")[0]], 5)
	q := expanded(t, p, Expansion{Periods: 3})
	a = solved(t, q, Settings{Objective: Labour}, lp.Optimal)
	close(t, "labour of three periods", a.Labour, 30+1000+500+500)
	// A shortfall gives nothing back: of 10 cans steel for 6 + half of what is handed out, x = 6 + x/2.
	p = problem(t, `
		tech press 1 = 1 can, -1 steel
		tech mine 1 = 1 steel ; 1 ore
		resource ore 4
		target can 10 aim
		recycle can steel 0.5 0`)
	a = solved(t, p, Settings{}, lp.Optimal)
	close(t, "cans", a.Delivered[p.Find("can")[0]], 8)
}

// TestExpansionIsPlain: a problem over regions and periods written out says the same as itself; one period changes names
// alone.
func TestExpansionIsPlain(t *testing.T) {
	p := problem(t, closingEconomy)
	q := expanded(t, p, Expansion{Periods: 2})
	again, notices, err := Expand(q, Expansion{})
	if err != nil || len(notices) > 0 {
		t.Fatal(err, notices)
	}
	q.names, again.names = nil, nil
	for _, r := range [][2]any{{q.Products, again.Products}, {q.Techniques, again.Techniques}, {q.Flows, again.Flows}, {q.Uses, again.Uses}} {
		if !reflect.DeepEqual(r[0], r[1]) {
			t.Errorf("expanding an expanded problem gives %v for %v", r[1], r[0])
		}
	}
	if _, notices, _ = Expand(p, Expansion{}); len(notices) != 2 || !strings.Contains(strings.Join(notices, " "), "storage") {
		t.Errorf("notices %q", notices)
	}
	if _, _, err = Expand(p, Expansion{Closing: "open"}); err == nil {
		t.Error("closing open is accepted")
	}
	if _, _, err = Expand(p, Expansion{Periods: math.MaxInt32}); err == nil {
		t.Error("2³¹ periods are accepted")
	}
}

// TestLabourValues: λ = λA + l for bread and steel is 60 and 500; what cannot be made is worth +Inf.
func TestLabourValues(t *testing.T) {
	p := problem(t, breadSteel+"\n stock gold 1")
	v := labourValues(p)
	close(t, "bread", v[p.Find("bread")[0]], 60)
	close(t, "steel", v[p.Find("steel")[0]], 500)
	if !math.IsInf(v[p.Find("gold")[0]], 1) {
		t.Errorf("gold is worth %v", v[p.Find("gold")[0]])
	}
}
