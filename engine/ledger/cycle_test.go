package ledger_test

import (
	"strconv"
	"strings"
	"testing"

	"planwerk/engine/ledger"
)

func TestCycleText(t *testing.T) {
	text := func(code int32) string { return strconv.Itoa(int(code)) }
	for want, cycle := range map[string][]int32{
		"cycle=7>7":       {7},
		"cycle=2>9>4>2":   {4, 2, 9},
		"cycle=0>1>2>3>0": {2, 3, 0, 1},
	} {
		if got := ledger.CycleText(cycle, text); got != want {
			t.Errorf("%v: %q, want %q", cycle, got, want)
		}
	}
	ring := make([]int32, 100_000)
	for i := range ring {
		ring[i] = int32((i + 77) % len(ring))
	}
	got := ledger.CycleText(ring[:ledger.MostInCycle], text)
	if strings.Contains(got, "more") || strings.Count(got, ">") != ledger.MostInCycle {
		t.Errorf("a cycle of the most ids: %q", got)
	}
	got = ledger.CycleText(ring, text)
	if !strings.HasPrefix(got, "cycle=0>1>2>") || !strings.HasSuffix(got, ">31>(99968 more)>0") {
		t.Errorf("a long cycle: %q", got)
	}
}
