package synth

import "fmt"

// EconomyShape says what an economy looks like beyond its size.
type EconomyShape struct {
	Hubs      float64 // share of inputs that come from hubs, which everybody uses; the others come from nearby
	Joint     float64 // share of techniques that make some of a second product, too
	Limited   float64 // share of techniques with a maximum
	Available float64 // of each resource, of what equal shares of all techniques would use
	Demanded  float64 // share of products with a target
	Regions   int     // the products are goods in so many regions; half of the goods may be carried to the next region
	Periods   int     // the linear program is over so many periods; if more than one, half of the products may be stored
}

// UsualShape is the shape of an economy that is asked for none.
func UsualShape() EconomyShape {
	return EconomyShape{Hubs: usualHubs, Limited: 0.30, Available: 0.98, Demanded: 0.5, Regions: 1, Periods: 1}
}

const (
	usualHubs   = 0.25
	mostParts   = 1000 // regions, periods
	mostJoint   = 0.6  // of a second product per unit of the first
	carried     = 0.5  // share of goods that may be carried to the next region, and of products that may be stored
	lost        = 0.02 // of what is carried or stored
	leastMoving = 0.05 // minutes that carrying or storing a unit takes, at least; at most five times as many
)

func (s *EconomyShape) check(products, inputs int) error {
	share := func(name string, v, from float64) error {
		if !(v >= from && v <= 1) {
			return fmt.Errorf("economy: a share of %s of %v: must be %v to 1", name, v, from)
		}
		return nil
	}
	for _, err := range []error{share("hubs", s.Hubs, 0), share("joint products", s.Joint, 0), share("limited techniques", s.Limited, 0), share("products in demand", s.Demanded, 1e-3)} {
		if err != nil {
			return err
		}
	}
	switch {
	case !(s.Available >= 1e-6 && s.Available <= 1e6):
		return fmt.Errorf("economy: resources of %v times what is needed: must be 10^-6 to 10^6", s.Available)
	case s.Regions < 1 || s.Regions > mostParts || products%s.Regions != 0 || products/s.Regions < 2 || products/s.Regions <= inputs:
		return fmt.Errorf("economy: %d regions: must be 1 to %d, divide the products, and leave each region more of them than a technique has inputs", s.Regions, mostParts)
	case s.Periods < 1 || s.Periods > mostParts:
		return fmt.Errorf("economy: %d periods: must be 1 to %d", s.Periods, mostParts)
	}
	return nil
}

// goods is the number of products of a region.
func (e *economy) goods() int { return e.Products / e.Shape.Regions }

// region is the name of a product's region.
func (e *economy) region(product int) string { return fmt.Sprintf("r%d", product/e.goods()+1) }

// productID names a product where a table refers to it.
func (e *economy) productID(i int) string {
	return fmt.Sprintf("%d@%s", i%e.goods(), e.region(i))
}

// listShape lists what only some shapes have: joint products, ways between regions, products that may be stored.
func (e *economy) listShape() {
	if e.Shape.Joint > 0 {
		for j := range e.techniques() {
			if _, _, makes := e.joint(j); makes {
				e.joints = append(e.joints, int32(j))
			}
		}
	}
	for i := range e.Products {
		if e.Shape.Regions > 1 && e.sequence(askCarry, i%e.goods()).uniform() < carried {
			e.ways = append(e.ways, int32(i))
		}
		if e.Shape.Periods > 1 && e.sequence(askStore, i).uniform() < carried {
			e.stored = append(e.stored, int32(i))
		}
	}
}

// joint is the second product of a technique and how much of it a unit makes; it may be one that the technique uses, too.
func (e *economy) joint(j int) (product int, quantity float64, makes bool) {
	if e.Shape.Joint == 0 {
		return 0, 0, false
	}
	s := e.sequence(askJoint, j)
	if s.uniform() >= e.Shape.Joint {
		return 0, 0, false
	}
	own := j / e.Techniques
	quantity = max(rounded(mostJoint*s.uniform()), 1e-6)
	for range 100 {
		if i := e.drawInput(s, own); i != own && e.neighbours(i, own) {
			return i, quantity, true
		}
	}
	return 0, 0, false // a very small economy
}

// neighbours reports whether product i is in the region of another one.
func (e *economy) neighbours(i, own int) bool {
	return i >= 0 && i < e.Products && i/e.goods() == own/e.goods()
}

// wayTo is the same good in the next region; the last one's next is the first.
func (e *economy) wayTo(i int) int { return (i + e.goods()) % e.Products }

// carrying and storing are what moving a unit takes, in minutes.
func (e *economy) carrying(i int) float64 {
	s := e.sequence(askCarry, e.Products+i)
	return rounded(leastMoving * (1 + 4*s.uniform()))
}

func (e *economy) storing(i int) float64 {
	s := e.sequence(askStore, e.Products+i)
	return rounded(leastMoving * (1 + 4*s.uniform()))
}

// Bytes is what an economy takes of memory while it is made, at least.
func (c EconomyConfig) Bytes() (float64, error) {
	if err := c.complete(); err != nil {
		return 0, err
	}
	return 8*float64(c.Products)*float64(c.Techniques)*float64(c.Inputs) + 24*float64(c.Products), nil
}
