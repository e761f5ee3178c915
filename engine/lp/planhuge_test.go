package lp_test

import (
	"strings"
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
	"planwerk/engine/sparse"
)

// Huge plans are certified from PDHG's points alone. The way is tried on small ones, which must end at the same optimum
// as they do otherwise, with the same bits on any number of threads.
func TestHugePlansNeedNoNewtonSteps(t *testing.T) {
	for seed := range uint64(2) {
		p := lptest.Planning(1500, 20, seed)
		want := solve(t, p, lp.Settings{Method: lp.Plan})
		before, block, entries := lp.SetHugeRows(1000), sparse.BlockColumns, sparse.BlockEntries
		if seed > 0 {
			sparse.BlockColumns, sparse.BlockEntries = 700, 0 // as the vectors of huge plans are cut
		}
		first := ""
		for _, threads := range []int{1, 2} {
			tried := 0
			s := solve(t, p, lp.Settings{Method: lp.Plan, Threads: threads, Log: func(line string) {
				if strings.Contains(line, "(0 Newton") {
					tried++
				}
			}})
			c := s.Certificate
			if s.Status != lp.Optimal || s.Method != lp.Plan || c.ProvedGap > 1e-6 || c.MaxShortfall > 1e-7 {
				t.Errorf("seed %d: %s by %s, gap %v, shortfall %v", seed, s.Status, s.Method, c.ProvedGap, c.MaxShortfall)
			}
			if apart(c.Objective, want.Certificate.Objective) > 2e-6 || tried == 0 {
				t.Errorf("seed %d: objective %v, want %v; %d points repaired before any Newton step", seed, c.Objective, want.Certificate.Objective, tried)
			}
			lptest.CheckCertificate(t, "huge plan", p, s)
			if first == "" {
				first = c.Digest
			} else if c.Digest != first {
				t.Errorf("seed %d: %d threads give other bits", seed, threads)
			}
		}
		lp.SetHugeRows(before)
		sparse.BlockColumns, sparse.BlockEntries = block, entries
	}
}
