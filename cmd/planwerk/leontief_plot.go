package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"planwerk/arrow"
	"planwerk/engine/leontief"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// scatter draws values against prices, both on logarithmic axes, with the line on which they are equal: as SVG and as PNG.
// Of a ledger there are no prices, but what its books say.
func scatter(c *leontief.Comparison, ofLedger bool) ([]arrow.ExtraFile, error) {
	p := plot.New()
	prices := "prices"
	p.X.Label.Text, p.Y.Label.Text = "price of the sector's output", "its labour value, scaled to the same sum"
	if ofLedger {
		prices = "the books"
		p.X.Label.Text = "the period's output of a product, as the books value it"
	}
	p.Title.Text = fmt.Sprintf("Labour values and %s: r (logarithms) %.4f, weighted deviation %.3f", prices, c.RLog, c.MAWD)
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.TickerFunc(decades), plot.TickerFunc(decades)
	p.Title.Padding = vg.Points(6)
	points := make(plotter.XYs, len(c.Value))
	low, high := c.Price[0], c.Price[0]
	for k := range points {
		points[k].X, points[k].Y = math.Log10(c.Price[k]), math.Log10(c.Value[k])
		low, high = min(low, c.Price[k], c.Value[k]), max(high, c.Price[k], c.Value[k])
	}
	low, high = math.Log10(low), math.Log10(high)
	dots, err := plotter.NewScatter(points)
	if err != nil {
		return nil, err
	}
	dots.GlyphStyle.Color, dots.GlyphStyle.Radius = color.RGBA{R: 176, G: 32, B: 48, A: 255}, vg.Points(2)
	equal, err := plotter.NewLine(plotter.XYs{{X: low, Y: low}, {X: high, Y: high}})
	if err != nil {
		return nil, err
	}
	equal.Color = color.Gray{Y: 140}
	p.Add(plotter.NewGrid(), equal, dots)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = low, high, low, high
	var files []arrow.ExtraFile
	for _, format := range []string{"svg", "png"} {
		w, err := p.WriterTo(14*vg.Centimeter, 14*vg.Centimeter, format)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if _, err := w.WriteTo(&b); err != nil {
			return nil, err
		}
		files = append(files, arrow.ExtraFile{Name: "values_prices." + format, Data: b.Bytes()})
	}
	return files, nil
}

// decades are the ticks of an axis of decimal logarithms, within its range. With the plot's own logarithmic scale a label's
// place is reckoned as on a linear one, and much of the picture stays white.
func decades(least, most float64) (ticks []plot.Tick) {
	for _, t := range (plot.LogTicks{Prec: -1}).Ticks(math.Pow(10, least), math.Pow(10, most)) {
		if t.Value = math.Log10(t.Value); t.Value >= least && t.Value <= most {
			ticks = append(ticks, t)
		}
	}
	return ticks
}
