package lp

import "context"

type planStructure struct{}

func (s *planStructure) worthwhile() bool  { return true }
func detectPlan(p *Problem) *planStructure { return nil }
func solvePlan(ctx context.Context, p *Problem, s *planStructure, set *Settings, run *runState) outcome {
	return outcome{}
}
