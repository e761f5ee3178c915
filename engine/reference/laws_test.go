package reference

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// seeds is how many awkward ledgers the laws are tried on.
const seeds = 2000

// micro reads a printed decimal; null is 0.
func micro(t *testing.T, s string) *big.Int {
	t.Helper()
	if s == "" {
		return new(big.Int)
	}
	n, err := readMicro(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// columnSums adds up a column of a table, by the text of another.
func columnSums(t *testing.T, tab Table, by, column string) sums {
	t.Helper()
	s := sums{}
	at := map[string]int{}
	for i, c := range tab.Columns {
		at[c] = i
	}
	for _, r := range tab.Rows {
		s.add(r[at[by]], micro(t, r[at[column]]))
	}
	return s
}

func same(t *testing.T, seed int, what string, got, want *big.Int) {
	t.Helper()
	if got.Cmp(want) != 0 {
		t.Errorf("seed %d: %s: %s, want %s", seed, what, fixedDecimal(got), fixedDecimal(want))
	}
}

// forSeeds runs a test for every seed below n, in a few lanes at a time.
func forSeeds(t *testing.T, n int, test func(t *testing.T, seed int)) {
	t.Helper()
	const lanes = 4
	for lane := range lanes {
		t.Run(fmt.Sprintf("lane%d", lane), func(t *testing.T) {
			t.Parallel()
			for seed := lane; seed < n; seed += lanes {
				test(t, seed)
			}
		})
	}
}

// The laws of value and of money, and what the generator must reach, on the same ledgers.
func TestLawsOnAwkwardLedgers(t *testing.T) {
	seen := counts{n: map[string]int{}}
	forSeeds(t, seeds, func(t *testing.T, seed int) {
		e, p := Awkward(uint64(seed))
		l, err := open(e, p.Until)
		if err != nil {
			t.Fatal(err)
		}
		b := derive(l)
		valueIsConserved(t, seed, b)
		for _, el := range b.elements {
			transferTelescopes(t, seed, el)
		}
		r, err := Compute(e, p)
		if err != nil {
			seen.add("error") // a coupon beyond 64 bits
			return
		}
		moneyAddsUp(t, seed, r, p)
		seen.note(e, p, b, r)
	})
	t.Cleanup(func() { seen.check(t) })
}

// valueIsConserved: what goes into production comes out of it. Labour and θ end as value that is left, that was drawn for
// good, or that reached no valued output. Nothing is lost on the way through draws, transfers and shared outputs.
func valueIsConserved(t *testing.T, seed int, b *book) {
	t.Helper()
	in, out := new(big.Int), new(big.Int)
	for _, q := range b.production {
		in.Add(in, b.work(q))
		in.Add(in, b.transferred(q))
		if len(q.outputs) > 0 && !q.circular && b.weights(q) != nil {
			same(t, seed, "outputs of "+q.id, total(b.outputShares(q)), b.input(q))
		}
	}
	for _, r := range b.productionTable().Rows {
		out.Add(out, micro(t, r[7])) // unassigned
	}
	for _, s := range b.resources {
		drawnOfOne(t, seed, b, s)
		out.Add(out, b.remainingValue(s))
		for _, d := range s.draws {
			moves := d.row.table.name == "transfers"
			counted := d.row.table.name == "consumptions" && !b.production[d.row.id("production")].after(d.time)
			if !moves && !counted {
				out.Add(out, b.drawn(d))
			}
		}
	}
	same(t, seed, "value out", out, in)
}

// drawnOfOne checks one resource: amounts and values drawn lie within what there is, each draw is within 1 µmin of its
// exact share, and with the last of the amount goes the last of the value.
func drawnOfOne(t *testing.T, seed int, b *book, s *resource) {
	t.Helper()
	sum := s.remainingAmount()
	for _, d := range s.draws {
		sum.Add(sum, d.taken)
		if d.taken.Sign() < 0 || b.drawn(d).Sign() < 0 {
			t.Errorf("seed %d: a negative draw of %s", seed, s.id)
		}
		if s.amount.Sign() > 0 {
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(b.value(s), d.taken), s.amount)
			off := exact.Sub(exact, new(big.Rat).SetInt(b.drawn(d)))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Errorf("seed %d: a draw of %s is off by %s", seed, s.id, off)
			}
		}
	}
	same(t, seed, "amount of "+s.id, sum, s.amount)
	if s.remainingAmount().Sign() < 0 || b.remainingValue(s).Sign() < 0 {
		t.Errorf("seed %d: less than nothing is left of %s", seed, s.id)
	}
	if s.remainingAmount().Sign() == 0 && b.remainingValue(s).Sign() != 0 {
		t.Errorf("seed %d: nothing is left of %s but value", seed, s.id)
	}
}

// transferTelescopes: however a life is cut, the θ of its pieces sum to v*.
func transferTelescopes(t *testing.T, seed int, el *element) {
	t.Helper()
	if el.profile == nil {
		return
	}
	sum, before := new(big.Int), new(big.Int)
	k := big.NewInt(1)
	for range 22 { // ages 1, 15, 255, … past every durability
		now := el.transferred(k)
		if now.Cmp(before) < 0 {
			t.Errorf("seed %d: %s takes value back", seed, el.id)
		}
		sum.Add(sum, new(big.Int).Sub(now, before))
		before = now
		k = new(big.Int).Add(new(big.Int).Lsh(k, 3), big.NewInt(7))
	}
	same(t, seed, "θ over the life of "+el.id, sum, el.aggregate)
	if el.over(k).Cmp(el.aggregate) > 0 {
		t.Errorf("seed %d: %s gave more than v* beyond its estimate", seed, el.id)
	}
}

// moneyAddsUp: the sums of §5–§7 that hold in the printed tables.
func moneyAddsUp(t *testing.T, seed int, r Result, p Params) {
	t.Helper()
	coupons := columnSums(t, r["coupons"], "subsystem", "coupon")
	count := map[string]int64{}
	for _, row := range r["coupons"].Rows {
		count[row[2]]++
	}
	for _, row := range r["revisions"].Rows {
		checkRevision(t, seed, r["revisions"], row, coupons.of(row[0]), count[row[0]], p.Rounding)
	}
	for before, v := range columnSums(t, r["settlements"], "before", "move") {
		same(t, seed, "moves of "+before, v, new(big.Int))
	}
	balance, target := columnSums(t, r["settlements"], "before", "balance"), columnSums(t, r["settlements"], "before", "target")
	for before, v := range target {
		same(t, seed, "targets of "+before, v, balance.of(before))
	}
	claimed, spent := columnSums(t, r["wallets"], "subsystem", "claimed"), columnSums(t, r["wallets"], "subsystem", "appropriated")
	got := columnSums(t, r["wallets"], "subsystem", "coupons")
	for _, row := range r["parity"].Rows {
		same(t, seed, "claimed in "+row[0], micro(t, row[3]), claimed.of(row[0]))
		same(t, seed, "appropriated in "+row[0], micro(t, row[4]), spent.of(row[0]))
		same(t, seed, "coupons in "+row[0], coupons.of(row[0]), got.of(row[0]))
		d := total([]*big.Int{micro(t, row[2]), micro(t, row[5])})
		d.Sub(d, total([]*big.Int{micro(t, row[6]), micro(t, row[7]), micro(t, row[8])}))
		same(t, seed, "difference of "+row[0], micro(t, row[9]), d)
	}
}

// checkRevision: the unreduced numerator is c + w + debt in − debt out and its rate the printed one; coupons sum to the rest
// of a, or by floor to at most one µmin less for each.
func checkRevision(t *testing.T, seed int, tab Table, row []string, coupons *big.Int, count int64, rounding string) {
	t.Helper()
	cell := map[string]string{}
	for i, c := range tab.Columns {
		cell[c] = row[i]
	}
	a := micro(t, cell["a"])
	n := total([]*big.Int{micro(t, cell["c"]), micro(t, cell["w"]), micro(t, cell["debt_in"])})
	n.Sub(n, micro(t, cell["debt_out"]))
	if a.Sign() == 0 {
		if n.Sign() != 0 || count != 0 || cell["tax_numerator"] != "" {
			t.Errorf("seed %d: no labour, but %v and %d coupons", seed, row, count)
		}
		return
	}
	rate := new(big.Rat).SetFrac(n, a)
	if rate.Num().String() != cell["tax_numerator"] || rate.Denom().String() != cell["tax_denominator"] {
		t.Errorf("seed %d: rate %s, want %s", seed, rate, strings.Join(row, ","))
	}
	rest := new(big.Int).Sub(a, n)
	if rounding == "cascade" {
		same(t, seed, "coupons of "+row[0], coupons, rest)
		return
	}
	residue := rest.Sub(rest, coupons)
	if residue.Sign() < 0 || residue.Cmp(big.NewInt(max(count, 1))) >= 0 {
		t.Errorf("seed %d: residue of %s is %s over %d coupons", seed, row[0], residue, count)
	}
}
