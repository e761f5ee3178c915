package lp

import "context"

func solveIPM(ctx context.Context, p *Problem, set *Settings, run *runState) (outcome, bool) {
	return outcome{}, false
}
