package leontief

import (
	"context"
	"fmt"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// Cycles are the production cycles of a ledger, as its batch valued them.
type Cycles struct {
	Ledger      *ledger.Ledger
	End         []int64          // per production, µs
	Drawn       func(int) int64  // per consumption: what it took, micro-units
	Workloads   []kernels.Int128 // per production, µmin
	Transferred []kernels.Int128 // per production: value of means of production, µmin
	Value       []kernels.Int128 // per resource, µmin; null = unvalued
}

// NoEconomy is the error of a ledger that holds no production to take coefficients from.
type NoEconomy struct{ Why string }

func (e *NoEconomy) Error() string { return e.Why }

// FromLedger builds A and l per product type out of the production cycles that end in the ledger's period. The inputs of
// a cycle, its workloads and the value its means of production transferred are shared among its outputs by their value, or by
// amount where all are of one type; divided by all that was made of a type they give A (units per unit) and l (minutes per
// unit). Demand is what was dispatched to individuals in the period, Output what was made, Price the value in minutes that the
// ledger gives it: a steady economy's labour values come to Price/Output.
func FromLedger(ctx context.Context, c *Cycles) (*Table, error) {
	l := c.Ledger
	n := l.ProductTypes.N
	if n == 0 {
		return nil, &NoEconomy{"table product_types has no rows: there are no products to value"}
	}
	t := &Table{Labour: make([]float64, n), Demand: make([]float64, n), Output: make([]float64, n), Price: make([]float64, n)}
	for i := range n {
		t.Codes = append(t.Codes, l.IDs[ledger.TProductTypes].Text(int32(i)))
	}
	s := &cycleShares{Cycles: c, first: make([]int32, l.Productions.N), next: make([]int32, l.Outputs.N)}
	s.link()
	s.outputs(t)
	if s.shared == 0 {
		return nil, s.nothing()
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	if err := s.inputs(t); err != nil {
		return nil, err
	}
	for i := range l.Dispatches.N {
		typ := l.Resources.Type[l.Dispatches.Resource[i]]
		if typ >= 0 && l.InPeriod(l.Dispatches.Time[i]) {
			t.Demand[typ] += float64(l.Dispatches.Amount[i]) / 1e6
		}
	}
	s.notices(t)
	return t, nil
}

// nothing says why no production cycle gives coefficients.
func (s *cycleShares) nothing() error {
	switch {
	case s.Ledger.Productions.N == 0:
		return &NoEconomy{"table productions has no rows up to the end of the period: A and l come from production cycles"}
	case s.unshared > 0:
		return &NoEconomy{fmt.Sprintf("tables productions and outputs: all %d production cycles that end in the period have outputs of several types without values", s.unshared)}
	}
	return &NoEconomy{"tables productions and outputs: no production cycle with outputs ends in the period, from which A and l could be taken"}
}

// notices tells what was left out, and what counts as nothing.
func (s *cycleShares) notices(t *Table) {
	if s.unshared > 0 {
		t.Notice("%d production cycles of the period have outputs of several types without values: they are left out", s.unshared)
	}
	if s.empty > 0 {
		t.Notice("%d production cycles begun in the period have no outputs: their labour and inputs are work in progress and are left out", s.empty)
	}
	bought := 0
	for i, x := range t.Output {
		if x == 0 && t.A.Ptr[i] < t.A.Ptr[i+1] {
			bought++
		}
	}
	if bought > 0 {
		t.Notice("%d product types are used in production cycles of the period and made in none: they count as made without labour", bought)
	}
	if kernels.NormInf(t.Demand) == 0 {
		t.Notice("nothing was dispatched to individuals in the period: final demand and gross outputs are zero")
	}
}

// cycleShares divides production cycles among their outputs.
type cycleShares struct {
	*Cycles
	first           []int32 // per production: an output, −1 for none
	next            []int32 // per output: another of the same production, −1 at the end
	shared          int     // cycles of the period that give coefficients
	unshared, empty int
}

// link lists the outputs of every production, in rising order.
func (s *cycleShares) link() {
	for p := range s.first {
		s.first[p] = -1
	}
	for o := s.Ledger.Outputs.N - 1; o >= 0; o-- {
		p := s.Ledger.Outputs.Production[o]
		s.next[o], s.first[p] = s.first[p], int32(o)
	}
}

// share is a part of a production that goes to a product type.
type share struct {
	typ  int32
	part float64
}

// of gives the shares of a production, parts adding up to 1, or none when it cannot be shared.
func (s *cycleShares) of(p int32, to []share) []share {
	o := &s.Ledger.Outputs
	value, amount, oneType := 0.0, 0.0, true
	for k := s.first[p]; k >= 0; k = s.next[k] {
		oneType = oneType && o.ProductType[k] == o.ProductType[s.first[p]]
		amount += float64(o.Amount[k])
		if v := s.Value[o.Resource[k]]; !v.IsNull() {
			value += real(v)
		}
	}
	if oneType && amount > 0 {
		return append(to, share{o.ProductType[s.first[p]], 1})
	}
	if value <= 0 {
		return to
	}
	for k := s.first[p]; k >= 0; k = s.next[k] {
		if v := s.Value[o.Resource[k]]; !v.IsNull() {
			to = append(to, share{o.ProductType[k], real(v) / value})
		}
	}
	return to
}

// outputs sums what was made, what it is worth, and the direct labour in it.
func (s *cycleShares) outputs(t *Table) {
	o := &s.Ledger.Outputs
	var parts []share
	for p := range s.Ledger.Productions.N {
		if s.first[p] < 0 && s.Ledger.InPeriod(s.Ledger.Productions.Time[p]) {
			s.empty++
		}
		if s.first[p] < 0 || !s.Ledger.InPeriod(s.End[p]) {
			continue
		}
		if parts = s.of(int32(p), parts[:0]); len(parts) == 0 {
			s.unshared++
			continue
		}
		s.shared++
		labour := real(s.Workloads[p]) + real(s.Transferred[p])
		for _, h := range parts {
			t.Labour[h.typ] += float64(h.part*labour) / 1e6
		}
		for k := s.first[p]; k >= 0; k = s.next[k] {
			t.Output[o.ProductType[k]] += float64(o.Amount[k]) / 1e6
			if v := s.Value[o.Resource[k]]; !v.IsNull() {
				t.Price[o.ProductType[k]] += real(v) / 1e6
			}
		}
	}
	for i, x := range t.Output {
		if x > 0 {
			t.Labour[i] /= x
		}
	}
}

// inputs sums what was consumed into A.
func (s *cycleShares) inputs(t *Table) error {
	l := s.Ledger
	n := l.ProductTypes.N
	sums := map[[2]int32]float64{}
	var parts []share
	for i := range l.Consumptions.N {
		p := l.Consumptions.Production[i]
		typ := l.Resources.Type[l.Consumptions.Resource[i]]
		if typ < 0 || !l.InPeriod(s.End[p]) || l.Consumptions.Time[i] > s.End[p] {
			continue
		}
		taken := float64(s.Drawn(i)) / 1e6
		parts = s.of(p, parts[:0])
		for _, h := range parts {
			sums[[2]int32{typ, h.typ}] += float64(taken * h.part)
		}
	}
	row, col, val := make([]int32, 0, len(sums)), make([]int32, 0, len(sums)), make([]float64, 0, len(sums))
	for place, v := range sums {
		if v != 0 {
			row, col, val = append(row, place[0]), append(col, place[1]), append(val, v/t.Output[place[1]])
		}
	}
	var err error
	if t.A, err = NewMatrix(n, n, row, col, val); err != nil {
		return fmt.Errorf("leontief: production cycles: %w", err)
	}
	return nil
}

// real is v as the nearest float64.
func real(v kernels.Int128) float64 {
	if v.IsInt64() {
		return float64(v.Int64())
	}
	return v.Float64()
}
