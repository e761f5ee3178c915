package coupon

import (
	"math/big"
	"math/rand/v2"
	"sort"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

func bigText(s string) *big.Int {
	v, _ := new(big.Int).SetString(s, 10)
	return v
}

// randomLedger draws a small ledger: subsystems that change, revisions that overlap, claims and appropriations at equal
// times.
func randomLedger(r *rand.Rand) *builder {
	components := func() []int32 {
		name := make([]int32, 5)
		for c := range name {
			name[c] = int32(c)
			if k := r.IntN(c + 1); r.IntN(2) == 0 {
				name[c] = name[k]
			}
		}
		return name
	}
	b := newBuilder(4, components()...)
	early := components()
	b.in.ComponentsAt = func(t int64) []int32 {
		if t <= 70 {
			return early
		}
		return b.in.Subsystem
	}
	b.in.Floor = r.IntN(2) == 0
	time := func() int64 { return 5 + 10*r.Int64N(20) }
	wallet := func() int32 { return r.Int32N(4) }
	for range r.IntN(25) {
		minutes := r.Int64N(30)
		if r.IntN(10) == 0 {
			minutes = r.Int64N(1 << 61)
		}
		b.work(time(), r.Int32N(5), wallet(), minutes)
	}
	for range r.IntN(6) {
		after := 30 * r.Int64N(5)
		b.revise(after, after+30*r.Int64N(4), r.Int32N(5), r.Int64N(9)-4, r.Int64N(5))
	}
	for range r.IntN(20) * min(b.Workloads.N, 1) * min(b.Revisions.N, 1) {
		w := r.Int32N(int32(b.Workloads.N))
		owner := b.Workloads.Wallet[w]
		if r.IntN(8) == 0 {
			owner = wallet()
		}
		b.claim(time(), owner, w, r.Int32N(int32(b.Revisions.N)))
	}
	for range r.IntN(10) {
		b.spend(time(), wallet(), r.Int32N(5), r.Int64N(30))
	}
	if r.IntN(2) == 0 { // as an export in the order of time
		sort.Slice(b.Workloads.Time, func(i, j int) bool { return b.Workloads.Time[i] < b.Workloads.Time[j] })
		sort.Slice(b.Appropriations.Time, func(i, j int) bool { return b.Appropriations.Time[i] < b.Appropriations.Time[j] })
	}
	numerators := make([]int64, len(b.in.Subsystems))
	b.tax(numerators...)
	for k := range numerators {
		numerators[k] = min(r.Int64N(60)-20, b.in.A[k].Int64())
	}
	b.tax(numerators...)
	return b
}

// slow is what the model's sentences give, in big integers.
type slow struct {
	b        *builder
	valid    []bool
	coupons  map[int]*big.Int   // of the period
	recorded []map[int]*big.Int // per revision: its workloads
	claims   []bool
}

// rows gives the workloads of some collectives in a segment, in canonical order.
func (s *slow) rows(after, until int64, in func(c int32) bool) []int {
	var rows []int
	for i, t := range s.b.Workloads.Time {
		if after < t && t <= until && in(s.b.Workloads.Collective[i]) {
			rows = append(rows, i)
		}
	}
	sort.SliceStable(rows, func(i, j int) bool { return s.b.Workloads.Time[rows[i]] < s.b.Workloads.Time[rows[j]] })
	return rows
}

// give rounds coupons of value v over the rows, or of (m − n)/m each.
func (s *slow) give(rows []int, v, n, m *big.Int) map[int]*big.Int {
	out := map[int]*big.Int{}
	whole, upto, done := new(big.Int), new(big.Int), new(big.Int)
	for _, i := range rows {
		whole.Add(whole, big.NewInt(s.b.Workloads.Minutes[i]))
	}
	for _, i := range rows {
		labour := big.NewInt(s.b.Workloads.Minutes[i])
		if s.b.in.Floor {
			rest := new(big.Int).Sub(m, n)
			out[i] = rest.Mul(rest, labour).Div(rest, m)
			continue
		}
		out[i] = new(big.Int)
		if whole.Sign() > 0 {
			upto.Add(upto, labour)
			next := new(big.Int).Mul(v, upto)
			next.Div(next, whole)
			out[i].Sub(next, done)
			done = next
		}
	}
	return out
}

func newSlow(b *builder) *slow {
	s := &slow{b: b, valid: make([]bool, b.Revisions.N), coupons: map[int]*big.Int{}, recorded: make([]map[int]*big.Int, b.Revisions.N), claims: make([]bool, b.CouponClaims.N)}
	for k, name := range b.in.Subsystems {
		if b.in.A[k].Sign() == 0 {
			continue
		}
		rows := s.rows(b.After, b.Until, func(c int32) bool { return b.in.Subsystem[c] == name })
		for i, c := range s.give(rows, b.in.A[k].Sub(b.in.Numerator[k]).Big(), b.in.TaxNum[k].Big(), b.in.TaxDen[k].Big()) {
			s.coupons[i] = c
		}
	}
	s.judge()
	for rev := range s.recorded {
		if s.valid[rev] {
			s.record(rev)
		}
	}
	s.judgeClaims()
	return s
}

func (s *slow) inComponent(rev int, c int32) bool {
	names := s.b.in.ComponentsAt(s.b.Revisions.Until[rev])
	return names[c] == names[s.b.Revisions.Subsystem[rev]]
}

func (s *slow) judge() {
	rv := &s.b.Revisions
	var order []int
	for rev := range rv.N {
		order = append(order, rev)
	}
	sort.SliceStable(order, func(i, j int) bool { return rv.Until[order[i]] < rv.Until[order[j]] })
	for i, rev := range order {
		n, m := rv.Num[rev].Big(), rv.Den[rev].Big()
		ok := rv.After[rev] < rv.Until[rev] && m.Sign() > 0 && n.CmpAbs(m) <= 0
		for _, earlier := range order[:i] {
			if s.valid[earlier] && max(rv.After[rev], rv.After[earlier]) < min(rv.Until[rev], rv.Until[earlier]) {
				for c := range int32(5) {
					ok = ok && !(s.inComponent(rev, c) && s.inComponent(earlier, c))
				}
			}
		}
		s.valid[rev] = ok
	}
}

func (s *slow) record(rev int) {
	rv := &s.b.Revisions
	rows := s.rows(rv.After[rev], rv.Until[rev], func(c int32) bool { return s.inComponent(rev, c) })
	a, n, m := new(big.Int), rv.Num[rev].Big(), rv.Den[rev].Big()
	for _, i := range rows {
		a.Add(a, big.NewInt(s.b.Workloads.Minutes[i]))
	}
	v := new(big.Int).Sub(m, n)
	s.recorded[rev] = s.give(rows, v.Mul(v, a).Div(v, m), n, m)
}

func (s *slow) judgeClaims() {
	cl := &s.b.CouponClaims
	var order []int
	for i := range cl.N {
		order = append(order, i)
	}
	sort.SliceStable(order, func(i, j int) bool { return cl.Time[order[i]] < cl.Time[order[j]] })
	taken := map[[2]int32]bool{}
	for _, i := range order {
		pair := [2]int32{cl.Workload[i], cl.Revision[i]}
		_, given := s.recorded[cl.Revision[i]][int(cl.Workload[i])]
		s.claims[i] = given && cl.Wallet[i] == s.b.Workloads.Wallet[cl.Workload[i]] && !taken[pair]
		taken[pair] = taken[pair] || s.claims[i]
	}
}

// balance gives what is claimed and spent by a wallet in a subsystem, and which appropriations overspend.
func (s *slow) balance(wallet, name int32, over map[int]bool) (claimed, spent *big.Int) {
	type event struct {
		time int64
		rank int
		row  int
	}
	cl, ap := &s.b.CouponClaims, &s.b.Appropriations
	var events []event
	for i, ok := range s.claims {
		if ok && cl.Wallet[i] == wallet && s.b.in.Subsystem[s.b.Workloads.Collective[cl.Workload[i]]] == name {
			events = append(events, event{cl.Time[i], 0, i})
		}
	}
	for i, w := range ap.Wallet {
		if w == wallet && s.b.in.Subsystem[ap.Collective[i]] == name {
			events = append(events, event{ap.Time[i], 1, i})
		}
	}
	sort.SliceStable(events, func(i, j int) bool {
		return events[i].time < events[j].time || events[i].time == events[j].time && events[i].rank < events[j].rank
	})
	claimed, spent = new(big.Int), new(big.Int)
	for _, e := range events {
		if e.rank == 0 {
			claimed.Add(claimed, s.recorded[cl.Revision[e.row]][int(cl.Workload[e.row])])
			continue
		}
		spent.Add(spent, big.NewInt(ap.Value[e.row]))
		over[e.row] = claimed.Cmp(spent) < 0
	}
	return claimed, spent
}

func TestAgainstTheModelInBigIntegers(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for seed := range uint64(rounds) {
		b := randomLedger(rand.New(rand.NewPCG(seed, 7)))
		res, _ := compute(t, b)
		s := newSlow(b)
		compareCoupons(t, s, res)
		compareWallets(t, s, res)
		compareViolations(t, s, res)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func same(t *testing.T, what string, at any, got kernels.Int128, want *big.Int) {
	t.Helper()
	if got.Big().Cmp(want) != 0 {
		t.Errorf("%s %v: %v, want %v", what, at, got, want)
	}
}

func compareCoupons(t *testing.T, s *slow, res *Result) {
	if len(res.Coupon) != len(s.coupons) {
		t.Fatalf("%d coupons, want %d", len(res.Coupon), len(s.coupons))
	}
	left := make([]*big.Int, len(s.b.in.Subsystems))
	place := map[int32]int{}
	for k, name := range s.b.in.Subsystems {
		place[name] = k
		left[k] = new(big.Int)
		if s.b.in.A[k].Sign() > 0 {
			left[k] = s.b.in.A[k].Sub(s.b.in.Numerator[k]).Big()
		}
	}
	for i, c := range res.Coupon {
		row := int(res.WorkloadRow(i))
		if i > 0 && row <= int(res.WorkloadRow(i-1)) || s.coupons[row] == nil {
			t.Fatalf("coupon %d is of row %d", i, row)
		}
		same(t, "coupon of workload", row, kernels.I128(c), s.coupons[row])
		k := place[s.b.in.Subsystem[s.b.Workloads.Collective[row]]]
		left[k].Sub(left[k], big.NewInt(c))
	}
	for k := range left {
		same(t, "residue of subsystem", k, res.Residue[k], left[k])
		if !s.b.in.Floor && left[k].Sign() != 0 {
			t.Errorf("coupons of subsystem %d miss a − numerator by %v", k, left[k])
		}
	}
}

func compareWallets(t *testing.T, s *slow, res *Result) {
	pairs := map[[2]int32]*big.Int{}
	credit := func(wallet, collective int32, v *big.Int) {
		pair := [2]int32{wallet, s.b.in.Subsystem[collective]}
		if pairs[pair] == nil {
			pairs[pair] = new(big.Int)
		}
		if v != nil {
			pairs[pair].Add(pairs[pair], v)
		}
	}
	for i, w := range s.b.Workloads.Wallet {
		credit(w, s.b.Workloads.Collective[i], s.coupons[i])
	}
	for i, w := range s.b.Appropriations.Wallet {
		credit(w, s.b.Appropriations.Collective[i], nil)
	}
	w := &res.Wallets
	if len(w.Wallet) != len(pairs) {
		t.Fatalf("%d rows of wallets, want %d", len(w.Wallet), len(pairs))
	}
	over := map[int]bool{}
	for row := range w.Wallet {
		pair := [2]int32{w.Wallet[row], w.Subsystem[row]}
		if row > 0 && (w.Wallet[row-1] > pair[0] || w.Wallet[row-1] == pair[0] && w.Subsystem[row-1] >= pair[1]) || pairs[pair] == nil {
			t.Fatalf("row %d is %v", row, pair)
		}
		claimed, spent := s.balance(pair[0], pair[1], over)
		same(t, "coupons", pair, w.Coupons[row], pairs[pair])
		same(t, "claimed", pair, w.Claimed[row], claimed)
		same(t, "appropriated", pair, w.Appropriated[row], spent)
		same(t, "balance", pair, w.Balance[row], claimed.Sub(claimed, spent))
	}
	compareParity(t, s, res)
}

func compareParity(t *testing.T, s *slow, res *Result) {
	for k, name := range s.b.in.Subsystems {
		issued, claimed := new(big.Int), new(big.Int)
		for _, list := range append(s.recorded, s.coupons) {
			for i, c := range list {
				if s.b.in.Subsystem[s.b.Workloads.Collective[i]] == name {
					issued.Add(issued, c)
				}
			}
		}
		spent := new(big.Int)
		for wallet := range int32(4) {
			c, a := s.balance(wallet, name, map[int]bool{})
			claimed.Add(claimed, c)
			spent.Add(spent, a)
		}
		p := &res.Parity
		same(t, "issued", name, p.Issued[k], issued)
		same(t, "claimed", name, p.Claimed[k], claimed)
		same(t, "appropriated", name, p.Appropriated[k], spent)
		same(t, "unclaimed", name, p.Unclaimed[k], new(big.Int).Sub(issued, claimed))
		unspent := new(big.Int)
		for c, v := range res.UnspentByCollective {
			if s.b.in.Subsystem[c] == name {
				unspent.Add(unspent, v.Big())
			}
		}
		same(t, "unspent", name, p.Unspent[k], unspent)
		same(t, "unspent", name, p.Unspent[k], new(big.Int).Sub(claimed, spent))
	}
}

func compareViolations(t *testing.T, s *slow, res *Result) {
	_, found, _ := Compute(t.Context(), &s.b.Ledger, s.b.in, 1)
	got := map[ledger.TableID]map[int]bool{ledger.TRevisions: {}, ledger.TCouponClaims: {}, ledger.TAppropriations: {}}
	for _, v := range found {
		got[v.Table][int(v.Row)] = true
	}
	for rev, ok := range s.valid {
		if res.ValidRevision[rev] != ok || got[ledger.TRevisions][rev] == ok {
			t.Errorf("revision %d: valid %v, want %v", rev, res.ValidRevision[rev], ok)
		}
	}
	for i, ok := range s.claims {
		if got[ledger.TCouponClaims][i] == ok {
			t.Errorf("claim %d: want valid %v", i, ok)
		}
	}
	over := map[int]bool{}
	for wallet := range int32(4) {
		for _, name := range s.b.in.Subsystems {
			s.balance(wallet, name, over)
		}
	}
	for i := range s.b.Appropriations.N {
		if got[ledger.TAppropriations][i] != over[i] {
			t.Errorf("appropriation %d: overspend %v, want %v", i, got[ledger.TAppropriations][i], over[i])
		}
	}
}
