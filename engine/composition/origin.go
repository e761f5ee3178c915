package composition

import (
	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// Origins lists the MoPs that name no resource, or whose commissioning drew another value than v* (rule mop-origin).
// drawn is per MoP in µmin, 0 from an unvalued resource; a null v* differs from every value.
func Origins(l *ledger.Ledger, v *Values, drawn []kernels.Int128) []ledger.Violation {
	var out []ledger.Violation
	for m := range l.MoPs.N {
		worth := v.Aggregate[l.MoPs.Element[m]]
		if l.MoPs.Resource[m] < 0 || worth.IsNull() || drawn[m] != worth {
			out = append(out, ledger.Violation{Rule: "mop-origin", Table: ledger.TMoPs, Row: int32(m)})
		}
	}
	return out
}
