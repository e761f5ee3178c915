package plan

import (
	"fmt"
	"math"
	"slices"
)

// Closing says what the last period must leave behind.
type Closing string

const (
	Keep  Closing = "keep"  // stocks and capacities not below the opening ones
	Free  Closing = "free"  // nothing
	Price Closing = "price" // what is missing of the opening ones costs its labour value
)

// Expansion says over which regions and periods a problem is meant.
type Expansion struct {
	Regions bool
	Periods int // 0: one period, names as they are
	Closing Closing
}

// mostRows bounds what a problem may expand to.
const mostRows = math.MaxInt32

// Expand writes a problem over regions and periods out as a plain one, without transport, storage, investments, growth
// or lags. Notices tell which tables had no part in it.
func Expand(p *Problem, e Expansion) (*Problem, []string, error) {
	switch e.Closing {
	case "", Keep, Free, Price:
	default:
		return nil, nil, fmt.Errorf("closing %q is none of keep, free, price", e.Closing)
	}
	if e.Periods < 0 {
		return nil, nil, fmt.Errorf("%d periods", e.Periods)
	}
	if size := max(len(p.Products), len(p.Techniques)+len(p.Transport)+len(p.Storage), len(p.Resources)); e.Periods > 0 && size > mostRows/(e.Periods+2) {
		return nil, nil, fmt.Errorf("%d rows over %d periods are more than a linear program can hold", size, e.Periods)
	}
	var notices []string
	q := *p
	q.names = nil
	if e.Regions {
		addTransport(&q)
	} else if len(p.Transport) > 0 {
		notices = append(notices, fmt.Sprintf("%d rows of transport have no part without --regions", len(p.Transport)))
	}
	q.Transport = nil
	if e.Periods == 0 {
		notices = append(notices, leaveTime(&q)...)
		return &q, notices, nil
	}
	x := &expander{from: &q, n: e.Periods, to: &Problem{}}
	x.repeat()
	x.store()
	x.invest()
	if e.Closing == "" {
		e.Closing = Keep
	}
	if e.Closing != Free {
		x.close(e.Closing == Price)
	}
	return x.to, notices, nil
}

// addTransport adds a technique per route.
func addTransport(q *Problem) {
	q.Techniques, q.Flows = slices.Clip(q.Techniques), slices.Clip(q.Flows)
	for _, r := range q.Transport {
		from, to := &q.Products[r.From], &q.Products[r.To]
		j := int32(len(q.Techniques))
		q.Techniques = append(q.Techniques, Technique{
			ID: "transport:" + from.ID + ":" + from.Region + ">" + to.Region, Labour: r.Labour, Maximum: math.Inf(1)})
		q.Flows = append(q.Flows, Flow{j, r.From, -1})
		if r.Loss < 1 {
			q.Flows = append(q.Flows, Flow{j, r.To, 1 - r.Loss})
		}
	}
}

// leaveTime takes out what only periods give a meaning to.
func leaveTime(q *Problem) (notices []string) {
	leave := func(table string, rows int) {
		if rows > 0 {
			notices = append(notices, fmt.Sprintf("%d rows of %s have no part without --periods", rows, table))
		}
	}
	leave("storage", len(q.Storage))
	leave("investments", len(q.Investments))
	leave("growth", len(q.Growth))
	q.Storage, q.Investments, q.Growth = nil, nil, nil
	q.Recycling = slices.Clone(q.Recycling)
	for i := range q.Recycling {
		q.Recycling[i].Lag = 0
	}
	return notices
}

// expander repeats a problem over periods 1 … n; row i of a table is row (t − 1)·rows + i in period t.
type expander struct {
	from, to *Problem
	n        int
}

func at(id string, t int) string { return fmt.Sprintf("%s#%d", id, t) }

func (x *expander) product(i int32, t int) int32 {
	return int32((t-1)*len(x.from.Products)) + i
}

func (x *expander) technique(j int32, t int) int32 {
	return int32((t-1)*len(x.from.Techniques)) + j
}

func (x *expander) resource(r int32, t int) int32 {
	return int32((t-1)*len(x.from.Resources)) + r
}

func (x *expander) repeat() {
	p, q := x.from, x.to
	growth := map[int]float64{}
	for _, g := range p.Growth {
		growth[g.Period] = g.Factor
	}
	for t := 1; t <= x.n; t++ {
		for _, v := range p.Products {
			v.ID = at(v.ID, t)
			q.Products = append(q.Products, v)
		}
		for _, v := range p.Techniques {
			v.ID = at(v.ID, t)
			q.Techniques = append(q.Techniques, v)
		}
		for _, v := range p.Resources {
			v.ID = at(v.ID, t)
			q.Resources = append(q.Resources, v)
		}
		for _, v := range p.Flows {
			q.Flows = append(q.Flows, Flow{x.technique(v.Technique, t), x.product(v.Product, t), v.Quantity})
		}
		for _, v := range p.Uses {
			q.Uses = append(q.Uses, Use{x.technique(v.Technique, t), x.resource(v.Resource, t), v.Quantity})
		}
		for _, v := range p.Targets {
			v.Product = x.product(v.Product, t)
			if f, ok := growth[t]; ok {
				v.Quantity *= f
			}
			q.Targets = append(q.Targets, v)
		}
		for _, v := range p.Recycling {
			if t+v.Lag <= x.n {
				q.Recycling = append(q.Recycling, Recycling{Used: x.product(v.Used, t), Recovered: x.product(v.Recovered, t+v.Lag), Share: v.Share})
			}
		}
	}
	q.Stocks = slices.Clone(p.Stocks) // products of period 1 come first
}

// add appends a technique of its own.
func (x *expander) add(id string, labour, least, most float64) int32 {
	x.to.Techniques = append(x.to.Techniques, Technique{ID: id, Labour: labour, Minimum: least, Maximum: most})
	return int32(len(x.to.Techniques) - 1)
}

func (x *expander) flow(j, product int32, quantity float64) {
	x.to.Flows = append(x.to.Flows, Flow{j, product, quantity})
}

// store adds techniques that keep a product until the next period.
func (x *expander) store() {
	for t := 1; t < x.n; t++ {
		for _, s := range x.from.Storage {
			j := x.add(at("store:"+x.from.Name(s.Product), t), s.Labour, 0, math.Inf(1))
			x.flow(j, x.product(s.Product, t), -1)
			if s.Loss < 1 {
				x.flow(j, x.product(s.Product, t+1), 1-s.Loss)
			}
		}
	}
}

// alive reports whether what an investment of period t adds is there in period s.
func (v *Investment) alive(t, s int) bool {
	return s >= t+v.Lag && (v.Life == 0 || s < t+v.Lag+v.Life)
}

// invest adds capacity as negative use.
func (x *expander) invest() {
	for t := 1; t <= x.n; t++ {
		for i := range x.from.Investments {
			v := &x.from.Investments[i]
			for s := t + v.Lag; s <= x.n && v.alive(t, s); s++ {
				x.to.Uses = append(x.to.Uses, Use{x.technique(v.Technique, t), x.resource(v.Resource, s), -v.Quantity})
			}
		}
	}
}
