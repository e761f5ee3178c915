package leontief

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"planwerk/engine/sparse"
)

// sizes are products × inputs of the economies measured: PLANWERK_LEONTIEF_SIZES=100000x20,1000000x20,10000000x20 for
// large ones.
func sizes(b *testing.B) (list [][2]int) {
	text := os.Getenv("PLANWERK_LEONTIEF_SIZES")
	if text == "" {
		text = "20000x20"
	}
	for _, s := range strings.Split(text, ",") {
		n, k, _ := strings.Cut(s, "x")
		products, err1 := strconv.Atoi(n)
		inputs, err2 := strconv.Atoi(k)
		if err1 != nil || err2 != nil {
			b.Fatalf("PLANWERK_LEONTIEF_SIZES: %q is not products x inputs", s)
		}
		list = append(list, [2]int{products, inputs})
	}
	return list
}

// scattered is an economy whose rows are filled one after another: row i uses k random columns, a share near of them
// within 50 of i. Rows sum to 0.2 … 0.7.
func scattered(n, k int, near float64) *sparse.CSR {
	m := &sparse.CSR{Rows: n, Cols: n, Ptr: make([]int64, n+1), Col: make([]int32, 0, n*k), Val: make([]float64, 0, n*k)}
	r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	row := make([]int32, 0, k)
	for i := range n {
		row = row[:0]
		for len(row) < k {
			c := int32(r.IntN(n))
			if r.Float64() < near {
				c = int32(min(max(i-50+r.IntN(101), 0), n-1))
			}
			at := len(row)
			for at > 0 && row[at-1] > c {
				at--
			}
			if at > 0 && row[at-1] == c {
				continue
			}
			row = append(row, 0)
			copy(row[at+1:], row[at:])
			row[at] = c
		}
		share := (0.2 + 0.5*r.Float64()) / float64(k) * 2
		for _, c := range row {
			m.Col, m.Val = append(m.Col, c), append(m.Val, share*r.Float64())
		}
		m.Ptr[i+1] = int64(len(m.Col))
	}
	return m
}

// cpu is the processor time of the process in seconds.
func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func measure(b *testing.B, f func() int) {
	products, begun := 0, cpu()
	for b.Loop() {
		products = f()
	}
	b.ReportMetric(float64(products), "products")
	b.ReportMetric((cpu()-begun)/float64(b.N), "cpu-s/op")
}

func BenchmarkSolve(b *testing.B) {
	for _, size := range sizes(b) {
		for _, near := range []float64{0, 0.7} {
			m, y := scattered(size[0], size[1], near), vector(size[0], 1)
			for _, s := range []Settings{{Method: Sweeps}, {Method: BiCGSTAB, Preconditioner: Diagonal}, {Method: BiCGSTAB, Preconditioner: ILU0},
				{Method: GMRES, Preconditioner: Diagonal}, {Method: GMRES, Preconditioner: ILU0}, {Method: Auto}} {
				s.Tolerance = 1e-12
				b.Run(fmt.Sprintf("n=%d/inputs=%d/near=%v/method=%s/preconditioner=%s", size[0], size[1], near, s.Method, s.Preconditioner), func(b *testing.B) {
					measure(b, func() int { return mustSolve(b, m, y, s).Products })
				})
			}
			b.Run(fmt.Sprintf("n=%d/inputs=%d/near=%v/sides=16", size[0], size[1], near), func(b *testing.B) {
				sides := make([][]float64, 16)
				for k := range sides {
					sides[k] = vector(size[0], uint64(k))
				}
				measure(b, func() int {
					sol, err := SolveMany(context.Background(), m, sides, Settings{Tolerance: 1e-12})
					if err != nil {
						b.Fatal(err)
					}
					return sol[0].Products
				})
			})
			b.Run(fmt.Sprintf("n=%d/inputs=%d/near=%v/warm=1%%", size[0], size[1], near), func(b *testing.B) {
				cold := mustSolve(b, m, y, Settings{Tolerance: 1e-12})
				changed := append([]float64(nil), y...)
				for i := 0; i < len(changed); i += 100 {
					changed[i] *= 1.1
				}
				measure(b, func() int { return mustSolve(b, m, changed, Settings{Tolerance: 1e-12, Warm: cold.X}).Products })
			})
			b.Run(fmt.Sprintf("n=%d/inputs=%d/near=%v/bounds", size[0], size[1], near), func(b *testing.B) {
				measure(b, func() int {
					d, err := FindDominator(context.Background(), m, 0)
					if err != nil || d == nil {
						b.Fatal("no dominator", err)
					}
					return d.Products
				})
			})
		}
	}
}

// BenchmarkSides is what Auto's choice for several sides rests on: all of them at once by either method, beside one.
func BenchmarkSides(b *testing.B) {
	for _, size := range sizes(b) {
		m := scattered(size[0], size[1], 0.7)
		for _, count := range []int{1, 2, 3, 4, 8, 16} {
			sides := make([][]float64, count)
			for k := range sides {
				sides[k] = vector(size[0], uint64(k))
			}
			for _, method := range []Method{BiCGSTAB, Refined} {
				b.Run(fmt.Sprintf("n=%d/inputs=%d/sides=%d/method=%s", size[0], size[1], count, method), func(b *testing.B) {
					measure(b, func() int {
						list, err := SolveMany(context.Background(), m, sides, Settings{Tolerance: 1e-12, Method: method})
						if err != nil {
							b.Fatal(err)
						}
						return list[0].Products
					})
				})
			}
		}
	}
}

func mustSolve(b *testing.B, m *sparse.CSR, y []float64, s Settings) *Solution {
	sol, err := Solve(context.Background(), m, y, s)
	if err != nil || !sol.Converged {
		b.Fatal("not solved", err)
	}
	return sol
}
