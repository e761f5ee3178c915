package lp

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"planwerk/engine/sparse"
)

func TestDoubleKeepsWhatFloat64Loses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for range 200 {
		sum, exact, size := double{}, new(big.Rat), 0.0
		for range 50 {
			a, b := r.NormFloat64()*math.Exp(30*r.NormFloat64()), r.NormFloat64()
			sum = sum.addProduct(a, b)
			exact.Add(exact, new(big.Rat).Mul(new(big.Rat).SetFloat64(a), new(big.Rat).SetFloat64(b)))
			size += math.Abs(a * b)
		}
		got := new(big.Rat).Add(new(big.Rat).SetFloat64(sum.hi), new(big.Rat).SetFloat64(sum.lo))
		miss, _ := got.Sub(got, exact).Float64()
		if math.Abs(miss) > errDouble(50)*size {
			t.Fatalf("error %v of a sum of size %v is beyond the bound %v", miss, size, errDouble(50)*size)
		}
	}
	if d := (double{hi: 1e16}).add(1).add(-1e16); d.value() != 1 {
		t.Errorf("1e16 + 1 − 1e16 = %v", d.value())
	}
}

// The bound holds whatever y is: min x₁ + 2x₂, x₁ + x₂ ≥ 1, x ≥ 0 has the optimum 1.
func TestRigorousBoundHoldsForAnyDuals(t *testing.T) {
	a, err := sparse.FromTriplets(1, 2, []int32{0, 0}, []int32{0, 1}, []float64{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	p := &Problem{C: []float64{1, 2}, A: a, RowLower: []float64{1}, RowUpper: []float64{math.Inf(1)},
		ColLower: []float64{0, 0}, ColUpper: []float64{math.Inf(1), math.Inf(1)}}
	for _, y := range []float64{0, 0.3, 1 - 1e-9, 1, 1 + 1e-9, 1.5, 7, -3} {
		for _, x := range [][]float64{{1, 0}, {0, 1}, {2, 2}, {0, 0}} {
			c := Certify(p, x, []float64{y})
			if c.Bound > 1 {
				t.Errorf("y = %v, x = %v: the bound %v is above the optimum 1", y, x, c.Bound)
			}
			if y == 1 && c.Bound < 1-1e-12 && x[0]+x[1] >= 1 {
				t.Errorf("x = %v: the bound at the optimal dual is %v", x, c.Bound)
			}
			if y == 1+1e-9 && x[0] == 1 && c.Bound < 1-1e-8 {
				t.Errorf("a dual point that is slightly off proves only %v", c.Bound)
			}
		}
	}
}

func TestCertificateFindsWhatIsWrong(t *testing.T) {
	a, err := sparse.FromTriplets(2, 1, []int32{0, 1}, []int32{0, 0}, []float64{1, 1e6})
	if err != nil {
		t.Fatal(err)
	}
	p := &Problem{C: []float64{1}, A: a, RowLower: []float64{2, math.Inf(-1)}, RowUpper: []float64{math.Inf(1), 1e9},
		ColLower: []float64{0}, ColUpper: []float64{10}}
	c := Certify(p, []float64{1.5}, []float64{1, 0})
	if c.MaxViolation != 0.5 || c.MaxShortfall != 0.25 {
		t.Errorf("violation %v, shortfall %v, want 0.5 and a quarter of the target", c.MaxViolation, c.MaxShortfall)
	}
	if c.PrimalResidual > 1e-8 { // the large right-hand side hides the miss; the two above do not
		t.Errorf("primal residual %v", c.PrimalResidual)
	}
	if c = Certify(p, []float64{12}, []float64{1, 0}); c.MaxViolation != 2 {
		t.Errorf("a column bound missed by 2 is reported as %v", c.MaxViolation)
	}
	if c = Certify(p, []float64{2}, []float64{1, 0}); c.Gap != 0 || c.Objective != 2 || c.DualObjective != 2 || c.DualResidual != 0 {
		t.Errorf("at the optimum: %+v", c)
	}
	if c = Certify(p, []float64{2}, []float64{-1, 0}); c.DualResidual == 0 {
		t.Error("a dual of the wrong sign goes unnoticed")
	}
	if c = Certify(p, []float64{math.NaN()}, []float64{1, 0}); !(c.MaxViolation > 1e300) {
		t.Errorf("a level that is no number is reported as a violation of %v", c.MaxViolation)
	}
}

func TestTerminationJustInsideAndOutside(t *testing.T) {
	base := measures{primal: 1e-6 * 3, dual: 1e-6 * 5, objective: 100, dualObj: 100}
	for name, change := range map[string]func(*measures){
		"primal": func(m *measures) { m.primal *= 1.01 },
		"dual":   func(m *measures) { m.dual *= 1.01 },
		"gap":    func(m *measures) { m.dualObj -= 2.1e-4 },
		"NaN":    func(m *measures) { m.dual = math.NaN() },
	} {
		if !relative(base, 2, 4, 0).within(1e-6 * (1 + 1e-12)) {
			t.Fatal("the point on the edge is outside")
		}
		m := base
		change(&m)
		if relative(m, 2, 4, 0).within(1e-6) {
			t.Errorf("%s: a point outside the tolerance is accepted", name)
		}
	}
}

func TestRestartRules(t *testing.T) {
	s := restarts{first: math.Inf(1), last: math.Inf(1), total: 120}
	if !s.due(1, 120) {
		t.Error("no restart at the first check")
	}
	s.restarted()
	s.total = 100_000
	for _, step := range []struct {
		r    float64
		want bool
	}{{1, false}, {0.6, false}, {0.4, false}, {0.45, true}} {
		if got := s.due(step.r, 200); got != step.want {
			t.Errorf("at error %v: restart %v, want %v", step.r, got, step.want)
		}
	}
	s.restarted()
	_ = s.due(1, 10)
	if !s.due(0.19, 20) {
		t.Error("no restart at a fifth of the first error")
	}
	s.restarted()
	_ = s.due(1, 10)
	if !s.due(0.99, 36_000) {
		t.Error("no restart after 0.36 of all iterations")
	}
}

func TestPrimalWeightFollowsTheMovements(t *testing.T) {
	var s restarts
	if w := s.weight(1, 1, 4, 1e-3, 1e-3); math.Abs(w-4) > 0.1 {
		t.Errorf("weight %v after movements 1 and 4", w)
	}
	if w := s.weight(4, 0, 1, 1e-3, 1e-3); w != 4 {
		t.Errorf("a movement of nothing makes the weight %v", w)
	}
	if w := s.weight(1e5, 1e-10, 1e10, 1e-3, 1e-3); w > largestWeight {
		t.Errorf("the weight runs away to %v", w)
	}
}
