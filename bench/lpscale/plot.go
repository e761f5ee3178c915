package main

import (
	"fmt"
	"image/color"
	"math"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// draw plots seconds against products, a line for every count of threads, as SVG and as PNG.
func draw(all []solved, out string) error {
	p := plot.New()
	p.Title.Text = "Planning programs to a strict certificate at 1e-6"
	p.X.Label.Text, p.Y.Label.Text = "products", "seconds on the clock"
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.TickerFunc(decades), plot.TickerFunc(decades)
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())
	colours := []color.Color{color.RGBA{R: 176, G: 32, B: 48, A: 255}, color.RGBA{R: 32, G: 80, B: 160, A: 255}, color.Gray{Y: 90}}
	byThreads := map[int]plotter.XYs{}
	var order []int
	for _, s := range all {
		if byThreads[s.Threads] == nil {
			order = append(order, s.Threads)
		}
		byThreads[s.Threads] = append(byThreads[s.Threads], plotter.XY{X: math.Log10(float64(s.Products)), Y: math.Log10(s.Seconds)})
	}
	for k, t := range order {
		line, dots, err := plotter.NewLinePoints(byThreads[t])
		if err != nil {
			return err
		}
		line.Color, dots.Color = colours[k%len(colours)], colours[k%len(colours)]
		p.Add(line, dots)
		label := fmt.Sprintf("%d threads", t)
		if t == 1 {
			label = "1 thread"
		}
		p.Legend.Add(label, line, dots)
	}
	for _, format := range []string{"svg", "png"} {
		w, err := p.WriterTo(16*vg.Centimeter, 12*vg.Centimeter, format)
		if err != nil {
			return err
		}
		f, err := os.Create(out + "." + format)
		if err != nil {
			return err
		}
		if _, err := w.WriteTo(f); err != nil {
			f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// decades are the ticks of an axis of decimal logarithms: a label at each power of ten, marks at its multiples.
func decades(least, most float64) (ticks []plot.Tick) {
	for e := math.Floor(least); e <= math.Ceil(most); e++ {
		for m := 1; m < 10; m++ {
			v := e + math.Log10(float64(m))
			if v < least-1e-9 || v > most+1e-9 {
				continue
			}
			tick := plot.Tick{Value: v}
			if m == 1 {
				tick.Label = fmt.Sprintf("%g", math.Pow(10, e))
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks
}
