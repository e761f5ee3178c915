package lptest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"planwerk/engine/lp"
	"planwerk/engine/sparse"
)

// Planning makes a planning program of n products with three techniques each, the shape of a plan for a whole economy:
// twelve inputs a technique, 70 % of them within 50 of the product's number, the others by popularity ∝ rank^−0.7;
// input shares lognormal and summing to 0.2 … 0.7; labour lognormal(0, 0.7); a lognormal(2, 1.2) demand for half the
// products; two of the resources a technique, 0.98 of an equal-shares plan's use available; upper bounds on 30 % of the
// techniques at 1.05 … 2 times that plan. Objective: least labour. The same n and seed give the same program.
func Planning(n, resources int, seed uint64) *lp.Problem {
	return PlanningOf(Shape{Products: n, Resources: resources, Seed: seed, Near: 0.7, Limited: 0.3, Available: 0.98})
}

// Shape says how a planning program differs from that of Planning.
type Shape struct {
	Products, Resources int
	Seed                uint64
	Near                float64 // share of inputs from near a product's number; the others are hubs
	Limited             float64 // share of techniques with an upper bound
	Available           float64 // of each resource, of what equal shares use
	Joint               float64 // share of techniques that also make another product, up to 0.6 of it
}

// PlanningOf makes a planning program of another shape.
func PlanningOf(s Shape) *lp.Problem {
	g := &planning{Shape: s, r: rand.New(rand.NewPCG(s.Seed, 0x706c616e)), n: s.Products, resources: s.Resources}
	g.techniques()
	g.equalShares()
	return g.problem()
}

const (
	techniquesPerProduct = 3
	inputsPerTechnique   = 12
)

type planning struct {
	Shape
	r            *rand.Rand
	n, resources int
	row, col     []int32
	val          []float64
	labour       []float64
	demand       []float64
	output       []float64 // of the equal-shares plan, by product
	use          []float64 // of resources
}

func (g *planning) lognormal(mean, deviation float64) float64 {
	return math.Exp(mean + deviation*g.r.NormFloat64())
}

// techniques draws demands, labour, inputs and resource needs.
func (g *planning) techniques() {
	g.demand = make([]float64, g.n)
	for i := range g.demand {
		if g.r.Float64() < 0.5 {
			g.demand[i] = g.lognormal(2, 1.2)
		}
	}
	rank := g.r.Perm(g.n)
	popular := make([]float64, g.n+1) // cumulative
	for k := range g.n {
		popular[k+1] = popular[k] + math.Pow(float64(k+1), -0.7)
	}
	for j := range g.n * techniquesPerProduct {
		product := j / techniquesPerProduct
		g.labour = append(g.labour, g.lognormal(0, 0.7))
		g.entry(product, j, 1)
		inputs := map[int]float64{}
		order := []int{}
		for tries := 0; len(order) < min(inputsPerTechnique, g.n-1) && tries < 1000; tries++ {
			i := product - 50 + g.r.IntN(101)
			if g.r.Float64() >= g.Near {
				k := sort.SearchFloat64s(popular, g.r.Float64()*popular[g.n]) - 1
				i = rank[min(max(k, 0), g.n-1)]
			}
			if i < 0 || i >= g.n || i == product || inputs[i] != 0 {
				continue
			}
			inputs[i] = g.lognormal(0, 1)
			order = append(order, i)
		}
		sum, share := 0.0, 0.2+0.5*g.r.Float64()
		for _, i := range order {
			sum += inputs[i]
		}
		for _, i := range order {
			g.entry(i, j, -share*inputs[i]/sum)
		}
		if g.Joint > 0 && g.r.Float64() < g.Joint {
			if i := g.r.IntN(g.n); i != product && inputs[i] == 0 {
				g.entry(i, j, 0.6*g.r.Float64())
			}
		}
		first := g.r.IntN(max(g.resources, 1))
		for k := range min(2, g.resources) {
			g.entry(g.n+(first+k*(1+g.r.IntN(max(g.resources-1, 1))))%g.resources, j, g.lognormal(0, 0.5))
		}
	}
}

func (g *planning) entry(i, j int, v float64) {
	g.row, g.col, g.val = append(g.row, int32(i)), append(g.col, int32(j)), append(g.val, v)
}

// equalShares finds the outputs of the plan in which each product's techniques share its output equally.
func (g *planning) equalShares() {
	g.output = append([]float64(nil), g.demand...)
	for range 200 {
		next := append([]float64(nil), g.demand...)
		for k, i := range g.row {
			if int(i) < g.n && g.val[k] < 0 {
				next[i] -= g.val[k] * g.output[int(g.col[k])/techniquesPerProduct] / techniquesPerProduct
			}
		}
		change := 0.0
		for i := range next {
			change = max(change, math.Abs(next[i]-g.output[i])/(1+next[i]))
		}
		if g.output = next; change < 1e-12 {
			break
		}
	}
	g.use = make([]float64, g.resources)
	for k, i := range g.row {
		if int(i) >= g.n {
			g.use[int(i)-g.n] += g.val[k] * g.output[int(g.col[k])/techniquesPerProduct] / techniquesPerProduct
		}
	}
}

func (g *planning) problem() *lp.Problem {
	m, cols := g.n+g.resources, g.n*techniquesPerProduct
	a, err := sparse.FromTriplets(m, cols, g.row, g.col, g.val)
	if err != nil {
		panic(err)
	}
	p := &lp.Problem{Name: fmt.Sprintf("plan%d", g.n), C: g.labour, A: a,
		RowLower: make([]float64, m), RowUpper: make([]float64, m), ColLower: make([]float64, cols), ColUpper: make([]float64, cols)}
	for i := range m {
		if i < g.n {
			p.RowLower[i], p.RowUpper[i] = g.demand[i], math.Inf(1)
		} else {
			p.RowLower[i], p.RowUpper[i] = math.Inf(-1), g.Available*g.use[i-g.n]
		}
	}
	for j := range cols {
		p.ColUpper[j] = math.Inf(1)
		if g.r.Float64() < g.Limited {
			p.ColUpper[j] = (1.05 + 0.95*g.r.Float64()) * g.output[j/techniquesPerProduct] / techniquesPerProduct
		}
	}
	return p
}
