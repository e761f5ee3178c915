package reference

import (
	"fmt"
	"strconv"
	"testing"
)

// year is the year the proposal counts in: 356·24·60 minutes.
const year = 356 * 24 * 60

// computer is the example of [S] §4.2 with its durabilities in years; composite elements have none of their own.
var computer = []struct {
	id    string
	years int
	value int
	parts []string
}{
	{"case", 12, 200, nil}, {"mainboard", 12, 600, nil}, {"cpu", 9, 2500, nil}, {"ram", 8, 700, nil},
	{"hdd", 5, 400, nil}, {"paste", 5, 30, nil}, {"cable", 10, 10, nil},
	{"m_p", 0, 10, []string{"paste", "cpu", "mainboard"}}, {"m_r", 0, 1, []string{"mainboard", "ram"}},
	{"c_h", 0, 2, []string{"case", "hdd"}}, {"m_r^p", 0, 0, []string{"m_p", "m_r"}},
	{"computer", 0, 15, []string{"m_r^p", "c_h", "cable"}},
}

func computerExport() Export {
	e := Export{"elements": nil, "element_parts": nil}
	for _, t := range computer {
		r := Row{"element": t.id, "value": strconv.Itoa(t.value)}
		if t.years > 0 {
			r["durability"] = strconv.Itoa(t.years * year)
		}
		e["elements"] = append(e["elements"], r)
		for _, part := range t.parts {
			e["element_parts"] = append(e["element_parts"], Row{"element": t.id, "part": part})
		}
	}
	return e
}

// find gives the cells of the row that begins with id.
func find(t *testing.T, tab Table, id string) map[string]string {
	t.Helper()
	for _, r := range tab.Rows {
		if r[0] == id {
			m := map[string]string{}
			for i, c := range tab.Columns {
				m[c] = r[i]
			}
			return m
		}
	}
	t.Fatalf("no row %s in %v", id, tab.Rows)
	return nil
}

func compute(t *testing.T, e Export, p Params) Result {
	t.Helper()
	if p.Rounding == "" {
		p.Rounding = "cascade"
	}
	r, err := Compute(e, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The aggregate values printed in [S] §4.2. m_r^p proves the set rule: a path sum would give 4441.
func TestComputerElements(t *testing.T) {
	got := compute(t, computerExport(), Params{Until: 1})["element_values"]
	for _, want := range []struct {
		id         string
		years      int
		value      string
		subelement string
	}{
		{"m_p", 5, "3140.000000", "3"}, {"m_r", 8, "1301.000000", "2"}, {"c_h", 5, "602.000000", "2"},
		{"m_r^p", 5, "3841.000000", "6"}, {"computer", 5, "4468.000000", "11"}, {"cable", 10, "10.000000", "0"},
	} {
		r := find(t, got, want.id)
		if r["aggregate_value"] != want.value || r["durability"] != strconv.Itoa(want.years*year) ||
			r["subelements"] != want.subelement {
			t.Errorf("%s: %v, want %v", want.id, r, want)
		}
	}
}

// Year 2 of the computer ([S] §4.3): 800/12 + 2500/9 + 701/8 + 457/5 + 10/10 = 524.469444… min; classes floored at both
// ends of the year give 524.469445.
func TestComputerSecondYear(t *testing.T) {
	e := computerExport()
	minutes := func(n int) string { return fmt.Sprint(int64(n) * 60_000_000) }
	e["collectives"] = []Row{{"collective": "1", "kind": "c2c"}}
	e["mops"] = []Row{{"mop": "1", "element": "computer", "collective": "1", "commissioned": "0", "common": "false"}}
	e["productions"] = []Row{{"production": "1", "time": "0", "collective": "1", "common": "false"}}
	e["mop_allocations"] = []Row{{"allocation": "1", "production": "1", "mop": "1", "start": minutes(year),
		"end": minutes(2 * year), "common": "false", "repurposed": "false"}}
	r := compute(t, e, Params{Until: int64(3*year) * 60_000_000})
	if got := find(t, r["value_transfers"], "1")["value"]; got != "524.469445" {
		t.Errorf("θ of year 2 is %s", got)
	}
	if got := find(t, r["production_values"], "1"); got["transferred"] != "524.469445" || got["unassigned"] != "524.469445" {
		t.Errorf("production: %v", got)
	}
}
