package lp

// stepSizes are τ = η/w and σ = ηw with η = 0.998/‖Ã‖₂, constant between restarts ([cuPDLPx]).
type stepSizes struct {
	eta, weight float64
}

func newSteps(normA, weight float64) stepSizes { return stepSizes{0.998 / normA, weight} }

func (s stepSizes) tau() float64   { return s.eta / s.weight }
func (s stepSizes) sigma() float64 { return s.eta * s.weight }
