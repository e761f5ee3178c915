package production

import (
	"context"
	"fmt"
	"testing"

	"planwerk/kernels"
)

// Three transfers in a ring at one time, one of a resource into itself, and what hangs on the ring.
func TestTransferRings(t *testing.T) {
	b := newBuilder(1)
	ore := b.collectivize(1, 0, 0, 10)
	first := b.transfer(2, ore, 0, 5)
	second := b.transfer(2, first, 0, 5)
	third := b.transfer(2, second, 0, 5)
	self := b.transfer(3, ore, 0, 5)
	b.Transfers.Resource[0] = third
	b.Transfers.Resource[3] = self
	hung := b.transfer(4, second, 0, 1)
	p := b.production(0, 0)
	b.consume(5, p, hung, 1)
	straight := b.transfer(2, ore, 0, 7)
	b.transfer(2, straight, 0, 9)
	res, found := compute(t, b)
	for r, want := range []int64{10, 0, 0, 0, 0, 0, 7, 7} {
		if res.Moved[r] != want {
			t.Errorf("resource %d moved %d, want %d", r, res.Moved[r], want)
		}
	}
	wants(t, "value", res.Value, 0, 0, 0, 0, 0, 0, 0, 0)
	wantsRules(t, found, "overdraw consumptions 0", "overdraw transfers 4", "overdraw transfers 6",
		"time-order transfers 0", "time-order transfers 1", "time-order transfers 2", "time-order transfers 3")
}

// Two rings of productions that share one, a consumer of its own output, and one that depends on them all.
func TestProductionCycles(t *testing.T) {
	b := newBuilder(1)
	var out []int32
	for p := range int32(6) {
		b.production(0, 0)
		b.work(1, p, 10)
		out = append(out, b.output(5, p, 0, 10, null))
	}
	by := func(p int32, made ...int32) {
		for _, q := range made {
			b.consume(5, p, out[q], 1)
		}
	}
	by(0, 2, 1) // 0 ⇄ 1 and 0 → 2 → 1 → 0
	by(1, 0)
	by(2, 1)
	by(3, 3)
	by(4, 3, 0, 5)
	res, found := compute(t, b)
	wants(t, "V", res.Total, 10, 10, 10, 10, 11, 10)
	wants(t, "value", res.Value, null, null, null, null, 11, 10)
	wants(t, "unassigned", res.Unassigned, 10, 10, 10, 10, 0, 0)
	wantsRules(t, found, "production-cycle productions 0 cycle=100>101>100", "production-cycle productions 1 cycle=100>101>100",
		"production-cycle productions 2 cycle=100>101>100", "production-cycle productions 3 cycle=103>103")
}

// A cycle that does not run through the smallest production asked about is begun at its own smallest id.
func TestCycleBeginsAtItsSmallest(t *testing.T) {
	b := newBuilder(1)
	var out []int32
	for p := range int32(4) {
		b.production(0, 0)
		out = append(out, b.output(5, p, 0, 10, null))
	}
	moved := b.transfer(5, out[2], 0, 3)
	b.consume(5, 0, out[3], 1)
	b.consume(5, 3, out[1], 1)
	b.consume(5, 1, moved, 1)
	b.consume(5, 2, out[3], 1)
	b.consume(5, 2, out[0], 1)
	_, found := compute(t, b)
	// 0 → 3 → 1 → 2 → 0; 2 steps to 0, the smaller of 0 and 3.
	text := " cycle=100>103>101>102>100"
	wantsRules(t, found, "production-cycle productions 0"+text, "production-cycle productions 1"+text,
		"production-cycle productions 2"+text, "production-cycle productions 3"+text)

	b = newBuilder(1)
	for p := range int32(4) {
		b.production(0, 0)
		out[p] = b.output(5, p, 0, 10, null)
	}
	b.consume(5, 0, out[1], 1)
	b.consume(5, 1, out[2], 1)
	b.consume(5, 2, out[3], 1)
	b.consume(5, 2, out[1], 1)
	b.consume(5, 3, out[0], 1)
	_, found = compute(t, b)
	// All are in one component, but from each the way runs into 1 ⇄ 2.
	text = " cycle=101>102>101"
	wantsRules(t, found, "production-cycle productions 0"+text, "production-cycle productions 1"+text,
		"production-cycle productions 2"+text, "production-cycle productions 3"+text)
}

// A cycle waits for all that any of its productions consumed, and what depends on it waits for it.
func TestCyclesWaitForTheirInputs(t *testing.T) {
	b := newBuilder(1)
	var out []int32
	for p := range int32(6) {
		b.production(0, 0)
		b.work(1, p, 10)
		out = append(out, b.output(5, p, 0, 1, null))
	}
	for _, edge := range [][2]int32{{0, 1}, {1, 0}, {1, 5}, {5, 4}, {4, 3}} { // 0 ⇄ 1 and 3 → 4 → 5 → 1
		b.consume(5, edge[0], out[edge[1]], 1)
	}
	res, _ := compute(t, b)
	wants(t, "V", res.Total, 10, 40, 10, 10, 20, 30)
}

// A draw of nothing closes no cycle; neither does one after the output.
func TestNoCycleWithoutAmount(t *testing.T) {
	b := newBuilder(1)
	p, q := b.production(0, 0), b.production(0, 0)
	b.work(1, p, 4)
	x, y := b.output(5, p, 0, 1, null), b.output(5, q, 0, 1, null)
	b.consume(5, q, x, 1)
	b.dispatch(5, 0, y, 1)
	b.consume(6, p, y, 1)
	b.Dispatches.Time[0] = 5
	b.consume(5, p, y, 1)
	b.Consumptions.Time[2] = 4 // before the output
	res, found := compute(t, b)
	wants(t, "V", res.Total, 4, 4)
	wantsRules(t, found, "after-output consumptions 1", "not-c2i dispatches 0", "overdraw consumptions 1", "time-order consumptions 2")
}

// A million productions, each of what the one before made: as many levels, no recursion.
func TestMillionDeepChain(t *testing.T) {
	const n = 1_000_000
	b := newBuilder(1)
	last := b.collectivize(0, 0, 0, 1)
	for p := range int32(n) {
		b.production(0, 0)
		b.consume(1, p, last, 1)
		b.work(1, p, 1)
		last = b.transfer(1, b.output(1, p, 0, 1, null), 0, 1)
	}
	l := b.ledger()
	res, found, err := Compute(context.Background(), l, Ends(l, 2), nil, 2)
	if err != nil || len(found) != 0 {
		t.Fatal(err, len(found))
	}
	if res.Total[n-1] != kernels.I128(n) || res.RemainingValue[last] != kernels.I128(n) {
		t.Fatal(res.Total[n-1], res.RemainingValue[last])
	}
	// Closed to one ring by the last one feeding the first.
	l.Consumptions.Resource[0] = last
	_, found, err = Compute(context.Background(), l, Ends(l, 2), nil, 2)
	if err != nil || len(found) != n || found[7].Extra != found[n-1].Extra {
		t.Fatal(err, len(found))
	}
}

// Draws at few times, recorded against their order: who comes too late goes by time, then id.
func TestTiesAmongManyDraws(t *testing.T) {
	const n, enough = 3000, 1234
	b := newBuilder(1)
	p := b.production(0, 0)
	ore := b.collectivize(0, 0, 0, enough)
	for i := range n {
		b.consume(int64(9-i*10/n), p, ore, 1)
	}
	_, found := compute(t, b)
	var want []string
	for i := range n {
		time := 9 - i*10/n // n/10 draws at each of ten times, the last rows first
		if place := time*(n/10) + i%(n/10); place >= enough {
			want = append(want, fmt.Sprintf("overdraw consumptions %d", i))
		}
	}
	wantsRules(t, found, want...)
}

// A resource moved on half a million times, and as many draws of one resource against the order of their times.
func TestLongTransfersAndManyDraws(t *testing.T) {
	const n = 500_000
	b := newBuilder(1)
	p := b.production(0, 0)
	b.work(1, p, 3*n)
	bread := b.output(1, p, 0, 3*n, null)
	at := bread
	for range n {
		at = b.transfer(1, at, 0, n)
	}
	for i := range n {
		b.consume(int64(2+n-i), b.production(0, 0), bread, 1)
	}
	l := b.ledger()
	res, _, err := Compute(context.Background(), l, Ends(l, 2), nil, 2)
	if err != nil || res.Value[at] != kernels.I128(n) || res.RemainingValue[bread] != kernels.I128(n) {
		t.Fatal(err, res.Value[at], res.RemainingValue[bread])
	}
}
