package leontief

import (
	"fmt"
	"math"
)

// Comparison says how close labour values come to prices, over the sectors with a positive value and price. Values are
// scaled so that their sum is that of the prices; both are of sectors' outputs as a whole.
type Comparison struct {
	Sectors []int32   // products compared, in rising order
	Value   []float64 // V of each, scaled
	Price   []float64 // P of each
	Left    int       // products left out: no output, or a value or price that is not positive

	RLog, R2Log float64 // correlation of log V and log P
	R, R2       float64 // of V and P
	MAD         float64 // mean |V/P − 1|
	MAWD        float64 // the same, weighted by P
	CV          float64 // coefficient of variation of V/P
	// Angle between the vector of V/P and the vector of ones, in degrees: tan θ = CV, so it does not depend on units or on a
	// numéraire (Steedman and Tomkins, On measuring the deviation of prices from values, CJE 1998).
	Angle float64
	// Distance of the two after both are scaled to length one: √(2(1 − cos θ)) (the same; Fröhlich, Labour values, prices
	// of production and the missing equalisation tendency of profit rates, CJE 2013).
	Distance float64
}

// Compare compares value[i]·output[i] with price[i]. It fails when fewer than two sectors can be compared.
func Compare(value, output, price []float64) (*Comparison, error) {
	c := &Comparison{}
	sumV, sumP := 0.0, 0.0
	for i := range value {
		v, p := value[i]*output[i], price[i]
		if !(v > 0 && p > 0) {
			c.Left++
			continue
		}
		c.Sectors = append(c.Sectors, int32(i))
		c.Value, c.Price = append(c.Value, v), append(c.Price, p)
		sumV, sumP = sumV+v, sumP+p
	}
	if len(c.Sectors) < 2 {
		return nil, fmt.Errorf("prices: only %d products have a value and a price above 0; two are needed to compare", len(c.Sectors))
	}
	n := len(c.Sectors)
	logV, logP, ratio := make([]float64, n), make([]float64, n), make([]float64, n)
	for k := range c.Value {
		c.Value[k] *= sumP / sumV
		v, p := c.Value[k], c.Price[k]
		logV[k], logP[k], ratio[k] = math.Log(v), math.Log(p), v/p
		off := math.Abs(ratio[k] - 1)
		c.MAD += off / float64(n)
		c.MAWD += float64(off*p) / sumP
	}
	c.RLog, c.R = correlation(logV, logP), correlation(c.Value, c.Price)
	c.R2Log, c.R2 = c.RLog*c.RLog, c.R*c.R
	mean, variance := moments(ratio)
	c.CV = math.Sqrt(variance) / mean
	angle := math.Atan(c.CV)
	c.Angle, c.Distance = angle*180/math.Pi, math.Sqrt(2*(1-math.Cos(angle)))
	return c, nil
}

// moments gives mean and variance, over n.
func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += float64((v - mean) * (v - mean))
	}
	return mean, variance / float64(len(x))
}

func correlation(x, y []float64) float64 {
	mx, vx := moments(x)
	my, vy := moments(y)
	sum := 0.0
	for i := range x {
		sum += float64((x[i] - mx) * (y[i] - my))
	}
	return sum / float64(len(x)) / math.Sqrt(float64(vx*vy))
}
