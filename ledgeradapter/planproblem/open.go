package planproblem

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"planwerk/arrow"
	"planwerk/engine/plan"
)

// Plan is a plan read back: its tables by name, its certificates and its manifest.
type Plan struct {
	Manifest     *arrow.Manifest
	Certificates Certificates
	Levels       map[string]float64
	Balances     map[string]Balance
	Resources    map[string]float64 // shadow prices
	First        map[string]float64 // first stage's shadow prices by row

	result *arrow.Result
}

// Balance is what a plan needs of a row of balances.
type Balance struct{ StockUsed, Fulfilled, Shortfall, Price float64 }

// IsPlan reports whether a manifest is that of a plan.
func IsPlan(m *arrow.Manifest) bool {
	for i := range m.Tables {
		if m.Tables[i].Name == "activities" {
			return true
		}
	}
	return false
}

// OpenPlan reads a plan. Its files must be those of its manifest.
func OpenPlan(ctx context.Context, dir string) (*Plan, error) { return openPlan(ctx, dir, false) }

// OpenPlanAsIs reads a plan whose files may have been changed, to find out where.
func OpenPlanAsIs(ctx context.Context, dir string) (*Plan, error) { return openPlan(ctx, dir, true) }

func openPlan(ctx context.Context, dir string, asIs bool) (*Plan, error) {
	r, err := arrow.OpenResult(dir)
	if err != nil {
		return nil, err
	}
	r.AsIs = asIs
	if !IsPlan(r.Manifest) {
		return nil, &arrow.Error{File: dir, What: "is a result, but no plan", Hint: "name a directory that planwerk plan wrote"}
	}
	p := &Plan{Manifest: r.Manifest, result: r, Levels: map[string]float64{}, Balances: map[string]Balance{}, Resources: map[string]float64{}, First: map[string]float64{}}
	if err := p.certificate(filepath.Join(dir, CertificateFile)); err != nil {
		return nil, err
	}
	scans := []struct {
		table   string
		columns []string
		row     func(id string, v []float64)
	}{
		{"activities", []string{"level"}, func(id string, v []float64) { p.Levels[id] = v[0] }},
		{"balances", []string{"stock_used", "fulfilled", "shortfall", "shadow_price"},
			func(id string, v []float64) { p.Balances[id] = Balance{v[0], v[1], v[2], v[3]} }},
		{"resources", []string{"shadow_price"}, func(id string, v []float64) { p.Resources[id] = v[0] }},
		{"first_stage_prices", []string{"shadow_price"}, func(id string, v []float64) { p.First[id] = v[0] }},
	}
	for _, s := range scans {
		if _, there := r.Table(s.table); !there && s.table == "first_stage_prices" {
			continue
		}
		if err := scan(ctx, r, s.table, s.columns, s.row); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// mostCertificate bounds the size of certificate.json.
const mostCertificate = 1 << 20

func (p *Plan) certificate(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostCertificate))
	if err == nil {
		err = json.Unmarshal(data, &p.Certificates)
	}
	if err == nil && len(p.Certificates.Stages) == 0 {
		err = fmt.Errorf("it has no stages")
	}
	if err != nil {
		return &arrow.Error{File: path, What: "not a certificate", Err: err}
	}
	return nil
}

// scan reads the id and some float columns of a table.
func scan(ctx context.Context, r *arrow.Result, table string, names []string, row func(id string, v []float64)) error {
	values := make([]float64, len(names))
	return r.Scan(ctx, table, func(first int64, columns []arrow.ResultColumn, b *arrow.ResultBatch) error {
		at := make([]int, len(names))
		for k, name := range names {
			at[k] = -1
			for c := range columns {
				if columns[c].Name == name && columns[c].Type == arrow.ColFloat64 {
					at[k] = c
				}
			}
			if at[k] < 0 {
				return &arrow.Error{Table: table, Column: name, What: "the column is not there"}
			}
		}
		if columns[0].Type != arrow.ColID || columns[0].IntIDs {
			return &arrow.Error{Table: table, Column: columns[0].Name, What: "is no column of ids"}
		}
		for i := range b.N {
			for k, c := range at {
				values[k] = b.Columns[c].Floats[i]
				if math.IsNaN(values[k]) || math.IsInf(values[k], 0) {
					return &arrow.Error{Table: table, Column: names[k], Row: first + int64(i) + 1, What: fmt.Sprintf("%v is no figure of a plan", values[k])}
				}
			}
			row(string(b.Columns[0].Text.At(i)), values)
		}
		return nil
	})
}

// Warm is the plan as a start for another.
func (p *Plan) Warm() *plan.Warm {
	w := &plan.Warm{Levels: p.Levels, StockUsed: map[string]float64{}, Delivered: map[string]float64{}, Shortfall: map[string]float64{},
		Prices: map[string]map[string]float64{}}
	last := map[string]float64{plan.HeldRow: float64(p.Certificates.HeldPrice)}
	for id, b := range p.Balances {
		w.StockUsed[id], w.Delivered[id], w.Shortfall[id], last[id] = b.StockUsed, b.Fulfilled, b.Shortfall, b.Price
	}
	for id, price := range p.Resources {
		last[plan.ResourceRow(id)] = -price
	}
	stages := p.Certificates.Stages
	w.Prices[stages[len(stages)-1].Stage] = last
	if len(stages) > 1 {
		first := map[string]float64{}
		for row, price := range p.First {
			first[row] = price
		}
		for id := range p.Resources {
			first[plan.ResourceRow(id)] *= -1
		}
		w.Prices[stages[0].Stage] = first
		w.Factor = float64(stages[1].Held)
	}
	return w
}

// Stages puts the plan into the order of a problem's rows: what plan.Recheck needs. Every row of the problem must be in
// the plan.
func (p *Plan) Stages(of *plan.Problem) (*plan.Point, []*plan.Stage, error) {
	pt := &plan.Point{}
	missing := func(table, id string, row int) error {
		return &arrow.Error{Table: table, Row: int64(row) + 1, What: fmt.Sprintf("%q of the problem is not in the plan, where this row is its place", id),
			Hint: "the problem is not the one that was planned, or the row was changed"}
	}
	for i := range of.Techniques {
		v, ok := p.Levels[of.Techniques[i].ID]
		if !ok {
			return nil, nil, missing("activities", of.Techniques[i].ID, i)
		}
		pt.Levels = append(pt.Levels, v)
	}
	last, first := []float64{}, []float64{}
	for i := range of.Products {
		name := of.Name(int32(i))
		b, ok := p.Balances[name]
		if !ok {
			return nil, nil, missing("balances", name, i)
		}
		if _, ok := p.First[name]; !ok && len(p.First) > 0 {
			return nil, nil, missing("first_stage_prices", name, i)
		}
		pt.Delivered, pt.Shortfall = append(pt.Delivered, b.Fulfilled), append(pt.Shortfall, b.Shortfall)
		last, first = append(last, b.Price), append(first, p.First[name])
	}
	for _, s := range of.Stocks {
		pt.StockUsed = append(pt.StockUsed, p.Balances[of.Name(s.Product)].StockUsed)
	}
	for i := range of.Resources {
		id := of.Resources[i].ID
		v, ok := p.Resources[id]
		if !ok {
			return nil, nil, missing("resources", id, i)
		}
		if _, ok := p.First[plan.ResourceRow(id)]; !ok && len(p.First) > 0 {
			return nil, nil, missing("first_stage_prices", plan.ResourceRow(id), len(of.Products)+i)
		}
		last, first = append(last, 0-v), append(first, 0-p.First[plan.ResourceRow(id)])
	}
	var stages []*plan.Stage
	for k, c := range p.Certificates.Stages {
		s := &plan.Stage{Kind: c.Stage, Unit: c.Unit, Held: float64(c.Held), Prices: last, Status: plan.Status(c.Status)}
		if k < len(p.Certificates.Stages)-1 {
			s.Prices = first
		} else if k > 0 && p.Certificates.Stages[0].Stage == "shortfall" {
			s.Prices = append(last, float64(c.HeldPrice))
		}
		stages = append(stages, s)
		if c.Stage == "fulfilment" {
			pt.Factor = float64(c.Objective)
		} else if p.Certificates.Stages[0].Stage == "fulfilment" {
			pt.Factor = float64(c.Held)
		}
	}
	return pt, stages, nil
}
