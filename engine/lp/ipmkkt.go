package lp

import (
	"math"
	"slices"

	"planwerk/kernels"
)

// kkt solves −Θ⁻¹p + Aᵀq = r₁, A p = r₂. Columns are eliminated first, which leaves A Θ Aᵀ, except those with very many
// entries: they stay in the factored matrix as quasidefinite rows, since their outer products would fill it. Small
// regularisations ρ on Θ⁻¹ and δ on the rows keep the factorisation stable; refinement removes their influence.
type kkt struct {
	sc    *scaled
	std   *standard
	sym   *symbolic
	fac   *factor
	kept  []int32 // columns kept in the matrix: node m+k
	place []int32 // column → its node, or −1
	theta []float64
	inv   []float64 // Θ⁻¹, unregularised
	rho   float64
	delta float64
	diag  []float64 // slacks' part of A Θ Aᵀ
	rhs   []float64
	e1    []float64
	e2    []float64
	ax    []float64
	dx    []float64
	work  []float64
}

const (
	// factorLimit and flopsLimit bound what the interior point method may cost: about 2 GB, and about ten seconds a
	// factorisation; beyond, the first-order method is the better choice.
	factorLimit  = 1.5e8
	flopsLimit   = 2e10
	patternLimit = 4e7 // entries of A Aᵀ
	refinements  = 4
	// flopsPerSecond is how many operations of a factorisation a second of a time limit allows for: the method takes some
	// 30 factorisations, at some 3e9 operations a second.
	flopsPerSecond = 1.5e8
)

// newKKT analyses the structure. It gives nil when the factor is too large: more than so many operations, or values.
func newKKT(sc *scaled, std *standard, scale, flops float64) *kkt {
	m := sc.a.Rows
	k := &kkt{sc: sc, std: std, place: make([]int32, std.n), rho: 1e-9, delta: 1e-9,
		theta: make([]float64, len(std.c)), inv: make([]float64, len(std.c)), diag: make([]float64, m)}
	limit := denseLimit(sc)
	pattern := 0.0
	for j := range k.place {
		k.place[j] = -1
		size := int(sc.at.Ptr[j+1] - sc.at.Ptr[j])
		if size > limit {
			k.place[j] = int32(m + len(k.kept))
			k.kept = append(k.kept, int32(j))
		} else {
			pattern += float64(size) * float64(size)
		}
	}
	if pattern > 10*patternLimit*scale {
		return nil
	}
	k.sym = analyse(k.neighbours(), int64(factorLimit*scale))
	if k.sym == nil || k.sym.flops > flops*scale || float64(k.sym.nnz) > factorLimit*scale {
		return nil
	}
	sign := make([]int8, k.sym.n)
	for i := range sign {
		if sign[i] = 1; i >= m {
			sign[i] = -1
		}
	}
	k.fac = newFactor(k.sym, sign, sc.threads)
	k.rhs, k.work = make([]float64, k.sym.n), make([]float64, k.sym.n)
	k.e1, k.e2, k.ax, k.dx = make([]float64, len(std.c)), make([]float64, m), make([]float64, m), make([]float64, len(std.c))
	return k
}

// denseLimit is the number of entries from which a column is kept out of A Θ Aᵀ.
func denseLimit(sc *scaled) int {
	m := float64(sc.a.Rows)
	if m < 300 {
		return sc.a.Rows
	}
	mean := float64(sc.a.NNZ()) / max(1, float64(sc.a.Cols))
	return int(max(40, 10*mean, 3*math.Sqrt(m)))
}

// neighbours is the graph of the factored matrix.
func (k *kkt) neighbours() [][]int32 {
	m := k.sc.a.Rows
	adj := make([][]int32, m+len(k.kept))
	seen := make([]int32, m)
	for i := range m {
		var list []int32
		seen[i] = int32(i) + 1
		cols, _ := k.sc.a.Row(i)
		for _, j := range cols {
			if at := k.place[j]; at >= 0 {
				list = append(list, at)
				adj[at] = append(adj[at], int32(i))
				continue
			}
			rows, _ := k.sc.at.Row(int(j))
			for _, r := range rows {
				if seen[r] != int32(i)+1 {
					seen[r] = int32(i) + 1
					list = append(list, r)
				}
			}
		}
		adj[i] = slices.Clip(list)
	}
	return adj
}

// update takes the iterate's Θ and factors.
func (k *kkt) update(d *ipm) {
	t := k.std
	for j := range k.inv {
		v := 0.0
		if !t.free[j] {
			v = d.z[j] / d.v[j]
		}
		if t.bounded(j) {
			v += d.s[j] / d.w[j]
		}
		k.inv[j] = v
		k.theta[j] = 1 / (v + k.rho)
	}
	for i := range k.diag {
		k.diag[i] = k.delta
	}
	for q, i := range t.slack {
		k.diag[i] += k.theta[t.n+q] // its coefficient is ±1
	}
	k.fac.factorise(k.column)
}

// column gives column col of the factored matrix.
func (k *kkt) column(col int32, add func(row int32, v float64)) {
	m := int32(k.sc.a.Rows)
	if col >= m {
		j := k.kept[col-m]
		add(col, -(k.inv[j] + k.rho))
		rows, vals := k.sc.at.Row(int(j))
		for q, i := range rows {
			add(i, k.std.turn[j]*vals[q])
		}
		return
	}
	add(col, k.diag[col])
	cols, vals := k.sc.a.Row(int(col))
	for q, j := range cols {
		if at := k.place[j]; at >= 0 {
			add(at, k.std.turn[j]*vals[q])
			continue
		}
		v := vals[q] * k.theta[j]
		rows, other := k.sc.at.Row(int(j))
		for r, i := range rows {
			add(i, v*other[r])
		}
	}
}

// solve sets (p, q) to the solution for (r1, r2), refined.
func (k *kkt) solve(p, q, r1, r2 []float64) {
	k.once(p, q, r1, r2)
	goal := 1e-12 * (1e-30 + kernels.NormInf(r1) + kernels.NormInf(r2))
	last := math.Inf(1)
	for range refinements {
		e := k.residual(p, q, r1, r2)
		if e <= goal || e > 0.5*last {
			break
		}
		last = e
		k.once(k.dx, k.ax, k.e1, k.e2)
		kernels.Axpy(1, k.dx, p)
		kernels.Axpy(1, k.ax, q)
	}
}

// residual sets e1, e2 to what (p, q) misses of the unregularised system, and gives the largest part.
func (k *kkt) residual(p, q, r1, r2 []float64) float64 {
	k.std.mulT(k.sc, k.e1, q)
	for j := range k.e1 {
		k.e1[j] = r1[j] - k.e1[j] + k.inv[j]*p[j]
	}
	k.std.mul(k.sc, k.e2, p)
	for i := range k.e2 {
		k.e2[i] = r2[i] - k.e2[i]
	}
	return max(kernels.NormInf(k.e1), kernels.NormInf(k.e2))
}

// once solves the regularised system: q from A Θ Aᵀ q = r₂ + A Θ r₁, p = Θ(Aᵀq − r₁).
func (k *kkt) once(p, q, r1, r2 []float64) {
	m := k.sc.a.Rows
	for j := range p {
		p[j] = k.theta[j] * r1[j]
	}
	for _, j := range k.kept {
		p[j] = 0
	}
	k.std.mul(k.sc, k.rhs[:m], p)
	for i := range r2 {
		k.rhs[i] += r2[i]
	}
	for n, j := range k.kept {
		k.rhs[m+n] = r1[j]
	}
	k.fac.solve(k.rhs)
	copy(q, k.rhs[:m])
	k.std.mulT(k.sc, p, q)
	for j := range p {
		p[j] = k.theta[j] * (p[j] - r1[j])
	}
	for n, j := range k.kept {
		p[j] = k.rhs[m+n]
	}
}
