package lp

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomBasis makes a sparse square matrix by columns: a permuted triangle with a few entries across it.
func randomBasis(r *rand.Rand, m int) (rows [][]int32, vals [][]float64) {
	perm := r.Perm(m)
	rows, vals = make([][]int32, m), make([][]float64, m)
	for k := range m {
		has := map[int32]bool{}
		put := func(i int32) {
			if !has[i] {
				has[i] = true
				rows[k], vals[k] = append(rows[k], i), append(vals[k], math.Exp(r.NormFloat64())*float64(1-2*r.IntN(2)))
			}
		}
		put(int32(perm[k]))
		for range r.IntN(4) {
			put(int32(perm[r.IntN(k+1)]))
		}
		if r.IntN(3) == 0 {
			put(int32(r.IntN(m)))
		}
	}
	return rows, vals
}

func TestFactorMultipliedBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for trial := range 200 {
		m := 1 + r.IntN(60)
		rows, vals := randomBasis(r, m)
		f := newLU(m)
		order := orderColumns(m, m, func(k int) []int32 { return rows[k] })
		f.begin(luSparse)
		regular := true
		for q, k := range order.cols {
			regular = f.add(rows[k], vals[k], k, order.want[q], 1e-9) && regular
		}
		if len(order.cols) != m {
			t.Fatalf("trial %d: %d of %d columns are in the order", trial, len(order.cols), m)
		}
		for exchanges := 0; regular && exchanges < 5; exchanges++ {
			checkFactor(t, r, f, rows, vals)
			slot := r.IntN(m)
			fresh, freshVals := randomBasis(r, m)
			alpha := make([]float64, m)
			f.ftran(dense(m, fresh[slot], freshVals[slot]), alpha)
			if math.Abs(alpha[slot]) < 1e-2 {
				continue
			}
			f.exchange(int32(slot), alpha)
			rows[slot], vals[slot] = fresh[slot], freshVals[slot]
		}
	}
}

func dense(m int, rows []int32, vals []float64) []float64 {
	x := make([]float64, m)
	for k, i := range rows {
		x[i] = vals[k]
	}
	return x
}

// checkFactor multiplies solutions with the basis and its transpose.
func checkFactor(t *testing.T, r *rand.Rand, f *luFactor, rows [][]int32, vals [][]float64) {
	t.Helper()
	m := f.m
	b, w, y := make([]float64, m), make([]float64, m), make([]float64, m)
	for i := range b {
		b[i] = r.NormFloat64()
	}
	f.ftran(append([]float64(nil), b...), w)
	f.btran(append([]float64(nil), b...), y)
	miss := append([]float64(nil), b...)
	largest := 1.0
	for k := range m {
		dot := 0.0
		for q, i := range rows[k] {
			miss[i] -= vals[k][q] * w[k]
			dot += vals[k][q] * y[i]
		}
		largest = max(largest, math.Abs(w[k]), math.Abs(y[k]))
		if math.Abs(dot-b[k]) > 1e-8*largest {
			t.Errorf("Bᵀy misses slot %d by %g, %d exchanges", k, dot-b[k], len(f.etas))
		}
	}
	for i, e := range miss {
		if math.Abs(e) > 1e-8*largest {
			t.Errorf("B w misses row %d by %g, %d exchanges", i, e, len(f.etas))
		}
	}
}

func TestDependentColumnsAreLeftOut(t *testing.T) {
	f := newLU(3)
	f.begin(luAccurate)
	rows := []int32{0, 1, 2}
	if !f.add(rows, []float64{1, 2, 3}, 0, -1, 1e-9) || !f.add(rows, []float64{1, 0, 1}, 1, -1, 1e-9) {
		t.Fatal("an independent column is left out")
	}
	if f.add(rows, []float64{2, 2, 4}, 2, -1, 1e-9) {
		t.Error("the sum of two columns is taken")
	}
	if !f.add(rows, []float64{0, 0, 5}, 2, -1, 1e-9) {
		t.Error("a third independent column is left out after a dependent one")
	}
}
