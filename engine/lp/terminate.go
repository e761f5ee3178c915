package lp

import "math"

// residuals are the three relative errors that end the iteration, on the program as given.
type residuals struct {
	primal, dual, gap float64
	objective, bound  float64
}

// relative turns measured sums into relative errors: ‖Ax − clip(Ax)‖₂/(1+‖b‖₂), ‖c − Aᵀy − r‖₂/(1+‖c‖₂) and
// |P − D|/(1+|P|+|D|).
func relative(m measures, normB, normC, c0 float64) residuals {
	return residuals{
		primal:    m.primal / (1 + normB),
		dual:      m.dual / (1 + normC),
		gap:       relativeGap(m.objective+c0, m.dualObj+c0),
		objective: m.objective + c0,
		bound:     m.dualObj + c0,
	}
}

// worst is the largest of the three; NaN counts as infinite.
func (r residuals) worst() float64 {
	w := max(r.primal, r.dual, r.gap)
	if math.IsNaN(w) {
		return math.Inf(1)
	}
	return w
}

// within reports whether all three errors are at most tol.
func (r residuals) within(tol float64) bool { return r.worst() <= tol }
