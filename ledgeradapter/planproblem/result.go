package planproblem

import (
	"encoding/json"
	"math"

	"planwerk/arrow"
	"planwerk/engine/plan"
)

// CertificateFile is the name of the certificate in the directory of a plan.
const CertificateFile = "certificate.json"

// Real is a number that JSON may not be able to hold: infinite ones and NaN are null.
type Real float64

// MarshalJSON writes null for what is not finite.
func (r Real) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(r), 0) || math.IsNaN(float64(r)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

// UnmarshalJSON reads null as NaN.
func (r *Real) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*r = Real(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(r))
}

// Certificate is a stage's certificate as JSON. Objective and bound are in Unit.
type Certificate struct {
	Stage          string `json:"stage"`
	Unit           string `json:"unit"`
	Status         string `json:"status"`
	Objective      Real   `json:"objective"`
	Bound          Real   `json:"bound"`
	Gap            Real   `json:"gap"`
	ProvedGap      Real   `json:"proved_gap"`
	PrimalResidual Real   `json:"primal_residual"`
	DualResidual   Real   `json:"dual_residual"`
	MaxShortfall   Real   `json:"max_shortfall"`
	MaxViolation   Real   `json:"max_violation"`
	Iterations     int    `json:"iterations"`
	Seconds        Real   `json:"seconds"`
	Digest         string `json:"digest"`
	Held           Real   `json:"held,omitempty"`       // the first stage's value as this one holds it
	HeldPrice      Real   `json:"held_price,omitempty"` // its shadow price
}

// Certificates is certificate.json: that of the last stage, and all of them.
type Certificates struct {
	Certificate
	Stages []Certificate `json:"stages"`
}

// CertificatesOf writes an answer's certificates down.
func CertificatesOf(p *plan.Problem, a *plan.Answer) Certificates {
	rows := len(p.Products) + len(p.Resources)
	var out Certificates
	for _, s := range a.Stages {
		c := &s.Certificate
		j := Certificate{Stage: s.Kind, Unit: s.Unit, Status: string(s.Status), Objective: Real(c.Objective), Bound: Real(c.Bound), Gap: Real(c.Gap),
			ProvedGap: Real(c.ProvedGap), PrimalResidual: Real(c.PrimalResidual), DualResidual: Real(c.DualResidual), MaxShortfall: Real(c.MaxShortfall),
			MaxViolation: Real(c.MaxViolation), Iterations: c.Iterations, Seconds: Real(c.Seconds), Digest: c.Digest, Held: Real(s.Held)}
		if len(s.Prices) > rows {
			j.HeldPrice = Real(s.Prices[rows])
		}
		out.Stages = append(out.Stages, j)
	}
	out.Certificate = out.Stages[len(out.Stages)-1]
	out.Seconds, out.Iterations = Real(a.Seconds), a.Iterations
	return out
}

// CertificateJSON is certificate.json of an answer.
func CertificateJSON(p *plan.Problem, a *plan.Answer) ([]byte, error) {
	data, err := json.MarshalIndent(CertificatesOf(p, a), "", "  ")
	return append(data, '\n'), err
}

// PlanTables are the tables of a plan: activities, balances, resources and, with two stages, the first one's prices.
func PlanTables(p *plan.Problem, a *plan.Answer) []arrow.ResultTable {
	at := func(v []float64) func(i int) float64 { return func(i int) float64 { return v[i] } }
	tables := []arrow.ResultTable{
		newTable("activities", len(p.Techniques), idColumn("technique", func(i int) string { return p.Techniques[i].ID }),
			floatColumn("level", at(a.Levels)), floatColumn("reduced_cost", at(a.ReducedCosts)),
			textColumn("at", func(i int) string { return a.At[i].String() })),
		newTable("balances", len(p.Products), idColumn("product", func(i int) string { return p.Name(int32(i)) }),
			floatColumn("made", at(a.Made)), floatColumn("used", at(a.Used)), floatColumn("stock_used", a.StockUsedOf),
			floatColumn("target", at(a.Target)), floatColumn("fulfilled", at(a.Delivered)), floatColumn("shortfall", at(a.Shortfall)),
			floatColumn("shadow_price", at(a.ProductPrice)), floatColumn("recovered", at(a.Recovered))),
		newTable("resources", len(p.Resources), idColumn("resource", func(i int) string { return p.Resources[i].ID }),
			floatColumn("used", at(a.ResourceUsed)), floatColumn("available", func(i int) float64 { return p.Resources[i].Available }),
			floatColumn("shadow_price", at(a.ResourcePrice))),
	}
	if len(a.Stages) > 1 {
		prices := a.Stages[0].Prices
		np := len(p.Products)
		tables = append(tables, newTable("first_stage_prices", np+len(p.Resources), idColumn("row", func(i int) string {
			if i < np {
				return p.Name(int32(i))
			}
			return plan.ResourceRow(p.Resources[i-np].ID)
		}), floatColumn("shadow_price", func(i int) float64 {
			if i < np {
				return prices[i]
			}
			return 0 - prices[i]
		})))
	}
	return tables
}
