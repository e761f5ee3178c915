package production

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
)

// list gathers violations of one table.
type list struct {
	table ledger.TableID
	found []ledger.Violation
}

func (v *list) add(rule string, row int) {
	v.found = append(v.found, ledger.Violation{Rule: rule, Table: v.table, Row: int32(row)})
}

// eachRow checks the rows 0 … n of a table in pieces.
func eachRow(ctx context.Context, threads int, table ledger.TableID, n int, check func(v *list, row int)) ([]ledger.Violation, error) {
	pieces := shard.Ranges(n, shard.Pieces(n, grain))
	return shard.Concat(ctx, threads, len(pieces), func(piece int) ([]ledger.Violation, error) {
		v := list{table: table}
		for row := pieces[piece][0]; row < pieces[piece][1]; row++ {
			check(&v, row)
		}
		return v.found, nil
	})
}

// checkRows reports not-owner and not-c2i of the tables that need nothing computed, output-time, and separation of
// outputs. Consumptions, workloads and allocations are checked where they are counted.
func checkRows(ctx context.Context, l *ledger.Ledger, ends []int64, threads int) ([]ledger.Violation, error) {
	owner, kind, pr := l.Resources.Collective, l.Collectives.C2I, &l.Productions
	tables := []struct {
		table ledger.TableID
		n     int
		check func(v *list, row int)
	}{
		{ledger.TTransfers, l.Transfers.N, func(v *list, row int) {
			if l.Transfers.From[row] != owner[l.Transfers.Resource[row]] {
				v.add("not-owner", row)
			}
		}},
		{ledger.TDispatches, l.Dispatches.N, func(v *list, row int) {
			if l.Dispatches.Collective[row] != owner[l.Dispatches.Resource[row]] {
				v.add("not-owner", row)
			}
			if kind[l.Dispatches.Collective[row]] == 0 {
				v.add("not-c2i", row)
			}
		}},
		{ledger.TWriteOffs, l.WriteOffs.N, func(v *list, row int) {
			if draws(l, int32(row)) && l.WriteOffs.Collective[row] != owner[l.WriteOffs.Resource[row]] {
				v.add("not-owner", row)
			}
		}},
		{ledger.TMoPs, l.MoPs.N, func(v *list, row int) {
			if r := l.MoPs.Resource[row]; r >= 0 && l.MoPs.Collective[row] != owner[r] {
				v.add("not-owner", row)
			}
		}},
		{ledger.TAppropriations, l.Appropriations.N, func(v *list, row int) {
			if kind[l.Appropriations.Collective[row]] == 0 {
				v.add("not-c2i", row)
			}
		}},
		{ledger.TOutputs, l.Outputs.N, func(v *list, row int) {
			p := l.Outputs.Production[row]
			if l.Outputs.Time[row] != ends[p] {
				v.add("output-time", row)
			}
			if l.Outputs.Common[row] != pr.Common[p] {
				v.add("separation", row)
			}
		}},
	}
	var all []ledger.Violation
	for _, t := range tables {
		found, err := eachRow(ctx, threads, t.table, t.n, t.check)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
