package main

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

// draw plots seconds of wall clock against products, both on logarithmic axes, as SVG and PNG.
func draw(all []measured, name string) error {
	p := plot.New()
	p.Title.Text = "x = Ax + y to 1e-12, 20 inputs per product"
	p.X.Label.Text, p.Y.Label.Text = "products", "seconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	lines := []struct {
		name string
		of   func(m *measured) float64
	}{
		{"reading the files", func(m *measured) float64 { return m.Load.Wall }},
		{"everything: values, outputs, radius, bounds", func(m *measured) float64 { return m.wall(coldWhole) }},
		{"sixteen right-hand sides", func(m *measured) float64 { return m.wall(sixteen) }},
		{"outputs", func(m *measured) float64 { return m.wall(one) }},
	}
	var args []any
	for _, l := range lines {
		var points plotter.XYs
		for k := range all {
			if v := l.of(&all[k]); v > 0 {
				points = append(points, plotter.XY{X: float64(all[k].Products), Y: v})
			}
		}
		if len(points) > 0 {
			args = append(args, l.name, points)
		}
	}
	if err := plotutil.AddLinePoints(p, args...); err != nil {
		return err
	}
	p.Add(plotter.NewGrid())
	for _, format := range []string{"svg", "png"} {
		if err := p.Save(18*vg.Centimeter, 14*vg.Centimeter, name+"."+format); err != nil {
			return fmt.Errorf("%s.%s: %w", name, format, err)
		}
	}
	return nil
}

// wall gives the wall clock of a case; 0 when it was not measured.
func (m *measured) wall(name string) float64 {
	for _, c := range m.Cases {
		if c.Case == name {
			return c.Wall
		}
	}
	return 0
}
