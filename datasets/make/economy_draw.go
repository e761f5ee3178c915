package synth

import (
	"context"
	"math"
	"sync"
)

// sequence is SplitMix64 from a start of its own.
type sequence uint64

// sequence of question q about thing i.
func (e *economy) sequence(q uint64, i int) *sequence {
	s := sequence(mix(mix(e.Seed+q*golden) + uint64(i)*golden))
	return &s
}

func (s *sequence) next() uint64 {
	*s += golden
	return mix(uint64(*s))
}

// uniform is in [0, 1).
func (s *sequence) uniform() float64 { return float64(s.next()>>11) * 0x1p-53 }

// lognormal by Box and Muller.
func (s *sequence) lognormal(mean, deviation float64) float64 {
	radius := math.Sqrt(-2 * math.Log(1-s.uniform()))
	return math.Exp(mean + float64(deviation*radius*math.Cos(2*math.Pi*s.uniform())))
}

// Questions.
const (
	askDemand = 1 + iota
	askInputs
	askLabour
	askResource
	askLimit
	askHubs
	askJoint
	askCarry
	askStore
)

// rounded keeps six significant digits above 1, six places below.
func rounded(v float64) float64 {
	scale := 1e6
	for v*scale >= 1e7 && scale > 1 {
		scale /= 10
	}
	return math.Round(v*scale) / scale
}

// target is the demand for a product; some have none.
func (e *economy) target(i int) float64 {
	s := e.sequence(askDemand, i)
	if s.uniform() < 1-e.Shape.Demanded {
		return 0
	}
	return max(rounded(s.lognormal(2, 1.2)), 1e-6)
}

// labour of a technique per unit.
func (e *economy) labour(j int) float64 {
	return max(rounded(e.sequence(askLabour, j).lognormal(0, 0.7)), 1e-6)
}

// uses is the number of resources a technique uses.
func (e *economy) uses() int { return min(perUse, e.Resources) }

// resource is the k-th resource of a technique and how much of it a unit takes.
func (e *economy) resource(j, k int) (r int, quantity float64) {
	s := e.sequence(askResource, j)
	first := int(below(s.next(), int64(e.Resources)))
	step := 1 + int(below(s.next(), int64(e.Resources-1)))
	for range k {
		first = (first + step) % e.Resources
		s.lognormal(0, 0.5)
	}
	return first, max(rounded(s.lognormal(0, 0.5)), 1e-6)
}

// available is what there is of a resource.
func (e *economy) available(r int) float64 { return rounded(e.Shape.Available * e.use[r]) }

// maximum of a technique; 0 when it has none.
func (e *economy) maximum(j int) float64 {
	s := e.sequence(askLimit, j)
	if s.uniform() >= e.Shape.Limited {
		return 0
	}
	return rounded((1.05 + float64(0.95*s.uniform())) * e.output[j/e.Techniques] / float64(e.Techniques))
}

// drawInputs draws the inputs of all techniques.
func (e *economy) drawInputs(ctx context.Context) error {
	const step = 1 << 13
	n := e.techniques()
	var wait sync.WaitGroup
	for w := range e.Threads {
		wait.Go(func() {
			weights := make([]float64, e.Inputs)
			for from := w * step; from < n && ctx.Err() == nil; from += e.Threads * step {
				for j := from; j < min(from+step, n); j++ {
					e.drawTechnique(j, weights)
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// drawTechnique draws the inputs of one technique, all different and none its own product.
func (e *economy) drawTechnique(j int, weights []float64) {
	s := e.sequence(askInputs, j)
	own, list := j/e.Techniques, e.inputs[j*e.Inputs:(j+1)*e.Inputs]
	sum := 0.0
	for k, tries := 0, 0; k < len(list); tries++ {
		i := e.drawInput(s, own)
		if tries > 50*e.Inputs { // a small economy: take what is left in order
			i = own/e.goods()*e.goods() + tries%e.goods()
		}
		if i == own || !e.neighbours(i, own) || chosen(list[:k], i) {
			continue
		}
		list[k].product, weights[k] = int32(i), s.lognormal(0, 1)
		sum += weights[k]
		k++
	}
	share := 0.2 + float64(0.5*s.uniform())
	for k := range list {
		list[k].quantity = max(int32(weights[k]/sum*share/tenth), 1)
	}
}

func (e *economy) drawInput(s *sequence, own int) int {
	region := own / e.goods() * e.goods() // where the products of its region begin
	near := 1 - e.Shape.Hubs
	switch kind := s.uniform(); {
	case kind < nearShare*near:
		return own - nearWidth + int(below(s.next(), 2*nearWidth+1))
	case kind < near:
		return region + (own-region)/blockSize*blockSize + int(below(s.next(), blockSize))
	}
	// The rank of a hub, by the inverse of its distribution function (k/n)^(1−power).
	rank := int64(float64(e.goods()) * math.Pow(s.uniform(), 1/(1-hubPower)))
	return region + int(e.hubs.at(min(rank, int64(e.goods())-1), 0))
}

func chosen(list []input, i int) bool {
	for _, in := range list {
		if int(in.product) == i {
			return true
		}
	}
	return false
}
