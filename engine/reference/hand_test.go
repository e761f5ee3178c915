package reference

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// handCase is a tiny ledger with results found by hand. A line of ledger is a table and its cells, a line of want a result
// table, the ids of the row joined by /, and some of its cells; a line that begins with ! is a violation, and all there are
// must be listed. @n is n minutes after the epoch. Every ledger stands on society.
type handCase struct {
	name, ledger, want string
	p                  Params
}

// society: 1 and 3 produce for collectives, 2 for individuals, and they trust each other in a row: 1 – 2 – 3.
// Product type 1 is exclusive, 2 common.
const society = `
collectives collective=1 kind=c2c
collectives collective=2 kind=c2i
collectives collective=3 kind=c2c
trust a=1 b=2 since=@0
trust a=3 b=2 since=@0
product_types product_type=1 common=false
product_types product_type=2 common=true
`

// minutesText replaces @n by microseconds.
func minutesText(s string) string {
	if rest, ok := strings.CutPrefix(s, "@"); ok {
		n, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			panic(err)
		}
		return strconv.FormatInt(n*60_000_000, 10)
	}
	return s
}

func parseLedger(text string) Export {
	e := Export{}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		r := Row{}
		for _, w := range words[1:] {
			c, v, _ := strings.Cut(w, "=")
			r[c] = minutesText(v)
		}
		e[words[0]] = append(e[words[0]], r)
	}
	return e
}

// idColumns says how many columns of a result table are ids.
var idColumns = map[string]int{"averages": 2, "wallets": 2, "settlements": 2}

func (c handCase) run(t *testing.T) {
	p := c.p
	if p.Until == 0 {
		p.Until = 100 * 60_000_000
	}
	p.AllViolations = true
	r := compute(t, parseLedger(society+c.ledger), p)
	var violations []string
	for _, line := range strings.Split(strings.TrimSpace(c.want), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "!":
			violations = append(violations, strings.Join(words[1:], " "))
		default:
			c.checkRow(t, r, words)
		}
	}
	var got []string
	for _, row := range r["violations"].Rows {
		got = append(got, strings.TrimSpace(strings.Join(row[:3], " ")))
	}
	slices.Sort(violations)
	slices.Sort(got)
	if !slices.Equal(got, violations) {
		t.Errorf("violations:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(violations, "\n"))
	}
}

func (c handCase) checkRow(t *testing.T, r Result, words []string) {
	tab := r[words[0]]
	n := max(1, idColumns[words[0]])
	i := slices.IndexFunc(tab.Rows, func(row []string) bool { return strings.Join(row[:n], "/") == words[1] })
	if len(words) == 3 && words[2] == "-" {
		if i >= 0 {
			t.Errorf("%s %s is there: %v", words[0], words[1], tab.Rows[i])
		}
		return
	}
	if i < 0 {
		t.Errorf("no row %s %s in %v", words[0], words[1], tab.Rows)
		return
	}
	for _, w := range words[2:] {
		name, want, _ := strings.Cut(w, "=")
		at := slices.Index(tab.Columns, name)
		if at < 0 {
			t.Fatalf("no column %s in %s", name, words[0])
		}
		got := tab.Rows[i][at]
		if got != want && strings.TrimSuffix(strings.TrimRight(got, "0"), ".") != want && got != want+".000000" {
			t.Errorf("%s %s: %s is %q, want %q", words[0], words[1], name, got, want)
		}
	}
}

func TestByHand(t *testing.T) {
	for _, cases := range [][]handCase{checkCases, productionCases, machineCases, moneyCases, trustCases} {
		for _, c := range cases {
			t.Run(c.name, c.run)
		}
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		ledger string
		p      Params
	}{
		"empty period":     {"", Params{After: 5, Until: 5}},
		"rounding":         {"", Params{Until: 5, Rounding: "up"}},
		"limit below 0":    {"", Params{Until: 5, WriteoffLimit: big.NewRat(-1, 2)}},
		"unknown debtor":   {"", Params{Until: 5, DebtIn: map[string]*big.Int{"77": big.NewInt(1)}}},
		"seven places":     {"elements element=1 value=1.0000001", Params{Until: 5}},
		"no number":        {"elements element=1 value=x", Params{Until: 5}},
		"beyond 64 bits":   {"elements element=1 value=9223372036854.775808", Params{Until: 5}},
		"-2⁶³":             {"elements element=1 value=-9223372036854.775808", Params{Until: 5}},
		"no flag":          {"product_types product_type=7 common=yes", Params{Until: 5}},
		"no time":          {"trust a=1 b=2 since=yesterday", Params{Until: 5}},
		"finer than µs":    {"trust a=1 b=2 since=1970-01-01T00:00:00.0000001Z", Params{Until: 5}},
		"numerator 10³⁸":   {"revisions revision=1 tax_numerator=1" + strings.Repeat("0", 38), Params{Until: 5}},
		"no tier":          {"citizens wallet=1 tier=1/2", Params{Until: 5}},
		"a coupon too big": {tooBig, Params{Until: 100 * 60_000_000}},
	} {
		if c.p.Rounding == "" {
			c.p.Rounding = "cascade"
		}
		if _, err := Compute(parseLedger(society+c.ledger), c.p); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// tooBig: half of 64 bits of labour, with a write-off of as much below zero: the rate is −1 or less, so a coupon of
// 1.5 · 2⁶³ µmin does not fit. The element of 8·10¹² min with durability 1 min is 3 min old, so over = v*.
const tooBig = `
elements element=1 value=8000000000000 durability=1
mops mop=1 element=1 collective=1 commissioned=@0 common=false
write_offs write_off=1 time=@3 collective=1 mop=1 value=-8000000000000
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@2 production=1 collective=1 wallet=9 minutes=5000000000000 common=false
`

func TestCells(t *testing.T) {
	for _, c := range []struct {
		kind     kind
		in, text string
	}{
		{kindMicro, "12.500000", "12.5"}, {kindMicro, "-0.000001", "-0.000001"}, {kindMicro, "3", "3"}, {kindMicro, "100", "100"},
		{kindTime, "1970-01-01", "1970-01-01T00:00:00Z"}, {kindTime, "1970-01-01T02:00:00.50+02:00", "1970-01-01T00:00:00.5Z"},
		{kindTime, "-1", "1969-12-31T23:59:59.999999Z"}, {kindTime, "253402300800000000", "253402300800000000"},
		{kindTime, "253402300799999999", "9999-12-31T23:59:59.999999Z"}, {kindTime, "-62167219200000000", "0000-01-01T00:00:00Z"},
		{kindTime, "-62167219200000001", "-62167219200000001"}, {kindFlag, "1", "true"}, {kindFraction, "1.50", "1.5"},
		{kindFraction, "20", "20"}, {kindInteger, "-007", "-7"}, {kindMinutes, "60", "60"}, {kindID, "007", "007"},
	} {
		got, err := readCell(c.kind, c.in)
		if err != nil || got.text != c.text {
			t.Errorf("%s reads as %q (%v), want %q", c.in, got.text, err, c.text)
		}
	}
	ids := []string{"b", "10", "9", "", "ä", "007", "a"}
	slices.SortFunc(ids, compareIDs)
	if want := []string{"", "9", "a", "b", "10", "ä", "007"}; !slices.Equal(ids, want) {
		t.Errorf("ids sort as %q, want %q", ids, want)
	}
}

// Every table of the result has its columns even when it has no rows.
func TestEmptyLedger(t *testing.T) {
	r := compute(t, Export{}, Params{Until: 1})
	if len(r) != 13 {
		t.Errorf("tables: %v", slices.Sorted(maps.Keys(r)))
	}
	for name, tab := range r {
		if len(tab.Rows) != 0 || len(tab.Columns) == 0 {
			t.Errorf("%s of nothing: %v", name, tab)
		}
	}
}
