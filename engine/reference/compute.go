package reference

import (
	"errors"
	"fmt"
	"math/big"
)

// Params are the parameters of a batch that change its results.
type Params struct {
	After, Until   int64               // the period ]After, Until], µs since the epoch
	Rounding       string              // cascade or floor
	WriteoffLimit  *big.Rat            // nil: none
	DebtIn         map[string]*big.Int // µmin by collective
	CheckRevisions bool
	AllViolations  bool
}

// Result holds the result tables by name.
type Result map[string]Table

// Compute gives every result table of a batch but the summary and the manifest. An error is bad input or overflow.
func Compute(e Export, p Params) (Result, error) {
	switch {
	case p.After >= p.Until:
		return nil, errors.New("the period is empty: after is not before until")
	case p.Rounding != "cascade" && p.Rounding != "floor":
		return nil, fmt.Errorf("rounding %q is neither cascade nor floor", p.Rounding)
	case p.WriteoffLimit != nil && p.WriteoffLimit.Sign() < 0:
		return nil, errors.New("the write-off limit is below zero")
	}
	l, err := open(e, p.Until)
	if err != nil {
		return nil, err
	}
	b := derive(l)
	for collective := range p.DebtIn {
		if b.subsystem[collective] == "" {
			return nil, fmt.Errorf("debt in: collective %q is not in the ledger", collective)
		}
	}
	revisions := b.revise(p.After, p.WriteoffLimit, p.DebtIn)
	valid, err := b.acceptRevisions(e, p)
	if err != nil {
		return nil, err
	}
	cash, err := b.issue(revisions, valid, p)
	if err != nil {
		return nil, err
	}
	b.checkOverspend(cash)
	at := b.positions(cash)
	return Result{
		"element_values":    b.elementTable(),
		"value_transfers":   b.transferTable(),
		"production_values": b.productionTable(),
		"resource_values":   b.resourceTable(),
		"mop_values":        b.mopTable(),
		"averages":          b.averageTable(),
		"revisions":         b.revisionTable(revisions, p),
		"coupons":           b.couponTable(cash),
		"wallets":           b.walletTable(cash),
		"subsystems":        b.subsystemTable(),
		"settlements":       b.settlementTable(p.After, at),
		"parity":            b.parityTable(at),
		"violations":        b.violationTable(p),
	}, nil
}
