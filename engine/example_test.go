package engine_test

import (
	"context"
	"fmt"

	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
)

// A bakery works an hour for its own bread and half an hour for everyone, and throws nothing away: a = 90, c = 30, w = 0.
func ExampleRun() {
	tables := map[string][]map[string]string{
		"collectives": {{"collective": "bakery", "kind": "c2c"}},
		"productions": {
			{"production": "bread", "time": "2026-02-02", "collective": "bakery", "common": "false"},
			{"production": "school meals", "time": "2026-02-02", "collective": "bakery", "common": "true"}},
		"workloads": {
			{"workload": "1", "time": "2026-02-03", "production": "bread", "collective": "bakery", "wallet": "ana", "minutes": "60", "common": "false"},
			{"workload": "2", "time": "2026-02-03", "production": "school meals", "collective": "bakery", "wallet": "ben", "minutes": "30", "common": "true"}},
	}
	after, _ := ledgertest.Time("2026-02-01")
	until, _ := ledgertest.Time("2026-03-01")
	result, err := engine.Run(context.Background(), engine.Job{
		Load:  func(context.Context) (*ledger.Raw, error) { return ledgertest.Raw(tables) },
		After: after, Until: until,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("tax rate %v/%v\n", result.Revision.TaxNum[0], result.Revision.TaxDen[0])
	for i, coupon := range result.Coupons.Coupon {
		wallet := result.Ledger.Workloads.Wallet[result.Coupons.WorkloadRow(i)]
		fmt.Printf("%s: %s minutes\n", result.Ledger.WalletIDs.Text(wallet), ledger.AppendDecimal(nil, coupon))
	}
	// Output:
	// tax rate 1/3
	// ana: 40 minutes
	// ben: 20 minutes
}
