package plan

import (
	"math"
	"slices"
)

// Harmony is Cockshott's harmony of a target fulfilled by 1 + s: s − s²/2 below 0, ln(1 + s) above. It is concave, with
// a slope that does not jump.
func Harmony(s float64) float64 {
	if s < 0 {
		return s - float64(s*s)/2
	}
	return math.Log1p(s)
}

// harmonySlope is the derivative of Harmony.
func harmonySlope(s float64) float64 {
	if s < 0 {
		return 1 - s
	}
	return 1 / (1 + s)
}

// curve is the least of tangents to weight·h over s ≥ from, for the deliveries of one product: never below h, and equal
// to it at the points of contact. It is piecewise linear and concave: segments of delivery with falling slopes.
type curve struct {
	product int32
	target  float64   // quantity that counts as s = 0
	weight  float64   // of the target
	least   float64   // hard part of the delivery, which is no column
	slopes  []float64 // per segment: harmony per unit delivered
	lengths []float64 // per segment, in the product's unit; the last is +Inf
	first   int       // its first column
	// limit is where the curve ends and more counts for nothing, in the product's unit; +Inf: nowhere. A curve that ends
	// has columns for what is missing up to there, one that does not for what is delivered.
	limit float64
}

// coarse are points of contact that every curve has.
var coarse = []float64{-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 1, 2, 4, 8, 16, 64, 256, 1024}

// touch sets the points of contact: the coarse ones, and those given where they lie beyond the hard part.
func (c *curve) touch(contacts ...float64) {
	from := c.least/c.target - 1
	points := []float64{from}
	for _, list := range [][]float64{coarse, contacts} {
		for _, s := range list {
			if s > from && !math.IsInf(s, 1) {
				points = append(points, s)
			}
		}
	}
	slices.Sort(points)
	points = slices.CompactFunc(points, func(a, b float64) bool { return math.Abs(b-a) <= 1e-9*(1+math.Abs(a)) })
	c.slopes, c.lengths = c.slopes[:0], c.lengths[:0]
	begin := from
	for k, s := range points {
		end := math.Inf(1)
		if k+1 < len(points) {
			end = meeting(s, points[k+1])
		}
		c.slopes = append(c.slopes, c.weight*harmonySlope(s)/c.target)
		c.lengths = append(c.lengths, max(0, end-begin)*c.target)
		begin = end
	}
	c.cut()
}

// wanted is how far a target would be fulfilled at a price per unit: where the slope of harmony is that price. +Inf where
// more would always be taken.
func (c *curve) wanted(price float64) float64 {
	switch g := price * c.target / c.weight; {
	case !(g > 0):
		return math.Inf(1)
	case g >= 1:
		return 1 - g
	default:
		return 1/g - 1
	}
}

// cut ends the curve at its limit.
func (c *curve) cut() {
	room := c.limit - c.least
	for k, l := range c.lengths {
		if l >= room {
			c.lengths[k] = room
			c.slopes, c.lengths = c.slopes[:k+1], c.lengths[:k+1]
			return
		}
		room -= l
	}
}

// ends reports whether the curve has a limit.
func (c *curve) ends() bool { return !math.IsInf(c.limit, 1) }

// reached reports whether a delivery is at the curve's end, last whether that end is the last one.
func (c *curve) reached(delivered float64) bool { return c.ends() && delivered > limitReached*c.limit }
func (c *curve) last() bool                     { return c.limit*limitGrows > limitMost*c.target }

// Limits of curves, as shares: where a delivery counts as having reached one, by how much it is then raised, and the
// multiple of the target from which on there is none.
const (
	limitReached = 0.999
	limitGrows   = 16
	limitMost    = 1e5
)

// Refinement of curves: contacts are so far apart around what was found, in parts of the fulfilment 1 + s above the target
// and of the target below; this far to both sides they stay so, then each distance is double the one before.
const (
	finerSpacing  = 1.0 / 8
	leastSpacing  = 1e-4
	evenlySpaced  = 6
	mostContacts  = 200
	widening      = 2
	coarseSpacing = 0.5
)

// closer is the curve with contacts around a delivery that was found and where a price would have it, close together
// there and farther and farther apart away from them.
func (c *curve) closer(delivered, price, spacing float64) *curve {
	s := delivered/c.target - 1
	d := *c
	d.slopes, d.lengths = nil, nil
	if c.reached(delivered) {
		if d.limit *= limitGrows; c.last() {
			d.limit = math.Inf(1)
		}
	}
	from, to := s, s
	if w := c.wanted(price); !math.IsInf(w, 1) {
		from, to = min(s, w), max(s, w)
	}
	var contacts []float64
	for at := from; at <= to && len(contacts) < mostContacts; at += spacing * (1 + max(at, 0)) {
		contacts = append(contacts, at)
	}
	contacts = append(contacts, s, to)
	for _, side := range []float64{-1, 1} {
		at, step := from, spacing
		if side > 0 {
			at = to
		}
		for k := 0; step < coarseSpacing; k++ {
			if k >= evenlySpaced {
				step *= widening
			}
			at += side * step * (1 + max(at, 0))
			contacts = append(contacts, at)
		}
	}
	d.touch(contacts...)
	return &d
}

// meeting is where the tangents at a < b meet. No point of contact but 0 lies between the two parts of h.
func meeting(a, b float64) float64 {
	if b <= 0 {
		return a + (b-a)/2
	}
	u, v := 1+a, 1+b
	return min(max(u*v*math.Log1p((v-u)/u)/(v-u)-1, a), b)
}

// fill spreads a delivery over the segments, the steepest first.
func (c *curve) fill(delivered float64, x []float64) {
	rest := delivered - c.least
	for k, l := range c.lengths {
		part := min(max(rest, 0), l)
		x[c.first+k] = part
		if c.ends() {
			x[c.first+k] = l - part
		}
		rest -= part
	}
}

// read is the delivery that the columns hold.
func (c *curve) read(x []float64) float64 {
	if c.ends() {
		sum := c.limit
		for k := range c.lengths {
			sum -= x[c.first+k]
		}
		return max(sum, c.least)
	}
	sum := c.least
	for k := range c.lengths {
		sum += x[c.first+k]
	}
	return sum
}

// value is the harmony of a delivery, weighted.
func (c *curve) value(delivered float64) float64 {
	return c.weight * Harmony(delivered/c.target-1)
}

// newCurves makes a curve per product with a target above 0: all its targets together, the at-least one hard.
func newCurves(p *Problem) []*curve {
	byProduct := map[int32]*curve{}
	var curves []*curve
	for k := range p.Targets {
		t := &p.Targets[k]
		if t.Quantity == 0 {
			continue
		}
		c := byProduct[t.Product]
		if c == nil {
			c = &curve{product: t.Product, limit: math.Inf(1)}
			byProduct[t.Product] = c
			curves = append(curves, c)
		}
		c.target += t.Quantity
		c.weight = max(c.weight, t.Weight)
		if t.Kind == AtLeast {
			c.least += t.Quantity
		}
	}
	return curves
}

// curve adds the columns of a curve: deliveries in segments, or, where the curve ends, what is missing of them. The latter
// has costs that are not negative and columns that make something, like techniques: the structure of a plan.
func (b *builder) curve(p *Problem, c *curve, constant *float64) {
	if c.ends() {
		b.deliver(c.product, c.limit)
	} else {
		b.deliver(c.product, c.least)
	}
	for k, l := range c.lengths {
		name := segmentName(p, c.product, k)
		if c.ends() {
			*constant -= float64(c.slopes[k] * l)
			b.delivery(c.product, b.column(name, c.slopes[k], 0, l), -1)
		} else {
			b.delivery(c.product, b.column(name, -c.slopes[k], 0, l), 1)
		}
	}
}

// harmonyProgram is the greatest sum of the curves as they are now.
func harmonyProgram(p *Problem, curves []*curve) (*program, error) {
	b := newBuilder(p)
	constant := 0.0
	demand := make([]float64, len(p.Products))
	for _, c := range curves {
		demand[c.product] = c.target
		constant -= c.value(c.least)
		c.first = len(b.cost)
		b.curve(p, c, &constant)
	}
	g, err := b.program(stageHarmony, p)
	if err == nil {
		g.lp.C0, g.curves, g.demand = constant, curves, demand
	}
	return g, err
}
