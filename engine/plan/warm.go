package plan

import "planwerk/engine/lp"

// Warm is an earlier plan by names, to begin another from. What is missing counts as 0.
type Warm struct {
	Levels    map[string]float64            // by technique
	StockUsed map[string]float64            // by product
	Delivered map[string]float64            // by product
	Shortfall map[string]float64            // by product
	Factor    float64                       // of fulfilment
	Prices    map[string]map[string]float64 // by stage and row; rows are products, "resource:" and the resource, HeldRow
}

// HeldRow names the row that holds a first stage's value in Warm.Prices.
const HeldRow = "held:shortfall"

// ResourceRow names a resource's row in Warm.Prices.
func ResourceRow(id string) string { return "resource:" + id }

// start is where a program begins.
func (w *Warm) start(g *program) *lp.Start {
	p := g.p
	pt := &Point{Levels: make([]float64, len(p.Techniques)), StockUsed: make([]float64, len(p.Stocks)),
		Delivered: make([]float64, len(p.Products)), Shortfall: make([]float64, len(p.Products)), Factor: w.Factor}
	for j := range p.Techniques {
		t := &p.Techniques[j]
		pt.Levels[j] = min(max(w.Levels[t.ID], t.Minimum), t.Maximum)
	}
	for k, s := range p.Stocks {
		pt.StockUsed[k] = min(w.StockUsed[p.Name(s.Product)], s.Quantity)
	}
	for i := range p.Products {
		name := p.Name(int32(i))
		pt.Delivered[i], pt.Shortfall[i] = w.Delivered[name], w.Shortfall[name]
	}
	start := &lp.Start{X: g.columns(pt), Y: make([]float64, len(g.lp.RowLower))}
	prices := w.Prices[string(g.kind)]
	for i, name := range g.lp.RowNames {
		start.Y[i] = prices[name]
	}
	return start
}
