package composition

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

const (
	minute = 60_000_000 // µs
	open   = ledger.NullInt
)

// plant adds rows to a ledger by hand.
type plant struct {
	*ledger.Ledger
	productionEnd []int64
}

// newPlant has one element worth 1000 µmin that lasts 100 minutes, another without durability, and collectives 0 … 3.
func newPlant(after, until int64) *plant {
	p := newProduct(2)
	p.value[0], p.durability[0] = 1000, 100
	p.value[1] = 500
	l := &plant{Ledger: p.ledger()}
	l.After, l.Until = after, until
	l.Collectives.N = 4
	return l
}

func (l *plant) mop(element, collective int32, commissioned int64) int32 {
	m := &l.MoPs
	m.Element, m.Collective, m.Commissioned = append(m.Element, element), append(m.Collective, collective), append(m.Commissioned, commissioned)
	m.Common, m.Resource, m.Amount = append(m.Common, 0), append(m.Resource, -1), append(m.Amount, open)
	m.N++
	return int32(m.N - 1)
}

func (l *plant) production(collective int32, end int64) int32 {
	l.Productions.Collective = append(l.Productions.Collective, collective)
	l.productionEnd = append(l.productionEnd, end)
	l.Productions.N++
	return int32(l.Productions.N - 1)
}

func (l *plant) allocate(production, mop int32, start, end int64) {
	a := &l.MoPAllocations
	a.Production, a.MoP, a.Start, a.End = append(a.Production, production), append(a.MoP, mop), append(a.Start, start), append(a.End, end)
	a.Common, a.Repurposed = append(a.Common, 0), append(a.Repurposed, 0)
	a.N++
}

func (l *plant) transfer(mop int32, time int64, from, to int32) {
	x := &l.MoPTransfers
	x.MoP, x.Time, x.From, x.To = append(x.MoP, mop), append(x.Time, time), append(x.From, from), append(x.To, to)
	x.N++
}

func (l *plant) writeOff(mop, resource int32, time int64, collective int32) {
	x := &l.WriteOffs
	x.MoP, x.Resource, x.Time, x.Collective = append(x.MoP, mop), append(x.Resource, resource), append(x.Time, time), append(x.Collective, collective)
	x.Amount, x.Value = append(x.Amount, open), append(x.Value, open)
	x.N++
}

func (l *plant) use(t *testing.T, threads int) (*Usage, []ledger.Violation) {
	t.Helper()
	v, _ := compute(t, l.Ledger, threads)
	u, bad, err := Use(t.Context(), l.Ledger, v, l.productionEnd, threads)
	if err != nil {
		t.Fatal(err)
	}
	return u, bad
}

func lines(bad []ledger.Violation) []string {
	var out []string
	for _, b := range bad {
		out = append(out, fmt.Sprintf("%s %s %d", b.Rule, ledger.Schema[b.Table].Name, b.Row))
	}
	return out
}

func wantLines(t *testing.T, bad []ledger.Violation, want ...string) {
	t.Helper()
	if got := lines(bad); !slices.Equal(got, want) {
		t.Errorf("violations\n%q, want\n%q", got, want)
	}
}

func ints(values []kernels.Int128) []int64 {
	var out []int64
	for _, v := range values {
		out = append(out, v.Int64())
	}
	return out
}

func wantInts(t *testing.T, what string, got []kernels.Int128, want ...int64) {
	t.Helper()
	if !slices.Equal(ints(got), want) {
		t.Errorf("%s = %v, want %v", what, ints(got), want)
	}
}

// A MoP of 1000 µmin over 100 minutes gives 10 µmin a minute.
func TestUseEndsAtTheEarliest(t *testing.T) {
	l := newPlant(20*minute, 60*minute)
	m := l.mop(0, 0, 0)
	ends := l.production(0, 15*minute)
	runs := l.production(0, open)
	l.allocate(ends, m, 10*minute, open)          // to the production's end: 5 minutes
	l.allocate(runs, m, 15*minute, 25*minute)     // its own end: 10, 5 of them in the period
	l.allocate(runs, m, 30*minute, 30*minute)     // ends when it begins
	l.allocate(ends, m, 30*minute, 35*minute)     // begins after its production's end
	l.allocate(runs, m, 40*minute+1, 50*minute-1) // ages are floored: from 40 to 49
	l.allocate(runs, m, 55*minute, open)          // to k2: 5
	u, bad := l.use(t, 1)
	wantLines(t, bad)
	wantInts(t, "θ", u.Theta, 50, 100, 0, 0, 90, 50)
	wantInts(t, "θ of the period", u.ThetaPeriod, 0, 50, 0, 0, 90, 50)
	wantInts(t, "transferred", u.Transferred, 600)
	wantInts(t, "remaining", u.Remaining, 400)
}

func TestUseOverlap(t *testing.T) {
	l := newPlant(0, 100*minute)
	m := l.mop(0, 0, 0)
	p := l.production(0, open)
	l.allocate(p, m, 20*minute, 30*minute) // row 0, third by start: 25 … 30
	l.allocate(p, m, 10*minute, 25*minute) // row 1, first by (start, id): 10 … 25
	l.allocate(p, m, 10*minute, 20*minute) // row 2, second: nothing left
	l.allocate(p, m, 12*minute, 12*minute) // row 3: asks for nothing, so no overlap
	l.allocate(p, m, 30*minute, 40*minute) // row 4: begins where row 0 ends
	u, bad := l.use(t, 1)
	wantLines(t, bad, "mop-overlap mop_allocations 0", "mop-overlap mop_allocations 2")
	wantInts(t, "θ", u.Theta, 50, 150, 0, 0, 100)
}

func TestUseWriteOffs(t *testing.T) {
	l := newPlant(0, 300*minute)
	m, old := l.mop(0, 0, 0), l.mop(0, 0, 0)
	l.mop(0, 0, 500*minute) // commissioned after k2
	p := l.production(0, open)
	l.allocate(p, m, 30*minute, open)
	l.allocate(p, m, 45*minute, open) // after the write-off
	l.writeOff(m, -1, 50*minute, 0)   // 0: the second
	l.writeOff(m, -1, 40*minute, 0)   // 1: the first
	l.writeOff(m, 7, 10*minute, 3)    // 2: names both, left out
	l.writeOff(-1, -1, 10*minute, 3)  // 3: names none
	l.writeOff(old, -1, 250*minute, 1)
	l.writeOff(old, -1, 250*minute, 0) // 5: equal time, later id
	u, bad := l.use(t, 1)
	wantLines(t, bad, "not-owner write_offs 4")
	wantInts(t, "θ", u.Theta, 100, 0)
	wantInts(t, "transferred", u.Transferred, 400, 1000, 0)
	wantInts(t, "remaining", u.Remaining, 0, 0, 1000)
	wantInts(t, "remaining at", u.RemainingAt, 0, 600, 0, 0, 0, 0)
	wantInts(t, "over at", u.OverAt, 0, 0, 0, 0, 1000, 0) // 1500 capped at v*
	if want := []int32{1, 4, -1}; !slices.Equal(u.WriteOff, want) {
		t.Errorf("first write-offs %v, want %v", u.WriteOff, want)
	}
	if !slices.Equal(u.First, []bool{false, true, false, false, true, false}) || !slices.Equal(u.Double, []bool{true, false, false, false, false, true}) {
		t.Errorf("first %v, double %v", u.First, u.Double)
	}
}

func TestUseWithoutDurability(t *testing.T) {
	l := newPlant(0, 100*minute)
	m := l.mop(1, 0, 0)
	p := l.production(0, open)
	l.allocate(p, m, 10*minute, 20*minute)
	l.allocate(p, m, 15*minute, 30*minute)
	l.writeOff(m, -1, 25*minute, 0)
	u, bad := l.use(t, 1)
	wantLines(t, bad, "no-durability write_offs 0", "no-durability mop_allocations 0", "mop-overlap mop_allocations 1", "no-durability mop_allocations 1")
	wantInts(t, "θ", u.Theta, 0, 0)
	wantInts(t, "transferred and remaining", append(u.Transferred, u.Remaining...), 0, 0)
	if u.Profiles[0] != nil || !u.RemainingAt[0].IsNull() {
		t.Errorf("profile %v, remaining at %v", u.Profiles[0], u.RemainingAt[0])
	}
}

func TestOwners(t *testing.T) {
	l := newPlant(0, 100*minute)
	m := l.mop(0, 0, 0)
	l.transfer(m, 30, 1, 2) // 0: from the receiver of row 1
	l.transfer(m, 20, 0, 1) // 1
	l.transfer(m, 30, 1, 3) // 2: equal time, later id: the owner is 2 by then
	p := l.production(1, open)
	for _, start := range []int64{19, 20, 29, 30} {
		l.allocate(p, m, start, start)
	}
	l.writeOff(m, -1, 25, 1)
	u, bad := l.use(t, 1)
	wantLines(t, bad, "not-owner mop_transfers 2", "not-owner mop_allocations 0", "not-owner mop_allocations 3")
	for time, want := range map[int64]int32{-5: 0, 19: 0, 20: 1, 29: 1, 30: 3, 90: 3} {
		if got := u.Owners.At(m, time); got != want {
			t.Errorf("owner at %d is %d, want %d", time, got, want)
		}
	}
	if u.OwnerAtEnd[m] != 3 {
		t.Errorf("owner at the end is %d", u.OwnerAtEnd[m])
	}
}

func TestOrigins(t *testing.T) {
	l := newPlant(0, 0)
	for range 4 {
		l.mop(0, 0, 0)
	}
	l.mop(1, 0, 0)
	l.MoPs.Resource = []int32{-1, 5, 6, 7, 8}
	v, _ := compute(t, l.Ledger, 1)
	v.Aggregate[1] = kernels.NullInt128
	drawn := []kernels.Int128{kernels.I128(1000), kernels.I128(1000), kernels.I128(999), {}, {}}
	wantLines(t, Origins(l.Ledger, v, drawn), "mop-origin mops 0", "mop-origin mops 2", "mop-origin mops 3", "mop-origin mops 4")
}

// Random plants: every allocation by the book, and the same for any number of threads.
func TestUseAgainstTheBook(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for range 150 {
		l := randomPlant(r)
		u, bad := l.use(t, 1)
		for m := range int32(l.MoPs.N) {
			l.checkByTheBook(t, u, m)
		}
		for _, threads := range []int{2, 3, 7} {
			other, otherBad := l.use(t, threads)
			other.Owners = u.Owners
			if !reflect.DeepEqual(other, u) || !slices.Equal(otherBad, bad) {
				t.Fatalf("%d threads give another result", threads)
			}
		}
	}
}

func randomPlant(r *rand.Rand) *plant {
	l := newPlant(40*minute, 100*minute)
	at := func() int64 { return r.Int64N(100*minute) + 1 }
	for range 1 + r.IntN(6) {
		l.mop(int32(r.IntN(8)/7), int32(r.IntN(4)), r.Int64N(120*minute)-20*minute)
	}
	for range 1 + r.IntN(6) {
		end := int64(open)
		if r.IntN(2) == 0 {
			end = at()
		}
		l.production(int32(r.IntN(4)), end)
	}
	for range r.IntN(40) {
		end := int64(open)
		start := at() / minute * minute
		if r.IntN(3) > 0 {
			end = start + r.Int64N(30*minute) - 2*minute
		}
		l.allocate(int32(r.IntN(l.Productions.N)), int32(r.IntN(l.MoPs.N)), start, end)
	}
	for range r.IntN(6) {
		l.transfer(int32(r.IntN(l.MoPs.N)), at(), int32(r.IntN(4)), int32(r.IntN(4)))
	}
	for range r.IntN(4) {
		l.writeOff(int32(r.IntN(l.MoPs.N)), -1, at(), int32(r.IntN(4)))
	}
	return l
}

// checkByTheBook follows DECISIONS.md §2 for one MoP, minute by minute where the formula would do.
func (l *plant) checkByTheBook(t *testing.T, u *Usage, m int32) {
	t.Helper()
	a := &l.MoPAllocations
	done := make([]bool, a.N)
	busy, begun := int64(0), false
	for {
		row := -1
		for i := range a.N {
			if a.MoP[i] == m && !done[i] && (row < 0 || a.Start[i] < a.Start[row]) {
				row = i
			}
		}
		if row < 0 {
			return
		}
		done[row] = true
		start, end := a.Start[row], l.Until
		for _, e := range []int64{a.End[row], l.productionEnd[a.Production[row]]} {
			if e != open {
				end = min(end, e)
			}
		}
		for i := range l.WriteOffs.N {
			if l.WriteOffs.MoP[i] == m {
				end = min(end, l.WriteOffs.Time[i])
			}
		}
		if begun && start < busy {
			start = busy
		}
		if end > start {
			busy, begun = end, true
		}
		wantTheta, wantPeriod := l.minutes(m, start, end), l.minutes(m, max(start, l.After), end)
		if u.Theta[row] != kernels.I128(wantTheta) || u.ThetaPeriod[row] != kernels.I128(wantPeriod) {
			t.Fatalf("allocation %d: θ %v and %v, want %d and %d", row, u.Theta[row], u.ThetaPeriod[row], wantTheta, wantPeriod)
		}
	}
}

// minutes counts 10 µmin for each whole minute of age under 100 that is completed between two times.
func (l *plant) minutes(m int32, from, to int64) int64 {
	if l.MoPs.Element[m] == 1 {
		return 0
	}
	sum := int64(0)
	for k := int64(1); k <= 100; k++ {
		if done := l.MoPs.Commissioned[m] + k*minute; done > from && done <= to {
			sum += 10
		}
	}
	return sum
}
