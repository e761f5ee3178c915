package synth

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"runtime"

	"planwerk/arrow"
)

// EconomyConfig says what economy to make. The zero value of a field means its default.
type EconomyConfig struct {
	Products   int           // default 1000
	Techniques int           // per product (default 3)
	Inputs     int           // per technique (default 12), fewer than products
	Resources  int           // default 20 and one more per 1000 products, at most 50; −1: none
	Shape      *EconomyShape // nil: UsualShape
	Seed       uint64        // same seed and settings, same bytes
	Format     string        // of the tables of the plan problem (default csv); those of input and output are CSV
	MPS        string        // file for the plan problem as a linear program, gzip by its name; none if empty
	Threads    int           // never changes a byte
	Force      bool          // replace what is there
	Progress   func(table string, done, total int64)
}

func (c *EconomyConfig) complete() error {
	set := func(v *int, to int) {
		if *v == 0 {
			*v = to
		}
	}
	set(&c.Products, 1000)
	set(&c.Techniques, 3)
	set(&c.Inputs, min(12, c.Products-1))
	set(&c.Resources, min(50, 20+c.Products/1000))
	c.Resources = max(c.Resources, 0)
	if c.Shape == nil {
		usual := UsualShape()
		c.Shape = &usual
	}
	if c.Format == "" {
		c.Format = "csv"
	}
	if c.Threads <= 0 {
		c.Threads = runtime.GOMAXPROCS(0)
	}
	switch {
	case c.Products < 2 || c.Products > 1e8:
		return fmt.Errorf("economy: %d products: must be 2 to 10^8", c.Products)
	case c.Techniques < 1 || c.Techniques > 100 || c.Products*c.Techniques > 1e9:
		return fmt.Errorf("economy: %d techniques a product: must be 1 to 100, 10^9 in all", c.Techniques)
	case c.Inputs < 1 || c.Inputs > 1000 || c.Inputs >= c.Products:
		return fmt.Errorf("economy: %d inputs a technique: must be 1 to 1000 and fewer than the products", c.Inputs)
	case c.Resources > 1e6:
		return fmt.Errorf("economy: %d resources: must be at most 10^6", c.Resources)
	}
	return c.Shape.check(c.Products, c.Inputs)
}

// GenerateEconomy writes a random productive economy below dir: io/coefficients.csv and io/vectors.csv, the input–output
// table of the first technique of each product, and plan/, a plan problem with all of them. Each of the two folders
// appears complete or not at all.
//
// Inputs add up to 0.2 … 0.7 per unit of output in every technique, so whatever techniques are chosen the economy is
// productive. Most inputs come from near a product's own number, some from its block, some from hubs that everybody uses.
// Rows stream to disk; memory holds 8 bytes per input and a few vectors.
func GenerateEconomy(ctx context.Context, dir string, cfg EconomyConfig) error {
	if err := cfg.complete(); err != nil {
		return err
	}
	e, err := newEconomy(ctx, cfg)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		folder, format string
		tables         []arrow.ResultTable
	}{{"io", "csv", e.ioTables()}, {"plan", cfg.Format, e.planTables()}} {
		if err := e.write(ctx, filepath.Join(dir, part.folder), part.format, part.tables); err != nil {
			return err
		}
	}
	if cfg.MPS != "" {
		return e.writeMPS(ctx, cfg.MPS)
	}
	return nil
}

func (e *economy) write(ctx context.Context, dir, format string, tables []arrow.ResultTable) error {
	opt := arrow.ExportOptions{Format: format, Threads: e.Threads, Force: e.Force, Progress: e.Progress}
	export, err := arrow.NewExport(dir, opt)
	if err != nil {
		return err
	}
	defer export.Abort()
	for _, t := range tables {
		if err := export.WriteTable(ctx, t); err != nil {
			return fmt.Errorf("economy: %w", err)
		}
	}
	return export.Commit()
}

// EconomyRows tells the rows of each table of an economy.
func EconomyRows(cfg EconomyConfig) (map[string]int64, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	rows := map[string]int64{}
	e := &economy{EconomyConfig: cfg}
	e.demand = make([]float64, cfg.Products)
	for i := range e.demand {
		e.demand[i] = e.target(i)
	}
	e.listTargets()
	e.drawHubs()
	e.listShape()
	for _, t := range append(e.ioTables(), e.planTables()...) {
		rows[t.Name] = t.Rows
	}
	return rows, nil
}

// Shape of an economy.
const (
	nearShare = 0.80 // of inputs from nearby that come from within nearWidth of the product's number; the others come from its block
	nearWidth = 50
	blockSize = 1000
	hubPower  = 0.7  // popularity of the k-th hub ∝ k^−0.7
	perUse    = 2    // resources a technique uses
	tenth     = 1e-7 // quantities are whole multiples of it, so that they print short and read back the same
)

// input is a use of a product by a technique, in multiples of tenth.
type input struct{ product, quantity int32 }

// economy holds what rows are made of. Technique j makes one unit of product j / Techniques.
type economy struct {
	EconomyConfig
	hubs    permutation
	inputs  []input   // Inputs per technique
	demand  []float64 // per product
	output  []float64 // per product, when its techniques share it equally
	use     []float64 // per resource, likewise
	targets []int32   // products in demand
	joints  []int32   // techniques that make a second product
	ways    []int32   // products that may be carried to the next region
	stored  []int32   // products that may be stored
}

func newEconomy(ctx context.Context, cfg EconomyConfig) (*economy, error) {
	e := &economy{EconomyConfig: cfg}
	e.drawHubs()
	e.inputs = make([]input, e.techniques()*cfg.Inputs)
	e.demand = make([]float64, cfg.Products)
	for i := range e.demand {
		e.demand[i] = e.target(i)
	}
	e.listTargets()
	if err := e.drawInputs(ctx); err != nil {
		return nil, err
	}
	e.listShape()
	return e, e.equalShares(ctx)
}

func (e *economy) drawHubs() {
	e.hubs = newPermutation(int64(e.goods()), e.sequence(askHubs, 0).next())
}

func (e *economy) techniques() int { return e.Products * e.Techniques }

func (e *economy) listTargets() {
	for i, y := range e.demand {
		if y > 0 {
			e.targets = append(e.targets, int32(i))
		}
	}
}

// equalShares finds the outputs of the plan in which each product's techniques share its output equally, well enough to
// set capacities by, and what it uses of the resources.
func (e *economy) equalShares(ctx context.Context) error {
	e.output = append([]float64(nil), e.demand...)
	next := make([]float64, e.Products)
	for range 60 {
		copy(next, e.demand)
		for j := range e.techniques() {
			if j%(1<<16) == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			level := e.output[j/e.Techniques] / float64(e.Techniques)
			for _, in := range e.inputs[j*e.Inputs : (j+1)*e.Inputs] {
				next[in.product] += float64(level * float64(in.quantity) * tenth)
			}
		}
		change := 0.0
		for i, x := range next {
			change = max(change, math.Abs(x-e.output[i])/(1+x))
		}
		e.output, next = next, e.output
		if change < 1e-9 {
			break
		}
	}
	e.use = make([]float64, e.Resources)
	for j := range e.techniques() {
		for k := range e.uses() {
			r, q := e.resource(j, k)
			e.use[r] += float64(q * e.output[j/e.Techniques] / float64(e.Techniques))
		}
	}
	return nil
}
