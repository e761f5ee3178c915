package lp

import (
	"context"
	"math"
	"slices"
	"time"

	"planwerk/engine/sparse"
)

// vertex takes a nearly optimal point to a vertex with an optimal basis ([BS], [ME]). The program is scaled by powers of
// two, so that nothing is lost, and written A x − s = 0: variable n+i is the activity of row i, with its bounds.
//
//  1. Every variable is at the bound that its reduced cost points to, or strictly between its bounds; columns of the
//     latter make a basis as far as they are independent, activities of rows the rest.
//  2. Variables between their bounds outside the basis are pushed to a bound, others leaving the basis for them.
//  3. Reduced costs of basic variables are pushed to zero, others entering for them.
//  4. The primal simplex method removes what is left of infeasibility.
//
// [BS] Bixby, Saltzman, Oper. Res. Lett. 15 (1994) 137. [ME] Megiddo, ORSA J. Comput. 3 (1991) 63.
type vertex struct {
	m, n     int
	sc       *scaled
	a, at    *sparse.CSR
	c        []float64 // of all n+m variables
	lo, hi   []float64
	x, z     []float64
	super    []bool  // outside of the basis and not at a bound
	head     []int32 // variable of a slot
	place    []int32 // slot of a variable, −1: outside of the basis
	lu       *luFactor
	size     []float64 // 1 + squared norm of a variable's column
	alpha    []float64 // by slot: B⁻¹ of a column
	rhs      []float64 // by row
	y        []float64 // by row
	g        []float64 // by slot
	row      []float64 // by variable: a row of B⁻¹N
	rows     []int32   // 0, 1, …, m−1
	feasible float64   // largest violation and reduced cost of the wrong sign that are allowed, scaled
	tol      float64   // violation that the next step allows
	phaseOne bool      // variables beyond a bound may go further
	clean    bool      // x follows from the basis as it was just factored
	pivots   int
	budget   float64 // operations
	ctx      context.Context
	deadline time.Time
}

const (
	vertexFeasible = 1e-9  // largest violation and reduced cost of the wrong sign, scaled: at first
	vertexSharp    = 1e-12 // and in the end, where that can be had
	vertexPivot    = 1e-7  // least pivot
	vertexEtas     = 64    // exchanges before the basis is factored again
	crashSure      = 1e-5  // distance from its bounds from which a variable is surely between them, scaled
	crashPivot     = 1e-6  // least pivot of the first basis, relative to its column
	basisPivot     = 1e-12 // the same of later ones
	luError        = 1e-8  // largest error of a factor that is not made again
)

func newVertex(p *Problem, x, y []float64) *vertex {
	sc := powerScaled(p)
	m, n := p.Rows(), p.Cols()
	vec := func(n int) []float64 { return make([]float64, n) }
	v := &vertex{m: m, n: n, sc: sc, a: sc.a, at: sc.at, c: append(slices.Clone(sc.c), vec(m)...),
		lo: append(slices.Clone(sc.lo), sc.rowLo...), hi: append(slices.Clone(sc.hi), sc.rowHi...),
		x: vec(n + m), z: vec(n + m), super: make([]bool, n+m), head: make([]int32, m), place: make([]int32, n+m),
		lu: newLU(m), size: vec(n + m), alpha: vec(m), rhs: vec(m), y: vec(m), g: vec(m), row: vec(n + m), rows: make([]int32, m)}
	for i := range v.rows {
		v.rows[i] = int32(i)
	}
	xs, ys := sc.toScaled(x, y)
	copy(v.x, xs)
	sc.mulA(v.x[n:], xs)
	sc.mulAt(v.z[:n], ys)
	for j := range n {
		v.z[j] = sc.c[j] - v.z[j]
	}
	copy(v.z[n:], ys)
	for j := range v.place {
		v.place[j] = -1
		v.size[j] = 2
		if j < n {
			v.size[j] = 1
			_, vals := v.at.Row(j)
			for _, a := range vals {
				v.size[j] += float64(a * a)
			}
		}
	}
	return v
}

// powerScaled is the program scaled by Ruiz rounds, rounded to powers of two.
func powerScaled(p *Problem) *scaled {
	rough := newScaled(p, 1)
	for range ruizRounds {
		rough.applyInverseRoots(maxima(rough.a))
	}
	rough.scaleInterior(p)
	power := func(v float64) float64 {
		_, e := math.Frexp(v * math.Sqrt2)
		return math.Ldexp(1, e-1)
	}
	for _, list := range [][]float64{rough.row, rough.col} {
		for i, v := range list {
			list[i] = power(v)
		}
	}
	s := newScaled(p, 1)
	s.apply(rough.row, rough.col)
	s.beta, s.gamma = power(rough.beta), power(rough.gamma)
	s.scaleSides(p)
	s.at = s.a.Transpose()
	s.cutRow, s.cutCol = s.a.Cut(), s.at.Cut()
	return s
}

// activityColumn holds the one coefficient of a row's activity.
var activityColumn = []float64{-1}

// columnOf gives a variable's column.
func (v *vertex) columnOf(j int32) ([]int32, []float64) {
	if int(j) < v.n {
		return v.at.Row(int(j))
	}
	i := int(j) - v.n
	return v.rows[i : i+1], activityColumn
}

func (v *vertex) fixed(j int32) bool { return v.lo[j] == v.hi[j] }

func (v *vertex) unbounded(j int32) bool { return math.IsInf(v.lo[j], -1) && math.IsInf(v.hi[j], 1) }

// settle puts every variable at the bound that its reduced cost points to when it is nearer to that than the reduced cost
// is to zero, and between its bounds otherwise.
func (v *vertex) settle() {
	for j := range v.x {
		toLo, toHi := v.x[j]-v.lo[j], v.hi[j]-v.x[j]
		switch {
		case v.lo[j] == v.hi[j]:
			v.x[j] = v.lo[j]
		case v.z[j] > 0 && toLo <= v.z[j]:
			v.x[j] = v.lo[j]
		case v.z[j] < 0 && toHi <= -v.z[j]:
			v.x[j] = v.hi[j]
		case toLo <= 0:
			v.x[j], v.z[j] = v.lo[j], 0
		case toHi <= 0:
			v.x[j], v.z[j] = v.hi[j], 0
		default:
			v.super[j], v.z[j] = true, 0
		}
	}
}

// crash chooses a first basis: independent columns of variables between their bounds, first those that surely are, then
// activities of rows for what is left.
func (v *vertex) crash() {
	var sure, perhaps []int32
	for j, between := range v.super {
		if !between {
			continue
		}
		if min(v.x[j]-v.lo[j], v.hi[j]-v.x[j]) > crashSure {
			sure = append(sure, int32(j))
		} else {
			perhaps = append(perhaps, int32(j))
		}
	}
	v.lu.begin(luAccurate)
	slot := int32(0)
	for _, list := range [][]int32{sure, perhaps} {
		order := orderColumns(v.m, len(list), func(k int) []int32 { rows, _ := v.columnOf(list[k]); return rows })
		v.countRows(list)
		for _, k := range order.cols {
			if v.lu.work > v.budget {
				return
			}
			rows, vals := v.columnOf(list[k])
			if v.lu.add(rows, vals, slot, -1, crashPivot) {
				v.enter(list[k], slot)
				slot++
			}
		}
	}
	for i, step := range v.lu.step {
		if step < 0 {
			v.enter(int32(v.n+i), slot)
			slot++
		}
	}
}

func (v *vertex) countRows(list []int32) {
	for _, j := range list {
		rows, _ := v.columnOf(j)
		for _, i := range rows {
			v.lu.rowCount[i]++
		}
	}
}

func (v *vertex) enter(j, slot int32) {
	v.head[slot], v.place[j], v.super[j] = j, slot, false
}

// refactor factors the basis anew, for sparsity, or for accuracy where the former is not accurate.
func (v *vertex) refactor() {
	order := orderColumns(v.m, v.m, func(k int) []int32 { rows, _ := v.columnOf(v.head[k]); return rows })
	for _, least := range []float64{luSparse, luAccurate} {
		v.factor(order, least)
		if v.stopped() || v.factorError() <= luError {
			return
		}
	}
}

// factor factors the basis in an order. Columns that turn out dependent are replaced by activities of rows.
func (v *vertex) factor(order luOrder, least float64) {
	v.lu.begin(least)
	v.countRows(v.head)
	var out []int32
	for q, k := range order.cols {
		if v.lu.work > v.budget {
			return // and no result will be taken from here
		}
		rows, vals := v.columnOf(v.head[k])
		if !v.lu.add(rows, vals, k, order.want[q], basisPivot) {
			out = append(out, k)
		}
	}
	for i := int32(0); len(out) > 0 && int(i) < v.m; i++ {
		if v.lu.step[i] >= 0 {
			continue
		}
		slot := out[0]
		out = out[1:]
		v.leave(v.head[slot])
		v.enter(int32(v.n)+i, slot)
		rows, vals := v.columnOf(v.head[slot])
		v.lu.add(rows, vals, slot, i, 0)
	}
}

// factorError is by how much the factor misses the solution of ones.
func (v *vertex) factorError() float64 {
	clear(v.rhs)
	for _, j := range v.head {
		rows, vals := v.columnOf(j)
		for k, i := range rows {
			v.rhs[i] += vals[k]
		}
	}
	v.lu.ftran(v.rhs, v.alpha)
	worst := 0.0
	for _, w := range v.alpha {
		if e := math.Abs(w - 1); !(e <= worst) {
			worst = e
		}
	}
	return worst
}

// leave takes a variable out of the basis, to the nearest bound when it is close to one.
func (v *vertex) leave(j int32) {
	v.place[j] = -1
	v.super[j] = true
	for _, b := range []float64{v.lo[j], v.hi[j]} {
		if !math.IsInf(b, 0) && math.Abs(v.x[j]-b) <= 10*vertexFeasible*(1+math.Abs(b)) {
			v.x[j], v.super[j] = b, false
		}
	}
}

// column sets alpha to B⁻¹ times the column of variable j.
func (v *vertex) column(j int32) {
	clear(v.rhs)
	rows, vals := v.columnOf(j)
	for k, i := range rows {
		v.rhs[i] = vals[k]
	}
	v.lu.ftran(v.rhs, v.alpha)
}

// tableauRow sets y to B⁻ᵀe and row to its products with all columns outside of the basis.
func (v *vertex) tableauRow(slot int32) {
	clear(v.g)
	v.g[slot] = 1
	v.lu.btran(v.g, v.y)
	clear(v.row)
	for i, w := range v.y {
		if w == 0 {
			continue
		}
		cols, vals := v.a.Row(i)
		for k, j := range cols {
			v.row[j] += float64(vals[k] * w)
		}
		v.row[v.n+i] = -w
		v.lu.work += float64(len(cols))
	}
}

// exchange lets j enter in a slot; alpha is its column's. The basis is factored again when enough exchanges were made.
func (v *vertex) exchange(j, slot int32) {
	v.place[v.head[slot]] = -1
	v.enter(j, slot)
	v.clean = false
	v.lu.exchange(slot, v.alpha)
	if v.pivots++; len(v.lu.etas) >= vertexEtas {
		v.refactor()
	}
}

// stopped reports that time or budget are used up.
func (v *vertex) stopped() bool {
	return v.lu.work > v.budget || v.ctx.Err() != nil || (!v.deadline.IsZero() && time.Now().After(v.deadline))
}

// solvePrimal sets the basic variables so that A x − s = 0, refined with residuals in twice the precision.
func (v *vertex) solvePrimal(rounds int) {
	for _, j := range v.head {
		v.x[j] = 0
	}
	for range rounds {
		sum := make([]double, v.m)
		for i := range v.m {
			cols, vals := v.a.Row(i)
			var d double
			for k, j := range cols {
				d = d.addProduct(-vals[k], v.x[j])
			}
			sum[i] = d.add(v.x[v.n+i])
			v.rhs[i] = sum[i].value()
		}
		v.lu.ftran(v.rhs, v.alpha)
		for s, j := range v.head {
			v.x[j] += v.alpha[s]
		}
	}
}

// solveDual sets y so that basic variables have the reduced costs given by cost, and z to all reduced costs.
func (v *vertex) solveDual(cost []float64, rounds int) (y []float64) {
	y = make([]float64, v.m)
	dy := make([]float64, v.m)
	for range rounds {
		for s, j := range v.head {
			rows, vals := v.columnOf(j)
			d := double{hi: cost[j]}
			for k, i := range rows {
				d = d.addProduct(-vals[k], y[i])
			}
			v.g[s] = d.value()
		}
		v.lu.btran(v.g, dy)
		for i, d := range dy {
			y[i] += d
		}
	}
	for j := range int32(v.n + v.m) {
		if v.z[j] = 0; v.place[j] < 0 {
			rows, vals := v.columnOf(j)
			d := double{hi: cost[j]}
			for k, i := range rows {
				d = d.addProduct(-vals[k], y[i])
			}
			v.z[j] = d.value()
		}
	}
	return y
}
