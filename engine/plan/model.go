package plan

import (
	"fmt"
	"math"
	"slices"

	"planwerk/engine/lp"
	"planwerk/engine/sparse"
)

// stageKind is what the program of a stage is about.
type stageKind string

const (
	stageLabour     stageKind = "labour"
	stageShortfall  stageKind = "shortfall"
	stageFulfilment stageKind = "fulfilment"
	stageHarmony    stageKind = "harmony"
)

// unit says what a stage's objective is counted in, and with it its shadow prices.
func (k stageKind) unit() string {
	switch k {
	case stageLabour:
		return "minutes"
	case stageShortfall:
		return "weighted shortfall"
	case stageFulfilment:
		return "fulfilment factor"
	}
	return "harmony"
}

// program is the linear program of one stage. Rows: products, resources, then at most one that holds an earlier stage's
// value. Columns: techniques, stocks, then what the stage adds: steps of shortfall, the factor, or segments of delivery.
type program struct {
	kind   stageKind
	p      *Problem
	lp     *lp.Problem
	steps  int       // of shortfall per aim
	aims   []int     // targets with columns of shortfall, in order
	short  int       // first of their columns; aim k has steps·k … steps·(k+1)−1 from there
	factor int       // column of the factor, −1: none
	curves []*curve  // of harmony, in order
	scaled bool      // all targets are met by one factor
	fixed  float64   // the factor where it is no column
	demand []float64 // per product: what targets ask for at least
}

// builder gathers the entries of a program.
type builder struct {
	row, col       []int32
	val            []float64
	cost, lo, hi   []float64
	rowLo, rowHi   []float64
	colNames, rows []string
	back           map[int32][]Recycling // by used-up product
}

func (b *builder) put(row, col int, val float64) {
	b.row, b.col, b.val = append(b.row, int32(row)), append(b.col, int32(col)), append(b.val, val)
}

func (b *builder) column(name string, cost, lo, hi float64) int {
	b.cost, b.lo, b.hi, b.colNames = append(b.cost, cost), append(b.lo, lo), append(b.hi, hi), append(b.colNames, name)
	return len(b.cost) - 1
}

func (b *builder) addRow(name string, lo, hi float64) int {
	b.rowLo, b.rowHi, b.rows = append(b.rowLo, lo), append(b.rowHi, hi), append(b.rows, name)
	return len(b.rowLo) - 1
}

// newBuilder lays out balances, resources, techniques and stocks, with nothing delivered and no costs.
func newBuilder(p *Problem) *builder {
	inf := math.Inf(1)
	b := &builder{back: map[int32][]Recycling{}}
	b.grow(len(p.Products)+len(p.Resources)+1, len(p.Techniques)+len(p.Stocks), len(p.Flows)+len(p.Uses)+len(p.Stocks))
	for i := range p.Products {
		b.addRow(p.Name(int32(i)), 0, inf)
	}
	for r := range p.Resources {
		b.addRow("resource:"+p.Resources[r].ID, -inf, p.Resources[r].Available)
	}
	for j := range p.Techniques {
		t := &p.Techniques[j]
		b.column(t.ID, 0, t.Minimum, t.Maximum)
	}
	for _, s := range p.Stocks {
		b.put(int(s.Product), b.column("stock:"+p.Name(s.Product), 0, 0, s.Quantity), 1)
	}
	for _, f := range p.Flows {
		b.put(int(f.Product), int(f.Technique), f.Quantity)
	}
	for _, u := range p.Uses {
		b.put(len(p.Products)+int(u.Resource), int(u.Technique), u.Quantity)
	}
	for _, r := range p.Recycling {
		b.back[r.Used] = append(b.back[r.Used], r)
	}
	return b
}

// grow makes room for rows, columns and entries.
func (b *builder) grow(rows, columns, entries int) {
	b.rowLo, b.rowHi, b.rows = slices.Grow(b.rowLo, rows), slices.Grow(b.rowHi, rows), slices.Grow(b.rows, rows)
	b.cost, b.lo, b.hi, b.colNames = slices.Grow(b.cost, columns), slices.Grow(b.lo, columns), slices.Grow(b.hi, columns), slices.Grow(b.colNames, columns)
	b.row, b.col, b.val = slices.Grow(b.row, entries), slices.Grow(b.col, entries), slices.Grow(b.val, entries)
}

// deliver takes quantity of a product out of its balance, as a constant; what comes back of it counts.
func (b *builder) deliver(product int32, quantity float64) {
	b.rowLo[product] += quantity
	for _, r := range b.back[product] {
		b.rowLo[r.Recovered] -= float64(r.Share * quantity)
	}
}

// delivery makes a unit of a column take quantity of a product out of its balance.
func (b *builder) delivery(product int32, col int, quantity float64) {
	b.put(int(product), col, -quantity)
	for _, r := range b.back[product] {
		b.put(int(r.Recovered), col, float64(r.Share*quantity))
	}
}

// labour sets the costs of techniques to minutes.
func (b *builder) labour(p *Problem) {
	copy(b.cost, techniqueCosts(p))
}

// program makes the linear program. A negative constant comes from recovered goods and is fine.
func (b *builder) program(kind stageKind, p *Problem) (*program, error) {
	a, err := sparse.FromTriplets(len(b.rowLo), len(b.cost), b.row, b.col, b.val)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return &program{kind: kind, p: p, factor: -1, demand: make([]float64, len(p.Products)), lp: &lp.Problem{
		Name: "plan_" + string(kind), C: b.cost, A: a, RowLower: b.rowLo, RowUpper: b.rowHi, ColLower: b.lo, ColUpper: b.hi,
		RowNames: b.rows, ColNames: b.colNames}}, nil
}

// targets delivers the at-least targets and, when steps > 0, the aims but for their shortfall, which gets columns.
func (b *builder) targets(p *Problem, steps int) (aims []int, demand []float64) {
	demand = make([]float64, len(p.Products))
	for k := range p.Targets {
		t := &p.Targets[k]
		if t.Kind == Aim && steps == 0 {
			continue
		}
		demand[t.Product] += t.Quantity
		b.deliver(t.Product, t.Quantity)
		if t.Kind == Aim && t.Quantity > 0 {
			aims = append(aims, k)
		}
	}
	for _, k := range aims {
		t := &p.Targets[k]
		for s := 1; s <= steps; s++ {
			col := b.column(fmt.Sprintf("short:%s:%d", p.Name(t.Product), s), 0, 0, t.Quantity/float64(steps))
			b.delivery(t.Product, col, -1)
		}
	}
	return aims, demand
}

// stepWeight is what a unit of shortfall in step s = 1 … steps costs: the first part of a need counts most.
func stepWeight(t *Target, s, steps int) float64 {
	return t.Weight * float64(steps-s+1) / float64(steps) / t.Quantity
}

// labourProgram is least labour with the at-least targets met.
func labourProgram(p *Problem) (*program, error) {
	b := newBuilder(p)
	_, demand := b.targets(p, 0)
	b.labour(p)
	g, err := b.program(stageLabour, p)
	if err == nil {
		g.demand = demand
	}
	return g, err
}

// shortfallProgram is least weighted shortfall of the aims.
func shortfallProgram(p *Problem, steps int) (*program, error) {
	return aimsProgram(p, steps, math.Inf(1))
}

// aimsProgram is the program of aims: least weighted shortfall, or least labour where most bounds the shortfall.
func aimsProgram(p *Problem, steps int, most float64) (*program, error) {
	b := newBuilder(p)
	first := len(b.cost)
	aims, demand := b.targets(p, steps)
	kind := stageShortfall
	held := -1
	if !math.IsInf(most, 1) {
		kind = stageLabour
		b.labour(p)
		held = b.addRow("held:shortfall", math.Inf(-1), most)
	}
	for n, k := range aims {
		for s := 1; s <= steps; s++ {
			col, w := first+n*steps+s-1, stepWeight(&p.Targets[k], s, steps)
			if held >= 0 {
				b.put(held, col, w)
			} else {
				b.cost[col] = w
			}
		}
	}
	g, err := b.program(kind, p)
	if err == nil {
		g.steps, g.aims, g.short, g.demand = steps, aims, first, demand
	}
	return g, err
}

// factorProgram is the greatest common factor of all targets, or of the hard ones alone, at most that.
func factorProgram(p *Problem, most float64, hardOnly bool) (*program, error) {
	b := newBuilder(p)
	col := b.column("factor", -1, 0, most)
	demand := make([]float64, len(p.Products))
	for k := range p.Targets {
		t := &p.Targets[k]
		if hardOnly && t.Kind == Aim {
			continue
		}
		demand[t.Product] += t.Quantity
		b.delivery(t.Product, col, t.Quantity)
	}
	g, err := b.program(stageFulfilment, p)
	if err == nil {
		g.scaled, g.factor, g.demand = true, col, demand
	}
	return g, err
}

// factorLabourProgram is least labour with all targets met by a factor.
func factorLabourProgram(p *Problem, factor float64) (*program, error) {
	b := newBuilder(p)
	demand := make([]float64, len(p.Products))
	for k := range p.Targets {
		t := &p.Targets[k]
		demand[t.Product] += t.Quantity
		b.deliver(t.Product, float64(factor*t.Quantity))
	}
	b.labour(p)
	g, err := b.program(stageLabour, p)
	if err == nil {
		g.scaled, g.fixed, g.demand = true, factor, demand
	}
	return g, err
}
