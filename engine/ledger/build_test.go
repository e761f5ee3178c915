package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
)

type row = map[string]string

// base is a ledger with a row or two in the tables others point into.
func base() map[string][]row {
	return map[string][]row{
		"collectives":       {{"collective": "farm", "kind": "c2c"}, {"collective": "shop", "kind": "c2i"}},
		"product_types":     {{"product_type": "bread", "common": "false"}, {"product_type": "care", "common": "true"}},
		"productions":       {{"production": "1", "time": "10", "collective": "farm", "common": "false"}},
		"collectivizations": {{"resource": "9", "time": "5", "collective": "farm", "product_type": "bread", "amount": "2.5"}},
		"transfers":         {},
	}
}

func build(t *testing.T, tables map[string][]row) (*ledger.Ledger, []string) {
	t.Helper()
	raw, err := ledgertest.Raw(tables)
	if err != nil {
		t.Fatal(err)
	}
	l, found, err := ledger.Build(context.Background(), raw, 0, 100, 2)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range found {
		list = append(list, fmt.Sprintf("%s %s %s: %s", f.Rule, ledger.Schema[f.Table].Name, f.ID, f.Detail))
	}
	slices.Sort(list)
	return l, list
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCodesAreRanksInCanonicalOrder(t *testing.T) {
	tables := base()
	for _, id := range []string{"10", "9", "zz", "007", "7", "abcdefghijk", "abcdefghijj", "9223372036854775807", "92233720368547758070"} {
		tables["productions"] = append(tables["productions"], row{"production": id, "time": "1", "collective": "shop", "common": "1"})
	}
	l, found := build(t, tables)
	expect(t, found)
	var order []string
	for code := range l.Productions.N {
		order = append(order, l.IDs[ledger.TProductions].Text(int32(code)))
	}
	want := []string{"1", "7", "9", "10", "zz", "007", "abcdefghijj", "abcdefghijk", "9223372036854775807", "92233720368547758070"}
	if !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	for code, text := range want {
		if got := l.IDs[ledger.TProductions].CodeOfText(text); got != int32(code) {
			t.Errorf("code of %s is %d, want %d", text, got, code)
		}
	}
	if l.IDs[ledger.TProductions].AllInt() {
		t.Error("ids with texts among them taken as integers")
	}
}

func TestAsAtK2AndBadValues(t *testing.T) {
	tables := base()
	tables["workloads"] = []row{
		{"workload": "1", "time": "100", "production": "1", "collective": "farm", "wallet": "w", "minutes": "0", "common": "0"},
		{"workload": "2", "time": "101", "production": "nowhere", "collective": "farm", "wallet": "w", "minutes": "-1", "common": "0"},
		{"workload": "3", "time": "1", "production": "1", "collective": "farm", "wallet": "w", "minutes": "-0.000001", "common": "0"},
		{"workload": "4", "time": "", "production": "1", "collective": "farm", "wallet": "w", "minutes": "1", "common": "0"},
		{"workload": "5", "time": "1", "production": "1", "collective": "farm", "wallet": "", "minutes": "1", "common": ""},
	}
	tables["collectives"] = append(tables["collectives"], row{"collective": "x", "kind": "C2C"})
	l, found := build(t, tables)
	if l.Workloads.N != 1 || l.Collectives.N != 2 {
		t.Errorf("%d workloads, %d collectives left", l.Workloads.N, l.Collectives.N)
	}
	expect(t, found,
		"bad-value collectives x: collective=x kind=C2C",
		"bad-value workloads 3: workload=3 time=1970-01-01T00:00:00.000001Z production=1 collective=farm wallet=w minutes=-0.000001 common=false",
		"bad-value workloads 4: workload=4 production=1 collective=farm wallet=w minutes=1 common=false",
		"bad-value workloads 5: workload=5 time=1970-01-01T00:00:00.000001Z production=1 collective=farm minutes=1")
}

func TestDuplicates(t *testing.T) {
	tables := base()
	tables["product_types"] = append(tables["product_types"], row{"product_type": "bread", "common": "false"}, row{"product_type": "bread", "name": "a", "common": "false"})
	tables["outputs"] = []row{{"resource": "9", "time": "20", "production": "1", "product_type": "bread", "amount": "1", "common": "false"}}
	tables["transfers"] = []row{
		{"transfer": "t", "time": "6", "resource": "9", "new_resource": "9", "from": "farm", "to": "shop", "amount": "1"},
		{"transfer": "u", "time": "6", "resource": "9", "new_resource": "10", "from": "farm", "to": "shop", "amount": "1"}}
	tables["trust"] = []row{{"a": "shop", "b": "farm", "since": "1"}, {"a": "farm", "b": "shop", "since": "1", "until": "50"}}
	l, found := build(t, tables)
	expect(t, found,
		"duplicate-id outputs 9: resource=9 time=1970-01-01T00:00:00.00002Z production=1 product_type=bread amount=1 common=false",
		"duplicate-id product_types bread: product_type=bread common=false",
		"duplicate-id product_types bread: product_type=bread name=a common=false",
		"duplicate-id transfers t: transfer=t time=1970-01-01T00:00:00.000006Z resource=9 new_resource=9 from=farm to=shop amount=1",
		"duplicate-id trust shop/farm/1970-01-01T00:00:00.000001Z: a=shop b=farm since=1970-01-01T00:00:00.000001Z")
	if l.Resources.N != 2 || l.Resources.Amount[0] != 2_500_000 || l.Resources.Origin[1] != ledger.TTransfers {
		t.Errorf("resources %+v", l.Resources)
	}
}

func TestDanglingInTurn(t *testing.T) {
	tables := base()
	tables["productions"] = append(tables["productions"], row{"production": "2", "time": "10", "collective": "gone", "common": "false"},
		row{"production": "3", "time": "10", "collective": "farm", "common": "false", "order": "no table of orders"})
	tables["outputs"] = []row{{"resource": "20", "time": "20", "production": "2", "product_type": "bread", "amount": "1", "common": "false"}}
	move := func(id, from, to string) row {
		return row{"transfer": id, "time": "30", "resource": from, "new_resource": to, "from": "farm", "to": "shop", "amount": "1"}
	}
	tables["transfers"] = []row{move("a", "20", "21"), move("b", "21", "22"), move("ring", "31", "30"), move("ring2", "30", "31"), move("good", "9", "40")}
	tables["dispatches"] = []row{{"dispatch": "d", "time": "40", "collective": "shop", "resource": "22", "amount": "1"}}
	tables["write_offs"] = []row{{"write_off": "x", "time": "40", "collective": "shop", "resource": "22", "mop": "none"}}
	l, found := build(t, tables)
	at := "time=1970-01-01T00:00:00.00004Z"
	expect(t, found,
		"dangling-reference dispatches d: dispatch=d "+at+" collective=shop resource=22 amount=1",
		"dangling-reference outputs 20: resource=20 time=1970-01-01T00:00:00.00002Z production=2 product_type=bread amount=1 common=false",
		"dangling-reference productions 2: production=2 time=1970-01-01T00:00:00.00001Z collective=gone common=false",
		"dangling-reference transfers a: transfer=a time=1970-01-01T00:00:00.00003Z resource=20 new_resource=21 from=farm to=shop amount=1",
		"dangling-reference transfers b: transfer=b time=1970-01-01T00:00:00.00003Z resource=21 new_resource=22 from=farm to=shop amount=1",
		"dangling-reference write_offs x: write_off=x "+at+" collective=shop resource=22 mop=none")
	if l.Transfers.N != 3 || l.WriteOffs.Resource[0] != -1 || l.Productions.N != 2 {
		t.Errorf("%d transfers, write-off %+v", l.Transfers.N, l.WriteOffs)
	}
	if got := l.Detail(ledger.TWriteOffs, 0); got != "write_off=x "+at+" collective=shop resource=22 mop=none" {
		t.Errorf("detail %q", got)
	}
	bread, ring := l.IDs[ledger.TProductTypes].CodeOfText("bread"), l.ResourceIDs.CodeOfText("30")
	if good := l.ResourceIDs.CodeOfText("40"); l.Resources.Type[good] != bread || l.Resources.Type[ring] != -1 {
		t.Errorf("types %v", l.Resources.Type)
	}
}

// TestRowOrderDoesNotMatter also holds the radix and chunk sorts to the canonical order.
func TestRowOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for trial := range 50 {
		tables := base()
		for i := range 40 {
			id := fmt.Sprint(r.IntN(60))
			switch trial % 3 {
			case 1:
				id = fmt.Sprintf("order-%06d-%s", r.IntN(60), strings.Repeat("x", r.IntN(3)))
			case 2:
				id = fmt.Sprint(r.Uint64N(1 << 62))
			}
			tables["orders"] = append(tables["orders"], row{"order": id, "time": fmt.Sprint(i % 7), "from": "farm", "to": "shop", "product_type": "bread", "amount": "1"})
		}
		first := dump(t, tables)
		r.Shuffle(len(tables["orders"]), func(i, j int) {
			tables["orders"][i], tables["orders"][j] = tables["orders"][j], tables["orders"][i]
		})
		if second := dump(t, tables); first != second {
			t.Fatalf("trial %d:\n%s\n---\n%s", trial, first, second)
		}
	}
}

func dump(t *testing.T, tables map[string][]row) string {
	l, found := build(t, tables)
	var b strings.Builder
	for i := range l.Orders.N {
		if i > 0 {
			x, y := l.RowID(ledger.TOrders, int32(i-1)), l.RowID(ledger.TOrders, int32(i))
			if len(x) > len(y) || len(x) == len(y) && x >= y {
				t.Fatalf("order %q before %q", x, y)
			}
		}
		fmt.Fprintln(&b, l.Detail(ledger.TOrders, int32(i)))
	}
	return b.String() + strings.Join(found, "\n")
}
