package composition

import "planwerk/engine/ledger"

// cycles gives one violation element-cycle for each element that is on a cycle or reaches one. The cycle printed is
// found by going on to the smallest such part; elements that end in the same cycle share its text.
func cycles(l *ledger.Ledger, g *graph, cyclic []bool) []ledger.Violation {
	step := make([]int32, g.n)
	text := make([]string, g.n) // of the cycle an element ends in; "" when not known yet
	for t := range step {
		step[t] = -1
		if !cyclic[t] {
			continue
		}
		for _, u := range g.parts(int32(t)) {
			if cyclic[u] && (step[t] < 0 || u < step[t]) {
				step[t] = u
			}
		}
	}
	var out []ledger.Violation
	seen := make([]bool, g.n)
	var path []int32
	for t := range cyclic {
		if !cyclic[t] {
			continue
		}
		path = path[:0]
		at := int32(t)
		for ; !seen[at]; at = step[at] {
			seen[at] = true
			path = append(path, at)
		}
		found := text[at]
		if found == "" && len(path) > 0 { // the walk came back to itself
			found = cycleText(l, step, at)
		}
		for _, u := range path {
			text[u] = found
		}
		out = append(out, ledger.Violation{Rule: "element-cycle", Table: ledger.TElements, Row: int32(t), Extra: text[t]})
	}
	return out
}

// cycleText prints the cycle that step makes through at.
func cycleText(l *ledger.Ledger, step []int32, at int32) string {
	cycle := []int32{at}
	for u := step[at]; u != at; u = step[u] {
		cycle = append(cycle, u)
	}
	return ledger.CycleText(cycle, l.IDs[ledger.TElements].Text)
}
