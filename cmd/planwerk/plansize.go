package main

import (
	"fmt"
	"math"

	"planwerk/engine/plan"
)

// largeProgram is the number of matrix entries from which on a plan takes minutes to hours.
const largeProgram = 2e7

// expand writes the problem out over regions and periods, once it is known to fit into memory.
func (sh *shell) expand(pl *planning) error {
	f := pl.flags
	limit := int64(sh.memory)
	if limit == 0 {
		limit = memoryToGive()
	}
	s := plan.SizeOf(pl.given, f.expansion(), plan.Settings{Objective: plan.Objective(f.objective), NeedSteps: f.needSteps})
	size := fmt.Sprintf("the plan would be a linear program of %s rows, %s columns and %s entries, which takes at least %s of memory",
		wholeCount(s.Rows), wholeCount(s.Columns), wholeCount(s.Entries), wholeBytes(s.Bytes))
	if limit > 0 && s.Bytes > float64(limit) {
		return inputf("%s, and %s may be used; give fewer --periods or --need-steps, a smaller problem, or more --memory", size, humanBytes(limit))
	}
	if s.Entries > largeProgram {
		sh.notices([]string{size + "; it may take minutes to hours, --time-limit bounds that"})
	}
	var notices []string
	var err error
	if pl.problem, notices, err = plan.Expand(pl.given, f.expansion()); err != nil {
		return inputf("%w", err)
	}
	pl.notices = append(pl.notices, notices...)
	return nil
}

// wholeCount and wholeBytes print what may be beyond all that integers hold.
func wholeCount(v float64) string {
	if v >= 1e18 {
		return fmt.Sprintf("%.2g", v)
	}
	return humanCount(int64(v))
}

func wholeBytes(v float64) string { return humanBytes(int64(min(v, math.MaxInt64/2))) }
