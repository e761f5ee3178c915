package plan

import "math"

// What to do about a figure or a row that makes no sense.
const (
	anyNumber = "give a number from -1e18 to 1e18"
	fromZero  = "give a number from 0 to 1e18"
	keepOne   = "keep one of the rows"
	addUp     = "add them up in one row"
)

// Validate finds the first row that makes no sense: a *DataError with table, column and row. References out of range
// are faults too.
func (p *Problem) Validate() error {
	for _, check := range []func() error{p.checkProducts, p.checkTechniques, p.checkResources, p.checkEntries, p.checkTargets,
		p.checkStocks, p.checkRecycling, p.checkMoves, p.checkInvestments, p.checkGrowth} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Problem) checkProducts() error {
	if len(p.Products) == 0 {
		return fault("products", "product", -1, "there are no products")
	}
	for i := range p.Products {
		pr := &p.Products[i]
		if pr.ID == "" {
			return fault("products", "product", i, "a product without an id")
		}
		if j := p.in(pr.ID, pr.Region); j != int32(i) {
			return fault("products", "product", i, "%s is there twice, also in row %d; the same good in another region needs another region", pr.ID, j+1)
		}
	}
	return nil
}

func (p *Problem) checkTechniques() error {
	seen := make(map[string]int, len(p.Techniques))
	for i := range p.Techniques {
		t := &p.Techniques[i]
		switch {
		case t.ID == "":
			return fault("techniques", "technique", i, "a technique without an id")
		case !usable(t.Labour):
			return fault("techniques", "labour", i, "labour of %v minutes; "+anyNumber, t.Labour)
		case !usable(t.Minimum) || t.Minimum < 0:
			return fault("techniques", "minimum", i, "a minimum of %v; "+fromZero, t.Minimum)
		case math.IsNaN(t.Maximum) || t.Maximum < t.Minimum:
			return fault("techniques", "maximum", i, "the maximum %v is below the minimum %v; make it larger, or leave it empty for none", t.Maximum, t.Minimum)
		}
		if first, twice := seen[t.ID]; twice {
			return fault("techniques", "technique", i, "%s is there twice, also in row %d; "+keepOne, t.ID, first+1)
		}
		seen[t.ID] = i
	}
	return nil
}

func (p *Problem) checkResources() error {
	seen := make(map[string]int, len(p.Resources))
	for i := range p.Resources {
		r := &p.Resources[i]
		switch {
		case r.ID == "":
			return fault("resources", "resource", i, "a resource without an id")
		case !usable(r.Available):
			return fault("resources", "available", i, "%v is available; "+anyNumber, r.Available)
		case !usable(r.Price):
			return fault("resources", "price", i, "a price of %v; "+anyNumber, r.Price)
		}
		if first, twice := seen[r.ID]; twice {
			return fault("resources", "resource", i, "%s is there twice, also in row %d; "+keepOne, r.ID, first+1)
		}
		seen[r.ID] = i
	}
	return nil
}

// outside reports a reference that names no row.
func outside(ref int32, n int) bool { return ref < 0 || int(ref) >= n }

func (p *Problem) checkEntries() error {
	for i := range p.Flows {
		f := &p.Flows[i]
		switch {
		case outside(f.Technique, len(p.Techniques)):
			return fault("flows", "technique", i, "no such technique")
		case outside(f.Product, len(p.Products)):
			return fault("flows", "product", i, "no such product")
		case !usable(f.Quantity):
			return fault("flows", "quantity", i, "a quantity of %v; "+anyNumber, f.Quantity)
		}
	}
	for i := range p.Uses {
		u := &p.Uses[i]
		switch {
		case outside(u.Technique, len(p.Techniques)):
			return fault("uses", "technique", i, "no such technique")
		case outside(u.Resource, len(p.Resources)):
			return fault("uses", "resource", i, "no such resource")
		case !usable(u.Quantity):
			return fault("uses", "quantity", i, "a quantity of %v; "+anyNumber, u.Quantity)
		}
	}
	return nil
}

func (p *Problem) checkTargets() error {
	type key struct {
		product int32
		kind    Kind
	}
	seen := make(map[key]int, len(p.Targets))
	for i := range p.Targets {
		t := &p.Targets[i]
		switch {
		case outside(t.Product, len(p.Products)):
			return fault("targets", "product", i, "no such product")
		case !usable(t.Quantity) || t.Quantity < 0:
			return fault("targets", "quantity", i, "a target of %v; "+fromZero, t.Quantity)
		case !usable(t.Weight) || t.Weight < 0:
			return fault("targets", "weight", i, "a weight of %v; "+fromZero, t.Weight)
		case t.Kind > Aim:
			return fault("targets", "kind", i, "no such kind")
		}
		k := key{t.Product, t.Kind}
		if first, twice := seen[k]; twice {
			return fault("targets", "product", i, "%s has two targets of the kind %v, also in row %d; "+addUp, p.Name(t.Product), t.Kind, first+1)
		}
		seen[k] = i
	}
	return nil
}

func (p *Problem) checkStocks() error {
	seen := make(map[int32]int, len(p.Stocks))
	for i := range p.Stocks {
		s := &p.Stocks[i]
		switch {
		case outside(s.Product, len(p.Products)):
			return fault("stocks", "product", i, "no such product")
		case !usable(s.Quantity) || s.Quantity < 0:
			return fault("stocks", "quantity", i, "a stock of %v; "+fromZero, s.Quantity)
		}
		if first, twice := seen[s.Product]; twice {
			return fault("stocks", "product", i, "%s has two stocks, also in row %d; "+addUp, p.Name(s.Product), first+1)
		}
		seen[s.Product] = i
	}
	return nil
}

func (p *Problem) checkRecycling() error {
	for i := range p.Recycling {
		r := &p.Recycling[i]
		switch {
		case outside(r.Used, len(p.Products)):
			return fault("recycling", "product", i, "no such product")
		case outside(r.Recovered, len(p.Products)):
			return fault("recycling", "recovered", i, "no such product")
		case !usable(r.Share) || r.Share < 0:
			return fault("recycling", "share", i, "a share of %v; "+fromZero, r.Share)
		case r.Lag < 0:
			return fault("recycling", "lag", i, "a lag of %d periods; give 0 or more", r.Lag)
		}
	}
	return nil
}

// lost reports a loss that is no share.
func lost(v float64) bool { return !(v >= 0 && v <= 1) }

func (p *Problem) checkMoves() error {
	type route struct{ from, to int32 }
	routes := make(map[route]int, len(p.Transport))
	for i := range p.Transport {
		t := &p.Transport[i]
		first, twice := routes[route{t.From, t.To}]
		switch {
		case outside(t.From, len(p.Products)):
			return fault("transport", "from", i, "no such product there")
		case outside(t.To, len(p.Products)):
			return fault("transport", "to", i, "no such product there")
		case !usable(t.Labour):
			return fault("transport", "labour", i, "labour of %v minutes; "+anyNumber, t.Labour)
		case lost(t.Loss):
			return fault("transport", "loss", i, "a loss of %v; it is a share between 0 and 1", t.Loss)
		case twice:
			return fault("transport", "to", i, "the way from %s to %s is there twice, also in row %d; "+keepOne, p.Name(t.From), p.Name(t.To), first+1)
		}
		routes[route{t.From, t.To}] = i
	}
	return p.checkStorage()
}

func (p *Problem) checkStorage() error {
	seen := make(map[int32]bool, len(p.Storage))
	for i := range p.Storage {
		s := &p.Storage[i]
		switch {
		case outside(s.Product, len(p.Products)):
			return fault("storage", "product", i, "no such product")
		case !usable(s.Labour):
			return fault("storage", "labour", i, "labour of %v minutes; "+anyNumber, s.Labour)
		case lost(s.Loss):
			return fault("storage", "loss", i, "a loss of %v; it is a share between 0 and 1", s.Loss)
		case seen[s.Product]:
			return fault("storage", "product", i, "%s is there twice; "+keepOne, p.Name(s.Product))
		}
		seen[s.Product] = true
	}
	return nil
}

func (p *Problem) checkInvestments() error {
	for i := range p.Investments {
		v := &p.Investments[i]
		switch {
		case outside(v.Technique, len(p.Techniques)):
			return fault("investments", "technique", i, "no such technique")
		case outside(v.Resource, len(p.Resources)):
			return fault("investments", "resource", i, "no such resource")
		case !usable(v.Quantity):
			return fault("investments", "quantity", i, "a quantity of %v; "+anyNumber, v.Quantity)
		case v.Lag < 0:
			return fault("investments", "lag", i, "a lag of %d periods; give 0 or more", v.Lag)
		case v.Life < 0:
			return fault("investments", "life", i, "a life of %d periods; give 1 or more, or none for ever", v.Life)
		}
	}
	return nil
}

func (p *Problem) checkGrowth() error {
	seen := map[int]bool{}
	for i := range p.Growth {
		g := &p.Growth[i]
		switch {
		case g.Period < 1:
			return fault("growth", "period", i, "period %d; they count from 1", g.Period)
		case !usable(g.Factor) || g.Factor < 0:
			return fault("growth", "factor", i, "a factor of %v; "+fromZero, g.Factor)
		case seen[g.Period]:
			return fault("growth", "period", i, "period %d is there twice; "+keepOne, g.Period)
		}
		seen[g.Period] = true
	}
	return nil
}
