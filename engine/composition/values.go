package composition

import (
	"context"
	"fmt"
	"math"

	"planwerk/engine/ledger"
	"planwerk/kernels"
	"planwerk/kernels/device"
)

// Values has one entry per element.
type Values struct {
	Durability  []int64          // d(t) in minutes; NullInt where null
	Aggregate   []kernels.Int128 // v*(t) in µmin; NullInt128 for elements that are on a cycle or reach one
	Subelements []int64          // |s(t)|; NullInt likewise
	Notices     []string

	graph *graph  // element → parts
	order []int32 // elements with a value, wholes before parts
}

// Compute values all elements; the violations are element-cycle.
func Compute(ctx context.Context, l *ledger.Ledger, threads int) (*Values, []ledger.Violation, error) {
	return ComputeOn(ctx, l, threads, nil)
}

// ComputeOn is Compute with v* summed on another machine, unless m is nil.
func ComputeOn(ctx context.Context, l *ledger.Ledger, threads int, m device.Machine) (*Values, []ledger.Violation, error) {
	n := l.Elements.N
	v := &Values{Durability: make([]int64, n), Aggregate: make([]kernels.Int128, n), Subelements: make([]int64, n), graph: elementGraph(l)}
	a, err := v.graph.arrange(ctx, threads)
	if err != nil {
		return nil, nil, err
	}
	v.order = a.order
	var violations []ledger.Violation
	if a.cyclic != nil {
		violations = cycles(l, v.graph, a.cyclic)
	}
	v.durabilities(l, a.graph)
	if err := v.aggregate(ctx, l, a.graph, threads, m); err != nil {
		return nil, nil, err
	}
	return v, violations, nil
}

// durabilities fills d(t), parts first, in the ordered graph, where they are near. NullInt is smaller than any durability,
// so the minimum carries it up.
func (v *Values) durabilities(l *ledger.Ledger, g *graph) {
	for t := range v.Durability {
		v.Durability[t], v.Subelements[t], v.Aggregate[t] = ledger.NullInt, ledger.NullInt, kernels.NullInt128
	}
	least := make([]int64, g.n)
	for i := g.n - 1; i >= 0; i-- {
		parts := g.parts(int32(i))
		if len(parts) == 0 {
			least[i] = l.Elements.Durability[v.order[i]]
			continue
		}
		least[i] = math.MaxInt64
		for _, u := range parts {
			least[i] = min(least[i], least[u])
		}
	}
	for i, t := range v.order {
		v.Durability[t] = least[i]
	}
	ignored := 0
	for t := range int32(v.graph.n) {
		if len(v.graph.parts(t)) > 0 && l.Elements.Durability[t] != ledger.NullInt {
			ignored++
		}
	}
	if ignored > 0 {
		v.Notices = append(v.Notices, fmt.Sprintf("elements: the own durability of %d composite elements is ignored", ignored))
	}
}

// aggregate fills v* and |s|. When all simple values together do not fit 63 bits, their lower and upper halves are
// summed apart: each of them then fits. g is the ordered graph; it is overwritten.
func (v *Values) aggregate(ctx context.Context, l *ledger.Ledger, g *graph, threads int, m device.Machine) error {
	simple := make([]int64, len(v.order))
	var total kernels.Int128
	for i, t := range v.order {
		simple[i] = l.Elements.Value[t]
		total = total.AddInt64(simple[i])
	}
	if total.IsInt64() {
		sum, count, err := reachable(ctx, g, simple, threads, m)
		for i, t := range v.order[:len(sum)] {
			v.Aggregate[t], v.Subelements[t] = kernels.I128(sum[i]), count[i]-1
		}
		return err
	}
	upper := make([]int64, len(simple))
	for i, s := range simple {
		simple[i], upper[i] = s&math.MaxUint32, s>>32
	}
	lowSum, count, err := reachable(ctx, g, simple, threads, m)
	if err != nil {
		return err
	}
	if g, err = v.graph.numbered(ctx, v.order, threads); err != nil {
		return err
	}
	highSum, _, err := reachable(ctx, g, upper, threads, m)
	for i, t := range v.order[:len(highSum)] {
		v.Aggregate[t] = kernels.MulInt64(highSum[i], 1<<32).AddInt64(lowSum[i])
		v.Subelements[t] = count[i] - 1
	}
	return err
}

// reachable gives for each vertex of g the sum of the values, and the number, of all vertices reachable from it, itself
// among them. g's parts have larger numbers than their wholes; it is overwritten. All values together fit 63 bits.
func reachable(ctx context.Context, g *graph, value []int64, threads int, m device.Machine) (sum, count []int64, err error) {
	f := fold(g, value)
	rootSum, rootCount := make([]int64, f.n), make([]int64, f.n) // of roots; zero elsewhere
	if m != nil {
		err = f.sumOn(m, rootSum, rootCount)
	} else {
		err = f.sum(ctx, threads, rootSum, rootCount)
	}
	if err != nil {
		return nil, nil, err
	}
	sum, count = f.own, f.ownCount
	for t := len(sum) - 1; t >= 0; t-- {
		switch u := f.only[t]; u {
		case none:
		case many:
			sum[t], count[t] = rootSum[f.name[t]], rootCount[f.name[t]]
		default:
			sum[t] += sum[u]
			count[t] += count[u]
		}
	}
	return sum, count, nil
}

// sumOn fills the sums and numbers of what the roots reach, on another machine.
func (f *folded) sumOn(m device.Machine, sum, count []int64) error {
	sums, counts, err := m.Reach(&device.Graph{First: f.first, Part: f.part, Weight: f.weight, Count: f.count, Roots: f.roots})
	for i, r := range f.roots[:len(sums)] {
		sum[r], count[r] = int64(sums[i]), int64(counts[i])
	}
	return err
}
