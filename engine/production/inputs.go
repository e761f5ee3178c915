package production

import (
	"context"
	"fmt"
	"strconv"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
	"planwerk/kernels"
)

// sumWorkloads adds the counted workloads of each production. Violations: after-output, collective-mismatch, separation.
// At most 2³¹ rows of less than 2⁶³ µmin each sum to less than 2⁹⁴.
func sumWorkloads(ctx context.Context, l *ledger.Ledger, ends []int64, sums []kernels.Int128, threads int) ([]ledger.Violation, error) {
	cuts := owners(len(sums), threads)
	pr, wl := &l.Productions, &l.Workloads
	return shard.Concat(ctx, threads, len(cuts), func(piece int) ([]ledger.Violation, error) {
		v := list{table: ledger.TWorkloads}
		lo, span := uint32(cuts[piece][0]), uint32(cuts[piece][1]-cuts[piece][0])
		err := blocks(ctx, wl.N, func(from, to int) {
			for row := from; row < to; row++ {
				p := wl.Production[row]
				if uint32(p)-lo >= span {
					continue
				}
				if wl.Collective[row] != pr.Collective[p] {
					v.add("collective-mismatch", row)
				}
				if wl.Common[row] != pr.Common[p] {
					v.add("separation", row)
				}
				if counts(wl.Time[row], ends[p]) {
					sums[p] = sums[p].AddInt64(wl.Minutes[row])
				} else {
					v.add("after-output", row)
				}
			}
		})
		return v.found, err
	})
}

// sumTransferred adds the θ of each production's counted allocations. Violations: after-output, separation. A θ of 2⁹⁵ µmin
// or more is an error: a ledger of less than 2³¹ elements holds none, and below it no sum of values reaches 2¹²⁷.
func sumTransferred(ctx context.Context, l *ledger.Ledger, ends []int64, theta, sums []kernels.Int128, threads int) ([]ledger.Violation, error) {
	if err := checkTheta(ctx, l, theta, threads); err != nil {
		return nil, err
	}
	cuts := owners(len(sums), threads)
	pr, al := &l.Productions, &l.MoPAllocations
	return shard.Concat(ctx, threads, len(cuts), func(piece int) ([]ledger.Violation, error) {
		v := list{table: ledger.TMoPAllocations}
		lo, span := uint32(cuts[piece][0]), uint32(cuts[piece][1]-cuts[piece][0])
		err := blocks(ctx, al.N, func(from, to int) {
			for row := from; row < to; row++ {
				p := al.Production[row]
				if uint32(p)-lo >= span {
					continue
				}
				repurposed := al.Repurposed[row] == 1 || l.MoPs.Common[al.MoP[row]] == 1
				if al.Common[row] != pr.Common[p] || pr.Common[p] == 1 && !repurposed {
					v.add("separation", row)
				}
				if counts(al.Start[row], ends[p]) {
					sums[p] = sums[p].Add(theta[row])
				} else {
					v.add("after-output", row)
				}
			}
		})
		return v.found, err
	})
}

func checkTheta(ctx context.Context, l *ledger.Ledger, theta []kernels.Int128, threads int) error {
	pieces := shard.Ranges(len(theta), shard.Pieces(len(theta), grain))
	return shard.Run(ctx, threads, len(pieces), func(piece int) error {
		for row := pieces[piece][0]; row < pieces[piece][1]; row++ {
			if theta[row].Hi>>31 != 0 {
				return fmt.Errorf("mop_allocations %s: value transferred %v µmin is negative or not below 2⁹⁵",
					idText(l.IDs[ledger.TMoPAllocations], int32(row)), theta[row])
			}
		}
		return nil
	})
}

// countConsumptions gives the production of each consumption that counts and takes something, −1 for the others.
// Violations: after-output, not-owner, separation.
func countConsumptions(ctx context.Context, l *ledger.Ledger, ends []int64, d *Draws, threads int) ([]int32, []ledger.Violation, error) {
	pr, rs, cs := &l.Productions, &l.Resources, &l.Consumptions
	counted := spill.Make[int32](l.Space, cs.N)
	before := d.before[d.base[rankConsumption]:d.base[rankConsumption+1]]
	found, err := eachRow(ctx, threads, ledger.TConsumptions, cs.N, func(v *list, row int) {
		p, r := cs.Production[row], cs.Resource[row]
		if pr.Collective[p] != rs.Collective[r] {
			v.add("not-owner", row)
		}
		if common := pr.Common[p]; cs.Common[row] != common || rs.Common[r] != common {
			v.add("separation", row)
		}
		counted[row] = -1
		if !counts(cs.Time[row], ends[p]) {
			v.add("after-output", row)
		} else if before[row] != nothing {
			counted[row] = p
		}
	})
	return counted, found, err
}

// idText is the id of a row for errors and cycles; the row's number where there is no dictionary.
func idText(ids *ledger.IDs, row int32) string {
	if ids == nil {
		return strconv.Itoa(int(row))
	}
	return ids.Text(row)
}
