package reference

import (
	"bytes"
	"encoding/csv"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
)

// rules are the violations of MODEL.md §10.
var rules = []string{"duplicate-id", "bad-value", "dangling-reference", "element-cycle", "production-cycle", "no-durability",
	"mop-overlap", "mop-origin", "overdraw", "time-order", "output-time", "after-output", "output-value", "not-owner",
	"not-c2i", "collective-mismatch", "separation", "no-strong-trust", "bad-write-off", "double-write-off",
	"write-off-value", "bad-revision", "revision-mismatch", "bad-claim", "overspend"}

// situations are states, beyond the rules, that the generator must reach.
var situations = map[string]func(e Export, p Params, b *book, r Result) bool{
	"no rows at all":     func(e Export, _ Params, _ *book, _ Result) bool { return len(e) == 0 },
	"nothing violated":   func(e Export, _ Params, b *book, _ Result) bool { return len(e) > 0 && len(b.violations) == 0 },
	"chain of transfers": func(_ Export, _ Params, b *book, _ Result) bool { return b.deepest() >= 4 },
	"MoP worth v*":       func(_ Export, _ Params, b *book, _ Result) bool { return b.originExact() },
	"outputs all exact":  func(_ Export, _ Params, b *book, _ Result) bool { return b.declaredExact() },
	"unvalued output":    func(_ Export, _ Params, b *book, _ Result) bool { return b.hasUnvalued() },
	"no labour":          func(_ Export, _ Params, _ *book, r Result) bool { return hasCell(r, "revisions", "tax_rate", "") },
	"all is taxed":       func(_ Export, _ Params, _ *book, r Result) bool { return hasCell(r, "revisions", "tax_rate", "1") },
	"refund":             func(_ Export, _ Params, _ *book, r Result) bool { return hasNegative(r, "revisions", "tax_rate") },
	"negative write-off": func(_ Export, _ Params, _ *book, r Result) bool { return hasNegative(r, "mop_values", "written_off") },
	"split subsystem":    func(_ Export, _ Params, _ *book, r Result) bool { return len(r["settlements"].Rows) > 2 },
	"settlement moves":   func(_ Export, _ Params, _ *book, r Result) bool { return hasNegative(r, "settlements", "move") },
	"longer cycle":       func(_ Export, _ Params, b *book, _ Result) bool { return b.longCycle() },
	"debt in and out":    func(_ Export, p Params, _ *book, r Result) bool { return len(p.DebtIn) > 0 && hasPositiveDebt(r) },
	"valid claims":       func(_ Export, _ Params, _ *book, r Result) bool { return hasPositive(r, "wallets", "claimed") },
	"positive balance":   func(_ Export, _ Params, _ *book, r Result) bool { return hasPositive(r, "wallets", "balance") },
	"checked, and valid": func(_ Export, p Params, _ *book, r Result) bool {
		return p.CheckRevisions && hasPositive(r, "wallets", "claimed")
	},
	"work in progress": func(_ Export, _ Params, _ *book, r Result) bool { return hasPositive(r, "parity", "work_in_progress") },
	"beyond 64 bits":   func(_ Export, _ Params, _ *book, r Result) bool { return longest(r, "revisions", "a") > 20 },
	"hashes": func(e Export, _ Params, _ *book, _ Result) bool {
		return len(e["workloads"]) > 0 && len(e["workloads"][0]["workload"]) == 64
	},
	"θ in c":        func(_ Export, _ Params, b *book, _ Result) bool { return b.repurposedUse() },
	"exactly at k1": func(_ Export, _ Params, b *book, _ Result) bool { return b.rowAt(k1) },
	"exactly at k2": func(_ Export, _ Params, b *book, _ Result) bool { return b.rowAt(k2) },
	"a table is missing": func(e Export, _ Params, _ *book, _ Result) bool {
		_, ok := e["product_types"]
		return len(e) > 0 && !ok
	},
	"average in the ledger": func(_ Export, _ Params, _ *book, r Result) bool { return hasPositive(r, "averages", "average") },
}

// counts is how many seeds reached what.
type counts struct {
	sync.Mutex
	n map[string]int
}

func (c *counts) add(what string) {
	c.Lock()
	defer c.Unlock()
	c.n[what]++
}

// note counts the rules broken and the situations reached by one ledger.
func (c *counts) note(e Export, p Params, b *book, r Result) {
	broken := map[string]bool{}
	for _, row := range r["violations"].Rows {
		broken[row[0]] = true
	}
	for rule := range broken {
		c.add(rule)
	}
	for name, holds := range situations {
		if holds(e, p, b, r) {
			c.add(name)
		}
	}
}

// check fails for every rule and situation that no ledger reached.
func (c *counts) check(t *testing.T) {
	for _, what := range slices.Concat(rules, slices.Collect(maps.Keys(situations))) {
		t.Logf("%5d %s", c.n[what], what)
		if c.n[what] == 0 {
			t.Errorf("%d seeds never reach %q", seeds, what)
		}
	}
}

func (b *book) deepest() int {
	most := 0
	for _, s := range b.resources {
		n := 0
		for s.source != nil && !s.late && b.value(s).Sign() > 0 {
			s, n = s.source, n+1
		}
		most = max(most, n)
	}
	return most
}

func (b *book) originExact() bool {
	return slices.ContainsFunc(b.rows["mops"], func(r *row) bool {
		d, v := b.draws[r], b.mops[r.id("mop")].element.aggregate
		return d != nil && v != nil && v.Sign() > 0 && b.drawn(d).Cmp(v) == 0
	})
}

func (b *book) declaredExact() bool {
	for _, p := range b.production {
		if d := b.difference(p); d != nil && d.Sign() == 0 && len(p.outputs) > 1 && b.input(p).Sign() > 0 {
			return true
		}
	}
	return false
}

func (b *book) hasUnvalued() bool {
	for _, s := range b.resources {
		if s.source != nil && b.unvalued(s) && s.amount.Sign() > 0 {
			return true
		}
	}
	return false
}

func (b *book) longCycle() bool {
	return slices.ContainsFunc(b.violations, func(v violation) bool {
		return v.rule == "production-cycle" && bytes.Count([]byte(v.extra), []byte(">")) > 2
	})
}

func (b *book) repurposedUse() bool {
	return slices.ContainsFunc(b.rows["mop_allocations"], func(r *row) bool {
		return r.flag("common") && r.flag("repurposed") && !b.mops[r.id("mop")].row.flag("common") && b.uses[r].value.Sign() > 0
	})
}

func (b *book) rowAt(t int64) bool {
	return slices.ContainsFunc(b.rows["workloads"], func(r *row) bool { return r.at("time") == t })
}

func anyCell(r Result, table, column string, ok func(string) bool) bool {
	i := slices.Index(r[table].Columns, column)
	return slices.ContainsFunc(r[table].Rows, func(row []string) bool { return ok(row[i]) })
}

func hasCell(r Result, table, column, text string) bool {
	return anyCell(r, table, column, func(s string) bool { return s == text })
}

func hasNegative(r Result, table, column string) bool {
	return anyCell(r, table, column, func(s string) bool { return s != "" && s[0] == '-' })
}

func hasPositive(r Result, table, column string) bool {
	return anyCell(r, table, column, func(s string) bool { return s != "" && s != "0.000000" && s[0] != '-' })
}

func hasPositiveDebt(r Result) bool {
	return hasPositive(r, "revisions", "debt_in") && hasPositive(r, "revisions", "debt_out")
}

func longest(r Result, table, column string) int {
	n := 0
	anyCell(r, table, column, func(s string) bool { n = max(n, len(s)); return false })
	return n
}

// The order of the rows plays no part, and a seed always gives the same ledger.
func TestShuffleChangesNothing(t *testing.T) {
	forSeeds(t, 1000, func(t *testing.T, seed int) {
		e, p := Awkward(uint64(seed))
		want, wantErr := Compute(e, p)
		got, err := Compute(Shuffle(e, uint64(seed)), p)
		if (err == nil) != (wantErr == nil) || !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: another order of the rows, another result", seed)
		}
		if seed%20 == 0 {
			again, p2 := Awkward(uint64(seed))
			if !reflect.DeepEqual(again, e) || !reflect.DeepEqual(p, p2) {
				t.Errorf("seed %d gives two ledgers", seed)
			}
		}
	})
}

// A ledger written as CSV and read back gives the same result.
func TestCSVKeepsTheLedger(t *testing.T) {
	for seed := range 200 {
		e, p := Awkward(uint64(seed))
		back := Export{}
		for name, file := range CSV(e) {
			lines, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, name, err)
			}
			back[name] = nil
			for _, line := range lines[1:] {
				r := Row{}
				for i, c := range lines[0] {
					r[c] = line[i]
				}
				back[name] = append(back[name], r)
			}
		}
		want, _ := Compute(e, p)
		if got, _ := Compute(back, p); !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: CSV changes the result", seed)
		}
	}
}
