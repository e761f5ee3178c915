package plan

import "fmt"

func segmentName(p *Problem, product int32, k int) string {
	return fmt.Sprintf("deliver:%s:%d", p.Name(product), k+1)
}

// Point is a plan without its columns' bookkeeping: what the result tables hold.
type Point struct {
	Levels    []float64 // per technique
	StockUsed []float64 // per row of Stocks
	Delivered []float64 // per product: what of its targets is met
	Shortfall []float64 // per product: what of its targets is not
	Factor    float64   // of fulfilment
}

// point reads the columns of a program.
func (g *program) point(x []float64) *Point {
	p := g.p
	nt, ns := len(p.Techniques), len(p.Stocks)
	pt := &Point{Levels: x[:nt:nt], StockUsed: x[nt : nt+ns : nt+ns], Delivered: make([]float64, len(p.Products)),
		Shortfall: make([]float64, len(p.Products)), Factor: g.fixed}
	copy(pt.Delivered, g.demand)
	if g.factor >= 0 {
		pt.Factor = x[g.factor]
	}
	if g.scaled {
		for i, d := range g.demand {
			pt.Delivered[i] = float64(pt.Factor * d)
			pt.Shortfall[i] = max(0, d-pt.Delivered[i])
		}
	}
	for n, k := range g.aims {
		i := p.Targets[k].Product
		for s := range g.steps {
			pt.Shortfall[i] += x[g.short+n*g.steps+s]
		}
		pt.Delivered[i] = g.demand[i] - pt.Shortfall[i]
	}
	for _, c := range g.curves {
		d := c.read(x)
		pt.Delivered[c.product] = d
		pt.Shortfall[c.product] = max(0, c.target-d)
	}
	return pt
}

// columns is the reverse of point, with shortfall and deliveries put into the cheapest steps and segments: the columns
// that a point stands for, whichever the solver had found.
func (g *program) columns(pt *Point) []float64 {
	x := make([]float64, len(g.lp.C))
	copy(x, pt.Levels)
	copy(x[len(g.p.Techniques):], pt.StockUsed)
	if g.factor >= 0 {
		x[g.factor] = pt.Factor
	}
	for n, k := range g.aims {
		t := &g.p.Targets[k]
		rest, step := pt.Shortfall[t.Product], t.Quantity/float64(g.steps)
		for s := g.steps - 1; s >= 0; s-- {
			part := min(rest, step)
			x[g.short+n*g.steps+s] = part
			rest -= part
		}
	}
	for _, c := range g.curves {
		c.fill(pt.Delivered[c.product], x)
	}
	return x
}
