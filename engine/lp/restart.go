package lp

import "math"

// restarts decides when the anchor moves and how the primal weight follows ([cuPDLPx]).
type restarts struct {
	first    float64 // fixed-point error at the first check after the last restart
	last     float64 // at the last check
	total    int     // iterations in all
	restarts int

	integral   float64 // of the weight's controller
	bestWeight float64
	bestRatio  float64 // how far dual and primal residual were apart at the best weight, |ln|
}

const (
	sufficientDecay = 0.2
	necessaryDecay  = 0.5
	artificialShare = 0.36
	weightGain      = 0.99
	weightIntegral  = 0.01
	weightSmoothing = 0.3
	largestWeight   = 1e5 // on infeasible programs y grows without end, and the weight would follow it
)

// due reports whether to restart after a check with fixed-point error r, k iterations after the last restart.
func (s *restarts) due(r float64, k int) bool {
	if math.IsInf(s.first, 1) && s.restarts > 0 {
		s.first, s.last = r, r
		return false
	}
	again := s.restarts == 0 || r <= sufficientDecay*s.first || (r <= necessaryDecay*s.first && r > s.last) ||
		float64(k) >= artificialShare*float64(s.total)
	s.last = r
	return again
}

// restarted forgets the errors since the last restart.
func (s *restarts) restarted() {
	s.first, s.last = math.Inf(1), math.Inf(1)
	s.restarts++
}

// weight gives the next primal weight from how far x and y moved since the anchor, and keeps the best one: when a
// movement is out of range, or primal and dual residual are apart by more than e^8, it goes back there.
func (s *restarts) weight(w, moveX, moveY, primal, dual float64) float64 {
	ratio := math.Abs(math.Log(dual / primal))
	if dual == 0 || primal == 0 || math.IsNaN(ratio) {
		ratio = 0 // one side is done: the ratio says nothing
	}
	if s.bestWeight == 0 || ratio <= s.bestRatio {
		s.bestWeight, s.bestRatio = w, ratio
	}
	usable := moveX > 1e-16 && moveX < 1e12 && moveY > 1e-16 && moveY < 1e12
	if !usable || ratio > 8*math.Ln10 {
		s.integral = 0
		return s.bestWeight
	}
	e := math.Log(moveY) - math.Log(moveX) - math.Log(w)
	s.integral = weightSmoothing*s.integral + e
	w *= math.Exp(weightGain*e + weightIntegral*s.integral)
	return min(max(w, 1/largestWeight), largestWeight)
}
