package production

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

const null = ledger.NullInt

func compute(t *testing.T, b *builder) (*Result, []string) {
	t.Helper()
	l := b.ledger()
	var first *Result
	var found []ledger.Violation
	for _, threads := range []int{1, 2, 3, 7} {
		res, v, err := Compute(context.Background(), l, Ends(l, threads), b.theta, threads)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first, found = res, v
		}
		if !reflect.DeepEqual(res, first) || !reflect.DeepEqual(v, found) {
			t.Fatalf("%d threads give another result than 1", threads)
		}
	}
	var texts []string
	for _, v := range found {
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", v.Rule, ledger.Schema[v.Table].Name, v.Row, v.Extra)))
	}
	return first, texts
}

func wants(t *testing.T, what string, got []kernels.Int128, want ...int64) {
	t.Helper()
	text := make([]string, len(want))
	for i, w := range want {
		text[i] = kernels.I128(w).String()
		if w == null {
			text[i] = kernels.NullInt128.String()
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(text) {
		t.Errorf("%s: %v, want %v", what, got, text)
	}
}

func wantsRules(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("violations\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// 100 min of labour and 7 of a machine over 1000 units; a second cycle consumes 300, then 50 of what was moved on.
func TestValuesFlow(t *testing.T) {
	b := newBuilder(2)
	p, q := b.production(0, 0), b.production(0, 0)
	m := b.mop(0, 0, 0, -1, null)
	b.work(1, p, 60)
	b.work(2, p, 40)
	b.allocate(1, p, m, 0, kernels.I128(7))
	bread := b.output(3, p, 0, 1000, null)
	moved := b.transfer(5, bread, 1, 100)
	back := b.transfer(6, moved, 0, 50)
	b.consume(4, q, bread, 300)
	b.consume(7, q, back, 50)
	b.work(7, q, 1)
	b.output(8, q, 0, 1, 49)
	res, found := compute(t, b)
	// Bread of 107: the first 300 units carry ⌊107·300/1000⌋ = 32, the next 100 carry ⌊42.8⌋ − 32 = 10, of which half.
	wants(t, "V", res.Total, 107, 38)
	wants(t, "workloads", res.Workloads, 100, 1)
	wants(t, "consumed", res.Consumed, 0, 37)
	wants(t, "transferred", res.Transferred, 7, 0)
	wants(t, "declared", res.Declared, null, 49)
	wants(t, "difference", res.Difference, null, 11)
	wants(t, "unassigned", res.Unassigned, 0, 0)
	wants(t, "value", res.Value, 107, 10, 5, 38)
	wants(t, "remaining", res.RemainingValue, 65, 5, 0, 38)
	if fmt.Sprint(res.Moved, res.RemainingAmount, res.End) != "[1000 100 50 1] [600 50 0 1] [3 8]" {
		t.Error(res.Moved, res.RemainingAmount, res.End)
	}
	wantsRules(t, found, "output-value outputs 1")
}

// All kinds of draws at one time take by rank, then id; the last ones find less than they ask for.
func TestDrawsInOrderAreClipped(t *testing.T) {
	b := newBuilder(1)
	p := b.production(0, 0)
	b.work(1, p, 100)
	bread := b.output(1, p, 0, 10, null)
	q := b.production(0, 0)
	m := b.mop(5, 0, 0, bread, 4)
	w := b.writeOff(5, 0, bread, -1, 2)
	b.dispatch(5, 0, bread, 1)
	b.transfer(5, bread, 0, 3)
	b.consume(5, q, bread, 2)
	b.consume(4, q, bread, 1)
	last := b.writeOff(6, 0, bread, -1, null)
	late := b.writeOff(7, 0, bread, -1, 1)
	both := b.writeOff(2, 0, bread, m, 9)
	neither := b.writeOff(2, 0, -1, -1, 9)
	res, found := compute(t, b)
	wants(t, "consumed", res.Consumed, 0, 30)
	wants(t, "moved value", res.Value, 100, 30)
	wants(t, "write-offs", res.WriteOffShare, 20, 0, 0, 0, 0)
	wants(t, "MoP", res.MoPDrawn, 10)
	if w != 0 || last != 1 || late != 2 || both != 3 || neither != 4 || res.RemainingAmount[0] != 0 {
		t.Error(res.RemainingAmount)
	}
	wantsRules(t, found, "not-c2i dispatches 0", "overdraw mops 0", "overdraw write_offs 2")
}

func TestTimeOrderAndAfterOutput(t *testing.T) {
	b := newBuilder(1)
	p, q := b.production(0, 0), b.production(0, 0)
	b.work(10, p, 30)
	b.work(11, p, 5)
	b.output(10, p, 0, 3, null)
	later := b.output(12, p, 0, 3, null)
	m := b.mop(0, 0, 0, -1, null)
	b.allocate(11, p, m, 0, kernels.I128(9))
	b.allocate(10, p, m, 0, kernels.I128(0))
	early := b.transfer(11, later, 0, 2) // before its resource: moves nothing, and is no overdraw
	b.consume(20, q, early, 1)
	b.consume(12, q, later, 1)
	b.consume(9, q, later, null)
	b.output(12, q, 1, 1, null)
	b.consume(30, q, later, 1)
	res, found := compute(t, b)
	wants(t, "V", res.Total, 30, 5)
	wants(t, "value", res.Value, 15, 15, 0, 5)
	wants(t, "remaining", res.RemainingValue, 15, 5, 0, 5)
	if fmt.Sprint(res.Moved, res.RemainingAmount) != "[3 3 0 1] [3 1 0 1]" {
		t.Error(res.Moved, res.RemainingAmount)
	}
	wantsRules(t, found, "after-output workloads 1", "after-output consumptions 0", "after-output consumptions 3", "after-output mop_allocations 0",
		"output-time outputs 1", "overdraw consumptions 0", "time-order consumptions 2", "time-order transfers 0")
}

// Outputs share by declared value, a null weighing 0; by amount when nothing positive is declared; else not at all.
func TestSharing(t *testing.T) {
	b := newBuilder(1)
	p := b.production(0, 0)
	b.work(1, p, 10)
	b.output(2, p, 0, 1, 1)
	b.output(2, p, 1, 1, null)
	b.output(1, p, 1, 1, 2)
	q := b.production(0, 0)
	b.work(1, q, 10)
	b.output(1, q, 0, 2, 0)
	b.output(1, q, 0, 1, 0)
	s := b.production(0, 0)
	b.work(1, s, 10)
	lost := b.output(1, s, 0, 2, 0)
	b.output(1, s, 1, 1, null)
	b.output(1, s, 1, 1, null)
	on := b.transfer(2, lost, 0, 2)
	empty := b.transfer(3, lost, 0, 1)
	w := b.writeOff(4, 0, on, -1, 1)
	u := b.production(0, 0)
	b.work(1, u, 3)
	b.consume(4, u, on, 1)
	res, found := compute(t, b)
	// In the order of time the declared 2 comes first: 10·2/3 = 6, then 10 − 6, then nothing for the null.
	wants(t, "value", res.Value, 4, 0, 6, 6, 4, null, null, null, null, null)
	wants(t, "remaining", res.RemainingValue, 4, 0, 6, 6, 4, null, null, null, null, null)
	wants(t, "V", res.Total, 10, 10, 10, 3)
	wants(t, "declared", res.Declared, 3, 0, 0, null)
	wants(t, "difference", res.Difference, null, -10, null, null)
	wants(t, "unassigned", res.Unassigned, 0, 0, 10, 3)
	wants(t, "write-off", res.WriteOffShare, 0)
	if w != 0 || res.Moved[empty] != 0 || res.RemainingAmount[on] != 0 {
		t.Error(res.Moved, res.RemainingAmount)
	}
	wantsRules(t, found, "output-time outputs 0", "output-time outputs 1", "output-value outputs 3", "output-value outputs 4",
		"output-value outputs 5", "output-value outputs 6", "output-value outputs 7", "overdraw transfers 1")
}

func TestLabelsAndOwners(t *testing.T) {
	b := newBuilder(2)
	p, q := b.production(0, 1), b.production(1, 0)
	mine, theirs := b.mop(0, 0, 0, -1, null), b.mop(0, 0, 1, -1, null)
	b.allocate(0, p, mine, 0, kernels.Int128{})
	b.allocate(0, p, mine, 1, kernels.Int128{})
	b.allocate(0, p, theirs, 0, kernels.Int128{})
	b.allocate(0, q, mine, 0, kernels.Int128{})
	b.MoPAllocations.Common[1] = 0
	ore, park := b.collectivize(0, 0, 0, 9), b.collectivize(0, 1, 1, 9)
	b.consume(1, p, ore, 1)  // exclusive resource
	b.consume(1, p, park, 1) // of another collective
	b.consume(1, q, park, 1) // common resource
	b.consume(1, q, park, 1)
	b.Consumptions.Common[3] = 1
	b.work(1, p, 1)
	b.work(1, q, 1)
	b.Workloads.Common[0], b.Workloads.Collective[1] = 0, 0
	b.output(2, p, 1, 1, null)
	b.Outputs.Common[0] = 0
	b.transfer(1, ore, 1, 1)
	b.transfer(1, park, 1, 1)
	b.Transfers.From = []int32{0, 0}
	b.dispatch(1, 2, ore, 1)
	b.dispatch(1, 0, ore, 1)
	b.writeOff(1, 1, ore, -1, 1)
	b.writeOff(1, 1, ore, mine, 1)
	b.mop(1, 1, 0, ore, 1)
	b.Appropriations = ledger.Appropriations{N: 2, Time: []int64{1, 1}, Wallet: []int32{0, 0}, Collective: []int32{2, 1}, Value: []int64{1, 1}}
	_, found := compute(t, b)
	wantsRules(t, found, "collective-mismatch workloads 1",
		"not-c2i dispatches 1", "not-c2i appropriations 1",
		"not-owner mops 2", "not-owner consumptions 1", "not-owner transfers 1", "not-owner dispatches 0", "not-owner write_offs 0",
		"separation workloads 0", "separation consumptions 0", "separation consumptions 2", "separation consumptions 3",
		"separation mop_allocations 0", "separation mop_allocations 1", "separation outputs 0")
}

func TestThetaTooLarge(t *testing.T) {
	b := newBuilder(1)
	p, m := b.production(0, 0), b.mop(0, 0, 0, -1, null)
	b.allocate(0, p, m, 0, kernels.Int128{Hi: 1<<31 - 1})
	b.allocate(0, p, m, 0, kernels.Int128{Hi: 1 << 31})
	l := b.ledger()
	_, _, err := Compute(context.Background(), l, Ends(l, 1), b.theta, 1)
	if err == nil || !strings.Contains(err.Error(), "mop_allocations 501") {
		t.Fatal(err)
	}
}

func TestCancelled(t *testing.T) {
	b := newBuilder(1)
	b.work(1, b.production(0, 0), 1)
	l := b.ledger()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Compute(ctx, l, Ends(l, 1), nil, 2); err != context.Canceled {
		t.Fatal(err)
	}
}
