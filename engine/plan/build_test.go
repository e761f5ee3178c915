package plan

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"

	"planwerk/engine/lp"
)

// economy reads a problem written in lines, so that tests can be read:
//
//	tech mill 370 = 1 steel, -0.2 steel, -0.5 bread ; 1 furnace     labour, flows ; uses
//	bound mill 0 100                                                minimum, maximum
//	resource furnace 150                                            available, price?
//	target bread 1000 at-least                                      quantity, kind, weight?
//	stock bread 5
//	recycle can steel 0.5 1                                         used, recovered, share, lag
//	carry grain north south 5 0.1                                   labour, loss
//	store bread 1 0.1                                               labour, loss
//	invest builder oven 10 1 0                                      quantity, lag, life
//	growth 2 1.1
type economy struct {
	t *testing.T
	p *Problem
}

func problem(t *testing.T, text string) *Problem {
	t.Helper()
	e := &economy{t, &Problem{}}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			e.line(line)
		}
	}
	e.p.names = nil
	if err := e.p.Validate(); err != nil {
		t.Fatal(err)
	}
	return e.p
}

func (e *economy) number(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		e.t.Fatal(err)
	}
	return v
}

func (e *economy) product(name string) int32 {
	id, region, _ := strings.Cut(name, "@")
	for i := range e.p.Products {
		if e.p.Products[i].ID == id && e.p.Products[i].Region == region {
			return int32(i)
		}
	}
	e.p.Products = append(e.p.Products, Product{ID: id, Region: region})
	return int32(len(e.p.Products) - 1)
}

func (e *economy) technique(id string) int32 {
	for j := range e.p.Techniques {
		if e.p.Techniques[j].ID == id {
			return int32(j)
		}
	}
	e.t.Fatalf("no technique %s", id)
	return 0
}

func (e *economy) resource(id string) int32 {
	for j := range e.p.Resources {
		if e.p.Resources[j].ID == id {
			return int32(j)
		}
	}
	e.p.Resources = append(e.p.Resources, Resource{ID: id})
	return int32(len(e.p.Resources) - 1)
}

func (e *economy) line(line string) {
	p := e.p
	f := append(strings.Fields(line), "0", "0", "0", "0")
	switch f[0] {
	case "tech":
		e.tech(line)
	case "bound":
		j := e.technique(f[1])
		p.Techniques[j].Minimum, p.Techniques[j].Maximum = e.number(f[2]), e.number(f[3])
	case "resource":
		r := e.resource(f[1])
		p.Resources[r].Available, p.Resources[r].Price = e.number(f[2]), e.number(f[3])
	case "target":
		k := Target{Product: e.product(f[1]), Quantity: e.number(f[2]), Weight: 1}
		if f[3] == "aim" {
			k.Kind = Aim
		}
		if w := e.number(f[4]); w > 0 {
			k.Weight = w
		}
		p.Targets = append(p.Targets, k)
	case "stock":
		p.Stocks = append(p.Stocks, Stock{e.product(f[1]), e.number(f[2])})
	case "recycle":
		p.Recycling = append(p.Recycling, Recycling{e.product(f[1]), e.product(f[2]), e.number(f[3]), int(e.number(f[4]))})
	case "carry":
		p.Transport = append(p.Transport, Transport{e.product(f[1] + "@" + f[2]), e.product(f[1] + "@" + f[3]), e.number(f[4]), e.number(f[5])})
	case "store":
		p.Storage = append(p.Storage, Storage{e.product(f[1]), e.number(f[2]), e.number(f[3])})
	case "invest":
		p.Investments = append(p.Investments, Investment{e.technique(f[1]), e.resource(f[2]), e.number(f[3]), int(e.number(f[4])), int(e.number(f[5]))})
	case "growth":
		p.Growth = append(p.Growth, Growth{int(e.number(f[1])), e.number(f[2])})
	default:
		e.t.Fatalf("what is %q?", line)
	}
}

func (e *economy) tech(line string) {
	head, body, _ := strings.Cut(line, "=")
	flows, uses, _ := strings.Cut(body, ";")
	f := strings.Fields(head)
	j := int32(len(e.p.Techniques))
	e.p.Techniques = append(e.p.Techniques, Technique{ID: f[1], Labour: e.number(f[2]), Maximum: math.Inf(1)})
	pairs := func(text string, do func(q float64, name string)) {
		for _, part := range strings.Split(text, ",") {
			if w := strings.Fields(part); len(w) == 2 {
				do(e.number(w[0]), w[1])
			}
		}
	}
	pairs(flows, func(q float64, name string) { e.p.Flows = append(e.p.Flows, Flow{j, e.product(name), q}) })
	pairs(uses, func(q float64, name string) { e.p.Uses = append(e.p.Uses, Use{j, e.resource(name), q}) })
}

// solved plans and requires a status.
func solved(t *testing.T, p *Problem, set Settings, want lp.Status) *Answer {
	t.Helper()
	if set.LP.Tolerance == 0 {
		set.LP.Tolerance = 1e-9
	}
	a, err := Solve(context.Background(), p, set)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != want {
		t.Fatalf("%s: status %s, want %s", set.Objective, a.Status, want)
	}
	return a
}

// expanded is Expand where nothing may go wrong.
func expanded(t *testing.T, p *Problem, e Expansion) *Problem {
	t.Helper()
	q, _, err := Expand(p, e)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// close compares up to a relative tolerance.
func close(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-5*max(1, math.Abs(want)) {
		t.Errorf("%s is %.10g, want %.10g", what, got, want)
	}
}

// level is that of a technique by name.
func (a *Answer) level(t *testing.T, p *Problem, id string) float64 {
	t.Helper()
	for j := range p.Techniques {
		if p.Techniques[j].ID == id {
			return a.Levels[j]
		}
	}
	t.Fatalf("no technique %s", id)
	return 0
}

// price is the shadow price of a product or resource by name.
func (a *Answer) price(t *testing.T, p *Problem, name string) float64 {
	t.Helper()
	if i := p.Find(name); len(i) == 1 {
		return a.ProductPrice[i[0]]
	}
	for r := range p.Resources {
		if p.Resources[r].ID == name {
			return a.ResourcePrice[r]
		}
	}
	t.Fatalf("no product or resource %s", name)
	return 0
}
