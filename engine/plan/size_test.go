package plan

import "testing"

// TestSizeOf: what is told of the program is what it then is, but for rows that close periods.
func TestSizeOf(t *testing.T) {
	p := problem(t, breadSteel)
	p.Stocks = []Stock{{0, 3}}
	p.Storage = []Storage{{Product: 1}}
	p.Investments = []Investment{{Technique: 0, Resource: 0, Quantity: 1, Lag: 1}, {Technique: 1, Resource: 0, Quantity: 1, Lag: 2, Life: 3}}
	for _, e := range []Expansion{{}, {Periods: 1, Closing: Free}, {Periods: 7, Closing: Free}} {
		for _, set := range []Settings{{Objective: Labour}, {Objective: Aims, NeedSteps: 9}} {
			q, _, err := Expand(p, e)
			if err != nil {
				t.Fatal(err)
			}
			g, err := Program(q, set)
			if err != nil {
				t.Fatal(err)
			}
			s := SizeOf(p, e, set)
			uses := len(q.Uses) + len(q.Flows) // repeated cells are one entry of the matrix
			if set.Objective == Labour && s.Entries != float64(uses+1) || s.Rows != float64(len(g.RowLower)) || s.Columns != float64(len(g.C)) {
				t.Errorf("%+v %s: told %+v, is %d rows, %d columns, %d entries", e, set.Objective, s, len(g.RowLower), len(g.C), uses)
			}
		}
	}
	if s := SizeOf(p, Expansion{Periods: 1 << 62}, Settings{}); !(s.Bytes > 1e30) {
		t.Errorf("an endless plan takes %v bytes", s.Bytes)
	}
}
