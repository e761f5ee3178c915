package revision

import (
	"planwerk/engine/ledger"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// writeOffs gives the counted value of each write-off, whatever its time and label, 0 if it is left out.
func writeOffs(l *ledger.Ledger, in *Input) ([]kernels.Int128, []ledger.Violation) {
	x := &l.WriteOffs
	values := spill.Make[kernels.Int128](l.Space, x.N)
	var violations []ledger.Violation
	violate := func(rule string, row int) {
		violations = append(violations, ledger.Violation{Rule: rule, Table: ledger.TWriteOffs, Row: int32(row)})
	}
	for i := range x.N {
		var least, most kernels.Int128
		switch {
		case (x.Resource[i] >= 0) == (x.MoP[i] >= 0):
			violate("bad-write-off", i)
			continue
		case x.Resource[i] >= 0:
			most = in.DrawnShare[i]
		case !in.FirstOfMoP[i]:
			violate("double-write-off", i)
			continue
		case in.RemainingAt[i].IsNull():
			continue // no-durability: worth 0
		default:
			least, most = in.OverAt[i].Neg(), in.RemainingAt[i]
		}
		values[i] = most
		if x.Value[i] == ledger.NullInt {
			continue
		}
		switch v := kernels.I128(x.Value[i]); {
		case v.Cmp(least) < 0:
			values[i] = least
		case v.Cmp(most) > 0:
			values[i] = most
		default:
			values[i] = v
			continue
		}
		violate("write-off-value", i)
	}
	return values, violations
}
