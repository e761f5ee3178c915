package plan

import (
	"errors"
	"math"
	"testing"
)

// TestValidate: each fault is found with its table, column and row.
func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	f := func(table, column string, row int, spoil func(*Problem)) {
		t.Helper()
		p := problem(t, closingEconomy+"\n growth 1 1\n recycle bread steel 0.1 0")
		p.names = nil
		spoil(p)
		var d *DataError
		if err := p.Validate(); !errors.As(err, &d) || d.Table != table || d.Column != column || d.Row != row {
			t.Errorf("want table %s, column %s, row %d; got %v", table, column, row, err)
		}
	}
	f("products", "product", -1, func(p *Problem) { p.Products = nil })
	f("products", "product", 2, func(p *Problem) { p.Products = append(p.Products, p.Products[0]) })
	f("products", "product", 2, func(p *Problem) { p.Products = append(p.Products, Product{}) })
	f("techniques", "technique", 2, func(p *Problem) { p.Techniques = append(p.Techniques, p.Techniques[0]) })
	f("techniques", "labour", 1, func(p *Problem) { p.Techniques[1].Labour = inf })
	f("techniques", "minimum", 0, func(p *Problem) { p.Techniques[0].Minimum = -1 })
	f("techniques", "maximum", 0, func(p *Problem) { p.Techniques[0].Minimum, p.Techniques[0].Maximum = 2, 1 })
	f("resources", "available", 0, func(p *Problem) { p.Resources[0].Available = nan })
	f("resources", "price", 0, func(p *Problem) { p.Resources[0].Price = inf })
	f("flows", "technique", 0, func(p *Problem) { p.Flows[0].Technique = 9 })
	f("flows", "product", 0, func(p *Problem) { p.Flows[0].Product = -1 })
	f("flows", "quantity", 0, func(p *Problem) { p.Flows[0].Quantity = nan })
	f("flows", "quantity", 0, func(p *Problem) { p.Flows[0].Quantity = -1e200 })
	f("resources", "price", 0, func(p *Problem) { p.Resources[0].Price = 1e300 })
	f("uses", "technique", 0, func(p *Problem) { p.Uses[0].Technique = 9 })
	f("uses", "resource", 0, func(p *Problem) { p.Uses[0].Resource = 9 })
	f("uses", "quantity", 0, func(p *Problem) { p.Uses[0].Quantity = inf })
	f("targets", "quantity", 0, func(p *Problem) { p.Targets[0].Quantity = -1 })
	f("targets", "weight", 0, func(p *Problem) { p.Targets[0].Weight = nan })
	f("targets", "product", 1, func(p *Problem) { p.Targets = append(p.Targets, p.Targets[0]) })
	f("stocks", "quantity", 0, func(p *Problem) { p.Stocks[0].Quantity = -1 })
	f("stocks", "product", 1, func(p *Problem) { p.Stocks = append(p.Stocks, p.Stocks[0]) })
	f("recycling", "share", 0, func(p *Problem) { p.Recycling[0].Share = -0.5 })
	f("recycling", "lag", 0, func(p *Problem) { p.Recycling[0].Lag = -1 })
	f("recycling", "recovered", 0, func(p *Problem) { p.Recycling[0].Recovered = 7 })
	f("transport", "from", 0, func(p *Problem) { p.Transport = []Transport{{From: -1}} })
	f("transport", "loss", 0, func(p *Problem) { p.Transport = []Transport{{From: 0, To: 1, Loss: 1.5}} })
	f("transport", "to", 1, func(p *Problem) { p.Transport = []Transport{{From: 0, To: 1}, {From: 0, To: 1, Labour: 2}} })
	f("storage", "product", 2, func(p *Problem) { p.Storage = append(p.Storage[:1:1], Storage{Product: 1}, p.Storage[0]) })
	f("storage", "loss", 0, func(p *Problem) { p.Storage[0].Loss = -0.1 })
	f("storage", "labour", 0, func(p *Problem) { p.Storage[0].Labour = nan })
	f("investments", "quantity", 1, func(p *Problem) { p.Investments[1].Quantity = nan })
	f("investments", "lag", 0, func(p *Problem) { p.Investments[0].Lag = -1 })
	f("investments", "life", 0, func(p *Problem) { p.Investments[0].Life = -1 })
	f("growth", "period", 0, func(p *Problem) { p.Growth[0].Period = 0 })
	f("growth", "period", 1, func(p *Problem) { p.Growth = append(p.Growth, p.Growth[0]) })
	f("growth", "factor", 0, func(p *Problem) { p.Growth[0].Factor = nan })
}
