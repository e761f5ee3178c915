package lptest

import (
	"math"

	"planwerk/engine/lp"
	"planwerk/engine/sparse"
)

// Case is a small program with its answer.
type Case struct {
	Name      string
	Algebra   string // the program as one would write it on paper
	Problem   *lp.Problem
	Status    lp.Status
	Objective float64
	X         []float64 // the optimal point, where it is the only one
	Y         []float64 // the optimal duals, where they are the only ones
}

var inf = math.Inf(1)

// program builds a problem from dense rows.
func program(c []float64, rows [][]float64, rowLo, rowHi, lo, hi []float64) *lp.Problem {
	var ri, ci []int32
	var v []float64
	for i, row := range rows {
		for j, a := range row {
			if a != 0 {
				ri, ci, v = append(ri, int32(i)), append(ci, int32(j)), append(v, a)
			}
		}
	}
	a, err := sparse.FromTriplets(len(rows), len(c), ri, ci, v)
	if err != nil {
		panic(err)
	}
	return &lp.Problem{C: c, A: a, RowLower: rowLo, RowUpper: rowHi, ColLower: lo, ColUpper: hi}
}

func fill(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// Cases are small programs for every way in which solving can end, and for every kind of row and bound.
func Cases() []Case {
	return append(append(solvable(), awkward()...), unsolvable()...)
}

func solvable() []Case {
	return []Case{
		{
			Name: "textbook", Status: lp.Optimal, Objective: -36, X: []float64{2, 6}, Y: []float64{0, -1.5, -1},
			Algebra: "min −3x −5y;  x ≤ 4,  2y ≤ 12,  3x + 2y ≤ 18;  x, y ≥ 0",
			Problem: program([]float64{-3, -5}, [][]float64{{1, 0}, {0, 2}, {3, 2}}, fill(3, -inf), []float64{4, 12, 18}, fill(2, 0), fill(2, inf)),
		}, {
			Name: "equality", Status: lp.Optimal, Objective: 7, X: []float64{3, 1}, Y: []float64{1.5, 0.5},
			Algebra: "min 2x + y;  x + y = 4,  x − y = 2;  x, y ≥ 0",
			Problem: program([]float64{2, 1}, [][]float64{{1, 1}, {1, -1}}, []float64{4, 2}, []float64{4, 2}, fill(2, 0), fill(2, inf)),
		}, {
			Name: "range", Status: lp.Optimal, Objective: -5, X: []float64{-5}, Y: []float64{1},
			Algebra: "min x;  −5 ≤ x ≤ 8;  x free",
			Problem: program([]float64{1}, [][]float64{{1}}, []float64{-5}, []float64{8}, fill(1, -inf), fill(1, inf)),
		}, {
			Name: "free", Status: lp.Optimal, Objective: 1, X: []float64{-1, 2}, Y: []float64{1, 0},
			Algebra: "min x + y;  x + y ≥ 1,  x − y = −3;  x, y free",
			Problem: program([]float64{1, 1}, [][]float64{{1, 1}, {1, -1}}, []float64{1, -3}, []float64{inf, -3}, fill(2, -inf), fill(2, inf)),
		}, {
			Name: "boxed", Status: lp.Optimal, Objective: -9, X: []float64{2, 3, 1},
			Algebra: "min −2x −2y + z;  x + y − z ≤ 4;  0 ≤ x ≤ 2,  0 ≤ y ≤ 3,  1 ≤ z ≤ 5",
			Problem: program([]float64{-2, -2, 1}, [][]float64{{1, 1, -1}}, fill(1, -inf), fill(1, 4), []float64{0, 0, 1}, []float64{2, 3, 5}),
		}, {
			Name: "leontief", Status: lp.Optimal, Objective: 530.0 / 9,
			Algebra: "min 2x + 3y;  x − 0.5y ≥ 5,  −0.2x + y ≥ 10;  x, y ≥ 0 (two products that use each other)",
			X:       []float64{100.0 / 9, 110.0 / 9}, Y: []float64{26.0 / 9, 40.0 / 9},
			Problem: program([]float64{2, 3}, [][]float64{{1, -0.5}, {-0.2, 1}}, []float64{5, 10}, fill(2, inf), fill(2, 0), fill(2, inf)),
		}, {
			Name: "degenerate", Status: lp.Optimal, Objective: -0.05,
			Algebra: "Beale: min −0.75a + 150b − 0.02c + 6d;  a/4 − 60b − c/25 + 9d ≤ 0,  a/2 − 90b − c/50 + 3d ≤ 0,  c ≤ 1;  all ≥ 0",
			X:       []float64{0.04, 0, 1, 0},
			Problem: program([]float64{-0.75, 150, -0.02, 6}, [][]float64{{0.25, -60, -0.04, 9}, {0.5, -90, -0.02, 3}, {0, 0, 1, 0}},
				fill(3, -inf), []float64{0, 0, 1}, fill(4, 0), fill(4, inf)),
		},
	}
}

func awkward() []Case {
	huge := program([]float64{1, 1}, [][]float64{{1, 2}}, []float64{4}, []float64{1e30}, []float64{0, -1e20}, []float64{1e20, 1e21})
	constant := program([]float64{1}, [][]float64{{1}}, []float64{2}, []float64{inf}, fill(1, 0), fill(1, inf))
	constant.C0 = 40
	maximise := program([]float64{-3, -2}, [][]float64{{1, 1}, {1, 3}}, fill(2, -inf), []float64{4, 6}, fill(2, 0), []float64{3, inf})
	maximise.Maximise, maximise.C0 = true, -1
	return []Case{
		{
			Name: "infinite bounds of size 1e20", Status: lp.Optimal, Objective: 2, X: []float64{0, 2}, Y: []float64{0.5},
			Algebra: "min x + y;  4 ≤ x + 2y ≤ 1e30;  0 ≤ x ≤ 1e20,  −1e20 ≤ y ≤ 1e21", Problem: huge,
		}, {
			Name: "constant", Status: lp.Optimal, Objective: 42, X: []float64{2}, Y: []float64{1},
			Algebra: "min x + 40;  x ≥ 2", Problem: constant,
		}, {
			Name: "maximise", Status: lp.Optimal, Objective: 12, X: []float64{3, 1},
			Algebra: "max 3x + 2y + 1;  x + y ≤ 4,  x + 3y ≤ 6;  0 ≤ x ≤ 3,  y ≥ 0", Problem: maximise,
		}, {
			Name: "no rows", Status: lp.Optimal, Objective: -6, X: []float64{1, 4},
			Algebra: "min 2x − 2y;  1 ≤ x ≤ 3,  2 ≤ y ≤ 4",
			Problem: program([]float64{2, -2}, nil, nil, nil, []float64{1, 2}, []float64{3, 4}),
		}, {
			Name: "no columns", Status: lp.Optimal, Algebra: "min 0;  −1 ≤ 0 ≤ 1",
			Problem: program(nil, [][]float64{{}}, []float64{-1}, []float64{1}, nil, nil),
		}, {
			Name: "nothing", Status: lp.Optimal, Algebra: "min 0", Problem: program(nil, nil, nil, nil, nil, nil),
		}, {
			Name: "empty row and column", Status: lp.Optimal, Objective: 3,
			Algebra: "min x + 0y;  x ≥ 3,  0 ≥ −1;  x ≥ 0,  0 ≤ y",
			Problem: program([]float64{1, 0}, [][]float64{{1, 0}, {0, 0}}, []float64{3, -1}, fill(2, inf), fill(2, 0), fill(2, inf)),
		}, {
			Name: "fixed", Status: lp.Optimal, Objective: 5, X: []float64{2, 3},
			Algebra: "min x + y;  x + y ≥ 5;  x = 2,  y ≥ 0",
			Problem: program([]float64{1, 1}, [][]float64{{1, 1}}, fill(1, 5), fill(1, inf), []float64{2, 0}, []float64{2, inf}),
		}, {
			Name: "parallel rows", Status: lp.Optimal, Objective: 8, X: []float64{0, 4},
			Algebra: "min 3x + 2y;  x + y ≥ 2,  2x + 2y ≥ 8,  −x − y ≥ −9;  x, y ≥ 0",
			Problem: program([]float64{3, 2}, [][]float64{{1, 1}, {2, 2}, {-1, -1}}, []float64{2, 8, -9}, fill(3, inf), fill(2, 0), fill(2, inf)),
		}, {
			Name: "forcing row", Status: lp.Optimal, Objective: 4, X: []float64{0, 0, 4},
			Algebra: "min −x + 2y + z;  x + y ≤ 0,  x + y + z ≥ 4;  all ≥ 0",
			Problem: program([]float64{-1, 2, 1}, [][]float64{{1, 1, 0}, {1, 1, 1}}, []float64{-inf, 4}, []float64{0, inf}, fill(3, 0), fill(3, inf)),
		}, {
			Name: "free column singleton", Status: lp.Optimal, Objective: 2, X: []float64{1, 0, 1},
			Algebra: "min x + 2y + z;  x + y = 1,  x + z ≥ 2;  x, y ≥ 0, z free",
			Problem: program([]float64{1, 2, 1}, [][]float64{{1, 1, 0}, {1, 0, 1}}, []float64{1, 2}, []float64{1, inf}, []float64{0, 0, -inf}, fill(3, inf)),
		},
	}
}

func unsolvable() []Case {
	return []Case{
		{
			Name: "infeasible rows", Status: lp.Infeasible, Algebra: "min x;  x + y ≥ 3,  x + y ≤ 1;  x, y ≥ 0",
			Problem: program([]float64{1, 0}, [][]float64{{1, 1}, {1, 1}}, []float64{3, -inf}, []float64{inf, 1}, fill(2, 0), fill(2, inf)),
		}, {
			Name: "infeasible without objective", Status: lp.Infeasible, Algebra: "x + 2y ≥ 4,  2x + y ≥ 4,  x + y ≤ 2;  x, y ≥ 0",
			Problem: program([]float64{0, 0}, [][]float64{{1, 2}, {2, 1}, {1, 1}}, []float64{4, 4, -inf}, []float64{inf, inf, 2}, fill(2, 0), fill(2, inf)),
		}, {
			Name: "infeasible by bounds", Status: lp.Infeasible, Algebra: "min x;  x + y + z ≥ 10;  0 ≤ x, y, z ≤ 3",
			Problem: program([]float64{1, 0, 0}, [][]float64{{1, 1, 1}}, fill(1, 10), fill(1, inf), fill(3, 0), fill(3, 3)),
		}, {
			Name: "unproductive", Status: lp.Infeasible, Algebra: "min x + y;  x − y ≥ 1,  −x + 0.9y ≥ 1;  x, y ≥ 0 (more is used than made)",
			Problem: program([]float64{1, 1}, [][]float64{{1, -1}, {-1, 0.9}}, fill(2, 1), fill(2, inf), fill(2, 0), fill(2, inf)),
		}, {
			Name: "crossing bounds", Status: lp.Infeasible, Algebra: "min x;  x ≥ 0;  2 ≤ x ≤ 1",
			Problem: program([]float64{1}, [][]float64{{1}}, fill(1, 0), fill(1, inf), fill(1, 2), fill(1, 1)),
		}, {
			Name: "infeasible empty row", Status: lp.Infeasible, Algebra: "min x;  0 ≥ 1;  x ≥ 0",
			Problem: program([]float64{1}, [][]float64{{0}}, fill(1, 1), fill(1, inf), fill(1, 0), fill(1, inf)),
		}, {
			Name: "unbounded", Status: lp.Unbounded, Algebra: "min −x − y;  x − y ≤ 1,  x − 2y ≤ 2;  x, y ≥ 0",
			Problem: program([]float64{-1, -1}, [][]float64{{1, -1}, {1, -2}}, []float64{-inf, -inf}, []float64{1, 2}, fill(2, 0), fill(2, inf)),
		}, {
			Name: "unbounded free", Status: lp.Unbounded, Algebra: "min x + 2y;  x + y = 3;  x, y free",
			Problem: program([]float64{1, 2}, [][]float64{{1, 1}}, fill(1, 3), fill(1, 3), fill(2, -inf), fill(2, inf)),
		}, {
			Name: "unbounded without rows", Status: lp.Unbounded, Algebra: "min −x;  x ≥ 0",
			Problem: program([]float64{-1}, nil, nil, nil, fill(1, 0), fill(1, inf)),
		},
	}
}
