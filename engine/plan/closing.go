package plan

import "math"

// close makes the last period leave the opening stocks and capacities; priced lets it owe them at their labour value.
func (x *expander) close(priced bool) {
	var value []float64
	if priced {
		value = labourValues(x.from)
	}
	for _, s := range x.from.Stocks {
		last := x.product(s.Product, x.n)
		name := x.from.Name(s.Product)
		x.flow(x.add("keep:"+name, 0, s.Quantity, s.Quantity), last, -1)
		if priced && finite(value[s.Product]) {
			x.flow(x.add("owe:"+name, value[s.Product], 0, s.Quantity), last, 1)
		}
	}
	for r := range x.from.Resources {
		x.closeResource(int32(r), value)
	}
}

// closeResource keeps a capacity that wears: what is added and what is worn off by the time after the last period must
// balance. value is nil unless the difference may be owed.
func (x *expander) closeResource(r int32, value []float64) {
	worn := false
	var uses []Use
	row := int32(len(x.to.Resources))
	for i := range x.from.Investments {
		v := &x.from.Investments[i]
		if v.Resource != r {
			continue
		}
		worn = worn || v.Quantity < 0
		for t := 1; t <= x.n; t++ {
			if v.alive(t, x.n+1) {
				uses = append(uses, Use{x.technique(v.Technique, t), row, -v.Quantity})
			}
		}
	}
	if !worn {
		return
	}
	id := x.from.Resources[r].ID
	x.to.Resources = append(x.to.Resources, Resource{ID: id + "#closing"})
	x.to.Uses = append(x.to.Uses, uses...)
	if value == nil {
		return
	}
	if v := capacityValue(x.from, r, value); finite(v) {
		j := x.add("owe:"+id, v, 0, math.Inf(1))
		x.to.Uses = append(x.to.Uses, Use{j, row, -1})
	}
}

// labourValues are the products' labour values in minutes if each were made by its cheapest technique and nothing were
// scarce: the least λ ≥ 0 with λ_i = min_j (labour_j + Σ used λ)/made_ij, by sweeps from 0. A technique that makes several
// things is taken where no other makes the product, as if it made that one alone. +Inf: it cannot be made.
func labourValues(p *Problem) []float64 {
	cost := techniqueCosts(p)
	makers := make([][]int32, len(p.Products)) // entries of Flows
	outputs := make([]int, len(p.Techniques))
	inputs := make([][]int32, len(p.Techniques))
	for k, f := range p.Flows {
		if f.Quantity > 0 {
			makers[f.Product] = append(makers[f.Product], int32(k))
			outputs[f.Technique]++
		} else if f.Quantity < 0 {
			inputs[f.Technique] = append(inputs[f.Technique], int32(k))
		}
	}
	for i, m := range makers {
		var single []int32
		for _, k := range m {
			if outputs[p.Flows[k].Technique] == 1 {
				single = append(single, k)
			}
		}
		if single != nil {
			makers[i] = single
		}
	}
	value := make([]float64, len(p.Products))
	const sweeps = 10000
	for range sweeps {
		changed := false
		for i, m := range makers {
			best := math.Inf(1)
			for _, k := range m {
				f := &p.Flows[k]
				sum := cost[f.Technique]
				for _, in := range inputs[f.Technique] {
					sum -= float64(p.Flows[in].Quantity * value[p.Flows[in].Product])
				}
				best = min(best, sum/f.Quantity)
			}
			changed = changed || math.Abs(best-value[i]) > 1e-12*best
			value[i] = best
		}
		if !changed {
			break
		}
	}
	return value
}

// techniqueCosts are labour and priced resources per unit of level, in minutes.
func techniqueCosts(p *Problem) []float64 {
	cost := make([]float64, len(p.Techniques))
	for j := range cost {
		cost[j] = p.Techniques[j].Labour
	}
	for _, u := range p.Uses {
		cost[u.Technique] += float64(u.Quantity * p.Resources[u.Resource].Price)
	}
	return cost
}

// capacityValue is the labour that the cheapest investment takes for a unit of a resource; +Inf: there is none.
func capacityValue(p *Problem, r int32, value []float64) float64 {
	cost := techniqueCosts(p)
	for _, f := range p.Flows {
		if f.Quantity < 0 {
			cost[f.Technique] -= float64(f.Quantity * value[f.Product])
		}
	}
	best := math.Inf(1)
	for _, v := range p.Investments {
		if v.Resource == r && v.Quantity > 0 {
			best = min(best, cost[v.Technique]/v.Quantity)
		}
	}
	return best
}
