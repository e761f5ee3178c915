package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sort"
	"time"

	"planwerk/bench"
	"planwerk/engine/leontief"
	"planwerk/ledgeradapter/iotable"
)

// Names of cases.
const (
	one       = "one right-hand side"
	oneAgain  = "one, the system kept"
	sixteen   = "sixteen right-hand sides"
	coldWhole = "values, outputs, radius and bounds, cold"

	warmWhole    = "all of it, warm, 1 % of "
	demands      = "demands by a tenth"
	directLabour = "direct labour by a tenth"
	coefficients = "coefficients by a tenth"
)

// outcome is a case of ours: medians.
type outcome struct {
	Case string `json:"case"`
	seconds
	Matrix   int     `json:"products_with_the_matrix"`
	Residual float64 `json:"relative_residual"`
	Runs     int     `json:"runs"`
}

func clocked(f func()) seconds {
	begun, before := time.Now(), bench.ProcessorTime()
	f()
	return seconds{time.Since(begun).Seconds(), bench.ProcessorTime() - before}
}

// repeat runs f until there are enough runs, and gives the medians; f says what came out. before is not timed.
func (cfg *config) repeat(name string, before func() error, f func() (products int, residual float64, err error)) (outcome, error) {
	o := outcome{Case: name}
	var wall, cpu []float64
	for len(wall) < cfg.runs && (len(wall) == 0 || wall[0] < 5) {
		if before != nil {
			if err := before(); err != nil {
				return o, err
			}
		}
		runtime.GC()
		var err error
		s := clocked(func() { o.Matrix, o.Residual, err = f() })
		if err != nil {
			return o, fmt.Errorf("%s: %w", name, err)
		}
		wall, cpu = append(wall, s.Wall), append(cpu, s.CPU)
	}
	o.seconds, o.Runs = seconds{median(wall), median(cpu)}, len(wall)
	return o, nil
}

func median(v []float64) float64 {
	sort.Float64s(v)
	return v[len(v)/2]
}

// ours loads an economy and measures all cases; then come the peers.
func (cfg *config) ours(ctx context.Context, m *measured, dir string) error {
	var t *leontief.Table
	var err error
	m.Load = clocked(func() {
		t, _, err = iotable.Read(iotable.Source{Flows: dir + "/io/coefficients.csv", Coefficients: true, Vectors: dir + "/io/vectors.csv",
			Labour: "labour", LabourPerUnit: true, Demand: []string{"demand"}})
	})
	if err != nil {
		return err
	}
	runtime.GC()
	m.Nonzeros = t.A.NNZ()
	r := &runner{config: cfg, ctx: ctx, t: t, m: m, settings: leontief.Settings{Tolerance: cfg.tolerance}}
	cases := []func() error{r.one}
	if m.Products <= cfg.sidesUpTo {
		cases = append(cases, r.sixteen)
	}
	if cfg.peers != "" && m.Products <= cfg.peersUpTo {
		cases = append(cases, func() error {
			m.Peers, err = cfg.measurePeers(dir, t.A, t.Demand)
			return err
		})
	}
	// last, because it changes coefficients and demand in place
	for _, c := range append(cases, r.whole) {
		if err := c(); err != nil {
			return err
		}
	}
	return nil
}

// runner measures one economy.
type runner struct {
	*config
	ctx      context.Context
	t        *leontief.Table
	m        *measured
	settings leontief.Settings
}

func (r *runner) add(name string, before func() error, f func() (int, float64, error)) error {
	o, err := r.repeat(name, before, f)
	r.m.Cases = append(r.m.Cases, o)
	return err
}

func said(s *leontief.Solution, err error) (int, float64, error) {
	if err == nil && !s.Converged {
		err = errors.New("not solved")
	}
	if err != nil {
		return 0, 0, err
	}
	return s.Products, s.Relative, nil
}

// one is x = Ax + y alone: what the peers do, their preparations included.
func (r *runner) one() error {
	if err := r.add(one, nil, func() (int, float64, error) {
		return said(leontief.Solve(r.ctx, r.t.A, r.t.Demand, r.settings))
	}); err != nil {
		return err
	}
	system, err := leontief.NewSystem(r.t.A, 0)
	if err != nil {
		return err
	}
	first, err := system.Solve(r.ctx, r.t.Demand, r.settings)
	if err != nil {
		return err
	}
	if err := r.add(oneAgain, nil, func() (int, float64, error) {
		return said(system.Solve(r.ctx, r.t.Demand, r.settings))
	}); err != nil {
		return err
	}
	changed, warm := r.changed(r.t.Demand), r.settings
	warm.Warm = first.X
	return r.add("the same, warm, 1 % of "+demands, nil, func() (int, float64, error) {
		return said(system.Solve(r.ctx, changed, warm))
	})
}

// changed is a vector of which every hundredth entry is a tenth larger.
func (r *runner) changed(v []float64) []float64 {
	v = append([]float64(nil), v...)
	for i := 0; i < len(v); i += 100 {
		v[i] *= 1.1
	}
	return v
}

func (r *runner) sixteen() error {
	sides := make([][]float64, 16)
	for k := range sides {
		random := rand.New(rand.NewPCG(7, uint64(k)))
		sides[k] = append([]float64(nil), r.t.Demand...)
		for i := range sides[k] {
			sides[k][i] *= 2 * random.Float64()
		}
	}
	return r.add(sixteen, nil, func() (most int, worst float64, err error) {
		list, err := leontief.SolveMany(r.ctx, r.t.A, sides, r.settings)
		for _, s := range list {
			products, residual, wrong := said(s, nil)
			most, worst, err = max(most, products), max(worst, residual), errors.Join(err, wrong)
		}
		return most, worst, err
	})
}

// whole is what planwerk leontief computes, cold and after changes.
func (r *runner) whole() error {
	request := leontief.Request{Settings: r.settings}
	var cold *leontief.Result
	if err := r.add(coldWhole, nil, func() (int, float64, error) {
		var err error
		cold, err = leontief.Compute(r.ctx, r.t, request)
		return summed(cold, err)
	}); err != nil {
		return err
	}
	demand, labour := r.t.Demand, r.t.Labour
	for _, change := range []struct {
		name           string
		demand, labour []float64
	}{{demands, r.changed(demand), labour}, {directLabour, demand, r.changed(labour)}} {
		table := *r.t
		table.Demand, table.Labour = change.demand, change.labour
		if err := r.add(warmWhole+change.name, nil, func() (int, float64, error) {
			warm := request
			warm.Earlier = cold
			return summed(leontief.Compute(r.ctx, &table, warm))
		}); err != nil {
			return err
		}
	}
	return r.coefficients(cold, request)
}

// coefficients changes one in a hundred of A up and down by a tenth, in turn.
func (r *runner) coefficients(cold *leontief.Result, request leontief.Request) error {
	var row, col []int32
	var up, down []float64
	for i := range r.t.A.Rows {
		cols, vals := r.t.A.Row(i)
		for k := range cols {
			if (int(r.t.A.Ptr[i])+k)%100 == 0 {
				row, col, up, down = append(row, int32(i)), append(col, cols[k]), append(up, vals[k]*1.1), append(down, vals[k])
			}
		}
	}
	raised := false
	request.Earlier = cold
	return r.add(warmWhole+coefficients, func() error {
		// The vectors that the warm start begins from belong to the coefficients before the change.
		earlier, err := leontief.Compute(r.ctx, r.t, request)
		request.Earlier = earlier
		return err
	}, func() (int, float64, error) {
		values := up
		if raised {
			values = down
		}
		raised = !raised
		if err := request.Earlier.Update(row, col, values); err != nil {
			return 0, 0, err
		}
		return summed(leontief.Compute(r.ctx, r.t, request))
	})
}

// summed is what a computation took in all, and its worse residual.
func summed(r *leontief.Result, err error) (int, float64, error) {
	if err != nil {
		return 0, 0, err
	}
	return r.Radius.Products + r.Values.Products + r.Values.Dominator.Products + r.Outputs.Products + r.Outputs.Dominator.Products,
		max(r.Values.Relative, r.Outputs.Relative), nil
}
