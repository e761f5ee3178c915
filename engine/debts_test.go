package engine_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/engine/ledger/ledgertest"
	"planwerk/kernels"
)

// Debts of one collective that sum to more than 128 bits hold are an error; nothing wraps.
func TestDebtsBeyond128Bits(t *testing.T) {
	huge := kernels.Int128{Hi: math.MaxInt64, Lo: 1}
	_, err := engine.Run(context.Background(), engine.Job{
		After: ringPeriod.After, Until: ringPeriod.Until, DebtIn: []engine.Debt{{Collective: "1", Umin: huge}, {Collective: "1", Umin: huge}},
		Load: func(context.Context) (*ledger.Raw, error) { return ledgertest.Raw(rings(3)) }})
	if err == nil || !strings.Contains(err.Error(), "128 bits") {
		t.Errorf("%v", err)
	}
}
