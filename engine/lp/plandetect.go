package lp

import (
	"context"
	"math"

	"planwerk/engine/shard"
	"planwerk/engine/sparse"
)

// planStructure says which row is a technique's main product.
type planStructure struct {
	at         *sparse.CSR
	orient     []float64 // per row: 1 where more is wanted (a lower bound), −1 where less is (only an upper one)
	own        []int32   // per column: the row it mainly makes, −1: none
	ownVal     []float64 // what it makes of it per unit, oriented
	makers     []int32   // per row: the techniques of which it is the main product
	products   int
	techniques int
	joint      []int32 // columns that make several things
}

// detectPlan looks for Leontief substitution structure: nearly all columns make something and use other things, most
// of them make one thing only, levels are bounded below, and what lowers the cost is bounded above. Columns that are fixed
// are demand or supply like the rows' bounds and do not count, and columns of one entry (the steps of a need, the segments
// of a concave value) are not asked for inputs. nil: not a plan.
func detectPlan(p *Problem, threads int) *planStructure {
	m, n := p.Rows(), p.Cols()
	if m == 0 || n == 0 {
		return nil
	}
	st := &planStructure{orient: make([]float64, m), own: make([]int32, n), ownVal: make([]float64, n), makers: make([]int32, m)}
	for i := range st.orient {
		switch lo, hi := openBound(p.RowLower[i]), openBound(p.RowUpper[i]); {
		case !math.IsInf(lo, -1):
			st.orient[i] = 1
		case !math.IsInf(hi, 1):
			st.orient[i] = -1
		default:
			return nil
		}
	}
	for j, c := range p.C {
		if lo, hi := openBound(p.ColLower[j]), openBound(p.ColUpper[j]); math.IsInf(lo, -1) || (c < 0 && math.IsInf(hi, 1)) {
			return nil
		}
	}
	st.at = transposed(p.A, threads)
	single, inputs, fixed, alone := 0, 0, 0, 0
	for j := range n {
		if st.own[j] = -1; p.ColLower[j] == p.ColUpper[j] {
			fixed++
			continue
		}
		makes := 0
		rows, vals := st.at.Row(j)
		if len(rows) == 1 {
			alone++
		}
		for k, i := range rows {
			v := vals[k] * st.orient[i]
			if v < 0 {
				inputs++
				continue
			}
			makes++
			if v > st.ownVal[j] {
				st.own[j], st.ownVal[j] = i, v
			}
		}
		if makes == 1 {
			single++
		}
		if makes > 1 {
			st.joint = append(st.joint, int32(j))
		}
		if makes > 0 {
			st.techniques++
			st.makers[st.own[j]]++
		}
	}
	for _, k := range st.makers {
		if k > 0 {
			st.products++
		}
	}
	n -= fixed
	if st.techniques*10 < n*9 || single*10 < n*7 || (inputs < 2*n && inputs < 3*max(n-alone, st.products)) || st.products*10 < m*7 {
		return nil
	}
	return st
}

// worthwhile reports whether the program is large enough for the combined method to be the better choice.
func (st *planStructure) worthwhile() bool { return len(st.makers) >= planMinRows }

// crash finds rough prices and outputs by Gauss–Seidel sweeps, for scaling only: prices as if every product were made by
// its cheapest technique, outputs as if its techniques shared them equally. Capacities, side rows and by-products are
// left out. It reports false when prices do not settle: the techniques use more than they make.
func (st *planStructure) crash(p *Problem, threads int) (price, output []float64, ok bool) {
	m := p.Rows()
	price, output = make([]float64, m), make([]float64, m)
	columns := make([][]int32, m)
	for j, i := range st.own {
		if i >= 0 {
			columns[i] = append(columns[i], int32(j))
		}
	}
	base := st.baseCost(p)
	needs := &needing{st: st, a: p.A, always: st.alwaysNeeded(p), level: make([]float64, p.Cols())}
	both := []func(){
		func() {
			sweep(columns, price, func(i int, cols []int32) float64 { return st.cheapest(p, i, cols, price, base) })
		},
		func() { sweep(columns, output, needs.output) },
	}
	// The context never ends and neither fails, so there is no error to pass on.
	_ = shard.Run(context.Background(), threads, len(both), func(k int) error {
		both[k]()
		return nil
	})
	if base > 0 {
		st.levelPrices(p, price, output)
	}
	for i := range m {
		if !finite(price[i]) || price[i] > 1e15 || !finite(output[i]) || output[i] > 1e15 {
			return nil, nil, false
		}
	}
	return price, output, true
}

const (
	crashSweeps  = 25
	crashSettled = 1e-2 // relative change after which values are good enough to scale by
)

// sweep sets the value of every product that has columns, again and again, until the values hardly change.
func sweep(columns [][]int32, values []float64, value func(i int, cols []int32) float64) {
	for range crashSweeps {
		change := 0.0
		for i, cols := range columns {
			if len(cols) > 0 {
				next := value(i, cols)
				if d := math.Abs(next - values[i]); d > crashSettled*math.Abs(next) {
					change = max(change, d)
				}
				values[i] = next
			}
		}
		if change == 0 {
			return
		}
	}
}

// valuesOf are prices and outputs of an earlier plan. It reports false when there is none, or it says too little.
func (st *planStructure) valuesOf(start *Start) (price, output []float64, ok bool) {
	if start == nil {
		return nil, nil, false
	}
	price, output = make([]float64, len(st.makers)), make([]float64, len(st.makers))
	for j, i := range st.own {
		if i >= 0 {
			output[i] += st.ownVal[j] * max(start.X[j], 0)
		}
	}
	known := 0
	for i, k := range st.makers {
		if price[i] = math.Abs(start.Y[i]); k > 0 && price[i] > 0 && output[i] > 0 {
			known++
		}
	}
	return price, output, known*10 >= st.products*8
}

// baseCost is a cost added to every technique where most have none: the objective is then not a cost, and says too
// little to price inputs by.
func (st *planStructure) baseCost(p *Problem) float64 {
	costed := 0
	for j, c := range p.C {
		if st.own[j] >= 0 && c > 0 {
			costed++
		}
	}
	if 2*costed >= st.techniques {
		return 0
	}
	return 1
}

// levelPrices brings prices found with a base cost to the level of the objective: what columns with a cost use or make
// is worth as much as they cost, taken together.
func (st *planStructure) levelPrices(p *Problem, price, output []float64) {
	cost, worth := 0.0, 0.0
	for j, c := range p.C {
		if c == 0 {
			continue
		}
		level := openBound(p.ColUpper[j])
		if math.IsInf(level, 1) && st.own[j] >= 0 {
			level = output[st.own[j]] / st.ownVal[j]
		}
		rows, vals := st.at.Row(j)
		sum := 0.0
		for k, i := range rows {
			sum += vals[k] * st.orient[i] * price[i]
		}
		if finite(level) {
			cost, worth = cost+math.Abs(c)*level, worth+math.Abs(sum)*level
		}
	}
	if cost > 0 && worth > 0 {
		for i := range price {
			price[i] *= cost / worth
		}
	}
}

// cheapest is the least cost of a unit of product i over its techniques, at the current prices of inputs.
func (st *planStructure) cheapest(p *Problem, i int, cols []int32, price []float64, base float64) float64 {
	least := math.Inf(1)
	for _, j := range cols {
		cost := max(p.C[j], 0) + base
		rows, vals := st.at.Row(int(j))
		for k, r := range rows {
			if v := vals[k] * st.orient[r]; v < 0 && int(r) != i {
				cost -= v * price[r]
			}
		}
		least = min(least, cost/st.ownVal[j])
	}
	return least
}

// valueFlowScaling scales columns by √(x_own/λ_own) and rows by √(λ_i/x_i): an entry becomes the share of one product
// in the value of another, whatever the units, and the norm of the flows stays below one. Rows and columns without a
// place in the flow get norm one. Prices and outputs are an earlier plan's, if there is one, else rough ones. Scales are powers of two, so that a point keeps its bits on the way back. nil: the
// crash found no prices. The structure's transpose goes over to the scaled program.
func valueFlowScaling(p *Problem, st *planStructure, start *Start, threads int) *scaled {
	if st.at == nil { // taken by an earlier scaling
		st.at = transposed(p.A, threads)
	}
	price, output, ok := st.valuesOf(start)
	if !ok {
		if price, output, ok = st.crash(p, threads); !ok {
			return nil
		}
	}
	floor(price, st.makers)
	floor(output, st.makers)
	s := newScaled(p, threads)
	row, col := make([]float64, p.Rows()), make([]float64, p.Cols())
	for j, i := range st.own {
		if col[j] = 1; i >= 0 {
			col[j] = math.Sqrt(output[i] / price[i])
		}
	}
	for i := range row {
		if st.makers[i] > 0 {
			row[i] = math.Sqrt(price[i] / output[i])
			continue
		}
		cols, vals := p.A.Row(i)
		size := 0.0
		for k, j := range cols {
			size += vals[k] * vals[k] * col[j] * col[j]
		}
		if row[i] = 1; size > 0 {
			row[i] = 1 / math.Sqrt(size)
		}
	}
	for j, i := range st.own {
		if i >= 0 {
			continue
		}
		rows, vals := st.at.Row(j)
		size := 0.0
		for k, r := range rows {
			size += vals[k] * vals[k] * row[r] * row[r]
		}
		if size > 0 {
			col[j] = 1 / math.Sqrt(size)
		}
	}
	for _, v := range [][]float64{row, col} {
		for i := range v {
			_, e := math.Frexp(v[i] * math.Sqrt2)
			v[i] = math.Ldexp(1, e-1)
		}
	}
	s.apply(row, col)
	s.at, st.at = st.at, nil
	s.at.Scale(col, row)
	s.scaleSides(p)
	s.finish()
	return s
}

// floor lifts values of products below 1e-4 of their mean to that.
func floor(v []float64, makers []int32) {
	sum, count := 0.0, 0
	for i, k := range makers {
		if k > 0 {
			sum += v[i]
			count++
		}
	}
	least := 1e-4 * sum / float64(max(count, 1))
	if least <= 0 {
		least = 1
	}
	for i := range v {
		v[i] = max(v[i], least)
	}
}
