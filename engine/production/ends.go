package production

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// Ends gives the time at which each production ended: that of its earliest output, ledger.NullInt where it has none.
func Ends(l *ledger.Ledger, threads int) []int64 {
	ends := spill.Make[int64](l.Space, l.Productions.N)
	cuts := owners(len(ends), threads)
	o := &l.Outputs
	// The context never ends and the pieces never fail, so neither does Run.
	_ = shard.Run(context.Background(), threads, len(cuts), func(piece int) error {
		lo, span := uint32(cuts[piece][0]), uint32(cuts[piece][1]-cuts[piece][0])
		own := ends[cuts[piece][0]:cuts[piece][1]]
		for k := range own {
			own[k] = ledger.NullInt
		}
		for row, p := range o.Production {
			if k := uint32(p) - lo; k < span {
				if t := o.Time[row]; own[k] == ledger.NullInt || t < own[k] {
					own[k] = t
				}
			}
		}
		return nil
	})
	return ends
}

// counts reports whether something at time t still counts in V(p) of a production that ended at end.
func counts(t, end int64) bool { return end == ledger.NullInt || t <= end }
