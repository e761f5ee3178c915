package plan

import (
	"fmt"
	"math"
	"strings"
)

// Problem is a plan problem: its tables with references as row numbers. Problems made by hand are checked by Validate.
type Problem struct {
	Products    []Product
	Techniques  []Technique
	Flows       []Flow
	Resources   []Resource
	Uses        []Use
	Targets     []Target
	Stocks      []Stock
	Recycling   []Recycling
	Transport   []Transport
	Storage     []Storage
	Investments []Investment
	Growth      []Growth

	names map[string][]int32 // products by id
}

// Product is a balance row. The same good in two regions is two products with the same ID.
type Product struct{ ID, Region, Unit string }

// Technique is an activity. Labour is in minutes per unit of level; Maximum is +Inf where there is none.
type Technique struct {
	ID               string
	Labour           float64
	Minimum, Maximum float64
}

// Flow is what a unit of a technique's level makes (+) or uses (−) of a product.
type Flow struct {
	Technique, Product int32
	Quantity           float64
}

// Resource is what a period has of labour by skill, machine hours, land, energy. Price is in minutes per unit.
type Resource struct {
	ID               string
	Available, Price float64
}

// Use is what a unit of a technique's level takes of a resource.
type Use struct {
	Technique, Resource int32
	Quantity            float64
}

// Kind says how strictly a target is meant.
type Kind uint8

const (
	AtLeast Kind = iota // hard
	Aim                 // as much as possible, shortfall weighted
)

func (k Kind) String() string { return [...]string{"at-least", "aim"}[k] }

// Target is final use asked for.
type Target struct {
	Product  int32
	Quantity float64
	Weight   float64 // 1 where it was not given
	Kind     Kind
}

// Stock is an opening stock that may be used.
type Stock struct {
	Product  int32
	Quantity float64
}

// Recycling says that of each unit of Used that a target delivers, Share units of Recovered come back Lag periods later.
type Recycling struct {
	Used, Recovered int32
	Share           float64
	Lag             int
}

// Transport moves a product between two regions; Labour in minutes and Loss as a share, per unit taken.
type Transport struct {
	From, To int32
	Labour   float64
	Loss     float64
}

// Storage keeps a product until the next period; Labour in minutes and Loss as a share, per unit taken.
type Storage struct {
	Product int32
	Labour  float64
	Loss    float64
}

// Investment is capacity that a unit of a technique's level adds to a resource, from Lag periods later on, for Life
// periods (0: for ever).
type Investment struct {
	Technique, Resource int32
	Quantity            float64
	Lag, Life           int
}

// Growth multiplies the targets of a period.
type Growth struct {
	Period int
	Factor float64
}

// DataError is a row of a plan problem that makes no sense. Row counts from 0; −1 when it is not about a row.
type DataError struct {
	Table, Column string
	Row           int
	What          string
}

func (e *DataError) Error() string {
	return fmt.Sprintf("table %s, column %s, row %d: %s", e.Table, e.Column, e.Row+1, e.What)
}

func fault(table, column string, row int, format string, args ...any) error {
	return &DataError{table, column, row, fmt.Sprintf(format, args...)}
}

// Name is a product's id, with its region where the id alone would not do.
func (p *Problem) Name(i int32) string {
	if pr := &p.Products[i]; pr.Region == "" || len(p.byID()[pr.ID]) == 1 {
		return pr.ID
	} else {
		return pr.ID + "@" + pr.Region
	}
}

func (p *Problem) byID() map[string][]int32 {
	if p.names == nil {
		p.names = make(map[string][]int32, len(p.Products))
		for i := range p.Products {
			id := p.Products[i].ID
			p.names[id] = append(p.names[id], int32(i))
		}
	}
	return p.names
}

// Find gives the products that a text names: by id (of every region), or as id@region.
func (p *Problem) Find(name string) []int32 {
	if found := p.byID()[name]; found != nil {
		return found
	}
	if at := strings.LastIndexByte(name, '@'); at >= 0 {
		if i := p.in(name[:at], name[at+1:]); i >= 0 {
			return []int32{i}
		}
	}
	return nil
}

// in finds a good in a region; −1: it is not there.
func (p *Problem) in(id, region string) int32 {
	for _, i := range p.byID()[id] {
		if p.Products[i].Region == region {
			return i
		}
	}
	return -1
}

// FindIn finds a good in a region; −1: it is not there.
func (p *Problem) FindIn(id, region string) int32 { return p.in(id, region) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// most is the largest number that a plan problem may hold. A linear program takes bounds from 1e20 on for none, and beside
// numbers beyond this those of daily life vanish in rounding.
const most = 1e18

func usable(v float64) bool { return math.Abs(v) <= most }
