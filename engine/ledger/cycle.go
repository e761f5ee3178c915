package ledger

import "strconv"

// MostInCycle is how many ids of a cycle a violation prints. Every row on a cycle prints it: without a bound the table
// violations would grow with the square of the longest cycle.
const MostInCycle = 32

// CycleText prints a cycle, given in its order from any of its members, from its smallest id and closed by it:
// "cycle=a>b>a". A longer one than MostInCycle is printed as "cycle=a>b>…>x>(n more)>a". text prints an id.
func CycleText(cycle []int32, text func(code int32) string) string {
	smallest := 0
	for i, x := range cycle {
		if x < cycle[smallest] {
			smallest = i
		}
	}
	out := []byte("cycle=")
	for i := range min(len(cycle), MostInCycle) {
		out = append(append(out, text(cycle[(smallest+i)%len(cycle)])...), '>')
	}
	if more := len(cycle) - MostInCycle; more > 0 {
		out = append(strconv.AppendInt(append(out, '('), int64(more), 10), " more)>"...)
	}
	return string(append(out, text(cycle[smallest])...))
}
