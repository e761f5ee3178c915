package engine_test

import (
	"context"
	"strconv"
	"testing"

	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
	"planwerk/engine/reference"
)

// rings is a ledger with a ring of n elements and one of n productions that consume each other's output.
func rings(n int) reference.Export {
	const t = "2026-01-10T00:00:00Z"
	e := reference.Export{
		"collectives":   {{"collective": "1", "kind": "c2c"}},
		"product_types": {{"product_type": "1", "common": "false"}},
	}
	for i := 1; i <= n; i++ {
		id, next := strconv.Itoa(i), strconv.Itoa(i%n+1)
		add := func(table string, r reference.Row) { e[table] = append(e[table], r) }
		add("elements", reference.Row{"element": id, "value": "1", "durability": "10"})
		add("element_parts", reference.Row{"element": id, "part": next})
		add("productions", reference.Row{"production": id, "time": t, "collective": "1", "common": "false"})
		add("outputs", reference.Row{"resource": id, "time": t, "production": id, "product_type": "1", "amount": "2", "common": "false"})
		add("consumptions", reference.Row{"consumption": id, "time": t, "production": id, "resource": next, "amount": "1", "common": "false"})
	}
	return e
}

var ringPeriod = reference.Params{After: 1767225600_000000, Until: 1769904000_000000, Rounding: "cascade"}

func TestRingsAgainstReference(t *testing.T) {
	for _, n := range []int{1, 2, 31, 32, 33, 50} {
		want, err := reference.Compute(rings(n), ringPeriod)
		if err != nil {
			t.Fatal(err)
		}
		got, err := compute(rings(n), ringPeriod, 2, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range got.Tables() {
			if diff := difference(&table, want[table.Name]); diff != "" {
				t.Errorf("rings of %d: table %s: %s", n, table.Name, diff)
			}
		}
		if len(got.Violations) < 2*n {
			t.Errorf("rings of %d: %d violations", n, len(got.Violations))
		}
	}
}

// Every row of a ring prints it, so what a row prints is bounded: else a ring of 10⁵ would take gigabytes.
func TestLongRingsStaySmall(t *testing.T) {
	const n = 20_000
	raw, err := ledgertest.Raw(rings(n))
	if err != nil {
		t.Fatal(err)
	}
	got, err := engine.Run(context.Background(), engine.Job{After: ringPeriod.After, Until: ringPeriod.Until, Threads: 2,
		Load: func(context.Context) (*ledger.Raw, error) { return raw, nil }})
	if err != nil {
		t.Fatal(err)
	}
	found, bytes := 0, 0
	for _, v := range got.Violations {
		bytes += len(v.Detail)
		if v.Rule == "element-cycle" || v.Rule == "production-cycle" {
			found++
		}
	}
	if found != 2*n || bytes > 1000*len(got.Violations) {
		t.Errorf("%d rows on cycles, %d bytes of detail for %d violations", found, bytes, len(got.Violations))
	}
}
