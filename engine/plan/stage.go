package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"planwerk/engine/lp"
)

// Stage is one linear program of a plan as solved: enough to check it again.
type Stage struct {
	Kind        string    // labour, shortfall, fulfilment, harmony
	Unit        string    // of its objective and shadow prices, per unit of product or resource
	Held        float64   // the first stage's value as a second stage holds it: weighted shortfall or factor
	Prices      []float64 // per row: products, resources, then what is held
	Status      lp.Status
	Iterations  int
	Seconds     float64
	Certificate lp.Certificate // of the plan as answered; of harmony and factor as maximised
}

// Recheck computes the certificates of a plan again, from the problem, the plan and the prices alone. Kind, Held, Prices
// and Status of the stages are given, Certificate is set.
func Recheck(p *Problem, set Settings, pt *Point, stages []*Stage) error {
	if err := set.fill(); err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		return err
	}
	if len(pt.Levels) != len(p.Techniques) || len(pt.StockUsed) != len(p.Stocks) || len(pt.Delivered) != len(p.Products) || len(pt.Shortfall) != len(p.Products) {
		return fmt.Errorf("plan: the plan has %d levels, %d stocks and %d balances for %d techniques, %d stocks and %d products",
			len(pt.Levels), len(pt.StockUsed), len(pt.Delivered), len(p.Techniques), len(p.Stocks), len(p.Products))
	}
	for k, s := range stages {
		g, err := stageProgram(p, &set, pt, k, stages)
		if err != nil {
			return err
		}
		if len(s.Prices) != len(g.lp.RowLower) {
			return fmt.Errorf("plan: stage %s has %d prices for %d rows", s.Kind, len(s.Prices), len(g.lp.RowLower))
		}
		s.certify(g, pt)
	}
	return nil
}

// stageProgram is the program of stage k of a plan.
func stageProgram(p *Problem, set *Settings, pt *Point, k int, stages []*Stage) (*program, error) {
	s := stages[k]
	second := k > 0
	switch {
	case stageKind(s.Kind) == stageHarmony && !second:
		if len(s.Prices) < len(p.Products) {
			return nil, fmt.Errorf("plan: stage %s has %d prices", s.Kind, len(s.Prices))
		}
		return certifiedCurves(p, pt, s.Prices)
	case stageKind(s.Kind) == stageShortfall && !second:
		return shortfallProgram(p, set.NeedSteps)
	case stageKind(s.Kind) == stageFulfilment && !second:
		return factorProgram(p, set.MaxFulfilment, false)
	case stageKind(s.Kind) == stageLabour && !second:
		return labourProgram(p)
	case stageKind(s.Kind) == stageLabour && stageKind(stages[0].Kind) == stageShortfall:
		return aimsProgram(p, set.NeedSteps, s.Held)
	case stageKind(s.Kind) == stageLabour && stageKind(stages[0].Kind) == stageFulfilment:
		return factorLabourProgram(p, s.Held)
	}
	return nil, fmt.Errorf("plan: %q is no stage %d of a plan", s.Kind, k+1)
}

// certify computes the certificate of the plan in a stage's program.
func (s *Stage) certify(g *program, pt *Point) {
	if g.kind == stageHarmony {
		s.Certificate = certifyHarmony(g, pt, s.Prices)
	} else {
		s.Certificate = lp.Certify(g.lp, g.columns(pt), s.Prices)
	}
	c := &s.Certificate
	if g.kind == stageFulfilment {
		c.Objective, c.DualObjective, c.Bound = -c.Objective, -c.DualObjective, -c.Bound
	}
	c.Status, c.Iterations, c.Seconds = s.Status, s.Iterations, s.Seconds
	c.Digest = digest(s.Status, pt, s.Prices)
}

// certifiedCurves is the program of harmony with curves that touch at what a plan delivers, so that they equal its
// harmony there, and where its prices would have it, so that the bound is as good as the prices.
func certifiedCurves(p *Problem, pt *Point, prices []float64) (*program, error) {
	curves := newCurves(p)
	net := netPrices(p, prices)
	for _, c := range curves {
		c.touch(pt.Delivered[c.product]/c.target-1, c.wanted(net[c.product]))
	}
	return harmonyProgram(p, curves)
}

// certifyHarmony is the certificate of a plan's harmony: the objective is harmony itself, the bound is proved for the
// curves and so for harmony, which they are nowhere below.
func certifyHarmony(g *program, pt *Point, prices []float64) lp.Certificate {
	c := lp.Certify(g.lp, g.columns(pt), prices)
	sum := 0.0
	for _, v := range g.curves {
		sum += v.value(pt.Delivered[v.product])
	}
	c.Objective, c.DualObjective, c.Bound = sum, -c.DualObjective, -c.Bound
	gap := func(d float64) float64 { return math.Abs(sum-d) / (1 + math.Abs(sum) + math.Abs(d)) }
	c.Gap, c.ProvedGap = gap(c.DualObjective), math.Inf(1)
	if !math.IsInf(c.Bound, 0) {
		c.ProvedGap = gap(c.Bound)
	}
	return c
}

// digest is the SHA-256 of a status and the bits of levels, stocks, deliveries and prices, in hexadecimal.
func digest(status lp.Status, pt *Point, prices []float64) string {
	h := sha256.New()
	h.Write([]byte(status))
	var b [8]byte
	for _, part := range [][]float64{pt.Levels, pt.StockUsed, pt.Delivered, pt.Shortfall, {pt.Factor}, prices} {
		binary.LittleEndian.PutUint64(b[:], uint64(len(part)))
		h.Write(b[:])
		for _, v := range part {
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
			h.Write(b[:])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
