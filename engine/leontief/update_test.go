package leontief

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactRow is (|M|v)ᵢ without rounding, with the entries of M as they are.
func exactRow(s *System, i int, v []float64) *big.Float {
	sum := new(big.Float).SetPrec(400)
	cols, vals := s.m.Row(i)
	for k, c := range cols {
		a := new(big.Float).SetPrec(400).SetFloat64(vals[k])
		sum.Add(sum, a.Mul(a.Abs(a), big.NewFloat(v[c])))
	}
	return sum
}

// TestUpdateKeepsBounds: what a system keeps of its dominator and of the quotients of its radius stays true, by exact
// arithmetic, through many changes, and stays close.
func TestUpdateKeepsBounds(t *testing.T) {
	ctx := context.Background()
	m := scattered(300, 8, .3)
	s, err := NewSystem(m, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Radius(ctx, 1e-9, 400); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Dominator(ctx); d == nil || err != nil {
		t.Fatal(d, err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var row, col []int32
		var val []float64
		for range 40 {
			i := int32(r.IntN(m.Rows))
			k := m.Ptr[i] + r.Int64N(m.Ptr[i+1]-m.Ptr[i])
			row, col, val = append(row, i), append(col, m.Col[k]), append(val, m.Val[k]*(.7+.6*r.Float64()))
		}
		if err := s.Update(row, col, val); err != nil {
			t.Fatal(err)
		}
	}
	g, u := s.quotients, s.dominator.U
	if g == nil {
		t.Fatal("the quotients are gone")
	}
	for i := range m.Rows {
		margin := exactRow(s, i, u)
		margin.Sub(margin, big.NewFloat(u[i]))
		off, _ := new(big.Float).Sub(big.NewFloat(s.margin[i]), margin).Float64()
		if off < 0 || off > 1e-10*u[i] {
			t.Errorf("row %d: a margin of %g is %g above the true one", i, s.margin[i], off)
		}
		q := exactRow(s, i, g.next)
		shift := new(big.Float).SetPrec(400).SetFloat64(g.shifts[g.group[i]])
		q.Add(q, shift.Mul(shift, big.NewFloat(g.next[i]))).Quo(q, big.NewFloat(g.next[i]))
		off, _ = q.Sub(q, big.NewFloat(g.quotient[i])).Float64()
		if slack := g.off[i] + 4*roundoff(8)*g.quotient[i]; off < -slack || off > slack || g.off[i] > 1e-10 {
			t.Errorf("row %d: a quotient of %g is off by %g, said to be at most %g", i, g.quotient[i], off, g.off[i])
		}
	}
	kept, err := s.Radius(ctx, 1e-9, 400)
	if err != nil {
		t.Fatal(err)
	}
	anew, err := SpectralRadius(ctx, m, 1e-9, 400, 2)
	if err != nil || kept.Lower > anew.Upper || kept.Upper < anew.Lower {
		t.Errorf("radius between %g and %g, anew %g and %g (%v)", kept.Lower, kept.Upper, anew.Lower, anew.Upper, err)
	}
}
