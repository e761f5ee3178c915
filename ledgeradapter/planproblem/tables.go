package planproblem

import (
	"math"

	"planwerk/engine/ledger"
	"planwerk/engine/plan"
)

func (r *reader) products(t *table) error {
	s := r.spaces[t.def[0].space]
	for row := range t.Rows {
		r.p.Products = append(r.p.Products, plan.Product{ID: s.domain.Text(t.Cols[0].Ints[row]), Region: t.text(row, 1), Unit: t.text(row, 2)})
	}
	return nil
}

// register makes row the one that an id names, unless an earlier row is; Validate refuses doubled ids.
func (s *space) register(key ledger.Key, row int) {
	if _, known := s.rows[key]; !known {
		s.rows[key] = []int32{int32(row)}
	}
}

func (r *reader) techniques(t *table) error {
	s := r.spaces[t.def[0].space]
	for row := range t.Rows {
		key := t.Cols[0].Ints[row]
		s.register(key, row)
		r.p.Techniques = append(r.p.Techniques, plan.Technique{ID: s.domain.Text(key), Labour: t.number(row, 1, 0),
			Minimum: t.number(row, 2, 0), Maximum: t.number(row, 3, math.Inf(1))})
	}
	return nil
}

func (r *reader) resources(t *table) error {
	s := r.spaces[t.def[0].space]
	for row := range t.Rows {
		key := t.Cols[0].Ints[row]
		s.register(key, row)
		r.p.Resources = append(r.p.Resources, plan.Resource{ID: s.domain.Text(key), Available: t.number(row, 1, 0), Price: t.number(row, 2, 0)})
	}
	return nil
}

// pair reads two references of a row.
func (r *reader) pair(t *table, row int) (a, b int32, err error) {
	if a, err = r.one(t, row, 0); err == nil {
		b, err = r.one(t, row, 1)
	}
	return a, b, err
}

// cells reads a table of two references and a number a row.
func cells[T any](r *reader, t *table, cell func(a, b int32, quantity float64) T) ([]T, error) {
	list := make([]T, t.Rows)
	for row := range t.Rows {
		a, b, err := r.pair(t, row)
		if err != nil {
			return nil, err
		}
		list[row] = cell(a, b, t.number(row, 2, 0))
	}
	return list, nil
}

func (r *reader) flows(t *table) (err error) {
	r.p.Flows, err = cells(r, t, func(a, b int32, q float64) plan.Flow { return plan.Flow{Technique: a, Product: b, Quantity: q} })
	return err
}

func (r *reader) uses(t *table) (err error) {
	r.p.Uses, err = cells(r, t, func(a, b int32, q float64) plan.Use { return plan.Use{Technique: a, Resource: b, Quantity: q} })
	return err
}

func (r *reader) targets(t *table) error {
	for row := range t.Rows {
		a, err := r.one(t, row, 0)
		if err != nil {
			return err
		}
		kind := plan.AtLeast
		switch k := t.text(row, 3); k {
		case "at-least":
		case "aim":
			kind = plan.Aim
		default:
			return t.fault(row, 3, "%q is no kind of target; give at-least or aim", k)
		}
		r.p.Targets = append(r.p.Targets, plan.Target{Product: a, Quantity: t.number(row, 1, 0), Weight: t.number(row, 2, 1), Kind: kind})
	}
	return nil
}

func (r *reader) stocks(t *table) error {
	for row := range t.Rows {
		a, err := r.one(t, row, 0)
		if err != nil {
			return err
		}
		r.p.Stocks = append(r.p.Stocks, plan.Stock{Product: a, Quantity: t.number(row, 1, 0)})
	}
	return nil
}

// recycling reads shares; ids of several regions pair those of the same region.
func (r *reader) recycling(t *table) error {
	for row := range t.Rows {
		used, err := r.all(t, row, 0)
		if err != nil {
			return err
		}
		back, err := r.all(t, row, 1)
		if err != nil {
			return err
		}
		lag, err := t.whole(row, 3, 0)
		if err != nil {
			return err
		}
		for _, u := range used {
			to := back[0]
			if len(back) > 1 {
				to = r.p.FindIn(r.p.Products[back[0]].ID, r.p.Products[u].Region)
			}
			if to < 0 {
				return t.fault(row, 1, "%s is not in region %q, where %s is", r.p.Products[back[0]].ID, r.p.Products[u].Region, r.p.Products[u].ID)
			}
			r.p.Recycling = append(r.p.Recycling, plan.Recycling{Used: u, Recovered: to, Share: t.number(row, 2, 0), Lag: lag})
			r.origins[t.name] = append(r.origins[t.name], row)
		}
	}
	return nil
}

func (r *reader) transport(t *table) error {
	for row := range t.Rows {
		good, err := r.all(t, row, 0)
		if err != nil {
			return err
		}
		name := r.p.Products[good[0]].ID
		from, to := r.p.FindIn(name, t.text(row, 1)), r.p.FindIn(name, t.text(row, 2))
		if from < 0 {
			return t.fault(row, 1, "there is no %s in region %q", name, t.text(row, 1))
		}
		if to < 0 {
			return t.fault(row, 2, "there is no %s in region %q", name, t.text(row, 2))
		}
		if from == to {
			return t.fault(row, 2, "%s would be moved from %q to itself", name, t.text(row, 2))
		}
		r.p.Transport = append(r.p.Transport, plan.Transport{From: from, To: to, Labour: t.number(row, 3, 0), Loss: t.number(row, 4, 0)})
	}
	return nil
}

func (r *reader) storage(t *table) error {
	for row := range t.Rows {
		good, err := r.all(t, row, 0)
		if err != nil {
			return err
		}
		for _, g := range good {
			r.p.Storage = append(r.p.Storage, plan.Storage{Product: g, Labour: t.number(row, 1, 0), Loss: t.number(row, 2, 0)})
			r.origins[t.name] = append(r.origins[t.name], row)
		}
	}
	return nil
}

func (r *reader) investments(t *table) error {
	for row := range t.Rows {
		a, b, err := r.pair(t, row)
		if err != nil {
			return err
		}
		lag, err := t.whole(row, 3, 1)
		if err != nil {
			return err
		}
		life, err := t.whole(row, 4, 0)
		if err != nil {
			return err
		}
		if life < 1 && !t.Cols[4].Absent && t.Cols[4].Ints[row] != ledger.NullInt {
			return t.fault(row, 4, "a life of %d periods; leave it empty for ever", life)
		}
		r.p.Investments = append(r.p.Investments, plan.Investment{Technique: a, Resource: b, Quantity: t.number(row, 2, 0), Lag: lag, Life: life})
	}
	return nil
}

func (r *reader) growth(t *table) error {
	for row := range t.Rows {
		period, err := t.whole(row, 0, 0)
		if err != nil {
			return err
		}
		r.p.Growth = append(r.p.Growth, plan.Growth{Period: period, Factor: t.number(row, 1, 1)})
	}
	return nil
}
