package production

import (
	"context"

	"planwerk/engine/ledger"
	"planwerk/engine/shard"
	"planwerk/engine/spill"
)

// brokenTransfers marks the transfers that are time-order: those before their resource was there, and those in a ring
// of transfers at one time. They move nothing, and what they create is the root of a tree of its own.
func brokenTransfers(ctx context.Context, space *spill.Space, l *ledger.Ledger, threads int) ([]bool, error) {
	tr, rs := &l.Transfers, &l.Resources
	broken := spill.Make[bool](space, tr.N)
	pieces := shard.Ranges(tr.N, shard.Pieces(tr.N, grain))
	// Only a transfer of what another one created at the same time can be in a ring: along it times never fall.
	suspects, err := shard.Concat(ctx, threads, len(pieces), func(piece int) ([]int32, error) {
		var out []int32
		for t := pieces[piece][0]; t < pieces[piece][1]; t++ {
			r := tr.Resource[t]
			broken[t] = tr.Time[t] < rs.Time[r]
			if tr.Time[t] == rs.Time[r] && rs.Origin[r] == ledger.TTransfers {
				out = append(out, int32(t))
			}
		}
		return out, nil
	})
	if err != nil || len(suspects) == 0 {
		return broken, err
	}
	breakRings(space, l, suspects, broken)
	return broken, nil
}

// breakRings follows each suspect transfer to the one that created what it draws from, and marks those that come back
// to themselves.
func breakRings(space *spill.Space, l *ledger.Ledger, suspects []int32, broken []bool) {
	const suspect, onPath, done = 1, 2, 3
	tr, rs := &l.Transfers, &l.Resources
	state := spill.Make[uint8](space, tr.N)
	for _, t := range suspects {
		state[t] = suspect
	}
	var path []int32
	for _, first := range suspects {
		path = path[:0]
		t := first
		for state[t] == suspect {
			state[t] = onPath
			path = append(path, t)
			t = rs.Row[tr.Resource[t]]
		}
		inRing := state[t] == onPath
		for _, p := range path {
			state[p] = done
		}
		for i := len(path) - 1; inRing && i >= 0; i-- {
			broken[path[i]] = true
			inRing = path[i] != t
		}
	}
}
